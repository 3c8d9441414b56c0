//! What everyone may see: open cases nearby, one case without its reporter, the lark wall.

use crate::case::{PhotoStage, PromiseView, Step};
use crate::city::Label;
use serde::{Deserialize, Serialize};
use woodlark_domain::{CaseId, CaseNumber, ContentHash, Kind, Position, State, Timestamp};

/// A case nearby.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NearbyRow {
    /// The case.
    pub id: CaseId,
    /// Problem or suggestion.
    pub kind: Kind,
    /// Where it stands.
    pub state: State,
    /// What was written, cut to 80 characters.
    pub words: String,
    /// Its category's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<Label>,
    /// Where it is, WGS-84.
    pub position: Position,
    /// Metres from the position asked about.
    pub metres: f64,
    /// When the server took it.
    pub received_at: Timestamp,
    /// How many others met it too.
    pub joiners: u32,
    /// What everyone may see of its first photo, in [`crate::path::public_photo`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub photo: Option<ContentHash>,
    /// The reader reported or joined it.
    pub mine: bool,
}

/// A case as everyone may see it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PublicCase {
    /// The case.
    pub id: CaseId,
    /// Its public number.
    pub number: CaseNumber,
    /// Problem, suggestion or praise.
    pub kind: Kind,
    /// Where it stands.
    pub state: State,
    /// What was written.
    pub words: String,
    /// Its category's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<Label>,
    /// Its town and community by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<Label>,
    /// Where it is, WGS-84.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
    /// When the server took it.
    pub received_at: Timestamp,
    /// Who is at it, by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<Label>,
    /// By when it will be dealt with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promise: Option<PromiseView>,
    /// Its pictures, in order: those that nothing may be seen of are left out.
    pub photos: Vec<PublicPhoto>,
    /// What happened, oldest first, without what residents said.
    pub steps: Vec<Step>,
    /// How many others met it too.
    pub joiners: u32,
    /// The reader reported or joined it.
    pub mine: bool,
    /// The reader may join it now.
    pub may_join: bool,
}

/// A picture that everyone may see, or a blur of one that nobody has decided about yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PublicPhoto {
    /// Its name in [`crate::path::public_photo`].
    pub hash: ContentHash,
    /// Before or after.
    pub stage: PhotoStage,
    /// It is only a blur so far.
    pub veiled: bool,
}

/// Praise on the lark wall.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WallRow {
    /// The case.
    pub id: CaseId,
    /// What was written.
    pub words: String,
    /// Its town and community by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<Label>,
    /// The first of its photos that everyone may see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub photo: Option<ContentHash>,
    /// When it went on the wall.
    pub published_at: Timestamp,
    /// When those praised were told, if they were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thanked_at: Option<Timestamp>,
    /// Who was told, and what they said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thanked: Option<String>,
}
