//! The city's tables: small CSV files without quotes or commas inside, read whole.

use std::str::FromStr;
use woodlark_domain::city::{Gift, Purpose, Template};
use woodlark_domain::clock::{Calendar, Limit, Year};
use woodlark_domain::criterion::{Category, Condition, Criterion, Name};
use woodlark_domain::dispatch::Rule;
use woodlark_domain::place::AreaLevel;
use woodlark_domain::{AreaCode, CategoryCode, ContentHash, DepartmentCode, Door, EntryCode};

/// A row that can't be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {row}")]
pub struct DataError {
    /// The file, below the crate's `data`.
    pub file: &'static str,
    /// The row, or what is wrong with it.
    pub row: String,
}

impl DataError {
    pub(crate) fn row(file: &'static str, row: &str) -> Self {
        Self { file, row: row.to_owned() }
    }
}

/// A responsible department.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Department {
    /// Its code.
    pub code: DepartmentCode,
    /// What people call it.
    pub name: Name,
}

/// Where reports come in: an official account, a kiosk, a poster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its code, as in `?from=xidu`.
    pub code: EntryCode,
    /// The door behind it.
    pub door: Door,
    /// What people call it.
    pub name: Name,
    /// Whose it is.
    pub area: AreaCode,
}

/// A street or a landmark of a town.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Street {
    /// The town.
    pub town: AreaCode,
    /// Whether it is a landmark rather than a street.
    pub is_landmark: bool,
    /// What people call it.
    pub name: Name,
}

/// A photo that past cases show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Photo {
    /// Its file below `data/photos`.
    pub file: &'static str,
    /// The SHA-256 of its bytes.
    pub hash: ContentHash,
}

/// A row of the names of places.
#[derive(Debug, Clone)]
pub(crate) struct NameRow {
    pub(crate) code: AreaCode,
    pub(crate) level: AreaLevel,
    pub(crate) name: Name,
    pub(crate) parent: AreaCode,
}

