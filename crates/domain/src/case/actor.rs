//! Who acts, and how they stand to a case.

use super::Case;
use crate::kind::closed_list;
use crate::{AreaCode, DepartmentCode, Door, Role, UserId};

/// Somebody about to do something: one person in one role, or the rules themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The person; none for the system, and for a reporter without an account.
    pub user: Option<UserId>,
    /// The role they act in.
    pub role: Role,
    /// The department that they hold the role in, if it is of a department.
    pub department: Option<DepartmentCode>,
    /// The area that they hold the role in; none is everywhere.
    pub area: Option<AreaCode>,
    /// By which door they come.
    pub door: Door,
}

impl Actor {
    /// A resident.
    #[must_use]
    pub const fn resident(user: UserId, door: Door) -> Self {
        Self { user: Some(user), role: Role::Resident, department: None, area: None, door }
    }

    /// The rules or the clock.
    #[must_use]
    pub const fn system() -> Self {
        Self { user: None, role: Role::System, department: None, area: None, door: Door::Staff }
    }

    /// A member of staff with a role everywhere.
    #[must_use]
    pub const fn staff(user: UserId, role: Role) -> Self {
        Self { user: Some(user), role, department: None, area: None, door: Door::Staff }
    }

    /// The same, of a department.
    #[must_use]
    pub fn of(mut self, department: DepartmentCode) -> Self {
        self.department = Some(department);
        self
    }

    /// The same, within an area only.
    #[must_use]
    pub fn within(mut self, area: AreaCode) -> Self {
        self.area = Some(area);
        self
    }
}

closed_list! {
    /// One way to stand to a case.
    Relation {
        /// Reported it.
        Reporter = "reporter",
        /// Met the same matter.
        Joiner = "joiner",
        /// Belongs to the department that has it.
        Department = "department",
        /// Signed for it, gave it back or finished it, at any time.
        Handled = "handled",
        /// Verified it before.
        Passed = "passed",
    }
}

/// How somebody stands to a case; several may hold at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Relations {
    /// Reported it.
    pub reporter: bool,
    /// Met the same matter.
    pub joiner: bool,
    /// Belongs to the department that has it.
    pub department: bool,
    /// Signed for it, gave it back or finished it, at any time.
    pub handled: bool,
    /// Verified it before.
    pub passed: bool,
}

impl Relations {
    /// How this actor stands to this case.
    #[must_use]
    pub fn of(actor: &Actor, case: &Case) -> Self {
        let department = actor.department.is_some() && actor.department == case.department;
        let Some(user) = actor.user else { return Self { department, ..Self::default() } };
        Self {
            reporter: case.reporter == Some(user),
            joiner: case.joiners.iter().any(|joiner| joiner.user == user),
            department,
            handled: case.handled_by.contains(&user),
            passed: case.passed_by.contains(&user),
        }
    }

    /// Whether one of them holds.
    #[must_use]
    pub const fn has(self, relation: Relation) -> bool {
        match relation {
            Relation::Reporter => self.reporter,
            Relation::Joiner => self.joiner,
            Relation::Department => self.department,
            Relation::Handled => self.handled,
            Relation::Passed => self.passed,
        }
    }
}
