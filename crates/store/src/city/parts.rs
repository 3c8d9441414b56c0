//! The parts of the city's data and their versions. A version is a row that is never altered; the city names one of each.

use super::head::{self, Head};
use crate::Fault;
use crate::column::{At, Hash, bytes, count, digest, to_json};
use crate::conn::Conn;
use crate::schema::{city_made_of, city_part};
use diesel::prelude::*;
use std::collections::BTreeMap;
use woodlark_domain::city::{Content, Part};
use woodlark_domain::{ContentHash, Timestamp, UserId};

/// Versions that are listed at most.
const LISTED: i64 = 500;

/// A version of a part, without what it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartVersion {
    /// Of which part.
    pub part: Part,
    /// Counted from 1.
    pub number: u32,
    /// Of what it holds.
    pub hash: ContentHash,
    /// How many things it holds.
    pub rows: u64,
    /// What was said beside it.
    pub note: String,
    /// Who applied it; none for the program itself.
    pub by: Option<UserId>,
    /// When.
    pub at: Timestamp,
    /// The version that was brought back with it.
    pub restored: Option<u32>,
}

/// What a content's body and hash are.
pub(super) fn body(content: &Content) -> Result<(String, Hash), Fault> {
    let what = content.part().code();
    let body = match content {
        Content::Areas(all) => to_json(what, all),
        Content::Departments(all) => to_json(what, all),
        Content::Categories(all) => to_json(what, all),
        Content::Rules(all) => to_json(what, all),
        Content::Calendar(all) => to_json(what, all),
        Content::Templates(all) => to_json(what, all),
        Content::Rewards(all) => to_json(what, all),
        Content::Entries(all) => to_json(what, all),
        Content::Terms(all) => to_json(what, all),
        Content::Gifts(all) => to_json(what, all),
    }?;
    let hash = digest(&[what.as_bytes(), body.as_bytes()]);
    Ok((body, hash))
}

/// What names a content: two that hold the same have the same.
///
/// # Errors
/// [`Fault`] where it can't be written as JSON.
pub fn hash_of(content: &Content) -> Result<ContentHash, Fault> {
    body(content).map(|(_, hash)| ContentHash::from_bytes(hash))
}

fn read(part: Part, body: &str) -> Result<Content, Fault> {
    let at = At("city_part", part.code());
    Ok(match part {
        Part::Areas => Content::Areas(at.json(body)?),
        Part::Departments => Content::Departments(at.json(body)?),
        Part::Categories => Content::Categories(at.json(body)?),
        Part::Rules => Content::Rules(at.json(body)?),
        Part::Calendar => Content::Calendar(at.json(body)?),
        Part::Templates => Content::Templates(at.json(body)?),
        Part::Rewards => Content::Rewards(at.json(body)?),
        Part::Entries => Content::Entries(at.json(body)?),
        Part::Terms => Content::Terms(at.json(body)?),
        Part::Gifts => Content::Gifts(at.json(body)?),
    })
}

/// What a version holds; none where there is no such version.
///
/// # Errors
/// [`Fault`].
pub fn content(conn: &mut Conn, part: Part, number: u32) -> Result<Option<Content>, Fault> {
    let row = city_part::table.find((&*conn.adcode, part.code(), i64::from(number))).select(city_part::body);
    let found = row.first::<String>(&mut conn.engine).optional()?;
    found.map(|body| read(part, &body)).transpose()
}

type Found = (String, i64, Vec<u8>, i64, String, Option<Vec<u8>>, i64, Option<i64>);

fn version((part, number, hash, rows, note, user, at, restored): Found) -> Result<PartVersion, Fault> {
    let column = |column| At("city_part", column);
    Ok(PartVersion {
        part: column("part").code(&part, Part::from_code)?,
        number: column("number").number(number)?,
        hash: column("hash").hash(&hash)?,
        rows: column("rows").number(rows)?,
        note,
        by: user.as_deref().map(|user| column("user_id").user(user)).transpose()?,
        at: Timestamp(at),
        restored: restored.map(|number| column("restored").number(number)).transpose()?,
    })
}

/// The version of each part that a version of the city is made of, in the order of [`Part::ALL`]; none of a version that
/// is older than the parts.
pub(super) fn made_of(conn: &mut Conn, of: i64) -> Result<Vec<PartVersion>, Fault> {
    let rows = city_part::table
        .inner_join(
            city_made_of::table.on(city_made_of::adcode
                .eq(city_part::adcode)
                .and(city_made_of::part.eq(city_part::part))
                .and(city_made_of::number.eq(city_part::number))),
        )
        .filter(city_made_of::adcode.eq(&*conn.adcode))
        .filter(city_made_of::version.eq(of))
        .select((
            city_part::part,
            city_part::number,
            city_part::hash,
            city_part::rows,
            city_part::note,
            city_part::user_id,
            city_part::at,
            city_part::restored,
        ))
        .load::<Found>(&mut conn.engine)?;
    let mut versions: Vec<PartVersion> = rows.into_iter().map(version).collect::<Result<_, _>>()?;
    versions.sort_by_key(|version| version.part);
    Ok(versions)
}

