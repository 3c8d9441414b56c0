//! What no file can say of itself: whether what it names is there, whether what it leaves out is in use, and what else a
//! change means.

use crate::fault::{Fault, Note};
use crate::{TOLD, ground};
use std::collections::{BTreeMap, HashMap, HashSet};
use woodlark_domain::city::{
    CategoryEntry, Column, Content, Department, Entry, FaultCode, Gift, NoteCode, Used,
};
use woodlark_domain::criterion::Category;
use woodlark_domain::dispatch::{Rule, never_asked, route};
use woodlark_domain::place::Area;
use woodlark_domain::{AreaCode, CategoryCode, DepartmentCode};

/// The other parts as they stand.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// Areas.
    pub areas: &'a [Area],
    /// Departments.
    pub departments: &'a [Department],
    /// Categories.
    pub categories: &'a [Category],
    /// Dispatch rules.
    pub rules: &'a [Rule],
    /// Entries.
    pub entries: &'a [Entry],
    /// Gifts.
    pub gifts: &'a [Gift],
}

/// What is wrong with a content beside the others.
#[must_use]
pub fn faults(after: &Content, known: &Known<'_>, used: &Used) -> Vec<Fault> {
    let mut faults = Vec::new();
    match after {
        Content::Rules(rules) => of_rules(rules, known, &mut faults),
        Content::Departments(_) => {
            let gone = gone(known.departments.iter().map(|one| one.code.as_str()), after);
            for code in &gone {
                if let Some(open) = used.departments.get(*code).filter(|open| **open > 0) {
                    faults.push(Fault::of_all(FaultCode::DepartmentBusy, code, *open));
                }
            }
            let named_by = |rule: &Rule| Some(rule.department.to_string());
            named(&gone, Column::Department, named_by, known.rules, &mut faults);
        }
        Content::Categories(_) => {
            let gone = gone(known.categories.iter().map(|one| one.code.as_str()), after);
            let named_by = |rule: &Rule| rule.category.as_ref().map(ToString::to_string);
            named(&gone, Column::Category, named_by, known.rules, &mut faults);
        }
        Content::Areas(_) => {
            let gone = gone(known.areas.iter().map(|one| one.code.as_str()), after);
            let named_by = |rule: &Rule| rule.area.as_ref().map(ToString::to_string);
            named(&gone, Column::Area, named_by, known.rules, &mut faults);
        }
        Content::Gifts(gifts) => {
            for (line, gift) in (2..).zip(gifts) {
                if known.entries.iter().all(|entry| entry.code != gift.station) {
                    let (column, code) = (Some(Column::Station), gift.station.as_str());
                    faults.push(Fault::at(line, column, FaultCode::EntryUnknown, code));
                }
            }
        }
        Content::Entries(entries) => {
            let gone = known.gifts.iter().filter(|gift| entries.iter().all(|one| one.code != gift.station));
            for gift in gone {
                let value = format!("{} {}", gift.station, gift.code);
                let fault = Fault::of_all(FaultCode::NamedByGift, &value, 0);
                faults.push(Fault { column: Some(Column::Code), ..fault });
            }
        }
        Content::Calendar(_) | Content::Templates(_) | Content::Rewards(_) | Content::Terms(_) => {}
    }
    faults
}

/// What is worth knowing of a change.
#[must_use]
pub fn notes(before: &Content, after: &Content, known: &Known<'_>, used: &Used) -> Vec<Note> {
    let mut notes = Vec::new();
    match (before, after) {
        (_, Content::Rules(rules)) => {
            notes.extend(rerouted(known.rules, rules, &used.late));
            notes.extend(never_asked(rules).map(|(rule, by)| Note {
                code: NoteCode::NeverAsked,
                value: format!("{} {}", rule.code, by.code),
                count: 1,
            }));
        }
        (_, Content::Departments(_)) => {
            let gone = gone(known.departments.iter().map(|one| one.code.as_str()), after);
            notes.extend(counted(NoteCode::MembersStay, &gone, &used.members));
        }
        (Content::Categories(before), Content::Categories(entries)) => {
            let gone = gone(known.categories.iter().map(|one| one.code.as_str()), after);
            notes.extend(kept(before, entries, used));
            notes.extend(counted(NoteCode::CategoryGoes, &gone, &used.categories));
        }
        (Content::Areas(before), Content::Areas(areas)) => {
            let gone = gone(known.areas.iter().map(|one| one.code.as_str()), after);
            notes.extend(counted(NoteCode::AreaGoes, &gone, &used.areas));
            notes.extend(ground::notes(before, areas));
        }
        (_, Content::Calendar(_)) if used.open > 0 => {
            notes.push(Note { code: NoteCode::ClocksAnew, value: String::new(), count: used.open });
        }
        (
            _,
            Content::Categories(_)
            | Content::Areas(_)
            | Content::Calendar(_)
            | Content::Templates(_)
            | Content::Rewards(_)
            | Content::Entries(_)
            | Content::Terms(_)
            | Content::Gifts(_),
        ) => {}
    }
    notes.truncate(TOLD);
    notes
}

