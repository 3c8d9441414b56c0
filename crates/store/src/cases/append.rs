//! Writes what happened: the event, its files, who joined, the row, the audit row, the outbox row. All in one
//! transaction, and the only place that writes any of them.

use super::Row;
use super::file::CaseFile;
use super::history::History;
use super::pairs::{Letters, write_pairs};
use super::reckoned::{Reckoned, UNWOUND};
use crate::Fault;
use crate::city::City;
use crate::column::{bytes, count, to_json};
use crate::conn::{Conn, Tx, each};
use crate::fixed::NextNumber;
use crate::follow_up::{CHANGED, MADE};
use crate::schema::{case_attachment, case_file, entry_count, event, joiner};
use crate::trail::{Deed, record, send};
use diesel::prelude::*;
use woodlark_domain::case::{Command, Event};
use woodlark_domain::{CaseNumber, ContentHash, Timestamp};

/// Characters of a case's words that a list shows.
pub const MAX_WORDS_SHOWN: usize = 80;

/// A file of an event.
#[derive(Debug, Clone)]
pub(crate) struct File {
    pub(crate) hash: ContentHash,
    pub(crate) role: &'static str,
    pub(crate) media_hash: ContentHash,
    pub(crate) duration_ms: Option<i64>,
}

/// A case that begins.
pub(crate) struct Begin<'a> {
    pub(crate) history: &'a History,
    pub(crate) files: &'a [File],
    pub(crate) city: &'a City,
    pub(crate) now: Timestamp,
}

/// Writes a new case with all its events so far; allots its number.
pub(crate) fn begin(tx: &mut Tx, new: &Begin<'_>) -> Result<Row, Fault> {
    let history = new.history;
    let day = new.city.data().calendar.day(new.now).number();
    let n = next_number(tx, i64::from(day))?;
    let number = CaseNumber::of(&new.city.data().letters, day, u32::try_from(n).unwrap_or(u32::MAX))
        .map_err(|error| crate::column::At("city", "letters").corrupt(error))?;
    let row = CaseFile::of(tx.adcode(), number.as_str(), history, &Reckoned::new(history, new.city));
    each!(tx, c => diesel::insert_into(case_file::table).values(&row).execute(c))?;
    for (seq, event) in (1..).zip(&history.events) {
        write_event(tx, history, seq, event)?;
        leave_trail(tx, history, seq, event)?;
    }
    leave_errand(tx, MADE, history, 1, new.now)?;
    write_files(tx, history, 1, new.files)?;
    if let Some(entry) = &history.case.entry {
        count_entry(tx, entry.as_str(), i64::from(day))?;
    }
    row.read()
}

/// Writes one more event of a case that is there. `history` holds it already.
pub(crate) fn append(tx: &mut Tx, history: &History, files: &[File], city: &City) -> Result<Row, Fault> {
    let seq = count(history.events.len());
    let Some(event) = history.events.last() else { return Err(Fault::Moved) };
    let conn: &mut Conn = tx;
    let id = bytes(history.case.id.as_bytes());
    let (number, wakes_at) = case_file::table
        .find((&*conn.adcode, &id))
        .select((case_file::number, case_file::wakes_at))
        .first::<(String, Option<i64>)>(&mut conn.engine)?;
    if wakes_at == Some(UNWOUND) {
        // Once this is written, nobody winds it any more.
        write_pairs(conn, vec![Letters::of(history)])?;
    }
    let reckoned = Reckoned::of(conn, history, city)?;
    let row = CaseFile::of(&conn.adcode, &number, history, &reckoned);
    // The event's place is its primary key: of two that write the same, one fails and begins anew.
    write_event(tx, history, seq, event)?;
    let unmoved = case_file::table.find((tx.adcode().to_owned(), &id)).filter(case_file::version.eq(seq - 1));
    if diesel::update(unmoved).set(row.changed()).execute(&mut tx.engine)? != 1 {
        return Err(Fault::Moved);
    }
    write_files(tx, history, seq, files)?;
    if let Command::Join { who, .. } = event.what
        && history.case.joiners.iter().any(|joiner| joiner.user == who)
    {
        let made = (
            joiner::adcode.eq(tx.adcode().to_owned()),
            joiner::case_id.eq(&id),
            joiner::user_id.eq(bytes(who.as_bytes())),
            joiner::joined_at.eq(event.at.0),
        );
        diesel::insert_into(joiner::table).values(made).execute(&mut tx.engine)?;
    }
    leave_trail(tx, history, seq, event)?;
    leave_errand(tx, CHANGED, history, seq, event.at)?;
    row.read()
}

