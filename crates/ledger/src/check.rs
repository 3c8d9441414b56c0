//! The whole check that a resident's browser makes: the chain of their book entry by entry, that the published root of a day
//! holds it, that the published roots follow from each other, and that nothing that this device saw before was rewritten.

use crate::bytes::{NoEntry, Rest};
use crate::chain::{Balances, Broken, Head, Kept, Walk};
use crate::entry::{BookId, Entry, EntryId};
use crate::hash::Sha;
use crate::root::DayRoot;
use crate::tree::{self, Leaf, Sibling};
use woodlark_domain::{CaseId, Timestamp};

/// Writes an entry as it is kept at the end of what is sent to be checked.
pub fn write_kept(to: &mut Vec<u8>, kept: &Kept<'_>) {
    to.extend(kept.seq.to_be_bytes());
    to.extend(kept.id.0);
    to.push(u8::from(kept.case.is_some()));
    to.extend(kept.case.map_or([0; 16], |case| *case.as_bytes()));
    to.extend(kept.hash);
    to.extend(u32::try_from(kept.body.len()).unwrap_or(u32::MAX).to_be_bytes());
    to.extend(kept.body);
}

fn read_kept<'a>(rest: &mut Rest<'a>) -> Result<Kept<'a>, NoEntry> {
    let (seq, id) = (rest.number()?, EntryId(rest.take()?));
    let (has_case, case) = (rest.byte()?, rest.take()?);
    let case = match (has_case, case) {
        (0, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]) => None,
        (1, case) => Some(CaseId::from_bytes(case)),
        _ => return Err(NoEntry),
    };
    let hash = rest.take()?;
    let length = u32::from_be_bytes(rest.take()?);
    let body = rest.slice(usize::try_from(length).map_err(|_| NoEntry)?)?;
    Ok(Kept { seq, id, case, body, hash })
}

/// What a device remembers of its last check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// How many entries the book had.
    pub seq: u64,
    /// The hash of the last.
    pub hash: Sha,
    /// The day of the newest root.
    pub day: i32,
    /// The hash of what was published of it.
    pub root: Sha,
}

/// That a day's tree holds the book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inclusion {
    /// The day.
    pub day: i32,
    /// How many entries the book had.
    pub seq: u64,
    /// The hash of the last of them.
    pub hash: Sha,
    /// What stands beside its way to the root, nearest first.
    pub way: Vec<Sibling>,
}

/// What is checked.
#[derive(Debug, Clone, Copy)]
pub struct Given<'a> {
    /// The district.
    pub adcode: [u8; 6],
    /// The book.
    pub book: BookId,
    /// All its entries, each as [`write_kept`] writes it.
    pub chain: &'a [u8],
    /// What was published, oldest first; without gaps, but not necessarily from the first.
    pub roots: &'a [DayRoot],
    /// That the newest of them holds the book; none where none was published since its first entry.
    pub inclusion: Option<&'a Inclusion>,
    /// The city's clock, in minutes before UTC: it says on which day an entry was written.
    pub offset_minutes: i32,
    /// What this device saw before.
    pub seen: Option<Seen>,
}

/// How far a part of the check came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part<T> {
    /// There was nothing to check.
    Nothing,
    /// It holds.
    Holds(T),
    /// It doesn't.
    Fails,
}

/// What the check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Entries that hold, from the first.
    pub entries: u64,
    /// The first that doesn't: its place, and what is wrong with it.
    pub broken: Option<(u64, Broken)>,
    /// The balances after the entries that hold.
    pub balances: Balances,
    /// Where the chain stands after them.
    pub head: Head,
    /// Whether a published root holds the book as it stood: the day, and how many entries that covers.
    pub included: Part<(i32, u64)>,
    /// Whether the roots follow from each other: how many.
    pub roots: Part<usize>,
    /// Whether all that this device saw before is still so: how many entries it had seen.
    pub unchanged: Part<u64>,
}

impl Found {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn sound(&self) -> bool {
        self.broken.is_none()
            && self.included != Part::Fails
            && self.roots != Part::Fails
            && self.unchanged != Part::Fails
    }
}

/// Checks. `each` is shown every entry that holds.
#[must_use]
pub fn check(given: &Given<'_>, mut each: impl FnMut(&Entry)) -> Found {
    let mut walk = Walk::new(given.adcode, given.book);
    let mut rest = Rest(given.chain);
    let mut broken = None;
    let wanted = |seq: u64| {
        given.inclusion.is_some_and(|inclusion| inclusion.seq == seq)
            || given.seen.is_some_and(|seen| seen.seq == seq)
    };
    let mut passed: Vec<(u64, Sha)> = vec![(0, [0; 32])];
    let mut first_day = None;
    while !rest.0.is_empty() {
        let stepped =
            read_kept(&mut rest).map_err(|NoEntry| Broken::Unreadable).and_then(|kept| walk.step(&kept));
        match stepped {
            Ok(entry) => {
                first_day = first_day.or_else(|| Some(day_of(entry.at, given.offset_minutes)));
                each(&entry);
            }
            Err(why) => {
                broken = Some((walk.head().seq + 1, why));
                break;
            }
        }
        let head = walk.head();
        if wanted(head.seq) {
            passed.push((head.seq, head.hash));
        }
    }
    let stood = |seq: u64, hash: Sha| passed.contains(&(seq, hash));
    Found {
        entries: walk.head().seq,
        broken,
        balances: walk.balances(),
        head: walk.head(),
        included: match (given.inclusion, given.roots.last()) {
            (Some(inclusion), Some(newest)) => {
                let leaf = Leaf { book: given.book, seq: inclusion.seq, hash: inclusion.hash };
                let holds = inclusion.seq > 0
                    && inclusion.day == newest.day
                    && stood(inclusion.seq, inclusion.hash)
                    && tree::root(&leaf, &inclusion.way) == Some(newest.tree);
                if holds { Part::Holds((inclusion.day, inclusion.seq)) } else { Part::Fails }
            }
            (Some(_), None) => Part::Fails,
            // Whoever has entries from before the newest root is owed a proof.
            (None, newest) => {
                let owed =
                    newest.zip(first_day).is_some_and(|(newest, first)| i64::from(newest.day) >= first);
                if owed { Part::Fails } else { Part::Nothing }
            }
        },
        roots: follow(given),
        unchanged: given.seen.map_or(Part::Nothing, |seen| {
            // The roots are asked for from the day on that was seen: one that is not among them is no longer shown.
            let known = given.roots.iter().any(|root| root.day == seen.day && root.hash() == seen.root);
            if stood(seen.seq, seen.hash) && (known || seen.root == [0; 32]) {
                Part::Holds(seen.seq)
            } else {
                Part::Fails
            }
        }),
    }
}

/// The day on which something was written, counted from 1970-01-01.
fn day_of(at: Timestamp, offset_minutes: i32) -> i64 {
    at.0.saturating_add(i64::from(offset_minutes) * Timestamp::MINUTE).div_euclid(Timestamp::DAY)
}

fn follow(given: &Given<'_>) -> Part<usize> {
    if given.roots.is_empty() {
        return Part::Nothing;
    }
    let ours = given.roots.iter().all(|root| root.adcode == given.adcode);
    let linked = given.roots.windows(2).all(|pair| matches!(pair, [before, after] if after.follows(before)));
    if ours && linked { Part::Holds(given.roots.len()) } else { Part::Fails }
}
