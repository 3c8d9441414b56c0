//! Reckons the whole ledger anew from the bytes of its entries, and says what is not as it must be.

use super::book::{self, Book};
use super::read::{self, standing};
use super::root;
use crate::Fault;
use crate::city::City;
use crate::conn::Conn;
use crate::schema::{ledger_account, ledger_book, ledger_entry};
use diesel::prelude::*;
use std::collections::BTreeMap;
use woodlark_domain::city::Deed;
use woodlark_ledger::chain::Walk;
use woodlark_ledger::{Account, BookId, Cause};

/// Entries of a book read at once.
const PAGE: i64 = 1_000;

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Audited {
    /// Books walked.
    pub books: u64,
    /// Entries walked.
    pub entries: u64,
    /// What is wrong, in words for the log.
    pub problems: Vec<String>,
}

/// The months of the books that go on.
type Months = BTreeMap<(BookId, i64, Deed), (i64, i64)>;

/// Walks every chain and reckons every balance, month and published day anew. It reads one snapshot.
///
/// # Errors
/// [`Fault`] where even looking fails.
pub fn audit(conn: &mut Conn, city: &City) -> Result<Audited, Fault> {
    let mut found = Audited::default();
    let (mut sums, mut months): (BTreeMap<Account, i64>, Months) = Default::default();
    let mut kept: Months = BTreeMap::new();
    let mut earned: Vec<(BookId, i64)> = Vec::new();
    let mut due: BTreeMap<BookId, i64> = BTreeMap::new();
    book::each(conn, |conn, book| {
        walk(conn, book, city, &mut sums, &mut months, &mut found)?;
        for month in super::months(conn, book.id)? {
            kept.insert((book.id, month.month, month.deed), (month.n, month.points));
        }
        earned.push((book.id, book.earned));
        if book.balances.cash_due != 0 {
            due.insert(book.id, book.balances.cash_due);
        }
        Ok(())
    })?;
    kept.retain(|_, sum| *sum != (0, 0));
    months.retain(|_, sum| *sum != (0, 0));
    if kept != months {
        let wrong = kept.iter().find(|(key, sum)| months.get(key) != Some(sum)).map(|(key, _)| *key);
        let wrong = wrong.or_else(|| months.keys().find(|key| !kept.contains_key(key)).copied());
        found.problems.push(format!("the months of the books are not what their entries say: {wrong:?}"));
    }
    for (book, kept) in earned {
        let of = (book, i64::MIN, Deed::ProblemFiled)..=(book, i64::MAX, Deed::Rated);
        let sum: i64 = months.range(of).map(|(_, (_, points))| points).sum();
        if sum != kept {
            found.problems.push(format!("book {book} has earned {sum} and is kept as {kept}"));
        }
    }
    let promised = crate::redeem::promised(conn)?;
    if due != promised {
        let wrong = due.iter().find(|(book, fen)| promised.get(book) != Some(fen)).map(|(book, _)| *book);
        let wrong = wrong.or_else(|| promised.keys().find(|book| !due.contains_key(book)).copied());
        found.problems.push(format!("what is on its way is not what the payouts promise: book {wrong:?}"));
    }
    accounts(conn, &sums, &mut found)?;
    strays(conn, &mut found)?;
    published(conn, &mut found)?;
    Ok(found)
}

