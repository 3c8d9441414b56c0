//! How many reports each entry brought.

use crate::Fault;
use crate::column::At;
use crate::conn::Conn;
use crate::schema::entry_count;
use diesel::prelude::*;

/// Reports that came in on a day (`YYYYMMDD` in the city's zone) by each entry, by the entry's code.
///
/// # Errors
/// [`Fault`].
pub fn entry_counts(conn: &mut Conn, day: i64) -> Result<Vec<(String, u64)>, Fault> {
    let rows = entry_count::table
        .filter(entry_count::adcode.eq(&*conn.adcode))
        .filter(entry_count::day.eq(day))
        .order(entry_count::entry)
        .select((entry_count::entry, entry_count::n))
        .load::<(String, i64)>(&mut conn.engine)?;
    rows.into_iter().map(|(entry, n)| Ok((entry, At("entry_count", "n").number(n)?))).collect()
}
