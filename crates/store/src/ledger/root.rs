//! What is published of a day. First the day is closed: whatever is written later is of a later moment, so that where each
//! book stood at the day's end never changes any more. Then the tree is reckoned by reading alone, as long as that takes and
//! by whichever server; then it is published, once.

use super::book::{self, hash};
use super::read::{self, stood};
use crate::Fault;
use crate::city::City;
use crate::column::{At, bytes, to_json};
use crate::conn::{Conn, Tx, each};
use crate::schema::{ledger_book, ledger_day, ledger_root};
use diesel::prelude::*;
use woodlark_domain::Timestamp;
use woodlark_domain::clock::Day;
use woodlark_ledger::root::DayRoot;
use woodlark_ledger::tree::{Leaf, crown, part, subtree};
use woodlark_ledger::{BookId, Sha};

/// Books of one part of the tree, about: as many are read for a proof.
pub(super) const PART: u64 = 128;
/// At most two to the power of so many parts.
const MOST_BITS: u8 = 12;
/// Days published in one turn after a long rest.
const MOST_DAYS: i32 = 40;

/// The days that are over and not published yet, earliest first; none before the first book.
///
/// # Errors
/// [`Fault`].
pub fn due_days(conn: &mut Conn, city: &City, now: Timestamp) -> Result<Vec<(Day, Timestamp)>, Fault> {
    let calendar = &city.data().calendar;
    let yesterday = calendar.day(now).plus(-1);
    let first = match read::roots(conn, None, 1)?.first() {
        Some(last) => Day::from_count(last.root.day).plus(1),
        None => match first_book(conn)? {
            Some(opened_at) => calendar.day(opened_at),
            None => return Ok(Vec::new()),
        },
    };
    let behind = yesterday.count().saturating_sub(first.count()).saturating_add(1).min(MOST_DAYS);
    let day = |n| {
        let day = first.plus(n);
        // The last microsecond of the day.
        (day, calendar.midnight(day.plus(1)).plus(-1))
    };
    Ok((0..behind).map(day).collect())
}

fn first_book(conn: &mut Conn) -> Result<Option<Timestamp>, Fault> {
    let earliest = ledger_book::table
        .filter(ledger_book::adcode.eq(&*conn.adcode))
        .select(diesel::dsl::min(ledger_book::opened_at))
        .first::<Option<i64>>(&mut conn.engine)?;
    Ok(earliest.map(Timestamp))
}

/// Closes a day: nothing is written any more of a moment up to its end.
///
/// # Errors
/// [`Fault`].
pub fn close_day(tx: &mut Tx, day: Day, ends_at: Timestamp) -> Result<(), Fault> {
    let conn: &mut Conn = tx;
    let row = (
        ledger_day::adcode.eq(&*conn.adcode),
        ledger_day::day.eq(i64::from(day.count())),
        ledger_day::ends_at.eq(ends_at.0),
    );
    each!(conn, c => diesel::insert_into(ledger_day::table).values(row).on_conflict_do_nothing().execute(c))?;
    Ok(())
}

/// What a day's tree came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Computed {
    /// The day.
    pub day: Day,
    /// Books with an entry or more.
    pub books: u64,
    /// Entries in all of them.
    pub entries: u64,
    /// The root; zeros where there are no books.
    pub tree: Sha,
    /// Two to the power of so many parts.
    bits: u8,
    /// What each part comes to.
    parts: Vec<Option<Sha>>,
    /// How many points each hundredth of the books has earned at most.
    shares: Vec<i64>,
}

/// How many parts a tree over so many books is kept in, as a power of two.
fn bits(books: u64) -> u8 {
    let wanted = books.checked_div(PART).unwrap_or_default().checked_ilog2().map_or(0, |bits| bits + 1);
    u8::try_from(wanted).unwrap_or(MOST_BITS).min(MOST_BITS)
}

/// Reckons the tree of a day that was closed. Of all books no more is in memory at once than one page, what the parts come
/// to and one number each.
///
/// # Errors
/// [`Fault`].
pub fn compute(conn: &mut Conn, day: Day, ends_at: Timestamp) -> Result<Computed, Fault> {
    let known: i64 = ledger_book::table
        .filter(ledger_book::adcode.eq(&*conn.adcode))
        .count()
        .get_result(&mut conn.engine)?;
    let bits = bits(u64::try_from(known).unwrap_or_default());
    let mut parts: Vec<Option<Sha>> = vec![None; 1 << bits];
    let (mut open, mut leaves): (usize, Vec<Leaf>) = (0, Vec::new());
    let (mut books, mut entries, mut earned) = (0_u64, 0_u64, Vec::new());
    book::each(conn, |conn, book| {
        let Some((seq, hash)) = stood(conn, book, ends_at)? else { return Ok(()) };
        let of = part(book.id, bits);
        if of != open {
            finish(&mut parts, open, &mut leaves, bits);
            open = of;
        }
        leaves.push(Leaf { book: book.id, seq, hash });
        (books, entries) = (books + 1, entries + seq);
        if book.carried_to.is_none() && book.id != BookId::CITY {
            earned.push(book.earned);
        }
        Ok(())
    })?;
    finish(&mut parts, open, &mut leaves, bits);
    let tree = crown(&parts, 0).unwrap_or_default();
    Ok(Computed { day, books, entries, tree, bits, parts, shares: shares(earned) })
}

