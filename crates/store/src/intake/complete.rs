//! A report becomes a case: its number, its events, and what the rules do of themselves, in one transaction. Asked
//! again, it gives the same receipt.

use super::{Receipt, files, row};
use crate::Fault;
use crate::cases::{self, File, History};
use crate::city::City;
use crate::column::{At, bytes, to_json};
use crate::conn::{Conn, Tx};
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
    let mut report: Intake = At("intake", "report").json(&known.report)?;
    report.area = city.area_of(&report);
    let door = At("intake", "door").code(&known.door, Door::from_code)?;
    let history = match by_rules(id, report, &Actor::resident(user, door), city, now)? {
        Ok(history) => history,
        Err(refusal) => return Ok(Completed::Refused(refusal)),
    };
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
    let made = cases::begin(tx, &cases::Begin { history: &history, files: &kept, city, now })?;
    let receipt = Receipt {
        case_id: id,
        number: made.number,
        state: made.state,
        received_at: made.received_at,
        promised_at: made.promised_at,
    };
    let conn: &mut Conn = tx;
    let accepted = (
        intake::state.eq("accepted"),
        intake::receipt.eq(Some(to_json("receipt", &receipt)?)),
        intake::accepted_at.eq(Some(now.0)),
    );
    let this = intake::table.find((&*conn.adcode, bytes(id.as_bytes())));
    diesel::update(this).set(accepted).execute(&mut conn.engine)?;
    Ok(Completed::Receipt(receipt))
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
