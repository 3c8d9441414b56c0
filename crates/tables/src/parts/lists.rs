//! The plain lists: departments, templates, rewards, entries, terms, gifts.

use super::each;
use crate::fault::Fault;
use crate::row::{Line, Row};
use woodlark_domain::city::{
    Column, Deed, Department, Entry, FaultCode, Gift, Part, Purpose, Reward, Template,
};
use woodlark_domain::criterion::Name;
use woodlark_domain::limits::{DEED_POINTS, GIFT_POINTS, GIFT_STOCK, REASON_CHARS};
use woodlark_domain::redeem::{Term, TermValue};
use woodlark_domain::{Door, Position};

pub(super) const DEPARTMENTS: &[Column] = &[Column::Code, Column::NameZh, Column::NameEn];
pub(super) const TEMPLATES: &[Column] = &[Column::Code, Column::Purpose, Column::WordsZh, Column::WordsEn];
pub(super) const REWARDS: &[Column] = &[Column::Deed, Column::Points];
pub(super) const ENTRIES: &[Column] =
    &[Column::Code, Column::Door, Column::NameZh, Column::NameEn, Column::Lon, Column::Lat];

pub(super) const TERMS: &[Column] = &[Column::Term, Column::Value];
pub(super) const GIFTS: &[Column] =
    &[Column::Code, Column::NameZh, Column::NameEn, Column::Points, Column::Station, Column::Stock];

pub(super) fn department_cells(one: &Department) -> Vec<String> {
    vec![one.code.to_string(), one.name.zh.clone(), one.name.en.clone()]
}

pub(super) fn read_department(row: &mut Row<'_>) -> Option<Department> {
    let (code, name) = (row.code(Column::Code), row.name(Column::NameZh, Column::NameEn));
    Some(Department { code: code?, name: name? })
}

pub(super) fn template_cells(one: &Template) -> Vec<String> {
    vec![one.code.to_string(), one.purpose.code().to_owned(), one.words.zh.clone(), one.words.en.clone()]
}

pub(super) fn read_template(row: &mut Row<'_>) -> Option<Template> {
    let (code, purpose) = (row.code(Column::Code), row.choice(Column::Purpose, Purpose::from_code));
    let (zh, en) = (row.need(Column::WordsZh, REASON_CHARS), row.need(Column::WordsEn, REASON_CHARS));
    Some(Template { code: code?, purpose: purpose?, words: Name { zh: zh?, en: en? } })
}

pub(super) fn reward_cells(one: &Reward) -> Vec<String> {
    vec![one.deed.code().to_owned(), one.points.to_string()]
}

/// Every deed has its row: one that is worth nothing says so.
pub(super) fn read_rewards(lines: &[Line], faults: &mut Vec<Fault>) -> Vec<Reward> {
    let rewards = each(Part::Rewards, lines, faults, |row| {
        let deed = row.choice(Column::Deed, Deed::from_code);
        let points = row.cell(Column::Points).parse().ok().filter(|points: &u32| *points <= DEED_POINTS);
        let points = points.or_else(|| row.fail(Column::Points, FaultCode::Points));
        Some(Reward { deed: deed?, points: points? })
    });
    let named: Vec<&str> = lines.iter().filter_map(|line| line.cells.first().map(String::as_str)).collect();
    for deed in Deed::ALL.iter().filter(|deed| !named.contains(&deed.code())) {
        faults.push(Fault::of_all(FaultCode::DeedMissing, deed.code(), 0));
    }
    rewards
}

pub(super) fn entry_cells(one: &Entry) -> Vec<String> {
    let degrees = |of: fn(&Position) -> f64| {
        one.position.as_ref().map(of).map_or_else(String::new, |at| at.to_string())
    };
    vec![
        one.code.to_string(),
        one.door.code().to_owned(),
        one.name.zh.clone(),
        one.name.en.clone(),
        degrees(|at| at.lon()),
        degrees(|at| at.lat()),
    ]
}

pub(super) fn read_entry(row: &mut Row<'_>) -> Option<Entry> {
    let (code, door) = (row.code(Column::Code), row.choice(Column::Door, Door::from_code));
    let name = row.name(Column::NameZh, Column::NameEn);
    let (lon, lat) = (row.cell(Column::Lon), row.cell(Column::Lat));
    let position = if lon.is_empty() && lat.is_empty() {
        Some(None)
    } else {
        let at = lon.parse().ok().zip(lat.parse().ok()).and_then(|(lon, lat)| Position::new(lon, lat).ok());
        at.map(Some).or_else(|| row.fail(Column::Lon, FaultCode::Position))
    };
    Some(Entry { code: code?, door: door?, name: name?, position: position? })
}

pub(super) fn term_cells(one: &TermValue) -> Vec<String> {
    vec![one.term.code().to_owned(), one.value.to_string()]
}

/// Every term has its row, so that nobody takes one for unlimited.
pub(super) fn read_terms(lines: &[Line], faults: &mut Vec<Fault>) -> Vec<TermValue> {
    let terms = each(Part::Terms, lines, faults, |row| {
        let term = row.choice(Column::Term, Term::from_code)?;
        let (least, most) = term.bounds();
        Some(TermValue { term, value: row.number(Column::Value, least, most)? })
    });
    let named: Vec<&str> = lines.iter().filter_map(|line| line.cells.first().map(String::as_str)).collect();
    for term in Term::ALL.iter().filter(|term| !named.contains(&term.code())) {
        faults.push(Fault::of_all(FaultCode::TermMissing, term.code(), 0));
    }
    terms
}

pub(super) fn gift_cells(one: &Gift) -> Vec<String> {
    vec![
        one.code.to_string(),
        one.name.zh.clone(),
        one.name.en.clone(),
        one.points.to_string(),
        one.station.to_string(),
        one.stock.to_string(),
    ]
}

pub(super) fn read_gift(row: &mut Row<'_>) -> Option<Gift> {
    let (code, name) = (row.code(Column::Code), row.name(Column::NameZh, Column::NameEn));
    let (points, station) = (row.number(Column::Points, 1, GIFT_POINTS), row.code(Column::Station));
    let stock = row.number(Column::Stock, 0, GIFT_STOCK);
    Some(Gift { code: code?, name: name?, points: points?, station: station?, stock: stock? })
}
