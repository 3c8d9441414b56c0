//! The pairs of letters by which a case is found: written once, soon after the case, for what was reported never changes.

use super::history::History;
use crate::Fault;
use crate::column::bytes;
use crate::conn::{Conn, Engine};
use crate::schema::case_pair;
use diesel::prelude::*;
use std::collections::BTreeSet;
use woodlark_domain::search::{Pair, pairs};

/// A pair of a case.
#[derive(Insertable, PartialEq, Eq, PartialOrd, Ord)]
#[diesel(table_name = case_pair, treat_none_as_default_value = false)]
pub(crate) struct PairRow<'a> {
    adcode: &'a str,
    pair: Pair,
    case_id: Vec<u8>,
}

/// The pairs of a case, as rows.
pub(crate) fn pairs_of<'a>(adcode: &'a str, history: &History) -> Vec<PairRow<'a>> {
    let Some(intake) = history.intake() else { return Vec::new() };
    let mut found: BTreeSet<Pair> = BTreeSet::new();
    found.extend(intake.words.iter().flat_map(|words| pairs(words.as_str())));
    found.extend(intake.place_words.iter().flat_map(|words| pairs(words.as_str())));
    let case_id = bytes(history.case.id.as_bytes());
    found.into_iter().map(|pair| PairRow { adcode, pair, case_id: case_id.clone() }).collect()
}

/// Rows of one statement on PostgreSQL, which takes 65,535 values.
const ROWS: usize = 2_000;

/// Writes pairs; those that are there are left alone. In their own order, which touches the fewest pages.
pub(crate) fn write_pairs(conn: &mut Conn, mut pairs: Vec<PairRow<'_>>) -> Result<(), Fault> {
    pairs.sort();
    match &mut conn.engine {
        // Row by row, so that the statement stays prepared.
        Engine::Sqlite(c) => {
            for pair in &pairs {
                diesel::insert_into(case_pair::table).values(pair).on_conflict_do_nothing().execute(c)?;
            }
        }
        // All together: each statement is a journey.
        Engine::Postgres(c) => {
            for pairs in pairs.chunks(ROWS) {
                diesel::insert_into(case_pair::table).values(pairs).on_conflict_do_nothing().execute(c)?;
            }
        }
    }
    Ok(())
}
