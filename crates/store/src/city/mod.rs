//! The city as data: areas, departments, categories, criteria, dispatch rules, calendar, entries. Each import makes a
//! version; the versions before it stay.

mod export;
mod import;

pub use export::{load, version};
pub use import::{CriterionChanged, Imported, import};

use serde::{Deserialize, Serialize};
use woodlark_domain::case::Case;
use woodlark_domain::clock::{Calendar, Limit};
use woodlark_domain::criterion::{Category, Criterion, Name};
use woodlark_domain::dispatch::Rule;
use woodlark_domain::place::{Area, AreaTree, to_wgs84};
use woodlark_domain::report::Intake;
use woodlark_domain::{AreaCode, CategoryCode, DepartmentCode, Door, EntryCode, Position};

/// A responsible department 责任部门.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Department {
    /// Its code.
    pub code: DepartmentCode,
    /// What people call it.
    pub name: Name,
}

/// An official account, kiosk or poster that leads here.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Its code, as in `?from=`.
    pub code: EntryCode,
    /// Which door it opens.
    pub door: Door,
    /// What people call it.
    pub name: Name,
    /// Where it stands, if it stands somewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
}

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
}

/// A version of a city's data, with what makes it quick to ask. Load it once and share it.
#[derive(Debug, Clone)]
pub struct City {
    version: i64,
    data: CityData,
    areas: AreaTree,
}

impl City {
    /// This data as that version.
    #[must_use]
    pub fn new(version: i64, data: CityData) -> Self {
        let areas = AreaTree::new(data.areas.iter().cloned());
        Self { version, data, areas }
    }

    /// Which version: it grows by one with each import that changed something.
    #[must_use]
    pub const fn version(&self) -> i64 {
        self.version
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

    /// The newest criterion of a category, or of the nearest category above it that has one.
    #[must_use]
    pub fn criterion(&self, category: &CategoryCode) -> Option<&Criterion> {
        let of = |criterion: &&Criterion| category.is_within(&criterion.category);
        self.data
            .criteria
            .iter()
            .filter(of)
            .max_by_key(|criterion| (criterion.category.as_str().len(), criterion.version))
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
