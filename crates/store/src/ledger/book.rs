//! Books: where each stands, whose it is, and what becomes of two when their people turn out to be one.

use super::append::append;
use super::month;
use crate::Fault;
use crate::column::{At, bytes, digest};
use crate::conn::{Conn, Tx, each};
use crate::redeem;
use crate::schema::{account, ledger_book, ledger_owner};
use diesel::prelude::*;
use woodlark_domain::{Timestamp, UserId};
use woodlark_ledger::chain::{Balances, Head};
use woodlark_ledger::{BookId, Cause, post};

/// Books read at once.
const PAGE: i64 = 5_000;

/// Random bytes of one transaction, for the ids of books that it opens.
#[derive(Debug, Clone, Copy)]
pub struct Fresh(pub [u8; 32]);

/// A book and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Book {
    /// Its id.
    pub id: BookId,
    /// Since when it is there.
    pub opened_at: Timestamp,
    /// Its last entry.
    pub head: Head,
    /// Its balances.
    pub balances: Balances,
    /// Points of deeds that stand.
    pub earned: i64,
    /// The same person's book that goes on in its place.
    pub carried_to: Option<BookId>,
}

type Row = (Vec<u8>, i64, i64, Vec<u8>, i64, i64, i64, i64, i64, Option<Vec<u8>>);

macro_rules! columns {
    () => {
        (
            ledger_book::book_id,
            ledger_book::opened_at,
            ledger_book::seq,
            ledger_book::hash,
            ledger_book::at,
            ledger_book::points,
            ledger_book::cash_due,
            ledger_book::cash_paid,
            ledger_book::earned,
            ledger_book::carried_to,
        )
    };
}

pub(super) fn id(column: At, bytes: &[u8]) -> Result<BookId, Fault> {
    bytes.try_into().map(BookId).map_err(|_| column.corrupt(bytes))
}

pub(super) fn hash(column: At, bytes: &[u8]) -> Result<[u8; 32], Fault> {
    bytes.try_into().map_err(|_| column.corrupt(bytes))
}

fn read(row: Row) -> Result<Book, Fault> {
    let (book, opened_at, seq, last, at, points, cash_due, cash_paid, earned, carried_to) = row;
    let seq = At("ledger_book", "seq").number(seq)?;
    let carried_to = carried_to.map(|to| id(At("ledger_book", "carried_to"), &to)).transpose()?;
    Ok(Book {
        id: id(At("ledger_book", "book_id"), &book)?,
        opened_at: Timestamp(opened_at),
        head: Head { seq, hash: hash(At("ledger_book", "hash"), &last)?, at: Timestamp(at) },
        balances: Balances { points, cash_due, cash_paid },
        earned,
        carried_to,
    })
}

/// A book by its id.
///
/// # Errors
/// [`Fault`].
pub fn load(conn: &mut Conn, id: BookId) -> Result<Option<Book>, Fault> {
    let row = each!(conn, c => ledger_book::table
        .filter(ledger_book::adcode.eq(&*conn.adcode))
        .filter(ledger_book::book_id.eq(id.0.as_slice()))
        .select(columns!())
        .first::<Row>(c)
        .optional())?;
    row.map(read).transpose()
}

/// Books in the order of their ids, after this one.
pub(super) fn after(conn: &mut Conn, after: Option<BookId>, most: i64) -> Result<Vec<Book>, Fault> {
    let beginning = after.map_or_else(Vec::new, |after| bytes(&after.0));
    let rows = each!(conn, c => ledger_book::table
        .filter(ledger_book::adcode.eq(&*conn.adcode))
        .filter(ledger_book::book_id.gt(&beginning))
        .order(ledger_book::book_id)
        .limit(most)
        .select(columns!())
        .load::<Row>(c))?;
    rows.into_iter().map(read).collect()
}

/// Shows every book, in the order of their ids; no more than a page of them is in memory at once.
pub(super) fn each(
    conn: &mut Conn,
    mut show: impl FnMut(&mut Conn, &Book) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let mut page = after(conn, None, PAGE)?;
    while let Some(last) = page.last().map(|book| book.id) {
        page.iter().try_for_each(|book| show(conn, book))?;
        page = after(conn, Some(last), PAGE)?;
    }
    Ok(())
}

/// A person's books: the one that goes on, then those that it goes on for.
///
/// # Errors
/// [`Fault`].
pub fn books_of(conn: &mut Conn, user: UserId) -> Result<Vec<Book>, Fault> {
    let rows = each!(conn, c => ledger_owner::table
        .inner_join(ledger_book::table.on(
            ledger_book::adcode.eq(ledger_owner::adcode).and(ledger_book::book_id.eq(ledger_owner::book_id)),
        ))
        .filter(ledger_owner::adcode.eq(&*conn.adcode))
        .filter(ledger_owner::user_id.eq(user.as_bytes().as_slice()))
        .select(columns!())
        .load::<Row>(c))?;
    let mut books: Vec<Book> = rows.into_iter().map(read).collect::<Result<_, Fault>>()?;
    books.sort_by_key(|book| (book.carried_to.is_some(), book.opened_at, book.id));
    Ok(books)
}

