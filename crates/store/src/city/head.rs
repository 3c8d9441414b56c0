//! What a version of the city has besides its parts: its name, its letters, its hotline, and when people work on a day.

use crate::Fault;
use crate::column::{At, Hash, bytes, digest, to_json};
use crate::conn::Conn;
use crate::schema::city;
use diesel::prelude::*;
use woodlark_domain::Timestamp;
use woodlark_domain::clock::{Calendar, WorkSpan, Year};
use woodlark_domain::criterion::Name;

/// The head of a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) letters: String,
    pub(super) name: Name,
    pub(super) hotline: String,
    pub(super) offset_minutes: i32,
    pub(super) spans: Vec<WorkSpan>,
}

impl Head {
    /// The calendar of these years.
    pub(super) fn calendar(&self, years: Vec<Year>) -> Result<Calendar, Fault> {
        Calendar::new(self.offset_minutes, self.spans.clone(), years)
            .map_err(|error| At("city", "work_spans").corrupt(error))
    }

    /// Of these and of the hashes of the parts, in their order.
    pub(super) fn hash(&self, parts: &[Hash]) -> Result<Hash, Fault> {
        let spans = to_json("work_spans", &self.spans)?;
        let offset = self.offset_minutes.to_be_bytes();
        let mut all: Vec<&[u8]> = vec![
            self.letters.as_bytes(),
            self.name.zh.as_bytes(),
            self.name.en.as_bytes(),
            self.hotline.as_bytes(),
            &offset,
            spans.as_bytes(),
        ];
        all.extend(parts.iter().map(|hash| hash.as_slice()));
        Ok(digest(&all))
    }
}

/// The newest version and its head; none before the first import.
pub(super) fn newest(conn: &mut Conn) -> Result<Option<(i64, Head, Timestamp)>, Fault> {
    type Found = (i64, String, String, String, String, i64, String, i64);
    let found = city::table
        .filter(city::adcode.eq(&*conn.adcode))
        .order(city::version.desc())
        .select((
            city::version,
            city::letters,
            city::name_zh,
            city::name_en,
            city::hotline,
            city::offset_minutes,
            city::work_spans,
            city::imported_at,
        ))
        .first::<Found>(&mut conn.engine)
        .optional()?;
    let Some((version, letters, zh, en, hotline, offset, spans, at)) = found else { return Ok(None) };
    let head = Head {
        letters,
        name: Name { zh, en },
        hotline,
        offset_minutes: At("city", "offset_minutes").number(offset)?,
        spans: At("city", "work_spans").json(&spans)?,
    };
    Ok(Some((version, head, Timestamp(at))))
}

/// Keeps a head as that version.
pub(super) fn keep(
    conn: &mut Conn,
    version: i64,
    head: &Head,
    hash: &Hash,
    now: Timestamp,
) -> Result<(), Fault> {
    let row = (
        city::adcode.eq(&*conn.adcode),
        city::version.eq(version),
        city::hash.eq(bytes(hash)),
        city::letters.eq(&head.letters),
        city::name_zh.eq(&head.name.zh),
        city::name_en.eq(&head.name.en),
        city::hotline.eq(&head.hotline),
        city::offset_minutes.eq(i64::from(head.offset_minutes)),
        city::work_spans.eq(to_json("work_spans", &head.spans)?),
        city::imported_at.eq(now.0),
    );
    diesel::insert_into(city::table).values(row).execute(&mut conn.engine)?;
    Ok(())
}
