//! Reads entries: one, a page of a book, a whole chain as it is kept, what was published.

use super::Book;
use super::book::hash;
use crate::Fault;
use crate::column::{At, bytes, count};
use crate::conn::{Conn, each};
use crate::schema::{case_file, ledger_account, ledger_entry, ledger_root};
use diesel::prelude::*;
use woodlark_domain::{CaseId, Timestamp};
use woodlark_ledger::chain::Kept;
use woodlark_ledger::check::write_kept;
use woodlark_ledger::root::DayRoot;
use woodlark_ledger::{Account, BookId, Cause, Entry, EntryId, ReversalReason, Sha};

fn decode(body: &[u8]) -> Result<Entry, Fault> {
    Entry::from_bytes(body).map_err(|_| At("ledger_entry", "body").corrupt(body))
}

/// An entry by its id.
///
/// # Errors
/// [`Fault`].
pub fn entry(conn: &mut Conn, id: EntryId) -> Result<Option<Entry>, Fault> {
    let body = each!(conn, c => ledger_entry::table
        .filter(ledger_entry::adcode.eq(&*conn.adcode))
        .filter(ledger_entry::id.eq(id.0.as_slice()))
        .select(ledger_entry::body)
        .first::<Vec<u8>>(c)
        .optional())?;
    body.as_deref().map(decode).transpose()
}

/// The deeds that were written of a case, whether they stand or not.
pub(super) fn of_case(conn: &mut Conn, case: CaseId) -> Result<Vec<Entry>, Fault> {
    let bodies = each!(conn, c => ledger_entry::table
        .filter(ledger_entry::adcode.eq(&*conn.adcode))
        .filter(ledger_entry::case_id.eq(case.as_bytes().as_slice()))
        .order((ledger_entry::book_id, ledger_entry::seq))
        .select(ledger_entry::body)
        .load::<Vec<u8>>(c))?;
    bodies.iter().map(|body| decode(body)).collect()
}

/// What was reversed of an entry, and of that, and so on: the last of them, how many reversals there are, and whether one is
/// a supervisor's finding.
pub(super) fn standing(conn: &mut Conn, of: EntryId) -> Result<(EntryId, u32, bool), Fault> {
    let (mut last, mut reversals, mut unfounded) = (of, 0, false);
    loop {
        // The id of a reversal comes of what it reverses, whatever its reason.
        let cause = Cause::Reversal { reverses: last, reason: ReversalReason::Revised };
        let Some(found) = entry(conn, cause.id(BookId::CITY))? else {
            return Ok((last, reversals, unfounded));
        };
        unfounded |= matches!(found.cause, Cause::Reversal { reason: ReversalReason::Unfounded, .. });
        last = found.id();
        reversals += 1;
    }
}

/// An entry as the page of its book shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryRow {
    /// Its place in the book.
    pub seq: u64,
    /// The entry; none where its bytes are none any more: that is shown, and hides no other.
    pub entry: Option<Entry>,
    /// How often it, or what was reversed of it, was reversed: it stands where that is even.
    pub reversals: u32,
    /// The last of those reversals.
    pub reversed_by: Option<Entry>,
    /// What it reverses in the end, where it is a reversal.
    pub of: Option<Entry>,
    /// The number and the first words of its case, or of that of what it reverses.
    pub case: Option<(CaseId, String, String)>,
}

/// Entries of a book, latest first, from before a place on, at most `most`.
///
/// # Errors
/// [`Fault`].
pub fn entries(
    conn: &mut Conn,
    book: BookId,
    before: Option<u64>,
    most: usize,
) -> Result<Vec<EntryRow>, Fault> {
    let bodies = each!(conn, c => ledger_entry::table
        .filter(ledger_entry::adcode.eq(&*conn.adcode))
        .filter(ledger_entry::book_id.eq(book.0.as_slice()))
        .filter(ledger_entry::seq.lt(before.map_or(i64::MAX, count)))
        .order(ledger_entry::seq.desc())
        .limit(count(most))
        .select((ledger_entry::seq, ledger_entry::body))
        .load::<(i64, Vec<u8>)>(c))?;
    bodies.into_iter().map(|(seq, body)| row(conn, At("ledger_entry", "seq").number(seq)?, &body)).collect()
}

