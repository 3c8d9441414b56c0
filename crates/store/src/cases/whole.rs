//! One case, whole, for staff. Whether this member of staff may see it is the caller's question, asked with the case in hand.

use super::file::{CaseFile, Row};
use super::history::History;
use super::reckoned::promised;
use super::view::{Attachment, attachments};
use crate::Fault;
use crate::approvals::{self, Approval};
use crate::city::City;
use crate::column::{At, bytes};
use crate::conn::Conn;
use crate::schema::{case_file, event};
use diesel::prelude::*;
use std::collections::BTreeMap;
use woodlark_domain::case::{Case, CommandKind, Event};
use woodlark_domain::clock::Promise;
use woodlark_domain::{CaseId, ContentHash};

/// A case, whole.
#[derive(Debug, Clone)]
pub struct Whole {
    /// As a list shows it.
    pub row: Row,
    /// The fold of its events: what the rules ask about.
    pub case: Case,
    /// What happened, oldest first.
    pub events: Vec<Event>,
    /// Its files, in order.
    pub attachments: Vec<Attachment>,
    /// What was decided of its photos.
    pub approvals: BTreeMap<ContentHash, Approval>,
    /// What its reporter is promised, and how that moved.
    pub promise: Option<Promise>,
}

/// A case, whole; none where there is none.
///
/// # Errors
/// [`Fault`].
pub fn whole(conn: &mut Conn, id: CaseId, city: &City) -> Result<Option<Whole>, Fault> {
    let file = case_file::table
        .find((&*conn.adcode, bytes(id.as_bytes())))
        .select(CaseFile::as_select())
        .first(&mut conn.engine)
        .optional()?;
    let Some(file) = file else { return Ok(None) };
    let Some(history) = History::load(conn, id)? else { return Ok(None) };
    let promise = promised(&history, city);
    let attachments = attachments(conn, id)?;
    let approvals = approvals::of_case(conn, id)?;
    let History { events, case } = history;
    Ok(Some(Whole { row: file.read()?, case, events, attachments, approvals, promise }))
}

/// A case as a list shows it; none where there is none.
///
/// # Errors
/// [`Fault`].
pub fn row(conn: &mut Conn, id: CaseId) -> Result<Option<Row>, Fault> {
    let file = case_file::table
        .find((&*conn.adcode, bytes(id.as_bytes())))
        .select(CaseFile::as_select())
        .first(&mut conn.engine)
        .optional()?;
    file.map(|file| file.read()).transpose()
}

/// The case of a public number, in capitals or not.
///
/// # Errors
/// [`Fault`].
pub fn of_number(conn: &mut Conn, number: &str) -> Result<Option<CaseId>, Fault> {
    let found = case_file::table
        .filter(case_file::adcode.eq(&*conn.adcode))
        .filter(case_file::number.eq(number.to_uppercase()))
        .select(case_file::id)
        .first::<Vec<u8>>(&mut conn.engine)
        .optional()?;
    found.map(|id| At("case_file", "id").case(&id)).transpose()
}

/// Whether a case has moved on since a version was seen. That residents joined or rated it changes nothing that staff decide.
///
/// # Errors
/// [`Fault`].
pub fn moved(conn: &mut Conn, id: CaseId, seen: u32) -> Result<bool, Fault> {
    let quiet = [CommandKind::Join.code(), CommandKind::Rate.code()];
    let since = event::table
        .filter(event::adcode.eq(&*conn.adcode))
        .filter(event::case_id.eq(bytes(id.as_bytes())))
        .filter(event::seq.gt(i64::from(seen)))
        .filter(event::kind.ne_all(quiet))
        .select(event::seq)
        .first::<i64>(&mut conn.engine)
        .optional()?;
    Ok(since.is_some())
}
