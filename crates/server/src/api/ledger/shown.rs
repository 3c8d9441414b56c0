//! What the ledger's rows look like on the wire.

use woodlark_domain::city::Deed;
use woodlark_domain::clock::Day;
use woodlark_ledger::bytes::to_hex;
use woodlark_ledger::{Account, BookId, Cause, Entry};
use woodlark_store::ledger::{EntryRow, Proof, PublishedRoot};
use woodlark_wire::{
    LedgerCase, LedgerEntry, LedgerInclusion, LedgerProof, LedgerRoot, LedgerSibling, TakenBack,
};

/// Letters of a case's words in a list.
const WORDS: usize = 80;

/// An entry.
pub(crate) fn show_entry(book: BookId, row: &EntryRow) -> LedgerEntry {
    let case = row.case.as_ref().map(|(id, number, words)| LedgerCase {
        id: *id,
        number: number.clone(),
        words: words.chars().take(WORDS).collect(),
    });
    let entry = row.entry.as_ref();
    let amount = |account| entry.map_or(0, |entry| entry.amount(account));
    let of = row.of.as_ref();
    let (of_deed, worth) = of.or(entry).and_then(deed).unzip();
    // Put back is as good as never taken back.
    let last = row.reversed_by.as_ref().filter(|_| row.reversals % 2 == 1 && of.is_none());
    LedgerEntry {
        book: book.to_string(),
        seq: row.seq,
        at: entry.map(|entry| entry.at),
        cause: entry.map_or("unreadable", |entry| entry.cause.code()).to_owned(),
        deed: of_deed,
        worth: worth.filter(|_| of.is_none()),
        points: amount(Account::Points),
        cash_due: amount(Account::CashDue),
        cash_paid: amount(Account::CashPaid),
        reason: entry.and_then(reason).map(str::to_owned),
        reverses: of.filter(|of| of.book == book).map(|of| of.seq),
        taken_back: last.and_then(|last| Some(TakenBack { at: last.at, reason: reason(last)?.to_owned() })),
        case,
    }
}

/// The deed that an entry writes, and what the table said of it.
fn deed(entry: &Entry) -> Option<(Deed, u32)> {
    if let Cause::Deed { deed, worth, .. } = entry.cause { Some((deed, worth)) } else { None }
}

/// Why an entry takes another back.
fn reason(entry: &Entry) -> Option<&'static str> {
    if let Cause::Reversal { reason, .. } = entry.cause { Some(reason.code()) } else { None }
}

/// What was published of a day.
pub(crate) fn show_root(one: &PublishedRoot) -> LedgerRoot {
    let (year, month, day) = Day::from_count(one.root.day).parts();
    LedgerRoot {
        adcode: String::from_utf8_lossy(&one.root.adcode).into_owned(),
        day: one.root.day.into(),
        date: format!("{year}-{month:02}-{day:02}"),
        books: one.root.books,
        entries: one.root.entries,
        tree: to_hex(&one.root.tree),
        before: to_hex(&one.root.before),
        hash: to_hex(&one.hash),
        made_at: one.made_at,
    }
}

/// The newest published day and a book's way to its root.
pub(super) fn show_proof(proof: &Proof) -> LedgerProof {
    let published = PublishedRoot { root: proof.root, hash: proof.hash, made_at: proof.made_at };
    let inclusion = proof.inclusion.as_ref().map(|inclusion| LedgerInclusion {
        day: inclusion.day.into(),
        seq: inclusion.seq,
        hash: to_hex(&inclusion.hash),
        way: inclusion
            .way
            .iter()
            .map(|one| LedgerSibling { depth: one.depth, hash: to_hex(&one.hash) })
            .collect(),
    });
    LedgerProof { root: show_root(&published), inclusion }
}
