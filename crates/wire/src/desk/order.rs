//! What staff order done to a case. The rules decide; the server adds what only it knows: the criterion, the rule, the time.

use serde::{Deserialize, Serialize};
use woodlark_domain::case::{CommandKind, Verdict};
use woodlark_domain::clock::Limit;
use woodlark_domain::{AreaCode, CaseId, CategoryCode, ContentHash, DepartmentCode, Fix, Timestamp, UserId};

/// A command with what it carries. Reasons, notes and replies are texts of 1 to 500 characters.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum DeskCommand {
    /// It is a case, of this category, here. The rules may send it on at once.
    File {
        /// What it is.
        category: CategoryCode,
        /// Where it is.
        area: AreaCode,
    },
    /// It will not be dealt with.
    Decline {
        /// Why; the resident reads it.
        reason: String,
    },
    /// It goes on under another case.
    Merge {
        /// That case.
        into: CaseId,
    },
    /// A department is to handle it.
    Dispatch {
        /// That department.
        department: DepartmentCode,
    },
    /// The department takes it on.
    Sign,
    /// The department gives it back.
    Return {
        /// Why it isn't theirs.
        reason: String,
    },
    /// It waits, its clock stopped.
    Defer {
        /// For what.
        reason: String,
        /// Until when.
        until: Timestamp,
    },
    /// It goes on after waiting.
    Resume {
        /// Why now, if it isn't plain.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// It gets more time.
    Extend {
        /// Why.
        reason: String,
        /// The new limit, counted from this moment.
        limit: Limit,
    },
    /// It is done.
    Finish {
        /// What was done; for a suggestion, the reply.
        note: String,
        /// How it looks afterwards, by the names that [`crate::path::DESK_PHOTOS`] gave.
        #[serde(default)]
        photos: Vec<ContentHash>,
        /// For a suggestion only.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        verdict: Option<Verdict>,
        /// Where the handler stood.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        fix: Option<Fix>,
    },
    /// It is really done.
    Pass {
        /// What was seen.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<String>,
        /// How it looks.
        #[serde(default)]
        photos: Vec<ContentHash>,
        /// Where the verifier stood.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        fix: Option<Fix>,
    },
    /// It isn't done.
    Rework {
        /// What is missing.
        reason: String,
    },
    /// A supervisor ends it.
    ForceClose {
        /// Why.
        reason: String,
    },
    /// Praise goes on the lark wall, with those of its photos that are approved.
    Publish,
    /// Those praised have been told.
    Thank {
        /// Who, and what they said, if it may be told.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<String>,
    },
}

impl DeskCommand {
    /// Its name in the rules.
    #[must_use]
    pub const fn kind(&self) -> CommandKind {
        match self {
            Self::File { .. } => CommandKind::File,
            Self::Decline { .. } => CommandKind::Decline,
            Self::Merge { .. } => CommandKind::Merge,
            Self::Dispatch { .. } => CommandKind::Dispatch,
            Self::Sign => CommandKind::Sign,
            Self::Return { .. } => CommandKind::Return,
            Self::Defer { .. } => CommandKind::Defer,
            Self::Resume { .. } => CommandKind::Resume,
            Self::Extend { .. } => CommandKind::Extend,
            Self::Finish { .. } => CommandKind::Finish,
            Self::Pass { .. } => CommandKind::Pass,
            Self::Rework { .. } => CommandKind::Rework,
            Self::ForceClose { .. } => CommandKind::ForceClose,
            Self::Publish => CommandKind::Publish,
            Self::Thank { .. } => CommandKind::Thank,
        }
    }
}

/// An order: the command, and the version of the case that its giver saw. Where the case has moved on since, nothing is
/// done and the answer is `moved`, so that nobody decides on what they have not seen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeskOrder {
    /// The version that was seen; joins and ratings since then don't count.
    pub version: u32,
    /// Who gives it, where that may be another than who is signed in when it arrives: then nothing is done, and the answer
    /// is `not_staff`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub giver: Option<UserId>,
    /// What is to be done.
    #[serde(flatten)]
    pub command: DeskCommand,
}

/// What everyone may see of a photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PhotoApproval {
    /// Nothing, the photo as it is, or a covered copy.
    pub shown: PhotoShown,
    /// The covered copy, as [`crate::path::DESK_PHOTOS`] named it; with `covered` only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hash: Option<ContentHash>,
}

/// How much of a photo everyone may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PhotoShown {
    /// Nothing: it stays with its reporter and with staff.
    Nothing,
    /// The photo as it is.
    Whole,
    /// A copy on which faces and plates were covered.
    Covered,
}
