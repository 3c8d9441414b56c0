//! A queue along its index: a walk for each of its states, each as long as the page, merged by what comes first. Walks of
//! `due_at` go by the index `case_queue`, which holds only what waits; those of the last change by `case_changed`.

use super::filter::{Rows, rows, states};
use super::{Ask, Keys, Place, place};
use crate::Fault;
use crate::column::{bytes, count};
use crate::conn::Conn;
use crate::prepared::beyond;
use crate::schema::case_file;
use diesel::prelude::*;
use woodlark_domain::State;

/// The keys of a page.
pub(super) fn keys(conn: &mut Conn, ask: &Ask<'_>, after: Option<Place>, most: usize) -> Result<Keys, Fault> {
    let wanted = most.saturating_add(1);
    let mut keys = Vec::new();
    for state in states(ask) {
        let found = if ask.queue.is_by_due() {
            due_first(conn, ask, state, after, wanted)?
        } else {
            changed_last(conn, ask, state, after, wanted)?
        };
        for key in found {
            keys.push(place(key)?);
        }
    }
    keys.sort();
    if !ask.queue.is_by_due() {
        keys.reverse();
    }
    Ok(Keys::of(keys, most))
}

/// The rows of one state.
fn of_state<'a>(adcode: &'a str, ask: &Ask<'a>, state: State) -> Option<Rows<'a>> {
    rows(adcode, ask).map(|rows| rows.filter(case_file::state.eq(state.code())))
}

/// What is due first, first.
fn due_first(
    conn: &mut Conn,
    ask: &Ask<'_>,
    state: State,
    after: Option<Place>,
    wanted: usize,
) -> Result<Vec<(i64, Vec<u8>)>, Fault> {
    let adcode = conn.adcode.clone();
    let Some(mut rows) = of_state(&adcode, ask, state) else { return Ok(Vec::new()) };
    // Says to the engine that the index of what waits will do.
    rows = rows.filter(case_file::due_at.is_not_null());
    if let Some(after) = after {
        let id = bytes(after.id.as_bytes());
        rows = rows.filter(beyond!((case_file::due_at, case_file::id) > (after.key, id)));
    }
    Ok(rows
        .order((case_file::due_at, case_file::id))
        .limit(count(wanted))
        .select((case_file::due_at.assume_not_null(), case_file::id))
        .load(&mut conn.engine)?)
}

/// What changed last, first.
fn changed_last(
    conn: &mut Conn,
    ask: &Ask<'_>,
    state: State,
    after: Option<Place>,
    wanted: usize,
) -> Result<Vec<(i64, Vec<u8>)>, Fault> {
    let adcode = conn.adcode.clone();
    let Some(mut rows) = of_state(&adcode, ask, state) else { return Ok(Vec::new()) };
    if let Some(after) = after {
        let id = bytes(after.id.as_bytes());
        rows = rows.filter(beyond!((case_file::changed_at, case_file::id) < (after.key, id)));
    }
    Ok(rows
        .order((case_file::changed_at.desc(), case_file::id.desc()))
        .limit(count(wanted))
        .select((case_file::changed_at, case_file::id))
        .load(&mut conn.engine)?)
}
