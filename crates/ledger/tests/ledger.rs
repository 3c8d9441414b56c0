//! The ledger's promises, over generated books: what was tampered with is found, a book has one place in a day's tree,
//! postings come to nothing and nobody falls below zero.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test says plainly what it expects")]

use proptest::prelude::*;
use woodlark_domain::city::Deed;
use woodlark_domain::{CaseId, Timestamp};
use woodlark_ledger::chain::{Balances, Head, Kept};
use woodlark_ledger::check::{Found, Given, Inclusion, Part, Seen, check, write_kept};
use woodlark_ledger::root::DayRoot;
use woodlark_ledger::tree::{Leaf, crown, part, root, subtree, way, way_up};
use woodlark_ledger::{BookId, Cause, Entry, EntryId, ReversalReason, entry, post};

const ADCODE: [u8; 6] = *b"310120";
const BOOK: BookId = BookId([7; 16]);
const DAY: i64 = Timestamp::DAY;

/// What happens next in a book; nothing where it can't.
#[derive(Debug, Clone, Copy)]
enum Step {
    Deed(u8, u32, i64),
    Reverse(u8),
    Spend(u8),
    Pay,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..5_u8, 0..300_u32, -5..250_i64).prop_map(|(deed, worth, room)| Step::Deed(deed, worth, room)),
        2 => any::<u8>().prop_map(Step::Reverse),
        2 => (1..100_u8).prop_map(Step::Spend),
        1 => Just(Step::Pay),
    ]
}

/// A book that these steps wrote.
fn book(steps: &[Step]) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut balances = Balances::default();
    for (n, step) in (0_u8..).zip(steps) {
        let id = [n; 16];
        let (cause, postings) = match *step {
            Step::Deed(deed, worth, room) => (
                Cause::Deed {
                    deed: Deed::ALL[usize::from(deed)],
                    case: CaseId::from_bytes(id),
                    confirmed_at: Timestamp(i64::from(n)),
                    table: 3,
                    worth,
                },
                post::deed(worth, room),
            ),
            Step::Reverse(which) => {
                let Some(of) = entries.get(usize::from(which) % entries.len().max(1)) else { continue };
                // Money that is on its way, or paid, is not taken back by reversing a deed; only what still stands can be.
                if matches!(of.cause, Cause::PayoutDue { .. } | Cause::PayoutPaid { .. } | Cause::Gift { .. })
                {
                    continue;
                }
                let cause = Cause::Reversal { reverses: of.id(), reason: ReversalReason::Revised };
                if entries.iter().any(|entry| entry.id() == cause.id(BOOK)) {
                    continue;
                }
                (cause, post::reversal(of, balances))
            }
            Step::Spend(points) => {
                let points = i64::from(points).min(balances.points);
                (Cause::PayoutDue { payout: EntryId(id) }, post::payout_due(points, points * 10))
            }
            Step::Pay => (Cause::PayoutPaid { payout: EntryId(id) }, post::payout_paid(balances.cash_due)),
        };
        let entry = Entry {
            adcode: ADCODE,
            book: BOOK,
            seq: entries.len() as u64 + 1,
            at: Timestamp(i64::from(n) * DAY / 4),
            cause,
            postings,
            before: entries.last().map_or([0; 32], Entry::hash),
        };
        assert_eq!(entry.balanced(), Ok(()), "{entry:?}");
        balances = balances.with(&entry).unwrap();
        assert!(balances.sound(), "{balances:?} after {entry:?}");
        entries.push(entry);
    }
    entries
}

fn sent(entries: &[Entry]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for entry in entries {
        let body = entry.to_bytes();
        let kept =
            Kept { seq: entry.seq, id: entry.id(), case: entry.case(), body: &body, hash: entry.hash() };
        write_kept(&mut bytes, &kept);
    }
    bytes
}

fn day_root(day: i32, books: u64, entries: u64, tree: [u8; 32], before: Option<&DayRoot>) -> DayRoot {
    let before = before.map_or([0; 32], DayRoot::hash);
    DayRoot { adcode: ADCODE, day, books, entries, tree, before }
}

