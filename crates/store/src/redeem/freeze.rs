//! Books that may not be spent from for now. Who froze one, when and why stays; the resident reads the reason.

use crate::Fault;
use crate::column::{At, bytes};
use crate::conn::{Conn, Tx};
use crate::schema::book_freeze;
use crate::trail::{Deed, record};
use diesel::prelude::*;
use woodlark_domain::audit::AuditAction;
use woodlark_domain::{Role, Timestamp, UserId};
use woodlark_ledger::BookId;
use woodlark_ledger::bytes::to_hex;

/// That a book was frozen, or let go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Freeze {
    /// Which book.
    pub book: BookId,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: UserId,
    /// Whether it was frozen; otherwise it was let go.
    pub frozen: bool,
    /// Why.
    pub reason: String,
}

/// Freezes a book, or lets it go; nothing where it is so already. Says whether it did.
///
/// # Errors
/// [`Fault`].
pub fn freeze(tx: &mut Tx, of: &Freeze) -> Result<bool, Fault> {
    if reason(tx, of.book)?.is_some() == of.frozen {
        return Ok(false);
    }
    put(tx, of)?;
    let (subject, action) =
        (to_hex(&of.book.0), if of.frozen { AuditAction::FreezeBook } else { AuditAction::UnfreezeBook });
    let detail = serde_json::json!({ "reason": of.reason }).to_string();
    let role = Role::Supervisor;
    record(tx, &Deed { at: of.at, user: Some(of.by), role, action, subject: &subject, detail: &detail })?;
    Ok(true)
}

pub(super) fn put(tx: &mut Tx, of: &Freeze) -> Result<(), Fault> {
    // Two of one microsecond would be one row: the later is written a microsecond later.
    let after = newest(tx, of.book)?.map_or(i64::MIN, |newest| newest.at.0.saturating_add(1));
    let row = (
        book_freeze::adcode.eq(tx.adcode().to_owned()),
        book_freeze::book_id.eq(bytes(&of.book.0)),
        book_freeze::at.eq(of.at.0.max(after)),
        book_freeze::user_id.eq(bytes(of.by.as_bytes())),
        book_freeze::frozen.eq(i64::from(of.frozen)),
        book_freeze::reason.eq(of.reason.clone()),
    );
    diesel::insert_into(book_freeze::table).values(row).execute(&mut tx.engine)?;
    Ok(())
}

/// Why a book is frozen, if it is.
pub(super) fn reason(conn: &mut Conn, book: BookId) -> Result<Option<String>, Fault> {
    Ok(newest(conn, book)?.filter(|newest| newest.frozen).map(|newest| newest.reason))
}

pub(super) fn newest(conn: &mut Conn, book: BookId) -> Result<Option<Freeze>, Fault> {
    Ok(freezes(conn, book, 1)?.pop())
}

/// When a book was frozen and let go, latest first.
///
/// # Errors
/// [`Fault`].
pub fn freezes(conn: &mut Conn, book: BookId, most: i64) -> Result<Vec<Freeze>, Fault> {
    let rows = book_freeze::table
        .filter(book_freeze::adcode.eq(&*conn.adcode))
        .filter(book_freeze::book_id.eq(bytes(&book.0)))
        .order(book_freeze::at.desc())
        .limit(most)
        .select((book_freeze::at, book_freeze::user_id, book_freeze::frozen, book_freeze::reason))
        .load::<(i64, Vec<u8>, i64, String)>(&mut conn.engine)?;
    rows.into_iter()
        .map(|(at, by, frozen, reason)| {
            let by = At("book_freeze", "user_id").user(&by)?;
            Ok(Freeze { book, at: Timestamp(at), by, frozen: frozen != 0, reason })
        })
        .collect()
}
