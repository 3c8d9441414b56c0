//! The files of a report come in, piece by piece. What is held only grows, unless a file has to begin anew.

use super::{Status, read, row};
use crate::Fault;
use crate::column::{At, bytes, count};
use crate::conn::{Conn, Tx};
use crate::media::{Media, keep};
use crate::schema::intake_attachment;
use diesel::prelude::*;
use woodlark_domain::{CaseId, ContentHash, Timestamp, UserId};

/// How far a report has come in; none where there is none by this id for this person.
///
/// # Errors
/// [`Fault`].
pub fn status(conn: &mut Conn, id: CaseId, user: UserId) -> Result<Option<Status>, Fault> {
    match row(conn, id)? {
        Some(known) if known.user_id == user.as_bytes() => read(conn, id, &known).map(Some),
        _ => Ok(None),
    }
}

/// Writes down that so many bytes of a file are held; a smaller number than before changes nothing. Gives what is held
/// now; none where the manifest has no such file.
///
/// # Errors
/// [`Fault`].
pub fn progress(
    tx: &mut Tx,
    id: CaseId,
    hash: ContentHash,
    received_bytes: u64,
) -> Result<Option<u64>, Fault> {
    let conn: &mut Conn = tx;
    let held = count(received_bytes);
    let file = || {
        intake_attachment::table
            .filter(intake_attachment::adcode.eq(conn.adcode.to_string()))
            .filter(intake_attachment::intake_id.eq(bytes(id.as_bytes())))
            .filter(intake_attachment::hash.eq(bytes(hash.as_bytes())))
    };
    let (grows, now) = (file().filter(intake_attachment::received_bytes.lt(held)), file());
    diesel::update(grows).set(intake_attachment::received_bytes.eq(held)).execute(&mut conn.engine)?;
    let now = now.select(intake_attachment::received_bytes).first::<i64>(&mut conn.engine).optional()?;
    now.map(|bytes| At("intake_attachment", "received_bytes").number(bytes)).transpose()
}

/// The bytes that came were not those of the hash: nothing of the file is held any more.
///
/// # Errors
/// [`Fault`].
pub fn begin_anew(tx: &mut Tx, id: CaseId, hash: ContentHash) -> Result<(), Fault> {
    let conn: &mut Conn = tx;
    let file = intake_attachment::table
        .filter(intake_attachment::adcode.eq(&*conn.adcode))
        .filter(intake_attachment::intake_id.eq(bytes(id.as_bytes())))
        .filter(intake_attachment::hash.eq(bytes(hash.as_bytes())))
        .filter(intake_attachment::media_hash.is_null());
    diesel::update(file).set(intake_attachment::received_bytes.eq(0_i64)).execute(&mut conn.engine)?;
    Ok(())
}

/// A file is whole and its object stored: writes both down. Says whether the manifest has such a file.
///
/// # Errors
/// [`Fault`].
pub fn attachment_stored(
    tx: &mut Tx,
    id: CaseId,
    hash: ContentHash,
    object: &Media,
    now: Timestamp,
) -> Result<bool, Fault> {
    keep(tx, object, now)?;
    let conn: &mut Conn = tx;
    let file = intake_attachment::table
        .filter(intake_attachment::adcode.eq(&*conn.adcode))
        .filter(intake_attachment::intake_id.eq(bytes(id.as_bytes())))
        .filter(intake_attachment::hash.eq(bytes(hash.as_bytes())));
    let set = (
        intake_attachment::received_bytes.eq(intake_attachment::bytes),
        intake_attachment::media_hash.eq(Some(bytes(object.hash.as_bytes()))),
        intake_attachment::stored_at.eq(Some(now.0)),
    );
    Ok(diesel::update(file).set(set).execute(&mut conn.engine)? > 0)
}
