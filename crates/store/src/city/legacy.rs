//! Reads a version of the city that is older than the parts, from the tables that it was kept in.

use super::criteria::criteria;
use super::head::Head;
use super::{CityData, Department, Entry};
use crate::Fault;
use crate::column::At;
use crate::conn::Conn;
use crate::schema::{area, calendar, category, department, dispatch_rule, entry};
use diesel::prelude::*;
use woodlark_domain::clock::Year;
use woodlark_domain::criterion::{Category, Name};
use woodlark_domain::dispatch::Rule;
use woodlark_domain::place::{Area, AreaLevel};
use woodlark_domain::redeem::usual_terms;
use woodlark_domain::{Door, Position};

/// The data of a version of the city that is older than the parts.
pub(super) fn data(conn: &mut Conn, version: i64, head: Head) -> Result<CityData, Fault> {
    let years = years(conn, version)?;
    Ok(CityData {
        calendar: head.calendar(years)?,
        areas: areas(conn, version)?,
        departments: departments(conn, version)?,
        categories: categories(conn, version)?,
        criteria: criteria(conn)?,
        rules: rules(conn, version)?,
        entries: entries(conn, version)?,
        templates: Vec::new(),
        rewards: Vec::new(),
        terms: usual_terms(),
        gifts: Vec::new(),
        letters: head.letters,
        name: head.name,
        hotline: head.hotline,
    })
}

fn position(at: At, lon: Option<f64>, lat: Option<f64>) -> Result<Option<Position>, Fault> {
    let (Some(lon), Some(lat)) = (lon, lat) else { return Ok(None) };
    Position::new(lon, lat).map(Some).map_err(|error| at.corrupt(error))
}

fn areas(conn: &mut Conn, version: i64) -> Result<Vec<Area>, Fault> {
    type Found = (String, String, String, String, Option<String>, Option<f64>, Option<f64>, Option<String>);
    let rows = area::table
        .filter(area::adcode.eq(&*conn.adcode))
        .filter(area::version.eq(version))
        .order(area::code)
        .select((
            area::code,
            area::level,
            area::name_zh,
            area::name_en,
            area::parent,
            area::lon,
            area::lat,
            area::shape,
        ))
        .load::<Found>(&mut conn.engine)?;
    let read = |(code, level, zh, en, parent, lon, lat, shape): Found| {
        Ok(Area {
            code: At("area", "code").text(&code)?,
            level: At("area", "level").code(&level, AreaLevel::from_code)?,
            name: Name { zh, en },
            parent: At("area", "parent").text_if(parent.as_deref())?,
            shape: shape.map(|shape| At("area", "shape").json(&shape)).transpose()?,
            label: position(At("area", "lon"), lon, lat)?,
        })
    };
    rows.into_iter().map(read).collect()
}

fn departments(conn: &mut Conn, version: i64) -> Result<Vec<Department>, Fault> {
    let rows = department::table
        .filter(department::adcode.eq(&*conn.adcode))
        .filter(department::version.eq(version))
        .order(department::code)
        .select((department::code, department::name_zh, department::name_en))
        .load::<(String, String, String)>(&mut conn.engine)?;
    let read = |(code, zh, en): (String, String, String)| {
        Ok(Department { code: At("department", "code").text(&code)?, name: Name { zh, en } })
    };
    rows.into_iter().map(read).collect()
}

fn categories(conn: &mut Conn, version: i64) -> Result<Vec<Category>, Fault> {
    type Found = (String, String, String, bool, String);
    let rows = category::table
        .filter(category::adcode.eq(&*conn.adcode))
        .filter(category::version.eq(version))
        .order(category::code)
        .select((category::code, category::name_zh, category::name_en, category::certain, category::keywords))
        .load::<Found>(&mut conn.engine)?;
    let read = |(code, zh, en, certain, keywords): Found| {
        Ok(Category {
            code: At("category", "code").text(&code)?,
            name: Name { zh, en },
            certain,
            keywords: At("category", "keywords").json(&keywords)?,
        })
    };
    rows.into_iter().map(read).collect()
}

fn rules(conn: &mut Conn, version: i64) -> Result<Vec<Rule>, Fault> {
    type Found = (String, Option<String>, Option<String>, String, bool);
    let rows = dispatch_rule::table
        .filter(dispatch_rule::adcode.eq(&*conn.adcode))
        .filter(dispatch_rule::version.eq(version))
        .order(dispatch_rule::position)
        .select((
            dispatch_rule::code,
            dispatch_rule::category,
            dispatch_rule::area,
            dispatch_rule::department,
            dispatch_rule::automatic,
        ))
        .load::<Found>(&mut conn.engine)?;
    let read = |(code, category, area, department, automatic): Found| {
        Ok(Rule {
            code: At("dispatch_rule", "code").text(&code)?,
            category: At("dispatch_rule", "category").text_if(category.as_deref())?,
            area: At("dispatch_rule", "area").text_if(area.as_deref())?,
            department: At("dispatch_rule", "department").text(&department)?,
            automatic,
        })
    };
    rows.into_iter().map(read).collect()
}

fn years(conn: &mut Conn, version: i64) -> Result<Vec<Year>, Fault> {
    let rows = calendar::table
        .filter(calendar::adcode.eq(&*conn.adcode))
        .filter(calendar::version.eq(version))
        .order(calendar::year)
        .select((calendar::year, calendar::provisional, calendar::holidays, calendar::workdays))
        .load::<(i64, bool, String, String)>(&mut conn.engine)?;
    let read = |(year, provisional, holidays, workdays): (i64, bool, String, String)| {
        Ok(Year {
            year: At("calendar", "year").number(year)?,
            provisional,
            holidays: At("calendar", "holidays").json(&holidays)?,
            workdays: At("calendar", "workdays").json(&workdays)?,
            names: std::collections::BTreeMap::new(),
        })
    };
    rows.into_iter().map(read).collect()
}

fn entries(conn: &mut Conn, version: i64) -> Result<Vec<Entry>, Fault> {
    type Found = (String, String, String, String, Option<f64>, Option<f64>);
    let rows = entry::table
        .filter(entry::adcode.eq(&*conn.adcode))
        .filter(entry::version.eq(version))
        .order(entry::code)
        .select((entry::code, entry::door, entry::name_zh, entry::name_en, entry::lon, entry::lat))
        .load::<Found>(&mut conn.engine)?;
    let read = |(code, door, zh, en, lon, lat): Found| {
        Ok(Entry {
            code: At("entry", "code").text(&code)?,
            door: At("entry", "door").code(&door, Door::from_code)?,
            name: Name { zh, en },
            position: position(At("entry", "lon"), lon, lat)?,
        })
    };
    rows.into_iter().map(read).collect()
}
