//! What the figures of a period are, and the cases behind a number.

use super::CaseRow;
use super::sums::{Numbers, stretches};
use crate::Fault;
use crate::column::{At, bytes, count};
use crate::conn::Conn;
use crate::schema::{figure_case, figure_sum};
use diesel::prelude::*;
use std::collections::BTreeMap;
use woodlark_domain::CaseId;
use woodlark_domain::clock::Day;
use woodlark_domain::figures::{Counts, Dimension, Measure};

/// The sums of a period, for each key of a dimension, by key. `from` is the first day, `to` the first after it.
///
/// # Errors
/// [`Fault`].
pub fn figures(conn: &mut Conn, by: Dimension, from: Day, to: Day) -> Result<Vec<(String, Counts)>, Fault> {
    let mut sums: BTreeMap<String, Counts> = BTreeMap::new();
    for (days, first, end) in stretches(i64::from(from.count()), i64::from(to.count())) {
        let rows = figure_sum::table
            .filter(figure_sum::adcode.eq(&*conn.adcode))
            .filter(figure_sum::dimension.eq(by.code()))
            .filter(figure_sum::span.eq(days))
            .filter(figure_sum::start.ge(first))
            .filter(figure_sum::start.lt(end))
            .select((figure_sum::key, Numbers::as_select()))
            .load::<(String, Numbers)>(&mut conn.engine)?;
        for (key, numbers) in rows {
            let sum = sums.entry(key).or_default();
            *sum = sum.plus(&numbers.counts());
        }
    }
    Ok(sums.into_iter().filter(|(_, sum)| !sum.is_nothing()).collect())
}

/// The whole city's sums of each day on which anything came in, oldest first. `from` is the first day, `to` the first after
/// the last.
///
/// # Errors
/// [`Fault`].
pub fn days(conn: &mut Conn, from: Day, to: Day) -> Result<Vec<(Day, Counts)>, Fault> {
    // Every case has one kind, so the kinds' sums are the city's.
    let rows = figure_sum::table
        .filter(figure_sum::adcode.eq(&*conn.adcode))
        .filter(figure_sum::dimension.eq(Dimension::Kind.code()))
        .filter(figure_sum::span.eq(1_i64))
        .filter(figure_sum::start.ge(i64::from(from.count())))
        .filter(figure_sum::start.lt(i64::from(to.count())))
        .select((figure_sum::start, Numbers::as_select()))
        .load::<(i64, Numbers)>(&mut conn.engine)?;
    let mut sums: BTreeMap<i64, Counts> = BTreeMap::new();
    for (day, numbers) in rows {
        let sum = sums.entry(day).or_default();
        *sum = sum.plus(&numbers.counts());
    }
    let read = |(day, sum)| Ok((Day::from_count(At("figure_sum", "start").number(day)?), sum));
    sums.into_iter().map(read).collect()
}

/// The cases behind a number of a period: those that add to it, by day and id, after the one named, at most `most`.
///
/// # Errors
/// [`Fault`].
pub fn behind(
    conn: &mut Conn,
    (by, key): (Dimension, &str),
    (from, to): (Day, Day),
    measure: Measure,
    after: Option<(Day, CaseId)>,
    most: usize,
) -> Result<Vec<(Day, CaseId)>, Fault> {
    let (mut day, mut id) = match after {
        Some((day, id)) => (i64::from(day.count()), bytes(id.as_bytes())),
        None => (i64::from(from.count()), Vec::new()),
    };
    let mut found = Vec::new();
    // Walked in steps along the day's index, so that a number that few cases add to does not read all at once.
    while found.len() < most {
        let rows: Vec<CaseRow> = figure_case::table
            .filter(figure_case::adcode.eq(&*conn.adcode))
            .filter(figure_case::day.lt(i64::from(to.count())))
            .filter(figure_case::day.gt(day).or(figure_case::day.eq(day).and(figure_case::case_id.gt(&id))))
            .order((figure_case::day, figure_case::case_id))
            .limit(count(STEP))
            .select(CaseRow::as_select())
            .load(&mut conn.engine)?;
        let ended = rows.len() < STEP;
        for row in rows {
            (day, id) = (row.day, row.case_id.clone());
            if row.key(by) == key && row.counts().get(measure) > 0 && found.len() < most {
                let at = |column| At("figure_case", column);
                found.push((Day::from_count(at("day").number(row.day)?), at("case_id").case(&row.case_id)?));
            }
        }
        if ended {
            break;
        }
    }
    Ok(found)
}

/// Rows looked at in one step.
const STEP: usize = 500;
