//! A case as its reporter and joiners see it: departments by name, never a person's.

use crate::city::Label;
use serde::{Deserialize, Serialize};
use woodlark_domain::{
    AreaCode, CaseId, CaseNumber, CategoryCode, ContentHash, DepartmentCode, Kind, Position, Role, State,
    Timestamp, Visibility,
};

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Page<T> {
    /// At most twenty rows.
    pub rows: Vec<T>,
    /// The cursor of the next page, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// What the reader is to the case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// Reported it.
    Reporter,
    /// Met it too.
    Joiner,
}

/// A case in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CaseRow {
    /// The case.
    pub id: CaseId,
    /// Its public number.
    pub number: CaseNumber,
    /// Problem, suggestion or praise.
    pub kind: Kind,
    /// Where it stands.
    pub state: State,
    /// What was written, cut to 80 characters.
    pub words: String,
    /// Its category's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<Label>,
    /// Its place in words, or the name of its area.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Label>,
    /// The first photo, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub photo: Option<ContentHash>,
    /// Reporter or joiner.
    pub relation: Relation,
    /// When the server took it.
    pub received_at: Timestamp,
    /// When anything last happened.
    pub changed_at: Timestamp,
    /// By when it is promised, while it is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promised_at: Option<Timestamp>,
}

/// A case, whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CaseView {
    /// The case.
    pub id: CaseId,
    /// Its public number.
    pub number: CaseNumber,
    /// Problem, suggestion or praise.
    pub kind: Kind,
    /// Where it stands.
    pub state: State,
    /// The number of its last event: grows by one with each.
    pub version: u32,
    /// What was written.
    pub words: String,
    /// Its category.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<CategoryCode>,
    /// Its category's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category_name: Option<Label>,
    /// The smallest area that it lies in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<AreaCode>,
    /// Its town and community by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area_name: Option<Label>,
    /// Its place in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place_words: Option<String>,
    /// Where it is, WGS-84.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
    /// Radius in metres that the source believed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accuracy_m: Option<f64>,
    /// Public or private.
    pub visibility: Visibility,
    /// Reporter or joiner.
    pub relation: Relation,
    /// When the server took it.
    pub received_at: Timestamp,
    /// When anything last happened.
    pub changed_at: Timestamp,
    /// Who is at it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<DepartmentCode>,
    /// Who is at it, by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department_name: Option<Label>,
    /// The pictures, in order.
    pub photos: Vec<PhotoView>,
    /// What was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voice: Option<VoiceView>,
    /// By when it will be dealt with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promise: Option<PromiseView>,
    /// What happened, oldest first.
    pub steps: Vec<Step>,
    /// The case that it goes on under, for one that was merged: the reader joined that one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged_into: Option<CaseId>,
    /// How many others met it too.
    pub joiners: u32,
    /// The stars that the reader gave, 1 to 5.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub my_rating: Option<u8>,
    /// The commands that the reader may give now, by their codes.
    pub allowed: Vec<String>,
    /// How many messages in WeChat the reader is still to get about what it comes to.
    #[serde(default)]
    pub notices: u32,
}

/// How satisfied the reader is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// 1 to 5.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 5))]
    pub stars: u8,
    /// In words, if they wish: at most 500 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
}

/// It isn't fixed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Contest {
    /// What is not fixed: 1 to 500 characters.
    pub reason: String,
    /// Photos that were put to [`crate::path::photos`]: at most nine.
    #[serde(default)]
    pub photos: Vec<ContentHash>,
}

/// A photo was kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PhotoKept {
    /// Its name in [`Contest`].
    pub hash: ContentHash,
}

/// When a picture was taken in the life of its case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PhotoStage {
    /// By who reported it.
    Before,
    /// By who dealt with it or looked at it afterwards.
    After,
    /// By the reader, to show that it isn't fixed.
    Contested,
}

/// A picture of a case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PhotoView {
    /// Its name in [`crate::path::photo`].
    pub hash: ContentHash,
    /// Before, after or contested.
    pub stage: PhotoStage,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
}

/// A voice of a case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VoiceView {
    /// Its name in [`crate::path::voice`].
    pub hash: ContentHash,
    /// As recorded.
    pub media_type: String,
    /// Milliseconds, as the device said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_ms: Option<u32>,
}

/// The promised time and how it moved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PromiseView {
    /// By when.
    pub at: Timestamp,
    /// It has passed and the case is still open.
    pub overdue: bool,
    /// Each time it moved, oldest first.
    pub moves: Vec<PromiseMove>,
}

/// One move of the promised time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PromiseMove {
    /// When it was moved.
    pub moved_at: Timestamp,
    /// What it was before.
    pub from: Timestamp,
    /// What it became.
    pub to: Timestamp,
    /// The command that moved it, by its code: `extend`, `resume`, `rework`, `return`, `contest`.
    pub by: String,
    /// The words of whoever moved it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Who did a step: a role and its department, never a person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Party {
    /// As what they did it.
    pub role: Role,
    /// It was the reader.
    pub you: bool,
    /// Their department by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<Label>,
}

/// One step of the timeline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Step {
    /// 1, 2, 3, …
    pub number: u32,
    /// The command that made it, by its code: `report`, `file`, `dispatch`, …
    pub command: String,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: Party,
    /// To which department, for a dispatch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Label>,
    /// What was said with it, for the resident to read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
}

/// A notice that one of my cases changed; its event's id is `changed_at` in microseconds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Live {
    /// Which.
    pub case_id: CaseId,
    /// Its version now.
    pub version: u32,
    /// Where it stands now.
    pub state: State,
    /// When it changed.
    pub changed_at: Timestamp,
}

/// How many messages in WeChat a reader is still to get about a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CaseNotices {
    /// One for each consent.
    pub notices: u32,
}
