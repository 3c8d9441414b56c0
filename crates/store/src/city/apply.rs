//! Makes a content the version of its part that stands.

use super::head;
use super::import::adopt;
use super::parts::{self, Beside, PartVersion, made_of};
use super::{criteria, names};
use crate::cases::{NO_CLOCK, UNWOUND};
use crate::conn::Tx;
use crate::schema::case_file;
use crate::trail::{Deed, record};
use crate::{Fault, Halt};
use diesel::prelude::*;
use std::collections::BTreeMap;
use woodlark_domain::audit::AuditAction;
use woodlark_domain::city::{Content, Part};
use woodlark_domain::{Role, Timestamp, UserId};

/// A content on its way to standing.
#[derive(Debug, Clone)]
pub struct Applying<'a> {
    /// What the part is to hold.
    pub content: &'a Content,
    /// The version that it was made against.
    pub base: u32,
    /// What is said beside it.
    pub note: &'a str,
    /// Who applies it.
    pub by: UserId,
    /// When.
    pub now: Timestamp,
    /// The version that is brought back with it.
    pub restored: Option<u32>,
}

/// Why nothing was applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotApplied {
    /// There is no city yet.
    NoCity,
    /// Somebody applied something else in between.
    Moved,
    /// It stands already.
    Unchanged,
}

/// Applies it: the next version of the part, the next version of the city, the names that it takes away, and an audit row.
///
/// # Errors
/// [`NotApplied`].
pub fn apply(tx: &mut Tx, new: &Applying<'_>) -> Result<PartVersion, Halt<NotApplied>> {
    adopt(tx)?;
    let part = new.content.part();
    let (version, head, _) = head::newest(tx)?.ok_or(Halt::Refused(NotApplied::NoCity))?;
    let mut standing: BTreeMap<Part, PartVersion> =
        made_of(tx, version)?.into_iter().map(|one| (one.part, one)).collect();
    let base = standing.get(&part).map_or(0, |one| one.number);
    if base != new.base {
        return Err(Halt::Refused(NotApplied::Moved));
    }
    let hash = parts::hash_of(new.content)?;
    if standing.get(&part).is_some_and(|one| one.hash == hash) {
        return Err(Halt::Refused(NotApplied::Unchanged));
    }
    if let Some(before) = parts::content(tx, part, base)? {
        names::keep(tx, &before, new.content, new.now)?;
    }
    if let Content::Categories(entries) = new.content {
        criteria::publish(tx, entries)?;
    }
    let beside = Beside { note: new.note, by: Some(new.by), at: new.now, restored: new.restored };
    let kept = parts::keep(tx, new.content, &beside)?;
    standing.insert(part, kept.clone());
    parts::compose(tx, version + 1, &head, &standing, new.now)?;
    if matches!(part, Part::Calendar | Part::Categories) {
        wind_anew(tx)?;
    }
    let detail = format!("{{\"version\":{},\"city\":{}}}", kept.number, version + 1);
    let (role, action) = (Role::Admin, AuditAction::ApplyCity);
    let deed = Deed { at: new.now, user: Some(new.by), role, action, subject: part.code(), detail: &detail };
    record(tx, &deed)?;
    Ok(kept)
}

/// Clocks that run go by the calendar of their day: those of open cases are reckoned anew by the new one.
pub(super) fn wind_anew(tx: &mut Tx) -> Result<(), Fault> {
    let running = case_file::table
        .filter(case_file::adcode.eq(tx.adcode().to_owned()))
        .filter(case_file::due_at.lt(NO_CLOCK));
    diesel::update(running).set(case_file::wakes_at.eq(UNWOUND)).execute(&mut tx.engine)?;
    Ok(())
}
