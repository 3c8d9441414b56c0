//! What parts, columns, faults and notes are called, and how a cell is read by a person.

use crate::messages::{self, d};
use crate::pages::me::role_words;
use woodlark_domain::city::{Column, Deed, FaultCode, NoteCode, Part, Purpose};
use woodlark_domain::place::AreaLevel;
use woodlark_domain::redeem::Term;
use woodlark_domain::{AreaCode, DepartmentCode, Door, Language, Role};
use woodlark_ui::messages::language;
use woodlark_wire::{CityFault, CityNote, ColumnChoices, StaffRole};

/// A part's name, what it is, and its symbol.
pub(crate) fn part(part: Part) -> (&'static str, &'static str, &'static str) {
    let d = d();
    match part {
        Part::Areas => (d.part_areas, d.part_areas_is, "pin"),
        Part::Departments => (d.part_departments, d.part_departments_is, "people"),
        Part::Categories => (d.part_categories, d.part_categories_is, "tag"),
        Part::Rules => (d.part_rules, d.part_rules_is, "next"),
        Part::Calendar => (d.part_calendar, d.part_calendar_is, "clock"),
        Part::Templates => (d.part_templates, d.part_templates_is, "pen"),
        Part::Rewards => (d.part_rewards, d.part_rewards_is, "star"),
        Part::Entries => (d.part_entries, d.part_entries_is, "home"),
        Part::Terms => (d.part_terms, d.part_terms_is, "pen"),
        Part::Gifts => (d.part_gifts, d.part_gifts_is, "star"),
    }
}

/// What a column is called.
pub(super) fn column(column: Column) -> &'static str {
    let d = d();
    match column {
        Column::Code => d.column_code,
        Column::NameZh => d.column_name_zh,
        Column::NameEn => d.column_name_en,
        Column::Level => d.column_level,
        Column::Parent => d.column_parent,
        Column::Certain => d.column_certain,
        Column::Keywords => d.column_keywords,
        Column::ConditionZh => d.column_condition_zh,
        Column::ConditionEn => d.column_condition_en,
        Column::Limits => d.column_limits,
        Column::ClosesZh => d.column_closes_zh,
        Column::ClosesEn => d.column_closes_en,
        Column::Category => d.column_category,
        Column::Area => d.column_area,
        Column::Department => d.column_department,
        Column::Direct => d.column_direct,
        Column::Date => d.column_date,
        Column::Kind => d.column_kind,
        Column::Name => d.column_name,
        Column::Provisional => d.column_provisional,
        Column::Purpose => d.column_purpose,
        Column::WordsZh => d.column_words_zh,
        Column::WordsEn => d.column_words_en,
        Column::Deed => d.column_deed,
        Column::Points => d.column_points,
        Column::Door => d.column_door,
        Column::Lon => d.column_lon,
        Column::Lat => d.column_lat,
        Column::Login => d.column_login,
        Column::Role => d.column_role,
        Column::Outline => d.column_outline,
        Column::Position => d.column_position,
        Column::Term => d.column_term,
        Column::Value => d.column_value,
        Column::Station => d.column_station,
        Column::Stock => d.column_stock,
    }
}

/// The English twin of a Chinese column, and what both are called together.
pub(super) fn twin(column: Column) -> Option<(Column, &'static str)> {
    let d = d();
    let twins = [
        (Column::NameZh, Column::NameEn, d.column_name),
        (Column::ConditionZh, Column::ConditionEn, d.column_condition),
        (Column::ClosesZh, Column::ClosesEn, d.column_closes),
        (Column::WordsZh, Column::WordsEn, d.column_words),
    ];
    twins.into_iter().find(|(zh, ..)| *zh == column).map(|(_, en, both)| (en, both))
}

/// Whether a column is the English one of two.
pub(super) fn is_twin(column: Column) -> bool {
    matches!(column, Column::NameEn | Column::ConditionEn | Column::ClosesEn | Column::WordsEn)
}

