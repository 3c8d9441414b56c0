//! That what was published of the newest day holds a book, and how much of the city has earned less.

use super::book::Book;
use super::root::{newest, part_of};
use crate::Fault;
use crate::conn::Conn;
use woodlark_ledger::Sha;
use woodlark_ledger::check::Inclusion;
use woodlark_ledger::root::DayRoot;
use woodlark_ledger::tree::{way, way_up};

/// What was published of the newest day, and that it holds a book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// What was published.
    pub root: DayRoot,
    /// Its hash, as it is kept.
    pub hash: Sha,
    /// The way of the book; none where it had no entries by then.
    pub inclusion: Option<Inclusion>,
}

/// The proof for a book; none before the first day was published.
///
/// # Errors
/// [`Fault`].
pub fn proof(conn: &mut Conn, book: &Book) -> Result<Option<Proof>, Fault> {
    let Some(newest) = newest(conn)? else { return Ok(None) };
    let leaves = part_of(conn, &newest, book.id)?;
    let leaf = leaves.iter().find(|leaf| leaf.book == book.id);
    let inclusion = leaf.zip(way(&leaves, book.id, newest.bits)).map(|(leaf, mut way)| {
        way.extend(way_up(&newest.parts, book.id, 0));
        Inclusion { day: newest.root.day, seq: leaf.seq, hash: leaf.hash, way }
    });
    Ok(Some(Proof { root: newest.root, hash: newest.hash, inclusion }))
}

/// Of the books of a hundred people, how many had earned fewer points at the end of the newest day; none before the first day
/// was published.
///
/// # Errors
/// [`Fault`].
pub fn share(conn: &mut Conn, earned: i64) -> Result<Option<u8>, Fault> {
    let Some(newest) = newest(conn)? else { return Ok(None) };
    let fewer = newest.shares.iter().filter(|most| **most < earned).count().min(100);
    Ok((!newest.shares.is_empty()).then(|| u8::try_from(fewer).unwrap_or(100)))
}
