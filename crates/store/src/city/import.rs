//! Takes a city's data in as a new version, unless it is the one that stands.

use super::CityData;
use crate::cases::{NO_CLOCK, UNWOUND};
use crate::column::{bytes, count, digest, to_json};
use crate::conn::{Conn, Tx, each};
use crate::schema::{area, calendar, case_file, category, city, criterion, department, dispatch_rule, entry};
use crate::trail::{Deed, record};
use crate::{Fault, Halt};
use diesel::prelude::*;
use woodlark_domain::{Role, Timestamp, UserId};

/// Rows of one statement: SQLite takes 32,766 values.
const ROWS: usize = 500;

/// What an import came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Imported {
    /// A new version.
    Version(i64),
    /// The same data stood already.
    Unchanged(i64),
}

/// A criterion that cases already keep, and this import would change.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("criterion {number} of {category} is kept by cases as it is: give the new one the next number")]
pub struct CriterionChanged {
    /// Of this category.
    pub category: String,
    /// This number.
    pub number: u32,
}

/// Takes the data in. `by` is who did it; none for the program itself.
///
/// # Errors
/// [`CriterionChanged`] where a criterion's number stands for something else already.
pub fn import(
    tx: &mut Tx,
    data: &CityData,
    by: Option<UserId>,
    now: Timestamp,
) -> Result<Imported, Halt<CriterionChanged>> {
    let hash = digest(&[to_json("city", data)?.as_bytes()]);
    let stood = city::table
        .filter(city::adcode.eq(tx.adcode().to_owned()))
        .order(city::version.desc())
        .select((city::version, city::hash))
        .first::<(i64, Vec<u8>)>(&mut tx.engine)
        .optional()?;
    let version = match stood {
        Some((version, known)) if known == hash => return Ok(Imported::Unchanged(version)),
        Some((version, _)) => version + 1,
        None => 1,
    };
    keep_criteria(tx, data)?;
    keep_city(tx, version, &hash, data, now)?;
    keep_areas(tx, version, data)?;
    keep_tables(tx, version, data)?;
    keep_calendar(tx, version, data)?;
    if version > 1 {
        wind_anew(tx)?;
    }
    let (role, subject, detail) = (Role::Admin, tx.adcode().to_owned(), format!("{{\"version\":{version}}}"));
    let deed = Deed { at: now, user: by, role, action: "import_city", subject: &subject, detail: &detail };
    record(tx, &deed)?;
    Ok(Imported::Version(version))
}

/// Clocks that run go by the calendar of their day: those of open cases are reckoned anew by the new one.
fn wind_anew(tx: &mut Tx) -> Result<(), Fault> {
    let running = case_file::table
        .filter(case_file::adcode.eq(tx.adcode().to_owned()))
        .filter(case_file::due_at.lt(NO_CLOCK));
    diesel::update(running).set(case_file::wakes_at.eq(UNWOUND)).execute(&mut tx.engine)?;
    Ok(())
}

fn keep_city(
    tx: &mut Tx,
    version: i64,
    hash: &[u8; 32],
    data: &CityData,
    now: Timestamp,
) -> Result<(), Fault> {
    let conn: &mut Conn = tx;
    let row = (
        city::adcode.eq(&*conn.adcode),
        city::version.eq(version),
        city::hash.eq(bytes(hash)),
        city::letters.eq(&data.letters),
        city::name_zh.eq(&data.name.zh),
        city::name_en.eq(&data.name.en),
        city::hotline.eq(&data.hotline),
        city::offset_minutes.eq(i64::from(data.calendar.offset_minutes())),
        city::work_spans.eq(to_json("work_spans", data.calendar.spans())?),
        city::imported_at.eq(now.0),
    );
    diesel::insert_into(city::table).values(row).execute(&mut conn.engine)?;
    Ok(())
}

fn keep_criteria(tx: &mut Tx, data: &CityData) -> Result<(), Halt<CriterionChanged>> {
    let conn: &mut Conn = tx;
    for one in &data.criteria {
        let conditions = to_json("conditions", &one.conditions)?;
        let number = i64::from(one.version);
        let found = criterion::table
            .find((&*conn.adcode, one.category.as_str(), number))
            .select(criterion::conditions)
            .first::<String>(&mut conn.engine)
            .optional()?;
        match found {
            Some(found) if found == conditions => continue,
            Some(_) => {
                let category = one.category.to_string();
                return Err(Halt::Refused(CriterionChanged { category, number: one.version }));
            }
            None => {}
        }
        let row = (
            criterion::adcode.eq(&*conn.adcode),
            criterion::category.eq(one.category.as_str()),
            criterion::number.eq(number),
            criterion::conditions.eq(conditions),
        );
        diesel::insert_into(criterion::table).values(row).execute(&mut conn.engine)?;
    }
    Ok(())
}

