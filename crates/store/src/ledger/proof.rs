//! That what was published of the newest day holds a book, and how much of the city has earned less.

use super::book::{self, Book};
use super::read::stood;
use super::root::{Newest, PART, newest};
use crate::Fault;
use crate::column::count;
use crate::conn::Conn;
use woodlark_domain::Timestamp;
use woodlark_ledger::check::Inclusion;
use woodlark_ledger::root::DayRoot;
use woodlark_ledger::tree::{Leaf, part, way, way_up};
use woodlark_ledger::{BookId, Sha};

/// What was published of the newest day, and that it holds a book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// What was published.
    pub root: DayRoot,
    /// Its hash, as it is kept.
    pub hash: Sha,
    /// When it was made.
    pub made_at: Timestamp,
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
    Ok(Some(Proof { root: newest.root, hash: newest.hash, made_at: newest.made_at, inclusion }))
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

/// The leaves of the part of a tree that a book belongs to, in order.
fn part_of(conn: &mut Conn, newest: &Newest, book: BookId) -> Result<Vec<Leaf>, Fault> {
    let (from, to) = range(book, newest.bits);
    let mut leaves = Vec::new();
    let mut after = from;
    'pages: loop {
        let page = book::after(conn, after, count(PART * 4))?;
        let Some(last) = page.last() else { break };
        after = Some(last.id);
        for one in &page {
            if to.is_some_and(|to| one.id >= to) {
                break 'pages;
            }
            if let Some((seq, hash)) = stood(conn, one, newest.ends_at)? {
                leaves.push(Leaf { book: one.id, seq, hash });
            }
        }
    }
    Ok(leaves)
}

/// After which id a part begins, and before which it ends.
fn range(book: BookId, bits: u8) -> (Option<BookId>, Option<BookId>) {
    let at = u128::try_from(part(book, bits)).unwrap_or_default();
    let shift = u32::from(128_u8.saturating_sub(bits));
    let begin = at.checked_shl(shift).unwrap_or_default();
    let end = (at + 1).checked_shl(shift).filter(|end| end.checked_shr(shift) == Some(at + 1));
    let id = |number: u128| BookId(number.to_be_bytes());
    (begin.checked_sub(1).map(id), end.map(id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_a_range_of_ids() {
        let book = |first: u8| BookId([first; 16]);
        assert_eq!(range(book(9), 0), (None, None), "all of them");
        let (after, before) = range(book(0x80), 1);
        assert!(
            after.is_some_and(|after| after < book(0x80)) && before.is_none(),
            "the last part has no end"
        );
        let (after, before) = range(book(0x12), 4);
        assert_eq!(before, Some(BookId(*b"\x20\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0")));
        assert!(after < Some(book(0x10)) && after > Some(book(0x0f)));
    }
}
