//! Dispatch rules: rows in order, the first that matches wins, and the case records which.

use crate::{AreaCode, CategoryCode, DepartmentCode, RuleCode};
use serde::{Deserialize, Serialize};

/// One row: a category and an area, each with all that lies within it, and the department that they go to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Its name, which the case records.
    pub code: RuleCode,
    /// The category and all its descendants; none is any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<CategoryCode>,
    /// The area and all within it; none is any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<AreaCode>,
    /// Where it goes.
    pub department: DepartmentCode,
    /// Whether it may go without a person.
    pub automatic: bool,
}

impl Rule {
    /// Whether the row is about this.
    #[must_use]
    pub fn matches(&self, category: &CategoryCode, area: &AreaCode) -> bool {
        self.category.as_ref().is_none_or(|prefix| category.is_within(prefix))
            && self.area.as_ref().is_none_or(|prefix| area.is_within(prefix))
    }
}

/// The first row that is about this category and area.
#[must_use]
pub fn route<'a>(rules: &'a [Rule], category: &CategoryCode, area: &AreaCode) -> Option<&'a Rule> {
    rules.iter().find(|rule| rule.matches(category, area))
}

/// The first row that is about it and leads to a department that hasn't given it back.
#[must_use]
pub fn route_again<'a>(
    rules: &'a [Rule],
    category: &CategoryCode,
    area: &AreaCode,
    returned_by: &[DepartmentCode],
) -> Option<&'a Rule> {
    rules.iter().find(|rule| rule.matches(category, area) && !returned_by.contains(&rule.department))
}

/// Whether all that the second could take is taken by the first.
fn covers(first: &Rule, second: &Rule) -> bool {
    let category = first
        .category
        .as_ref()
        .is_none_or(|prefix| second.category.as_ref().is_some_and(|code| code.is_within(prefix)));
    let area = first
        .area
        .as_ref()
        .is_none_or(|prefix| second.area.as_ref().is_some_and(|code| code.is_within(prefix)));
    category && area
}

/// Rows that are never asked, each with the row before it that takes all that it could.
pub fn never_asked(rules: &[Rule]) -> impl Iterator<Item = (&Rule, &Rule)> {
    rules.iter().enumerate().filter_map(|(position, rule)| {
        rules.iter().take(position).find(|before| covers(before, rule)).map(|before| (rule, before))
    })
}

/// The rows with one more: in the place of the row about the same, if there is one, which keeps its name; else before the
/// first that would take all of it.
#[must_use]
pub fn with_rule(rules: &[Rule], new: Rule) -> Vec<Rule> {
    let mut all = rules.to_vec();
    if let Some(same) = all.iter_mut().find(|rule| rule.category == new.category && rule.area == new.area) {
        same.department = new.department;
        same.automatic = new.automatic;
        return all;
    }
    let before = all.iter().position(|rule| covers(rule, &new)).unwrap_or(all.len());
    all.insert(before, new);
    all
}

/// A name that no row has: the next number after the largest.
#[must_use]
pub fn next_code(rules: &[Rule]) -> RuleCode {
    let number = |rule: &Rule| rule.code.as_str().strip_prefix('r')?.parse::<u64>().ok();
    let next = rules.iter().filter_map(number).max().unwrap_or(0).saturating_add(1);
    // A letter and twenty digits are a code; what else could be said would still be one.
    RuleCode::new(format!("r{next:03}")).unwrap_or_else(|_| RuleCode::first())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(code: &str, category: Option<&str>, area: Option<&str>, department: &str) -> Rule {
        Rule {
            code: RuleCode::new(code).unwrap(),
            category: category.map(|text| CategoryCode::new(text).unwrap()),
            area: area.map(|text| AreaCode::new(text).unwrap()),
            department: DepartmentCode::new(department).unwrap(),
            automatic: false,
        }
    }

    #[test]
    fn the_first_row_that_matches_wins_and_the_last_takes_the_rest() {
        let rules = [
            rule("r1", Some("C0115"), Some("310120001"), "xidu"),
            rule("r2", Some("C01"), None, "shizheng"),
            rule("r3", None, None, "zhongxin"),
        ];
        let to = |category: &str, area: &str| {
            let (category, area) = (CategoryCode::new(category).unwrap(), AreaCode::new(area).unwrap());
            route(&rules, &category, &area).map(|rule| rule.code.as_str())
        };
        assert_eq!(to("C0115", "310120001001"), Some("r1"));
        assert_eq!(to("C0115", "310120002001"), Some("r2"));
        assert_eq!(to("E0101", "310120001001"), Some("r3"));
        assert_eq!(
            route(&rules[..2], &CategoryCode::new("E01").unwrap(), &AreaCode::new("3101").unwrap()),
            None
        );
    }

    #[test]
    fn a_new_row_stands_before_what_would_take_all_of_it_and_in_the_place_of_its_like() {
        let rules = [
            rule("r010", Some("C0115"), Some("310120001"), "xidu"),
            rule("r011", Some("C01"), None, "shizheng"),
            rule("r012", None, None, "zhongxin"),
        ];
        let codes = |rules: &[Rule]| rules.iter().map(|rule| rule.code.to_string()).collect::<Vec<_>>();
        assert_eq!(next_code(&rules).as_str(), "r013");
        let narrow = with_rule(&rules, rule("r013", Some("C0115"), None, "lamps"));
        assert_eq!(codes(&narrow), ["r010", "r013", "r011", "r012"]);
        let same = with_rule(&rules, rule("r013", Some("C01"), None, "lamps"));
        assert_eq!((codes(&same), same[1].department.as_str()), (codes(&rules), "lamps"));
        assert_eq!(codes(&with_rule(&[], rule("r013", None, None, "lamps"))), ["r013"]);
    }

    #[test]
    fn a_row_behind_one_that_takes_all_of_it_is_never_asked() {
        let rules = [
            rule("r1", Some("C01"), None, "a"),
            rule("r2", Some("C0101"), Some("310120001"), "b"),
            rule("r3", None, Some("310120001"), "c"),
            rule("r4", None, None, "d"),
        ];
        let never: Vec<_> =
            never_asked(&rules).map(|(rule, by)| (rule.code.as_str(), by.code.as_str())).collect();
        assert_eq!(never, [("r2", "r1")]);
    }

    #[test]
    fn a_department_that_gave_it_back_is_passed_over() {
        let rules = [rule("r1", None, None, "a"), rule("r2", None, None, "b")];
        let back = [DepartmentCode::new("a").unwrap()];
        let next =
            route_again(&rules, &CategoryCode::new("E01").unwrap(), &AreaCode::new("3101").unwrap(), &back);
        assert_eq!(next.map(|rule| rule.code.as_str()), Some("r2"));
    }
}
