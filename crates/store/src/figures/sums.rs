//! The sums of each day, for each key of each dimension.

use super::CaseRow;
use crate::Fault;
use crate::conn::{Conn, each};
use crate::schema::figure_day;
use diesel::prelude::*;
use diesel::upsert::excluded;
use std::collections::BTreeMap;
use woodlark_domain::figures::{Counts, Dimension};

/// What one more or less of something adds to the sums of days.
#[derive(Debug, Default)]
pub(crate) struct Sums(pub(super) BTreeMap<(Dimension, String, i64), Counts>);

impl Sums {
    pub(crate) fn add(&mut self, row: &CaseRow) {
        self.change(row, Counts::plus);
    }

    pub(super) fn take(&mut self, row: &CaseRow) {
        self.change(row, Counts::minus);
    }

    fn change(&mut self, row: &CaseRow, change: fn(Counts, &Counts) -> Counts) {
        for dimension in Dimension::ALL {
            let sum = self.0.entry((*dimension, row.key(*dimension).to_owned(), row.day)).or_default();
            *sum = change(*sum, &row.counts());
        }
    }

    /// Writes them onto what is there.
    pub(crate) fn keep(&self, conn: &mut Conn) -> Result<(), Fault> {
        let changed = self.0.iter().filter(|(_, sum)| !sum.is_nothing());
        for ((dimension, key, day), sum) in changed {
            let [
                reported,
                filed,
                dispatched,
                handled,
                closed,
                on_time,
                same_day,
                open_minutes,
                returns,
                reworks,
                contested,
                forced,
                ratings,
                satisfied,
            ] = sum.0;
            let row = (
                figure_day::adcode.eq(&*conn.adcode),
                figure_day::dimension.eq(dimension.code()),
                figure_day::key.eq(key),
                figure_day::day.eq(day),
                figure_day::reported.eq(reported),
                figure_day::filed.eq(filed),
                figure_day::dispatched.eq(dispatched),
                figure_day::handled.eq(handled),
                figure_day::closed.eq(closed),
                figure_day::on_time.eq(on_time),
                figure_day::same_day.eq(same_day),
                figure_day::open_minutes.eq(open_minutes),
                figure_day::returns.eq(returns),
                figure_day::reworks.eq(reworks),
                figure_day::contested.eq(contested),
                figure_day::forced.eq(forced),
                figure_day::ratings.eq(ratings),
                figure_day::satisfied.eq(satisfied),
            );
            each!(conn, c => diesel::insert_into(figure_day::table)
                .values(row)
                .on_conflict((figure_day::adcode, figure_day::dimension, figure_day::key, figure_day::day))
                .do_update()
                .set((
                    figure_day::reported.eq(figure_day::reported + excluded(figure_day::reported)),
                    figure_day::filed.eq(figure_day::filed + excluded(figure_day::filed)),
                    figure_day::dispatched.eq(figure_day::dispatched + excluded(figure_day::dispatched)),
                    figure_day::handled.eq(figure_day::handled + excluded(figure_day::handled)),
                    figure_day::closed.eq(figure_day::closed + excluded(figure_day::closed)),
                    figure_day::on_time.eq(figure_day::on_time + excluded(figure_day::on_time)),
                    figure_day::same_day.eq(figure_day::same_day + excluded(figure_day::same_day)),
                    figure_day::open_minutes.eq(figure_day::open_minutes + excluded(figure_day::open_minutes)),
                    figure_day::returns.eq(figure_day::returns + excluded(figure_day::returns)),
                    figure_day::reworks.eq(figure_day::reworks + excluded(figure_day::reworks)),
                    figure_day::contested.eq(figure_day::contested + excluded(figure_day::contested)),
                    figure_day::forced.eq(figure_day::forced + excluded(figure_day::forced)),
                    figure_day::ratings.eq(figure_day::ratings + excluded(figure_day::ratings)),
                    figure_day::satisfied.eq(figure_day::satisfied + excluded(figure_day::satisfied)),
                ))
                .execute(c))?;
        }
        Ok(())
    }
}

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = figure_day)]
pub(super) struct Numbers {
    reported: i64,
    filed: i64,
    dispatched: i64,
    handled: i64,
    closed: i64,
    on_time: i64,
    same_day: i64,
    open_minutes: i64,
    returns: i64,
    reworks: i64,
    contested: i64,
    forced: i64,
    ratings: i64,
    satisfied: i64,
}

impl Numbers {
    pub(super) const fn counts(&self) -> Counts {
        Counts([
            self.reported,
            self.filed,
            self.dispatched,
            self.handled,
            self.closed,
            self.on_time,
            self.same_day,
            self.open_minutes,
            self.returns,
            self.reworks,
            self.contested,
            self.forced,
            self.ratings,
            self.satisfied,
        ])
    }
}
