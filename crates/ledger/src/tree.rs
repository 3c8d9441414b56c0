//! The tree of a day: over the heads of all books, by the bits of their ids. Where a book stands in it follows from its id
//! alone, so that no tree can hold two heads of one book, and it is the same whoever makes it and in whatever pieces.

use crate::entry::BookId;
use crate::hash::{Sha, Tag, sha};

/// The bits of a book's id.
const BITS: u8 = 128;

/// A book and where its chain stood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Leaf {
    /// The book.
    pub book: BookId,
    /// How many entries it had.
    pub seq: u64,
    /// The hash of the last.
    pub hash: Sha,
}

impl Leaf {
    /// What stands for it in the tree.
    #[must_use]
    pub fn sha(&self) -> Sha {
        sha(Tag::Leaf, &[&self.book.0, &self.seq.to_be_bytes(), &self.hash])
    }
}

/// What stands beside a book's way to the root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sibling {
    /// Which bit parts the two.
    pub depth: u8,
    /// The other side.
    pub hash: Sha,
}

fn node(depth: u8, left: &Sha, right: &Sha) -> Sha {
    sha(Tag::Node, &[&[depth], left, right])
}

/// Whether the book is on the right at this bit.
fn right(book: BookId, depth: u8) -> bool {
    let byte = book.0.get(usize::from(depth / 8)).copied().unwrap_or_default();
    byte >> (7 - depth % 8) & 1 == 1
}

/// Two sides as one: a side without books leaves no node.
fn join(depth: u8, left: Option<Sha>, right: Option<Sha>) -> Option<Sha> {
    match (left, right) {
        (Some(left), Some(right)) => Some(node(depth, &left, &right)),
        (one, other) => one.or(other),
    }
}

/// What these leaves come to; they are in order of their books, alike in the bits before `depth`, and no book is there twice.
#[must_use]
pub fn subtree(leaves: &[Leaf], depth: u8) -> Option<Sha> {
    match leaves {
        [] => None,
        [one] => Some(one.sha()),
        _ if depth >= BITS => None,
        many => {
            let (left, other) = many.split_at(many.partition_point(|leaf| !right(leaf.book, depth)));
            join(depth, subtree(left, depth + 1), subtree(other, depth + 1))
        }
    }
}

/// The same, from what its parts come to: two to the power of so many that their number is that of `parts`, in order.
#[must_use]
pub fn crown(parts: &[Option<Sha>], depth: u8) -> Option<Sha> {
    match parts {
        [] => None,
        [one] => *one,
        many => {
            let (left, other) = many.split_at(many.len() / 2);
            join(depth, crown(left, depth + 1), crown(other, depth + 1))
        }
    }
}

/// The way of a book through these leaves, nearest first; none where it isn't among them.
#[must_use]
pub fn way(leaves: &[Leaf], book: BookId, depth: u8) -> Option<Vec<Sibling>> {
    match leaves {
        [] => None,
        [one] => (one.book == book).then(Vec::new),
        _ if depth >= BITS => None,
        many => {
            let (left, other) = many.split_at(many.partition_point(|leaf| !right(leaf.book, depth)));
            let (mine, theirs) = if right(book, depth) { (other, left) } else { (left, other) };
            let mut way = way(mine, book, depth + 1)?;
            way.extend(subtree(theirs, depth + 1).map(|hash| Sibling { depth, hash }));
            Some(way)
        }
    }
}

/// The rest of a book's way, from the parts up.
#[must_use]
pub fn way_up(parts: &[Option<Sha>], book: BookId, depth: u8) -> Vec<Sibling> {
    if parts.len() < 2 {
        return Vec::new();
    }
    let (left, other) = parts.split_at(parts.len() / 2);
    let (mine, theirs) = if right(book, depth) { (other, left) } else { (left, other) };
    let mut way = way_up(mine, book, depth + 1);
    way.extend(crown(theirs, depth + 1).map(|hash| Sibling { depth, hash }));
    way
}

/// Which part of 2^`bits` a book belongs to.
#[must_use]
pub fn part(book: BookId, bits: u8) -> usize {
    let [a, b, ..] = book.0;
    usize::from(u16::from_be_bytes([a, b])) >> (16 - bits.min(16))
}

/// The root that a leaf and its way lead to; none where the way goes up and down.
#[must_use]
pub fn root(leaf: &Leaf, way: &[Sibling]) -> Option<Sha> {
    let (mut hash, mut below) = (leaf.sha(), BITS);
    for sibling in way {
        if sibling.depth >= below {
            return None;
        }
        below = sibling.depth;
        hash = if right(leaf.book, below) {
            node(below, &sibling.hash, &hash)
        } else {
            node(below, &hash, &sibling.hash)
        };
    }
    Some(hash)
}
