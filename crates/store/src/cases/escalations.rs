//! Whom the clock has called to a case.

use super::reckoned::overdue;
use crate::Fault;
use crate::column::{At, bytes};
use crate::conn::Conn;
use crate::schema::escalation;
use diesel::prelude::*;
use woodlark_domain::clock::Overdue;
use woodlark_domain::{CaseId, DepartmentCode, Role, Timestamp};

/// One role that was called, because a stage's clock was over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Escalation {
    /// When.
    pub at: Timestamp,
    /// The deadline that was missed.
    pub due_at: Timestamp,
    /// How far over it was.
    pub overdue: Overdue,
    /// Who was called.
    pub role: Role,
    /// Of which department; none where the role is the district's.
    pub department: Option<DepartmentCode>,
}

/// All calls to a case, oldest first.
///
/// # Errors
/// [`Fault`].
pub fn escalations(conn: &mut Conn, case: CaseId) -> Result<Vec<Escalation>, Fault> {
    type Found = (i64, i64, i64, String, Option<String>);
    let found: Vec<Found> = escalation::table
        .filter(escalation::adcode.eq(&*conn.adcode))
        .filter(escalation::case_id.eq(bytes(case.as_bytes())))
        .order((escalation::at, escalation::level, escalation::role))
        .select((
            escalation::at,
            escalation::due_at,
            escalation::level,
            escalation::role,
            escalation::department,
        ))
        .load(&mut conn.engine)?;
    found
        .into_iter()
        .map(|(at, due_at, level, role, department)| {
            Ok(Escalation {
                at: Timestamp(at),
                due_at: Timestamp(due_at),
                overdue: overdue(At("escalation", "level"), level)?,
                role: At("escalation", "role").code(&role, Role::from_code)?,
                department: At("escalation", "department").text_if(department.as_deref())?,
            })
        })
        .collect()
}
