//! How a case stands: what its events add up to.

use super::{Command, Event, FoldError, Stars, Verdict};
use crate::clock::{Limit, Span};
use crate::criterion::CriterionRef;
use crate::{
    AreaCode, CaseId, CategoryCode, ContentHash, DepartmentCode, Door, EntryCode, Kind, Position, Role,
    RuleCode, State, Timestamp, UserId, Visibility,
};

/// A resident who met the same matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Joiner {
    /// Who.
    pub user: UserId,
    /// Since when.
    pub at: Timestamp,
}

/// What a reporter or joiner thinks of the outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rating {
    /// Who.
    pub user: UserId,
    /// How satisfied.
    pub stars: Stars,
    /// When they first said so.
    pub first_at: Timestamp,
    /// When they last said so.
    pub at: Timestamp,
}

/// More time that was granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extension {
    /// When.
    pub at: Timestamp,
    /// How much, from then.
    pub limit: Limit,
}

/// How a case stands: the fold of its events.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// Its id.
    pub id: CaseId,
    /// What it is.
    pub kind: Kind,
    /// Where it stands.
    pub state: State,
    /// Since when it stands there.
    pub state_since: Timestamp,
    /// When the last event happened.
    pub last_at: Timestamp,
    /// Events so far.
    pub events: u32,
    /// Who may see it.
    pub visibility: Visibility,
    /// The resident who reported it; none when staff did, or nobody in particular.
    pub reporter: Option<UserId>,
    /// When it came in.
    pub reported_at: Timestamp,
    /// By which door.
    pub door: Door,
    /// Which account, kiosk or poster led here.
    pub entry: Option<EntryCode>,
    /// Photos of the report.
    pub photos: Vec<ContentHash>,
    /// What it is, as filed; before that as reported, if it was said.
    pub category: Option<CategoryCode>,
    /// Where it is, as filed; before that the area of its position, if there is one.
    pub area: Option<AreaCode>,
    /// Where it is, in WGS-84.
    pub position: Option<Position>,
    /// When it was filed.
    pub filed_at: Option<Timestamp>,
    /// Whether the rules filed it.
    pub filed_by_rules: bool,
    /// The criterion that it keeps.
    pub criterion: Option<CriterionRef>,
    /// The department that has it, or had it last; none while it waits to be sent.
    pub department: Option<DepartmentCode>,
    /// The rule that chose the department.
    pub rule: Option<RuleCode>,
    /// When the handling clock started: at dispatch, and again at each rework.
    pub clock_since: Option<Timestamp>,
    /// When it was first sent to a department.
    pub dispatched_at: Option<Timestamp>,
    /// When a department last took it on.
    pub signed_at: Option<Timestamp>,
    /// When a handler last said it was done.
    pub finished_at: Option<Timestamp>,
    /// When it was last closed; none while it is open again.
    pub closed_at: Option<Timestamp>,
    /// When it was first closed.
    pub first_closed_at: Option<Timestamp>,
    /// Departments that gave it back.
    pub returned_by: Vec<DepartmentCode>,
    /// People who signed for it, gave it back or finished it.
    pub handled_by: Vec<UserId>,
    /// People who passed it.
    pub passed_by: Vec<UserId>,
    /// Residents who met the same matter.
    pub joiners: Vec<Joiner>,
    /// What reporter and joiners think.
    pub ratings: Vec<Rating>,
    /// When its clock stood still.
    pub pauses: Vec<Span>,
    /// The day that it waits for, while it is deferred.
    pub deferred_until: Option<Timestamp>,
    /// More time granted since the handling clock last started.
    pub extension: Option<Extension>,
    /// How often it was given back.
    pub returns: u32,
    /// How often it was sent back to be done again.
    pub reworks: u32,
    /// How often more time was granted.
    pub extensions: u32,
    /// How often it was contested.
    pub contests: u32,
    /// What became of a suggestion.
    pub verdict: Option<Verdict>,
    /// The case that it goes on under.
    pub merged_into: Option<CaseId>,
    /// Whether a supervisor ever ended it by force.
    pub forced: bool,
}

impl Case {
    /// A case with nothing but its report.
    ///
    /// # Errors
    /// [`FoldError::NotReported`] when the event is another.
    pub fn begin(id: CaseId, event: &Event) -> Result<Self, FoldError> {
        let Command::Report(intake) = &event.what else { return Err(FoldError::NotReported(event.kind())) };
        Ok(Self {
            id,
            kind: intake.kind,
            state: State::Received,
            state_since: event.at,
            last_at: event.at,
            events: 1,
            visibility: intake.visibility,
            reporter: event.by.user.filter(|_| event.by.role == Role::Resident),
            reported_at: event.at,
            door: event.door,
            entry: intake.entry.clone(),
            photos: intake.photos.clone(),
            category: intake.category.clone(),
            area: intake.area.clone(),
            position: intake.fix.as_ref().map(crate::place::to_wgs84),
            filed_at: None,
            filed_by_rules: false,
            criterion: None,
            department: None,
            rule: None,
            clock_since: None,
            dispatched_at: None,
            signed_at: None,
            finished_at: None,
            closed_at: None,
            first_closed_at: None,
            returned_by: Vec::new(),
            handled_by: Vec::new(),
            passed_by: Vec::new(),
            joiners: Vec::new(),
            ratings: Vec::new(),
            pauses: Vec::new(),
            deferred_until: None,
            extension: None,
            returns: 0,
            reworks: 0,
            extensions: 0,
            contests: 0,
            verdict: None,
            merged_into: None,
            forced: false,
        })
    }

    /// Whether reporter and joiners have all rated it 3 or more since it was closed.
    #[must_use]
    pub fn all_content(&self) -> bool {
        let Some(closed_at) = self.closed_at else { return false };
        let content = |user: UserId| {
            self.ratings
                .iter()
                .any(|rating| rating.user == user && rating.at >= closed_at && rating.stars.is_content())
        };
        let mut people =
            self.reporter.into_iter().chain(self.joiners.iter().map(|joiner| joiner.user)).peekable();
        people.peek().is_some() && people.all(content)
    }
}
