//! Between a row's columns and the domain's types. A column that holds what cannot be is a fault that names it.

use crate::Fault;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use woodlark_domain::{CaseId, ContentHash, Timestamp, UserId};

/// A SHA-256, keyed or not, that stands for something secret or long.
pub type Hash = [u8; 32];

/// Where a value came from, for the fault that names it.
#[derive(Clone, Copy)]
pub(crate) struct At(pub(crate) &'static str, pub(crate) &'static str);

impl At {
    pub(crate) fn corrupt(self, value: impl std::fmt::Debug) -> Fault {
        let value = format!("{value:?}").chars().take(80).collect();
        Fault::Corrupt { table: self.0, column: self.1, value }
    }

    fn array<const N: usize>(self, bytes: &[u8]) -> Result<[u8; N], Fault> {
        bytes.try_into().map_err(|_| self.corrupt(bytes))
    }

    pub(crate) fn case(self, bytes: &[u8]) -> Result<CaseId, Fault> {
        self.array(bytes).map(CaseId::from_bytes)
    }

    pub(crate) fn user(self, bytes: &[u8]) -> Result<UserId, Fault> {
        self.array(bytes).map(UserId::from_bytes)
    }

    pub(crate) fn hash(self, bytes: &[u8]) -> Result<ContentHash, Fault> {
        self.array(bytes).map(ContentHash::from_bytes)
    }

    /// A code of a closed list.
    pub(crate) fn code<T>(self, text: &str, from_code: fn(&str) -> Option<T>) -> Result<T, Fault> {
        from_code(text).ok_or_else(|| self.corrupt(text))
    }

    /// A text with rules.
    pub(crate) fn text<T: std::str::FromStr>(self, text: &str) -> Result<T, Fault> {
        text.parse().map_err(|_| self.corrupt(text))
    }

    /// The same, where it may be missing.
    pub(crate) fn text_if<T: std::str::FromStr>(self, text: Option<&str>) -> Result<Option<T>, Fault> {
        text.map(|text| self.text(text)).transpose()
    }

    /// A count that cannot be negative, nor larger than its type.
    pub(crate) fn number<T: TryFrom<i64>>(self, number: i64) -> Result<T, Fault> {
        T::try_from(number).map_err(|_| self.corrupt(number))
    }

    /// A value kept as JSON.
    pub(crate) fn json<T: DeserializeOwned>(self, text: &str) -> Result<T, Fault> {
        serde_json::from_str(text).map_err(|error| Fault::Json { what: self.1, error })
    }
}

/// A value as the JSON that is kept.
pub(crate) fn to_json<T: Serialize + ?Sized>(what: &'static str, value: &T) -> Result<String, Fault> {
    serde_json::to_string(value).map_err(|error| Fault::Json { what, error })
}

/// A count as the database keeps it; one past 2⁶³ is held there.
pub(crate) fn count<T: TryInto<i64>>(number: T) -> i64 {
    number.try_into().unwrap_or(i64::MAX)
}

/// Bytes as a column takes them.
pub(crate) fn bytes<const N: usize>(bytes: &[u8; N]) -> Vec<u8> {
    bytes.to_vec()
}

/// The first text after all that begin with this one, of capital letters, digits and hyphens; none where nothing comes
/// after. With it a beginning is a range, which every engine finds in an index, whatever its collation.
pub(crate) fn after_all(beginning: &str) -> Option<String> {
    let before = beginning.trim_end_matches(['9', 'Z', '-']);
    let mut letters: Vec<char> = before.chars().collect();
    let last = letters.pop()?;
    letters.push(char::from_u32(u32::from(last) + 1)?);
    Some(letters.into_iter().collect())
}

/// After every id: none is longer than sixteen bytes.
pub(crate) const BEYOND: [u8; 17] = [u8::MAX; 17];

/// An optional moment as the column keeps it.
pub(crate) fn micros(at: Option<Timestamp>) -> Option<i64> {
    at.map(|at| at.0)
}

/// SHA-256 of these parts, each with its length before it, so that no two lists of parts make the same bytes.
pub(crate) fn digest(parts: &[&[u8]]) -> Hash {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(count(part.len()).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

/// The id of a row that something caused: the same cause has the same id, so that it cannot be written twice.
pub(crate) fn caused_by(parts: &[&[u8]]) -> Vec<u8> {
    digest(parts).into_iter().take(16).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_beginning_is_a_range() {
        let range = [
            ("310120001", "310120002"),
            ("310129", "31013"),
            ("C99", "D"),
            ("FX-20261129", "FX-2026113"),
            ("FX-", "FY"),
        ];
        for (beginning, end) in range {
            assert_eq!(after_all(beginning).as_deref(), Some(end));
            assert!(beginning < end && format!("{beginning}99999").as_str() < end);
        }
        assert_eq!(after_all("9999"), None);
    }
}