/// The words that a column's cells are chosen from, each with what it is called; none where anything can be written.
pub(super) fn options(column: Column, choices: &[ColumnChoices]) -> Option<Vec<(String, String)>> {
    let d = d();
    let own = |all: &[(&str, &str)]| {
        Some(all.iter().map(|(code, name)| ((*code).to_owned(), (*name).to_owned())).collect())
    };
    if column == Column::Certain || column == Column::Direct || column == Column::Provisional {
        return own(&[("yes", d.column_yes), ("no", d.column_no)]);
    }
    if column == Column::Level {
        return Some(listed(AreaLevel::ALL, |level| (level.code(), level_name(level))));
    }
    if column == Column::Kind {
        return own(&[("holiday", d.day_holiday), ("workday", d.day_workday)]);
    }
    if column == Column::Purpose {
        return Some(listed(Purpose::ALL, |purpose| (purpose.code(), purpose_name(purpose))));
    }
    if column == Column::Deed {
        return Some(listed(Deed::ALL, |deed| (deed.code(), deed_name(deed))));
    }
    if column == Column::Term {
        return Some(listed(Term::ALL, |term| (term.code(), term_name(term))));
    }
    if column == Column::Door {
        return Some(listed(Door::ALL, |door| (door.code(), messages::door(door))));
    }
    let given = choices.iter().find(|given| given.column == column)?;
    let mut all = Vec::with_capacity(given.options.len() + 1);
    if !matches!(column, Column::Department | Column::Station) {
        all.push((String::new(), d.column_any.to_owned()));
    }
    all.extend(
        given
            .options
            .iter()
            .map(|one| (one.code.clone(), [&one.code, " ", one.name.in_language(language())].concat())),
    );
    Some(all)
}

fn listed<T: Copy>(all: &[T], named: fn(T) -> (&'static str, &'static str)) -> Vec<(String, String)> {
    let one = |one: &T| {
        let (code, name) = named(*one);
        (code.to_owned(), name.to_owned())
    };
    all.iter().map(one).collect()
}

fn level_name(level: AreaLevel) -> &'static str {
    let d = d();
    match level {
        AreaLevel::City => d.level_city,
        AreaLevel::County => d.level_county,
        AreaLevel::Town => d.level_town,
        AreaLevel::Community => d.level_community,
        AreaLevel::Grid => d.level_grid,
        AreaLevel::MicroGrid => d.level_micro_grid,
    }
}

fn purpose_name(purpose: Purpose) -> &'static str {
    let d = d();
    match purpose {
        Purpose::Decline => d.order_decline,
        Purpose::Return => d.order_return,
        Purpose::Rework => d.order_rework,
        Purpose::Defer => d.order_defer,
        Purpose::Extend => d.order_extend,
    }
}

/// What a term is called, with its unit.
fn term_name(term: Term) -> &'static str {
    let d = d();
    match term {
        Term::MonthlyPoints => d.term_monthly_points,
        Term::FenPerPoint => d.term_fen_per_point,
        Term::PayoutLeastFen => d.term_payout_least_fen,
        Term::PayoutMostFen => d.term_payout_most_fen,
        Term::MonthlyFen => d.term_monthly_fen,
        Term::ApprovalFromFen => d.term_approval_from_fen,
        Term::SecondApprovalFromFen => d.term_second_approval_from_fen,
        Term::PayoutHours => d.term_payout_hours,
        Term::GiftDays => d.term_gift_days,
    }
}

pub(crate) fn deed_name(deed: Deed) -> &'static str {
    let d = d();
    match deed {
        Deed::ProblemFiled => d.deed_problem_filed,
        Deed::Joined => d.deed_joined,
        Deed::SuggestionAdopted => d.deed_suggestion_adopted,
        Deed::PraisePublished => d.deed_praise_published,
        Deed::Rated => d.deed_rated,
    }
}

/// Limits in words: `uh1+wd5` is one urgent hour, then five work days; none where they can't be read.
pub(super) fn limits(text: &str) -> Option<String> {
    let d = d();
    let step = |step: &str| {
        let (unit, count) = step.trim().split_at_checked(2)?;
        count.parse::<u32>().ok()?;
        Some(match unit {
            "uh" => d.limit_uh(count),
            "wh" => d.limit_wh(count),
            "wd" => d.limit_wd(count),
            "cd" => d.limit_cd(count),
            _ => return None,
        })
    };
    let steps: Vec<String> = text.split('+').map(step).collect::<Option<_>>()?;
    Some(steps.join(d.limit_then))
}

/// A cell as a person reads it.
pub(super) fn shown(column: Column, cell: &str, choices: &[ColumnChoices]) -> String {
    if column == Column::Limits {
        return limits(cell).unwrap_or_else(|| cell.to_owned());
    }
    if column == Column::Role {
        return role(cell).map_or_else(|| cell.to_owned(), |role| role_words(&role));
    }
    let known = options(column, choices)
        .and_then(|options| options.into_iter().find(|(code, _)| code == cell).map(|(_, name)| name));
    known.unwrap_or_else(|| cell.to_owned())
}

