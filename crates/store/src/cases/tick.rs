//! The clock does of itself what is due of one case: it calls people to what is overdue, lets go on what has waited, and
//! settles what has rested. Done twice, or by two servers at once, it is done once: whom it called is the key of a row, and
//! the rest goes through the rules like any other command.

use super::command::{Commanded, Order, command};
use super::history::History;
use super::reckoned::{Reckoned, level, raised, running};
use super::wind::keep;
use crate::Fault;
use crate::city::City;
use crate::column::bytes;
use crate::conn::{Conn, Tx, each};
use crate::schema::{case_file, escalation};
use crate::trail::{Deed, record};
use diesel::prelude::*;
use woodlark_domain::audit::AuditAction;
use woodlark_domain::case::{Actor, Command, Refusal};
use woodlark_domain::clock::{Call, Duty, Overdue, Running, calls, wake};
use woodlark_domain::{CaseId, Role, Timestamp};

/// What a tick came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ticked {
    /// Nothing is due; somebody may have seen to it already.
    Nothing,
    /// People were called to its clock, so far over is it.
    Raised(Overdue),
    /// It goes on.
    Resumed,
    /// It is settled.
    Settled,
    /// The rules refused what the clock was to do. They agree on when, so this is a fault of the program.
    Refused(Refusal),
}

/// Does what is due of a case by now.
///
/// # Errors
/// [`Fault`], also where the case's events do not add up.
pub fn tick(tx: &mut Tx, case: CaseId, city: &City, now: Timestamp) -> Result<Ticked, Fault> {
    let wakes_at = case_file::table
        .find((tx.adcode().to_owned(), bytes(case.as_bytes())))
        .select(case_file::wakes_at)
        .first::<Option<i64>>(&mut tx.engine)
        .optional()?
        .flatten();
    if wakes_at.is_none_or(|at| at > now.0) {
        return Ok(Ticked::Nothing);
    }
    let Some(history) = History::load(tx, case)? else { return Ok(Ticked::Nothing) };
    let clock = running(&history.case, city);
    let before = raised(tx, case, clock.as_ref())?;
    let mut so_far = before;
    // After a night without a server both levels may be due at once: each calls its own people.
    let duty = loop {
        let due = wake(&history.case, clock.as_ref(), so_far).filter(|wake| wake.at <= now);
        match (due.map(|wake| wake.duty), &clock) {
            (Some(Duty::Raise(level)), Some(clock)) => {
                raise(tx, &history, clock, level, now)?;
                so_far = level;
            }
            (duty, _) => break duty,
        }
    };
    // Also where nothing was due after all: then the row was reckoned by data that no longer holds.
    keep(tx, &history, &Reckoned::with(&history, city, clock.as_ref(), so_far))?;
    match duty {
        Some(Duty::Settle) => act(tx, case, Command::Settle, (city, now), Ticked::Settled),
        Some(Duty::Resume) => act(tx, case, Command::Resume { reason: None }, (city, now), Ticked::Resumed),
        Some(Duty::Raise(_)) | None if so_far > before => Ok(Ticked::Raised(so_far)),
        Some(Duty::Raise(_)) | None => Ok(Ticked::Nothing),
    }
}

/// What the clock does to a case is a command like any other.
fn act(
    tx: &mut Tx,
    case: CaseId,
    what: Command,
    (city, now): (&City, Timestamp),
    done: Ticked,
) -> Result<Ticked, Fault> {
    let actor = Actor::system();
    match command(tx, &Order { case, actor: &actor, command: what, now, city })? {
        Commanded::Done(_) => Ok(done),
        Commanded::NotFound => Ok(Ticked::Nothing),
        Commanded::Refused(refusal) => Ok(Ticked::Refused(refusal)),
    }
}

/// Calls people to a clock that is so far over: a row for each, which the desk shows them.
fn raise(
    tx: &mut Tx,
    history: &History,
    clock: &Running,
    so_far: Overdue,
    now: Timestamp,
) -> Result<(), Fault> {
    let (case, due) = (&history.case, clock.due.unwrap_or(now));
    let mut fresh = 0;
    for call in calls(case, so_far) {
        fresh += write_call(tx, case.id, (clock.stage.code(), due, so_far), &call, now)?;
    }
    if fresh == 0 {
        return Ok(());
    }
    let (subject, stage, code) = (case.id.to_string(), clock.stage.code(), so_far.code());
    let detail = format!("{{\"stage\":\"{stage}\",\"due_at\":{},\"overdue\":\"{code}\"}}", due.0);
    let deed = Deed {
        at: now,
        user: None,
        role: Role::System,
        action: AuditAction::Raise,
        subject: &subject,
        detail: &detail,
    };
    record(tx, &deed)
}

/// One call; says how many rows it made: none where it was made before.
fn write_call(
    conn: &mut Conn,
    case: CaseId,
    (stage, due, so_far): (&str, Timestamp, Overdue),
    call: &Call,
    now: Timestamp,
) -> Result<usize, Fault> {
    let row = (
        escalation::adcode.eq(&*conn.adcode),
        escalation::case_id.eq(bytes(case.as_bytes())),
        escalation::stage.eq(stage),
        escalation::due_at.eq(due.0),
        escalation::level.eq(level(so_far)),
        escalation::role.eq(call.role.code()),
        escalation::department.eq(call.department.as_ref().map(|code| code.as_str())),
        escalation::area.eq(call.area.as_ref().map(|code| code.as_str())),
        escalation::at.eq(now.0),
    );
    Ok(
        each!(conn, c => diesel::insert_into(escalation::table).values(row).on_conflict_do_nothing().execute(c))?,
    )
}
