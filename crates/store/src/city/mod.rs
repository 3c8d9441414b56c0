//! The city as data, in parts: areas, departments, categories with their criteria, dispatch rules, calendar, templates,
//! rewards, entries. Each part has versions of its own, which stay; a version of the city names one of each.

mod apply;
mod criteria;
mod head;
mod import;
mod legacy;
mod load;
mod names;
mod parts;
mod proposals;
mod used;

pub use apply::{Applying, NotApplied, apply};
pub use criteria::CriterionChanged;
pub use import::{Imported, adopt, import};
pub use load::{load, version};
pub(crate) use parts::altered;
pub use parts::{PartVersion, content, hash_of, parts, versions};
pub use proposals::{Proposal, ProposalState, decide, has_proposal, open_proposals, proposal, propose};
pub use used::used;
pub use woodlark_domain::city::{Department, Entry};

use serde::{Deserialize, Serialize};
use woodlark_domain::case::Case;
use woodlark_domain::city::{Gift, Part, Reward, Template};
use woodlark_domain::clock::{Calendar, Limit};
use woodlark_domain::criterion::{Category, Criterion, Name};
use woodlark_domain::dispatch::Rule;
use woodlark_domain::place::{Area, AreaTree, to_wgs84};
use woodlark_domain::redeem::{TermValue, Terms};
use woodlark_domain::report::Intake;
use woodlark_domain::{AreaCode, CategoryCode, DepartmentCode, Timestamp};

/// All of a city's data, as it is imported.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CityData {
    /// One to four capital letters that case numbers begin with.
    pub letters: String,
    /// What people call it.
    pub name: Name,
    /// A number to call when nothing else works.
    pub hotline: String,
    /// Its areas, with their outlines where these are known.
    pub areas: Vec<Area>,
    /// Its departments.
    pub departments: Vec<Department>,
    /// Its categories.
    pub categories: Vec<Category>,
    /// Its criteria: every version that a case may keep.
    pub criteria: Vec<Criterion>,
    /// Its dispatch rules, in order.
    pub rules: Vec<Rule>,
    /// Its work time and holidays.
    pub calendar: Calendar,
    /// Its entries.
    pub entries: Vec<Entry>,
    /// Words that staff choose from.
    #[serde(default)]
    pub templates: Vec<Template>,
    /// What a deed is worth.
    #[serde(default)]
    pub rewards: Vec<Reward>,
    /// How many points a month gives, and what they become.
    #[serde(default)]
    pub terms: Vec<TermValue>,
    /// Gifts for points.
    #[serde(default)]
    pub gifts: Vec<Gift>,
}

/// A version of a city's data, with what makes it quick to ask. Load it once and share it.
#[derive(Debug, Clone)]
pub struct City {
    version: i64,
    data: CityData,
    areas: AreaTree,
    former: names::FormerNames,
}

impl City {
    /// This data as that version.
    #[must_use]
    pub fn new(version: i64, data: CityData) -> Self {
        let areas = AreaTree::new(data.areas.iter().cloned());
        Self { version, data, areas, former: names::FormerNames::default() }
    }

    /// Which version: it grows by one with each import that changed something.
    #[must_use]
    pub const fn version(&self) -> i64 {
        self.version
    }

    /// The terms of its ledger.
    #[must_use]
    pub fn terms(&self) -> Terms<'_> {
        Terms(&self.data.terms)
    }

    /// The data.
    #[must_use]
    pub const fn data(&self) -> &CityData {
        &self.data
    }

    /// The areas and their index.
    #[must_use]
    pub const fn areas(&self) -> &AreaTree {
        &self.areas
    }

    /// A category by its code.
    #[must_use]
    pub fn category(&self, code: &CategoryCode) -> Option<&Category> {
        self.data.categories.iter().find(|category| category.code == *code)
    }

    /// A department by its code.
    #[must_use]
    pub fn department(&self, code: &DepartmentCode) -> Option<&Department> {
        self.data.departments.iter().find(|department| department.code == *code)
    }

    /// What a category is called in a case that was filed at that moment, or now where none is given: also one that is
    /// called otherwise since, or gone.
    #[must_use]
    pub fn category_name(&self, code: &CategoryCode, filed_at: Option<Timestamp>) -> Option<&Name> {
        let then = filed_at.and_then(|at| self.former.at(Part::Categories, code.as_str(), at));
        let now = || self.category(code).map(|category| &category.name);
        then.or_else(now).or_else(|| self.former.last(Part::Categories, code.as_str()))
    }

    /// What a department is called, or was before it went.
    #[must_use]
    pub fn department_name(&self, code: &DepartmentCode) -> Option<&Name> {
        let now = self.department(code).map(|department| &department.name);
        now.or_else(|| self.former.last(Part::Departments, code.as_str()))
    }

    /// What an area was called before it went.
    #[must_use]
    pub fn former_area_name(&self, code: &AreaCode) -> Option<&Name> {
        self.former.last(Part::Areas, code.as_str())
    }

    /// The newest criterion of a category, or of the nearest category above it that has one.
    #[must_use]
    pub fn criterion(&self, category: &CategoryCode) -> Option<&Criterion> {
        let mut newest: Option<&Criterion> = None;
        for one in self.data.criteria.iter().filter(|one| category.is_within(&one.category)) {
            // The newest of a category may have no conditions: since then it goes by the one above.
            let is_newest = !self
                .data
                .criteria
                .iter()
                .any(|other| other.category == one.category && other.version > one.version);
            let is_nearer =
                newest.is_none_or(|known| known.category.as_str().len() < one.category.as_str().len());
            if is_newest && is_nearer && !one.conditions.is_empty() {
                newest = Some(one);
            }
        }
        newest
    }

    /// The criterion of a category with this very number, or of the nearest category above it.
    #[must_use]
    pub fn criterion_numbered(&self, category: &CategoryCode, number: u32) -> Option<&Criterion> {
        let of = |one: &&Criterion| one.version == number && category.is_within(&one.category);
        self.data.criteria.iter().filter(of).max_by_key(|one| one.category.as_str().len())
    }

    /// The limits that a category leads one to expect before anything is filed.
    #[must_use]
    pub fn expected(&self, category: Option<&CategoryCode>) -> &[Limit] {
        let criterion = category.and_then(|category| self.criterion(category));
        let usual = criterion.and_then(|criterion| criterion.conditions.first());
        usual.map_or(&[], |condition| &condition.steps)
    }

    /// The limits of the criterion that a case was filed under.
    #[must_use]
    pub fn filed(&self, case: &Case) -> Option<&[Limit]> {
        let (category, kept) = (case.category.as_ref()?, case.criterion?);
        Some(self.criterion_numbered(category, kept.version)?.steps(kept))
    }

    /// Where a report lies: the area that its reporter chose, or the deepest that holds its position.
    #[must_use]
    pub fn area_of(&self, intake: &Intake) -> Option<AreaCode> {
        let found = || self.areas.find(to_wgs84(intake.fix.as_ref()?)).map(|area| area.code.clone());
        intake.area.clone().or_else(found)
    }
}
