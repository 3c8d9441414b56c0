//! A slow look at the figures: every case counted anew, against what is kept.

use super::count::of_case;
use super::sums::{Numbers, Span, Sums};
use crate::Fault;
use crate::cases::History;
use crate::city::City;
use crate::column::At;
use crate::conn::Conn;
use crate::schema::{case_file, figure_sum};
use diesel::prelude::*;
use std::collections::BTreeMap;
use woodlark_domain::figures::{Counts, Dimension};

/// What is wrong with the figures: sums that are not those of the cases, and cases that were counted otherwise than they stand
/// once every errand is done. Slow: it counts every case anew.
///
/// # Errors
/// [`Fault`].
pub fn recount(conn: &mut Conn, city: &City) -> Result<Vec<String>, Fault> {
    let mut wrong = Vec::new();
    let mut slow = Sums::default();
    let ids: Vec<Vec<u8>> = case_file::table
        .filter(case_file::adcode.eq(&*conn.adcode))
        .select(case_file::id)
        .load(&mut conn.engine)?;
    for id in ids {
        let id = At("case_file", "id").case(&id)?;
        let Some(history) = History::load(conn, id)? else { continue };
        if let Some(row) = of_case(conn, &history, city)? {
            slow.add(&row);
        }
    }
    type Found = (String, String, i64, i64, Numbers);
    let kept = figure_sum::table
        .filter(figure_sum::adcode.eq(&*conn.adcode))
        .select((
            figure_sum::dimension,
            figure_sum::key,
            figure_sum::span,
            figure_sum::start,
            Numbers::as_select(),
        ))
        .load::<Found>(&mut conn.engine)?;
    let mut quick: BTreeMap<(Dimension, String, Span), Counts> = BTreeMap::new();
    for (dimension, key, days, start, numbers) in kept {
        let dimension = At("figure_sum", "dimension").code(&dimension, Dimension::from_code)?;
        quick.insert((dimension, key, Span { days, start }), numbers.counts());
    }
    let mut slow = slow.spans();
    quick.retain(|_, sum| !sum.is_nothing());
    slow.retain(|_, sum| !sum.is_nothing());
    let named = |(dimension, key, span): &(Dimension, String, Span)| {
        format!("the figures of {} {key:?} of {} days from {}", dimension.code(), span.days, span.start)
    };
    for (place, sum) in &slow {
        if quick.remove(place).as_ref() != Some(sum) {
            wrong.push(format!("{} are not those of its cases", named(place)));
        }
    }
    wrong.extend(quick.keys().map(|place| format!("{} are of no case", named(place))));
    Ok(wrong)
}
