//! What has outlived its use: files that no row names, rows that nobody waits for.

use crate::Fault;
use crate::column::{At, bytes, count};
use crate::conn::{Conn, Tx};
use crate::schema::{
    case_attachment, idempotency, intake, intake_attachment, media, phone_code, photo_approval, quota,
    session, wechat_ticket,
};
use diesel::prelude::*;
use woodlark_domain::{CaseId, ContentHash, Timestamp};

/// How long an answer is kept for whoever sends the same write again.
pub const ANSWERS_KEPT: i64 = 7 * Timestamp::DAY;
/// How long a device stays signed in that is not used.
pub const SESSIONS_KEPT: i64 = 400 * Timestamp::DAY;
/// How long a use counts at most.
const QUOTAS_KEPT: i64 = 31 * Timestamp::DAY;

/// How many rows were taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Swept {
    /// Devices signed out.
    pub sessions: usize,
    /// Codes that no longer hold.
    pub codes: usize,
    /// Tickets of the mini-program.
    pub tickets: usize,
    /// Answers.
    pub answers: usize,
    /// Uses.
    pub quotas: usize,
}

/// Takes away sessions, codes, tickets, answers and uses that are too old.
///
/// # Errors
/// [`Fault`].
pub fn outdated(tx: &mut Tx, now: Timestamp) -> Result<Swept, Fault> {
    let conn: &mut Conn = tx;
    let idle = session::table.filter(session::seen_at.lt(now.plus(-SESSIONS_KEPT).0));
    let sessions = diesel::delete(idle).execute(&mut conn.engine)?;
    let past = phone_code::table.filter(phone_code::expires_at.lt(now.0));
    let codes = diesel::delete(past).execute(&mut conn.engine)?;
    let past = wechat_ticket::table.filter(wechat_ticket::until.le(now.0));
    let tickets = diesel::delete(past).execute(&mut conn.engine)?;
    let old = idempotency::table.filter(idempotency::created_at.lt(now.plus(-ANSWERS_KEPT).0));
    let answers = diesel::delete(old).execute(&mut conn.engine)?;
    let old = quota::table.filter(quota::last_at.lt(now.plus(-QUOTAS_KEPT).0));
    let quotas = diesel::delete(old).execute(&mut conn.engine)?;
    crate::wrong_tries::sweep(conn, now.plus(-QUOTAS_KEPT))?;
    Ok(Swept { sessions, codes, tickets, answers, quotas })
}

/// Reports that were waited for long enough, longest first.
///
/// # Errors
/// [`Fault`].
pub fn expired_intakes(conn: &mut Conn, now: Timestamp, most: usize) -> Result<Vec<CaseId>, Fault> {
    let rows = intake::table
        .filter(intake::adcode.eq(&*conn.adcode))
        .filter(intake::accepted_at.is_null())
        .filter(intake::expires_at.le(now.0))
        .order(intake::expires_at)
        .limit(count(most))
        .select(intake::id)
        .load::<Vec<u8>>(&mut conn.engine)?;
    rows.iter().map(|id| At("intake", "id").case(id)).collect()
}

/// Gives an unfinished report up; says whether it was still unfinished and too old.
///
/// # Errors
/// [`Fault`].
pub fn give_up(tx: &mut Tx, id: CaseId, now: Timestamp) -> Result<bool, Fault> {
    let conn: &mut Conn = tx;
    let this = intake::table
        .filter(intake::adcode.eq(&*conn.adcode))
        .filter(intake::id.eq(bytes(id.as_bytes())))
        .filter(intake::accepted_at.is_null())
        .filter(intake::expires_at.le(now.0));
    if diesel::delete(this).execute(&mut conn.engine)? == 0 {
        return Ok(false);
    }
    let files = intake_attachment::table
        .filter(intake_attachment::adcode.eq(&*conn.adcode))
        .filter(intake_attachment::intake_id.eq(bytes(id.as_bytes())));
    diesel::delete(files).execute(&mut conn.engine)?;
    Ok(true)
}

/// Of these files in the store of photos and voices those that no row names, as an object or as its small picture.
///
/// # Errors
/// [`Fault`].
pub fn unnamed(conn: &mut Conn, files: &[ContentHash]) -> Result<Vec<ContentHash>, Fault> {
    let mut unnamed = Vec::new();
    for file in files {
        let hash = bytes(file.as_bytes());
        let object = media::table.find((&*conn.adcode, &hash)).select(media::bytes);
        let thumb = media::table
            .filter(media::adcode.eq(&*conn.adcode))
            .filter(media::thumb_hash.eq(&hash))
            .select(media::bytes);
        if object.first::<i64>(&mut conn.engine).optional()?.is_none()
            && thumb.first::<i64>(&mut conn.engine).optional()?.is_none()
        {
            unnamed.push(*file);
        }
    }
    Ok(unnamed)
}

/// Objects older than `before` that neither a case, nor a report on its way in, nor an approval names, oldest first.
///
/// # Errors
/// [`Fault`].
pub fn unused_media(conn: &mut Conn, before: Timestamp, most: usize) -> Result<Vec<ContentHash>, Fault> {
    let in_case = case_attachment::table
        .filter(case_attachment::adcode.eq(media::adcode))
        .filter(case_attachment::media_hash.eq(media::hash))
        .select(case_attachment::seq);
    let in_intake = intake_attachment::table
        .filter(intake_attachment::adcode.eq(media::adcode))
        .filter(intake_attachment::media_hash.eq(media::hash.nullable()))
        .select(intake_attachment::position);
    let covering = photo_approval::table
        .filter(photo_approval::adcode.eq(media::adcode))
        .filter(photo_approval::shown_hash.eq(media::hash.nullable()))
        .select(photo_approval::at);
    let rows = media::table
        .filter(media::adcode.eq(&*conn.adcode))
        .filter(media::created_at.lt(before.0))
        .filter(diesel::dsl::not(diesel::dsl::exists(in_case)))
        .filter(diesel::dsl::not(diesel::dsl::exists(in_intake)))
        .filter(diesel::dsl::not(diesel::dsl::exists(covering)))
        .order(media::created_at)
        .limit(count(most))
        .select(media::hash)
        .load::<Vec<u8>>(&mut conn.engine)?;
    rows.iter().map(|hash| At("media", "hash").hash(hash)).collect()
}

/// Takes an object's row away if still nothing names it; its files may go after that.
///
/// # Errors
/// [`Fault`].
pub fn forget_media(tx: &mut Tx, hash: ContentHash) -> Result<bool, Fault> {
    let conn: &mut Conn = tx;
    let key = bytes(hash.as_bytes());
    let in_case = case_attachment::table
        .filter(case_attachment::adcode.eq(&*conn.adcode))
        .filter(case_attachment::media_hash.eq(&key))
        .select(case_attachment::seq);
    let in_intake = intake_attachment::table
        .filter(intake_attachment::adcode.eq(&*conn.adcode))
        .filter(intake_attachment::media_hash.eq(&key))
        .select(intake_attachment::position);
    let covering = photo_approval::table
        .filter(photo_approval::adcode.eq(&*conn.adcode))
        .filter(photo_approval::shown_hash.eq(&key))
        .select(photo_approval::at);
    if in_case.first::<i64>(&mut conn.engine).optional()?.is_some()
        || covering.first::<i64>(&mut conn.engine).optional()?.is_some()
        || in_intake.first::<i64>(&mut conn.engine).optional()?.is_some()
    {
        return Ok(false);
    }
    Ok(diesel::delete(media::table.find((&*conn.adcode, key))).execute(&mut conn.engine)? > 0)
}
