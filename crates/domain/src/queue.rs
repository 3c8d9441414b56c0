//! The desk's queues: which cases wait for whom. A queue is a set of states, and whether only what is overdue is meant.

use crate::kind::closed_list;
use crate::{Role, State};

closed_list! {
    /// A queue of the desk.
    Queue {
        /// 待受理: nobody has looked yet.
        Accept = "accept",
        /// 待派遣: filed, and no department has it.
        Dispatch = "dispatch",
        /// 待签收、处置中、挂账: a department has it.
        Handle = "handle",
        /// 待核查: done, says the department.
        Verify = "verify",
        /// 超时: any of these whose clock has run out.
        Overdue = "overdue",
        /// 已登墙: praise whose people have not been told yet.
        Thank = "thank",
        /// Everything that may be seen, newest change first.
        All = "all",
    }
}

impl Queue {
    /// The states of its cases.
    #[must_use]
    pub const fn states(self) -> &'static [State] {
        use State as S;
        match self {
            Self::Accept => &[S::Received],
            Self::Dispatch => &[S::Filed],
            Self::Handle => &[S::Dispatched, S::Handling, S::Deferred],
            Self::Verify => &[S::Verifying],
            Self::Overdue => &[S::Received, S::Filed, S::Dispatched, S::Handling, S::Verifying],
            Self::Thank => &[S::Published],
            Self::All => S::ALL,
        }
    }

    /// Whether its cases wait for somebody: every case that waits is in one of these, and in no other of them.
    #[must_use]
    pub const fn is_work(self) -> bool {
        match self {
            Self::Accept | Self::Dispatch | Self::Handle | Self::Verify | Self::Thank => true,
            Self::Overdue | Self::All => false,
        }
    }

    /// Whether it holds only what is past its deadline.
    #[must_use]
    pub const fn is_overdue(self) -> bool {
        matches!(self, Self::Overdue)
    }

    /// Whether what is due first is on top; otherwise what changed last.
    #[must_use]
    pub const fn is_by_due(self) -> bool {
        match self {
            Self::Accept | Self::Dispatch | Self::Handle | Self::Verify | Self::Overdue | Self::Thank => true,
            Self::All => false,
        }
    }

    /// Whether a role works in it: the others may look, but it isn't theirs to empty.
    #[must_use]
    pub const fn is_for(self, role: Role) -> bool {
        use Role as R;
        match self {
            Self::Accept | Self::Thank => matches!(role, R::Acceptor),
            Self::Dispatch => matches!(role, R::Dispatcher | R::Supervisor),
            Self::Handle => matches!(role, R::Handler),
            Self::Verify => matches!(role, R::Verifier),
            Self::Overdue => matches!(role, R::Dispatcher | R::Handler | R::Supervisor),
            Self::All => {
                matches!(role, R::Acceptor | R::Dispatcher | R::Handler | R::Verifier | R::Supervisor)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_case_that_is_open_or_on_the_wall_waits_in_one_queue_of_work() {
        let work: Vec<Queue> = Queue::ALL.iter().copied().filter(|queue| queue.is_work()).collect();
        for state in State::ALL {
            let queues = work.iter().filter(|queue| queue.states().contains(state)).count();
            let waits = state.is_open() || *state == State::Published;
            assert_eq!(queues, usize::from(waits), "{}", state.code());
        }
    }

    #[test]
    fn every_queue_is_somebodys_and_none_is_a_residents() {
        for queue in Queue::ALL {
            assert!(Role::ALL.iter().any(|role| queue.is_for(*role)), "{}", queue.code());
            assert!(!queue.is_for(Role::Resident) && !queue.is_for(Role::Admin), "{}", queue.code());
        }
    }
}
