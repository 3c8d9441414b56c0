//! What happened: a command that was accepted, with who, when and by which door. The store appends it as JSON.

use super::{Actor, Command, CommandKind};
use crate::{DepartmentCode, Door, Role, Timestamp, UserId};
use serde::{Deserialize, Serialize};

/// Who did it, as what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct By {
    /// The person; none for the rules, the clock and reporters without an account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<UserId>,
    /// As what.
    pub role: Role,
    /// For which department.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<DepartmentCode>,
}

/// One thing that happened to a case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// When; never before the event before it.
    pub at: Timestamp,
    /// Who.
    pub by: By,
    /// By which door.
    pub door: Door,
    /// What, with all that it carried.
    pub what: Command,
}

impl Event {
    /// The event of this actor doing this now.
    #[must_use]
    pub fn new(at: Timestamp, actor: &Actor, what: Command) -> Self {
        let by = By { user: actor.user, role: actor.role, department: actor.department.clone() };
        Self { at, by, door: actor.door, what }
    }

    /// Its name.
    #[must_use]
    pub const fn kind(&self) -> CommandKind {
        self.what.kind()
    }
}
