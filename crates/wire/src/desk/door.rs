//! Who works at the desk, and how they come in.

use serde::{Deserialize, Serialize};
use woodlark_domain::policy::Action;
use woodlark_domain::queue::Queue;
use woodlark_domain::{AreaCode, ContentHash, DepartmentCode, Role, Timestamp, UserId};

/// A member of staff signs in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeskSignIn {
    /// Their name at the desk.
    pub login: String,
    /// Their password.
    pub password: String,
    /// The six digits that their authenticator shows.
    pub code: String,
}

/// Somebody who works here, as one of their roles.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StaffRole {
    /// The role.
    pub role: Role,
    /// Of which department, where it is of one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<DepartmentCode>,
    /// In which area; everywhere without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<AreaCode>,
}

/// The member of staff who is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeskMe {
    /// Their account.
    pub user_id: UserId,
    /// Their name.
    pub name: String,
    /// What they may be.
    pub roles: Vec<StaffRole>,
    /// What they may do besides the commands of a case.
    pub may: Vec<Action>,
    /// The queues that are theirs to empty.
    pub queues: Vec<Queue>,
    /// When they must sign in again, whatever they do.
    pub expires_at: Timestamp,
}

/// An invitation, as the person who holds its link sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Invitation {
    /// Whom it is for.
    pub name: String,
    /// Their name at the desk.
    pub login: String,
    /// The secret for an authenticator, base 32.
    pub totp_secret: String,
    /// The same as an `otpauth://` address.
    pub totp_uri: String,
    /// The same as a picture to scan, SVG.
    pub totp_qr: String,
    /// Until when the link holds.
    pub expires_at: Timestamp,
}

/// Takes an invitation up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AcceptInvitation {
    /// The password from now on: at least ten characters.
    pub password: String,
    /// What the authenticator shows now, which proves that it was set up.
    pub code: String,
}

/// Invites somebody to work here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewStaff {
    /// Their name.
    pub name: String,
    /// Their name at the desk: letters, digits, `.`, `_` and `-`.
    pub login: String,
    /// What they may be.
    pub roles: Vec<StaffRole>,
}

/// Somebody who works here, as an administrator sees them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StaffView {
    /// Their account.
    pub user_id: UserId,
    /// Their name.
    pub name: String,
    /// Their name at the desk.
    pub login: String,
    /// What they may be.
    pub roles: Vec<StaffRole>,
    /// `invited`, `active` or `ended`.
    pub state: StaffState,
    /// When they were invited.
    pub created_at: Timestamp,
}

/// How an account of staff stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum StaffState {
    /// The link was not taken up yet.
    Invited,
    /// They work here.
    Active,
    /// They don't any more.
    Ended,
}

/// A new invitation's link, shown once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InvitationLink {
    /// The account.
    pub user_id: UserId,
    /// The path of the page that takes it up, token included.
    pub path: String,
    /// Until when it holds.
    pub expires_at: Timestamp,
}

/// A browser that is signed in, as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Seat {
    /// Names it in [`crate::path::desk_seat`]: the hash of its token.
    pub id: ContentHash,
    /// It is the one that asks.
    pub this: bool,
    /// It is a screen on a wall, which shows figures and nothing else.
    pub board: bool,
    /// When it signed in.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub seen_at: Timestamp,
    /// From where.
    pub address: String,
    /// In what, as the browser said.
    pub agent: String,
}
