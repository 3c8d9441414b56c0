//! Cases by words, those made last first.
//!
//! Neither engine can look for Chinese without an extension: SQLite's and PostgreSQL's own indices of text want words that
//! are parted, and what pairs or triples of letters need has to be installed on PostgreSQL. So the pairs are rows of a table
//! of our own, the same on both, written with the case. Of the pairs that are sought the one that fewest cases have leads;
//! its cases are gone through from the newest, those that have the other pairs too are looked up, and what was written is
//! held against the words: pairs that stand apart are not yet a word. A page goes through so many cases and no more, so that
//! two frequent words that never meet keep nobody waiting: it is then short, and the next begins where it ended.

use super::count::Counted;
use super::filter::{rows, states};
use super::{Ask, Keys, Place, place};
use crate::Fault;
use crate::cases::MAX_WORDS_SHOWN;
use crate::column::{At, bytes, count};
use crate::conn::Conn;
use crate::schema::{case_file, case_pair, event};
use diesel::prelude::*;
use std::collections::BTreeMap;
use woodlark_domain::case::{Command, Event};
use woodlark_domain::search::{Pair, SoughtWords};

/// How far the cases of a pair are counted, to find the one that fewest have.
const COUNTED: usize = 1_000;
/// Cases of the leading pair that are taken at a time, and how often for one page.
const TAKEN: usize = 500;
const TIMES: usize = 6;

/// The keys of a page.
pub(super) fn keys(
    conn: &mut Conn,
    ask: &Ask<'_>,
    words: &SoughtWords,
    after: Option<Place>,
    most: usize,
) -> Result<Keys, Fault> {
    let pairs = rarest_first(conn, words)?;
    let Some((lead, others)) = pairs.split_first() else { return Ok(Keys::of(Vec::new(), most)) };
    let mut before = after.map(|after| bytes(after.id.as_bytes()));
    let mut keys = Vec::new();
    for _ in 0..TIMES {
        let taken = with_lead(conn, lead, before.as_ref())?;
        let full = taken.len() >= TAKEN;
        before = taken.last().cloned();
        let mut candidates = taken;
        for pair in others {
            candidates = with_pair(conn, pair, candidates)?;
        }
        for id in meant(conn, ask, words, candidates)? {
            keys.push(place((0, id))?);
        }
        if keys.len() > most || !full {
            return Ok(Keys::of(keys, most));
        }
    }
    // There is more to go through.
    let next = before.map(|id| place((0, id))).transpose()?;
    Ok(Keys { next, ..Keys::of(keys, most) })
}

/// The pairs, that which fewest cases have first.
fn rarest_first(conn: &mut Conn, words: &SoughtWords) -> Result<Vec<Pair>, Fault> {
    let adcode = conn.adcode.clone();
    let mut counted = Vec::new();
    for pair in words.pairs() {
        let some = case_pair::table
            .filter(case_pair::adcode.eq(&*adcode))
            .filter(case_pair::pair.eq(pair))
            .select(case_pair::case_id)
            .limit(count(COUNTED));
        counted.push((Counted(some).get_result::<i64>(&mut conn.engine)?, pair.clone()));
    }
    counted.sort();
    Ok(counted.into_iter().map(|(_, pair)| pair).collect())
}

/// Cases with a pair, newest first, those made before another.
fn with_lead(conn: &mut Conn, pair: &Pair, before: Option<&Vec<u8>>) -> Result<Vec<Vec<u8>>, Fault> {
    // No id is longer than sixteen bytes, so this one comes after all of them.
    let beyond = vec![u8::MAX; 17];
    Ok(case_pair::table
        .filter(case_pair::adcode.eq(&*conn.adcode))
        .filter(case_pair::pair.eq(pair))
        .filter(case_pair::case_id.lt(before.unwrap_or(&beyond)))
        .order(case_pair::case_id.desc())
        .limit(count(TAKEN))
        .select(case_pair::case_id)
        .load(&mut conn.engine)?)
}

/// Those of these cases that have another pair too.
fn with_pair(conn: &mut Conn, pair: &Pair, of: Vec<Vec<u8>>) -> Result<Vec<Vec<u8>>, Fault> {
    if of.is_empty() {
        return Ok(of);
    }
    Ok(case_pair::table
        .filter(case_pair::adcode.eq(&*conn.adcode))
        .filter(case_pair::pair.eq(pair))
        .filter(case_pair::case_id.eq_any(of))
        .select(case_pair::case_id)
        .load(&mut conn.engine)?)
}

/// Those of these cases that are meant and in which the words stand, newest first.
fn meant(
    conn: &mut Conn,
    ask: &Ask<'_>,
    words: &SoughtWords,
    candidates: Vec<Vec<u8>>,
) -> Result<Vec<Vec<u8>>, Fault> {
    type Found = (Vec<u8>, String, Option<String>);
    let adcode = conn.adcode.clone();
    let Some(rows) = rows(&adcode, ask).filter(|_| !candidates.is_empty()) else { return Ok(Vec::new()) };
    let states: Vec<&str> = states(ask).into_iter().map(|state| state.code()).collect();
    let mut found: Vec<Found> = rows
        .filter(case_file::id.eq_any(candidates))
        .filter(case_file::state.eq_any(states))
        .select((case_file::id, case_file::words, case_file::place_words))
        .load(&mut conn.engine)?;
    found.sort();
    found.reverse();
    let cut = |shown: &str| shown.chars().count() >= MAX_WORDS_SHOWN;
    let long: Vec<&Vec<u8>> = found.iter().filter(|(_, shown, _)| cut(shown)).map(|(id, _, _)| id).collect();
    let whole = whole_words(conn, &long)?;
    let stands = |(id, shown, place): &Found| {
        let said = whole.get(id).map_or(shown.as_str(), String::as_str);
        words.stand_in(&[said, place.as_deref().unwrap_or_default()])
    };
    Ok(found.into_iter().filter(stands).map(|(id, _, _)| id).collect())
}

/// What was said, whole, of cases of which a list shows the beginning.
fn whole_words(conn: &mut Conn, ids: &[&Vec<u8>]) -> Result<BTreeMap<Vec<u8>, String>, Fault> {
    let mut whole = BTreeMap::new();
    for id in ids {
        let body = event::table
            .find((&*conn.adcode, *id, 1_i64))
            .select(event::body)
            .first::<String>(&mut conn.engine)
            .optional()?;
        let Some(body) = body else { continue };
        // One case's event that cannot be read keeps nobody from finding the others: what the list shows will do.
        if let Ok(Event { what: Command::Report(intake), .. }) = At("event", "body").json::<Event>(&body)
            && let Some(words) = intake.words
        {
            whole.insert((*id).clone(), words.as_str().to_owned());
        }
    }
    Ok(whole)
}
