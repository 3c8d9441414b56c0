//! What the clock does of itself, and when it must next look at a case: it calls people to what is overdue, lets go on
//! what has waited, and settles what has rested. Nothing here is ever early: at the moment that is told, the rules allow
//! what is to be done.

use super::{Overdue, Running};
use crate::case::Case;
use crate::limits::CONTEST_DAYS;
use crate::{AreaCode, DepartmentCode, Role, State, Timestamp};

/// What the clock does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Duty {
    /// Calls people to a clock that is so far over.
    Raise(Overdue),
    /// Lets a deferred case go on: its day has come.
    Resume,
    /// Settles a closed case: the days for contesting are over, or all are content.
    Settle,
}

/// The next time that the clock has something to do with a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wake {
    /// From this moment on.
    pub at: Timestamp,
    /// This is to be done.
    pub duty: Duty,
}

/// Somebody who is called: all who hold this role there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// As what.
    pub role: Role,
    /// Of this department.
    pub department: Option<DepartmentCode>,
    /// Whose area this lies in; everywhere where it isn't known.
    pub area: Option<AreaCode>,
}

/// What the clock is to do with a case next; none when it never has to look again unless something happens.
///
/// `clock` is the one of the stage that the case is in, `raised` how far over people were called to it already.
#[must_use]
pub fn wake(case: &Case, clock: Option<&Running>, raised: Overdue) -> Option<Wake> {
    let raise = clock.and_then(|clock| next_raise(clock, raised));
    let other = match case.state {
        State::Deferred => case.deferred_until.map(|at| Wake { at, duty: Duty::Resume }),
        State::Closed => settles_at(case).map(|at| Wake { at, duty: Duty::Settle }),
        State::Received
        | State::Filed
        | State::Dispatched
        | State::Handling
        | State::Verifying
        | State::Settled
        | State::Declined
        | State::Merged
        | State::Withdrawn
        | State::Published
        | State::Thanked => None,
    };
    // People are called before anything changes under their hands.
    raise.into_iter().chain(other).min_by_key(|wake| wake.at)
}

/// The next level of a clock, and the first moment at which it is that far over.
fn next_raise(clock: &Running, raised: Overdue) -> Option<Wake> {
    let over = clock.due?.plus(1);
    match raised {
        Overdue::No => Some(Wake { at: over, duty: Duty::Raise(Overdue::Over) }),
        Overdue::Over => Some(Wake { at: clock.twice?.max(over), duty: Duty::Raise(Overdue::Twice) }),
        Overdue::Twice => None,
    }
}

/// When a closed case may be settled.
fn settles_at(case: &Case) -> Option<Timestamp> {
    let closed_at = case.closed_at?;
    let rested = closed_at.plus(CONTEST_DAYS * Timestamp::DAY + 1);
    Some(if case.all_content() { case.last_at.min(rested) } else { rested })
}

/// Who is called to a clock that is so far over: the dispatcher and the department that has it, then a supervisor.
#[must_use]
pub fn calls(case: &Case, level: Overdue) -> Vec<Call> {
    let there = |role| Call { role, department: None, area: case.area.clone() };
    match level {
        Overdue::No => Vec::new(),
        Overdue::Over => {
            let of = |department: &DepartmentCode| Call {
                role: Role::Handler,
                department: Some(department.clone()),
                area: None,
            };
            std::iter::once(there(Role::Dispatcher)).chain(case.department.as_ref().map(of)).collect()
        }
        Overdue::Twice => vec![there(Role::Supervisor)],
    }
}
