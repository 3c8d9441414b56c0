//! The pairs of letters by which a case is found: written once, soon after the case, for what was reported never changes.

use super::history::History;
use crate::Fault;
use crate::column::{bytes, to_json};
use crate::conn::{Conn, Engine};
use crate::fixed::InsertPairs;
use crate::schema::case_pair;
use diesel::prelude::*;
use std::collections::BTreeSet;
use woodlark_domain::search::{Pair, pairs};

/// The pairs of one case.
pub(crate) struct Letters {
    case_id: Vec<u8>,
    pairs: BTreeSet<Pair>,
}

/// A pair of a case.
#[derive(Insertable, PartialEq, Eq, PartialOrd, Ord)]
#[diesel(table_name = case_pair, treat_none_as_default_value = false)]
pub(crate) struct PairRow<'a> {
    adcode: &'a str,
    pair: Pair,
    case_id: Vec<u8>,
}

impl Letters {
    /// Of what was reported, and of the words of its place.
    pub(crate) fn of(history: &History) -> Self {
        let mut found: BTreeSet<Pair> = BTreeSet::new();
        if let Some(intake) = history.intake() {
            found.extend(intake.words.iter().flat_map(|words| pairs(words.as_str())));
            found.extend(intake.place_words.iter().flat_map(|words| pairs(words.as_str())));
        }
        Self { case_id: bytes(history.case.id.as_bytes()), pairs: found }
    }

    /// How many.
    pub(crate) fn len(&self) -> usize {
        self.pairs.len()
    }

    /// As rows.
    pub(crate) fn into_rows<'a>(self, adcode: &'a str) -> impl Iterator<Item = PairRow<'a>> + use<'a> {
        let case_id = self.case_id;
        self.pairs.into_iter().map(move |pair| PairRow { adcode, pair, case_id: case_id.clone() })
    }
}

/// Rows of one statement on PostgreSQL, which takes 65,535 values.
const ROWS: usize = 2_000;

/// Writes pairs; those that are there are left alone.
pub(crate) fn write_pairs(conn: &mut Conn, letters: Vec<Letters>) -> Result<(), Fault> {
    let adcode = conn.adcode.clone();
    match &mut conn.engine {
        // A statement a case that stays prepared: one of many rows never does, and one a row costs twice as much.
        Engine::Sqlite(c) => {
            for letters in letters.iter().filter(|letters| letters.len() > 0) {
                let pairs = to_json("pair", &letters.pairs)?;
                InsertPairs { adcode: &adcode, case_id: &letters.case_id, pairs: &pairs }.execute(c)?;
            }
        }
        // All together, for each statement is a journey; in order, so that two servers wait for each other and never both.
        Engine::Postgres(c) => {
            let mut rows: Vec<PairRow<'_>> =
                letters.into_iter().flat_map(|letters| letters.into_rows(&adcode)).collect();
            rows.sort();
            for rows in rows.chunks(ROWS) {
                diesel::insert_into(case_pair::table).values(rows).on_conflict_do_nothing().execute(c)?;
            }
        }
    }
    Ok(())
}
