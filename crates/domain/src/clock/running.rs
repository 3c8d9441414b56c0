//! The clocks of one case: its stage, its steps, the whole; how far over each is.

use super::{Calendar, Limit, Span, deadline_paused};
use crate::case::Case;
use crate::kind::closed_list;
use crate::limits::{ACCEPT_WORK_MINUTES, DISPATCH_WORK_MINUTES, SUPERVISOR_TIMES, VERIFY_WORK_MINUTES};
use crate::{State, Timestamp};
use serde::{Deserialize, Serialize};

closed_list! {
    /// A stage that has a clock.
    Stage {
        /// Until it is filed: 15 work minutes.
        Accept = "accept",
        /// Until it is sent: 15 work minutes.
        Dispatch = "dispatch",
        /// Until it is done: by its criterion.
        Handle = "handle",
        /// Until it is verified: 30 work minutes.
        Verify = "verify",
    }
}

closed_list! {
    /// How far over a clock is, and so whom it calls.
    Overdue {
        /// In time.
        No = "no",
        /// Over: its dispatcher and department are told at once.
        Over = "over",
        /// Twice the limit or more: a supervisor is told.
        Twice = "twice",
    }
}

impl Stage {
    /// The limit of a stage that has a fixed one; handling goes by the criterion.
    #[must_use]
    pub const fn limit(self) -> Option<Limit> {
        match self {
            Self::Accept => Some(Limit::work_minutes(ACCEPT_WORK_MINUTES)),
            Self::Dispatch => Some(Limit::work_minutes(DISPATCH_WORK_MINUTES)),
            Self::Verify => Some(Limit::work_minutes(VERIFY_WORK_MINUTES)),
            Self::Handle => None,
        }
    }

    /// The stage of a state; none when nobody is waited for.
    #[must_use]
    pub const fn of(state: State) -> Option<Self> {
        match state {
            State::Received => Some(Self::Accept),
            State::Filed => Some(Self::Dispatch),
            State::Dispatched | State::Handling | State::Deferred => Some(Self::Handle),
            State::Verifying => Some(Self::Verify),
            State::Closed
            | State::Settled
            | State::Declined
            | State::Merged
            | State::Withdrawn
            | State::Published
            | State::Thanked => None,
        }
    }
}

/// A clock that runs, or stands still.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Running {
    /// What for.
    pub stage: Stage,
    /// Its limit.
    pub limit: Limit,
    /// Since when.
    pub start: Timestamp,
    /// When it runs out; none while it stands still.
    pub due: Option<Timestamp>,
    /// When it has run twice its limit; none while it stands still before that.
    pub twice: Option<Timestamp>,
    /// How far over it is.
    pub overdue: Overdue,
}

impl Running {
    /// Since when it is over, if it is.
    #[must_use]
    pub fn overdue_since(&self) -> Option<Timestamp> {
        match self.overdue {
            Overdue::No => None,
            Overdue::Over | Overdue::Twice => self.due,
        }
    }
}

/// The clocks of a case at a moment.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Clocks {
    /// Of the stage that it is in; while it is handled, of the last step, or of the extension.
    pub stage: Option<Running>,
    /// Of each step of handling, in order, while it is handled.
    pub steps: Vec<Running>,
}

/// How far over a clock is: past its deadline `Over`, from twice its limit on `Twice`. What was due at noon is over at one
/// o'clock, though nobody worked since.
#[must_use]
pub fn overdue(
    start: Timestamp,
    limit: Limit,
    pauses: &[Span],
    now: Timestamp,
    calendar: &Calendar,
) -> Overdue {
    let due = deadline_paused(start, limit, pauses, calendar);
    over(due, twice(start, limit, pauses, calendar), now)
}

/// The moment at which a clock has run twice its limit; none while it stands still before that.
fn twice(start: Timestamp, limit: Limit, pauses: &[Span], calendar: &Calendar) -> Option<Timestamp> {
    let double = Limit { minutes: limit.minutes.saturating_mul(SUPERVISOR_TIMES), ..limit };
    deadline_paused(start, double, pauses, calendar)
}

fn over(due: Option<Timestamp>, twice: Option<Timestamp>, now: Timestamp) -> Overdue {
    if due.is_none_or(|due| now <= due) {
        Overdue::No
    } else if twice.is_none_or(|twice| now < twice) {
        Overdue::Over
    } else {
        Overdue::Twice
    }
}

fn running(
    stage: Stage,
    (start, limit): (Timestamp, Limit),
    pauses: &[Span],
    now: Timestamp,
    calendar: &Calendar,
) -> Running {
    let due = deadline_paused(start, limit, pauses, calendar);
    let twice = twice(start, limit, pauses, calendar);
    Running { stage, limit, start, due, twice, overdue: over(due, twice, now) }
}

/// The clocks of a case now. `steps` are the limits of the criterion that it was filed under.
#[must_use]
pub fn clocks(case: &Case, steps: &[Limit], now: Timestamp, calendar: &Calendar) -> Clocks {
    let Some(stage) = Stage::of(case.state) else { return Clocks::default() };
    if let Some(limit) = stage.limit() {
        let stage = running(stage, (case.state_since, limit), &[], now, calendar);
        return Clocks { stage: Some(stage), steps: Vec::new() };
    }
    let Some(start) = case.clock_since else { return Clocks::default() };
    let step = |limit: &Limit| running(stage, (start, *limit), &case.pauses, now, calendar);
    let steps: Vec<Running> = steps.iter().map(step).collect();
    let extended =
        case.extension.map(|more| running(stage, (more.at, more.limit), &case.pauses, now, calendar));
    let stage = match (steps.last().copied(), extended) {
        // An extension never shortens; a clock that stands still has no due and is the later one.
        (Some(last), Some(more)) => {
            let later = match (last.due, more.due) {
                (Some(last), Some(more)) => more >= last,
                _ => true,
            };
            Some(if later { more } else { last })
        }
        (last, more) => more.or(last),
    };
    Clocks { stage, steps }
}
