//! Objects in the store of photos and voices: a row for each, named by the hash of the bytes that are kept.

use crate::Fault;
use crate::cases::{Concern, concern};
use crate::column::{At, bytes, count};
use crate::conn::{Conn, Tx, each};
use crate::schema::{account, case_attachment, event, media};
use diesel::prelude::*;
use woodlark_domain::case::CommandKind;
use woodlark_domain::{CaseId, ContentHash, Timestamp, UserId};

/// A stored photo or voice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Media {
    /// Of the bytes that are kept.
    pub hash: ContentHash,
    /// What they are: `image/jpeg`, `audio/mp4`, …
    pub media_type: String,
    /// Pixels across and down, of a photo.
    pub size: Option<(u32, u32)>,
    /// How many bytes.
    pub bytes: u64,
    /// Its small picture: the hash of its bytes, and how many they are.
    pub thumb: Option<(ContentHash, u64)>,
}

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = media, treat_none_as_default_value = false)]
pub(crate) struct MediaRow {
    adcode: String,
    hash: Vec<u8>,
    media_type: String,
    width: Option<i64>,
    height: Option<i64>,
    bytes: i64,
    thumb_hash: Option<Vec<u8>>,
    thumb_bytes: Option<i64>,
    created_at: i64,
}

impl MediaRow {
    pub(crate) fn read(&self) -> Result<Media, Fault> {
        let at = |column| At("media", column);
        let size = match (self.width, self.height) {
            (Some(width), Some(height)) => Some((at("width").number(width)?, at("height").number(height)?)),
            _ => None,
        };
        let thumb = match (&self.thumb_hash, self.thumb_bytes) {
            (Some(hash), Some(bytes)) => {
                Some((at("thumb_hash").hash(hash)?, at("thumb_bytes").number(bytes)?))
            }
            _ => None,
        };
        Ok(Media {
            hash: at("hash").hash(&self.hash)?,
            media_type: self.media_type.clone(),
            size,
            bytes: at("bytes").number(self.bytes)?,
            thumb,
        })
    }
}

/// Writes an object down, after its bytes were stored; the same object twice is one row.
///
/// # Errors
/// [`Fault`].
pub fn keep(tx: &mut Tx, object: &Media, now: Timestamp) -> Result<(), Fault> {
    let conn: &mut Conn = tx;
    let row = MediaRow {
        adcode: conn.adcode.to_string(),
        hash: bytes(object.hash.as_bytes()),
        media_type: object.media_type.clone(),
        width: object.size.map(|(width, _)| i64::from(width)),
        height: object.size.map(|(_, height)| i64::from(height)),
        bytes: count(object.bytes),
        thumb_hash: object.thumb.map(|(hash, _)| bytes(hash.as_bytes())),
        thumb_bytes: object.thumb.map(|(_, length)| count(length)),
        created_at: now.0,
    };
    each!(conn, c => diesel::insert_into(media::table).values(&row).on_conflict_do_nothing().execute(c))?;
    Ok(())
}

/// An object by the hash of its kept bytes.
///
/// # Errors
/// [`Fault`].
pub fn get(conn: &mut Conn, hash: ContentHash) -> Result<Option<Media>, Fault> {
    let found = media::table
        .find((&*conn.adcode, bytes(hash.as_bytes())))
        .select(MediaRow::as_select())
        .first(&mut conn.engine)
        .optional()?;
    found.map(|row| row.read()).transpose()
}

/// The object behind a case's file, by the name that its sender gave it, for a reader whom the case concerns. A voice
/// is its reporter's alone, and the photo of somebody who contests is theirs.
///
/// # Errors
/// [`Fault`].
pub fn of_case(
    conn: &mut Conn,
    case: CaseId,
    hash: ContentHash,
    reader: UserId,
) -> Result<Option<Media>, Fault> {
    let Some(concern) = concern(conn, case, reader)? else { return Ok(None) };
    let me = Some(bytes(reader.as_bytes()));
    let brought = event::adcode
        .eq(case_attachment::adcode)
        .and(event::case_id.eq(case_attachment::case_id))
        .and(event::seq.eq(case_attachment::seq));
    let theirs = event::user_id.eq(me.clone()).or(account::moved_to.eq(me));
    let found =
        case_attachment::table
            .inner_join(media::table.on(
                media::adcode.eq(case_attachment::adcode).and(media::hash.eq(case_attachment::media_hash)),
            ))
            .inner_join(event::table.on(brought))
            .left_join(account::table.on(event::user_id.eq(account::user_id.nullable())))
            .filter(case_attachment::adcode.eq(&*conn.adcode))
            .filter(case_attachment::case_id.eq(bytes(case.as_bytes())))
            .filter(case_attachment::hash.eq(bytes(hash.as_bytes())))
            .filter(event::kind.ne(CommandKind::Contest.code()).nullable().or(theirs))
            .select((case_attachment::role, MediaRow::as_select()))
            .first::<(String, MediaRow)>(&mut conn.engine)
            .optional()?;
    match found {
        Some((role, _)) if role == "voice" && concern != Concern::Reporter => Ok(None),
        Some((_, row)) => row.read().map(Some),
        None => Ok(None),
    }
}

/// The names of every stored file, small pictures included.
///
/// # Errors
/// [`Fault`].
pub fn all(conn: &mut Conn) -> Result<Vec<ContentHash>, Fault> {
    let rows = media::table
        .filter(media::adcode.eq(&*conn.adcode))
        .select((media::hash, media::thumb_hash))
        .load::<(Vec<u8>, Option<Vec<u8>>)>(&mut conn.engine)?;
    let at = |column| At("media", column);
    rows.iter()
        .flat_map(|(hash, thumb)| [Some(("hash", hash)), thumb.as_ref().map(|thumb| ("thumb_hash", thumb))])
        .flatten()
        .map(|(column, hash)| at(column).hash(hash))
        .collect()
}
