//! Past cases in bulk: their events were decided by the rules already, and are written without asking again.

use crate::Fault;
use crate::cases::{CaseFile, History, Letters, Reckoned};
use crate::city::City;
use crate::column::{At, bytes, count, to_json};
use crate::conn::{Conn, Tx, each};
use crate::figures::{CaseRow, Sums};
use crate::schema::{account, case_attachment, case_file, case_pair, counter, event, figure_case, joiner};
use diesel::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use woodlark_domain::case::Event;
use woodlark_domain::figures::share;
use woodlark_domain::{CaseId, CaseNumber, ContentHash, Timestamp, UserId};

/// A case of the past.
#[derive(Debug, Clone)]
pub struct Past {
    /// Its id.
    pub id: CaseId,
    /// What happened to it, oldest first.
    pub events: Vec<Event>,
    /// The files of its report: the name, and the object that is in the store and has its row.
    pub photos: Vec<(ContentHash, ContentHash)>,
}

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Seeded {
    /// Cases.
    pub cases: usize,
    /// Events.
    pub events: usize,
}

/// Values of one statement, well below what both engines take (32,766 and 65,535).
const VALUES: usize = 16_000;

#[derive(Insertable)]
#[diesel(table_name = event, treat_none_as_default_value = false)]
struct EventRow<'a> {
    adcode: &'a str,
    case_id: Vec<u8>,
    seq: i64,
    at: i64,
    kind: &'static str,
    user_id: Option<Vec<u8>>,
    role: &'static str,
    door: &'static str,
    body: String,
}

#[derive(Insertable)]
#[diesel(table_name = joiner, treat_none_as_default_value = false)]
struct JoinerRow<'a> {
    adcode: &'a str,
    case_id: Vec<u8>,
    user_id: Vec<u8>,
    joined_at: i64,
}

#[derive(Insertable)]
#[diesel(table_name = account, treat_none_as_default_value = false)]
struct AccountRow {
    user_id: Vec<u8>,
    created_at: i64,
    moved_to: Option<Vec<u8>>,
    moved_at: Option<i64>,
}

#[derive(Insertable)]
#[diesel(table_name = case_attachment, treat_none_as_default_value = false)]
struct PhotoRow<'a> {
    adcode: &'a str,
    case_id: Vec<u8>,
    seq: i64,
    position: i64,
    hash: Vec<u8>,
    role: &'static str,
    media_hash: Vec<u8>,
    duration_ms: Option<i64>,
}

/// Writes so many rows of so many columns at a time.
macro_rules! write_rows {
    ($conn:expr, $table:expr, $rows:expr, $columns:expr) => {
        for rows in $rows.chunks(VALUES / $columns) {
            each!($conn, c => diesel::insert_into($table).values(rows).execute(c))?;
        }
    };
}

/// Makes accounts, those that are there already left alone.
///
/// # Errors
/// [`Fault`].
pub fn accounts(tx: &mut Tx, users: &[UserId], created_at: Timestamp) -> Result<(), Fault> {
    let conn: &mut Conn = tx;
    let row = |user: &UserId| AccountRow {
        user_id: bytes(user.as_bytes()),
        created_at: created_at.0,
        moved_to: None,
        moved_at: None,
    };
    let rows: Vec<AccountRow> = users.iter().map(row).collect();
    for rows in rows.chunks(VALUES / 4) {
        each!(conn, c => diesel::insert_into(account::table).values(rows).on_conflict_do_nothing().execute(c))?;
    }
    Ok(())
}

