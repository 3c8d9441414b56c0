//! How the ledger bears its size: the page of a resident with 10,000 entries among 10,000,000 against that of one with 100 among
//! 10,000, and the root of a day over 1,000,000 chains. `cargo run --release -p woodlark-store --example ledger -- FOLDER`
//!
//! The databases are made in the folder and kept there; a second run only reads. A page is what its endpoint reads: the books,
//! their months and the newest twenty entries, each with its case.
//!
//! `… --example ledger -- FOLDER USER` gives the user of a server's database (FOLDER/woodlark.sqlite, the server stopped) a book of
//! 10,000 entries, for the check in a browser.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement for people, run by hand")]

use diesel::connection::SimpleConnection;
use diesel::sql_types::{BigInt, Binary};
use diesel::{Connection, RunQueryDsl, SqliteConnection, sql_query};
use std::path::Path;
use std::time::{Duration, Instant};
use woodlark_domain::city::Deed;
use woodlark_domain::clock::Day;
use woodlark_domain::{AreaCode, CaseId, Timestamp, UserId};
use woodlark_ledger::{BookId, Cause, Entry, post};
use woodlark_store::{Config, Store, ledger};

const NOW: Timestamp = Timestamp(1_795_579_200_000_000);
/// The resident whose page is looked at.
const RICH: u64 = 0;
/// Pages of one turn, and turns.
const PAGES: usize = 2_000;
const TURNS: usize = 4;

fn scattered(number: u64) -> [u8; 16] {
    let one = number.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let two = (one ^ (one >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let mut id = [0; 16];
    let (head, tail) = id.split_at_mut(8);
    head.copy_from_slice(&two.to_be_bytes());
    tail.copy_from_slice(&one.to_be_bytes());
    id
}

fn user(number: u64) -> UserId {
    UserId::from_bytes(scattered(number ^ 0x5555))
}

/// Opens a database, and fills it where it is new: so many books, the first with more entries than the others.
fn filled(path: &Path, books: u64, rich: u64, others: u64) -> Store {
    let url = path.to_string_lossy().into_owned();
    let is_new = !path.exists();
    let store = Store::open(&Config::new(url.clone(), AreaCode::new("310120").unwrap())).unwrap();
    if is_new {
        let begun = Instant::now();
        let mut conn = SqliteConnection::establish(&url).unwrap();
        conn.batch_execute("PRAGMA synchronous=OFF; PRAGMA journal_mode=WAL; PRAGMA cache_size=-1000000")
            .unwrap();
        let mut ids: Vec<u64> = (0..books).collect();
        // In the order of their keys, so that the tables are written from one end to the other.
        ids.sort_by_key(|number| scattered(*number));
        for some in ids.chunks(2_000) {
            conn.transaction(|conn| -> diesel::QueryResult<()> {
                some.iter().try_for_each(|number| {
                    let entries = if *number == RICH { rich } else { others };
                    write(conn, *number, entries, user(*number))
                })
            })
            .unwrap();
        }
        println!("{} filled in {:.0} s", path.display(), begun.elapsed().as_secs_f64());
    }
    store
}

fn write(conn: &mut SqliteConnection, number: u64, entries: u64, owner: UserId) -> diesel::QueryResult<()> {
    let book = BookId(scattered(number));
    let (mut before, mut points) = ([0; 32], 0_i64);
    for seq in 1..=entries {
        let case = CaseId::from_bytes(scattered(number << 20 | seq));
        let at = Timestamp(NOW.0 - i64::try_from((entries - seq) * 3_600_000_000).unwrap());
        let cause = Cause::Deed { deed: Deed::ProblemFiled, case, confirmed_at: at, table: 1, worth: 10 };
        let entry =
            Entry { adcode: *b"310120", book, seq, at, cause, postings: post::deed(10, 1_000), before };
        (before, points) = (entry.hash(), points + 10);
        sql_query("INSERT INTO ledger_entry VALUES ('310120', ?, ?, ?, ?, ?, ?)")
            .bind::<Binary, _>(book.0.as_slice())
            .bind::<BigInt, _>(i64::try_from(seq).unwrap())
            .bind::<Binary, _>(entry.id().0.as_slice())
            .bind::<Binary, _>(case.as_bytes().as_slice())
            .bind::<Binary, _>(entry.to_bytes())
            .bind::<Binary, _>(before.as_slice())
            .execute(conn)?;
    }
    sql_query("INSERT INTO ledger_book VALUES ('310120', ?, ?, ?, ?, ?, ?, 0, 0, ?, NULL)")
        .bind::<Binary, _>(book.0.as_slice())
        .bind::<BigInt, _>(NOW.0 - 400 * Timestamp::DAY)
        .bind::<BigInt, _>(i64::try_from(entries).unwrap())
        .bind::<Binary, _>(before.as_slice())
        .bind::<BigInt, _>(NOW.0)
        .bind::<BigInt, _>(points)
        .bind::<BigInt, _>(points)
        .execute(conn)?;
    for month in 202_601..=202_611_i64 {
        // One deed a month, and the rest of them in the last.
        let deeds = if month == 202_611 { i64::try_from(entries).unwrap().saturating_sub(10) } else { 1 };
        sql_query("INSERT INTO ledger_month VALUES ('310120', ?, ?, 'problem_filed', ?, ?)")
            .bind::<Binary, _>(book.0.as_slice())
            .bind::<BigInt, _>(month)
            .bind::<BigInt, _>(deeds)
            .bind::<BigInt, _>(deeds * 10)
            .execute(conn)?;
    }
    sql_query("INSERT INTO ledger_owner VALUES ('310120', ?, ?)")
        .bind::<Binary, _>(book.0.as_slice())
        .bind::<Binary, _>(owner.as_bytes().as_slice())
        .execute(conn)?;
    Ok(())
}

/// Reads a page as its endpoint does, so many times; how long each took, shortest first.
fn pages(store: &Store) -> Vec<Duration> {
    let mut took: Vec<Duration> = (0..PAGES)
        .map(|_| {
            let begun = Instant::now();
            let read = store.read_blocking(|conn| {
                let books = ledger::books_of(conn, user(RICH))?;
                let book = books.first().map(|book| book.id).unwrap_or(BookId::CITY);
                Ok((ledger::months(conn, book)?.len(), ledger::entries(conn, book, None, 20)?.len()))
            });
            assert_eq!(read.unwrap(), (11, 20));
            begun.elapsed()
        })
        .collect();
    took.sort_unstable();
    took
}

fn peak_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kib| kib.parse::<u64>().ok()).unwrap_or_default() / 1_024
}

