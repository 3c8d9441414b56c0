//! The manifest comes in. The same one again is welcome; another under the same id is not.

use super::{Arrived, Expected, Receipt, Status, read, row};
use crate::Fault;
use crate::column::{Hash, bytes, count, to_json};
use crate::conn::{Conn, Tx, each};
use crate::schema::{intake, intake_attachment};
use diesel::prelude::*;
use woodlark_domain::report::Intake;
use woodlark_domain::{CaseId, Door, Timestamp, UserId};

/// How long an unfinished report is waited for.
const WAIT: i64 = 7 * Timestamp::DAY;

/// A manifest.
#[derive(Debug, Clone)]
pub struct Begin<'a> {
    /// The report's id, made by its device.
    pub id: CaseId,
    /// Whose it is.
    pub user: UserId,
    /// By which door it comes.
    pub door: Door,
    /// What was sent, as canonical JSON.
    pub manifest: &'a str,
    /// Of those bytes.
    pub manifest_hash: Hash,
    /// What it says, as the rules read it; its photos named by the hashes of `files`.
    pub report: &'a Intake,
    /// The files that follow, in order.
    pub files: &'a [Expected],
    /// When.
    pub now: Timestamp,
}

/// What a manifest came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begun {
    /// It is new.
    Fresh(Status),
    /// It was here already; so far it has come.
    Same(Status),
    /// The id stands for another manifest of this person.
    Differs,
    /// The id is somebody else's: to this person there is no such thing.
    NotFound,
}

/// Takes a manifest in.
///
/// # Errors
/// [`Fault`].
pub fn begin(tx: &mut Tx, new: &Begin<'_>) -> Result<Begun, Fault> {
    if let Some(known) = known(tx, new)? {
        return Ok(known);
    }
    insert(tx, new, None)?;
    let files = new.files.iter().map(|file| Arrived { file: file.clone(), received_bytes: 0, media: None });
    Ok(Begun::Fresh(Status {
        id: new.id,
        user: new.user,
        door: new.door,
        files: files.collect(),
        expires_at: new.now.plus(WAIT),
        receipt: None,
    }))
}

/// What a manifest comes to whose id is here already.
pub(super) fn known(tx: &mut Tx, new: &Begin<'_>) -> Result<Option<Begun>, Fault> {
    let Some(known) = row(tx, new.id)? else { return Ok(None) };
    if known.user_id != new.user.as_bytes() {
        return Ok(Some(Begun::NotFound));
    }
    if known.manifest_hash != new.manifest_hash {
        return Ok(Some(Begun::Differs));
    }
    Ok(Some(Begun::Same(read(tx, new.id, &known)?)))
}

/// Writes a manifest down; with its receipt, where it is a case already.
pub(super) fn insert(tx: &mut Tx, new: &Begin<'_>, receipt: Option<&Receipt>) -> Result<(), Fault> {
    let conn: &mut Conn = tx;
    let made = (
        intake::adcode.eq(&*conn.adcode),
        intake::id.eq(bytes(new.id.as_bytes())),
        intake::user_id.eq(bytes(new.user.as_bytes())),
        intake::door.eq(new.door.code()),
        intake::state.eq(if receipt.is_some() { "accepted" } else { "collecting" }),
        intake::manifest.eq(new.manifest),
        intake::manifest_hash.eq(bytes(&new.manifest_hash)),
        // Of a case the first event keeps it.
        intake::report.eq(if receipt.is_some() { String::new() } else { to_json("report", new.report)? }),
        intake::receipt.eq(receipt.map(|receipt| to_json("receipt", receipt)).transpose()?),
        intake::created_at.eq(new.now.0),
        intake::expires_at.eq(new.now.plus(WAIT).0),
        intake::accepted_at.eq(receipt.map(|_| new.now.0)),
    );
    each!(conn, c => diesel::insert_into(intake::table).values(made).execute(c))?;
    for (position, file) in new.files.iter().enumerate() {
        let made = (
            intake_attachment::adcode.eq(&*conn.adcode),
            intake_attachment::intake_id.eq(bytes(new.id.as_bytes())),
            intake_attachment::position.eq(count(position)),
            intake_attachment::hash.eq(bytes(file.hash.as_bytes())),
            intake_attachment::role.eq(file.role.code()),
            intake_attachment::media_type.eq(&file.media_type),
            intake_attachment::bytes.eq(count(file.bytes)),
            intake_attachment::received_bytes.eq(0_i64),
            intake_attachment::duration_ms.eq(file.duration_ms.map(i64::from)),
            intake_attachment::media_hash.eq(None::<Vec<u8>>),
            intake_attachment::stored_at.eq(None::<i64>),
        );
        each!(conn, c => diesel::insert_into(intake_attachment::table).values(made).execute(c))?;
    }
    Ok(())
}
