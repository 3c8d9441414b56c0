//! How many deeds stand, counted from the entries alone: what a page says of them can be held against it.

use crate::entry::{Cause, Entry, EntryId};
use woodlark_domain::city::Deed;

/// The deeds of a person and what was reversed, over all of their books and in any order.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    deeds: Vec<(EntryId, Deed)>,
    /// A reversal and what it reverses.
    reversals: Vec<(EntryId, EntryId)>,
}

impl Tally {
    /// Takes an entry in.
    pub fn add(&mut self, entry: &Entry) {
        if let Cause::Deed { deed, .. } = entry.cause {
            self.deeds.push((entry.id(), deed));
        }
        if let Cause::Reversal { reverses, .. } = entry.cause {
            self.reversals.push((entry.id(), reverses));
        }
    }

    /// How many deeds of this sort stand.
    #[must_use]
    pub fn standing(&self, deed: Deed) -> u64 {
        let stands = self.deeds.iter().filter(|(id, one)| *one == deed && self.stands(*id)).count();
        u64::try_from(stands).unwrap_or(u64::MAX)
    }

    /// A deed stands that was never reversed, or whose reversal was.
    fn stands(&self, deed: EntryId) -> bool {
        let (mut last, mut stands) = (deed, true);
        // Each reversal is of something that was there before it, so no way along them is longer than there are any.
        for _ in &self.reversals {
            let Some((id, _)) = self.reversals.iter().find(|(_, of)| *of == last) else { break };
            (last, stands) = (*id, !stands);
        }
        stands
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entry::{BookId, ReversalReason};
    use woodlark_domain::{CaseId, Timestamp};

    fn entry(cause: Cause) -> Entry {
        let at = Timestamp(0);
        Entry {
            adcode: *b"310120",
            book: BookId([1; 16]),
            seq: 1,
            at,
            cause,
            postings: Vec::new(),
            before: [0; 32],
        }
    }

    #[test]
    fn what_was_taken_back_counts_no_more_and_what_was_put_back_counts_again() {
        let deed = |case: u8| {
            let case = CaseId::from_bytes([case; 16]);
            entry(Cause::Deed { deed: Deed::Joined, case, confirmed_at: Timestamp(0), table: 1, worth: 1 })
        };
        let reversal =
            |of: &Entry| entry(Cause::Reversal { reverses: of.id(), reason: ReversalReason::Revised });
        let (one, other) = (deed(1), deed(2));
        let taken = reversal(&one);
        let put = reversal(&taken);
        let count = |entries: &[&Entry]| {
            let mut tally = Tally::default();
            entries.iter().for_each(|entry| tally.add(entry));
            (tally.standing(Deed::Joined), tally.standing(Deed::Rated))
        };
        assert_eq!(count(&[&one, &other]), (2, 0));
        assert_eq!(count(&[&taken, &one, &other]), (1, 0), "in any order");
        assert_eq!(count(&[&put, &one, &taken, &other]), (2, 0));
    }
}
