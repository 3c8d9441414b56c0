//! Entries of all of a person's books, one book after the other: a page of them, and all.

use crate::edge::{ApiError, ApiResult};
use woodlark_ledger::BookId;
use woodlark_store::ledger::{self, Book, EntryRow};
use woodlark_store::{Conn, Fault};

/// Entries read at once where all are wanted.
const AT_ONCE: usize = 500;

/// A row and its book.
pub(super) type Row = (BookId, EntryRow);

/// Where a list goes on: in which book, and before which place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Before(BookId, u64);

impl Before {
    /// As the page before said it.
    pub(super) fn read(text: &str) -> ApiResult<Self> {
        let bad = || ApiError::field_text("before", "not a cursor");
        let (book, seq) = text.split_once('_').ok_or_else(bad)?;
        Ok(Self(book.parse().map_err(|_| bad())?, seq.parse().map_err(|_| bad())?))
    }
}

/// A page of the entries of these books, latest first, and where the next begins.
pub(super) fn page(
    conn: &mut Conn,
    books: &[Book],
    before: Option<Before>,
    most: usize,
) -> Result<(Vec<Row>, Option<String>), Fault> {
    let mut rows: Vec<Row> = Vec::new();
    // A cursor into somebody else's book leads nowhere.
    let from = before.map_or(Some(0), |before| books.iter().position(|book| book.id == before.0));
    let Some(from) = from else { return Ok((rows, None)) };
    for (index, book) in books.iter().enumerate().skip(from) {
        let before = before.filter(|_| index == from).map(|before| before.1);
        // One more than wanted says whether there are more.
        let read = ledger::entries(conn, book.id, before, most + 1 - rows.len())?;
        rows.extend(read.into_iter().map(|row| (book.id, row)));
        if rows.len() > most {
            rows.truncate(most);
            break;
        }
    }
    let last_of_all = books.iter().rfind(|book| book.head.seq > 0).map(|book| (book.id, 1));
    let last = rows.last().map(|(book, row)| (*book, row.seq));
    let more = last.filter(|last| rows.len() == most && Some(*last) != last_of_all);
    Ok((rows, more.map(|(book, seq)| format!("{book}_{seq}"))))
}

/// All entries of a book, latest first.
pub(crate) fn all(conn: &mut Conn, book: BookId) -> Result<Vec<EntryRow>, Fault> {
    let mut rows: Vec<EntryRow> = Vec::new();
    loop {
        let page = ledger::entries(conn, book, rows.last().map(|row| row.seq), AT_ONCE)?;
        let ends = page.len() < AT_ONCE;
        rows.extend(page);
        if ends {
            return Ok(rows);
        }
    }
}
