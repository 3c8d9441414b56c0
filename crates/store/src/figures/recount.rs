//! A slow look at the figures: every case counted anew, against what is kept.

use super::count::of_case;
use super::sums::{Numbers, Sums};
use crate::Fault;
use crate::cases::History;
use crate::city::City;
use crate::column::At;
use crate::conn::Conn;
use crate::schema::{case_file, figure_day};
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
    let kept = figure_day::table
        .filter(figure_day::adcode.eq(&*conn.adcode))
        .select((figure_day::dimension, figure_day::key, figure_day::day, Numbers::as_select()))
        .load::<(String, String, i64, Numbers)>(&mut conn.engine)?;
    let mut quick: BTreeMap<(Dimension, String, i64), Counts> = BTreeMap::new();
    for (dimension, key, day, numbers) in kept {
        let dimension = At("figure_day", "dimension").code(&dimension, Dimension::from_code)?;
        quick.insert((dimension, key, day), numbers.counts());
    }
    quick.retain(|_, sum| !sum.is_nothing());
    slow.0.retain(|_, sum| !sum.is_nothing());
    for (place, sum) in &slow.0 {
        if quick.remove(place).as_ref() != Some(sum) {
            wrong.push(format!(
                "the figures of {} {:?} on day {} are not those of its cases",
                place.0.code(),
                place.1,
                place.2
            ));
        }
    }
    wrong.extend(quick.keys().map(|place| {
        format!("the figures of {} {:?} on day {} are of no case", place.0.code(), place.1, place.2)
    }));
    Ok(wrong)
}
