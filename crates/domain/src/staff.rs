//! Those who work at the desk: what somebody may be, how their account stands, and the list of them all.

use crate::case::Actor;
use crate::kind::closed_list;
use crate::{AreaCode, DepartmentCode, Role, UserId};
use serde::{Deserialize, Serialize};

/// Roles that somebody may be given.
pub const ROLES: [Role; 6] =
    [Role::Acceptor, Role::Dispatcher, Role::Handler, Role::Verifier, Role::Supervisor, Role::Admin];

/// Roles of one person.
pub const POSTS: usize = 16;

/// One role of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    /// The role.
    pub role: Role,
    /// Of which department, where it is of one.
    pub department: Option<DepartmentCode>,
    /// In which area; everywhere without one.
    pub area: Option<AreaCode>,
}

impl Post {
    /// The person acting in this role.
    #[must_use]
    pub fn actor(&self, user: UserId) -> Actor {
        let mut actor = Actor::staff(user, self.role);
        actor.department.clone_from(&self.department);
        actor.area.clone_from(&self.area);
        actor
    }
}

closed_list! {
    /// How an account of staff stands.
    Standing {
        /// The link was not taken up yet.
        Invited = "invited",
        /// They work here.
        Active = "active",
        /// They don't any more.
        Ended = "ended",
    }
}

/// Somebody as the list of staff tells of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Their name at the desk.
    pub login: String,
    /// Their name.
    pub name: String,
    /// What they may be.
    pub posts: Vec<Post>,
}

/// Somebody who has an account, and how it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// Who.
    pub person: Person,
    /// How their account stands.
    pub standing: Standing,
}

/// Whether this can be somebody's name at the desk: 3 to 32 of `a`–`z`, `0`–`9`, `.`, `_` and `-`.
#[must_use]
pub fn is_login(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._-".contains(&byte);
    (3..=32).contains(&text.len()) && text.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_is_short_and_plain() {
        for good in ["abc", "wang.fang-2_x", &"a".repeat(32)] {
            assert!(is_login(good), "{good}");
        }
        for bad in ["", "ab", "Wang", "王芳芳", "a b c", &"a".repeat(33)] {
            assert!(!is_login(bad), "{bad}");
        }
    }
}
