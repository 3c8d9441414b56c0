//! Cases by words, those made last first.
//!
//! Neither engine can look for Chinese without an extension: SQLite's and PostgreSQL's own indices of text want words that
//! are parted, and what pairs or triples of letters need has to be installed on PostgreSQL. So the pairs are rows of a table
//! of our own, the same on both, written soon after the case; cases that have none yet are gone through as they are. Of the pairs that are sought the one that fewest cases have leads;
//! its cases are gone through from the newest, those that have the other pairs too are looked up, and what was written is
//! held against the words: pairs that stand apart are not yet a word. A page goes through so many cases and no more, so that
//! two frequent words that never meet keep nobody waiting: it is then short, and the next begins where it ended.

use super::count::Counted;
use super::filter::{rows, states};
use super::{Ask, Keys, Place, place};
use crate::Fault;
use crate::cases::MAX_WORDS_SHOWN;
use crate::column::{At, BEYOND, bytes, count};
use crate::conn::{Conn, MultiBackend};
use crate::follow_up;
use crate::prepared::among;
use crate::schema::{case_file, case_pair, event};
use diesel::dsl::exists;
use diesel::prelude::*;
use std::collections::BTreeMap;
use woodlark_domain::case::{Command, Event};
use woodlark_domain::search::{Pair, SoughtWords};

/// How far the cases of a pair are counted, to find the one that fewest have.
const COUNTED: usize = 250;
/// Pairs that a case must have to be looked up; what more there are, holding the words against the text sees to.
const PAIRS: usize = 4;
/// Cases of the leading pair that are taken, time after time for one page: few at first, for mostly they will do.
const TAKEN: [usize; 5] = [64, 250, 750, 1_000, 1_000];

/// Cases without pairs that are gone through. They are made findable within seconds; more than so many wait only where far
/// more reports come in than the follow-up keeps up with, and then the older of them are found later.
const FRESH: usize = 1_000;

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
    let fresh = follow_up::not_findable(conn, FRESH)?;
    let mut before = after.map_or_else(|| BEYOND.to_vec(), |after| bytes(after.id.as_bytes()));
    let mut keys = Vec::new();
    for many in TAKEN {
        let from = far_back(conn, lead, &before, many)?;
        let end = from.as_deref().unwrap_or_default();
        let mut candidates = with_pairs(conn, (lead, others), &before, end)?;
        let fresh = fresh.iter().map(|id| bytes(id.as_bytes()));
        candidates.extend(fresh.filter(|id| *id < before && id.as_slice() >= end));
        for id in meant(conn, ask, words, candidates)? {
            keys.push(place((0, id))?);
        }
        let Some(from) = from.filter(|_| keys.len() <= most) else { return Ok(Keys::of(keys, most)) };
        before = from;
    }
    // There is more to go through.
    let next = Some(place((0, before))?);
    Ok(Keys { next, ..Keys::of(keys, most) })
}

/// The pairs, that which fewest cases have first.
fn rarest_first(conn: &mut Conn, words: &SoughtWords) -> Result<Vec<Pair>, Fault> {
    // One is the rarest without being counted.
    if words.pairs().len() == 1 {
        return Ok(words.pairs().iter().cloned().collect());
    }
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
    Ok(counted.into_iter().map(|(_, pair)| pair).take(PAIRS).collect())
}

diesel::alias!(case_pair as other: Other);

/// The place of the `many`th case with a pair, from the newest made before another; none where there are not so many.
fn far_back(conn: &mut Conn, pair: &Pair, before: &[u8], many: usize) -> Result<Option<Vec<u8>>, Fault> {
    let mut cases: Vec<Vec<u8>> = case_pair::table
        .filter(case_pair::adcode.eq(&*conn.adcode))
        .filter(case_pair::pair.eq(pair))
        .filter(case_pair::case_id.lt(before))
        .order(case_pair::case_id.desc())
        .limit(count(many))
        .select(case_pair::case_id)
        .load(&mut conn.engine)?;
    Ok(if cases.len() < many { None } else { cases.pop() })
}

/// Cases with all these pairs, newest first, those made before one and not before another.
fn with_pairs(
    conn: &mut Conn,
    (lead, others): (&Pair, &[Pair]),
    before: &[u8],
    from: &[u8],
) -> Result<Vec<Vec<u8>>, Fault> {
    let mut cases = case_pair::table
        .filter(case_pair::adcode.eq(&*conn.adcode))
        .filter(case_pair::pair.eq(lead))
        .filter(case_pair::case_id.lt(before))
        .filter(case_pair::case_id.ge(from))
        .into_boxed::<MultiBackend>();
    for pair in others {
        let same = other
            .filter(other.field(case_pair::adcode).eq(case_pair::adcode))
            .filter(other.field(case_pair::pair).eq(pair))
            .filter(other.field(case_pair::case_id).eq(case_pair::case_id));
        cases = cases.filter(exists(same));
    }
    Ok(cases.order(case_pair::case_id.desc()).select(case_pair::case_id).load(&mut conn.engine)?)
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
        .filter(among(case_file::id, candidates))
        .filter(among(case_file::state, states))
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
