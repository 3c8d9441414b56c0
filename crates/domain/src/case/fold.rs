//! The present state is the fold of the events. Total: events in an impossible order are an error, never a panic.

use super::{Command, CommandKind, Event, Stars, Verdict};
use crate::clock::{Limit, Span};
use crate::criterion::CriterionRef;
use crate::{
    AreaCode, CaseId, CategoryCode, ContentHash, DepartmentCode, Door, EntryCode, Kind, Position, Role,
    RuleCode, State, Timestamp, UserId, Visibility,
};

/// Events that no case can have had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FoldError {
    /// No events at all.
    #[error("a case needs at least the event of its report")]
    Empty,
    /// The first event isn't the report.
    #[error("a case begins with its report, not with {}", .0.code())]
    NotReported(CommandKind),
    /// An event that can't follow.
    #[error("{} can't follow in state {}", .kind.code(), .state.code())]
    OutOfOrder {
        /// Where the case stood.
        state: State,
        /// What is said to have happened.
        kind: CommandKind,
    },
}

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
    /// How a case stands after all its events.
    ///
    /// # Errors
    /// [`FoldError`] when no case can have had these events in this order.
    pub fn fold<'a>(id: CaseId, events: impl IntoIterator<Item = &'a Event>) -> Result<Self, FoldError> {
        let mut events = events.into_iter();
        let mut case = Self::begin(id, events.next().ok_or(FoldError::Empty)?)?;
        events.try_for_each(|event| case.apply(event))?;
        Ok(case)
    }

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

    /// The state that a command leads to from here; none where it can't be.
    #[must_use]
    pub fn next(&self, kind: CommandKind) -> Option<State> {
        use CommandKind as C;
        use State as S;
        // Praise is never filed, so nothing leads on from there.
        if !suits(kind, self.kind) || (self.kind == Kind::Praise && self.state == S::Filed) {
            return None;
        }
        let done = if self.kind == Kind::Suggestion { S::Closed } else { S::Verifying };
        match (self.state, kind) {
            (S::Received, C::File) | (S::Dispatched | S::Handling, C::Return) => Some(S::Filed),
            (S::Received, C::Decline) => Some(S::Declined),
            (S::Received, C::Publish) => Some(S::Published),
            (S::Received | S::Filed, C::Merge) => Some(S::Merged),
            (S::Received | S::Filed, C::Withdraw) => Some(S::Withdrawn),
            (S::Filed, C::Dispatch) => Some(S::Dispatched),
            (S::Dispatched, C::Sign) | (S::Handling, C::Extend) | (S::Deferred, C::Resume) => {
                Some(S::Handling)
            }
            (S::Handling, C::Defer) => Some(S::Deferred),
            (S::Handling, C::Finish) => Some(done),
            (S::Verifying, C::Pass) => Some(S::Closed),
            (S::Verifying, C::Rework) => Some(self.back()),
            (S::Closed, C::Contest) => Some(S::Verifying),
            (S::Closed, C::Settle) => Some(S::Settled),
            (S::Closed | S::Settled, C::Rate) => Some(self.state),
            (S::Published, C::Thank) => Some(S::Thanked),
            (
                S::Received | S::Filed | S::Dispatched | S::Handling | S::Verifying | S::Deferred,
                C::ForceClose,
            ) => Some(S::Closed),
            (
                S::Received | S::Filed | S::Dispatched | S::Handling | S::Verifying | S::Deferred | S::Closed,
                C::Join,
            ) => Some(self.state),
            _ => None,
        }
    }

    /// Where rework leads: to its department; a case that was ended by force before it had one goes on where it was.
    const fn back(&self) -> State {
        match (&self.department, self.filed_at) {
            (Some(_), _) => State::Handling,
            (None, Some(_)) => State::Filed,
            (None, None) => State::Received,
        }
    }

    /// Takes in what happened next.
    ///
    /// # Errors
    /// [`FoldError::OutOfOrder`] when it can't have happened; the case is then as before.
    pub fn apply(&mut self, event: &Event) -> Result<(), FoldError> {
        let kind = event.kind();
        let next = self.next(kind).ok_or(FoldError::OutOfOrder { state: self.state, kind })?;
        self.note(event);
        if next != self.state {
            self.state_since = event.at;
        }
        if next == State::Closed && self.closed_at.is_none() {
            self.closed_at = Some(event.at);
            self.first_closed_at = self.first_closed_at.or(self.closed_at);
        }
        self.state = next;
        self.last_at = self.last_at.max(event.at);
        self.events = self.events.saturating_add(1);
        Ok(())
    }

    /// Writes down what an event changes besides the state.
    fn note(&mut self, event: &Event) {
        let at = event.at;
        match &event.what {
            Command::File { category, area, criterion } => {
                self.category = Some(category.clone());
                self.area = Some(area.clone());
                self.criterion = Some(*criterion);
                self.filed_at = Some(at);
                self.filed_by_rules = event.by.role == Role::System;
            }
            Command::Merge { into } => self.merged_into = Some(*into),
            Command::Dispatch { department, rule } => {
                self.department = Some(department.clone());
                self.rule.clone_from(rule);
                self.dispatched_at = self.dispatched_at.or(Some(at));
                self.start_clock(at);
            }
            Command::Sign => {
                self.signed_at = Some(at);
                remember(&mut self.handled_by, event.by.user);
            }
            Command::Return { .. } => {
                remember(&mut self.returned_by, self.department.take());
                remember(&mut self.handled_by, event.by.user);
                self.rule = None;
                self.clock_since = None;
                self.extension = None;
                self.returns = self.returns.saturating_add(1);
            }
            Command::Defer { until, .. } => {
                self.pauses.push(Span { from: at, until: None });
                self.deferred_until = Some(*until);
            }
            Command::Resume { .. } => self.end_pause(at),
            Command::Extend { limit, .. } => {
                self.extension = Some(Extension { at, limit: *limit });
                self.extensions = self.extensions.saturating_add(1);
            }
            Command::Finish { verdict, .. } => {
                self.finished_at = Some(at);
                self.verdict = *verdict;
                remember(&mut self.handled_by, event.by.user);
            }
            Command::Pass { .. } => remember(&mut self.passed_by, event.by.user),
            Command::Rework { .. } => {
                self.reworks = self.reworks.saturating_add(1);
                if self.department.is_some() {
                    self.start_clock(at);
                }
            }
            Command::Rate { stars, .. } => self.rate(event.by.user, *stars, at),
            Command::Contest { .. } => {
                self.closed_at = None;
                self.contests = self.contests.saturating_add(1);
            }
            Command::ForceClose { .. } => {
                self.forced = true;
                self.end_pause(at);
            }
            Command::Join { who, .. } => {
                if !self.joiners.iter().any(|joiner| joiner.user == *who) {
                    self.joiners.push(Joiner { user: *who, at });
                }
            }
            Command::Report(_)
            | Command::Decline { .. }
            | Command::Withdraw
            | Command::Settle
            | Command::Publish { .. }
            | Command::Thank { .. } => {}
        }
    }

    fn start_clock(&mut self, at: Timestamp) {
        self.clock_since = Some(at);
        self.extension = None;
    }

    fn end_pause(&mut self, at: Timestamp) {
        self.deferred_until = None;
        if let Some(pause) = self.pauses.last_mut().filter(|pause| pause.until.is_none()) {
            pause.until = Some(at);
        }
    }

    fn rate(&mut self, user: Option<UserId>, stars: Stars, at: Timestamp) {
        let Some(user) = user else { return };
        match self.ratings.iter_mut().find(|rating| rating.user == user) {
            Some(rating) => {
                rating.stars = stars;
                rating.at = at;
            }
            None => self.ratings.push(Rating { user, stars, first_at: at, at }),
        }
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

/// Whether cases of this kind have such a step at all.
pub(super) const fn suits(command: CommandKind, kind: Kind) -> bool {
    use CommandKind as C;
    match kind {
        Kind::Praise => {
            matches!(command, C::Report | C::Decline | C::Withdraw | C::Publish | C::Thank)
        }
        Kind::Problem | Kind::Suggestion => !matches!(command, C::Publish | C::Thank),
    }
}

fn remember<T: PartialEq>(list: &mut Vec<T>, item: Option<T>) {
    if let Some(item) = item.filter(|item| !list.contains(item)) {
        list.push(item);
    }
}
