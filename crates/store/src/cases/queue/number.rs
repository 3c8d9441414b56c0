//! Cases by the beginning of their number, in the order of the numbers.

use super::filter::{rows, states};
use super::{Ask, Keys, Place, place};
use crate::Fault;
use crate::column::{after_all, bytes, count};
use crate::conn::{Conn, MultiBackend};
use crate::prepared::among;
use crate::schema::case_file;
use diesel::prelude::*;
use std::collections::BTreeSet;
use woodlark_domain::search::SoughtNumber;

/// Numbers that are taken, time after time for one page: few at first, for mostly they will do, but a filter may pass over
/// nearly all of them.
const TAKEN: [usize; 5] = [32, 250, 750, 1_000, 1_000];

/// The keys of a page. The index gives the numbers; what is not meant is passed over.
pub(super) fn keys(
    conn: &mut Conn,
    ask: &Ask<'_>,
    sought: &SoughtNumber,
    after: Option<Place>,
    most: usize,
) -> Result<Keys, Fault> {
    let mut last = match after {
        // The place is a case's: its number never changes.
        Some(after) => number_of(conn, after)?,
        None => None,
    };
    let mut keys = Vec::new();
    let mut next = None;
    for at_once in TAKEN {
        let taken = taken(conn, sought, last.as_deref(), at_once)?;
        let full = taken.len() >= at_once;
        if let Some((number, id)) = taken.last() {
            last = Some(number.clone());
            next = Some(place((0, id.clone()))?);
        }
        for id in meant(conn, ask, sought, taken)? {
            keys.push(place((0, id))?);
        }
        if keys.len() > most || !full {
            return Ok(Keys::of(keys, most));
        }
    }
    // There is more to go through.
    Ok(Keys { next, ..Keys::of(keys, most) })
}

fn number_of(conn: &mut Conn, place: Place) -> Result<Option<String>, Fault> {
    let case = case_file::table.find((&*conn.adcode, bytes(place.id.as_bytes())));
    Ok(case.select(case_file::number).first(&mut conn.engine).optional()?)
}

/// The next numbers that begin so.
fn taken(
    conn: &mut Conn,
    sought: &SoughtNumber,
    last: Option<&str>,
    at_once: usize,
) -> Result<Vec<(String, Vec<u8>)>, Fault> {
    let beginning = sought.as_str();
    let numbers = case_file::table.filter(case_file::adcode.eq(&*conn.adcode)).into_boxed::<MultiBackend>();
    let numbers = match last {
        Some(last) => numbers.filter(case_file::number.gt(last)),
        None => numbers.filter(case_file::number.ge(beginning)),
    };
    let numbers = match after_all(beginning) {
        Some(end) => numbers.filter(case_file::number.lt(end)),
        None => numbers,
    };
    Ok(numbers
        .order(case_file::number)
        .limit(count(at_once))
        .select((case_file::number, case_file::id))
        .load(&mut conn.engine)?)
}

/// Those of them that are meant, in the same order.
fn meant(
    conn: &mut Conn,
    ask: &Ask<'_>,
    sought: &SoughtNumber,
    taken: Vec<(String, Vec<u8>)>,
) -> Result<Vec<Vec<u8>>, Fault> {
    let adcode = conn.adcode.clone();
    let Some(rows) = rows(&adcode, ask).filter(|_| !taken.is_empty()) else { return Ok(Vec::new()) };
    let states: Vec<&str> = states(ask).into_iter().map(|state| state.code()).collect();
    let ids: Vec<Vec<u8>> = taken.iter().map(|(_, id)| id.clone()).collect();
    let meant: BTreeSet<Vec<u8>> = rows
        .filter(among(case_file::id, ids))
        .filter(among(case_file::state, states))
        .select(case_file::id)
        .load(&mut conn.engine)?
        .into_iter()
        .collect();
    let begins = |number: &str| number.starts_with(sought.as_str());
    Ok(taken
        .into_iter()
        .filter(|(number, id)| begins(number) && meant.contains(id))
        .map(|(_, id)| id)
        .collect())
}
