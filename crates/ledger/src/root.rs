//! What is published of a day: the root over all books, how many there were, and the hash of the day before. Whoever kept
//! one of them can tell whether those that are shown later follow from it.

use crate::bytes::{NoEntry, Rest};
use crate::hash::{Sha, Tag, sha};

/// What is published of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayRoot {
    /// The district.
    pub adcode: [u8; 6],
    /// The day, counted from 1970-01-01, by the city's clock.
    pub day: i32,
    /// Books with an entry or more.
    pub books: u64,
    /// Entries in all of them.
    pub entries: u64,
    /// The root of the tree; zeros where there are no books.
    pub tree: Sha,
    /// The hash of what was published before; zeros for the first.
    pub before: Sha,
}

/// How many bytes it takes.
const LENGTH: usize = 1 + 6 + 4 + 8 + 8 + 32 + 32;

impl DayRoot {
    /// Its canonical bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(LENGTH);
        bytes.push(1);
        bytes.extend(self.adcode);
        bytes.extend(self.day.to_be_bytes());
        bytes.extend(self.books.to_be_bytes());
        bytes.extend(self.entries.to_be_bytes());
        bytes.extend(self.tree);
        bytes.extend(self.before);
        bytes
    }

    /// Reads them back.
    ///
    /// # Errors
    /// [`NoEntry`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, NoEntry> {
        let mut rest = Rest(bytes);
        if bytes.len() != LENGTH || rest.byte()? != 1 {
            return Err(NoEntry);
        }
        Ok(Self {
            adcode: rest.take()?,
            day: i32::from_be_bytes(rest.take()?),
            books: rest.number()?,
            entries: rest.number()?,
            tree: rest.take()?,
            before: rest.take()?,
        })
    }

    /// Its hash.
    #[must_use]
    pub fn hash(&self) -> Sha {
        sha(Tag::Root, &[&self.to_bytes()])
    }

    /// Whether it may follow the one before: its hash, a later day, no fewer books and entries.
    #[must_use]
    pub fn follows(&self, before: &Self) -> bool {
        self.adcode == before.adcode
            && self.before == before.hash()
            && self.day > before.day
            && self.books >= before.books
            && self.entries >= before.entries
    }
}
