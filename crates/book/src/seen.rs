//! What this device saw at its last check, so that a ledger that was written anew from its beginning is found too. It is kept
//! for one person: whoever signs in here after them is told nothing of it.

use core::str::FromStr;
use woodlark_ledger::BookId;
use woodlark_ledger::bytes::{from_hex, to_hex};
use woodlark_ledger::check::Seen;
use woodlark_ui::device::Setting;

/// What a device remembers: for whom, and of each of their books.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Memory {
    /// For whom.
    pub user: String,
    /// Each book.
    pub books: Vec<(BookId, Seen)>,
}

impl Memory {
    /// What is remembered for this person, if anything is; another's memory is let go.
    #[must_use]
    pub fn of(user: &str) -> Self {
        let kept = Setting::Ledger.get().and_then(|text| Self::read(&text));
        match kept.filter(|kept| kept.user == user) {
            Some(kept) => kept,
            None => {
                forget();
                Self { user: user.to_owned(), books: Vec::new() }
            }
        }
    }

    /// What was seen of a book.
    #[must_use]
    pub fn book(&self, book: BookId) -> Option<Seen> {
        self.books.iter().find(|(id, _)| *id == book).map(|(_, seen)| *seen)
    }

    /// Remembers it.
    pub fn keep(&self) {
        Setting::Ledger.set(Some(&self.write()));
    }

    /// One line for the person, one for each book.
    fn write(&self) -> String {
        let mut text = self.user.clone();
        for (book, seen) in &self.books {
            let line = [
                "\n",
                &to_hex(&book.0),
                " ",
                &seen.seq.to_string(),
                " ",
                &to_hex(&seen.hash),
                " ",
                &seen.day.to_string(),
                " ",
                &to_hex(&seen.root),
            ];
            text.push_str(&line.concat());
        }
        text
    }

    fn read(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        let user = lines.next()?.to_owned();
        let book = |line: &str| {
            let mut parts = line.split(' ');
            let book = BookId::from_str(parts.next()?).ok()?;
            let seen = Seen {
                seq: parts.next()?.parse().ok()?,
                hash: from_hex(parts.next()?)?,
                day: parts.next()?.parse().ok()?,
                root: from_hex(parts.next()?)?,
            };
            Some((book, seen))
        };
        Some(Self { user, books: lines.map(book).collect::<Option<_>>()? })
    }
}

/// Nobody is signed in here any more: nothing is remembered.
pub fn forget() {
    Setting::Ledger.set(None);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_seen_comes_back_as_it_was_kept() {
        let seen = Seen { seq: 12, hash: [7; 32], day: 20_780, root: [9; 32] };
        let memory =
            Memory { user: "u".to_owned(), books: vec![(BookId([1; 16]), seen), (BookId([2; 16]), seen)] };
        assert_eq!(Memory::read(&memory.write()), Some(memory.clone()));
        assert_eq!((memory.book(BookId([2; 16])), memory.book(BookId([3; 16]))), (Some(seen), None));
        assert_eq!(Memory::read("u\nnonsense"), None);
    }
}
