//! A report becomes a case: its number, its events, and what the rules do of themselves, in one transaction. Asked
//! again, it gives the same receipt.

use super::begin::{Begin, Begun, insert, known};
use super::{Receipt, files, row};
use crate::Fault;
use crate::cases::{self, File, History};
use crate::city::City;
use crate::column::{At, to_json};
use crate::conn::{Conn, Tx, each};
use crate::schema::intake;
use diesel::prelude::*;
use woodlark_domain::case::{Actor, Refusal, open};
use woodlark_domain::report::Intake;
use woodlark_domain::{CaseId, ContentHash, Door, Timestamp, UserId};

/// What a completion came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Completed {
    /// It is a case, now or since an earlier call.
    Receipt(Receipt),
    /// These files are still missing.
    Incomplete(Vec<ContentHash>),
    /// No such report of this person.
    NotFound,
    /// The rules refuse it as it is.
    Refused(Refusal),
}

/// Makes the report a case. Where its category is certain and its place known, the rules file it; where a rule may send
/// it without a person, it is sent.
///
/// # Errors
/// [`Fault`].
pub fn complete(
    tx: &mut Tx,
    id: CaseId,
    user: UserId,
    city: &City,
    now: Timestamp,
) -> Result<Completed, Fault> {
    let known = match row(tx, id)? {
        Some(known) if known.user_id == user.as_bytes() => known,
        _ => return Ok(Completed::NotFound),
    };
    if let Some(receipt) = &known.receipt {
        return Ok(Completed::Receipt(At("intake", "receipt").json(receipt)?));
    }
    let arrived = files(tx, id)?;
    let missing: Vec<ContentHash> =
        arrived.iter().filter(|file| file.media.is_none()).map(|file| file.file.hash).collect();
    if !missing.is_empty() {
        return Ok(Completed::Incomplete(missing));
    }
    let report: Intake = At("intake", "report").json(&known.report)?;
    let door = At("intake", "door").code(&known.door, Door::from_code)?;
    let kept: Vec<File> = arrived
        .iter()
        .filter_map(|file| {
            let duration_ms = file.file.duration_ms.map(i64::from);
            Some(File {
                hash: file.file.hash,
                role: file.file.role.code(),
                media_hash: file.media?,
                duration_ms,
            })
        })
        .collect();
    let receipt = match make(tx, id, report, &Actor::resident(user, door), &kept, city, now)? {
        Ok(receipt) => receipt,
        Err(refusal) => return Ok(Completed::Refused(refusal)),
    };
    let conn: &mut Conn = tx;
    let accepted = (
        intake::state.eq("accepted"),
        // The case's first event keeps it now.
        intake::report.eq(""),
        intake::receipt.eq(Some(to_json("receipt", &receipt)?)),
        intake::accepted_at.eq(Some(now.0)),
    );
    each!(conn, c => {
        diesel::update(intake::table.find((&*conn.adcode, id.as_bytes().as_slice()))).set(accepted).execute(c)
    })?;
    Ok(Completed::Receipt(receipt))
}

/// What a manifest and its completion, at once, came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whole {
    /// It is a case now.
    Receipt(Receipt),
    /// It was here already, or is somebody else's: it goes on, or not, as any other.
    Known(Begun),
    /// The rules refuse it as it is.
    Refused(Refusal),
}

/// Takes a report in that names no file, and makes it a case: what [`super::begin`] and [`complete`] come to, with each
/// row written once.
///
/// # Errors
/// [`Fault`].
pub fn take_whole(tx: &mut Tx, new: &Begin<'_>, city: &City) -> Result<Whole, Fault> {
    if let Some(known) = known(tx, new)? {
        return Ok(Whole::Known(known));
    }
    let reporter = Actor::resident(new.user, new.door);
    match make(tx, new.id, new.report.clone(), &reporter, &[], city, new.now)? {
        Ok(receipt) => {
            insert(tx, new, Some(&receipt))?;
            Ok(Whole::Receipt(receipt))
        }
        Err(refusal) => Ok(Whole::Refused(refusal)),
    }
}

/// The case itself, and the word that it is one.
fn make(
    tx: &mut Tx,
    id: CaseId,
    mut report: Intake,
    reporter: &Actor,
    files: &[File],
    city: &City,
    now: Timestamp,
) -> Result<Result<Receipt, Refusal>, Fault> {
    report.area = city.area_of(&report);
    let history = match by_rules(id, report, reporter, city, now)? {
        Ok(history) => history,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let made = cases::begin(tx, &cases::Begin { history: &history, files, city, now })?;
    Ok(Ok(Receipt {
        case_id: id,
        number: made.number,
        state: made.state,
        received_at: made.received_at,
        promised_at: made.promised_at,
    }))
}

/// The first events of a case: its report, and what the rules do of themselves.
fn by_rules(
    id: CaseId,
    report: Intake,
    reporter: &Actor,
    city: &City,
    now: Timestamp,
) -> Result<Result<History, Refusal>, Fault> {
    let first = match open(report, reporter, now) {
        Ok(first) => first,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let mut history = History::begin(id, first)?;
    while let Some(event) = cases::next_by_rules(&history.case, city, now) {
        history.push(event)?;
    }
    Ok(Ok(history))
}
