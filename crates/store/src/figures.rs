//! The figures: what each case adds, and the sums of each day, kept by a job that follows what was done to cases. A case is
//! counted anew whenever anything happened to it; what it added before is taken away in the same transaction, so that a
//! repeat changes nothing and the sums are always those of what is kept of each case.

use crate::Fault;
use crate::cases::History;
use crate::city::City;
use crate::column::{At, bytes, count};
use crate::conn::{Conn, Tx, each};
use crate::schema::{case_file, figure_case, figure_day};
use diesel::prelude::*;
use diesel::upsert::excluded;
use std::collections::BTreeMap;
use woodlark_domain::clock::Day;
use woodlark_domain::figures::{Counts, Dimension, MEASURES, Measure, Share, share};
use woodlark_domain::{CaseId, Timestamp};

/// Numbers of one row, in the order of [`Measure::ALL`].
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
// With NULL written as NULL a batch is one statement; by default SQLite gets a statement a row
// inside a transaction of Diesel's own, which can not begin inside the writer's.
#[diesel(table_name = figure_case, primary_key(adcode, case_id))]
#[diesel(treat_none_as_default_value = false, treat_none_as_null = true)]
pub(crate) struct CaseRow {
    adcode: String,
    case_id: Vec<u8>,
    day: i64,
    area: String,
    department: String,
    category: String,
    door: String,
    kind: String,
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

impl CaseRow {
    pub(crate) fn of(adcode: &str, id: CaseId, share: &Share) -> Self {
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
        ] = share.counts.0;
        let key = |dimension| share.key(dimension).to_owned();
        Self {
            adcode: adcode.to_owned(),
            case_id: bytes(id.as_bytes()),
            day: i64::from(share.day.count()),
            area: key(Dimension::Area),
            department: key(Dimension::Department),
            category: key(Dimension::Category),
            door: key(Dimension::Door),
            kind: key(Dimension::Kind),
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
        }
    }

    fn counts(&self) -> Counts {
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

    fn key(&self, dimension: Dimension) -> &str {
        match dimension {
            Dimension::Area => &self.area,
            Dimension::Department => &self.department,
            Dimension::Category => &self.category,
            Dimension::Door => &self.door,
            Dimension::Kind => &self.kind,
        }
    }
}

/// What one more or less of something adds to the sums of days.
#[derive(Debug, Default)]
pub(crate) struct Sums(BTreeMap<(Dimension, String, i64), Counts>);

impl Sums {
    pub(crate) fn add(&mut self, row: &CaseRow) {
        self.change(row, Counts::plus);
    }

    fn take(&mut self, row: &CaseRow) {
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

/// Counts a case anew as it stands; one that is not there is nothing.
///
/// # Errors
/// [`Fault`], also where its events do not add up.
pub fn count_case(tx: &mut Tx, id: CaseId, city: &City) -> Result<(), Fault> {
    let Some(new) = reckon(tx, id, city)? else { return Ok(()) };
    let conn: &mut Conn = tx;
    let old = figure_case::table
        .find((&*conn.adcode, bytes(id.as_bytes())))
        .select(CaseRow::as_select())
        .first(&mut conn.engine)
        .optional()?;
    let mut sums = Sums::default();
    sums.add(&new);
    match &old {
        Some(old) => {
            sums.take(old);
            diesel::update(figure_case::table.find((&*conn.adcode, bytes(id.as_bytes()))))
                .set(&new)
                .execute(&mut conn.engine)?;
        }
        None => {
            let made = each!(conn, c => diesel::insert_into(figure_case::table)
                .values(&new)
                .on_conflict_do_nothing()
                .execute(c))?;
            if made != 1 {
                // Another server counted it first in this very moment: what it kept is to be taken away.
                return Err(Fault::Moved);
            }
        }
    }
    sums.keep(conn)
}

/// What a case adds as it stands.
fn reckon(conn: &mut Conn, id: CaseId, city: &City) -> Result<Option<CaseRow>, Fault> {
    let promised = case_file::table
        .find((&*conn.adcode, bytes(id.as_bytes())))
        .select(case_file::promised_at)
        .first::<Option<i64>>(&mut conn.engine)
        .optional()?;
    let Some(promised) = promised else { return Ok(None) };
    let Some(history) = History::load(conn, id)? else { return Ok(None) };
    let share = share(&history.case, promised.map(Timestamp), &city.data().calendar);
    Ok(Some(CaseRow::of(&conn.adcode, id, &share)))
}

/// The sums of a period, for each key of a dimension, by key. `from` is the first day, `to` the first after it.
///
/// # Errors
/// [`Fault`].
pub fn figures(conn: &mut Conn, by: Dimension, from: Day, to: Day) -> Result<Vec<(String, Counts)>, Fault> {
    let rows = figure_day::table
        .filter(figure_day::adcode.eq(&*conn.adcode))
        .filter(figure_day::dimension.eq(by.code()))
        .filter(figure_day::day.ge(i64::from(from.count())))
        .filter(figure_day::day.lt(i64::from(to.count())))
        .select((figure_day::key, Numbers::as_select()))
        .load::<(String, Numbers)>(&mut conn.engine)?;
    let mut sums: BTreeMap<String, Counts> = BTreeMap::new();
    for (key, numbers) in rows {
        let sum = sums.entry(key).or_default();
        *sum = sum.plus(&numbers.counts());
    }
    Ok(sums.into_iter().filter(|(_, sum)| !sum.is_nothing()).collect())
}

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = figure_day)]
struct Numbers {
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
    const fn counts(&self) -> Counts {
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
        if let Some(row) = reckon(conn, id, city)? {
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

/// Kept here so that the number of measures and of columns cannot differ.
const _: () = assert!(MEASURES == 14);
