//! Which cases the clock must look at; and winding it up for those that it has never looked at: rows that are older than
//! the clock, or whose reckoning no longer holds since the city's data changed.

use super::history::History;
use super::pairs::{Letters, write_pairs};
use super::reckoned::{Reckoned, UNWOUND};
use crate::Fault;
use crate::city::City;
use crate::column::{At, BEYOND, bytes, count};
use crate::conn::{Conn, Tx};
use crate::figures::{self, Sums};
use crate::prepared::beyond;
use crate::schema::case_file;
use diesel::prelude::*;
use woodlark_domain::{CaseId, Timestamp};

/// A case that the clock must look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Due {
    /// Since when.
    pub wakes_at: Timestamp,
    /// Which.
    pub case: CaseId,
}

/// The cases that the clock must look at by now, longest waiting first, at most `most`. `after` is the last of those that
/// were given before: one that cannot be dealt with holds up nobody behind it.
///
/// # Errors
/// [`Fault`].
pub fn due(conn: &mut Conn, now: Timestamp, after: Option<Due>, most: usize) -> Result<Vec<Due>, Fault> {
    // After every row that was never reckoned: those are for winding.
    let (at, id) =
        after.map_or((UNWOUND, BEYOND.to_vec()), |due| (due.wakes_at.0, bytes(due.case.as_bytes())));
    woken(conn, now.0, (at, id), most)
}

/// The rows at which the clock must look by a moment, after a place.
fn woken(conn: &mut Conn, until: i64, (at, id): (i64, Vec<u8>), most: usize) -> Result<Vec<Due>, Fault> {
    let rows = case_file::table
        .filter(case_file::adcode.eq(&*conn.adcode))
        .filter(case_file::wakes_at.le(until))
        .filter(beyond!((case_file::wakes_at, case_file::id) > (at, id)))
        .order((case_file::wakes_at, case_file::id))
        .limit(count(most))
        .select((case_file::wakes_at.assume_not_null(), case_file::id))
        .load::<(i64, Vec<u8>)>(&mut conn.engine)?;
    let read = |(at, id): (i64, Vec<u8>)| {
        Ok(Due { wakes_at: Timestamp(at), case: At("case_file", "id").case(&id)? })
    };
    rows.into_iter().map(read).collect()
}

/// What winding came to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wound {
    /// How many rows were reckoned.
    pub cases: usize,
    /// Why others were passed over: their events do not add up.
    pub unsound: Vec<String>,
    /// The last that was looked at; none once there are no more.
    pub last: Option<CaseId>,
}

/// Reckons rows that were never reckoned, at most `most`, those after `after`. A case whose events do not add up is passed
/// over: it holds up neither this batch nor the next.
///
/// # Errors
/// [`Fault`].
pub fn wind(tx: &mut Tx, city: &City, after: Option<CaseId>, most: usize) -> Result<Wound, Fault> {
    let after = after.map_or_else(Vec::new, |case| bytes(case.as_bytes()));
    let rows = woken(tx, UNWOUND, (UNWOUND, after), most)?;
    let mut wound = Wound::default();
    let mut sums = Sums::default();
    for Due { case, .. } in rows.iter().copied() {
        match wind_one(tx, case, city, &mut sums) {
            Ok(()) => wound.cases += 1,
            Err(fault) if fault.is_of_events() => wound.unsound.push(fault.to_string()),
            Err(fault) => return Err(fault),
        }
        wound.last = Some(case);
    }
    sums.keep(tx)?;
    if rows.len() < most {
        wound.last = None;
    }
    Ok(wound)
}

fn wind_one(tx: &mut Tx, case: CaseId, city: &City, sums: &mut Sums) -> Result<(), Fault> {
    let Some(history) = History::load(tx, case)? else {
        return Err(Fault::Events { case: case.to_string(), detail: "there are none".to_owned() });
    };
    write_pairs(tx, vec![Letters::of(&history)])?;
    let reckoned = Reckoned::of(tx, &history, city)?;
    keep(tx, &history, &reckoned)?;
    // A row older than the figures is in none of them yet.
    figures::count(tx, &history, city, sums)
}

/// Writes what was reckoned of a case whose history was read in this transaction.
pub(crate) fn keep(conn: &mut Conn, history: &History, reckoned: &Reckoned) -> Result<(), Fault> {
    let row = case_file::table
        .find((conn.adcode.to_string(), bytes(history.case.id.as_bytes())))
        .filter(case_file::version.eq(count(history.events.len())));
    // What was promised stays promised: a new calendar moves clocks, not promises.
    let set = (
        case_file::due_at.eq(reckoned.due_at),
        case_file::overdue.eq(reckoned.overdue),
        case_file::wakes_at.eq(reckoned.wakes_at),
    );
    if diesel::update(row).set(set).execute(&mut conn.engine)? == 1 {
        return Ok(());
    }
    // Row and events were read of one snapshot: nobody came between, they do not belong together.
    let detail = "its row is not of its last event".to_owned();
    Err(Fault::Events { case: history.case.id.to_string(), detail })
}
