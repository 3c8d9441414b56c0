//! Writes an entry: the only place that does. With it go the book's head and balances, and the balances of the city.

use super::book::Book;
use crate::Fault;
use crate::column::{bytes, count};
use crate::conn::{Conn, Tx, each};
use crate::schema::{ledger_account, ledger_book, ledger_day, ledger_entry};
use diesel::prelude::*;
use diesel::upsert::excluded;
use woodlark_domain::Timestamp;
use woodlark_ledger::chain::Head;
use woodlark_ledger::entry::balanced;
use woodlark_ledger::{Cause, Entry, EntryId, Posting};

/// The district as entries hold it.
pub(super) fn adcode(conn: &Conn) -> Result<[u8; 6], Fault> {
    conn.adcode().as_bytes().try_into().map_err(|_| Fault::Ledger("a district has six digits"))
}

/// Appends an entry to a book, unless its cause has caused it already.
pub(crate) fn append(
    tx: &mut Tx,
    book: &mut Book,
    cause: Cause,
    postings: Vec<Posting>,
    now: Timestamp,
) -> Result<Option<Entry>, Fault> {
    if is_written(tx, cause.id(book.id))? {
        return Ok(None);
    }
    balanced(&postings).map_err(|_| Fault::Ledger("its postings do not come to nothing"))?;
    let entry = Entry {
        adcode: adcode(tx)?,
        book: book.id,
        seq: book.head.seq + 1,
        at: now.max(book.head.at).max(open_from(tx)?),
        cause,
        postings,
        before: book.head.hash,
    };
    let balances = book.balances.with(&entry).filter(woodlark_ledger::chain::Balances::sound);
    let balances = balances.ok_or(Fault::Ledger("an account of the book would fall below zero"))?;
    for posting in entry.postings.iter().filter(|one| one.account.has_floor() && one.amount < 0) {
        let of_city = !posting.account.is_residents();
        if of_city && super::balance(tx, posting.account)?.saturating_add(posting.amount) < 0 {
            return Err(Fault::Ledger("an account of the city would fall below zero"));
        }
    }
    // Whatever is refused is refused above, before anything is written.
    let hash = entry.hash();
    // First, so that of two that append to the same book one finds it moved, and begins anew.
    let conn: &mut Conn = tx;
    let unmoved = ledger_book::table
        .filter(ledger_book::adcode.eq(&*conn.adcode))
        .filter(ledger_book::book_id.eq(entry.book.0.as_slice()))
        .filter(ledger_book::seq.eq(count(book.head.seq)));
    let set = (
        ledger_book::seq.eq(count(entry.seq)),
        ledger_book::hash.eq(hash.as_slice()),
        ledger_book::at.eq(entry.at.0),
        ledger_book::points.eq(balances.points),
        ledger_book::cash_due.eq(balances.cash_due),
        ledger_book::cash_paid.eq(balances.cash_paid),
    );
    if each!(conn, c => diesel::update(unmoved).set(set).execute(c))? != 1 {
        return Err(Fault::Moved);
    }
    let row = (
        ledger_entry::adcode.eq(&*conn.adcode),
        ledger_entry::book_id.eq(entry.book.0.as_slice()),
        ledger_entry::seq.eq(count(entry.seq)),
        ledger_entry::id.eq(bytes(&entry.id().0)),
        ledger_entry::case_id.eq(entry.case().map(|case| bytes(case.as_bytes()))),
        ledger_entry::body.eq(entry.to_bytes()),
        ledger_entry::hash.eq(hash.as_slice()),
    );
    each!(conn, c => diesel::insert_into(ledger_entry::table).values(row).execute(c))?;
    for posting in entry.postings.iter().filter(|posting| !posting.account.is_residents()) {
        keep_balance(tx, posting)?;
    }
    book.head = Head { seq: entry.seq, hash, at: entry.at };
    book.balances = balances;
    Ok(Some(entry))
}

fn keep_balance(tx: &mut Tx, posting: &Posting) -> Result<(), Fault> {
    let conn: &mut Conn = tx;
    let row = (
        ledger_account::adcode.eq(&*conn.adcode),
        ledger_account::account.eq(posting.account.code()),
        ledger_account::amount.eq(posting.amount),
    );
    each!(conn, c => diesel::insert_into(ledger_account::table)
        .values(row)
        .on_conflict((ledger_account::adcode, ledger_account::account))
        .do_update()
        .set(ledger_account::amount.eq(ledger_account::amount + excluded(ledger_account::amount)))
        .execute(c))?;
    Ok(())
}

pub(super) fn is_written(conn: &mut Conn, id: EntryId) -> Result<bool, Fault> {
    let found = each!(conn, c => ledger_entry::table
        .filter(ledger_entry::adcode.eq(&*conn.adcode))
        .filter(ledger_entry::id.eq(id.0.as_slice()))
        .select(ledger_entry::seq)
        .first::<i64>(c)
        .optional())?;
    Ok(found.is_some())
}

/// The first moment that no published day has ended before.
fn open_from(conn: &mut Conn) -> Result<Timestamp, Fault> {
    let last = each!(conn, c => ledger_day::table
        .filter(ledger_day::adcode.eq(&*conn.adcode))
        .order(ledger_day::day.desc())
        .select(ledger_day::ends_at)
        .first::<i64>(c)
        .optional())?;
    Ok(Timestamp(last.map_or(i64::MIN, |ends_at| ends_at.saturating_add(1))))
}
