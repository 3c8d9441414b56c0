//! The calendar as a table: a day a row, its year put together again.

use super::each;
use crate::fault::Fault;
use crate::row::{Line, Row, yes_no};
use std::collections::BTreeMap;
use woodlark_domain::city::{Column, FaultCode, Part};
use woodlark_domain::clock::{Day, Year};
use woodlark_domain::limits::NAME_CHARS;

pub(super) const COLUMNS: &[Column] = &[Column::Date, Column::Kind, Column::Name, Column::Provisional];

const HOLIDAY: &str = "holiday";
const WORKDAY: &str = "workday";

pub(super) fn cells(years: &[Year]) -> Vec<Vec<String>> {
    let mut days = BTreeMap::new();
    for year in years {
        let kinds = [(&year.holidays, HOLIDAY), (&year.workdays, WORKDAY)];
        for (day, kind) in kinds.iter().flat_map(|(days, kind)| days.iter().map(move |day| (*day, *kind))) {
            let name = year.names.get(&day).cloned().unwrap_or_default();
            let cells = vec![day.to_string(), kind.to_owned(), name, yes_no(year.provisional).to_owned()];
            days.insert(day, cells);
        }
    }
    days.into_values().collect()
}

/// `2026-10-01`, and `2026/10/1` as a spreadsheet makes of it.
fn day(text: &str) -> Option<Day> {
    if let Ok(day) = text.parse() {
        return Some(day);
    }
    let mut parts = text.split('/').map(|part| part.parse::<u32>().ok());
    let (year, month, date) = (parts.next()??, parts.next()??, parts.next()??);
    if parts.next().is_some() {
        return None;
    }
    Day::of(i32::try_from(year).ok()?, month, date).ok()
}

struct Special {
    day: Day,
    holiday: bool,
    name: String,
    provisional: bool,
}

fn special(row: &mut Row<'_>) -> Option<Special> {
    let date = day(row.cell(Column::Date)).or_else(|| row.fail(Column::Date, FaultCode::Day));
    let kind = |text: &str| match text {
        HOLIDAY | "休" => Some(true),
        WORKDAY | "班" => Some(false),
        _ => None,
    };
    let holiday = row.choice(Column::Kind, kind);
    let (name, provisional) = (row.text(Column::Name, NAME_CHARS), row.yes(Column::Provisional));
    Some(Special { day: date?, holiday: holiday?, name: name?, provisional: provisional? })
}

/// The years of these days. A year is provisional where one of its days says so.
pub(super) fn read(lines: &[Line], faults: &mut Vec<Fault>) -> Vec<Year> {
    let same = |line: &Line| {
        let mut line = line.clone();
        if let Some(cell) = line.cells.first_mut()
            && let Some(day) = day(cell)
        {
            *cell = day.to_string();
        }
        line
    };
    let lines: Vec<Line> = lines.iter().map(same).collect();
    let mut days = each(Part::Calendar, &lines, faults, special);
    days.sort_by_key(|special| special.day);
    let mut years: BTreeMap<i32, Year> = BTreeMap::new();
    for one in days {
        let number = one.day.year();
        let year = years.entry(number).or_insert_with(|| Year {
            year: number,
            provisional: false,
            holidays: Vec::new(),
            workdays: Vec::new(),
            names: BTreeMap::new(),
        });
        year.provisional |= one.provisional;
        let kind = if one.holiday { &mut year.holidays } else { &mut year.workdays };
        kind.push(one.day);
        if !one.name.is_empty() {
            year.names.insert(one.day, one.name);
        }
    }
    years.into_values().collect()
}
