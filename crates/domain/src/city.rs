//! The city's data in its parts, as an administrator keeps it: what each part holds, what can be wrong with it, and what a
//! change of it means. How it is read and written is not here; that needs files.

use crate::clock::Year;
use crate::criterion::{Category, Condition, Name};
use crate::dispatch::Rule;
use crate::kind::closed_list;
use crate::place::Area;
use crate::redeem::TermValue;
use crate::{AreaCode, CategoryCode, DepartmentCode, Door, EntryCode, GiftCode, Position, TemplateCode};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

closed_list! {
    /// A part of the city's data, with versions of its own.
    Part {
        /// Areas 区域, with their outlines.
        Areas = "areas",
        /// Responsible departments 责任部门.
        Departments = "departments",
        /// Categories 大类/小类 and their criteria 立结案标准.
        Categories = "categories",
        /// Dispatch rules, in order.
        Rules = "rules",
        /// Holidays and make-up workdays 调休.
        Calendar = "calendar",
        /// Words that staff choose from when they decline, give back, or have done anew.
        Templates = "templates",
        /// What a deed is worth in points.
        Rewards = "rewards",
        /// Official accounts, kiosks and posters that lead here.
        Entries = "entries",
        /// How many points a month gives, and what they become.
        Terms = "terms",
        /// Gifts for points, each kept at a service station.
        Gifts = "gifts",
    }
}

closed_list! {
    /// What a template is for.
    Purpose {
        /// 不予受理.
        Decline = "decline",
        /// 退回.
        Return = "return",
        /// 返工.
        Rework = "rework",
        /// 挂账.
        Defer = "defer",
        /// 延期.
        Extend = "extend",
    }
}

closed_list! {
    /// A deed that points are given for.
    Deed {
        /// A problem that was filed, by whoever reported it first.
        ProblemFiled = "problem_filed",
        /// Joined a problem that was filed.
        Joined = "joined",
        /// A suggestion that was adopted.
        SuggestionAdopted = "suggestion_adopted",
        /// Praise that was published.
        PraisePublished = "praise_published",
        /// Rated a closed case.
        Rated = "rated",
    }
}

closed_list! {
    /// A column of a part's table or of the list of staff, the same in a file and on the screen.
    Column {
        /// `code`.
        Code = "code",
        /// `name_zh`.
        NameZh = "name_zh",
        /// `name_en`.
        NameEn = "name_en",
        /// `level`.
        Level = "level",
        /// `parent`.
        Parent = "parent",
        /// Whether the rules may file it without a person.
        Certain = "certain",
        /// `keywords`.
        Keywords = "keywords",
        /// `condition_zh`.
        ConditionZh = "condition_zh",
        /// `condition_en`.
        ConditionEn = "condition_en",
        /// The limits of its steps: `uh1+wd5`.
        Limits = "limits",
        /// `closes_zh`.
        ClosesZh = "closes_zh",
        /// `closes_en`.
        ClosesEn = "closes_en",
        /// `category`.
        Category = "category",
        /// `area`.
        Area = "area",
        /// `department`.
        Department = "department",
        /// Whether it may go without a person.
        Direct = "direct",
        /// `date`.
        Date = "date",
        /// `kind`.
        Kind = "kind",
        /// `name`.
        Name = "name",
        /// `provisional`.
        Provisional = "provisional",
        /// `purpose`.
        Purpose = "purpose",
        /// `words_zh`.
        WordsZh = "words_zh",
        /// `words_en`.
        WordsEn = "words_en",
        /// `deed`.
        Deed = "deed",
        /// `points`.
        Points = "points",
        /// `door`.
        Door = "door",
        /// `lon`.
        Lon = "lon",
        /// `lat`.
        Lat = "lat",
        /// Somebody's name at the desk.
        Login = "login",
        /// `role`.
        Role = "role",
        /// Its outline, in words: how large. Only where two versions are compared.
        Outline = "outline",
        /// The place of a row whose order matters. Only where two versions are compared.
        Position = "position",
        /// `term`.
        Term = "term",
        /// `value`.
        Value = "value",
        /// `station`: the entry at which a gift is kept.
        Station = "station",
        /// `stock`: how many there ever were.
        Stock = "stock",
    }
}

