//! An account that is to go: asked for, taken back, and carried out a week later. What goes and what stays is in [`carry_out`].

mod carry_out;
mod cases;

pub use carry_out::{CarriedOut, carry_out};
pub(crate) use cases::first_photo;

use crate::column::{At, bytes, count};
use crate::conn::{Conn, Tx};
use crate::schema::{account_deletion, gift_order, intake, payout};
use crate::trail::{Deed, record};
use crate::{Fault, Halt, ledger};
use diesel::prelude::*;
use woodlark_domain::account::{DeletionRefusal, KEPT_FOR};
use woodlark_domain::audit::AuditAction;
use woodlark_domain::redeem::{GiftState, PayoutState};
use woodlark_domain::{CaseId, Role, Timestamp, UserId};
use woodlark_ledger::EntryId;

/// A resident wants their account deleted. Asked again, the day stays as it is. Answers when it goes.
///
/// # Errors
/// [`DeletionRefusal`] where money is under way or a gift waits: what is theirs must not be lost.
pub fn ask(tx: &mut Tx, user: UserId, now: Timestamp) -> Result<Timestamp, Halt<DeletionRefusal>> {
    if let Some(due_at) = due_at(tx, user)? {
        return Ok(due_at);
    }
    if payout_under_way(tx, user)? {
        return Err(Halt::Refused(DeletionRefusal::PayoutUnderWay));
    }
    if !kept_gifts(tx, user)?.is_empty() {
        return Err(Halt::Refused(DeletionRefusal::GiftNotFetched));
    }
    let due_at = now.plus(KEPT_FOR);
    write_down(tx, user, now, due_at)?;
    note(tx, AuditAction::AskDeletion, user, now)?;
    Ok(due_at)
}

/// They keep it after all. Nothing where they had not asked.
///
/// # Errors
/// [`Fault`].
pub fn take_back(tx: &mut Tx, user: UserId, now: Timestamp) -> Result<(), Fault> {
    if strike_out(tx, user)? {
        note(tx, AuditAction::KeepAccount, user, now)?;
    }
    Ok(())
}

/// When an account goes, if it is to.
///
/// # Errors
/// [`Fault`].
pub fn due_at(conn: &mut Conn, user: UserId) -> Result<Option<Timestamp>, Fault> {
    let row = account_deletion::table.find(bytes(user.as_bytes())).select(account_deletion::due_at);
    Ok(row.first::<i64>(&mut conn.engine).optional()?.map(Timestamp))
}

/// Accounts whose week is over, longest first.
///
/// # Errors
/// [`Fault`].
pub fn due(conn: &mut Conn, now: Timestamp, most: usize) -> Result<Vec<UserId>, Fault> {
    let rows = account_deletion::table
        .filter(account_deletion::due_at.le(now.0))
        .order(account_deletion::due_at)
        .limit(count(most))
        .select(account_deletion::user_id)
        .load::<Vec<u8>>(&mut conn.engine)?;
    rows.iter().map(|user| At("account_deletion", "user_id").user(user)).collect()
}

/// The reports on their way in of a person whose account may end now: their pieces lie in the store of files and go first. None
/// while money is under way to them.
///
/// # Errors
/// [`Fault`].
pub fn unfinished(conn: &mut Conn, user: UserId) -> Result<Option<Vec<CaseId>>, Fault> {
    if payout_under_way(conn, user)? {
        return Ok(None);
    }
    let rows = intake::table
        .filter(intake::user_id.eq(bytes(user.as_bytes())))
        .filter(intake::accepted_at.is_null())
        .select(intake::id)
        .load::<Vec<u8>>(&mut conn.engine)?;
    rows.iter().map(|id| At("intake", "id").case(id)).collect::<Result<_, Fault>>().map(Some)
}

/// A person's data was handed out to them.
///
/// # Errors
/// [`Fault`].
pub fn note_export(tx: &mut Tx, user: UserId, now: Timestamp) -> Result<(), Fault> {
    note(tx, AuditAction::ExportData, user, now)
}

fn write_down(tx: &mut Tx, user: UserId, asked_at: Timestamp, due_at: Timestamp) -> Result<(), Fault> {
    let row = (
        account_deletion::user_id.eq(bytes(user.as_bytes())),
        account_deletion::asked_at.eq(asked_at.0),
        account_deletion::due_at.eq(due_at.0),
    );
    diesel::insert_into(account_deletion::table).values(row).execute(&mut tx.engine)?;
    Ok(())
}

/// Says whether it stood there. Whoever's account becomes another's keeps the other: nothing of it goes by itself.
pub(crate) fn strike_out(tx: &mut Tx, user: UserId) -> Result<bool, Fault> {
    let row = account_deletion::table.find(bytes(user.as_bytes()));
    Ok(diesel::delete(row).execute(&mut tx.engine)? > 0)
}

fn note(tx: &mut Tx, action: AuditAction, user: UserId, now: Timestamp) -> Result<(), Fault> {
    let (subject, role) = (user.to_string(), Role::Resident);
    record(tx, &Deed { at: now, user: Some(user), role, action, subject: &subject, detail: "{}" })
}

fn book_ids(conn: &mut Conn, user: UserId) -> Result<Vec<Vec<u8>>, Fault> {
    Ok(ledger::books_of(conn, user)?.iter().map(|book| bytes(&book.id.0)).collect())
}

fn payout_under_way(conn: &mut Conn, user: UserId) -> Result<bool, Fault> {
    let open: Vec<&str> =
        PayoutState::ALL.iter().filter(|state| !state.is_over()).map(|state| state.code()).collect();
    let books = book_ids(conn, user)?;
    let one = payout::table
        .filter(payout::adcode.eq(&*conn.adcode))
        .filter(payout::book_id.eq_any(books))
        .filter(payout::state.eq_any(open))
        .select(payout::fen);
    Ok(one.first::<i64>(&mut conn.engine).optional()?.is_some())
}

fn kept_gifts(conn: &mut Conn, user: UserId) -> Result<Vec<EntryId>, Fault> {
    let books = book_ids(conn, user)?;
    let rows = gift_order::table
        .filter(gift_order::adcode.eq(&*conn.adcode))
        .filter(gift_order::book_id.eq_any(books))
        .filter(gift_order::state.eq(GiftState::Kept.code()))
        .select(gift_order::id)
        .load::<Vec<u8>>(&mut conn.engine)?;
    let read =
        |id: Vec<u8>| id.try_into().map(EntryId).map_err(|id: Vec<u8>| At("gift_order", "id").corrupt(id));
    rows.into_iter().map(read).collect()
}
