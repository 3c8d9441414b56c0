//! The sums of each day, and of eight and sixty-four days together, for each key of each dimension.

use super::CaseRow;
use crate::Fault;
use crate::conn::{Conn, each};
use crate::schema::figure_sum;
use diesel::prelude::*;
use diesel::upsert::excluded;
use std::collections::BTreeMap;
use woodlark_domain::figures::{Counts, Dimension};

/// Days that are summed up together, the longest first.
pub(super) const SPANS: [i64; 3] = [64, 8, 1];

/// So many days from a day on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Span {
    pub(super) days: i64,
    pub(super) start: i64,
}

impl Span {
    /// The span of so many days that a day lies in.
    pub(super) const fn of(day: i64, days: i64) -> Self {
        Self { days, start: day - day.rem_euclid(days) }
    }
}

/// A stretch of days, cut into stretches of whole spans as long as can be: the length of the spans, and the first and the
/// first after the last start. At most five, whatever the stretch.
pub(super) fn stretches(from: i64, to: i64) -> Vec<(i64, i64, i64)> {
    cut(from, to, &SPANS)
}

fn cut(from: i64, to: i64, spans: &[i64]) -> Vec<(i64, i64, i64)> {
    let Some((days, shorter)) = spans.split_first() else { return Vec::new() };
    if from >= to {
        return Vec::new();
    }
    let (first, end) = (Span::of(from + days - 1, *days).start, Span::of(to, *days).start);
    if first >= end {
        return cut(from, to, shorter);
    }
    let (before, after) = (cut(from, first, shorter), cut(end, to, shorter));
    before.into_iter().chain([(*days, first, end)]).chain(after).collect()
}

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

    /// The sums of each span that one of the days lies in.
    pub(super) fn spans(&self) -> BTreeMap<(Dimension, String, Span), Counts> {
        let mut spans: BTreeMap<(Dimension, String, Span), Counts> = BTreeMap::new();
        for ((dimension, key, day), sum) in &self.0 {
            for days in SPANS {
                let kept = spans.entry((*dimension, key.clone(), Span::of(*day, days))).or_default();
                *kept = kept.plus(sum);
            }
        }
        spans
    }

    /// Writes them onto what is there.
    pub(crate) fn keep(&self, conn: &mut Conn) -> Result<(), Fault> {
        let spans = self.spans();
        let changed = spans.iter().filter(|(_, sum)| !sum.is_nothing());
        for ((dimension, key, Span { days: span, start }), sum) in changed {
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
                figure_sum::adcode.eq(&*conn.adcode),
                figure_sum::dimension.eq(dimension.code()),
                figure_sum::key.eq(key),
                figure_sum::start.eq(start),
                figure_sum::span.eq(span),
                figure_sum::reported.eq(reported),
                figure_sum::filed.eq(filed),
                figure_sum::dispatched.eq(dispatched),
                figure_sum::handled.eq(handled),
                figure_sum::closed.eq(closed),
                figure_sum::on_time.eq(on_time),
                figure_sum::same_day.eq(same_day),
                figure_sum::open_minutes.eq(open_minutes),
                figure_sum::returns.eq(returns),
                figure_sum::reworks.eq(reworks),
                figure_sum::contested.eq(contested),
                figure_sum::forced.eq(forced),
                figure_sum::ratings.eq(ratings),
                figure_sum::satisfied.eq(satisfied),
            );
            each!(conn, c => diesel::insert_into(figure_sum::table)
                .values(row)
                .on_conflict((
                    figure_sum::adcode,
                    figure_sum::dimension,
                    figure_sum::span,
                    figure_sum::start,
                    figure_sum::key,
                ))
                .do_update()
                .set((
                    figure_sum::reported.eq(figure_sum::reported + excluded(figure_sum::reported)),
                    figure_sum::filed.eq(figure_sum::filed + excluded(figure_sum::filed)),
                    figure_sum::dispatched.eq(figure_sum::dispatched + excluded(figure_sum::dispatched)),
                    figure_sum::handled.eq(figure_sum::handled + excluded(figure_sum::handled)),
                    figure_sum::closed.eq(figure_sum::closed + excluded(figure_sum::closed)),
                    figure_sum::on_time.eq(figure_sum::on_time + excluded(figure_sum::on_time)),
                    figure_sum::same_day.eq(figure_sum::same_day + excluded(figure_sum::same_day)),
                    figure_sum::open_minutes.eq(figure_sum::open_minutes + excluded(figure_sum::open_minutes)),
                    figure_sum::returns.eq(figure_sum::returns + excluded(figure_sum::returns)),
                    figure_sum::reworks.eq(figure_sum::reworks + excluded(figure_sum::reworks)),
                    figure_sum::contested.eq(figure_sum::contested + excluded(figure_sum::contested)),
                    figure_sum::forced.eq(figure_sum::forced + excluded(figure_sum::forced)),
                    figure_sum::ratings.eq(figure_sum::ratings + excluded(figure_sum::ratings)),
                    figure_sum::satisfied.eq(figure_sum::satisfied + excluded(figure_sum::satisfied)),
                ))
                .execute(c))?;
        }
        Ok(())
    }
}

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = figure_sum)]
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stretch_of_days_is_cut_into_few_whole_spans_that_hold_each_day_once() {
        for (from, to) in
            [(0, 0), (5, 3), (0, 1), (7, 9), (20_454, 20_819), (64, 128), (63, 129), (1, 8), (-3, 70)]
        {
            let pieces = stretches(from, to);
            assert!(pieces.len() <= 5, "{pieces:?}");
            let mut days = Vec::new();
            for (length, first, end) in &pieces {
                assert!(SPANS.contains(length) && first % length == 0 && end % length == 0, "{pieces:?}");
                days.extend(*first..*end);
            }
            assert_eq!(days, (from..to).collect::<Vec<_>>(), "{from} to {to}: {pieces:?}");
        }
    }

    #[test]
    fn a_year_is_some_thirty_rows_of_a_key() {
        for from in 20_000..20_064 {
            let rows: i64 =
                stretches(from, from + 365).iter().map(|(days, first, end)| (end - first) / days).sum();
            assert!(rows <= 34, "{rows} from {from}");
        }
    }
}
