//! The closed list of commands, and what each must carry.

use crate::clock::Limit;
use crate::criterion::CriterionRef;
use crate::kind::closed_list;
use crate::report::{Intake, Reason, Words};
use crate::{AreaCode, CaseId, CategoryCode, ContentHash, DepartmentCode, Fix, RuleCode, Timestamp, UserId};
use serde::{Deserialize, Serialize};

closed_list! {
    /// The name of a command, and of the event that it becomes.
    CommandKind {
        /// 上报: a case begins.
        Report = "report",
        /// 立案.
        File = "file",
        /// 不予受理.
        Decline = "decline",
        /// 并案 into another case.
        Merge = "merge",
        /// 撤回 by its reporter.
        Withdraw = "withdraw",
        /// 派遣 to a department.
        Dispatch = "dispatch",
        /// 签收 by the department.
        Sign = "sign",
        /// 退回: not ours.
        Return = "return",
        /// 挂账: wait.
        Defer = "defer",
        /// 恢复: go on.
        Resume = "resume",
        /// 延期.
        Extend = "extend",
        /// 处置完毕.
        Finish = "finish",
        /// 核查通过.
        Pass = "pass",
        /// 返工.
        Rework = "rework",
        /// 评价.
        Rate = "rate",
        /// 申诉: it isn't fixed.
        Contest = "contest",
        /// 归档.
        Settle = "settle",
        /// 强制结案.
        ForceClose = "force_close",
        /// 登墙: praise goes on the lark wall.
        Publish = "publish",
        /// 转达: those praised have been told.
        Thank = "thank",
        /// 我也遇到.
        Join = "join",
    }
}

impl CommandKind {
    /// What takes it back: the case stands again as it stood, and its history tells of both. None where nothing does: what
    /// goes back the same way and counts, as a return or a rework, takes nothing back.
    #[must_use]
    pub const fn taken_back_by(self) -> Option<Self> {
        match self {
            Self::Defer => Some(Self::Resume),
            Self::Resume => Some(Self::Defer),
            Self::Report
            | Self::File
            | Self::Decline
            | Self::Merge
            | Self::Withdraw
            | Self::Dispatch
            | Self::Sign
            | Self::Return
            | Self::Extend
            | Self::Finish
            | Self::Pass
            | Self::Rework
            | Self::Rate
            | Self::Contest
            | Self::Settle
            | Self::ForceClose
            | Self::Publish
            | Self::Thank
            | Self::Join => None,
        }
    }
}

closed_list! {
    /// What became of a suggestion.
    Verdict {
        /// 采纳.
        Adopted = "adopted",
        /// 未采纳, and the reply says why.
        NotAdopted = "not_adopted",
    }
}

/// A number of stars that is not 1 to 5.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be 1 to 5")]
pub struct StarsError;

/// How satisfied somebody is: 1 to 5.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Stars(u8);

impl Stars {
    /// So many stars.
    ///
    /// # Errors
    /// [`StarsError`] outside 1 to 5.
    pub const fn new(stars: u8) -> Result<Self, StarsError> {
        if matches!(stars, 1..=5) { Ok(Self(stars)) } else { Err(StarsError) }
    }

    /// How many.
    #[must_use]
    pub const fn get(self) -> u8 {
        self.0
    }

    /// Whether it lets a closed case settle: 3 or more.
    #[must_use]
    pub const fn is_content(self) -> bool {
        self.0 >= 3
    }
}

impl TryFrom<u8> for Stars {
    type Error = StarsError;
    fn try_from(stars: u8) -> Result<Self, StarsError> {
        Self::new(stars)
    }
}

impl From<Stars> for u8 {
    fn from(stars: Stars) -> Self {
        stars.0
    }
}

/// What somebody wants done to a case, with what it must carry. As JSON it is tagged by `command`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum Command {
    /// A case begins with what was handed in.
    Report(Box<Intake>),
    /// It is a case, of this category, here.
    File {
        /// What it is; of the case's kind.
        category: CategoryCode,
        /// Where it is.
        area: AreaCode,
        /// The criterion that the case keeps from now on.
        criterion: CriterionRef,
    },
    /// It will not be dealt with.
    Decline {
        /// Why; the resident reads it.
        reason: Reason,
    },
    /// It goes on under another case.
    Merge {
        /// That case: open, of the same kind.
        into: CaseId,
    },
    /// The reporter takes it back.
    Withdraw,
    /// A department is to handle it; its deadline starts.
    Dispatch {
        /// That department.
        department: DepartmentCode,
        /// The rule that chose it, if a rule did.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rule: Option<RuleCode>,
    },
    /// The department takes it on.
    Sign,
    /// The department gives it back.
    Return {
        /// Why it isn't theirs.
        reason: Reason,
    },
    /// It waits, its clock stopped.
    Defer {
        /// For what.
        reason: Reason,
        /// Until when; later than now.
        until: Timestamp,
    },
    /// It goes on after waiting.
    Resume {
        /// Why now, if it isn't plain.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Reason>,
    },
    /// It gets more time.
    Extend {
        /// Why.
        reason: Reason,
        /// The new limit, counted from this moment; it never shortens the old one.
        limit: Limit,
    },
    /// It is done, says the handler.
    Finish {
        /// What was done; for a suggestion, the reply.
        note: Reason,
        /// How it looks afterwards. A problem needs one.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        photos: Vec<ContentHash>,
        /// For a suggestion only: adopted or not.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        verdict: Option<Verdict>,
        /// Where the handler stood, if the device told.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        fix: Option<Fix>,
    },
    /// It is really done: a note or a photo shows it.
    Pass {
        /// What was seen.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<Reason>,
        /// How it looks.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        photos: Vec<ContentHash>,
        /// Where the verifier stood, if the device told.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        fix: Option<Fix>,
    },
    /// It isn't done.
    Rework {
        /// What is missing.
        reason: Reason,
    },
    /// How satisfied a reporter or joiner is.
    Rate {
        /// 1 to 5.
        stars: Stars,
        /// In words, if they wish.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        words: Option<Words>,
    },
    /// It isn't fixed, says a reporter or joiner.
    Contest {
        /// Why.
        reason: Reason,
        /// A photo, if they wish.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        photos: Vec<ContentHash>,
    },
    /// Nothing more will happen.
    Settle,
    /// A supervisor ends it; flagged, and counted apart.
    ForceClose {
        /// Why.
        reason: Reason,
    },
    /// Praise goes on the lark wall.
    Publish {
        /// Those of its photos that an acceptor approved; the others stay private.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        photos: Vec<ContentHash>,
    },
    /// Those praised have been told.
    Thank {
        /// Who, and what they said, if it may be told.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<Reason>,
    },
    /// Another resident met the same matter.
    Join {
        /// Who: oneself, or by an acceptor the reporter of a case merged into this one.
        who: UserId,
        /// That merged case.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        merged: Option<CaseId>,
    },
}