/// The deeds that were written of a case, whether they stand or not, as a page shows them.
///
/// # Errors
/// [`Fault`].
pub fn deeds_of(conn: &mut Conn, case: CaseId) -> Result<Vec<EntryRow>, Fault> {
    let entries = of_case(conn, case)?;
    entries.iter().map(|entry| row(conn, entry.seq, &entry.to_bytes())).collect()
}

fn row(conn: &mut Conn, seq: u64, body: &[u8]) -> Result<EntryRow, Fault> {
    let Ok(entry) = Entry::from_bytes(body) else {
        return Ok(EntryRow { seq, entry: None, reversals: 0, reversed_by: None, of: None, case: None });
    };
    let reversals = readable(standing(conn, entry.id()))?;
    let (last, reversals) = reversals.map_or((entry.id(), 0), |(last, reversals, _)| (last, reversals));
    let reversed_by = if reversals > 0 { self::entry(conn, last)? } else { None };
    let of = readable(reversed_in_the_end(conn, &entry))?.flatten();
    let case = of.as_ref().unwrap_or(&entry).case();
    let case = case.map(|case| shown(conn, case)).transpose()?.flatten();
    Ok(EntryRow { seq, entry: Some(entry), reversals, reversed_by, of, case })
}

/// What could be read; none where an entry that belongs to it is none any more. It has a row of its own that says so.
fn readable<T>(read: Result<T, Fault>) -> Result<Option<T>, Fault> {
    match read {
        Err(Fault::Corrupt { .. }) => Ok(None),
        read => read.map(Some),
    }
}

fn reversed_in_the_end(conn: &mut Conn, of: &Entry) -> Result<Option<Entry>, Fault> {
    let (mut cause, mut found) = (of.cause, None);
    while let Cause::Reversal { reverses, .. } = cause {
        let Some(one) = entry(conn, reverses)? else { break };
        cause = one.cause;
        found = Some(one);
    }
    Ok(found)
}

fn shown(conn: &mut Conn, case: CaseId) -> Result<Option<(CaseId, String, String)>, Fault> {
    let found = each!(conn, c => case_file::table
        .filter(case_file::adcode.eq(&*conn.adcode))
        .filter(case_file::id.eq(case.as_bytes().as_slice()))
        .select((case_file::number, case_file::words))
        .first::<(String, String)>(c)
        .optional())?;
    Ok(found.map(|(number, words)| (case, number, words)))
}

/// A row as it is kept.
pub(super) struct KeptRow {
    seq: i64,
    id: Vec<u8>,
    case: Option<Vec<u8>>,
    body: Vec<u8>,
    hash: Vec<u8>,
}

impl KeptRow {
    /// What a check is shown of it. Bytes of another length are no id and no hash: as all ones, they are found to be none.
    pub(super) fn kept(&self) -> Kept<'_> {
        let id = |bytes: &[u8]| bytes.try_into().unwrap_or([u8::MAX; 16]);
        Kept {
            seq: u64::try_from(self.seq).unwrap_or(u64::MAX),
            id: EntryId(id(&self.id)),
            case: self.case.as_deref().map(|case| CaseId::from_bytes(id(case))),
            body: &self.body,
            hash: self.hash.as_slice().try_into().unwrap_or([u8::MAX; 32]),
        }
    }
}

