//! Counts a case as it stands, in the place of how it stood before.

use super::{CaseRow, Sums};
use crate::Fault;
use crate::cases::History;
use crate::city::City;
use crate::conn::{Conn, each};
use crate::schema::{case_file, figure_case};
use diesel::prelude::*;
use woodlark_domain::Timestamp;
use woodlark_domain::figures::share;

/// Writes what a case adds as it stands, and into `sums` what that makes different. The history was read in this
/// transaction, and the sums are kept in it.
pub(crate) fn count(conn: &mut Conn, history: &History, city: &City, sums: &mut Sums) -> Result<(), Fault> {
    let Some(new) = of_case(conn, history, city)? else { return Ok(()) };
    let id = history.case.id;
    let old = each!(conn, c => figure_case::table
        .find((&*conn.adcode, id.as_bytes().as_slice()))
        .select(CaseRow::as_select())
        .first(c)
        .optional())?;
    sums.add(&new);
    match &old {
        Some(old) => {
            sums.take(old);
            each!(conn, c => diesel::update(figure_case::table.find((&*conn.adcode, id.as_bytes().as_slice())))
                .set(&new)
                .execute(c))?;
        }
        None => {
            let made = each!(conn, c => diesel::insert_into(figure_case::table)
                .values(&new)
                .on_conflict_do_nothing()
                .execute(c))?;
            if made != 1 {
                // Another server counted it first in this very moment: what it kept is to be taken away.
                return Err(Fault::Moved);
            }
        }
    }
    Ok(())
}

/// What a case adds as it stands; one without a row is nothing.
pub(super) fn of_case(conn: &mut Conn, history: &History, city: &City) -> Result<Option<CaseRow>, Fault> {
    let id = history.case.id;
    let promised = each!(conn, c => case_file::table
        .find((&*conn.adcode, id.as_bytes().as_slice()))
        .select(case_file::promised_at)
        .first::<Option<i64>>(c)
        .optional())?;
    let of = |promised: Option<i64>| {
        let share = share(&history.case, promised.map(Timestamp), &city.data().calendar);
        CaseRow::of(&conn.adcode, id, &share)
    };
    Ok(promised.map(of))
}
