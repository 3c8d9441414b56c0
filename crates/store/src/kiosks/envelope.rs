//! Envelopes on their way in, piece by piece; and whose account the case of each is.

use crate::Fault;
use crate::column::{At, bytes, count};
use crate::conn::{Conn, Tx};
use crate::schema::kiosk_envelope as table;
use diesel::prelude::*;
use woodlark_domain::{CaseId, ContentHash, KioskId, Timestamp, UserId};

/// How long one is waited for that was begun.
const WAIT: i64 = 7 * Timestamp::DAY;

/// An envelope as its kiosk names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Envelope {
    /// The case that it is to become.
    pub case: CaseId,
    /// The kiosk that brings it.
    pub kiosk: KioskId,
    /// Of all its bytes.
    pub hash: ContentHash,
    /// How many.
    pub bytes: u64,
}

/// How far one has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arriving {
    /// Which.
    pub envelope: Envelope,
    /// Bytes that are held.
    pub received_bytes: u64,
    /// The account of its case, once it was opened.
    pub user: Option<UserId>,
}

/// How far the envelope of a case has come; none where nothing of it has.
///
/// # Errors
/// [`Fault`].
pub fn arriving(conn: &mut Conn, case: CaseId) -> Result<Option<Arriving>, Fault> {
    type Found = (Vec<u8>, Vec<u8>, i64, i64, Option<Vec<u8>>);
    let found = table::table
        .find((&*conn.adcode, bytes(case.as_bytes())))
        .select((table::kiosk_id, table::hash, table::bytes, table::received_bytes, table::user_id))
        .first::<Found>(&mut conn.engine)
        .optional()?;
    let Some((kiosk, hash, length, received, user)) = found else { return Ok(None) };
    let at = |column| At("kiosk_envelope", column);
    let kiosk = kiosk.as_slice().try_into().map_err(|_| at("kiosk_id").corrupt(&kiosk))?;
    Ok(Some(Arriving {
        envelope: Envelope {
            case,
            kiosk: KioskId::from_bytes(kiosk),
            hash: at("hash").hash(&hash)?,
            bytes: at("bytes").number(length)?,
        },
        received_bytes: at("received_bytes").number(received)?,
        user: user.as_deref().map(|user| at("user_id").user(user)).transpose()?,
    }))
}

/// Writes down that an envelope begins to come in, where it has not yet.
///
/// # Errors
/// [`Fault`].
pub fn begin(tx: &mut Tx, envelope: &Envelope, now: Timestamp) -> Result<Arriving, Fault> {
    if let Some(known) = arriving(tx, envelope.case)? {
        return Ok(known);
    }
    let row = (
        table::adcode.eq(tx.adcode().to_owned()),
        table::case_id.eq(bytes(envelope.case.as_bytes())),
        table::kiosk_id.eq(bytes(envelope.kiosk.as_bytes())),
        table::hash.eq(bytes(envelope.hash.as_bytes())),
        table::bytes.eq(count(envelope.bytes)),
        table::received_bytes.eq(0_i64),
        table::begun_at.eq(now.0),
    );
    diesel::insert_into(table::table).values(row).execute(&mut tx.engine)?;
    Ok(Arriving { envelope: *envelope, received_bytes: 0, user: None })
}

/// Writes down that so many bytes are held; fewer than before change nothing. Gives what is held now.
///
/// # Errors
/// [`Fault`].
pub fn progress(tx: &mut Tx, case: CaseId, received_bytes: u64) -> Result<u64, Fault> {
    let held = count(received_bytes);
    let row = || table::table.find((tx.adcode().to_owned(), bytes(case.as_bytes())));
    let (grows, now) = (row().filter(table::received_bytes.lt(held)), row());
    diesel::update(grows).set(table::received_bytes.eq(held)).execute(&mut tx.engine)?;
    let now = now.select(table::received_bytes).first::<i64>(&mut tx.engine).optional()?;
    At("kiosk_envelope", "received_bytes").number(now.unwrap_or_default())
}

/// Writes down whose account the case is.
///
/// # Errors
/// [`Fault`].
pub fn made_for(tx: &mut Tx, case: CaseId, user: UserId) -> Result<(), Fault> {
    let row = table::table.find((tx.adcode().to_owned(), bytes(case.as_bytes())));
    diesel::update(row).set(table::user_id.eq(Some(bytes(user.as_bytes())))).execute(&mut tx.engine)?;
    Ok(())
}

/// The bytes that came were not those of the hash: nothing is held any more.
///
/// # Errors
/// [`Fault`].
pub fn begin_anew(tx: &mut Tx, case: CaseId) -> Result<(), Fault> {
    let row = table::table.find((tx.adcode().to_owned(), bytes(case.as_bytes())));
    diesel::update(row).set(table::received_bytes.eq(0_i64)).execute(&mut tx.engine)?;
    Ok(())
}

/// The envelopes that were waited for long enough, or whose case stands.
///
/// # Errors
/// [`Fault`].
pub fn expired(conn: &mut Conn, now: Timestamp, most: usize) -> Result<Vec<CaseId>, Fault> {
    let rows = table::table
        .filter(table::adcode.eq(&*conn.adcode))
        .filter(table::begun_at.le(now.plus(-WAIT).0))
        .order(table::begun_at)
        .limit(count(most))
        .select(table::case_id)
        .load::<Vec<u8>>(&mut conn.engine)?;
    rows.iter().map(|case| At("kiosk_envelope", "case_id").case(case)).collect()
}

/// Forgets how far an envelope has come.
///
/// # Errors
/// [`Fault`].
pub fn forget(tx: &mut Tx, case: CaseId) -> Result<(), Fault> {
    let row = table::table.find((tx.adcode().to_owned(), bytes(case.as_bytes())));
    diesel::delete(row).execute(&mut tx.engine)?;
    Ok(())
}
