//! What a case's deeds come to in the ledger: an errand says that a case may confirm some, and the job that does it holds what
//! the case confirms now against what stands written. Done twice, or by two servers, it is done once.

use super::append::append;
use super::book::{self, Fresh};
use super::month::{self, Month};
use super::read::{self, standing};
use crate::Fault;
use crate::cases::History;
use crate::city::City;
use crate::column::At;
use crate::conn::{Conn, Tx};
use crate::trail::{self, Errand};
use serde::Deserialize;
use std::collections::BTreeMap;
use woodlark_domain::case::CommandKind;
use woodlark_domain::city::{Deed, usual_rewards};
use woodlark_domain::{CaseId, State, Timestamp};
use woodlark_ledger::deed::{Confirmed, confirmed};
use woodlark_ledger::{Account, BookId, Cause, Entry, EntryId, ReversalReason, post as postings};

/// The errand of a case that may confirm deeds, or no longer confirm them.
const CONFIRMED: &str = "deeds_confirmed";
/// How long a case rests whose deeds could not be written.
const PUT_OFF: i64 = 5 * Timestamp::MINUTE;

/// Of what an errand says, the case.
#[derive(Deserialize)]
struct Of {
    case_id: CaseId,
}

/// Leaves the errand, where one of these events of a case (by their places, from 1) may have changed what it confirms.
pub(crate) fn leave_errand(
    tx: &mut Tx,
    history: &History,
    seqs: &[u64],
    now: Timestamp,
) -> Result<(), Fault> {
    use CommandKind as C;
    let matters = |seq: &&u64| {
        let at = usize::try_from(**seq).ok().and_then(|seq| seq.checked_sub(1));
        let kind = at.and_then(|at| history.events.get(at)).map(|event| event.kind());
        match kind {
            // The rules may have filed it in the same breath.
            Some(C::Report) => history.case.filed_at.is_some(),
            Some(
                C::File | C::Merge | C::Withdraw | C::Finish | C::Publish | C::Rate | C::Join | C::Decline,
            ) => true,
            Some(
                C::Dispatch
                | C::Sign
                | C::Return
                | C::Defer
                | C::Resume
                | C::Extend
                | C::Pass
                | C::Rework
                | C::Contest
                | C::Settle
                | C::ForceClose
                | C::Thank,
            )
            | None => false,
        }
    };
    let Some(seq) = seqs.iter().filter(matters).max() else { return Ok(()) };
    let (id, body) = (history.case.id, format!("{{\"case_id\":\"{}\",\"seq\":{seq}}}", history.case.id));
    trail::send_once(tx, CONFIRMED, &[id.as_bytes(), &seq.to_be_bytes()], &body, now)
}

/// The errands that wait, longest waiting first, at most `most`.
///
/// # Errors
/// [`Fault`].
pub fn waiting(conn: &mut Conn, now: Timestamp, most: usize) -> Result<Vec<Errand>, Fault> {
    trail::due(conn, &[CONFIRMED], now, most)
}

/// Does errands and strikes them out, in one transaction. Answers with why some could not be done: they are put off.
///
/// # Errors
/// [`Fault`].
pub fn post(
    tx: &mut Tx,
    errands: &[Errand],
    city: &City,
    fresh: &Fresh,
    now: Timestamp,
) -> Result<Vec<String>, Fault> {
    let mut unsound = Vec::new();
    for errand in errands {
        let done = match At("outbox", "body").json::<Of>(&errand.body) {
            Ok(of) => settle(tx, of.case_id, city, fresh, now),
            Err(fault) => Err(fault),
        };
        match done {
            Ok(()) => trail::done(tx, &[&errand.id])?,
            Err(fault @ (Fault::Json { .. } | Fault::Events { .. } | Fault::Corrupt { .. })) => {
                unsound.push(fault.to_string());
                trail::put_off(tx, &errand.id, now.plus(PUT_OFF))?;
            }
            Err(fault) => return Err(fault),
        }
    }
    Ok(unsound)
}

/// A deed as it was written, and whether it stands.
struct Written {
    entry: Entry,
    /// The last of the entry and what was reversed of it, one after the other.
    last: EntryId,
    stands: bool,
    /// Whether a supervisor found it false.
    unfounded: bool,
    /// The book of its person now.
    book: BookId,
}

