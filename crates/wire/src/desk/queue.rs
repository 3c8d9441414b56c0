//! What waits at the desk: rows, counts, and what a list may be narrowed to.

use crate::city::Label;
use serde::{Deserialize, Serialize};
use woodlark_domain::queue::Queue;
use woodlark_domain::{
    AreaCode, CaseId, CaseNumber, CategoryCode, ContentHash, DepartmentCode, Door, Kind, Position, State,
    Timestamp,
};

/// A case in a list of the desk.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeskRow {
    /// The case.
    pub id: CaseId,
    /// Its public number.
    pub number: CaseNumber,
    /// Problem, suggestion or praise.
    pub kind: Kind,
    /// Where it stands.
    pub state: State,
    /// The number of its last event.
    pub version: u32,
    /// What was written, cut to 80 characters.
    pub words: String,
    /// Its category's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<Label>,
    /// Its area's name: town and community.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<Label>,
    /// Its place in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place_words: Option<String>,
    /// Where it is, WGS-84.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
    /// Who has it, by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<Label>,
    /// Its first photo, in [`crate::path::desk_photo`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub photo: Option<ContentHash>,
    /// When the server took it.
    pub received_at: Timestamp,
    /// When anything last happened.
    pub changed_at: Timestamp,
    /// By when what it waits for must have been done; none while its clock stands still or it is closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Timestamp>,
    /// How many others met it too.
    pub joiners: u32,
    /// How often it was sent back to be done again.
    pub reworks: u32,
}

/// What a list of the desk is narrowed to, as its address says it; an empty field narrows nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields, default)]
pub struct DeskFilter {
    /// Words of the report or its place, or a case's number or the beginning of one.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// `problem`, `suggestion` or `praise`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(value_type = Option<String>))]
    pub kind: Option<Kind>,
    /// A state's code.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(value_type = Option<String>))]
    pub state: Option<State>,
    /// A category or the beginning of one's code.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(value_type = Option<String>))]
    pub category: Option<CategoryCode>,
    /// An area; those below it are meant too.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(value_type = Option<String>))]
    pub area: Option<AreaCode>,
    /// A department.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(value_type = Option<String>))]
    pub department: Option<DepartmentCode>,
    /// The door that it came in by.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(value_type = Option<String>))]
    pub door: Option<Door>,
    /// Received from this moment on, in microseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(value_type = Option<i64>))]
    pub from: Option<Timestamp>,
    /// Received before this moment, in microseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(value_type = Option<i64>))]
    pub to: Option<Timestamp>,
    /// The cursor of a page.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub after: String,
}

/// How many wait in a queue, of those that the reader may see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QueueCount {
    /// The queue.
    pub queue: Queue,
    /// How many; at most 1,000 are counted.
    pub waiting: u32,
}

/// A notice that some case which the reader may see changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeskLive {
    /// Which.
    pub case_id: CaseId,
    /// Its version now.
    pub version: u32,
    /// Where it stands now.
    pub state: State,
    /// When it changed.
    pub changed_at: Timestamp,
}
