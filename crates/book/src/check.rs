//! The check: reads the chain as it is kept, the newest proof and the published days, and goes through all of it with the code
//! that the server writes with. What the page says is then held against the entries.

use crate::seen::{self, Memory};
use crate::wired;
use core::str::FromStr;
use woodlark_domain::city::Deed;
use woodlark_ledger::badge::Badge;
use woodlark_ledger::bytes::from_hex_all;
use woodlark_ledger::chain::Balances;
use woodlark_ledger::check::{Found, Given, Seen, check};
use woodlark_ledger::root::DayRoot;
use woodlark_ledger::tally::Tally;
use woodlark_ledger::{BookId, Entry};
use woodlark_ui::{Fault, api};
use woodlark_wire::{LedgerChain, LedgerRoot, LedgerView, Page, SessionView, path};

/// What was checked and what came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Checked {
    /// What the page says.
    pub view: LedgerView,
    /// Each book, the one that goes on first; none where there are no entries.
    pub books: Vec<(BookId, Found)>,
    /// Whether what the page says is what the entries come to.
    pub sum: Sum,
    /// A book that this device saw before is no longer shown.
    pub lost: bool,
    /// The newest published day.
    pub newest: Option<LedgerRoot>,
}

/// What the page says, beside what the entries say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sum {
    /// Points as shown.
    pub shown: i64,
    /// Points as the entries come to; none where they could not be followed so far.
    pub reckoned: Option<i64>,
    /// Deeds as the badges show them.
    pub deeds_shown: u64,
    /// Deeds that stand, by the entries.
    pub deeds_counted: u64,
}

impl Sum {
    /// Whether both are the same.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.reckoned == Some(self.shown) && self.deeds_shown == self.deeds_counted
    }
}

impl Checked {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn sound(&self) -> bool {
        self.books.iter().all(|(_, found)| found.sound()) && self.sum.holds() && !self.lost
    }
}

/// Checks everything. What is not sound at once is looked at a second time: a day may have been published in between.
///
/// # Errors
/// [`Fault`] where the server can't be asked.
pub async fn run(tell: impl Fn(u64)) -> Result<Checked, Fault> {
    let first = once(&tell).await?;
    if first.sound() { Ok(first) } else { once(&tell).await }
}

async fn once(tell: &impl Fn(u64)) -> Result<Checked, Fault> {
    let session: SessionView = api::get(path::SESSION).await?;
    let view: LedgerView = api::get(path::LEDGER).await?;
    let Some(user) = session.user_id else {
        seen::forget();
        return Ok(nothing(view));
    };
    let mut memory = Memory::of(&user.to_string());
    let mut chains = vec![read_chain(None, tell).await?];
    let others: Vec<String> =
        chains.iter().flat_map(|chain| chain.first.books.iter().skip(1).cloned()).collect();
    for book in &others {
        chains.push(read_chain(Some(book), tell).await?);
    }
    chains.retain(|chain| chain.first.book.is_some());
    let newest = chains.iter().filter_map(|chain| chain.first.proof.as_ref()).map(|proof| &proof.root);
    let newest = newest.max_by_key(|root| root.day).cloned();
    let oldest = memory.books.iter().map(|(_, seen)| i64::from(seen.day)).filter(|day| *day > 0).min();
    let roots = read_roots(newest.as_ref().map(|root| root.day), oldest).await?;
    let mut tally = Tally::default();
    let mut reckoned = (view.seq == 0).then_some(0);
    let mut books = Vec::new();
    for chain in &chains {
        let goes_on = chain.first.book == view.book;
        let mut balances = Balances::default();
        let each = |entry: &Entry| {
            balances = balances.with(entry).unwrap_or_default();
            if goes_on && entry.seq == view.seq {
                reckoned = Some(balances.points);
            }
            if !goes_on || entry.seq <= view.seq {
                tally.add(entry);
            }
        };
        let (book, found) = chain.check(&roots, &memory, each).ok_or(Fault::NotOurs)?;
        books.push((book, found));
    }
    let sum = Sum {
        shown: view.points,
        reckoned,
        deeds_shown: view.badges.iter().map(|badge| badge.deeds).sum(),
        deeds_counted: Deed::ALL.iter().map(|deed| tally.standing(*deed)).sum(),
    };
    let lost = memory.books.iter().any(|(book, _)| !books.iter().any(|(shown, _)| shown == book));
    let checked = Checked { view, books, sum, lost, newest };
    if checked.sound() {
        memory.books = checked.books.iter().map(|(book, found)| (*book, remember(found, &roots))).collect();
        memory.keep();
    }
    Ok(checked)
}

