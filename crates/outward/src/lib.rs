//! What the server says to other people's servers: one request over one connection. Nothing is followed, kept open or tried
//! again here. Whoever calls knows best when to ask again, and must not find that somebody else already did.
//!
//! It knows nothing of what is said: WeChat Pay's signatures and WeChat's tokens are in the crates of these.

mod base;
mod client;
#[cfg(feature = "standin")]
pub mod standin;

pub use base::{Base, BaseError};
pub use client::{Came, Client, Limits, Lost};

/// A foreign text for the log: one line, and not long.
#[must_use]
pub fn short(text: &str, longest: usize) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(longest).collect()
}

/// Letters, digits and what else is allowed, one at least.
pub fn plain(text: &str, longest: usize, also: impl Fn(char) -> bool) -> bool {
    (1..=longest).contains(&text.len()) && text.chars().all(|c| c.is_ascii_alphanumeric() || also(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_words_are_one_short_line() {
        assert_eq!(short("a\nb\u{7}c余额不足", 6), "a b c余");
    }

    #[test]
    fn what_is_plain_is_not_empty_and_not_too_long() {
        assert!(plain("aZ9", 3, |_| false) && plain("a-b", 3, |c| c == '-'));
        for not in ["", "aZ9x", "a-b", "é"] {
            assert!(!plain(not, 3, |_| false), "{not}");
        }
    }
}