fn walk(
    conn: &mut Conn,
    book: &Book,
    city: &City,
    sums: &mut BTreeMap<Account, i64>,
    months: &mut Months,
    found: &mut Audited,
) -> Result<(), Fault> {
    let mut walk = Walk::new(super::append::adcode(conn)?, book.id);
    found.books += 1;
    loop {
        let rows = read::kept_rows(conn, book.id, walk.head().seq, PAGE)?;
        if rows.is_empty() {
            break;
        }
        for row in &rows {
            let entry = match walk.step(&row.kept()) {
                Ok(entry) => entry,
                Err(why) => {
                    let at = walk.head().seq + 1;
                    found.problems.push(format!("book {}, entry {at}: {why}", book.id));
                    return Ok(());
                }
            };
            found.entries += 1;
            for posting in &entry.postings {
                *sums.entry(posting.account).or_default() += posting.amount;
            }
            if let Cause::Deed { deed, confirmed_at, .. } = entry.cause {
                let (_, reversals, _) = standing(conn, entry.id())?;
                if reversals % 2 == 0 {
                    let month = i64::from(city.data().calendar.day(confirmed_at).number() / 100);
                    let sum = months.entry((book::current(conn, book.id)?, month, deed)).or_default();
                    *sum = (sum.0 + 1, sum.1 + entry.amount(Account::Points));
                }
            }
        }
    }
    let (head, balances) = (walk.head(), walk.balances());
    if (head.seq, head.hash) != (book.head.seq, book.head.hash) || balances != book.balances {
        let (id, seq, kept) = (book.id, head.seq, book.head.seq);
        found.problems.push(format!(
            "book {id} ends at entry {seq} with {balances:?}; it is kept as {kept}, {:?}",
            book.balances
        ));
    }
    Ok(())
}

/// The sums of all postings are nothing, and those of each account what is kept.
fn accounts(conn: &mut Conn, sums: &BTreeMap<Account, i64>, found: &mut Audited) -> Result<(), Fault> {
    use woodlark_ledger::Unit;
    for unit in [Unit::Point, Unit::Fen] {
        let sum: i64 = sums.iter().filter(|(account, _)| account.unit() == unit).map(|(_, sum)| sum).sum();
        if sum != 0 {
            found.problems.push(format!("all postings in {unit:?} come to {sum}"));
        }
    }
    let kept: Vec<(String, i64)> = ledger_account::table
        .filter(ledger_account::adcode.eq(&*conn.adcode))
        .select((ledger_account::account, ledger_account::amount))
        .load(&mut conn.engine)?;
    for account in Account::ALL.iter().filter(|account| !account.is_residents()) {
        let sum = sums.get(account).copied().unwrap_or_default();
        let kept = kept.iter().find(|(code, _)| code == account.code()).map_or(0, |(_, amount)| *amount);
        if sum != kept || (account.has_floor() && sum < 0) {
            found.problems.push(format!("{} comes to {sum} and is kept as {kept}", account.code()));
        }
    }
    Ok(())
}

/// No entry is of a book that isn't there.
fn strays(conn: &mut Conn, found: &mut Audited) -> Result<(), Fault> {
    let all: i64 = ledger_entry::table
        .filter(ledger_entry::adcode.eq(&*conn.adcode))
        .count()
        .get_result(&mut conn.engine)?;
    let of_books: Vec<i64> = ledger_book::table
        .filter(ledger_book::adcode.eq(&*conn.adcode))
        .select(ledger_book::seq)
        .load(&mut conn.engine)?;
    let told: i64 = of_books.iter().sum();
    if all != told && found.problems.is_empty() {
        found.problems.push(format!("{all} entries are there, and the books tell of {told}"));
    }
    Ok(())
}

/// What was published follows day by day, and the newest day is what the books come to.
fn published(conn: &mut Conn, found: &mut Audited) -> Result<(), Fault> {
    let mut later: Option<read::PublishedRoot> = None;
    loop {
        let before = later.as_ref().map(|later| later.root.day);
        let page = read::roots(conn, before, 1_000)?;
        if page.is_empty() {
            break;
        }
        for one in page {
            let day = one.root.day;
            if one.hash != one.root.hash() {
                found.problems.push(format!("what was published of day {day} was altered"));
            }
            if later.as_ref().is_some_and(|later| !later.root.follows(&one.root)) {
                found.problems.push(format!("what was published after day {day} does not follow"));
            }
            later = Some(one);
        }
    }
    if let Some(newest) = root::newest(conn)? {
        let day = woodlark_domain::clock::Day::from_count(newest.root.day);
        let anew = root::compute(conn, day, newest.ends_at)?;
        let same = (anew.books, anew.entries, anew.tree)
            == (newest.root.books, newest.root.entries, newest.root.tree);
        if !same {
            found.problems.push(format!("the books are not what was published of day {day}"));
        }
    }
    Ok(())
}