/// Of a device without an account.
fn nothing(view: LedgerView) -> Checked {
    let sum = Sum { shown: 0, reckoned: Some(0), deeds_shown: 0, deeds_counted: 0 };
    Checked { view, books: Vec::new(), sum, lost: false, newest: None }
}

fn remember(found: &Found, roots: &[DayRoot]) -> Seen {
    let (day, root) = roots.last().map_or((0, [0; 32]), |root| (root.day, root.hash()));
    Seen { seq: found.head.seq, hash: found.head.hash, day, root }
}

/// A chain as it came.
struct Chain {
    /// The first piece, with the proof.
    first: LedgerChain,
    /// The bytes of all pieces.
    bytes: Vec<u8>,
}

async fn read_chain(book: Option<&str>, tell: &impl Fn(u64)) -> Result<Chain, Fault> {
    let first: LedgerChain = api::get(&path::ledger_chain(book, 0)).await?;
    let (mut bytes, mut next) = (raw(&first), first.next);
    let own = first.book.clone();
    while let Some(after) = next {
        tell(after);
        let piece: LedgerChain = api::get(&path::ledger_chain(own.as_deref(), after)).await?;
        bytes.extend(raw(&piece));
        next = piece.next.filter(|next| *next > after);
    }
    Ok(Chain { first, bytes })
}

/// The bytes of a piece; digits that are none become a byte that is no entry, so that the check stops there.
fn raw(piece: &LedgerChain) -> Vec<u8> {
    from_hex_all(&piece.chain).unwrap_or_else(|| vec![0])
}

impl Chain {
    fn check(&self, roots: &[DayRoot], memory: &Memory, each: impl FnMut(&Entry)) -> Option<(BookId, Found)> {
        let book = BookId::from_str(self.first.book.as_deref()?).ok()?;
        let proof = self.first.proof.as_ref();
        // What was published after the proof was made says nothing against it.
        let until = proof.map_or(i64::MAX, |proof| proof.root.day);
        let shown = roots.partition_point(|root| i64::from(root.day) <= until);
        let inclusion = proof.and_then(|proof| proof.inclusion.as_ref()).and_then(wired::inclusion);
        let given = Given {
            adcode: wired::adcode(&self.first.adcode)?,
            book,
            chain: &self.bytes,
            roots: roots.get(..shown)?,
            inclusion: inclusion.as_ref(),
            offset_minutes: i32::try_from(self.first.offset_minutes).ok()?,
            seen: memory.book(book),
        };
        Some((book, check(&given, each)))
    }
}

/// What was published up to a day, oldest first: as far back as this device looked before, and a page at least.
async fn read_roots(until: Option<i64>, from: Option<i64>) -> Result<Vec<DayRoot>, Fault> {
    let mut roots: Vec<DayRoot> = Vec::new();
    let mut before = until.map(|day| day + 1);
    loop {
        let page: Page<LedgerRoot> = api::get(&path::ledger_roots(before)).await?;
        // One that is none leaves a gap, over which the days do not follow from each other.
        roots.extend(page.rows.iter().filter_map(wired::root));
        let last = page.rows.last().map(|root| root.day);
        let wanted = from.zip(last).is_some_and(|(from, last)| last > from);
        before = last.filter(|_| wanted && page.next.is_some());
        if before.is_none() {
            roots.reverse();
            return Ok(roots);
        }
    }
}

/// Each badge by what the page says of it.
#[must_use]
pub fn badge(code: &str) -> Option<Badge> {
    Badge::ALL.iter().copied().find(|badge| badge.code() == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_says_more_than_its_entries_is_not_sound() {
        let sum = Sum { shown: 10, reckoned: Some(10), deeds_shown: 1, deeds_counted: 1 };
        let checked = Checked { sum, ..nothing(LedgerView::default()) };
        assert!(checked.sound());
        for wrong in
            [Sum { shown: 11, ..sum }, Sum { reckoned: None, ..sum }, Sum { deeds_counted: 0, ..sum }]
        {
            assert!(!Checked { sum: wrong, ..checked.clone() }.sound(), "{wrong:?}");
        }
        assert!(!Checked { lost: true, ..checked }.sound());
    }
}
