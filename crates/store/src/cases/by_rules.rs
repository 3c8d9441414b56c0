//! What the rules do of themselves: a new report is filed where its category is certain and its place known, a filed case is
//! sent where a rule may send it without a person.

use crate::city::City;
use woodlark_domain::Timestamp;
use woodlark_domain::case::{Actor, Case, Command, Event, Facts, decide};
use woodlark_domain::criterion::CriterionRef;
use woodlark_domain::dispatch::route;

/// What the rules do next of themselves, if anything.
pub(crate) fn next_by_rules(case: &Case, city: &City, now: Timestamp) -> Option<Event> {
    let (category, area) = (case.category.clone()?, case.area.clone()?);
    let mut facts = Facts::at(now);
    let command = if case.filed_at.is_none() {
        facts.certain = city.category(&category)?.certain;
        let criterion = CriterionRef { version: city.criterion(&category)?.version, condition: 0 };
        Command::File { category, area, criterion }
    } else if case.department.is_none() {
        let rule = route(&city.data().rules, &category, &area)?;
        facts.automatic = rule.automatic;
        Command::Dispatch { department: rule.department.clone(), rule: Some(rule.code.clone()) }
    } else {
        return None;
    };
    decide(case, &Actor::system(), command, &facts).ok()
}
