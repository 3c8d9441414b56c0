//! SHA-256 over tagged bytes: what stands for one sort of thing can never be taken for another.

use sha2::{Digest, Sha256};

/// A SHA-256.
pub type Sha = [u8; 32];

/// What is hashed; its first byte says so.
#[derive(Clone, Copy)]
pub(crate) enum Tag {
    Leaf = 0,
    Node = 1,
    Entry = 2,
    Id = 3,
    Root = 4,
}

/// The hash of these parts, one after the other. The caller sees to it that their lengths are fixed or written down.
pub(crate) fn sha(tag: Tag, parts: &[&[u8]]) -> Sha {
    let mut hash = Sha256::new();
    hash.update([tag as u8]);
    for part in parts {
        hash.update(part);
    }
    hash.finalize().into()
}
