//! The time and the dice, as arguments: tests bring their own.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};
use woodlark_domain::{CaseId, EventId, Timestamp, UserId};

/// Tells the time.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;
}

/// The machine's own clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
    }
}

/// A shared clock.
pub type SharedClock = Arc<dyn Clock>;

/// Random bytes from the operating system. A system that has none to give cannot make sessions, and the process ends
/// rather than make guessable ones.
#[must_use]
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    if let Err(error) = getrandom::fill(&mut bytes) {
        tracing::error!(%error, "the operating system gives no random bytes");
        std::process::abort();
    }
    bytes
}

/// A new account's id.
#[must_use]
pub fn new_user_id(now: Timestamp) -> UserId {
    UserId::new(millis(now), random())
}

/// A new case's id, for reports that come without one.
#[must_use]
pub fn new_case_id(now: Timestamp) -> CaseId {
    CaseId::new(millis(now), random())
}

/// A new event's id.
#[must_use]
pub fn new_event_id(now: Timestamp) -> EventId {
    EventId::new(millis(now), random())
}

fn millis(now: Timestamp) -> u64 {
    u64::try_from(now.millis()).unwrap_or(0)
}