closed_list! {
    /// Why the city's data, or the list of staff, can't be taken as it is. Each with its line, column and value; the desk has a sentence for each.
    FaultCode {
        /// The file can't be read as what it is said to be.
        Unreadable = "unreadable",
        /// There is not one row.
        Empty = "empty",
        /// More rows than allowed; the value says how many.
        TooMany = "too_many",
        /// A column is missing.
        ColumnMissing = "column_missing",
        /// A column that nobody knows.
        ColumnUnknown = "column_unknown",
        /// A cell that must not be empty.
        CellMissing = "cell_missing",
        /// Longer than allowed, or with letters that can't be shown.
        Text = "text",
        /// A code against its rule.
        Code = "code",
        /// A spreadsheet has made a number of a code: `3.1E+13`.
        Spreadsheet = "spreadsheet",
        /// A code, a day or a deed that stands there already; the count says in which line.
        Twice = "twice",
        /// A word out of its list.
        Choice = "choice",
        /// Neither yes nor no.
        YesNo = "yes_no",
        /// A limit that can't be read.
        Limit = "limit",
        /// No day, or one that isn't.
        Day = "day",
        /// Not a number that points can be.
        Points = "points",
        /// No place on earth.
        Position = "position",
        /// A shape that isn't one.
        Shape = "shape",
        /// The area or class above it is not there.
        ParentUnknown = "parent_unknown",
        /// The area's code does not begin with that of the area that it lies in.
        ParentApart = "parent_apart",
        /// The row says something else than the row above it of the same category.
        DiffersAbove = "differs_above",
        /// No criterion, neither here nor above.
        NoCriterion = "no_criterion",
        /// There is no such department.
        DepartmentUnknown = "department_unknown",
        /// There is no such category.
        CategoryUnknown = "category_unknown",
        /// There is no such area.
        AreaUnknown = "area_unknown",
        /// Removed, but the department has open cases; the count says how many.
        DepartmentBusy = "department_busy",
        /// Removed, but dispatch rules name it; the value says which.
        NamedByRule = "named_by_rule",
        /// A deed without its row.
        DeedMissing = "deed_missing",
        /// A term without its row.
        TermMissing = "term_missing",
        /// Not a whole number within its bounds.
        Number = "number",
        /// There is no such entry.
        EntryUnknown = "entry_unknown",
        /// Removed, but gifts are kept there; the value says which.
        NamedByGift = "named_by_gift",
        /// No name that somebody can have at the desk.
        Login = "login",
        /// Another name than in the line before of the same account; the count says in which.
        NameDiffers = "name_differs",
        /// More roles than one person can hold.
        TooManyRoles = "too_many_roles",
        /// The account has ended, and its name is not given twice.
        AccountEnded = "account_ended",
        /// Nobody would be left who can invite.
        LastAdmin = "last_admin",
    }
}

closed_list! {
    /// What a change means, besides what it changes. It holds nothing up.
    NoteCode {
        /// Open cases keep the limits that they were filed under.
        CasesKeep = "cases_keep",
        /// Open cases are of a category that goes; they keep it.
        CategoryGoes = "category_goes",
        /// Open cases lie in an area that goes; they keep it.
        AreaGoes = "area_goes",
        /// People of the staff are of a department that goes.
        MembersStay = "members_stay",
        /// Clocks of open cases are reckoned anew.
        ClocksAnew = "clocks_anew",
        /// Two grids overlap; the value names both.
        Overlap = "overlap",
        /// A grid leaves the outline of the area that everything lies in.
        Outside = "outside",
        /// An area without an outline: no position is ever found in it.
        NoOutline = "no_outline",
        /// A rule that is never asked: one before it takes all that it could.
        NeverAsked = "never_asked",
        /// Of the last cases so many would have gone to another department.
        Rerouted = "rerouted",
    }
}

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

/// Words to choose from, in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Template {
    /// Its code.
    pub code: TemplateCode,
    /// What it is for.
    pub purpose: Purpose,
    /// The words.
    pub words: Name,
}

/// What a deed is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reward {
    /// The deed.
    pub deed: Deed,
    /// Points.
    pub points: u32,
}

/// A gift for points.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gift {
    /// Its code.
    pub code: GiftCode,
    /// What people call it.
    pub name: Name,
    /// How many points it takes.
    pub points: u32,
    /// The entry at which it is kept.
    pub station: EntryCode,
    /// How many there ever were, those that were handed over included.
    pub stock: u32,
}

/// A category and the conditions of its criterion; none where it goes by the category above it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CategoryEntry {
    /// The category.
    pub category: Category,
    /// Its conditions, the usual one first.
    pub conditions: Vec<Condition>,
}

