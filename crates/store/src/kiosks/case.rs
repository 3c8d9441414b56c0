//! A case that came from a kiosk: asked for by its number and code, and taken to a phone, once.

use crate::Fault;
use crate::accounts::present;
use crate::column::{At, Hash, bytes};
use crate::conn::{Conn, Tx, each};
use crate::intake::Receipt;
use crate::phones::join_accounts;
use crate::schema::{case_file, intake, kiosk_case as table};
use crate::trail::{Deed, record};
use diesel::prelude::*;
use woodlark_domain::audit::AuditAction;
use woodlark_domain::kiosk::HAND_OVER_HOURS;
use woodlark_domain::{CaseId, CaseNumber, KioskId, Role, Timestamp, UserId};

/// What is kept of a case that came from a kiosk.
#[derive(Debug, Clone)]
pub struct Kept<'a> {
    /// The case.
    pub case: CaseId,
    /// The kiosk.
    pub kiosk: KioskId,
    /// A keyed hash of what its reporter asks for it with.
    pub code_hash: &'a Hash,
    /// A keyed hash of what takes it to a phone.
    pub token_hash: &'a Hash,
}

/// Writes it down, where it is not yet.
///
/// # Errors
/// [`Fault`].
pub fn keep(tx: &mut Tx, one: &Kept<'_>, now: Timestamp) -> Result<(), Fault> {
    let until = now.plus(HAND_OVER_HOURS.saturating_mul(Timestamp::HOUR));
    let row = (
        table::adcode.eq(tx.adcode().to_owned()),
        table::case_id.eq(bytes(one.case.as_bytes())),
        table::kiosk_id.eq(bytes(one.kiosk.as_bytes())),
        table::code_hash.eq(bytes(one.code_hash)),
        table::token_hash.eq(bytes(one.token_hash)),
        table::hand_over_until.eq(until.0),
    );
    let conn: &mut Conn = tx;
    each!(conn, c => diesel::insert_into(table::table).values(row).on_conflict_do_nothing().execute(c))?;
    Ok(())
}

/// The receipt of a case that this kiosk handed in; none where it is no case yet, or came otherwise.
///
/// # Errors
/// [`Fault`].
pub fn receipt(conn: &mut Conn, case: CaseId, kiosk: KioskId) -> Result<Option<Receipt>, Fault> {
    let key = (&*conn.adcode, bytes(case.as_bytes()));
    let theirs = table::table
        .find(key)
        .filter(table::kiosk_id.eq(bytes(kiosk.as_bytes())))
        .select(table::kiosk_id)
        .first::<Vec<u8>>(&mut conn.engine)
        .optional()?;
    if theirs.is_none() {
        return Ok(None);
    }
    let receipt = intake::table
        .find((&*conn.adcode, bytes(case.as_bytes())))
        .select(intake::receipt)
        .first::<Option<String>>(&mut conn.engine)
        .optional()?;
    receipt.flatten().map(|receipt| At("intake", "receipt").json(&receipt)).transpose()
}

/// The case of this number, if it came from a kiosk, with the hash of its code.
///
/// # Errors
/// [`Fault`].
pub fn named(conn: &mut Conn, number: &CaseNumber) -> Result<Option<(CaseId, Hash)>, Fault> {
    let case = case_file::table
        .filter(case_file::adcode.eq(&*conn.adcode))
        .filter(case_file::number.eq(number.as_str()))
        .select(case_file::id)
        .first::<Vec<u8>>(&mut conn.engine)
        .optional()?;
    let Some(case) = case else { return Ok(None) };
    let code = table::table
        .find((&*conn.adcode, &case))
        .select(table::code_hash)
        .first::<Vec<u8>>(&mut conn.engine)
        .optional()?;
    let Some(code) = code else { return Ok(None) };
    let code = *At("kiosk_case", "code_hash").hash(&code)?.as_bytes();
    Ok(Some((At("case_file", "id").case(&case)?, code)))
}

/// What taking a case to a phone came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TakenOver {
    /// It is this account's now, or was already.
    Taken,
    /// Somebody else has it, or it is too late.
    Gone,
    /// There is no such case, or not with this token.
    NotFound,
}

/// Makes a case this account's: that of its own, which nobody was signed in to, is joined to it.
///
/// # Errors
/// [`Fault`].
pub fn take_over(
    tx: &mut Tx,
    case: CaseId,
    token_hash: &Hash,
    user: UserId,
    now: Timestamp,
) -> Result<TakenOver, Fault> {
    type Found = (Vec<u8>, i64, Option<Vec<u8>>);
    let row = || table::table.find((tx.adcode().to_owned(), bytes(case.as_bytes())));
    let (found, taken) = (row(), row());
    let found = found
        .select((table::token_hash, table::hand_over_until, table::taken_by))
        .first::<Found>(&mut tx.engine)
        .optional()?;
    let Some((_, until, taken_by)) = found.filter(|(hash, ..)| *hash == token_hash) else {
        return Ok(TakenOver::NotFound);
    };
    if let Some(before) = taken_by {
        let before = At("kiosk_case", "taken_by").user(&before)?;
        let same = present(tx, before)? == present(tx, user)?;
        return Ok(if same { TakenOver::Taken } else { TakenOver::Gone });
    }
    if until <= now.0 {
        return Ok(TakenOver::Gone);
    }
    let reporter = case_file::table
        .find((tx.adcode().to_owned(), bytes(case.as_bytes())))
        .select(case_file::reporter)
        .first::<Option<Vec<u8>>>(&mut tx.engine)
        .optional()?
        .flatten();
    let Some(reporter) = reporter else { return Ok(TakenOver::NotFound) };
    let reporter = At("case_file", "reporter").user(&reporter)?;
    diesel::update(taken).set(table::taken_by.eq(Some(bytes(user.as_bytes())))).execute(&mut tx.engine)?;
    join_accounts(tx, reporter, user, now)?;
    let subject = case.to_string();
    let (action, role) = (AuditAction::HandOver, Role::Resident);
    record(tx, &Deed { at: now, user: Some(user), role, action, subject: &subject, detail: "{}" })?;
    Ok(TakenOver::Taken)
}
