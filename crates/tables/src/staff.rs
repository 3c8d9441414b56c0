//! The list of staff as a table: a line for each role that somebody holds. What stands in it is added or changed; who is not
//! in it stays as they are, for an account is ended by hand.

use crate::csv_text::{lines, write};
use crate::fault::Fault;
use crate::row::{Line, Row};
use crate::{Change, FieldChange, What};
use std::collections::{BTreeMap, HashMap};
use woodlark_domain::city::{Column, FaultCode};
use woodlark_domain::criterion::Name;
use woodlark_domain::limits::{NAME_CHARS, STAFF_ROWS};
use woodlark_domain::staff::{Listed, POSTS, Person, Post, ROLES, Standing, is_login};
use woodlark_domain::{AreaCode, DepartmentCode, Role};

/// The columns, the naming one first.
pub const STAFF: &[Column] = &[Column::Login, Column::Name, Column::Role, Column::Department, Column::Area];

/// What the list is judged beside.
pub struct StaffKnown<'a> {
    /// Everybody who has an account, in the order of their logins.
    pub listed: &'a [Listed],
    /// Whether there is such a department.
    pub department: &'a dyn Fn(&DepartmentCode) -> bool,
    /// Whether there is such an area.
    pub area: &'a dyn Fn(&AreaCode) -> bool,
}

/// What a list comes to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StaffChange {
    /// Those who are to be invited.
    pub new: Vec<Person>,
    /// Those who get another name or other roles.
    pub changed: Vec<Person>,
    /// How many are in the list and as they stand.
    pub unchanged: usize,
    /// The same as rows: what is different of whom.
    pub rows: Vec<Change>,
}

/// A person of the list, and the line that names them first.
struct Named {
    line: u32,
    person: Person,
}

/// Reads a list and judges it beside what stands.
///
/// # Errors
/// Every [`Fault`] of it.
pub fn read_staff(text: &str, known: &StaffKnown<'_>) -> Result<StaffChange, Vec<Fault>> {
    let lines = lines(text, STAFF, STAFF_ROWS)?;
    let mut faults = Vec::new();
    let named = people(&lines, known, &mut faults);
    if lines.is_empty() {
        faults.push(Fault::of_all(FaultCode::Empty, "", 0));
    }
    let change = compare(&named, known.listed, &mut faults);
    // Whoever can't be read can't be counted either: a role that is misspelt is not yet one that is lost.
    if faults.is_empty() {
        last_admin(&named, known.listed, &mut faults);
    }
    faults.sort_by_key(|fault| fault.line);
    if faults.is_empty() { Ok(change) } else { Err(faults) }
}

/// The list of everybody whose account has not ended.
#[must_use]
pub fn write_staff(listed: &[Listed]) -> String {
    let stands = listed.iter().filter(|one| one.standing != Standing::Ended);
    let rows = stands.flat_map(|one| {
        one.person.posts.iter().map(|post| {
            vec![
                one.person.login.clone(),
                one.person.name.clone(),
                post.role.code().to_owned(),
                post.department.as_ref().map_or_else(String::new, ToString::to_string),
                post.area.as_ref().map_or_else(String::new, ToString::to_string),
            ]
        })
    });
    write(STAFF, rows)
}

/// The people of the lines, in the order in which they are named first.
fn people(lines: &[Line], known: &StaffKnown<'_>, faults: &mut Vec<Fault>) -> Vec<Named> {
    let mut named: Vec<Named> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut seen: HashMap<&[String], u32> = HashMap::new();
    for line in lines {
        let mut row = Row { columns: STAFF, line, faults };
        let (login, name, post) =
            (login(&mut row), row.need(Column::Name, NAME_CHARS), post(&mut row, known));
        let first = *seen.entry(line.cells.as_slice()).or_insert(line.number);
        if first != line.number {
            twice(&mut row, first);
            continue;
        }
        let (Some(login), Some(name), Some(post)) = (login, name, post) else { continue };
        let Some(one) = places.get(&login).and_then(|place| named.get_mut(*place)) else {
            places.insert(login.clone(), named.len());
            named.push(Named { line: line.number, person: Person { login, name, posts: vec![post] } });
            continue;
        };
        if one.person.name != name {
            let fault = Fault::at(line.number, Some(Column::Name), FaultCode::NameDiffers, &login);
            faults.push(Fault { count: u64::from(one.line), ..fault });
        } else if one.person.posts.contains(&post) {
            twice(&mut row, one.line);
        } else if one.person.posts.len() == POSTS {
            faults.push(Fault::at(line.number, Some(Column::Role), FaultCode::TooManyRoles, &login));
        } else {
            one.person.posts.push(post);
        }
    }
    named
}

fn twice(row: &mut Row<'_>, first: u32) {
    let fault = Fault::at(row.line.number, Some(Column::Login), FaultCode::Twice, row.cell(Column::Login));
    row.faults.push(Fault { count: u64::from(first), ..fault });
}

