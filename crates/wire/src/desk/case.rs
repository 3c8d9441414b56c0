//! One case as staff see it: everything that they need to decide, and just what the rules let them do now.

use crate::case::{PhotoStage, PromiseView, VoiceView};
use crate::city::{AlikeRow, Label};
use crate::desk::StaffRole;
use crate::desk::city::RuleOffer;
use serde::{Deserialize, Serialize};
use woodlark_domain::{
    AreaCode, CaseId, CaseNumber, CategoryCode, ContentHash, DepartmentCode, Door, EntryCode, Kind, Position,
    Role, RuleCode, State, Timestamp, Visibility,
};

/// A case, whole, for the desk.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeskCase {
    /// The case.
    pub id: CaseId,
    /// Its public number.
    pub number: CaseNumber,
    /// Problem, suggestion or praise.
    pub kind: Kind,
    /// Where it stands.
    pub state: State,
    /// The number of its last event; an order names the version that its giver saw.
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
    /// Its town, community and grid by name.
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
    /// The door that it came in by.
    pub door: Door,
    /// The entry that led here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<EntryCode>,
    /// When the server took it.
    pub received_at: Timestamp,
    /// When anything last happened.
    pub changed_at: Timestamp,
    /// Who has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<DepartmentCode>,
    /// Who has it, by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department_name: Option<Label>,
    /// The pictures, in order.
    pub photos: Vec<DeskPhoto>,
    /// What was said, for those who may listen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voice: Option<VoiceView>,
    /// Until when it waits, while it is on hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deferred_until: Option<Timestamp>,
    /// What the resident was promised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promise: Option<PromiseView>,
    /// The clock of the stage that it is in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock: Option<StageClock>,
    /// Whom the clock called because a stage took too long, oldest first.
    pub escalations: Vec<DeskEscalation>,
    /// What happened, oldest first.
    pub steps: Vec<DeskStep>,
    /// How many others met it too.
    pub joiners: u32,
    /// How often a department gave it back.
    pub returns: u32,
    /// How often it was sent back to be done again.
    pub reworks: u32,
    /// How often more time was granted.
    pub extensions: u32,
    /// How often it was contested.
    pub contests: u32,
    /// A supervisor ended it by force.
    pub forced: bool,
    /// Whom the dispatch rules would send it to, while it waits for that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<Suggestion>,
    /// Where somebody sent it elsewhere than the rules would have: what they may propose of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offer: Option<RuleOffer>,
    /// What the reader may do now.
    pub actions: Vec<DeskAction>,
    /// What one of the reader's roles is for, and why it can't be done now.
    pub refusals: Vec<DeskRefusal>,
    /// Open cases like it, nearest first; at most ten.
    pub alike: Vec<AlikeRow>,
}

/// A picture of a case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeskPhoto {
    /// Its name in [`crate::path::desk_photo`].
    pub hash: ContentHash,
    /// Before, after or contested.
    pub stage: PhotoStage,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// When the server took it.
    pub at: Timestamp,
    /// Metres from the case's position to where its taker stood, where both are known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metres: Option<f64>,
    /// What everyone may see of it: nothing decided yet, nothing, itself, or a covered copy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval: Option<crate::desk::PhotoApproval>,
}

/// The clock of the stage that a case is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StageClock {
    /// Since when it runs.
    pub since: Timestamp,
    /// By when it must be done.
    pub due_at: Timestamp,
    /// It is past.
    pub late: bool,
}

/// A call to those who see to it that a case goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeskEscalation {
    /// When.
    pub at: Timestamp,
    /// The deadline that was missed.
    pub due_at: Timestamp,
    /// The stage had taken twice its time.
    pub twice: bool,
    /// Who was called.
    pub role: Role,
    /// Of which department.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<Label>,
}

/// One step of a case's history.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeskStep {
    /// 1, 2, 3, …
    pub number: u32,
    /// The command that made it, by its code.
    pub command: String,
    /// When.
    pub at: Timestamp,
    /// As what.
    pub role: Role,
    /// The member of staff by name; a resident is never named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// For which department.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<Label>,
    /// To which department, for a dispatch; the area, for filing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Label>,
    /// The rule that chose, if a rule did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<RuleCode>,
    /// What was said with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
    /// How many stars, for a rating.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stars: Option<u8>,
}

/// Whom a dispatch rule would send a case to, and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Suggestion {
    /// That department.
    pub department: DepartmentCode,
    /// By name.
    pub department_name: Label,
    /// The rule that matches first.
    pub rule: RuleCode,
    /// The category that the rule asks for, by name; none where it takes any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<Label>,
    /// The area that the rule asks for, by name; none where it takes any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<Label>,
    /// The rule may send it without a person.
    pub automatic: bool,
    /// That department gave this case back before: only a supervisor may send it there again.
    pub returned: bool,
}

/// Something that the reader may do now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeskAction {
    /// The command, by its code.
    pub command: String,
    /// The role that allows it.
    pub role: StaffRole,
}

/// Something that a role of the reader is for, but that a rule refuses now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeskRefusal {
    /// The command, by its code.
    pub command: String,
    /// The rule, by its code.
    pub refusal: String,
    /// The rule in words.
    pub words: Label,
}

/// Who reported a case, as far as staff may know. That it was read is in the audit log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeskReporter {
    /// The linked phone with its middle hidden, if one is linked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Reports of the same person so far.
    pub reports: u32,
    /// Of these, how many were filed or published.
    pub filed: u32,
}