fn settle(tx: &mut Tx, case: CaseId, city: &City, fresh: &Fresh, now: Timestamp) -> Result<(), Fault> {
    let Some(history) = History::load(tx, case)? else { return Ok(()) };
    let mut wanted: BTreeMap<(BookId, Deed), Confirmed> = BTreeMap::new();
    for one in confirmed(&history.case, &history.events) {
        if let Some(book) = book::open(tx, one.user, fresh, now)? {
            wanted.insert((book.id, one.deed), one);
        }
    }
    let mut written: BTreeMap<(BookId, Deed), Vec<Written>> = BTreeMap::new();
    for entry in read::of_case(tx, case)? {
        let Cause::Deed { deed, .. } = entry.cause else { continue };
        let (book, (last, reversals, unfounded)) =
            (book::current(tx, entry.book)?, standing(tx, entry.id())?);
        let one = Written { last, stands: reversals % 2 == 0, unfounded, book, entry };
        written.entry((book, deed)).or_default().push(one);
    }
    for (key, one) in wanted.iter().map(|(key, one)| (*key, *one)) {
        match written.get(&key).map(Vec::as_slice) {
            None | Some([]) => write_deed(tx, key, &one, case, city, now)?,
            Some(known) => {
                let settled = known.iter().any(|one| one.stands || one.unfounded);
                if let (false, Some(one)) = (settled, known.first()) {
                    turn(tx, one, ReversalReason::Revised, city, now)?;
                }
            }
        }
    }
    let reason = match history.case.state {
        State::Merged => ReversalReason::Merged,
        State::Withdrawn => ReversalReason::Withdrawn,
        State::Received
        | State::Filed
        | State::Dispatched
        | State::Handling
        | State::Verifying
        | State::Closed
        | State::Settled
        | State::Declined
        | State::Deferred
        | State::Published
        | State::Thanked => ReversalReason::Revised,
    };
    for (key, known) in &written {
        // One person, one matter, once: where two of their accounts were joined, the second goes.
        let keep = usize::from(wanted.contains_key(key));
        for one in known.iter().filter(|one| one.stands).skip(keep) {
            // What a forgotten person did stays as it was; nobody is there any more to whom it could be said.
            if book::is_owned(tx, one.entry.book)? {
                turn(tx, one, reason, city, now)?;
            }
        }
    }
    Ok(())
}

fn month_of(city: &City, at: Timestamp) -> i64 {
    i64::from(city.data().calendar.day(at).number() / 100)
}

fn write_deed(
    tx: &mut Tx,
    (book, deed): (BookId, Deed),
    one: &Confirmed,
    case: CaseId,
    city: &City,
    now: Timestamp,
) -> Result<(), Fault> {
    let Some(mut book) = book::load(tx, book)? else { return Ok(()) };
    let month = month_of(city, one.at);
    let rewards = if city.data().rewards.is_empty() { usual_rewards() } else { city.data().rewards.clone() };
    let worth = rewards.iter().find(|reward| reward.deed == deed).map_or(0, |reward| reward.points);
    let room = super::MONTHLY_CAP - month::given(tx, book.id, month)?;
    let table = u64::try_from(city.version()).unwrap_or_default();
    let cause = Cause::Deed { deed, case, confirmed_at: one.at, table, worth };
    if let Some(entry) = append(tx, &mut book, cause, postings::deed(worth, room), now)? {
        let points = entry.amount(Account::Points);
        month::change(tx, book.id, Month { month, deed, n: 1, points })?;
    }
    Ok(())
}

/// Takes a deed back that stands, or puts one back that was taken back.
fn turn(
    tx: &mut Tx,
    one: &Written,
    reason: ReversalReason,
    city: &City,
    now: Timestamp,
) -> Result<(), Fault> {
    let Cause::Deed { deed, confirmed_at, .. } = one.entry.cause else { return Ok(()) };
    let Some(mut book) = book::load(tx, one.book)? else { return Ok(()) };
    let last = read::entry(tx, one.last)?.ok_or(Fault::Ledger("what is to be reversed is not there"))?;
    let cause = Cause::Reversal { reverses: one.last, reason };
    let posted = postings::reversal(&last, book.balances);
    if append(tx, &mut book, cause, posted, now)?.is_some() {
        let sign = if one.stands { -1 } else { 1 };
        let points = sign * one.entry.amount(Account::Points);
        let month = month_of(city, confirmed_at);
        month::change(tx, book.id, Month { month, deed, n: sign, points })?;
    }
    Ok(())
}

/// What a supervisor's finding that a deed is false came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reversed {
    /// It is taken back.
    Done,
    /// It was taken back already.
    Already,
    /// There is no such deed.
    Unknown,
}

/// A supervisor finds a deed false: its entry is reversed, and no later event of its case brings it back.
///
/// # Errors
/// [`Fault`].
pub fn reverse(tx: &mut Tx, id: EntryId, city: &City, now: Timestamp) -> Result<Reversed, Fault> {
    let Some(entry) = read::entry(tx, id)? else { return Ok(Reversed::Unknown) };
    if !matches!(entry.cause, Cause::Deed { .. }) {
        return Ok(Reversed::Unknown);
    }
    let (last, reversals, unfounded) = standing(tx, id)?;
    if reversals % 2 == 1 {
        return Ok(Reversed::Already);
    }
    let book = book::current(tx, entry.book)?;
    let one = Written { entry, last, stands: true, unfounded, book };
    turn(tx, &one, ReversalReason::Unfounded, city, now)?;
    Ok(Reversed::Done)
}
