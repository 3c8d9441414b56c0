//! Categories and criteria as a table: a row a condition, the category's own cells in the first of its rows and repeated or
//! empty in the others. A category whose only row has no limits goes by the criterion of the one above it.

use super::{columns, limits};
use crate::fault::Fault;
use crate::row::{Line, Row, yes_no};
use std::collections::{HashMap, HashSet};
use woodlark_domain::CategoryCode;
use woodlark_domain::city::{CategoryEntry, Column, FaultCode, Part};
use woodlark_domain::criterion::{Category, Condition, Name};

pub(super) const COLUMNS: &[Column] = &[
    Column::Code,
    Column::NameZh,
    Column::NameEn,
    Column::Certain,
    Column::Keywords,
    Column::ConditionZh,
    Column::ConditionEn,
    Column::Limits,
    Column::ClosesZh,
    Column::ClosesEn,
];

/// Characters of all that people look for it by.
const KEYWORDS_CHARS: usize = 200;
/// The cells that are the category's own.
const OWN: &[Column] = &[Column::NameZh, Column::NameEn, Column::Certain, Column::Keywords];

pub(super) fn cells(one: &CategoryEntry) -> Vec<Vec<String>> {
    let category = &one.category;
    let own = vec![
        category.code.to_string(),
        category.name.zh.clone(),
        category.name.en.clone(),
        yes_no(category.certain).to_owned(),
        category.keywords.join(" "),
    ];
    let row = |condition: Option<&Condition>| {
        let mut cells = own.clone();
        match condition {
            Some(one) => cells.extend([
                one.name.zh.clone(),
                one.name.en.clone(),
                limits::write(&one.steps),
                one.closes_by.zh.clone(),
                one.closes_by.en.clone(),
            ]),
            None => cells.extend([""; 5].map(str::to_owned)),
        }
        cells
    };
    if one.conditions.is_empty() {
        return vec![row(None)];
    }
    one.conditions.iter().map(|condition| row(Some(condition))).collect()
}

pub(super) fn read(lines: &[Line], faults: &mut Vec<Fault>) -> Vec<CategoryEntry> {
    let columns = columns(Part::Categories);
    let (mut entries, mut first): (Vec<CategoryEntry>, Option<&Line>) = (Vec::new(), None);
    let mut stood: HashMap<&str, u32> = HashMap::new();
    for line in lines {
        let key = line.cells.first().map_or("", String::as_str);
        let above = first.filter(|above| above.cells.first().map(String::as_str) == Some(key));
        let mut row = Row { columns, line, faults };
        let condition = condition(&mut row);
        if let Some(above) = above {
            differs(&mut row, above);
            match (condition, entries.last_mut()) {
                // A second row is there for its condition.
                (Some(None), _) => drop(row.fail::<()>(Column::Limits, FaultCode::CellMissing)),
                (Some(Some(one)), Some(entry)) if entry.category.code.as_str() == key => {
                    entry.conditions.push(one);
                }
                (Some(Some(_)) | None, _) => {}
            }
            continue;
        }
        first = Some(line);
        if let Some(before) = stood.insert(key, line.number) {
            let fault = Fault::at(line.number, Some(Column::Code), FaultCode::Twice, key);
            row.faults.push(Fault { count: u64::from(before), ..fault });
        }
        if let (Some(category), Some(condition)) = (category(&mut row), condition) {
            entries.push(CategoryEntry { category, conditions: condition.into_iter().collect() });
        }
    }
    if faults.is_empty() {
        tree(&entries, lines, faults);
    }
    // A class and what is of it stand together, wherever a row was added.
    entries.sort_by(|one, other| one.category.code.cmp(&other.category.code));
    entries
}

fn category(row: &mut Row<'_>) -> Option<Category> {
    let (code, name) = (row.code(Column::Code), row.name(Column::NameZh, Column::NameEn));
    let (certain, keywords) = (row.yes(Column::Certain), row.text(Column::Keywords, KEYWORDS_CHARS));
    let keywords = keywords?.split_whitespace().map(str::to_owned).collect();
    Some(Category { code: code?, name: name?, certain: certain?, keywords })
}

/// The condition of a row; an inner none where it has none.
fn condition(row: &mut Row<'_>) -> Option<Option<Condition>> {
    let of_condition =
        [Column::ConditionZh, Column::ConditionEn, Column::Limits, Column::ClosesZh, Column::ClosesEn];
    if of_condition.iter().all(|column| row.cell(*column).is_empty()) {
        return Some(None);
    }
    let name = row.name(Column::ConditionZh, Column::ConditionEn);
    let closes_by: Option<Name> = row.name(Column::ClosesZh, Column::ClosesEn);
    let text = row.cell(Column::Limits);
    let steps = if text.is_empty() {
        row.fail(Column::Limits, FaultCode::CellMissing)
    } else {
        limits::read(text).or_else(|| row.fail(Column::Limits, FaultCode::Limit))
    };
    Some(Some(Condition { name: name?, steps: steps?, closes_by: closes_by? }))
}

/// The category's own cells of a further row are those of its first, or empty.
fn differs(row: &mut Row<'_>, above: &Line) {
    for column in OWN {
        let place = row.columns.iter().position(|one| one == column);
        let first = place.and_then(|place| above.cells.get(place)).map_or("", |cell| cell.trim());
        let cell = row.cell(*column);
        if !cell.is_empty() && cell != first {
            row.fail::<()>(*column, FaultCode::DiffersAbove);
        }
    }
}

/// Each lies in one that is there, and each that can be filed has a criterion, its own or one above.
fn tree(entries: &[CategoryEntry], lines: &[Line], faults: &mut Vec<Fault>) {
    let known: HashSet<&CategoryCode> = entries.iter().map(|entry| &entry.category.code).collect();
    let judged: HashSet<&CategoryCode> = entries
        .iter()
        .filter(|entry| !entry.conditions.is_empty())
        .map(|entry| &entry.category.code)
        .collect();
    let above = |code: &CategoryCode| {
        (3..code.as_str().len())
            .step_by(2)
            .filter_map(|length| code.as_str().get(..length))
            .filter_map(|text| CategoryCode::new(text).ok())
            .collect::<Vec<_>>()
    };
    for entry in entries {
        let code = &entry.category.code;
        let line = lines.iter().find(|line| line.cells.first().is_some_and(|cell| cell == code.as_str()));
        let number = line.map_or(0, |line| line.number);
        if let Some(missing) = above(code).iter().find(|parent| !known.contains(parent)) {
            faults.push(Fault::at(number, Some(Column::Code), FaultCode::ParentUnknown, missing.as_str()));
        } else if !judged.contains(code) && !above(code).iter().any(|parent| judged.contains(parent)) {
            faults.push(Fault::at(number, Some(Column::Limits), FaultCode::NoCriterion, code.as_str()));
        }
    }
}
