//! One case, whole, for those whom it concerns.

use super::file::{CaseFile, Row};
use super::history::History;
use super::reckoned::promised;
use crate::Fault;
use crate::city::City;
use crate::column::{At, bytes};
use crate::conn::Conn;
use crate::media::Media;
use crate::schema::{case_attachment, case_file, joiner, media};
use diesel::prelude::*;
use woodlark_domain::case::{Case, Event};
use woodlark_domain::clock::Promise;
use woodlark_domain::{CaseId, ContentHash, UserId};

/// How a resident stands to a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Concern {
    /// Reported it.
    Reporter,
    /// Met it too.
    Joiner,
}

/// A file of a case.
#[derive(Debug, Clone, PartialEq)]
pub struct Attachment {
    /// The event that brought it: 1 is the report.
    pub seq: u32,
    /// The name that its sender gave it: the hash of the bytes that were sent.
    pub hash: ContentHash,
    /// `photo` or `voice`.
    pub role: String,
    /// The object that was made of it.
    pub media: Media,
    /// A voice's length, as the device said.
    pub duration_ms: Option<u32>,
}

/// A case, whole.
#[derive(Debug, Clone)]
pub struct View {
    /// As a list shows it.
    pub row: Row,
    /// How the reader stands to it.
    pub concern: Concern,
    /// The fold of its events: what the rules ask about.
    pub case: Case,
    /// What happened, oldest first, each by whom it is known now.
    pub events: Vec<Event>,
    /// Its files, in order.
    pub attachments: Vec<Attachment>,
    /// What its reporter is promised, and how that moved.
    pub promise: Option<Promise>,
}

/// How this resident stands to this case; none where it does not concern them, or isn't there.
///
/// # Errors
/// [`Fault`].
pub fn concern(conn: &mut Conn, id: CaseId, reader: UserId) -> Result<Option<Concern>, Fault> {
    let reporter = case_file::table
        .find((&*conn.adcode, bytes(id.as_bytes())))
        .select(case_file::reporter)
        .first::<Option<Vec<u8>>>(&mut conn.engine)
        .optional()?;
    let Some(reporter) = reporter else { return Ok(None) };
    stands(conn, id, reporter.as_deref(), reader)
}

/// How a resident stands to a case that this person reported.
fn stands(
    conn: &mut Conn,
    id: CaseId,
    reporter: Option<&[u8]>,
    reader: UserId,
) -> Result<Option<Concern>, Fault> {
    if reporter == Some(reader.as_bytes()) {
        return Ok(Some(Concern::Reporter));
    }
    let joined = joiner::table
        .find((&*conn.adcode, bytes(id.as_bytes()), bytes(reader.as_bytes())))
        .select(joiner::joined_at)
        .first::<i64>(&mut conn.engine)
        .optional()?;
    Ok(joined.map(|_| Concern::Joiner))
}

/// A case, whole; none where the reader neither reported nor joined it.
///
/// # Errors
/// [`Fault`].
pub fn view(conn: &mut Conn, id: CaseId, reader: UserId, city: &City) -> Result<Option<View>, Fault> {
    let file = case_file::table
        .find((&*conn.adcode, bytes(id.as_bytes())))
        .select(CaseFile::as_select())
        .first(&mut conn.engine)
        .optional()?;
    let Some(file) = file else { return Ok(None) };
    let Some(concern) = stands(conn, id, file.reporter.as_deref(), reader)? else { return Ok(None) };
    let Some(history) = History::load(conn, id)? else { return Ok(None) };
    let promise = promised(&history, city);
    let attachments = attachments(conn, id)?;
    let (events, case) = history.present();
    Ok(Some(View { row: file.read()?, concern, case, events, attachments, promise }))
}

pub(super) fn attachments(conn: &mut Conn, id: CaseId) -> Result<Vec<Attachment>, Fault> {
    type Found = (i64, Vec<u8>, String, Option<i64>, crate::media::MediaRow);
    let rows =
        case_attachment::table
            .inner_join(media::table.on(
                media::adcode.eq(case_attachment::adcode).and(media::hash.eq(case_attachment::media_hash)),
            ))
            .filter(case_attachment::adcode.eq(&*conn.adcode))
            .filter(case_attachment::case_id.eq(bytes(id.as_bytes())))
            .order((case_attachment::seq, case_attachment::position))
            .select((
                case_attachment::seq,
                case_attachment::hash,
                case_attachment::role,
                case_attachment::duration_ms,
                crate::media::MediaRow::as_select(),
            ))
            .load::<Found>(&mut conn.engine)?;
    let at = |column| At("case_attachment", column);
    let read = |(seq, hash, role, duration_ms, media): Found| {
        Ok(Attachment {
            seq: at("seq").number(seq)?,
            hash: at("hash").hash(&hash)?,
            role,
            media: media.read()?,
            duration_ms: duration_ms.map(|ms| at("duration_ms").number(ms)).transpose()?,
        })
    };
    rows.into_iter().map(read).collect()
}
