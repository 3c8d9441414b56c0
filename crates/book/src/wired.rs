//! What came over the wire, as the check takes it. What can't be what it says it is, is none: the check then finds it missing.

use woodlark_ledger::bytes::from_hex;
use woodlark_ledger::check::Inclusion;
use woodlark_ledger::root::DayRoot;
use woodlark_ledger::tree::Sibling;
use woodlark_wire::{LedgerInclusion, LedgerRoot};

/// What was published of a day, if its fields can be that.
#[must_use]
pub fn root(root: &LedgerRoot) -> Option<DayRoot> {
    Some(DayRoot {
        adcode: adcode(&root.adcode)?,
        day: i32::try_from(root.day).ok()?,
        books: root.books,
        entries: root.entries,
        tree: from_hex(&root.tree)?,
        before: from_hex(&root.before)?,
    })
}

/// A district's six digits.
#[must_use]
pub fn adcode(text: &str) -> Option<[u8; 6]> {
    text.as_bytes().try_into().ok()
}

/// A book's way to the root, if its fields can be that.
#[must_use]
pub fn inclusion(one: &LedgerInclusion) -> Option<Inclusion> {
    let sibling =
        |one: &woodlark_wire::LedgerSibling| Some(Sibling { depth: one.depth, hash: from_hex(&one.hash)? });
    Some(Inclusion {
        day: i32::try_from(one.day).ok()?,
        seq: one.seq,
        hash: from_hex(&one.hash)?,
        way: one.way.iter().map(sibling).collect::<Option<_>>()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use woodlark_domain::Timestamp;
    use woodlark_ledger::bytes::to_hex;

    #[test]
    fn a_root_comes_back_from_the_wire_with_its_hash_and_nonsense_is_none() {
        let of =
            DayRoot { adcode: *b"310120", day: 20_780, books: 2, entries: 9, tree: [3; 32], before: [4; 32] };
        let mut wired = LedgerRoot {
            adcode: "310120".to_owned(),
            day: 20_780,
            date: String::new(),
            books: 2,
            entries: 9,
            tree: to_hex(&of.tree),
            before: to_hex(&of.before),
            hash: String::new(),
            made_at: Timestamp(0),
        };
        assert_eq!(root(&wired).map(|root| root.hash()), Some(of.hash()));
        wired.tree.pop();
        assert_eq!(root(&wired), None);
    }
}
