//! What a resident must hear of their case: that it came to something. What happens on the way there stands in the case and calls
//! nobody.

use super::{Case, Event, FoldError};
use crate::kind::closed_list;
use crate::{CaseId, State, Timestamp, UserId};

closed_list! {
    /// What a case came to. Its code is that of the state.
    Outcome {
        /// 已结案: done, and looked at. From now on it can be rated and contested.
        Closed = "closed",
        /// 已归档: nothing more will happen.
        Settled = "settled",
        /// 不予受理, with the reason.
        Declined = "declined",
        /// 已撤回 by its reporter: news to those who joined it.
        Withdrawn = "withdrawn",
        /// 已登墙: praise on the lark wall.
        Published = "published",
        /// 已转达: those praised have been told.
        Thanked = "thanked",
    }
}

impl Outcome {
    /// What coming into this state means to a resident; none where they need not hear of it. A merged case goes on with another,
    /// and so does whoever waits for its outcome.
    #[must_use]
    pub const fn of(state: State) -> Option<Self> {
        match state {
            State::Closed => Some(Self::Closed),
            State::Settled => Some(Self::Settled),
            State::Declined => Some(Self::Declined),
            State::Withdrawn => Some(Self::Withdrawn),
            State::Published => Some(Self::Published),
            State::Thanked => Some(Self::Thanked),
            State::Received
            | State::Filed
            | State::Dispatched
            | State::Handling
            | State::Verifying
            | State::Merged
            | State::Deferred => None,
        }
    }
}

/// That a case came to something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CameTo {
    /// By which of its events, from 1.
    pub seq: u32,
    /// To what.
    pub outcome: Outcome,
    /// When.
    pub at: Timestamp,
    /// By whom, as it was written; none for the rules and the clock.
    pub by: Option<UserId>,
}

/// Everything that a case came to so far, oldest first: one that was contested comes to something anew.
///
/// # Errors
/// [`FoldError`] where these are not the events of a case.
pub fn outcomes(id: CaseId, events: &[Event]) -> Result<Vec<CameTo>, FoldError> {
    let Some((first, rest)) = events.split_first() else { return Ok(Vec::new()) };
    let mut case = Case::begin(id, first)?;
    let mut all = Vec::new();
    for (seq, event) in (2..).zip(rest) {
        let before = case.state;
        case.apply(event)?;
        if let Some(outcome) = Outcome::of(case.state).filter(|_| case.state != before) {
            all.push(CameTo { seq, outcome, at: event.at, by: event.by.user });
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outcome_is_called_as_its_state_and_whatever_ends_a_case_is_one_but_for_a_merge() {
        for state in State::ALL {
            let outcome = Outcome::of(*state);
            assert!(outcome.is_none_or(|outcome| outcome.code() == state.code()), "{state:?}");
            assert!(outcome.is_some() || !state.is_final() || *state == State::Merged, "{state:?}");
        }
        assert_eq!(State::ALL.iter().filter_map(|state| Outcome::of(*state)).count(), Outcome::ALL.len());
    }
}