/// A role in one cell: `handler shizheng @310120001`.
fn role(cell: &str) -> Option<StaffRole> {
    let mut parts = cell.split(' ');
    let mut role = StaffRole { role: Role::from_code(parts.next()?)?, department: None, area: None };
    for part in parts {
        match part.strip_prefix('@') {
            Some(area) => role.area = Some(AreaCode::new(area).ok()?),
            None => role.department = Some(DepartmentCode::new(part).ok()?),
        }
    }
    Some(role)
}

/// Of a Chinese and an English text the reader's, then the other.
pub(super) fn first_second<'a>(zh: &'a str, en: &'a str) -> (&'a str, &'a str) {
    match language() {
        Language::Zh => (zh, en),
        Language::En => (en, zh),
    }
}

/// What is wrong, and what to do.
pub(super) fn fault(fault: &CityFault) -> String {
    let (d, value) = (d(), fault.value.as_str());
    let count = fault.count.to_string();
    match fault.code {
        FaultCode::Unreadable => d.fault_unreadable.to_owned(),
        FaultCode::Empty => d.fault_empty.to_owned(),
        FaultCode::TooMany => d.fault_too_many(&count, value),
        FaultCode::ColumnMissing => d.fault_column_missing(value),
        FaultCode::ColumnUnknown => d.fault_column_unknown(value),
        FaultCode::CellMissing => d.fault_cell_missing.to_owned(),
        FaultCode::Text => d.fault_text(value),
        FaultCode::Code => d.fault_code(value),
        FaultCode::Spreadsheet => d.fault_spreadsheet(value),
        FaultCode::Twice => d.fault_twice(&count, value),
        FaultCode::Choice => d.fault_choice(value),
        FaultCode::YesNo => d.fault_yes_no(value),
        FaultCode::Limit => d.fault_limit(value),
        FaultCode::Day => d.fault_day(value),
        FaultCode::Points => d.fault_points(value),
        FaultCode::Position => d.fault_position.to_owned(),
        FaultCode::Shape => d.fault_shape.to_owned(),
        FaultCode::ParentUnknown => d.fault_parent_unknown(value),
        FaultCode::ParentApart => d.fault_parent_apart(value),
        FaultCode::DiffersAbove => d.fault_differs_above(value),
        FaultCode::NoCriterion => d.fault_no_criterion(value),
        FaultCode::DepartmentUnknown => d.fault_department_unknown(value),
        FaultCode::CategoryUnknown => d.fault_category_unknown(value),
        FaultCode::AreaUnknown => d.fault_area_unknown(value),
        FaultCode::DepartmentBusy => d.fault_department_busy(&count, value),
        FaultCode::NamedByRule => d.fault_named_by_rule(value),
        FaultCode::DeedMissing => d.fault_deed_missing(value),
        FaultCode::TermMissing => d.fault_term_missing(value),
        FaultCode::Number => d.fault_number(&count, value),
        FaultCode::EntryUnknown => d.fault_entry_unknown(value),
        FaultCode::NamedByGift => d.fault_named_by_gift(value),
        FaultCode::Login => d.fault_login(value),
        FaultCode::NameDiffers => d.fault_name_differs(&count, value),
        FaultCode::TooManyRoles => d.fault_too_many_roles(value),
        FaultCode::AccountEnded => d.fault_account_ended(value),
        FaultCode::LastAdmin => d.fault_last_admin(value),
    }
}

/// What a change brings with it.
pub(super) fn note(note: &CityNote) -> String {
    let (d, value) = (d(), note.value.as_str());
    let count = note.count.to_string();
    match note.code {
        NoteCode::CasesKeep => d.means_cases_keep(&count),
        NoteCode::CategoryGoes => d.means_category_goes(&count, value),
        NoteCode::AreaGoes => d.means_area_goes(&count, value),
        NoteCode::MembersStay => d.means_members_stay(&count, value),
        NoteCode::ClocksAnew => d.means_clocks_anew(&count),
        NoteCode::Overlap => d.means_overlap(&count, value),
        NoteCode::Outside => d.means_outside(&count, value),
        NoteCode::NoOutline => d.means_no_outline(value),
        NoteCode::NeverAsked => d.means_never_asked(value),
        NoteCode::Rerouted => d.means_rerouted(&count, value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_in_one_cell_is_read_with_its_department_and_its_area() {
        let read = |cell| role(cell).map(|one| (one.role, one.department, one.area));
        assert_eq!(read("acceptor"), Some((Role::Acceptor, None, None)));
        let (department, area) = (DepartmentCode::new("shizheng").ok(), AreaCode::new("310120001").ok());
        assert_eq!(read("handler shizheng @310120001"), Some((Role::Handler, department, area.clone())));
        assert_eq!(read("verifier @310120001"), Some((Role::Verifier, None, area)));
        assert_eq!(read("king"), None);
    }
}
