//! What has changed in the whole district since a moment, for the desk's notices. The audit is in the order of time already,
//! and every event of a case has its row there.

use super::Change;
use crate::Fault;
use crate::column::{At, bytes, count};
use crate::conn::Conn;
use crate::schema::{audit, case_file};
use diesel::prelude::*;
use std::collections::BTreeSet;
use woodlark_domain::case::CommandKind;
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
}

/// The cases that changed after a moment, by their ids; of at most `most` changes.
///
/// # Errors
/// [`Fault`].
pub fn changed_in_district(
    conn: &mut Conn,
    since: Timestamp,
    most: usize,
) -> Result<Vec<DistrictChange>, Fault> {
    type Found = (Vec<u8>, i64, String, i64, Option<String>, Option<String>);
    let commands: Vec<&str> = CommandKind::ALL.iter().map(|command| command.code()).collect();
    let subjects: Vec<String> = audit::table
        .filter(audit::adcode.eq(&*conn.adcode))
        .filter(audit::at.gt(since.0))
        .filter(audit::action.eq_any(commands))
        .order((audit::at, audit::id))
        .limit(count(most))
        .select(audit::subject)
        .load(&mut conn.engine)?;
    let at = |column| At("case_file", column);
    let ids: BTreeSet<Vec<u8>> = subjects
        .iter()
        .map(|subject| At("audit", "subject").text::<CaseId>(subject).map(|id| bytes(id.as_bytes())))
        .collect::<Result<_, _>>()?;
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = case_file::table
        .filter(case_file::adcode.eq(&*conn.adcode))
        .filter(case_file::id.eq_any(ids))
        .select((
            case_file::id,
            case_file::version,
            case_file::state,
            case_file::changed_at,
            case_file::area,
            case_file::department,
        ))
        .load::<Found>(&mut conn.engine)?;
    let read = |(id, version, state, changed_at, area, department): Found| {
        Ok(DistrictChange {
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