/// Reads each row after the first with `read`.
fn table<T, const N: usize>(
    file: &'static str,
    text: &'static str,
    read: impl Fn([&'static str; N]) -> Option<T>,
) -> Result<Vec<T>, DataError> {
    let row = |line: &'static str| {
        let cells: Vec<&str> = line.splitn(N, ',').map(str::trim).collect();
        let cells: Option<[&str; N]> = cells.try_into().ok();
        cells.and_then(&read).ok_or_else(|| DataError::row(file, line))
    };
    text.lines().skip(1).filter(|line| !line.trim().is_empty()).map(row).collect()
}

/// An empty cell is none; a bad one is no cell at all.
fn optional<T: FromStr>(cell: &str) -> Option<Option<T>> {
    if cell.is_empty() { Some(None) } else { cell.parse().ok().map(Some) }
}

pub(crate) fn names() -> Result<Vec<NameRow>, DataError> {
    table(
        "places/fengxian.csv",
        include_str!("../data/places/fengxian.csv"),
        |[code, level, zh, en, parent]| {
            Some(NameRow {
                code: code.parse().ok()?,
                level: AreaLevel::from_code(level)?,
                name: Name::new(zh, en),
                parent: parent.parse().ok()?,
            })
        },
    )
}

pub(crate) fn departments() -> Result<Vec<Department>, DataError> {
    table("departments.csv", include_str!("../data/departments.csv"), |[code, zh, en]| {
        Some(Department { code: code.parse().ok()?, name: Name::new(zh, en) })
    })
}

pub(crate) fn entries() -> Result<Vec<Entry>, DataError> {
    table("entries.csv", include_str!("../data/entries.csv"), |[code, door, zh, en, area]| {
        Some(Entry {
            code: code.parse().ok()?,
            door: Door::from_code(door)?,
            name: Name::new(zh, en),
            area: area.parse().ok()?,
        })
    })
}

pub(crate) fn gifts() -> Result<Vec<Gift>, DataError> {
    table("gifts.csv", include_str!("../data/gifts.csv"), |[code, zh, en, points, station, stock]| {
        Some(Gift {
            code: code.parse().ok()?,
            name: Name::new(zh, en),
            points: points.parse().ok()?,
            station: station.parse().ok()?,
            stock: stock.parse().ok()?,
        })
    })
}

pub(crate) fn streets() -> Result<Vec<Street>, DataError> {
    table("streets.csv", include_str!("../data/streets.csv"), |[town, what, zh, en]| {
        Some(Street { town: town.parse().ok()?, is_landmark: what == "landmark", name: Name::new(zh, en) })
    })
}

pub(crate) fn rules() -> Result<Vec<Rule>, DataError> {
    table(
        "dispatch_rules.csv",
        include_str!("../data/dispatch_rules.csv"),
        |[code, category, area, department, automatic]| {
            Some(Rule {
                code: code.parse().ok()?,
                category: optional(category)?,
                area: optional(area)?,
                department: department.parse().ok()?,
                automatic: automatic == "1",
            })
        },
    )
}

pub(crate) fn templates() -> Result<Vec<Template>, DataError> {
    table("templates.csv", include_str!("../data/templates.csv"), |[code, purpose, zh, en]| {
        Some(Template {
            code: code.parse().ok()?,
            purpose: Purpose::from_code(purpose)?,
            words: Name::new(zh, en),
        })
    })
}

const CATEGORIES: &str = include_str!("../data/categories.csv");

pub(crate) fn categories() -> Result<Vec<Category>, DataError> {
    table("categories.csv", CATEGORIES, |[code, zh, en, certain, keywords, _, _, _]| {
        Some(Category {
            code: code.parse().ok()?,
            name: Name::new(zh, en),
            certain: certain == "1",
            keywords: keywords.split_whitespace().map(str::to_owned).collect(),
        })
    })
}

/// `uh1+wd5`: within one urgent hour, and within five work days.
fn steps(text: &str) -> Option<Vec<Limit>> {
    text.split('+')
        .map(|step| {
            let (unit, count) = step.split_at_checked(2)?;
            let count = count.parse().ok()?;
            match unit {
                "uh" => Some(Limit::urgent_hours(count)),
                "wh" => Some(Limit::work_hours(count)),
                "wd" => Some(Limit::work_days(count)),
                "cd" => Some(Limit::calendar_days(count)),
                _ => None,
            }
        })
        .collect()
}

/// The usual condition of every category, and the special ones of a few.
pub(crate) fn criteria() -> Result<Vec<Criterion>, DataError> {
    let mut criteria = table("categories.csv", CATEGORIES, |[code, _, _, _, _, limits, zh, en]| {
        let usual = Condition {
            name: Name::new("一般情形", "Usual"),
            steps: steps(limits)?,
            closes_by: Name::new(zh, en),
        };
        Some(Criterion { category: code.parse().ok()?, version: 1, conditions: vec![usual] })
    })?;
    let special = table(
        "conditions.csv",
        include_str!("../data/conditions.csv"),
        |[category, zh, en, limits, closes_zh, closes_en]| {
            let category: CategoryCode = category.parse().ok()?;
            let closes_by = Name::new(closes_zh, closes_en);
            Some((category, Condition { name: Name::new(zh, en), steps: steps(limits)?, closes_by }))
        },
    )?;
    for (category, condition) in special {
        let criterion = criteria.iter_mut().find(|criterion| criterion.category == category);
        let criterion = criterion.ok_or_else(|| DataError::row("conditions.csv", category.as_str()))?;
        criterion.conditions.push(condition);
    }
    Ok(criteria)
}

pub(crate) fn calendar() -> Result<Calendar, DataError> {
    let year = |file: &'static str, text: &str| {
        serde_json::from_str::<Year>(text).map_err(|error| DataError::row(file, &error.to_string()))
    };
    Ok(Calendar::china(vec![
        year("calendars/2026.json", include_str!("../data/calendars/2026.json"))?,
        year("calendars/2027.json", include_str!("../data/calendars/2027.json"))?,
    ]))
}

/// Sentences by what they are for: a category's code, or a step of a case; `true` where they are Chinese.
pub(crate) fn phrases() -> Result<Vec<(&'static str, bool, &'static str)>, DataError> {
    table("phrases.csv", include_str!("../data/phrases.csv"), |[key, language, text]| {
        matches!(language, "zh" | "en").then_some((key, language == "zh", text))
    })
}

/// The photos that past cases show. The bytes are [`photo_bytes`].
///
/// # Errors
/// [`DataError`] names the row.
pub fn photos() -> Result<Vec<Photo>, DataError> {
    table("photos.csv", include_str!("../data/photos.csv"), |[file, hash]| {
        Some(Photo { file, hash: hash.parse().ok()? })
    })
}

/// The bytes of a photo, as the camera made them: with their metadata, which a server must take off.
#[must_use]
pub fn photo_bytes(hash: ContentHash) -> Option<&'static [u8]> {
    let file = photos().ok()?.into_iter().find(|photo| photo.hash == hash)?.file;
    let bytes: &[u8] = match file {
        "Canon_40D.jpg" => include_bytes!("../data/photos/Canon_40D.jpg"),
        "DSCN0010.jpg" => include_bytes!("../data/photos/DSCN0010.jpg"),
        "DSCN0021.jpg" => include_bytes!("../data/photos/DSCN0021.jpg"),
        "landscape_1.jpg" => include_bytes!("../data/photos/landscape_1.jpg"),
        "landscape_3.jpg" => include_bytes!("../data/photos/landscape_3.jpg"),
        "landscape_6.jpg" => include_bytes!("../data/photos/landscape_6.jpg"),
        _ => return None,
    };
    Some(bytes)
}
