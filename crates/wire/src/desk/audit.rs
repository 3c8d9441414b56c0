//! The audit log: who did what, and who looked at what of whom.

use serde::{Deserialize, Serialize};
use woodlark_domain::{Role, Timestamp};

/// What of the audit log is asked for; an empty field narrows nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields, default)]
pub struct AuditAsked {
    /// By whom: a login.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub login: String,
    /// To what: a case's number or id, or the id of an account.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub subject: String,
    /// What: `read_case`, `look_at_original`, `file`, `sign_in`, …
    #[serde(skip_serializing_if = "String::is_empty")]
    pub action: String,
    /// From this moment on, in microseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(value_type = Option<i64>))]
    pub from: Option<Timestamp>,
    /// Before this moment, in microseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(value_type = Option<i64>))]
    pub to: Option<Timestamp>,
    /// The cursor of a page.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub after: String,
}

/// One deed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditRow {
    /// When.
    pub at: Timestamp,
    /// The member of staff by name; a resident is never named, and the rules are nobody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// As what.
    pub role: Role,
    /// What.
    pub action: String,
    /// To what: an id.
    pub subject: String,
    /// The number of the case, where it was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// More of it, as JSON.
    pub detail: String,
}
