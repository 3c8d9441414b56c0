//! Each part as a table: its columns, its cells, and how a line of it is read.

mod areas;
mod calendar;
mod categories;
mod limits;
mod lists;
mod rules;

pub(crate) use areas::{label_of, level_faults};

use crate::fault::Fault;
use crate::row::{Line, Row};
use std::collections::HashMap;
use woodlark_domain::city::{Column, Content, FaultCode, Part};
use woodlark_domain::place::Area;

/// The columns of a part, the naming one first.
#[must_use]
pub const fn columns(part: Part) -> &'static [Column] {
    match part {
        Part::Areas => areas::COLUMNS,
        Part::Departments => lists::DEPARTMENTS,
        Part::Categories => categories::COLUMNS,
        Part::Rules => rules::COLUMNS,
        Part::Calendar => calendar::COLUMNS,
        Part::Templates => lists::TEMPLATES,
        Part::Rewards => lists::REWARDS,
        Part::Entries => lists::ENTRIES,
        Part::Terms => lists::TERMS,
        Part::Gifts => lists::GIFTS,
    }
}

/// The rows of a part, each with as many cells as the part has columns.
#[must_use]
pub fn cells(content: &Content) -> Vec<Vec<String>> {
    match content {
        Content::Areas(all) => all.iter().map(areas::cells).collect(),
        Content::Departments(all) => all.iter().map(lists::department_cells).collect(),
        Content::Categories(all) => all.iter().flat_map(categories::cells).collect(),
        Content::Rules(all) => all.iter().map(rules::cells).collect(),
        Content::Calendar(all) => calendar::cells(all),
        Content::Templates(all) => all.iter().map(lists::template_cells).collect(),
        Content::Rewards(all) => all.iter().map(lists::reward_cells).collect(),
        Content::Entries(all) => all.iter().map(lists::entry_cells).collect(),
        Content::Terms(all) => all.iter().map(lists::term_cells).collect(),
        Content::Gifts(all) => all.iter().map(lists::gift_cells).collect(),
    }
}

/// Reads the lines of a part.
pub(crate) fn read(part: Part, lines: &[Line], known: &[Area]) -> Result<Content, Vec<Fault>> {
    let mut faults = Vec::new();
    let content = match part {
        Part::Areas => Content::Areas(areas::read(lines, known, &mut faults)),
        Part::Departments => Content::Departments(each(part, lines, &mut faults, lists::read_department)),
        Part::Categories => Content::Categories(categories::read(lines, &mut faults)),
        Part::Rules => Content::Rules(each(part, lines, &mut faults, rules::read)),
        Part::Calendar => Content::Calendar(calendar::read(lines, &mut faults)),
        Part::Templates => Content::Templates(each(part, lines, &mut faults, lists::read_template)),
        Part::Rewards => Content::Rewards(lists::read_rewards(lines, &mut faults)),
        Part::Entries => Content::Entries(each(part, lines, &mut faults, lists::read_entry)),
        Part::Terms => Content::Terms(lists::read_terms(lines, &mut faults)),
        Part::Gifts => Content::Gifts(each(part, lines, &mut faults, lists::read_gift)),
    };
    // A city may do without templates, entries, gifts and days that are not like every other.
    let may_be_empty =
        matches!(part, Part::Templates | Part::Entries | Part::Calendar | Part::Rules | Part::Gifts);
    if lines.is_empty() && !may_be_empty {
        faults.push(Fault::of_all(FaultCode::Empty, "", 0));
    }
    faults.sort_by_key(|fault| fault.line);
    if faults.is_empty() { Ok(content) } else { Err(faults) }
}

/// Reads each line with `one`; two with the same text in the first column are a fault.
fn each<T>(
    part: Part,
    lines: &[Line],
    faults: &mut Vec<Fault>,
    one: impl Fn(&mut Row<'_>) -> Option<T>,
) -> Vec<T> {
    let columns = columns(part);
    twice(columns, lines, faults);
    lines.iter().filter_map(|line| one(&mut Row { columns, line, faults })).collect()
}

/// A fault for each line whose first cell stood in a line before.
fn twice(columns: &'static [Column], lines: &[Line], faults: &mut Vec<Fault>) {
    let mut seen: HashMap<&str, u32> = HashMap::new();
    for line in lines {
        let Some(key) = line.cells.first().map(String::as_str).filter(|key| !key.is_empty()) else {
            continue;
        };
        match seen.get(key) {
            Some(first) => {
                let fault = Fault::at(line.number, columns.first().copied(), FaultCode::Twice, key);
                faults.push(Fault { count: u64::from(*first), ..fault });
            }
            None => drop(seen.insert(key, line.number)),
        }
    }
}