/// What one part holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// Areas.
    Areas(Vec<Area>),
    /// Departments.
    Departments(Vec<Department>),
    /// Categories and criteria.
    Categories(Vec<CategoryEntry>),
    /// Dispatch rules, in order.
    Rules(Vec<Rule>),
    /// The years of the calendar.
    Calendar(Vec<Year>),
    /// Templates.
    Templates(Vec<Template>),
    /// The table of points.
    Rewards(Vec<Reward>),
    /// Entries.
    Entries(Vec<Entry>),
    /// Terms.
    Terms(Vec<TermValue>),
    /// Gifts.
    Gifts(Vec<Gift>),
}

impl Content {
    /// Nothing of a part.
    #[must_use]
    pub const fn none(part: Part) -> Self {
        match part {
            Part::Areas => Self::Areas(Vec::new()),
            Part::Departments => Self::Departments(Vec::new()),
            Part::Categories => Self::Categories(Vec::new()),
            Part::Rules => Self::Rules(Vec::new()),
            Part::Calendar => Self::Calendar(Vec::new()),
            Part::Templates => Self::Templates(Vec::new()),
            Part::Rewards => Self::Rewards(Vec::new()),
            Part::Entries => Self::Entries(Vec::new()),
            Part::Terms => Self::Terms(Vec::new()),
            Part::Gifts => Self::Gifts(Vec::new()),
        }
    }

    /// Which part it is of.
    #[must_use]
    pub const fn part(&self) -> Part {
        match self {
            Self::Areas(_) => Part::Areas,
            Self::Departments(_) => Part::Departments,
            Self::Categories(_) => Part::Categories,
            Self::Rules(_) => Part::Rules,
            Self::Calendar(_) => Part::Calendar,
            Self::Templates(_) => Part::Templates,
            Self::Rewards(_) => Part::Rewards,
            Self::Entries(_) => Part::Entries,
            Self::Terms(_) => Part::Terms,
            Self::Gifts(_) => Part::Gifts,
        }
    }

    /// How many things it holds: of the calendar, days.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Areas(all) => all.len(),
            Self::Departments(all) => all.len(),
            Self::Categories(all) => all.len(),
            Self::Rules(all) => all.len(),
            Self::Calendar(all) => all.iter().map(|year| year.holidays.len() + year.workdays.len()).sum(),
            Self::Templates(all) => all.len(),
            Self::Rewards(all) => all.len(),
            Self::Entries(all) => all.len(),
            Self::Terms(all) => all.len(),
            Self::Gifts(all) => all.len(),
        }
    }

    /// Whether it holds nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The names that old cases may show, by code.
    #[must_use]
    pub fn names(&self) -> Vec<(&str, &Name)> {
        match self {
            Self::Areas(all) => all.iter().map(|one| (one.code.as_str(), &one.name)).collect(),
            Self::Departments(all) => all.iter().map(|one| (one.code.as_str(), &one.name)).collect(),
            Self::Categories(all) => {
                all.iter().map(|one| (one.category.code.as_str(), &one.category.name)).collect()
            }
            Self::Rules(_)
            | Self::Calendar(_)
            | Self::Templates(_)
            | Self::Rewards(_)
            | Self::Entries(_)
            | Self::Terms(_)
            | Self::Gifts(_) => Vec::new(),
        }
    }
}

/// What hangs on the city's data at present.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Used {
    /// Open cases by the department that has them.
    pub departments: BTreeMap<String, u64>,
    /// Open cases by what they are.
    pub categories: BTreeMap<String, u64>,
    /// Open cases by where they are.
    pub areas: BTreeMap<String, u64>,
    /// Open cases in all.
    pub open: u64,
    /// People of the staff by department.
    pub members: BTreeMap<String, u64>,
    /// What and where the last cases were, for trying rules on.
    pub late: Vec<(CategoryCode, AreaCode)>,
}

/// The published table of points.
#[must_use]
pub fn usual_rewards() -> Vec<Reward> {
    let points = |deed| match deed {
        Deed::ProblemFiled => 10,
        Deed::Joined | Deed::Rated => 1,
        Deed::SuggestionAdopted => 20,
        Deed::PraisePublished => 5,
    };
    Deed::ALL.iter().map(|deed| Reward { deed: *deed, points: points(*deed) }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_has_its_content_and_every_deed_its_points() {
        for part in Part::ALL {
            let none = Content::none(*part);
            assert_eq!((none.part(), none.is_empty()), (*part, true));
        }
        assert_eq!(usual_rewards().len(), Deed::ALL.len());
    }
}
