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
    fn a_department_that_gave_it_back_is_passed_over() {
        let rules = [rule("r1", None, None, "a"), rule("r2", None, None, "b")];
        let back = [DepartmentCode::new("a").unwrap()];
        let next =
            route_again(&rules, &CategoryCode::new("E01").unwrap(), &AreaCode::new("3101").unwrap(), &back);
        assert_eq!(next.map(|rule| rule.code.as_str()), Some("r2"));
    }
}
