//! What a case's deeds come to in the ledger: what the case confirms now is held against what stands written. Done twice, or
//! by two servers, it is done once.

use super::append::append;
use super::book::{self, Fresh};
use super::month::{self, Month};
use super::read::{self, standing};
use crate::Fault;
use crate::cases::History;
use crate::city::City;
use crate::conn::Tx;
use std::collections::BTreeMap;
use woodlark_domain::city::{Deed, usual_rewards};
use woodlark_domain::redeem::Term;
use woodlark_domain::{CaseId, State, Timestamp};
use woodlark_ledger::deed::{Confirmed, confirmed};
use woodlark_ledger::{Account, BookId, Cause, Entry, EntryId, ReversalReason, post as postings};

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

/// Holds what a case confirms against what stands written of it, and posts or reverses the difference.
pub(super) fn settle(
    tx: &mut Tx,
    case: CaseId,
    city: &City,
    fresh: &Fresh,
    now: Timestamp,
) -> Result<(), Fault> {
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
    let room = city.terms().of(Term::MonthlyPoints) - month::given(tx, book.id, month)?;
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