/// Rows of a book, first to last, from after a place on.
pub(super) fn kept_rows(conn: &mut Conn, book: BookId, after: u64, most: i64) -> Result<Vec<KeptRow>, Fault> {
    let rows = each!(conn, c => ledger_entry::table
        .filter(ledger_entry::adcode.eq(&*conn.adcode))
        .filter(ledger_entry::book_id.eq(book.0.as_slice()))
        .filter(ledger_entry::seq.gt(count(after)))
        .order(ledger_entry::seq)
        .limit(most)
        .select((
            ledger_entry::seq,
            ledger_entry::id,
            ledger_entry::case_id,
            ledger_entry::body,
            ledger_entry::hash,
        ))
        .load::<(i64, Vec<u8>, Option<Vec<u8>>, Vec<u8>, Vec<u8>)>(c))?;
    Ok(rows.into_iter().map(|(seq, id, case, body, hash)| KeptRow { seq, id, case, body, hash }).collect())
}

/// Entries of a chain as they are kept, first to last, from after a place on, as the check reads them.
///
/// # Errors
/// [`Fault`] where the database fails; a row that holds what cannot be is written as it is.
pub fn chain(conn: &mut Conn, book: BookId, after: u64, most: usize) -> Result<Vec<u8>, Fault> {
    let rows = kept_rows(conn, book, after, count(most))?;
    let mut chain = Vec::with_capacity(rows.len() * 240);
    rows.iter().for_each(|row| write_kept(&mut chain, &row.kept()));
    Ok(chain)
}

/// The balance of one of the city's accounts.
///
/// # Errors
/// [`Fault`].
pub fn balance(conn: &mut Conn, account: Account) -> Result<i64, Fault> {
    let row = each!(conn, c => ledger_account::table
        .filter(ledger_account::adcode.eq(&*conn.adcode))
        .filter(ledger_account::account.eq(account.code()))
        .select(ledger_account::amount)
        .first::<i64>(c)
        .optional())?;
    Ok(row.unwrap_or_default())
}

/// What was published of a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedRoot {
    /// What was published.
    pub root: DayRoot,
    /// Its hash, as it is kept.
    pub hash: Sha,
    /// When it was made.
    pub made_at: Timestamp,
}

/// What was published, latest first, from before a day on, at most `most`.
///
/// # Errors
/// [`Fault`].
pub fn roots(conn: &mut Conn, before: Option<i32>, most: usize) -> Result<Vec<PublishedRoot>, Fault> {
    let rows = each!(conn, c => ledger_root::table
        .filter(ledger_root::adcode.eq(&*conn.adcode))
        .filter(ledger_root::day.lt(before.map_or(i64::MAX, i64::from)))
        .order(ledger_root::day.desc())
        .limit(count(most))
        .select((ledger_root::body, ledger_root::hash, ledger_root::made_at))
        .load::<(Vec<u8>, Vec<u8>, i64)>(c))?;
    rows.into_iter()
        .map(|(body, stored, made_at)| {
            let root = DayRoot::from_bytes(&body).map_err(|_| At("ledger_root", "body").corrupt(&body))?;
            let hash = hash(At("ledger_root", "hash"), &stored)?;
            Ok(PublishedRoot { root, hash, made_at: Timestamp(made_at) })
        })
        .collect()
}

/// Where a book stood at a moment: how many entries, and the hash of the last; none where it had none.
pub(super) fn stood(conn: &mut Conn, book: &Book, at: Timestamp) -> Result<Option<(u64, Sha)>, Fault> {
    let mut head = (book.head.seq, book.head.hash, book.head.at);
    while head.0 > 0 && head.2 > at {
        let before = head.0 - 1;
        if before == 0 {
            return Ok(None);
        }
        let row = ledger_entry::table
            .find((&*conn.adcode, bytes(&book.id.0), count(before)))
            .select((ledger_entry::body, ledger_entry::hash))
            .first::<(Vec<u8>, Vec<u8>)>(&mut conn.engine)?;
        head = (before, hash(At("ledger_entry", "hash"), &row.1)?, decode(&row.0)?.at);
    }
    Ok((head.0 > 0).then_some((head.0, head.1)))
}
