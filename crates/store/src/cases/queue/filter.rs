//! Which cases are meant, as a condition on their rows: what the actor may read, and what the filter asks for.

use super::Ask;
use crate::cases::reckoned::level;
use crate::column::after_all;
use crate::conn::MultiBackend;
use crate::schema::case_file;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable};
use woodlark_domain::clock::Overdue;
use woodlark_domain::policy::{Action, Scope, scope};
use woodlark_domain::search::{SoughtNumber, SoughtWords};
use woodlark_domain::{AreaCode, CategoryCode, DepartmentCode, Door, Kind, State, Timestamp, Visibility};

/// Which of a queue's cases are meant; by default all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// In one of these states; none is any of the queue's.
    pub states: Vec<State>,
    /// Of this kind.
    pub kind: Option<Kind>,
    /// Of this category, or one below it.
    pub category: Option<CategoryCode>,
    /// In this area.
    pub area: Option<AreaCode>,
    /// With this department.
    pub department: Option<DepartmentCode>,
    /// Come in by this door.
    pub door: Option<Door>,
    /// Come in at this moment or later.
    pub received_from: Option<Timestamp>,
    /// Come in before this moment.
    pub received_until: Option<Timestamp>,
    /// Exactly so far over.
    pub overdue: Option<Overdue>,
    /// For these eyes.
    pub visibility: Option<Visibility>,
    /// With these words, in what was said or in the words of the place.
    pub words: Option<SoughtWords>,
    /// With a number that begins so. Where one is given, words are not looked at.
    pub number: Option<SoughtNumber>,
}

/// A query of rows, before it is said what is wanted of them.
pub(super) type Rows<'a> = case_file::BoxedQuery<'a, MultiBackend>;

/// The states that are meant.
pub(super) fn states(ask: &Ask<'_>) -> Vec<State> {
    let wanted = &ask.filter.states;
    let all = ask.queue.states().iter().copied();
    all.filter(|state| wanted.is_empty() || wanted.contains(state)).collect()
}

/// The rows that are meant, of whatever state; none where the actor may not read any.
pub(super) fn rows<'a>(adcode: &'a str, ask: &Ask<'a>) -> Option<Rows<'a>> {
    let rows = case_file::table.filter(case_file::adcode.eq(adcode)).into_boxed();
    let rows = readable(rows, ask)?;
    Some(by_time(by_kind_and_place(rows, ask.filter), ask))
}

/// A condition on a row.
type Condition<'a> =
    Box<dyn BoxableExpression<case_file::table, MultiBackend, SqlType = Nullable<Bool>> + 'a>;

/// What one of the actors may read; none where none of them may read any.
fn readable<'a>(rows: Rows<'a>, ask: &Ask<'a>) -> Option<Rows<'a>> {
    let mut any: Option<Condition<'a>> = None;
    for actor in ask.actors {
        let one: Condition<'a> = match scope(actor.role, Action::ReadCase) {
            // A resident's own cases are not the desk's.
            Scope::Nothing | Scope::Own => continue,
            Scope::Everything => return Some(rows),
            Scope::Department => match &actor.department {
                Some(department) => Box::new(case_file::department.eq(department.as_str())),
                None => continue,
            },
            Scope::Area => match &actor.area {
                None => return Some(rows),
                Some(area) => within(area),
            },
        };
        any = Some(match any {
            Some(others) => Box::new(others.or(one)),
            None => one,
        });
    }
    Some(rows.filter(any?))
}

/// In an area, or in none yet: somebody has to place it.
fn within(area: &AreaCode) -> Condition<'_> {
    let from = case_file::area.ge(area.as_str());
    match after_all(area.as_str()) {
        Some(end) => Box::new(case_file::area.is_null().or(from.and(case_file::area.lt(end)))),
        None => Box::new(case_file::area.is_null().or(from)),
    }
}

fn by_kind_and_place<'a>(mut rows: Rows<'a>, filter: &'a Filter) -> Rows<'a> {
    if let Some(kind) = filter.kind {
        rows = rows.filter(case_file::kind.eq(kind.code()));
    }
    if let Some(category) = &filter.category {
        rows = rows.filter(case_file::category.ge(category.as_str()));
        if let Some(end) = after_all(category.as_str()) {
            rows = rows.filter(case_file::category.lt(end));
        }
    }
    if let Some(area) = &filter.area {
        rows = rows.filter(case_file::area.ge(area.as_str()));
        if let Some(end) = after_all(area.as_str()) {
            rows = rows.filter(case_file::area.lt(end));
        }
    }
    if let Some(department) = &filter.department {
        rows = rows.filter(case_file::department.eq(department.as_str()));
    }
    if let Some(door) = filter.door {
        rows = rows.filter(case_file::door.eq(door.code()));
    }
    if let Some(visibility) = filter.visibility {
        rows = rows.filter(case_file::visibility.eq(visibility.code()));
    }
    rows
}

/// A queue of what is overdue holds what is past its deadline, whether people were called already or will be in a moment.
fn by_time<'a>(mut rows: Rows<'a>, ask: &Ask<'a>) -> Rows<'a> {
    let twice = level(Overdue::Twice);
    if let Some(from) = ask.filter.received_from {
        rows = rows.filter(case_file::received_at.ge(from.0));
    }
    if let Some(until) = ask.filter.received_until {
        rows = rows.filter(case_file::received_at.lt(until.0));
    }
    if ask.queue.is_overdue() {
        rows = rows.filter(case_file::due_at.lt(ask.now.0));
    }
    match ask.filter.overdue {
        None => rows,
        Some(Overdue::No) => rows
            .filter(case_file::due_at.is_null().or(case_file::due_at.ge(ask.now.0)))
            .filter(case_file::overdue.lt(twice)),
        Some(Overdue::Over) => {
            rows.filter(case_file::due_at.lt(ask.now.0)).filter(case_file::overdue.lt(twice))
        }
        Some(Overdue::Twice) => rows.filter(case_file::overdue.eq(twice)),
    }
}
