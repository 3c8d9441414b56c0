//! The kindness ledger 热心账本: what each entry says and its canonical bytes, the chain of a book, the tree over all books
//! of a day, and which deeds of a case count.
//!
//! The server writes with this code and the browser checks with it: neither trusts the other's words, only the bytes. There
//! is no I/O, no clock and no randomness in it.
//!
//! | module | what |
//! | --- | --- |
//! | [`account`] | the accounts, and in what they are kept |
//! | [`entry`] | an entry: its cause, its postings, its id |
//! | [`bytes`] | the one way to write an entry as bytes, and to read it back |
//! | [`chain`] | a book's entries, each holding the hash of the one before |
//! | [`tree`] | a day's tree over the heads of all books, and the proof that a book is in it |
//! | [`root`] | what is published of a day, each holding the hash of the day before |
//! | [`deed`] | which deeds of whom a case confirms |
//! | [`post`] | what an entry posts: caps, reversals, payouts |
//! | [`badge`] | what somebody's deeds add up to |
//! | [`tally`] | how many deeds stand, by the entries alone |
//! | [`check`] | the whole check that a resident's browser makes |

pub mod account;
pub mod badge;
pub mod bytes;
pub mod chain;
pub mod check;
pub mod deed;
pub mod entry;
mod hash;
pub mod post;
pub mod root;
pub mod tally;
pub mod tree;

pub use account::{Account, Amount, Unit};
pub use entry::{BookId, Cause, Entry, EntryId, Posting, ReversalReason};
pub use hash::Sha;
