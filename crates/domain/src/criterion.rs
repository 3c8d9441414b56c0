//! Categories 大类/小类 and their criteria 立结案标准: the condition, its limits, and what closes it. All of it is data.

use crate::clock::Limit;
use crate::{CategoryCode, Language};
use serde::{Deserialize, Serialize};

/// A name in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Name {
    /// 简体中文.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Name {
    /// A name in both languages.
    #[must_use]
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }

    /// The name in one language.
    #[must_use]
    pub fn of(&self, language: Language) -> &str {
        match language {
            Language::Zh => &self.zh,
            Language::En => &self.en,
        }
    }
}

/// One category of the tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Category {
    /// Its code; its parent's code is the beginning of it.
    pub code: CategoryCode,
    /// What people call it.
    pub name: Name,
    /// Whether the rules may file a report of it without a person.
    pub certain: bool,
    /// What people type when they look for it: other names, pinyin initials.
    #[serde(default)]
    pub keywords: Vec<String>,
}

impl Category {
    /// Whether a search text, trimmed and in any case, is found in its names, keywords or code.
    #[must_use]
    pub fn matches(&self, search: &str) -> bool {
        let search = search.trim().to_lowercase();
        let holds = |text: &str| text.to_lowercase().contains(&search);
        search.is_empty()
            || holds(&self.name.zh)
            || holds(&self.name.en)
            || holds(self.code.as_str())
            || self.keywords.iter().any(|word| holds(word))
    }
}

/// Which version of a category's criterion, and which of its conditions, a case was filed under.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct CriterionRef {
    /// The version that stood when the case was filed.
    pub version: u32,
    /// The condition's place in that version, from 0.
    #[serde(default)]
    pub condition: u16,
}

/// One condition of a criterion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Condition {
    /// When it applies: "cover missing".
    pub name: Name,
    /// The limits of its steps, in order, each from the moment of dispatch: one, or two (make safe, then repair).
    pub steps: Vec<Limit>,
    /// What closes it, in words.
    pub closes_by: Name,
}

/// When a report of a category is a case, how long it may take, and what closes it. A case keeps its version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Criterion {
    /// For this category.
    pub category: CategoryCode,
    /// Counted from 1; a change makes the next one.
    pub version: u32,
    /// Its conditions, the usual one first.
    pub conditions: Vec<Condition>,
}

impl Criterion {
    /// The limits of the condition a case was filed under; the usual ones where that condition is unknown.
    #[must_use]
    pub fn steps(&self, filed: CriterionRef) -> &[Limit] {
        let condition = self.conditions.get(usize::from(filed.condition)).or_else(|| self.conditions.first());
        condition.map_or(&[], |condition| &condition.steps)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_category_is_found_by_its_names_its_code_and_what_people_call_it() {
        let lamp = Category {
            code: CategoryCode::new("C0115").unwrap(),
            name: Name::new("路灯", "Street lamp"),
            certain: true,
            keywords: vec!["ld".to_owned(), "灯不亮".to_owned()],
        };
        for found in ["", " LAMP ", "路灯", "c0115", "ld", "不亮"] {
            assert!(lamp.matches(found), "{found}");
        }
        assert!(!lamp.matches("井盖"));
        assert_eq!(lamp.name.of(Language::En), "Street lamp");
    }

    #[test]
    fn an_unknown_condition_falls_back_on_the_usual_one() {
        let criterion = Criterion {
            category: CategoryCode::new("C0101").unwrap(),
            version: 2,
            conditions: vec![Condition {
                name: Name::new("缺失", "missing"),
                steps: vec![Limit::urgent_hours(1), Limit::work_days(5)],
                closes_by: Name::new("补齐", "replaced"),
            }],
        };
        assert_eq!(criterion.steps(CriterionRef { version: 2, condition: 9 }).len(), 2);
    }
}
