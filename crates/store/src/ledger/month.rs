//! The deeds of a book that stand, month by month: for the cap, for the page's months and for the badges. Reckoned from the
//! entries, and kept so that a long book is read as quickly as a short one.

use crate::Fault;
use crate::column::{At, bytes};
use crate::conn::{Conn, Tx, each};
use crate::schema::{ledger_book, ledger_month};
use diesel::prelude::*;
use diesel::upsert::excluded;
use woodlark_domain::city::Deed;
use woodlark_ledger::BookId;

/// The deeds of one sort in a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month {
    /// The month, as the number YYYYMM.
    pub month: i64,
    /// The deed.
    pub deed: Deed,
    /// How many of them stand.
    pub n: i64,
    /// The points that they were given.
    pub points: i64,
}

/// All months of a book, earliest first.
///
/// # Errors
/// [`Fault`].
pub fn months(conn: &mut Conn, book: BookId) -> Result<Vec<Month>, Fault> {
    let rows = each!(conn, c => ledger_month::table
        .filter(ledger_month::adcode.eq(&*conn.adcode))
        .filter(ledger_month::book_id.eq(book.0.as_slice()))
        .order((ledger_month::month, ledger_month::deed))
        .select((ledger_month::month, ledger_month::deed, ledger_month::n, ledger_month::points))
        .load::<(i64, String, i64, i64)>(c))?;
    let read = |(month, deed, n, points): (i64, String, i64, i64)| {
        let deed = At("ledger_month", "deed").code(&deed, Deed::from_code)?;
        Ok(Month { month, deed, n, points })
    };
    rows.into_iter().map(read).collect()
}

/// The points given to a book for deeds of a month.
pub(super) fn given(conn: &mut Conn, book: BookId, month: i64) -> Result<i64, Fault> {
    let rows = each!(conn, c => ledger_month::table
        .filter(ledger_month::adcode.eq(&*conn.adcode))
        .filter(ledger_month::book_id.eq(book.0.as_slice()))
        .filter(ledger_month::month.eq(month))
        .select(ledger_month::points)
        .load::<i64>(c))?;
    Ok(rows.iter().sum())
}

/// Counts deeds in, or out again.
pub(super) fn change(tx: &mut Tx, book: BookId, by: Month) -> Result<(), Fault> {
    let conn: &mut Conn = tx;
    let row = (
        ledger_month::adcode.eq(&*conn.adcode),
        ledger_month::book_id.eq(book.0.as_slice()),
        ledger_month::month.eq(by.month),
        ledger_month::deed.eq(by.deed.code()),
        ledger_month::n.eq(by.n),
        ledger_month::points.eq(by.points),
    );
    each!(conn, c => diesel::insert_into(ledger_month::table)
        .values(row)
        .on_conflict((ledger_month::adcode, ledger_month::book_id, ledger_month::month, ledger_month::deed))
        .do_update()
        .set((
            ledger_month::n.eq(ledger_month::n + excluded(ledger_month::n)),
            ledger_month::points.eq(ledger_month::points + excluded(ledger_month::points)),
        ))
        .execute(c))?;
    let book = ledger_book::table
        .filter(ledger_book::adcode.eq(&*conn.adcode))
        .filter(ledger_book::book_id.eq(book.0.as_slice()));
    let more = ledger_book::earned.eq(ledger_book::earned + by.points);
    each!(conn, c => diesel::update(book).set(more).execute(c))?;
    Ok(())
}

/// The months of one book become another's, and what they earned with them.
pub(super) fn carry(tx: &mut Tx, from: BookId, to: BookId) -> Result<(), Fault> {
    for month in months(tx, from)? {
        change(tx, to, month)?;
    }
    let conn: &mut Conn = tx;
    let old = ledger_month::table
        .filter(ledger_month::adcode.eq(conn.adcode.to_string()))
        .filter(ledger_month::book_id.eq(bytes(&from.0)));
    diesel::delete(old).execute(&mut conn.engine)?;
    Ok(())
}
