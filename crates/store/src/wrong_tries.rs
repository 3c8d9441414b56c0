//! Who guesses at something that is short enough to be guessed: counted, and locked after so many. What was guessed right lets go
//! of the count.

use crate::Fault;
use crate::column::{At, count};
use crate::conn::{Conn, Tx};
use crate::schema::wrong_try as table;
use diesel::prelude::*;
use woodlark_domain::Timestamp;

/// A limit to guessing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Guard {
    /// Its name in the table: `lookup`, `pin`, …
    pub what: &'static str,
    /// So many wrong ones …
    pub most: u32,
    /// … within so many microseconds lock it for as long.
    pub window: i64,
}

/// Until when it is locked for this subject, if it is.
///
/// # Errors
/// [`Fault`].
pub fn locked(
    conn: &mut Conn,
    guard: Guard,
    subject: &[u8],
    now: Timestamp,
) -> Result<Option<Timestamp>, Fault> {
    let until = table::table
        .find((&*conn.adcode, guard.what, subject))
        .select(table::locked_until)
        .first::<i64>(&mut conn.engine)
        .optional()?;
    Ok(until.filter(|until| *until > now.0).map(Timestamp))
}

/// Counts a wrong one. The transaction must be kept, whatever the answer is.
///
/// # Errors
/// [`Fault`].
pub fn wrong(tx: &mut Tx, guard: Guard, subject: &[u8], now: Timestamp) -> Result<(), Fault> {
    let conn: &mut Conn = tx;
    let row = || table::table.find((conn.adcode.to_string(), guard.what, subject.to_vec()));
    let (found, replaced) = (row(), row());
    let found = found
        .select((table::tries, table::first_at))
        .first::<(i64, i64)>(&mut conn.engine)
        .optional()?
        .filter(|(_, first_at)| first_at.saturating_add(guard.window) > now.0);
    let (before, first_at) = found.unwrap_or((0, now.0));
    let tries: i64 = At("wrong_try", "tries").number::<i64>(before)?.saturating_add(1);
    let locks = tries >= count(guard.most);
    diesel::delete(replaced).execute(&mut conn.engine)?;
    let made = (
        table::adcode.eq(&*conn.adcode),
        table::what.eq(guard.what),
        table::subject.eq(subject),
        table::tries.eq(if locks { 0 } else { tries }),
        table::first_at.eq(if locks { now.0 } else { first_at }),
        table::locked_until.eq(if locks { now.plus(guard.window).0 } else { 0 }),
    );
    diesel::insert_into(table::table).values(made).execute(&mut conn.engine)?;
    Ok(())
}

/// It was right: what was counted of this subject is forgotten.
///
/// # Errors
/// [`Fault`].
pub fn right(tx: &mut Tx, guard: Guard, subject: &[u8]) -> Result<(), Fault> {
    let conn: &mut Conn = tx;
    let row = table::table.find((&*conn.adcode, guard.what, subject));
    diesel::delete(row).execute(&mut conn.engine)?;
    Ok(())
}

/// Forgets counts that are too old to lock anything.
pub(crate) fn sweep(conn: &mut Conn, before: Timestamp) -> Result<(), Fault> {
    let old = table::table.filter(table::adcode.eq(&*conn.adcode)).filter(table::first_at.lt(before.0));
    diesel::delete(old).execute(&mut conn.engine)?;
    Ok(())
}