fn main() {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "ledger-measure".to_owned());
    let folder = Path::new(&folder);
    if let Some(owner) = std::env::args().nth(2) {
        let path = folder.join("woodlark.sqlite").to_string_lossy().into_owned();
        let mut conn = SqliteConnection::establish(&path).unwrap();
        let owner: UserId = owner.parse().unwrap();
        conn.transaction(|conn| write(conn, RICH, 10_000, owner)).unwrap();
        return;
    }
    std::fs::create_dir_all(folder).unwrap();
    let small = filled(&folder.join("small.sqlite"), 100, 100, 100);
    let large = filled(&folder.join("large.sqlite"), 999_001, 10_000, 10);
    for store in [&small, &large] {
        pages(store);
    }
    let (mut of_small, mut of_large) = (Vec::new(), Vec::new());
    for _ in 0..TURNS {
        of_small.extend(pages(&small));
        of_large.extend(pages(&large));
    }
    of_small.sort_unstable();
    of_large.sort_unstable();
    let at =
        |all: &[Duration], part: usize| all.get(all.len() * part / 1_000).unwrap().as_secs_f64() * 1_000.0;
    println!("page         among 10,000   among 10,000,000   ratio");
    for (name, part) in [("p50", 500), ("p99", 990)] {
        let (one, other) = (at(&of_small, part), at(&of_large, part));
        println!("{name:<12} {one:>9.3} ms   {other:>13.3} ms   {:>5.2}", other / one);
    }
    let before = peak_mib();
    let begun = Instant::now();
    let day = Day::from_count(20_780);
    let computed = large.read_blocking(move |conn| ledger::compute(conn, day, NOW)).unwrap();
    println!(
        "root over {} chains with {} entries: {:.1} s, peak memory {} MiB ({before} before)",
        computed.books,
        computed.entries,
        begun.elapsed().as_secs_f64(),
        peak_mib()
    );
}
