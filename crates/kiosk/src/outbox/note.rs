//! What is written beside an envelope, readable by anybody: when it was sealed, what it comes to, and why the server would not have
//! it. One line of text.

use woodlark_domain::{CaseId, ContentHash, Timestamp};

/// The note beside an envelope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The case that it is to become.
    pub case: CaseId,
    /// When it was sealed.
    pub sealed_at: Timestamp,
    /// Its bytes.
    pub bytes: u64,
    /// Their SHA-256.
    pub hash: ContentHash,
    /// The code of the problem for which the server refused it for good.
    pub refused: Option<String>,
}

impl Note {
    /// As it is kept.
    #[must_use]
    pub fn line(&self) -> String {
        [
            &self.case.to_string(),
            " ",
            &self.sealed_at.0.to_string(),
            " ",
            &self.bytes.to_string(),
            " ",
            &self.hash.to_string(),
            " ",
            self.refused.as_deref().unwrap_or("-"),
        ]
        .concat()
    }

    /// The note of a line.
    #[must_use]
    pub fn read(line: &str) -> Option<Self> {
        let mut parts = line.split(' ');
        let mut next = || parts.next();
        Some(Self {
            case: next()?.parse().ok()?,
            sealed_at: Timestamp(next()?.parse().ok()?),
            bytes: next()?.parse().ok()?,
            hash: next()?.parse().ok()?,
            refused: next().filter(|refused| *refused != "-").map(str::to_owned),
        })
    }

    /// Those that are still to be brought, the oldest first.
    #[must_use]
    pub fn to_bring(mut notes: Vec<Self>) -> Vec<Self> {
        notes.retain(|note| note.refused.is_none());
        notes.sort_by_key(|note| (note.sealed_at, note.case));
        notes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_comes_back_from_its_line_and_nonsense_is_none() {
        let mut note = Note {
            case: CaseId::from_bytes([7; 16]),
            sealed_at: Timestamp(1_795_399_200_000_000),
            bytes: 900_000,
            hash: ContentHash::from_bytes([3; 32]),
            refused: None,
        };
        assert_eq!(Note::read(&note.line()), Some(note.clone()));
        note.refused = Some("photo_unreadable".to_owned());
        assert_eq!(Note::read(&note.line()), Some(note.clone()));
        assert_eq!(Note::read(""), None);
        assert_eq!(Note::read("a b c d e"), None);
    }

    #[test]
    fn what_was_refused_holds_nothing_up_and_the_oldest_goes_first() {
        let note = |at: i64, refused: Option<&str>| Note {
            case: CaseId::from_bytes([u8::try_from(at).unwrap(); 16]),
            sealed_at: Timestamp(at),
            bytes: 1,
            hash: ContentHash::from_bytes([0; 32]),
            refused: refused.map(str::to_owned),
        };
        let bring = Note::to_bring(vec![note(3, None), note(1, Some("invalid")), note(2, None)]);
        assert_eq!(bring.iter().map(|note| note.sealed_at.0).collect::<Vec<_>>(), [2, 3]);
    }
}