/// The version of each part that stands.
///
/// # Errors
/// [`Fault`].
pub fn parts(conn: &mut Conn) -> Result<Vec<PartVersion>, Fault> {
    match head::newest(conn)? {
        Some((version, ..)) => made_of(conn, version),
        None => Ok(Vec::new()),
    }
}

/// The versions of a part, latest first.
///
/// # Errors
/// [`Fault`].
pub fn versions(conn: &mut Conn, part: Part) -> Result<Vec<PartVersion>, Fault> {
    let rows = city_part::table
        .filter(city_part::adcode.eq(&*conn.adcode))
        .filter(city_part::part.eq(part.code()))
        .order(city_part::number.desc())
        .limit(LISTED)
        .select((
            city_part::part,
            city_part::number,
            city_part::hash,
            city_part::rows,
            city_part::note,
            city_part::user_id,
            city_part::at,
            city_part::restored,
        ))
        .load::<Found>(&mut conn.engine)?;
    rows.into_iter().map(version).collect()
}

/// What is said beside a new version.
pub(super) struct Beside<'a> {
    pub(super) note: &'a str,
    pub(super) by: Option<UserId>,
    pub(super) at: Timestamp,
    pub(super) restored: Option<u32>,
}

/// Keeps a content as the next version of its part.
pub(super) fn keep(conn: &mut Conn, content: &Content, beside: &Beside<'_>) -> Result<PartVersion, Fault> {
    let part = content.part();
    let (body, hash) = body(content)?;
    let numbers = city_part::table
        .filter(city_part::adcode.eq(&*conn.adcode))
        .filter(city_part::part.eq(part.code()))
        .select(diesel::dsl::max(city_part::number));
    let last = numbers.first::<Option<i64>>(&mut conn.engine)?.unwrap_or(0);
    let number = At("city_part", "number").number(last + 1)?;
    let row = (
        city_part::adcode.eq(&*conn.adcode),
        city_part::part.eq(part.code()),
        city_part::number.eq(last + 1),
        city_part::hash.eq(bytes(&hash)),
        city_part::body.eq(body),
        city_part::rows.eq(count(content.len())),
        city_part::note.eq(beside.note),
        city_part::user_id.eq(beside.by.map(|user| bytes(user.as_bytes()))),
        city_part::at.eq(beside.at.0),
        city_part::restored.eq(beside.restored.map(i64::from)),
    );
    diesel::insert_into(city_part::table).values(row).execute(&mut conn.engine)?;
    Ok(PartVersion {
        part,
        number,
        hash: ContentHash::from_bytes(hash),
        rows: content.len() as u64,
        note: beside.note.to_owned(),
        by: beside.by,
        at: beside.at,
        restored: beside.restored,
    })
}

/// Makes a version of the city out of versions of its parts.
pub(super) fn compose(
    conn: &mut Conn,
    version: i64,
    head: &Head,
    parts: &BTreeMap<Part, PartVersion>,
    now: Timestamp,
) -> Result<(), Fault> {
    let hashes: Vec<Hash> = parts.values().map(|one| *one.hash.as_bytes()).collect();
    head::keep(conn, version, head, &head.hash(&hashes)?, now)?;
    name(conn, version, parts)
}

/// Writes down which versions of the parts a version of the city is made of.
pub(super) fn name(conn: &mut Conn, version: i64, parts: &BTreeMap<Part, PartVersion>) -> Result<(), Fault> {
    for one in parts.values() {
        let row = (
            city_made_of::adcode.eq(&*conn.adcode),
            city_made_of::version.eq(version),
            city_made_of::part.eq(one.part.code()),
            city_made_of::number.eq(i64::from(one.number)),
        );
        diesel::insert_into(city_made_of::table).values(row).execute(&mut conn.engine)?;
    }
    Ok(())
}

/// Every version's body is what its hash says. Gives those of which it is not.
///
/// # Errors
/// [`Fault`].
pub(crate) fn altered(conn: &mut Conn) -> Result<Vec<String>, Fault> {
    let rows = city_part::table
        .filter(city_part::adcode.eq(&*conn.adcode))
        .order((city_part::part, city_part::number))
        .select((city_part::part, city_part::number))
        .load::<(String, i64)>(&mut conn.engine)?;
    let mut wrong = Vec::new();
    for (part, number) in rows {
        // One by one: an outline of every grid is large.
        let row = city_part::table
            .find((&*conn.adcode, &part, number))
            .select((city_part::body, city_part::hash))
            .first::<(String, Vec<u8>)>(&mut conn.engine)?;
        if digest(&[part.as_bytes(), row.0.as_bytes()]).as_slice() != row.1 {
            wrong.push(format!("version {number} of {part} is not what its hash says"));
        }
    }
    Ok(wrong)
}
