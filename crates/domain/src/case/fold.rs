//! The present state is the fold of the events. Total: events in an impossible order are an error, never a panic.

use super::{Case, Command, CommandKind, Event, Extension, Joiner, Rating, Stars};
use crate::clock::Span;
use crate::{CaseId, Kind, Role, State, Timestamp, UserId};

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
