//! The promised time: what a resident reads from the first minute, and why it moved if it moved.

use super::{Calendar, Limit, Span, Stage, deadline, deadline_paused};
use crate::case::{Command, Event};
use crate::kind::closed_list;
use crate::report::Reason;
use crate::{Kind, Timestamp};
use serde::{Deserialize, Serialize};

closed_list! {
    /// Why a promise moved.
    MoveCause {
        /// Filed under a category with another limit.
        Filed = "filed",
        /// It waits.
        Deferred = "deferred",
        /// It went on after waiting.
        Resumed = "resumed",
        /// More time was granted.
        Extended = "extended",
        /// It has to be done again.
        Reworked = "reworked",
        /// It was contested, and is looked at again.
        Contested = "contested",
    }
}

/// One move of a promise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Move {
    /// When it moved.
    pub at: Timestamp,
    /// Why.
    pub cause: MoveCause,
    /// In whose words, if there were any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// The time promised before.
    pub from: Timestamp,
    /// The time promised since.
    pub to: Timestamp,
}

/// The time by which a case is to be closed, and how that came about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promise {
    /// The promised time.
    pub by: Timestamp,
    /// Its moves, in order.
    pub moved: Vec<Move>,
}

impl Promise {
    /// Whether the clock of the whole case has run out: it was closed too late, or is open still.
    #[must_use]
    pub fn is_broken(&self, closed_at: Option<Timestamp>, now: Timestamp) -> bool {
        closed_at.unwrap_or(now) > self.by
    }
}

/// What is promised to the reporter of these events.
///
/// `expected` are the steps that the category as reported leads one to expect, `filed` those of the criterion that the
/// case was filed under. The promise is the sum of the stages: accept, dispatch, handle, verify. What goes wrong between
/// departments doesn't move it; waiting, extension, rework and contest do, and each says why.
#[must_use]
pub fn promise(
    events: &[Event],
    expected: &[Limit],
    filed: Option<&[Limit]>,
    calendar: &Calendar,
) -> Option<Promise> {
    let (first, rest) = events.split_first()?;
    let Command::Report(intake) = &first.what else { return None };
    let mut so_far =
        SoFar { start: first.at, steps: expected, pauses: Vec::new(), anew: Vec::new(), calendar };
    let praise = intake.kind == Kind::Praise;
    let mut by = if praise { so_far.accepted() } else { so_far.by(None) };
    let mut moved = Vec::new();
    for event in rest.iter().filter(|_| !praise) {
        let Some((cause, reason)) = so_far.take(event, filed) else { continue };
        let wait = if let Command::Defer { until, .. } = &event.what { Some(*until) } else { None };
        let to = so_far.by(wait);
        if to != by {
            moved.push(Move { at: event.at, cause, reason, from: by, to });
            by = to;
        }
    }
    Some(Promise { by, moved })
}

struct SoFar<'a> {
    start: Timestamp,
    steps: &'a [Limit],
    pauses: Vec<Span>,
    /// What was granted or begun anew: since when, and how much. Each waits with the case.
    anew: Vec<(Timestamp, Vec<Limit>)>,
    calendar: &'a Calendar,
}

impl<'a> SoFar<'a> {
    /// Takes an event in; says whether it is of those that may move the promise, and in which words.
    fn take(&mut self, event: &Event, filed: Option<&'a [Limit]>) -> Option<(MoveCause, Option<Reason>)> {
        let at = event.at;
        if let Command::File { .. } = event.what {
            self.steps = filed?;
            return Some((MoveCause::Filed, None));
        }
        if let Command::Defer { reason, .. } = &event.what {
            self.pauses.push(Span { from: at, until: None });
            return Some((MoveCause::Deferred, Some(reason.clone())));
        }
        if let Command::Resume { reason } = &event.what {
            let pause = self.pauses.last_mut().filter(|pause| pause.until.is_none())?;
            pause.until = Some(at);
            return Some((MoveCause::Resumed, reason.clone()));
        }
        if let Command::Extend { reason, limit } = &event.what {
            self.anew.push((at, vec![*limit]));
            return Some((MoveCause::Extended, Some(reason.clone())));
        }
        if let Command::Rework { reason } = &event.what {
            self.anew.push((at, self.steps.to_vec()));
            return Some((MoveCause::Reworked, Some(reason.clone())));
        }
        if let Command::Contest { reason, .. } = &event.what {
            self.anew.push((at, Vec::new()));
            return Some((MoveCause::Contested, Some(reason.clone())));
        }
        None
    }

    fn accepted(&self) -> Timestamp {
        self.after(self.start, Stage::Accept)
    }

    fn after(&self, start: Timestamp, stage: Stage) -> Timestamp {
        stage.limit().map_or(start, |limit| deadline(start, limit, self.calendar))
    }

    /// The promise as things stand; a pause that hasn't ended is taken to end when it is said to.
    fn by(&self, wait: Option<Timestamp>) -> Timestamp {
        let mut pauses = self.pauses.clone();
        if let Some(pause) = pauses.last_mut() {
            pause.until = pause.until.or(wait);
        }
        let verified = |start: Timestamp, steps: &[Limit]| {
            let ends =
                steps.iter().filter_map(|limit| deadline_paused(start, *limit, &pauses, self.calendar));
            self.after(ends.max().unwrap_or(start), Stage::Verify)
        };
        let first = verified(self.after(self.accepted(), Stage::Dispatch), self.steps);
        self.anew.iter().map(|(start, steps)| verified(*start, steps)).fold(first, Timestamp::max)
    }
}