impl Command {
    /// Its name.
    #[must_use]
    pub const fn kind(&self) -> CommandKind {
        match self {
            Self::Report(_) => CommandKind::Report,
            Self::File { .. } => CommandKind::File,
            Self::Decline { .. } => CommandKind::Decline,
            Self::Merge { .. } => CommandKind::Merge,
            Self::Withdraw => CommandKind::Withdraw,
            Self::Dispatch { .. } => CommandKind::Dispatch,
            Self::Sign => CommandKind::Sign,
            Self::Return { .. } => CommandKind::Return,
            Self::Defer { .. } => CommandKind::Defer,
            Self::Resume { .. } => CommandKind::Resume,
            Self::Extend { .. } => CommandKind::Extend,
            Self::Finish { .. } => CommandKind::Finish,
            Self::Pass { .. } => CommandKind::Pass,
            Self::Rework { .. } => CommandKind::Rework,
            Self::Rate { .. } => CommandKind::Rate,
            Self::Contest { .. } => CommandKind::Contest,
            Self::Settle => CommandKind::Settle,
            Self::ForceClose { .. } => CommandKind::ForceClose,
            Self::Publish { .. } => CommandKind::Publish,
            Self::Thank { .. } => CommandKind::Thank,
            Self::Join { .. } => CommandKind::Join,
        }
    }

    /// The words that it carries for people to read, if any.
    #[must_use]
    pub fn words(&self) -> Option<&str> {
        match self {
            Self::Report(intake) => intake.words.as_ref().map(Words::as_str),
            Self::Rate { words, .. } => words.as_ref().map(Words::as_str),
            Self::Decline { reason }
            | Self::Return { reason }
            | Self::Defer { reason, .. }
            | Self::Extend { reason, .. }
            | Self::Rework { reason }
            | Self::Contest { reason, .. }
            | Self::ForceClose { reason }
            | Self::Finish { note: reason, .. } => Some(reason.as_str()),
            Self::Resume { reason } | Self::Pass { note: reason, .. } | Self::Thank { note: reason } => {
                reason.as_ref().map(Reason::as_str)
            }
            Self::File { .. }
            | Self::Merge { .. }
            | Self::Withdraw
            | Self::Dispatch { .. }
            | Self::Sign
            | Self::Settle
            | Self::Publish { .. }
            | Self::Join { .. } => None,
        }
    }

    /// Where whoever gave it stood, if the device told.
    #[must_use]
    pub const fn fix(&self) -> Option<&Fix> {
        match self {
            Self::Report(intake) => intake.fix.as_ref(),
            Self::Finish { fix, .. } | Self::Pass { fix, .. } => fix.as_ref(),
            Self::File { .. }
            | Self::Decline { .. }
            | Self::Merge { .. }
            | Self::Withdraw
            | Self::Dispatch { .. }
            | Self::Sign
            | Self::Return { .. }
            | Self::Defer { .. }
            | Self::Resume { .. }
            | Self::Extend { .. }
            | Self::Rework { .. }
            | Self::Rate { .. }
            | Self::Contest { .. }
            | Self::Settle
            | Self::ForceClose { .. }
            | Self::Publish { .. }
            | Self::Thank { .. }
            | Self::Join { .. } => None,
        }
    }

    /// The photos that it carries.
    #[must_use]
    pub fn photos(&self) -> &[ContentHash] {
        match self {
            Self::Report(intake) => &intake.photos,
            Self::Finish { photos, .. }
            | Self::Pass { photos, .. }
            | Self::Contest { photos, .. }
            | Self::Publish { photos } => photos,
            Self::File { .. }
            | Self::Decline { .. }
            | Self::Merge { .. }
            | Self::Withdraw
            | Self::Dispatch { .. }
            | Self::Sign
            | Self::Return { .. }
            | Self::Defer { .. }
            | Self::Resume { .. }
            | Self::Extend { .. }
            | Self::Rework { .. }
            | Self::Rate { .. }
            | Self::Settle
            | Self::ForceClose { .. }
            | Self::Thank { .. }
            | Self::Join { .. } => &[],
        }
    }
}