fn write_event(tx: &mut Tx, history: &History, seq: i64, event: &Event) -> Result<(), Fault> {
    let row = (
        event::adcode.eq(tx.adcode().to_owned()),
        event::case_id.eq(bytes(history.case.id.as_bytes())),
        event::seq.eq(seq),
        event::at.eq(event.at.0),
        event::kind.eq(event.kind().code()),
        event::user_id.eq(event.by.user.map(|user| bytes(user.as_bytes()))),
        event::role.eq(event.by.role.code()),
        event::door.eq(event.door.code()),
        event::body.eq(to_json("event", event)?),
    );
    each!(tx, c => diesel::insert_into(event::table).values(row).execute(c))?;
    Ok(())
}

fn leave_trail(tx: &mut Tx, history: &History, seq: i64, event: &Event) -> Result<(), Fault> {
    let subject = history.case.id.to_string();
    let detail = format!("{{\"seq\":{seq}}}");
    let (user, role) = (event.by.user, event.by.role);
    let action = event.kind().into();
    record(tx, &Deed { at: event.at, user, role, action, subject: &subject, detail: &detail })
}

/// What is to follow once this stands; one errand for all the events with which a case begins.
fn leave_errand(tx: &mut Tx, topic: &str, history: &History, seq: i64, now: Timestamp) -> Result<(), Fault> {
    let body = format!("{{\"case_id\":\"{}\",\"seq\":{seq}}}", history.case.id);
    send(tx, topic, &[history.case.id.as_bytes(), &seq.to_be_bytes()], &body, now)
}

fn write_files(tx: &mut Tx, history: &History, seq: i64, files: &[File]) -> Result<(), Fault> {
    for (position, file) in files.iter().enumerate() {
        let row = (
            case_attachment::adcode.eq(tx.adcode().to_owned()),
            case_attachment::case_id.eq(bytes(history.case.id.as_bytes())),
            case_attachment::seq.eq(seq),
            case_attachment::position.eq(count(position)),
            case_attachment::hash.eq(bytes(file.hash.as_bytes())),
            case_attachment::role.eq(file.role),
            case_attachment::media_hash.eq(bytes(file.media_hash.as_bytes())),
            case_attachment::duration_ms.eq(file.duration_ms),
        );
        each!(tx, c => diesel::insert_into(case_attachment::table).values(row).execute(c))?;
    }
    Ok(())
}

/// The next number of a day, from 1. It is taken in the case's own transaction, so that none is ever skipped.
fn next_number(tx: &mut Tx, day: i64) -> Result<i64, Fault> {
    let conn: &mut Conn = tx;
    let adcode = &*conn.adcode;
    Ok(each!(conn, c => NextNumber { adcode, day }.get_result::<i64>(c))?)
}

fn count_entry(tx: &mut Tx, entry: &str, day: i64) -> Result<(), Fault> {
    let conn: &mut Conn = tx;
    let row = (
        entry_count::adcode.eq(&*conn.adcode),
        entry_count::entry.eq(entry),
        entry_count::day.eq(day),
        entry_count::n.eq(1_i64),
    );
    each!(conn, c => diesel::insert_into(entry_count::table)
        .values(row)
        .on_conflict((entry_count::adcode, entry_count::entry, entry_count::day))
        .do_update()
        .set(entry_count::n.eq(entry_count::n + 1_i64))
        .execute(c))?;
    Ok(())
}
