//! Thanks at the desk: the budget, payouts to be decided, gifts to be handed over, books, deeds found false, the pay system's
//! statement.

mod book;
mod decide;
mod deeds;
mod funding;
mod gift;
mod payouts;
mod read;
mod reconcile;
mod shown;

pub use book::*;
pub use decide::*;
pub use deeds::*;
pub use funding::*;
pub use gift::*;
pub use payouts::*;
pub use read::*;
pub use reconcile::*;

use crate::edge::{ApiError, ApiResult};
use woodlark_domain::limits::REASON_CHARS;
use woodlark_ledger::bytes::from_hex;
use woodlark_ledger::{BookId, EntryId};

/// A reason that somebody will read: given, and not too long.
fn reason(text: &str) -> ApiResult<String> {
    let text = text.trim();
    let shown = |letter: char| letter == '\n' || !letter.is_control();
    if text.is_empty() || text.chars().count() > REASON_CHARS || !text.chars().all(shown) {
        return Err(ApiError::field("reason", "because"));
    }
    Ok(text.to_owned())
}

fn book_id(text: &str) -> ApiResult<BookId> {
    from_hex(text).map(BookId).ok_or_else(ApiError::not_found)
}

fn entry_id(text: &str) -> ApiResult<EntryId> {
    from_hex(text).map(EntryId).ok_or_else(ApiError::not_found)
}
