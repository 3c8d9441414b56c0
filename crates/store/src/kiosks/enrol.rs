//! A device becomes a kiosk.

use super::{Kiosk, audit, kiosk};
use crate::Fault;
use crate::column::{At, Hash, bytes};
use crate::conn::Tx;
use crate::schema::{kiosk as table, kiosk_code as codes};
use diesel::prelude::*;
use woodlark_domain::audit::AuditAction;
use woodlark_domain::kiosk::ENROL_MINUTES;
use woodlark_domain::{KioskId, Timestamp, UserId};

/// What asking for a code came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Issued {
    /// It holds until then.
    Until(Timestamp),
    /// There is no such kiosk.
    NotFound,
}

pub(super) fn forget_code(tx: &mut Tx, id: KioskId) -> Result<(), Fault> {
    let code = codes::table.find((tx.adcode().to_owned(), bytes(id.as_bytes())));
    diesel::delete(code).execute(&mut tx.engine)?;
    Ok(())
}

/// Writes down the code that may enrol a device as this kiosk; the one before it no longer holds. A device that is it already goes
/// on until another comes; one whose leave was taken away gets it back by enrolling anew, with what is sealed on it.
///
/// # Errors
/// [`Fault`], also where two codes are alike.
pub fn issue_code(
    tx: &mut Tx,
    id: KioskId,
    code_hash: &Hash,
    by: UserId,
    now: Timestamp,
) -> Result<Issued, Fault> {
    if kiosk(tx, id)?.is_none() {
        return Ok(Issued::NotFound);
    }
    forget_code(tx, id)?;
    let expires_at = now.plus(ENROL_MINUTES.saturating_mul(Timestamp::MINUTE));
    let row = (
        codes::adcode.eq(tx.adcode().to_owned()),
        codes::kiosk_id.eq(bytes(id.as_bytes())),
        codes::code_hash.eq(bytes(code_hash)),
        codes::expires_at.eq(expires_at.0),
    );
    diesel::insert_into(codes::table).values(row).execute(&mut tx.engine)?;
    audit(tx, id, AuditAction::IssueKioskCode, Some(by), now)?;
    Ok(Issued::Until(expires_at))
}

/// The device with this token becomes the kiosk that the code is of; the code is gone, and so is the device before it. None where
/// there is no such code any more.
///
/// # Errors
/// [`Fault`].
pub fn enrol(
    tx: &mut Tx,
    code_hash: &Hash,
    token_hash: &Hash,
    now: Timestamp,
) -> Result<Option<Kiosk>, Fault> {
    let adcode = tx.adcode().to_owned();
    let code = || {
        codes::table.filter(codes::adcode.eq(adcode.clone())).filter(codes::code_hash.eq(bytes(code_hash)))
    };
    let found = code()
        .filter(codes::expires_at.gt(now.0))
        .select(codes::kiosk_id)
        .first::<Vec<u8>>(&mut tx.engine)
        .optional()?;
    diesel::delete(code()).execute(&mut tx.engine)?;
    let Some(found) = found else { return Ok(None) };
    let id = found.as_slice().try_into().map_err(|_| At("kiosk_code", "kiosk_id").corrupt(&found))?;
    let id = KioskId::from_bytes(id);
    let row = table::table.find((adcode, found));
    let set = (
        table::token_hash.eq(Some(bytes(token_hash))),
        table::enrolled_at.eq(Some(now.0)),
        table::revoked_at.eq(None::<i64>),
    );
    if diesel::update(row).set(set).execute(&mut tx.engine)? == 0 {
        return Ok(None);
    }
    audit(tx, id, AuditAction::EnrolKiosk, None, now)?;
    kiosk(tx, id)
}