/// Other books, so that the tree has something to hold.
fn others(count: u64) -> Vec<Leaf> {
    (0..count)
        .map(|n| {
            let mut id = [0; 16];
            id[..8].copy_from_slice(&n.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes());
            Leaf { book: BookId(id), seq: n + 1, hash: [n as u8; 32] }
        })
        .collect()
}

fn tree_with(entries: &[Entry]) -> (Vec<Leaf>, Inclusion, DayRoot, DayRoot) {
    let last = entries.last().unwrap();
    let mut leaves = others(300);
    leaves.push(Leaf { book: BOOK, seq: last.seq, hash: last.hash() });
    leaves.sort();
    let tree = subtree(&leaves, 0).unwrap();
    let first = day_root(100, 3, 5, [9; 32], None);
    let second = day_root(101, 301, 50_000, tree, Some(&first));
    let way = way(&leaves, BOOK, 0).unwrap();
    (leaves, Inclusion { day: 101, seq: last.seq, hash: last.hash(), way }, first, second)
}

fn checked(chain: &[u8], roots: &[DayRoot], inclusion: Option<&Inclusion>, seen: Option<Seen>) -> Found {
    check(&Given { adcode: ADCODE, book: BOOK, chain, roots, inclusion, seen, offset_minutes: 480 }, |_| {})
}

proptest! {
    #[test]
    fn a_book_as_it_was_written_holds(steps in prop::collection::vec(step(), 1..40)) {
        let entries = book(&steps);
        prop_assume!(!entries.is_empty());
        let (_, inclusion, first, second) = tree_with(&entries);
        let seen = entries.first().map(|entry| Seen { seq: 1, hash: entry.hash(), day: 100, root: first.hash() });
        let found = checked(&sent(&entries), &[first, second], Some(&inclusion), seen);
        prop_assert!(found.sound(), "{found:?}");
        prop_assert_eq!(found.entries, entries.len() as u64);
        prop_assert_eq!(found.included, Part::Holds((101, entries.len() as u64)));
        prop_assert_eq!((found.roots, found.unchanged), (Part::Holds(2), Part::Holds(1)));
    }

    #[test]
    fn bytes_are_read_back_to_the_same_entry_or_not_at_all(steps in prop::collection::vec(step(), 1..20), noise: Vec<u8>) {
        for entry in book(&steps) {
            prop_assert_eq!(Entry::from_bytes(&entry.to_bytes()), Ok(entry));
        }
        if let Ok(entry) = Entry::from_bytes(&noise) {
            prop_assert_eq!(entry.to_bytes(), noise);
        }
    }

    #[test]
    fn what_is_left_out_moved_or_cut_off_is_found(steps in prop::collection::vec(step(), 3..20), at: prop::sample::Index) {
        let entries = book(&steps);
        prop_assume!(entries.len() > 2);
        let (_, inclusion, first, second) = tree_with(&entries);
        let gone = at.index(entries.len());
        let mut without = entries.clone();
        without.remove(gone);
        let mut swapped = entries.clone();
        swapped.swap(gone, (gone + 1) % entries.len());
        let cut = entries[..gone].to_vec();
        for tampered in [without, swapped, cut] {
            prop_assert!(!checked(&sent(&tampered), &[first, second], Some(&inclusion), None).sound());
        }
        prop_assert!(!checked(&sent(&entries), &[first, second], None, None).sound(), "no proof although one is owed");
    }

    #[test]
    fn a_book_written_anew_is_found_by_whoever_saw_the_old_one(steps in prop::collection::vec(step(), 3..20)) {
        let entries = book(&steps);
        prop_assume!(entries.len() > 2);
        let mut anew = book(&steps[1..]);
        prop_assume!(!anew.is_empty());
        anew.truncate(entries.len());
        let (_, _, old, _) = tree_with(&entries);
        let (_, inclusion, first, second) = tree_with(&anew);
        let last = entries.last().unwrap();
        let seen = Seen { seq: last.seq, hash: last.hash(), day: 100, root: old.hash() };
        let found = checked(&sent(&anew), &[first, second], Some(&inclusion), Some(seen));
        prop_assert_eq!(found.unchanged, Part::Fails);
    }

    #[test]
    fn the_tree_is_the_same_in_pieces_and_shows_each_book(count in 1..200_u64, bits in 0..7_u8) {
        let mut leaves = others(count);
        leaves.sort();
        let whole = subtree(&leaves, 0);
        let mut parts = vec![None; 1 << bits];
        for (n, slot) in parts.iter_mut().enumerate() {
            let of: Vec<Leaf> = leaves.iter().copied().filter(|leaf| part(leaf.book, bits) == n).collect();
            *slot = subtree(&of, bits);
        }
        prop_assert_eq!(crown(&parts, 0), whole);
        for leaf in leaves.iter().take(5) {
            let of: Vec<Leaf> =
                leaves.iter().copied().filter(|one| part(one.book, bits) == part(leaf.book, bits)).collect();
            let mut steps = way(&of, leaf.book, bits).unwrap();
            steps.extend(way_up(&parts, leaf.book, 0));
            prop_assert_eq!(root(leaf, &steps), whole);
            let other = Leaf { seq: leaf.seq + 1, ..*leaf };
            prop_assert_ne!(root(&other, &steps), whole);
        }
    }
}

