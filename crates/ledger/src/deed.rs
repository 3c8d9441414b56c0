//! Which deeds of whom a case confirms as it stands. A deed is confirmed by what others did with the report, never by
//! sending it.

use woodlark_domain::case::{Case, CommandKind, Event, Verdict};
use woodlark_domain::city::Deed;
use woodlark_domain::{Kind, State, Timestamp, UserId};

/// A deed that stands confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Confirmed {
    /// Whose.
    pub user: UserId,
    /// Which.
    pub deed: Deed,
    /// When it was confirmed.
    pub at: Timestamp,
}

/// The deeds that a case confirms, each person's in one way: its reporter has reported it, and nobody joins twice. `events`
/// are those that it is the fold of.
#[must_use]
pub fn confirmed(case: &Case, events: &[Event]) -> Vec<Confirmed> {
    // Taken back, or going on elsewhere: whoever reported it is a joiner there.
    if matches!(case.state, State::Withdrawn | State::Merged | State::Declined) {
        return Vec::new();
    }
    let mut deeds = Vec::new();
    let mut note = |user, deed, at| deeds.push(Confirmed { user, deed, at });
    match case.kind {
        Kind::Problem => {
            if let Some(filed) = case.filed_at {
                if let Some(user) = case.reporter {
                    note(user, Deed::ProblemFiled, first(events, CommandKind::File).unwrap_or(filed));
                }
                for joiner in case.joiners.iter().filter(|joiner| Some(joiner.user) != case.reporter) {
                    note(joiner.user, Deed::Joined, joiner.at.max(filed));
                }
            }
        }
        Kind::Suggestion => {
            let adopted = case.verdict == Some(Verdict::Adopted);
            if let (true, Some(user), Some(closed)) = (adopted, case.reporter, case.first_closed_at) {
                note(user, Deed::SuggestionAdopted, closed);
            }
        }
        Kind::Praise => {
            let published = matches!(case.state, State::Published | State::Thanked);
            let at = first(events, CommandKind::Publish).unwrap_or(case.state_since);
            if let (true, Some(user)) = (published, case.reporter) {
                note(user, Deed::PraisePublished, at);
            }
        }
    }
    for rating in &case.ratings {
        note(rating.user, Deed::Rated, rating.first_at);
    }
    deeds
}

fn first(events: &[Event], kind: CommandKind) -> Option<Timestamp> {
    events.iter().find(|event| event.kind() == kind).map(|event| event.at)
}