/// The book in which a person's deeds are written now, if they have one.
pub(crate) fn of_user(conn: &mut Conn, user: UserId) -> Result<Option<Book>, Fault> {
    Ok(books_of(conn, user)?.into_iter().find(|book| book.carried_to.is_none()))
}

/// Whether anybody is known to own a book.
pub(super) fn is_owned(conn: &mut Conn, book: BookId) -> Result<bool, Fault> {
    let row = ledger_owner::table.find((&*conn.adcode, bytes(&book.0))).select(ledger_owner::user_id);
    Ok(row.first::<Vec<u8>>(&mut conn.engine).optional()?.is_some())
}

/// The book in which a person's deeds are written now, made if they have none; none for a person who is not there any more.
pub(crate) fn open(tx: &mut Tx, user: UserId, fresh: &Fresh, now: Timestamp) -> Result<Option<Book>, Fault> {
    if let Some(book) = of_user(tx, user)? {
        return Ok(Some(book));
    }
    let known = account::table
        .find(bytes(user.as_bytes()))
        .select(account::created_at)
        .first::<i64>(&mut tx.engine)
        .optional()?;
    if known.is_none() {
        return Ok(None);
    }
    let mut made = [0; 16];
    made.iter_mut().zip(digest(&[&fresh.0, user.as_bytes()])).for_each(|(to, from)| *to = from);
    let book = make(tx, BookId(made), now)?;
    let owner = (
        ledger_owner::adcode.eq(tx.adcode().to_owned()),
        ledger_owner::book_id.eq(bytes(&book.id.0)),
        ledger_owner::user_id.eq(bytes(user.as_bytes())),
    );
    diesel::insert_into(ledger_owner::table).values(owner).execute(&mut tx.engine)?;
    Ok(Some(book))
}

/// A book without entries.
pub(crate) fn make(tx: &mut Tx, id: BookId, now: Timestamp) -> Result<Book, Fault> {
    let row = (
        ledger_book::adcode.eq(tx.adcode().to_owned()),
        ledger_book::book_id.eq(bytes(&id.0)),
        ledger_book::opened_at.eq(now.0),
        ledger_book::seq.eq(0_i64),
        ledger_book::hash.eq(bytes(&Head::EMPTY.hash)),
        ledger_book::at.eq(now.0),
        ledger_book::points.eq(0_i64),
        ledger_book::cash_due.eq(0_i64),
        ledger_book::cash_paid.eq(0_i64),
        ledger_book::earned.eq(0_i64),
        ledger_book::carried_to.eq(None::<Vec<u8>>),
    );
    each!(tx, c => diesel::insert_into(ledger_book::table).values(row).execute(c))?;
    let head = Head { at: now, ..Head::EMPTY };
    Ok(Book { id, opened_at: now, head, balances: Balances::default(), earned: 0, carried_to: None })
}

/// The book that goes on for this one, or itself.
pub(crate) fn current(conn: &mut Conn, book: BookId) -> Result<BookId, Fault> {
    let mut at = book;
    // Each goes on in one that was made later or stands; a ring cannot be written, and would end here.
    for _ in 0..64 {
        match load(conn, at)?.and_then(|book| book.carried_to) {
            Some(to) => at = to,
            None => break,
        }
    }
    Ok(at)
}

/// Two accounts turned out to be one person: their books become one. What is left goes over; what was written stays.
pub(crate) fn join(tx: &mut Tx, from: UserId, to: UserId, now: Timestamp) -> Result<(), Fault> {
    let (old, new) = (of_user(tx, from)?, of_user(tx, to)?);
    if let (Some(mut old), Some(mut new)) = (old, new) {
        let (points, due) = (old.balances.points, old.balances.cash_due);
        append(tx, &mut old, Cause::CarriedOut { to: new.id }, post::carried_out(points, due), now)?;
        append(tx, &mut new, Cause::CarriedIn { from: old.id }, post::carried_in(points, due), now)?;
        redeem::move_to(tx, old.id, new.id, now)?;
        let key = (tx_adcode(tx), bytes(&old.id.0));
        let done = (ledger_book::carried_to.eq(Some(bytes(&new.id.0))), ledger_book::earned.eq(0_i64));
        diesel::update(ledger_book::table.find(key)).set(done).execute(&mut tx.engine)?;
        month::carry(tx, old.id, new.id)?;
    }
    let theirs = ledger_owner::table
        .filter(ledger_owner::adcode.eq(tx_adcode(tx)))
        .filter(ledger_owner::user_id.eq(bytes(from.as_bytes())));
    diesel::update(theirs).set(ledger_owner::user_id.eq(bytes(to.as_bytes()))).execute(&mut tx.engine)?;
    Ok(())
}

fn tx_adcode(tx: &Tx) -> String {
    tx.adcode().to_owned()
}

/// Removes what says whose the books of a person are. Entries and sums stay. Says how many there were.
/// Their account has to go in the same transaction: whoever still has one gets another book with their next deed.
///
/// # Errors
/// [`Fault`].
pub fn forget(tx: &mut Tx, user: UserId) -> Result<usize, Fault> {
    let theirs = ledger_owner::table
        .filter(ledger_owner::adcode.eq(tx_adcode(tx)))
        .filter(ledger_owner::user_id.eq(bytes(user.as_bytes())));
    Ok(diesel::delete(theirs).execute(&mut tx.engine)?)
}
