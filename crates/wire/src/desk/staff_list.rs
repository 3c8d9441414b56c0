//! The list of staff as a file: what it would do, and making it so.

use super::{CityChanges, CityFault};
use serde::{Deserialize, Serialize};
use woodlark_domain::{ContentHash, Timestamp};

/// A list of staff that is to be looked at; nothing is changed by it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StaffList {
    /// The file's text: `login,name,role,department,area`, a line for each role.
    pub text: String,
}

/// A list of staff that was looked at and is to stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StaffListApply {
    /// What the preview called it.
    pub hash: ContentHash,
    /// The file's text.
    pub text: String,
}

/// What a list would do. Whoever is not in it stays as they are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StaffPreview {
    /// Names the change, as things stand; none where something must be put right first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hash: Option<ContentHash>,
    /// What must be put right first: the first two hundred.
    pub faults: Vec<CityFault>,
    /// How many there are in all.
    pub faults_in_all: u32,
    /// Who is new, and who gets another name or other roles; nobody goes.
    pub changes: CityChanges,
    /// How many are in the list and as they stand.
    pub unchanged: u32,
}

/// What a list did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StaffApplied {
    /// The links of those who are new, shown this once.
    pub invited: Vec<StaffInvited>,
    /// How many got another name or other roles.
    pub changed: u32,
    /// Until when the links hold.
    pub expires_at: Timestamp,
}

/// Somebody who was invited by a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StaffInvited {
    /// Their name at the desk.
    pub login: String,
    /// Their name.
    pub name: String,
    /// The path of the page that takes the invitation up, token included.
    pub path: String,
}