#[test]
fn every_bit_of_every_stored_byte_counts() {
    let steps = [
        Step::Deed(0, 10, 200),
        Step::Deed(4, 1, 200),
        Step::Spend(5),
        Step::Pay,
        Step::Reverse(0),
        Step::Deed(2, 20, 3),
    ];
    let entries = book(&steps);
    assert_eq!(entries.len(), steps.len());
    let (_, inclusion, first, second) = tree_with(&entries);
    let roots = [first, second];
    let whole = sent(&entries);
    assert!(checked(&whole, &roots, Some(&inclusion), None).sound());
    for at in 0..whole.len() {
        for bit in 0..8 {
            let mut tampered = whole.clone();
            tampered[at] ^= 1 << bit;
            let found = checked(&tampered, &roots, Some(&inclusion), None);
            assert!(found.broken.is_some(), "byte {at}, bit {bit}: {found:?}");
        }
    }
    for at in 0..inclusion.way.len() {
        let mut other = inclusion.clone();
        other.way[at].hash[0] ^= 1;
        assert_eq!(checked(&whole, &roots, Some(&other), None).included, Part::Fails);
        let mut shorter = inclusion.clone();
        shorter.way.remove(at);
        assert_eq!(checked(&whole, &roots, Some(&shorter), None).included, Part::Fails);
    }
    for at in 0..second.to_bytes().len() {
        let mut bytes = second.to_bytes();
        bytes[at] ^= 1;
        let Ok(other) = DayRoot::from_bytes(&bytes) else { continue };
        let found = checked(&whole, &[first, other], Some(&inclusion), None);
        let third = day_root(102, 301, 50_000, other.tree, Some(&second));
        let later = checked(&whole, &[first, other, third], None, None);
        assert!(!found.sound() || later.roots == Part::Fails, "byte {at} of what was published");
    }
}

#[test]
fn postings_that_are_no_entry_are_refused() {
    use woodlark_ledger::account::Account;
    use woodlark_ledger::entry::{Posting, PostingError};
    let one = |account, amount| Posting { account, amount };
    let refused = [
        (vec![], PostingError::TooFew),
        (vec![one(Account::Points, 0)], PostingError::TooFew),
        (vec![one(Account::Points, 1), one(Account::CityPoints, -2)], PostingError::Unbalanced),
        (vec![one(Account::Points, 1), one(Account::RewardFund, -1)], PostingError::Unbalanced),
        (vec![one(Account::Points, i64::MAX), one(Account::CityPoints, 1)], PostingError::Unbalanced),
        (vec![one(Account::Points, 1), one(Account::Points, -1)], PostingError::Twice),
    ];
    for (postings, why) in refused {
        assert_eq!(entry::balanced(&postings), Err(why), "{postings:?}");
    }
    for postings in [
        post::deed(10, 4),
        post::payout_due(100, 1_000),
        post::payout_paid(1_000),
        post::gift(50),
        post::donation(10, 100),
        post::funding(-5),
    ] {
        assert_eq!(entry::balanced(&postings), Ok(()));
    }
    assert_eq!(post::deed(10, 4)[0].amount, 4, "what the cap leaves");
    assert_eq!(post::deed(10, -1)[0].amount, 0, "a deed that gets nothing is an entry all the same");
    assert_eq!(Head::EMPTY.seq, 0);
}
