//! What the stand-in hands out for a time: tokens and tickets.

use woodlark_domain::Timestamp;

/// How long a token or a ticket is good.
pub const GOOD_FOR: i64 = 2 * Timestamp::HOUR;
/// How long before its end the next one is made; until then both are good.
const NEXT_BEFORE: i64 = 5 * Timestamp::MINUTE;
/// Forced refreshes that come sooner than this do nothing.
const FORCED_APART: i64 = 30 * Timestamp::SECOND;
/// How many may be forced in a day.
const FORCED_A_DAY: usize = 20;

/// One that was handed out.
#[derive(Debug, Clone)]
struct Issued {
    text: String,
    until: Timestamp,
}

/// How a token stands that somebody brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    Good,
    Expired,
    /// Never was one, or was taken back.
    Invalid,
}

/// All that were handed out for one purpose.
#[derive(Debug, Default)]
pub(super) struct Issue {
    all: Vec<Issued>,
    revoked: Vec<String>,
    forced: Vec<Timestamp>,
}

impl Issue {
    /// The one that is held for right now, and for how many seconds; a new one where the last is near its end.
    pub(super) fn current(&mut self, now: Timestamp, new: impl FnOnce() -> String) -> (String, i64) {
        let last = self.all.last().filter(|last| now < last.until.plus(-NEXT_BEFORE));
        let issued = last.cloned().unwrap_or_else(|| self.issue(now, new()));
        (issued.text, (issued.until.0 - now.0).div_euclid(Timestamp::SECOND))
    }

    /// A new one, and those before are no longer good; the same as before where that was forced too soon or too often.
    pub(super) fn force(&mut self, now: Timestamp, new: impl FnOnce() -> String) -> (String, i64) {
        self.forced.retain(|at| now.0 - at.0 < Timestamp::DAY);
        let soon = self.forced.last().is_some_and(|last| now.0 - last.0 < FORCED_APART);
        if !soon && self.forced.len() < FORCED_A_DAY {
            self.forced.push(now);
            self.revoke();
        }
        self.current(now, new)
    }

    /// Takes back all that were handed out.
    pub(super) fn revoke(&mut self) {
        self.revoked.extend(self.all.drain(..).map(|issued| issued.text));
    }

    /// How often a refresh was forced within a day.
    pub(super) fn forced(&self) -> usize {
        self.forced.len()
    }

    /// How one stands that somebody brings.
    pub(super) fn standing(&self, text: &str, now: Timestamp) -> Standing {
        match self.all.iter().find(|issued| issued.text == text) {
            Some(issued) if now < issued.until => Standing::Good,
            Some(_) => Standing::Expired,
            None => Standing::Invalid,
        }
    }

    /// All that are good now.
    pub(super) fn good(&self, now: Timestamp) -> Vec<&str> {
        self.all.iter().filter(|issued| now < issued.until).map(|issued| issued.text.as_str()).collect()
    }

    fn issue(&mut self, now: Timestamp, text: String) -> Issued {
        let issued = Issued { text, until: now.plus(GOOD_FOR) };
        self.all.push(issued.clone());
        issued
    }
}
