//! The kindness ledger 热心账本. [`append`](mod@append) is the only place that writes an entry; what an entry says and posts is
//! `woodlark-ledger`'s. All else is reckoned from the entries: balances, the months, what is published of a day; and
//! [`audit`] reckons it anew.
//!
//! A book's id is random and whose it is stands in one row, so that forgetting a person removes that row and leaves the sums.

mod append;
mod audit;
mod book;
mod deeds;
mod errand;
mod month;
mod proof;
mod read;
mod root;

pub use audit::{Audited, audit};
pub(crate) use book::join as join_books;
pub use book::{Book, Fresh, books_of, forget};
pub use deeds::{Reversed, reverse};
pub(crate) use errand::leave_errand;
pub use errand::{post, waiting};
pub use month::{Month, months};
pub use proof::{Proof, proof, share};
pub use read::{EntryRow, PublishedRoot, balance, chain, entries, entry, roots};
pub use root::{Computed, close_day, compute, due_days, publish};

/// Points that a month gives at most, until the city's data say otherwise.
pub const MONTHLY_CAP: i64 = 200;
