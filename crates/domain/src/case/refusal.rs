//! Why a command was refused: a closed list, each with the stable code of the rule that refused it.

use crate::kind::closed_list;
use core::fmt;

closed_list! {
    /// The rule that refused a command. The code is the key of the sentence that tells people what to do next.
    Refusal {
        /// The case stands where this can't be done.
        WrongState = "wrong_state",
        /// Cases of this kind have no such step.
        WrongKind = "wrong_kind",
        /// This is another role's to do.
        WrongRole = "wrong_role",
        /// Nobody in particular asks, and this needs a person.
        NoPerson = "no_person",
        /// The case lies outside the area that the role is held in.
        OutsideArea = "outside_area",
        /// Another department has it.
        OtherDepartment = "other_department",
        /// Only its reporter may.
        NotReporter = "not_reporter",
        /// Only its reporter and those who joined may.
        NotConcerned = "not_concerned",
        /// Whoever handled it can't verify it.
        HandledIt = "handled_it",
        /// The department that handled it can't verify it.
        SameDepartment = "same_department",
        /// Whoever passed it before can't verify it again.
        PassedIt = "passed_it",
        /// The rules file only what is certain.
        NotCertain = "not_certain",
        /// The rules dispatch only where a rule says that they may.
        NotAutomatic = "not_automatic",
        /// That department gave it back; only a supervisor can send it there again.
        ReturnedBefore = "returned_before",
        /// The category belongs to another kind.
        CategoryOfOtherKind = "category_of_other_kind",
        /// A case can't be merged into itself.
        MergeItself = "merge_itself",
        /// There is no such case to merge into.
        MergeUnknown = "merge_unknown",
        /// The case to merge into is over.
        MergeNotOpen = "merge_not_open",
        /// The case to merge into is of another kind.
        MergeOtherKind = "merge_other_kind",
        /// One's own case can't be joined.
        OwnCase = "own_case",
        /// Joined already.
        AlreadyJoined = "already_joined",
        /// A private case can't be joined.
        Private = "private",
        /// One can join for oneself only.
        NotOneself = "not_oneself",
        /// The report itself is incomplete or too much.
        BadReport = "bad_report",
        /// A photo of afterwards is needed.
        PhotoNeeded = "photo_needed",
        /// A note or a photo is needed.
        NoteOrPhotoNeeded = "note_or_photo_needed",
        /// More photos than one step may carry.
        TooManyPhotos = "too_many_photos",
        /// A photo that isn't the report's.
        PhotoUnknown = "photo_unknown",
        /// Say whether the suggestion is adopted.
        VerdictNeeded = "verdict_needed",
        /// Only a suggestion is adopted or not.
        VerdictUnwanted = "verdict_unwanted",
        /// The day must be later than now.
        DatePast = "date_past",
        /// The day that the case waits for hasn't come.
        DateNotCome = "date_not_come",
        /// More than nothing must be granted.
        NoTime = "no_time",
        /// The days for contesting are over.
        ContestOver = "contest_over",
        /// The days for changing a rating are over.
        RatingOver = "rating_over",
        /// The days for contesting aren't over, and not everybody is content.
        TooEarly = "too_early",
    }
}

impl Refusal {
    /// Whether it tells somebody whose role the command is for, and who has a case that stands where it could be done,
    /// why they may not do it all the same.
    #[must_use]
    pub const fn is_telling(self) -> bool {
        !matches!(self, Self::WrongState | Self::WrongKind | Self::WrongRole | Self::NoPerson)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl core::error::Error for Refusal {}
