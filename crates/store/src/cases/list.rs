//! Lists: my cases, newest change first, and what changed since.

use super::file::{CaseFile, Row};
use super::view::Concern;
use crate::Fault;
use crate::column::{At, bytes, count};
use crate::conn::{Conn, each};
use crate::schema::{case_file, joiner};
use diesel::prelude::*;
use woodlark_domain::{CaseId, State, Timestamp, UserId};

/// Where the next page begins: after this row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor {
    /// When the last row of the page before was changed.
    pub changed_at: Timestamp,
    /// Which it was.
    pub id: CaseId,
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// The rows, and how the reader stands to each.
    pub rows: Vec<(Row, Concern)>,
    /// Where the next page begins, if there is one.
    pub next: Option<Cursor>,
}

/// The cases that a person reported or joined, newest change first, `most` at a time.
///
/// # Errors
/// [`Fault`].
pub fn mine(conn: &mut Conn, user: UserId, after: Option<Cursor>, most: usize) -> Result<Page, Fault> {
    let wanted = count(most.saturating_add(1));
    let me = bytes(user.as_bytes());
    let (before_at, before_id) = match after {
        Some(cursor) => (cursor.changed_at.0, bytes(cursor.id.as_bytes())),
        None => (i64::MAX, Vec::new()),
    };
    // Two walks of two indices, each as long as the page, rather than a union, which would sort all there is.
    let earlier = || {
        case_file::changed_at
            .lt(before_at)
            .or(case_file::changed_at.eq(before_at).and(case_file::id.lt(before_id.clone())))
    };
    let reported: Vec<CaseFile> = each!(conn, c => case_file::table
        .filter(case_file::adcode.eq(&*conn.adcode))
        .filter(case_file::reporter.eq(&me))
        .filter(case_file::changed_at.le(before_at))
        .filter(earlier())
        .order((case_file::changed_at.desc(), case_file::id.desc()))
        .limit(wanted)
        .select(CaseFile::as_select())
        .load(c))?;
    let joined: Vec<CaseFile> = each!(conn, c => joiner::table
        .inner_join(
            case_file::table.on(case_file::adcode.eq(joiner::adcode).and(case_file::id.eq(joiner::case_id))),
        )
        .filter(joiner::user_id.eq(&me))
        .filter(joiner::adcode.eq(&*conn.adcode))
        .filter(earlier())
        .order((case_file::changed_at.desc(), case_file::id.desc()))
        .limit(wanted)
        .select(CaseFile::as_select())
        .load(c))?;
    let mut files: Vec<(CaseFile, Concern)> =
        reported.into_iter().map(|file| (file, Concern::Reporter)).collect();
    files.extend(joined.into_iter().map(|file| (file, Concern::Joiner)));
    files.sort_by(|(a, _), (b, _)| (b.changed_at, &b.id).cmp(&(a.changed_at, &a.id)));
    let more = files.len() > most;
    files.truncate(most);
    let rows: Vec<(Row, Concern)> =
        files.iter().map(|(file, concern)| Ok((file.read()?, *concern))).collect::<Result<_, Fault>>()?;
    let last = rows.last().filter(|_| more);
    let next = last.map(|(row, _)| Cursor { changed_at: row.changed_at, id: row.id });
    Ok(Page { rows, next })
}

/// The ids of all cases that a person reported or joined, newest change first.
///
/// # Errors
/// [`Fault`].
pub fn all_mine(conn: &mut Conn, user: UserId) -> Result<Vec<CaseId>, Fault> {
    let me = bytes(user.as_bytes());
    let mut found: Vec<(i64, Vec<u8>)> = case_file::table
        .filter(case_file::adcode.eq(&*conn.adcode))
        .filter(case_file::reporter.eq(&me))
        .select((case_file::changed_at, case_file::id))
        .load(&mut conn.engine)?;
    found.extend(
        joiner::table
            .inner_join(
                case_file::table
                    .on(case_file::adcode.eq(joiner::adcode).and(case_file::id.eq(joiner::case_id))),
            )
            .filter(joiner::user_id.eq(&me))
            .filter(joiner::adcode.eq(&*conn.adcode))
            .select((case_file::changed_at, case_file::id))
            .load::<(i64, Vec<u8>)>(&mut conn.engine)?,
    );
    found.sort_by(|one, other| other.cmp(one));
    found.iter().map(|(_, id)| At("case_file", "id").case(id)).collect()
}

/// A case that changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// Which.
    pub id: CaseId,
    /// Events so far.
    pub version: u32,
    /// Where it stands.
    pub state: State,
    /// When it changed.
    pub changed_at: Timestamp,
}

/// Those of a person's cases that changed after a moment, oldest change first, at most `most`.
///
/// # Errors
/// [`Fault`].
pub fn changed_since(
    conn: &mut Conn,
    user: UserId,
    since: Timestamp,
    most: usize,
) -> Result<Vec<Change>, Fault> {
    type Found = (i64, Vec<u8>, i64, String);
    let me = bytes(user.as_bytes());
    let columns = (case_file::changed_at, case_file::id, case_file::version, case_file::state);
    let mut found = case_file::table
        .filter(case_file::adcode.eq(&*conn.adcode))
        .filter(case_file::reporter.eq(&me))
        .filter(case_file::changed_at.gt(since.0))
        .order((case_file::changed_at, case_file::id))
        .limit(count(most))
        .select(columns)
        .load::<Found>(&mut conn.engine)?;
    let joined = joiner::table
        .inner_join(
            case_file::table.on(case_file::adcode.eq(joiner::adcode).and(case_file::id.eq(joiner::case_id))),
        )
        .filter(joiner::user_id.eq(&me))
        .filter(joiner::adcode.eq(&*conn.adcode))
        .filter(case_file::changed_at.gt(since.0))
        .order((case_file::changed_at, case_file::id))
        .limit(count(most))
        .select(columns)
        .load::<Found>(&mut conn.engine)?;
    found.extend(joined);
    found.sort();
    found.truncate(most);
    let read = |(changed_at, id, version, state): Found| {
        Ok(Change {
            id: At("case_file", "id").case(&id)?,
            version: At("case_file", "version").number(version)?,
            state: At("case_file", "state").code(&state, State::from_code)?,
            changed_at: Timestamp(changed_at),
        })
    };
    found.into_iter().map(read).collect()
}