/// Rules name what there is. A fault's line is that of the row in a file that has nothing but these rules.
fn of_rules(rules: &[Rule], known: &Known<'_>, faults: &mut Vec<Fault>) {
    let categories: HashSet<&CategoryCode> = known.categories.iter().map(|one| &one.code).collect();
    let areas: HashSet<&AreaCode> = known.areas.iter().map(|one| &one.code).collect();
    let departments: HashSet<&DepartmentCode> = known.departments.iter().map(|one| &one.code).collect();
    for (line, rule) in (2..).zip(rules) {
        if let Some(code) = rule.category.as_ref().filter(|code| !categories.contains(code)) {
            faults.push(Fault::at(line, Some(Column::Category), FaultCode::CategoryUnknown, code.as_str()));
        }
        if let Some(code) = rule.area.as_ref().filter(|code| !areas.contains(code)) {
            faults.push(Fault::at(line, Some(Column::Area), FaultCode::AreaUnknown, code.as_str()));
        }
        if !departments.contains(&rule.department) {
            let (column, code) = (Some(Column::Department), rule.department.as_str());
            faults.push(Fault::at(line, column, FaultCode::DepartmentUnknown, code));
        }
    }
}

/// The codes that are there no more.
fn gone<'a>(before: impl Iterator<Item = &'a str>, after: &Content) -> Vec<&'a str> {
    let after: HashSet<&str> = after.names().into_iter().map(|(code, _)| code).collect();
    before.filter(|code| !after.contains(code)).collect()
}

/// Rules that name what goes.
fn named(
    gone: &[&str],
    column: Column,
    of: fn(&Rule) -> Option<String>,
    rules: &[Rule],
    faults: &mut Vec<Fault>,
) {
    for rule in rules {
        if let Some(code) = of(rule).filter(|code| gone.contains(&code.as_str())) {
            let value = format!("{code} {}", rule.code);
            faults.push(Fault { column: Some(column), ..Fault::of_all(FaultCode::NamedByRule, &value, 0) });
        }
    }
}

fn counted<'a>(
    code: NoteCode,
    gone: &'a [&'a str],
    counts: &'a BTreeMap<String, u64>,
) -> impl Iterator<Item = Note> + 'a {
    gone.iter().filter_map(move |one| {
        let count = *counts.get(*one).filter(|count| **count > 0)?;
        Some(Note { code, value: (*one).to_owned(), count })
    })
}

/// Open cases of categories whose criterion changes: they keep the one that they were filed under.
fn kept(before: &[CategoryEntry], after: &[CategoryEntry], used: &Used) -> Option<Note> {
    let known: HashMap<&CategoryCode, &CategoryEntry> =
        before.iter().map(|one| (&one.category.code, one)).collect();
    let changed = after
        .iter()
        .filter(|one| known.get(&one.category.code).is_some_and(|known| known.conditions != one.conditions));
    let count: u64 = changed.filter_map(|one| used.categories.get(one.category.code.as_str())).sum();
    (count > 0).then(|| Note { code: NoteCode::CasesKeep, value: String::new(), count })
}

/// How many of the last cases would go elsewhere.
fn rerouted(before: &[Rule], after: &[Rule], late: &[(CategoryCode, AreaCode)]) -> Option<Note> {
    let to = |rules, category, area| route(rules, category, area).map(|rule: &Rule| rule.department.clone());
    let differ =
        late.iter().filter(|(category, area)| to(before, category, area) != to(after, category, area));
    let count = differ.count() as u64;
    (!late.is_empty()).then(|| Note { code: NoteCode::Rerouted, value: late.len().to_string(), count })
}
