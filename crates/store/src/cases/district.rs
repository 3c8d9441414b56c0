//! What has changed in the whole district since a moment, for the desk's notices. The audit is in the order of time already,
//! and every event of a case has its row there.

use super::Change;
use super::reckoned::overdue;
use crate::Fault;
use crate::column::{At, bytes, count};
use crate::conn::Conn;
use crate::prepared::among;
use crate::schema::{audit, case_file};
use diesel::prelude::*;
use std::collections::BTreeMap;
use woodlark_domain::audit::AuditAction;
use woodlark_domain::case::CommandKind;
use woodlark_domain::clock::Overdue;
use woodlark_domain::{AreaCode, CaseId, DepartmentCode, State, Timestamp};

/// A case that changed, and what decides who may know of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DistrictChange {
    /// The change.
    pub change: Change,
    /// Where the case is.
    pub area: Option<AreaCode>,
    /// Who has it.
    pub department: Option<DepartmentCode>,
    /// How far over people were called to it.
    pub overdue: Overdue,
    /// When anything was last done to it, by the clock too.
    pub at: Timestamp,
}

/// The cases that changed or whose clock called somebody after a moment, by their ids; of at most `most` changes.
///
/// # Errors
/// [`Fault`].
pub fn changed_in_district(
    conn: &mut Conn,
    since: Timestamp,
    most: usize,
) -> Result<Vec<DistrictChange>, Fault> {
    type Found = (Vec<u8>, i64, String, i64, Option<String>, Option<String>, i64);
    let commands = CommandKind::ALL.iter().map(|command| AuditAction::from(*command));
    let actions: Vec<&str> = commands.chain([AuditAction::Raise]).map(AuditAction::code).collect();
    let deeds: Vec<(String, i64)> = audit::table
        .filter(audit::adcode.eq(&*conn.adcode))
        .filter(audit::at.gt(since.0))
        .filter(among(audit::action, actions))
        .order((audit::at, audit::id))
        .limit(count(most))
        .select((audit::subject, audit::at))
        .load(&mut conn.engine)?;
    let at = |column| At("case_file", column);
    // They come by time: of each case the last remains.
    let last: BTreeMap<Vec<u8>, i64> = deeds
        .iter()
        .map(|(subject, at)| {
            At("audit", "subject").text::<CaseId>(subject).map(|id| (bytes(id.as_bytes()), *at))
        })
        .collect::<Result<_, _>>()?;
    if last.is_empty() {
        return Ok(Vec::new());
    }
    let rows = case_file::table
        .filter(case_file::adcode.eq(&*conn.adcode))
        .filter(among(case_file::id, last.keys()))
        .select((
            case_file::id,
            case_file::version,
            case_file::state,
            case_file::changed_at,
            case_file::area,
            case_file::department,
            case_file::overdue,
        ))
        .load::<Found>(&mut conn.engine)?;
    let read = |(id, version, state, changed_at, area, department, so_far): Found| {
        Ok(DistrictChange {
            at: Timestamp(last.get(&id).copied().unwrap_or(changed_at)),
            overdue: overdue(at("overdue"), so_far)?,
            change: Change {
                id: at("id").case(&id)?,
                version: at("version").number(version)?,
                state: at("state").code(&state, State::from_code)?,
                changed_at: Timestamp(changed_at),
            },
            area: at("area").text_if(area.as_deref())?,
            department: at("department").text_if(department.as_deref())?,
        })
    };
    rows.into_iter().map(read).collect()
}
