//! Reads the city's data: the version that stands, and every criterion that a case may keep.

use super::criteria::criteria;
use super::head::{self, Head};
use super::parts::{content, made_of};
use super::{City, CityData, PartVersion, legacy, names};
use crate::Fault;
use crate::column::At;
use crate::conn::Conn;
use crate::schema::city;
use diesel::prelude::*;
use woodlark_domain::city::Content;

/// The version that stands; none before the first import.
///
/// # Errors
/// [`Fault`].
pub fn version(conn: &mut Conn) -> Result<Option<i64>, Fault> {
    let versions = city::table.filter(city::adcode.eq(&*conn.adcode)).select(diesel::dsl::max(city::version));
    Ok(versions.first(&mut conn.engine)?)
}

/// The city as it stands; none before the first import.
///
/// # Errors
/// [`Fault`].
pub fn load(conn: &mut Conn) -> Result<Option<City>, Fault> {
    let Some((version, head, _)) = head::newest(conn)? else { return Ok(None) };
    let parts = made_of(conn, version)?;
    let data =
        if parts.is_empty() { legacy::data(conn, version, head)? } else { composed(conn, head, &parts)? };
    let former = names::load(conn)?;
    Ok(Some(City { former, ..City::new(version, data) }))
}

pub(super) fn composed(conn: &mut Conn, head: Head, parts: &[PartVersion]) -> Result<CityData, Fault> {
    let mut data = CityData {
        calendar: head.calendar(Vec::new())?,
        areas: Vec::new(),
        departments: Vec::new(),
        categories: Vec::new(),
        criteria: criteria(conn)?,
        rules: Vec::new(),
        entries: Vec::new(),
        templates: Vec::new(),
        rewards: Vec::new(),
        terms: Vec::new(),
        gifts: Vec::new(),
        letters: head.letters.clone(),
        name: head.name.clone(),
        hotline: head.hotline.clone(),
    };
    for one in parts {
        let found = content(conn, one.part, one.number)?;
        match found.ok_or_else(|| At("city_made_of", "number").corrupt(one.number))? {
            Content::Areas(all) => data.areas = all,
            Content::Departments(all) => data.departments = all,
            Content::Categories(all) => data.categories = all.into_iter().map(|one| one.category).collect(),
            Content::Rules(all) => data.rules = all,
            Content::Calendar(years) => data.calendar = head.calendar(years)?,
            Content::Templates(all) => data.templates = all,
            Content::Rewards(all) => data.rewards = all,
            Content::Entries(all) => data.entries = all,
            Content::Terms(all) => data.terms = all,
            Content::Gifts(all) => data.gifts = all,
        }
    }
    Ok(data)
}
