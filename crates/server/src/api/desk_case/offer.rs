//! What a correction could become: where somebody sent a case elsewhere than the rules would have, a rule.

use crate::api::desk_city::code_name;
use woodlark_domain::CategoryCode;
use woodlark_domain::case::Command;
use woodlark_domain::place::AreaLevel;
use woodlark_store::cases::Whole;
use woodlark_store::city::City;
use woodlark_wire::{CodeName, RuleOffer};

/// The rule that would have sent it where a person did, from narrow to wide; none where a rule did.
pub(crate) fn rule_offer(whole: &Whole, city: &City) -> Option<RuleOffer> {
    let case = &whole.case;
    let sent = whole.events.iter().rev().find_map(|event| {
        let Command::Dispatch { department, rule } = &event.what else { return None };
        Some((department, rule.is_some(), event.by.user.is_some()))
    });
    let (department, by_rule, by_person) = sent?;
    if by_rule || !by_person || case.department.as_ref() != Some(department) {
        return None;
    }
    let (category, area) = (case.category.as_ref()?, case.area.as_ref()?);
    let categories = (3..=category.as_str().len())
        .rev()
        .step_by(2)
        .filter_map(|length| CategoryCode::new(category.as_str().get(..length)?).ok())
        .filter_map(|code| Some(code_name(&code, &city.category(&code)?.name)));
    let areas = city
        .areas()
        .path(area)
        .filter(|area| matches!(area.level, AreaLevel::Town | AreaLevel::Community))
        .map(|area| code_name(&area.code, &area.name));
    Some(RuleOffer {
        categories: categories.collect(),
        areas: areas.collect::<Vec<CodeName>>(),
        department: code_name(department, &city.department(department)?.name),
    })
}
