//! What follows from a change of a case once it stands: the letters of a new one are made findable, its share of the figures
//! is counted anew, the ledger is told where deeds may have been confirmed, and whoever asked to be told what a case comes to. A report's own transaction does none of it: all is
//! derived from what it keeps, touches many pages, and costs less for many cases together.

use crate::Fault;
use crate::cases::{History, Letters, write_pairs};
use crate::city::City;
use crate::column::At;
use crate::conn::{Conn, Tx};
use crate::figures::{self, Sums};
use crate::ledger;
use crate::notices;
use crate::trail::{self, Errand};
use serde::Deserialize;
use std::collections::BTreeMap;
use woodlark_domain::{CaseId, Timestamp};

/// The errand of a case that begins.
pub(crate) const MADE: &str = "case_made";
/// The errand of any event after those with which it began.
pub(crate) const CHANGED: &str = "case_changed";
/// How long a case rests that could not be followed up.
const PUT_OFF: i64 = 5 * Timestamp::MINUTE;

/// Of what an errand says, the case.
#[derive(Deserialize)]
struct Of {
    case_id: CaseId,
    seq: u64,
}

/// The errands that wait, longest waiting first, at most `most`.
///
/// # Errors
/// [`Fault`].
pub fn waiting(conn: &mut Conn, now: Timestamp, most: usize) -> Result<Vec<Errand>, Fault> {
    trail::due(conn, &[MADE, CHANGED], now, most)
}

/// New cases that have not been made findable yet, at most `most`: those made last.
pub(crate) fn not_findable(conn: &mut Conn, most: usize) -> Result<Vec<CaseId>, Fault> {
    let read = |body: &String| Ok(At("outbox", "body").json::<Of>(body)?.case_id);
    trail::latest(conn, MADE, most)?.iter().map(read).collect()
}

/// Does errands and strikes them out, in one transaction. Several servers may do the same at once: whoever is second does it
/// again, which changes nothing. Answers with why some could not be done: they are put off, and hold up nobody else.
///
/// # Errors
/// [`Fault`].
pub fn follow_up(tx: &mut Tx, errands: &[Errand], city: &City, now: Timestamp) -> Result<Vec<String>, Fault> {
    let mut of_case: BTreeMap<CaseId, Vec<(&Errand, u64)>> = BTreeMap::new();
    let mut unsound = Vec::new();
    for errand in errands {
        match At("outbox", "body").json::<Of>(&errand.body) {
            Ok(of) => of_case.entry(of.case_id).or_default().push((errand, of.seq)),
            // No later try will find a case in it.
            Err(fault) => {
                trail::done(tx, &[&errand.id])?;
                unsound.push(fault.to_string());
            }
        }
    }
    let (mut sums, mut letters) = (Sums::default(), Vec::new());
    for (case, errands) in &of_case {
        let history = match History::load(tx, *case) {
            Ok(history) => history,
            Err(fault) if fault.is_of_events() => {
                unsound.push(fault.to_string());
                errands
                    .iter()
                    .try_for_each(|(errand, _)| trail::put_off(tx, &errand.id, now.plus(PUT_OFF)))?;
                continue;
            }
            Err(fault) => return Err(fault),
        };
        if let Some(history) = &history {
            figures::count(tx, history, city, &mut sums)?;
            if errands.iter().any(|(errand, _)| errand.topic == MADE) {
                letters.push(Letters::of(history));
            }
            let seqs: Vec<u64> = errands.iter().map(|(_, seq)| *seq).collect();
            ledger::leave_errand(tx, history, &seqs, now)?;
            if errands.iter().any(|(errand, _)| errand.topic == CHANGED) {
                notices::see(tx, history, now)?;
            }
        }
        let ids: Vec<&Vec<u8>> = errands.iter().map(|(errand, _)| &errand.id).collect();
        trail::done(tx, &ids)?;
    }
    write_pairs(tx, letters)?;
    sums.keep(tx)?;
    Ok(unsound)
}
