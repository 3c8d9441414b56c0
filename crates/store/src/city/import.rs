//! Takes a city's data in whole as a new version, unless it is what stands. A part that is the same keeps its version.

use super::CityData;
use super::criteria::{self, CriterionChanged};
use super::head::{self, Head};
use super::parts::{self, Beside, PartVersion, made_of};
use super::{apply, legacy, load::composed, names};
use crate::conn::{Conn, Tx};
use crate::trail::{Deed, record};
use crate::{Fault, Halt};
use std::collections::BTreeMap;
use woodlark_domain::audit::AuditAction;
use woodlark_domain::city::{CategoryEntry, Content, Part};
use woodlark_domain::redeem::usual_terms;
use woodlark_domain::{Role, Timestamp, UserId};

/// What an import came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Imported {
    /// A new version.
    Version(i64),
    /// The same data stood already.
    Unchanged(i64),
}

/// Takes the data in. `by` is who did it; none for the program itself.
///
/// # Errors
/// [`CriterionChanged`] where a criterion's number stands for something else already.
pub fn import(
    tx: &mut Tx,
    data: &CityData,
    by: Option<UserId>,
    now: Timestamp,
) -> Result<Imported, Halt<CriterionChanged>> {
    adopt(tx)?;
    let head = head_of(data);
    let contents = contents_of(data);
    let mut standing = BTreeMap::new();
    let mut version = 1;
    if let Some((stood, known, _)) = head::newest(tx)? {
        standing.extend(made_of(tx, stood)?.into_iter().map(|one| (one.part, one)));
        let mut same = known == head;
        for content in &contents {
            let hash = parts::hash_of(content)?;
            same &= standing.get(&content.part()).is_some_and(|one| one.hash == hash);
        }
        if same {
            return Ok(Imported::Unchanged(stood));
        }
        version = stood + 1;
    }
    criteria::keep_numbered(tx, data)?;
    for content in &contents {
        let before = standing.get(&content.part()).cloned();
        standing.insert(content.part(), keep_part(tx, content, before, by, now)?);
    }
    parts::compose(tx, version, &head, &standing, now)?;
    if version > 1 {
        apply::wind_anew(tx)?;
    }
    let (role, subject, detail) = (Role::Admin, tx.adcode().to_owned(), format!("{{\"version\":{version}}}"));
    let deed =
        Deed { at: now, user: by, role, action: AuditAction::ImportCity, subject: &subject, detail: &detail };
    record(tx, &deed)?;
    Ok(Imported::Version(version))
}

/// The version that stands where it holds the same, else a new one.
fn keep_part(
    tx: &mut Tx,
    content: &Content,
    before: Option<PartVersion>,
    by: Option<UserId>,
    now: Timestamp,
) -> Result<PartVersion, Fault> {
    if let Some(before) = before {
        if before.hash == parts::hash_of(content)? {
            return Ok(before);
        }
        if let Some(was) = parts::content(tx, content.part(), before.number)? {
            names::keep(tx, &was, content, now)?;
        }
    }
    if let Content::Categories(entries) = content {
        criteria::publish(tx, entries)?;
    }
    parts::keep(tx, content, &Beside { note: "", by, at: now, restored: None })
}

/// A city that is older than the parts gets the first version of each, as it stands.
///
/// # Errors
/// [`Fault`].
pub fn adopt(tx: &mut Tx) -> Result<(), Fault> {
    let conn: &mut Conn = tx;
    let Some((version, head, at)) = head::newest(conn)? else { return Ok(()) };
    let standing = made_of(conn, version)?;
    // Of a city that has parts already, those that this program knows and an older one didn't.
    let missing = |content: &Content| standing.iter().all(|one| one.part != content.part());
    let data = if standing.is_empty() {
        legacy::data(conn, version, head)?
    } else if Part::ALL.len() == standing.len() {
        return Ok(());
    } else {
        CityData { terms: usual_terms(), ..composed(conn, head, &standing)? }
    };
    let mut kept = BTreeMap::new();
    for content in contents_of(&data).into_iter().filter(missing) {
        let beside = Beside { note: "", by: None, at, restored: None };
        kept.insert(content.part(), parts::keep(conn, &content, &beside)?);
    }
    parts::name(conn, version, &kept)
}

fn head_of(data: &CityData) -> Head {
    Head {
        letters: data.letters.clone(),
        name: data.name.clone(),
        hotline: data.hotline.clone(),
        offset_minutes: data.calendar.offset_minutes(),
        spans: data.calendar.spans().to_vec(),
    }
}

fn contents_of(data: &CityData) -> Vec<Content> {
    let newest = |category: &woodlark_domain::CategoryCode| {
        let own = data.criteria.iter().filter(|one| one.category == *category);
        own.max_by_key(|one| one.version).map(|one| one.conditions.clone()).unwrap_or_default()
    };
    let entries = data
        .categories
        .iter()
        .map(|category| CategoryEntry { conditions: newest(&category.code), category: category.clone() });
    let content = |part: &Part| match part {
        Part::Areas => Content::Areas(data.areas.clone()),
        Part::Departments => Content::Departments(data.departments.clone()),
        Part::Categories => Content::Categories(entries.clone().collect()),
        Part::Rules => Content::Rules(data.rules.clone()),
        Part::Calendar => Content::Calendar(data.calendar.years().to_vec()),
        Part::Templates => Content::Templates(data.templates.clone()),
        Part::Rewards => Content::Rewards(data.rewards.clone()),
        Part::Entries => Content::Entries(data.entries.clone()),
        Part::Terms => Content::Terms(data.terms.clone()),
        Part::Gifts => Content::Gifts(data.gifts.clone()),
    };
    Part::ALL.iter().map(content).collect()
}