/// Writes cases of the past, a few thousand at a call. Each gets the next number of the day on which it came in; no
/// audit row and no errand is left behind, for nobody does this now; whom the clock has to call to those that are open
/// still, it calls in its next turn. Quickest with the oldest first.
///
/// # Errors
/// [`Fault`], also where events do not add up.
pub fn cases(tx: &mut Tx, past: &[Past], city: &City) -> Result<Seeded, Fault> {
    let adcode = tx.adcode().to_owned();
    let conn: &mut Conn = tx;
    let mut numbers = Numbers::default();
    let (mut files, mut events, mut joiners, mut photos) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut pairs = Vec::new();
    let (mut shares, mut sums) = (Vec::new(), Sums::default());
    for one in past {
        let history = history(one)?;
        let number = numbers.next(conn, city, history.case.reported_at)?;
        let reckoned = Reckoned::new(&history, city);
        let promised = reckoned.promised_at.map(Timestamp);
        let share = CaseRow::of(&adcode, one.id, &share(&history.case, promised, &city.data().calendar));
        sums.add(&share);
        shares.push(share);
        files.push(CaseFile::of(&adcode, number.as_str(), &history, &reckoned));
        pairs.extend(Letters::of(&history).into_rows(&adcode));
        let case_id = bytes(one.id.as_bytes());
        for (seq, event) in (1..).zip(&history.events) {
            events.push(EventRow {
                adcode: &adcode,
                case_id: case_id.clone(),
                seq,
                at: event.at.0,
                kind: event.kind().code(),
                user_id: event.by.user.map(|user| bytes(user.as_bytes())),
                role: event.by.role.code(),
                door: event.door.code(),
                body: to_json("event", event)?,
            });
        }
        joiners.extend(history.case.joiners.iter().map(|joiner| JoinerRow {
            adcode: &adcode,
            case_id: case_id.clone(),
            user_id: bytes(joiner.user.as_bytes()),
            joined_at: joiner.at.0,
        }));
        photos.extend(one.photos.iter().enumerate().map(|(position, (hash, media))| PhotoRow {
            adcode: &adcode,
            case_id: case_id.clone(),
            seq: 1,
            position: count(position),
            hash: bytes(hash.as_bytes()),
            role: "photo",
            media_hash: bytes(media.as_bytes()),
            duration_ms: None,
        }));
    }
    write_rows!(conn, case_file::table, files, 32);
    write_rows!(conn, event::table, events, 9);
    write_rows!(conn, joiner::table, joiners, 4);
    write_rows!(conn, case_attachment::table, photos, 8);
    // In their own order, which costs the fewest pages.
    pairs.sort();
    write_rows!(conn, case_pair::table, pairs, 3);
    write_rows!(conn, figure_case::table, shares, 22);
    sums.keep(conn)?;
    numbers.keep(conn)?;
    Ok(Seeded { cases: files.len(), events: events.len() })
}

fn history(past: &Past) -> Result<History, Fault> {
    let mut events = past.events.iter().cloned();
    let Some(first) = events.next() else {
        return Err(Fault::Events { case: past.id.to_string(), detail: "no events".to_owned() });
    };
    let mut history = History::begin(past.id, first)?;
    events.try_for_each(|event| history.push(event))?;
    Ok(history)
}

/// The numbers of each day, read once and written back once.
#[derive(Default)]
struct Numbers {
    days: BTreeMap<i64, i64>,
    fresh: BTreeSet<i64>,
}

impl Numbers {
    fn next(&mut self, conn: &mut Conn, city: &City, at: Timestamp) -> Result<CaseNumber, Fault> {
        let day = city.data().calendar.day(at).number();
        let key = i64::from(day);
        let so_far = match self.days.get(&key) {
            Some(n) => *n,
            None => {
                let found = counter::table
                    .find((&*conn.adcode, key))
                    .select(counter::n)
                    .first::<i64>(&mut conn.engine)
                    .optional()?;
                if found.is_none() {
                    self.fresh.insert(key);
                }
                found.unwrap_or(0)
            }
        };
        self.days.insert(key, so_far + 1);
        let n = u32::try_from(so_far + 1).unwrap_or(u32::MAX);
        CaseNumber::of(&city.data().letters, day, n).map_err(|error| At("city", "letters").corrupt(error))
    }

    fn keep(&self, conn: &mut Conn) -> Result<(), Fault> {
        for (day, n) in &self.days {
            if self.fresh.contains(day) {
                let row = (counter::adcode.eq(&*conn.adcode), counter::day.eq(day), counter::n.eq(n));
                diesel::insert_into(counter::table).values(row).execute(&mut conn.engine)?;
            } else {
                let row = counter::table.find((&*conn.adcode, day));
                diesel::update(row).set(counter::n.eq(n)).execute(&mut conn.engine)?;
            }
        }
        Ok(())
    }
}