fn login(row: &mut Row<'_>) -> Option<String> {
    let login = row.cell(Column::Login);
    match login {
        "" => row.fail(Column::Login, FaultCode::CellMissing),
        login if is_login(login) => Some(login.to_owned()),
        _ => row.fail(Column::Login, FaultCode::Login),
    }
}

/// A role that can be: of a department and an area that there are; a handler is of a department.
fn post(row: &mut Row<'_>, known: &StaffKnown<'_>) -> Option<Post> {
    let role = row.choice(Column::Role, |code| Role::from_code(code).filter(|role| ROLES.contains(role)));
    let department = row.code_if::<DepartmentCode>(Column::Department);
    let department = match department {
        Some(Some(code)) if !(known.department)(&code) => {
            row.fail(Column::Department, FaultCode::DepartmentUnknown)
        }
        Some(None) if role == Some(Role::Handler) => row.fail(Column::Department, FaultCode::CellMissing),
        other => other,
    };
    let area = match row.code_if::<AreaCode>(Column::Area) {
        Some(Some(code)) if !(known.area)(&code) => row.fail(Column::Area, FaultCode::AreaUnknown),
        other => other,
    };
    Some(Post { role: role?, department: department?, area: area? })
}

/// What of the list is not as it stands.
fn compare(named: &[Named], listed: &[Listed], faults: &mut Vec<Fault>) -> StaffChange {
    let known: BTreeMap<&str, &Listed> = listed.iter().map(|one| (one.person.login.as_str(), one)).collect();
    let mut change = StaffChange::default();
    for Named { line, person } in named {
        match known.get(person.login.as_str()) {
            Some(one) if one.standing == Standing::Ended => {
                faults.push(Fault::at(*line, Some(Column::Login), FaultCode::AccountEnded, &person.login));
            }
            Some(one) if is_same(&one.person, person) => change.unchanged += 1,
            Some(one) => {
                change.rows.push(difference(Some(&one.person), person));
                change.changed.push(person.clone());
            }
            None => {
                change.rows.push(difference(None, person));
                change.new.push(person.clone());
            }
        }
    }
    change
}

/// The same name and the same roles, in whatever order.
fn is_same(one: &Person, other: &Person) -> bool {
    let within = |some: &[Post], all: &[Post]| some.iter().all(|post| all.contains(post));
    one.name == other.name && within(&one.posts, &other.posts) && within(&other.posts, &one.posts)
}

/// What is different of somebody, each role that goes or comes in a cell of its own.
fn difference(before: Option<&Person>, after: &Person) -> Change {
    let had = before.map_or(&[][..], |one| &one.posts);
    let mut fields = Vec::new();
    if let Some(one) = before.filter(|one| one.name != after.name) {
        let (before, after) = (one.name.clone(), after.name.clone());
        fields.push(FieldChange { column: Column::Name, before, after });
    }
    let role = |before: String, after: String| FieldChange { column: Column::Role, before, after };
    let gone = had.iter().filter(|post| !after.posts.contains(post));
    fields.extend(gone.map(|post| role(role_cell(post), String::new())));
    let come = after.posts.iter().filter(|post| !had.contains(post));
    fields.extend(come.map(|post| role(String::new(), role_cell(post))));
    Change {
        what: if before.is_some() { What::Changed } else { What::Added },
        key: after.login.clone(),
        name: Name { zh: after.name.clone(), en: after.name.clone() },
        fields,
    }
}

/// A role in one cell: `handler shizheng @310120001`.
fn role_cell(post: &Post) -> String {
    let department = post.department.as_ref().map(|code| format!(" {code}")).unwrap_or_default();
    let area = post.area.as_ref().map(|code| format!(" @{code}")).unwrap_or_default();
    format!("{}{department}{area}", post.role.code())
}

/// Somebody who works here must always be left who can invite: each line that takes the role from one of the last.
fn last_admin(named: &[Named], listed: &[Listed], faults: &mut Vec<Fault>) {
    let is_admin = |person: &Person| person.posts.iter().any(|post| post.role == Role::Admin);
    let after: HashMap<&str, &Named> = named.iter().map(|one| (one.person.login.as_str(), one)).collect();
    let named = |one: &Listed| after.get(one.person.login.as_str()).copied();
    let active = || listed.iter().filter(|one| one.standing == Standing::Active);
    if active().any(|one| is_admin(named(one).map_or(&one.person, |named| &named.person))) {
        return;
    }
    let losing = active().filter(|one| is_admin(&one.person)).filter_map(named);
    let fault =
        |one: &Named| Fault::at(one.line, Some(Column::Role), FaultCode::LastAdmin, &one.person.login);
    faults.extend(losing.map(fault));
}