fn keep_areas(tx: &mut Tx, version: i64, data: &CityData) -> Result<(), Fault> {
    let conn: &mut Conn = tx;
    for areas in data.areas.chunks(ROWS) {
        let mut rows = Vec::with_capacity(areas.len());
        for one in areas {
            let shape = one.shape.as_ref().map(|shape| to_json("shape", shape)).transpose()?;
            rows.push((
                area::adcode.eq(&*conn.adcode),
                area::version.eq(version),
                area::code.eq(one.code.as_str()),
                area::level.eq(one.level.code()),
                area::name_zh.eq(&one.name.zh),
                area::name_en.eq(&one.name.en),
                area::parent.eq(one.parent.as_ref().map(|code| code.as_str())),
                area::lon.eq(one.label.map(|at| at.lon())),
                area::lat.eq(one.label.map(|at| at.lat())),
                area::shape.eq(shape),
            ));
        }
        each!(conn, c => diesel::insert_into(area::table).values(&rows).execute(c))?;
    }
    Ok(())
}

fn keep_tables(tx: &mut Tx, version: i64, data: &CityData) -> Result<(), Fault> {
    let conn: &mut Conn = tx;
    let adcode = &*conn.adcode;
    for one in &data.departments {
        let row = (
            department::adcode.eq(adcode),
            department::version.eq(version),
            department::code.eq(one.code.as_str()),
            department::name_zh.eq(&one.name.zh),
            department::name_en.eq(&one.name.en),
        );
        diesel::insert_into(department::table).values(row).execute(&mut conn.engine)?;
    }
    for ones in data.categories.chunks(ROWS) {
        let mut rows = Vec::with_capacity(ones.len());
        for one in ones {
            rows.push((
                category::adcode.eq(adcode),
                category::version.eq(version),
                category::code.eq(one.code.as_str()),
                category::name_zh.eq(&one.name.zh),
                category::name_en.eq(&one.name.en),
                category::certain.eq(one.certain),
                category::keywords.eq(to_json("keywords", &one.keywords)?),
            ));
        }
        each!(conn, c => diesel::insert_into(category::table).values(&rows).execute(c))?;
    }
    for (position, one) in data.rules.iter().enumerate() {
        let row = (
            dispatch_rule::adcode.eq(adcode),
            dispatch_rule::version.eq(version),
            dispatch_rule::position.eq(count(position)),
            dispatch_rule::code.eq(one.code.as_str()),
            dispatch_rule::category.eq(one.category.as_ref().map(|code| code.as_str())),
            dispatch_rule::area.eq(one.area.as_ref().map(|code| code.as_str())),
            dispatch_rule::department.eq(one.department.as_str()),
            dispatch_rule::automatic.eq(one.automatic),
        );
        diesel::insert_into(dispatch_rule::table).values(row).execute(&mut conn.engine)?;
    }
    for one in &data.entries {
        let row = (
            entry::adcode.eq(adcode),
            entry::version.eq(version),
            entry::code.eq(one.code.as_str()),
            entry::door.eq(one.door.code()),
            entry::name_zh.eq(&one.name.zh),
            entry::name_en.eq(&one.name.en),
            entry::lon.eq(one.position.map(|at| at.lon())),
            entry::lat.eq(one.position.map(|at| at.lat())),
        );
        diesel::insert_into(entry::table).values(row).execute(&mut conn.engine)?;
    }
    Ok(())
}

fn keep_calendar(tx: &mut Tx, version: i64, data: &CityData) -> Result<(), Fault> {
    let conn: &mut Conn = tx;
    for year in data.calendar.years() {
        let row = (
            calendar::adcode.eq(&*conn.adcode),
            calendar::version.eq(version),
            calendar::year.eq(i64::from(year.year)),
            calendar::provisional.eq(year.provisional),
            calendar::holidays.eq(to_json("holidays", &year.holidays)?),
            calendar::workdays.eq(to_json("workdays", &year.workdays)?),
        );
        diesel::insert_into(calendar::table).values(row).execute(&mut conn.engine)?;
    }
    Ok(())
}
