//! One case, whole, for those whom it concerns.

use super::file::{CaseFile, Row};
use super::history::History;
use super::story::{Story, Told};
use crate::Fault;
use crate::accounts::joined_to;
use crate::city::City;
use crate::column::At;
use crate::conn::{Conn, each};
use crate::media::Media;
use crate::schema::{account, case_attachment, case_file, joiner, media};
use diesel::dsl::exists;
use diesel::prelude::*;
use std::ops::Deref;
use std::sync::Arc;
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
    /// What its events come to; what was done by an account that is the reader's now was done by the reader.
    pub story: Arc<Story>,
}

impl Deref for View {
    type Target = Story;
    fn deref(&self) -> &Story {
        &self.story
    }
}

/// How this resident stands to this case; none where it does not concern them, or isn't there.
///
/// # Errors
/// [`Fault`].
pub fn concern(conn: &mut Conn, id: CaseId, reader: UserId) -> Result<Option<Concern>, Fault> {
    let reporter = each!(conn, c => case_file::table
        .find((&*conn.adcode, id.as_bytes().as_slice()))
        .select(case_file::reporter)
        .first::<Option<Vec<u8>>>(c)
        .optional())?;
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
    let joined = each!(conn, c => joiner::table
        .find((&*conn.adcode, id.as_bytes().as_slice(), reader.as_bytes().as_slice()))
        .select(joiner::joined_at)
        .first::<i64>(c)
        .optional())?;
    Ok(joined.map(|_| Concern::Joiner))
}

/// A case, whole; none where the reader neither reported nor joined it.
///
/// # Errors
/// [`Fault`].
pub fn view(conn: &mut Conn, id: CaseId, reader: UserId, city: &City) -> Result<Option<View>, Fault> {
    let me = Some(reader.as_bytes().as_slice());
    // With the row, whether another account was ever joined to the reader's: no second query for most of them.
    let found = each!(conn, c => case_file::table
        .find((&*conn.adcode, id.as_bytes().as_slice()))
        .select((CaseFile::as_select(), exists(account::table.filter(account::moved_to.eq(me)))))
        .first::<(CaseFile, bool)>(c)
        .optional())?;
    let Some((file, has_others)) = found else { return Ok(None) };
    let Some(concern) = stands(conn, id, file.reporter.as_deref(), reader)? else { return Ok(None) };
    let Some(mut story) = story(conn, id, &file, city)? else { return Ok(None) };
    if has_others {
        story = Arc::new(story.as_known_to(reader, &joined_to(conn, reader)?));
    }
    Ok(Some(View { row: file.read()?, concern, story }))
}

/// The story of a case whose row is this: told before, or told now and kept.
fn story(conn: &mut Conn, id: CaseId, file: &CaseFile, city: &City) -> Result<Option<Arc<Story>>, Fault> {
    let told = Told::of(file, city);
    if let Some(story) = conn.stories.as_ref().and_then(|stories| stories.get(id, told)) {
        return Ok(Some(story));
    }
    let Some((history, event_bytes)) = History::written(conn, id)? else { return Ok(None) };
    let attachments = attachments(conn, id)?;
    let story = Arc::new(Story::of(history, attachments, city));
    if let Some(stories) = &conn.stories
        && i64::from(story.case.events) == file.version
    {
        stories.put(id, told, event_bytes, Arc::clone(&story));
    }
    Ok(Some(story))
}

pub(super) fn attachments(conn: &mut Conn, id: CaseId) -> Result<Vec<Attachment>, Fault> {
    type Found = (i64, Vec<u8>, String, Option<i64>, crate::media::MediaRow);
    let rows = each!(conn, c => case_attachment::table
            .inner_join(media::table.on(
                media::adcode.eq(case_attachment::adcode).and(media::hash.eq(case_attachment::media_hash)),
            ))
            .filter(case_attachment::adcode.eq(&*conn.adcode))
            .filter(case_attachment::case_id.eq(id.as_bytes().as_slice()))
            .order((case_attachment::seq, case_attachment::position))
            .select((
                case_attachment::seq,
                case_attachment::hash,
                case_attachment::role,
                case_attachment::duration_ms,
                crate::media::MediaRow::as_select(),
            ))
            .load::<Found>(c))?;
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
