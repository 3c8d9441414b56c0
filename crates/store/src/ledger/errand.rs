//! The errands that lead to the ledger: which changes of a case leave one, and the job's turn through those that wait.

use super::book::Fresh;
use super::deeds;
use crate::Fault;
use crate::cases::History;
use crate::city::City;
use crate::column::At;
use crate::conn::{Conn, Tx};
use crate::trail::{self, Errand};
use serde::Deserialize;
use woodlark_domain::case::CommandKind;
use woodlark_domain::{CaseId, Timestamp};

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
    trail::send(tx, CONFIRMED, &[id.as_bytes(), &seq.to_be_bytes()], &body, now)
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
            Ok(of) => deeds::settle(tx, of.case_id, city, fresh, now),
            Err(fault) => Err(fault),
        };
        match done {
            Ok(()) => trail::done(tx, &[&errand.id])?,
            // Each of them comes before its case has written half of an entry, and holds up no other case.
            Err(
                fault
                @ (Fault::Json { .. } | Fault::Events { .. } | Fault::Corrupt { .. } | Fault::Ledger(_)),
            ) => {
                unsound.push(fault.to_string());
                trail::put_off(tx, &errand.id, now.plus(PUT_OFF))?;
            }
            Err(fault) => return Err(fault),
        }
    }
    Ok(unsound)
}
