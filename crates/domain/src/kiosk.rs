//! What holds for a kiosk: how long it waits for somebody, how long its codes hold, and the letters that they are made of.
//!
//! The times are those of self-service terminals elsewhere: 90 to 120 seconds of rest, the last 30 counted down with one large way to
//! go on (WCAG 2.2.1 wants at least 20 seconds and a simple action).

use crate::kind::closed_list;
use core::fmt;
use core::str::FromStr;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Seconds of rest after which somebody is asked whether they are still there.
pub const IDLE_SECONDS: u32 = 120;
/// The same, on the page that shows what became of a report.
pub const RESULT_IDLE_SECONDS: u32 = 60;
/// Seconds in which they can answer; then everything of theirs is gone.
pub const COUNTDOWN_SECONDS: u32 = 30;
/// Minutes that a code for enrolling holds.
pub const ENROL_MINUTES: i64 = 30;
/// Hours that a case can be taken to a phone, from when the server has it.
pub const HAND_OVER_HOURS: i64 = 2;
/// How often a code may be wrong (of one case, of a kiosk's PIN, of an enrolment from one address) …
pub const TRIES: u32 = 5;
/// … and how often one device may name wrong codes of cases: many people use it …
pub const DEVICE_TRIES: u32 = 20;
/// … in so many minutes; for as long it is locked then.
pub const LOCK_MINUTES: i64 = 10;
/// Seconds between two words of a kiosk about its health.
pub const HEALTH_SECONDS: u32 = 60;
/// Seconds of silence after which a kiosk counts as not reached.
pub const SILENT_SECONDS: i64 = 5 * 60;
/// Reports that one kiosk may hand in in a day.
pub const REPORTS_PER_DAY: u32 = 500;
/// Bytes of one envelope: nine photos as the program makes them small, a voice, and room.
pub const ENVELOPE_BYTES: u64 = 24 * 1024 * 1024;
/// Digits of a station's PIN.
pub const PIN_DIGITS: core::ops::RangeInclusive<usize> = 6..=12;
/// Characters of a station's name.
pub const NAME_CHARS: usize = 40;

/// Letters that nobody takes for one another or for a digit, written by hand or said on the phone: no I, L, O, Q, U and V.
pub const LETTERS: &[u8; 20] = b"ABCDEFGHJKMNPRSTWXYZ";
/// Letters of a code.
pub const CODE_LETTERS: usize = 8;

/// A code of eight such letters: what a case is fetched with, and what a device is enrolled with. Its 34 bits hold because
/// whoever guesses is locked out.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String))]
pub struct LetterCode([u8; CODE_LETTERS]);

/// A text that is no such code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be eight of the letters ABCDEFGHJKMNPRSTWXYZ")]
pub struct NoCode;

impl LetterCode {
    /// The code of these random bytes.
    #[must_use]
    pub fn from_random(random: [u8; 8]) -> Self {
        let mut rest = u64::from_be_bytes(random);
        let mut code = [b'A'; CODE_LETTERS];
        for letter in &mut code {
            let at = usize::try_from(rest % 20).unwrap_or_default();
            *letter = LETTERS.get(at).copied().unwrap_or(b'A');
            rest /= 20;
        }
        Self(code)
    }

    /// The letters alone, as hashes are made of them.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; CODE_LETTERS] {
        &self.0
    }
}

impl fmt::Display for LetterCode {
    /// In two groups: `ABCD-EFGH`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, letter) in self.0.iter().enumerate() {
            if at == CODE_LETTERS / 2 {
                f.write_str("-")?;
            }
            f.write_str(char::from(*letter).encode_utf8(&mut [0; 4]))?;
        }
        Ok(())
    }
}

impl fmt::Debug for LetterCode {
    /// A code is a secret: it is in no log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LetterCode")
    }
}

impl FromStr for LetterCode {
    type Err = NoCode;
    /// Hyphens, spaces and small letters don't matter.
    fn from_str(text: &str) -> Result<Self, NoCode> {
        let mut code = [b'A'; CODE_LETTERS];
        let mut letters = text
            .bytes()
            .filter(|byte| !matches!(byte, b'-' | b' '))
            .map(|byte| byte.to_ascii_uppercase())
            .map(|byte| LETTERS.contains(&byte).then_some(byte).ok_or(NoCode));
        for place in &mut code {
            *place = letters.next().ok_or(NoCode)??;
        }
        if letters.next().is_some() { Err(NoCode) } else { Ok(Self(code)) }
    }
}

impl Serialize for LetterCode {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for LetterCode {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

/// Whether a text can be a station's PIN: so many digits, and not one digit over and over.
#[must_use]
pub fn is_pin(text: &str) -> bool {
    PIN_DIGITS.contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && text.bytes().zip(text.bytes().skip(1)).any(|(one, next)| one != next)
}

closed_list! {
    /// Where a kiosk stands.
    KioskState {
        /// Set up; no device was enrolled yet.
        Waiting = "waiting",
        /// A device serves as it.
        Enrolled = "enrolled",
        /// Its leave was taken away.
        Revoked = "revoked",
    }
}
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_however_it_was_typed() {
        let code = LetterCode::from_random([7, 1, 2, 3, 4, 5, 6, 9]);
        let shown = code.to_string();
        assert_eq!(shown.len(), 9);
        assert_eq!(shown.parse(), Ok(code.clone()));
        assert_eq!(shown.to_lowercase().replace('-', " ").parse(), Ok(code.clone()));
        assert_eq!(format!("{code:?}"), "LetterCode", "in no log");
        for bad in ["", "ABCD", "ABCD-EFGHJ", "ABCD-EFGI", "ABCD-EFG0", "林百灵林百灵林百"] {
            assert_eq!(bad.parse::<LetterCode>(), Err(NoCode), "{bad}");
        }
    }

    #[test]
    fn every_letter_is_drawn_and_those_alike_never_are() {
        let mut seen = std::collections::BTreeSet::new();
        for n in 0..400_u64 {
            let random = n.wrapping_mul(0x9E37_79B9_7F4A_7C15).to_be_bytes();
            seen.extend(*LetterCode::from_random(random).as_bytes());
        }
        assert_eq!(seen.into_iter().collect::<Vec<_>>(), LETTERS);
        assert!(!LETTERS.iter().any(|letter| b"ILOQUV".contains(letter)));
    }

    #[test]
    fn a_pin_has_six_to_twelve_digits_that_are_not_all_alike() {
        assert!(is_pin("204816") && is_pin("000001"));
        for bad in ["", "20481", "2048160000000", "20481a", "111111", "２０４８１６"] {
            assert!(!is_pin(bad), "{bad}");
        }
    }

    #[test]
    fn whoever_is_asked_has_time_to_answer() {
        const { assert!(COUNTDOWN_SECONDS >= 20, "WCAG 2.2.1") };
    }
}