fn finish(parts: &mut [Option<Sha>], at: usize, leaves: &mut Vec<Leaf>, bits: u8) {
    if let Some(slot) = parts.get_mut(at) {
        *slot = subtree(leaves, bits);
    }
    leaves.clear();
}

/// What each hundredth has at most: a hundred and one numbers, the least first.
fn shares(mut earned: Vec<i64>) -> Vec<i64> {
    earned.sort_unstable();
    let last = earned.len().saturating_sub(1);
    (0..=100).filter_map(|share| earned.get(last * share / 100).copied()).collect()
}

/// Publishes a day, unless it was published or a later one was; says whether it did.
///
/// # Errors
/// [`Fault`].
pub fn publish(tx: &mut Tx, of: &Computed, now: Timestamp) -> Result<bool, Fault> {
    let before = read::roots(tx, None, 1)?.pop();
    if before.as_ref().is_some_and(|before| before.root.day >= of.day.count()) {
        return Ok(false);
    }
    let root = DayRoot {
        adcode: super::append::adcode(tx)?,
        day: of.day.count(),
        books: of.books,
        entries: of.entries,
        tree: of.tree,
        before: before.map_or([0; 32], |before| before.hash),
    };
    let parts: Vec<u8> = of.parts.iter().flat_map(|part| part.unwrap_or_default()).collect();
    let conn: &mut Conn = tx;
    let row = (
        ledger_root::adcode.eq(&*conn.adcode),
        ledger_root::day.eq(i64::from(root.day)),
        ledger_root::body.eq(root.to_bytes()),
        ledger_root::hash.eq(bytes(&root.hash())),
        ledger_root::bits.eq(i64::from(of.bits)),
        ledger_root::parts.eq(parts),
        ledger_root::shares.eq(to_json("shares", &of.shares)?),
        ledger_root::made_at.eq(now.0),
    );
    each!(conn, c => diesel::insert_into(ledger_root::table).values(row).execute(c))?;
    Ok(true)
}

/// The newest day that was published, with what a proof needs of it.
pub(super) struct Newest {
    pub(super) root: DayRoot,
    pub(super) hash: Sha,
    pub(super) bits: u8,
    pub(super) parts: Vec<Option<Sha>>,
    pub(super) shares: Vec<i64>,
    pub(super) ends_at: Timestamp,
    pub(super) made_at: Timestamp,
}

pub(super) fn newest(conn: &mut Conn) -> Result<Option<Newest>, Fault> {
    type Row = (i64, Vec<u8>, Vec<u8>, i64, Vec<u8>, String, i64);
    let found = each!(conn, c => ledger_root::table
        .filter(ledger_root::adcode.eq(&*conn.adcode))
        .order(ledger_root::day.desc())
        .select((
            ledger_root::day,
            ledger_root::body,
            ledger_root::hash,
            ledger_root::bits,
            ledger_root::parts,
            ledger_root::shares,
            ledger_root::made_at,
        ))
        .first::<Row>(c)
        .optional())?;
    let Some((day, body, stored, bits, parts, shares, made_at)) = found else { return Ok(None) };
    let ends_at = ledger_day::table
        .find((&*conn.adcode, day))
        .select(ledger_day::ends_at)
        .first::<i64>(&mut conn.engine)?;
    let root = DayRoot::from_bytes(&body).map_err(|_| At("ledger_root", "body").corrupt(&body))?;
    let part = |part: &[u8; 32]| Some(*part).filter(|part| *part != [0; 32]);
    Ok(Some(Newest {
        root,
        hash: hash(At("ledger_root", "hash"), &stored)?,
        bits: At("ledger_root", "bits").number(bits)?,
        parts: parts.as_chunks::<32>().0.iter().map(part).collect(),
        shares: At("ledger_root", "shares").json(&shares)?,
        ends_at: Timestamp(ends_at),
        made_at: Timestamp(made_at),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_has_more_parts_the_more_books_it_holds() {
        assert_eq!((bits(0), bits(100), bits(128), bits(1_000), bits(10_000_000)), (0, 0, 1, 3, 12));
    }

    #[test]
    fn shares_are_of_those_who_have_earned() {
        assert_eq!(shares(Vec::new()), Vec::<i64>::new());
        let of = shares((0..=200).rev().collect());
        assert_eq!((of.first(), of.get(50), of.last()), (Some(&0), Some(&100), Some(&200)));
    }
}
