//! What everyone may see of a neighbourhood: what is open there, or was closed in the last days. Never who reported it, and
//! nothing that its reporter keeps private or that nobody has filed yet.

use super::file::{CaseFile, Row};
use crate::Fault;
use crate::column::{bytes, count};
use crate::conn::Conn;
use crate::schema::{case_file, joiner};
use diesel::prelude::*;
use woodlark_domain::place::{box_around, cell_runs, metres};
use woodlark_domain::{Kind, Position, State, Timestamp, UserId, Visibility};

/// Rows that one run of cells is asked for: more than stand on one map.
const PER_RUN: usize = 200;
/// Cases closed in the last days that are looked at.
const LATELY: usize = 200;
/// For how long a closed case is shown to its neighbours.
const LATELY_DAYS: i64 = 7;
/// States that neighbours see while a case is open: filed at least.
const OPEN: [State; 5] =
    [State::Filed, State::Dispatched, State::Handling, State::Verifying, State::Deferred];

/// What neighbours ask for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sought {
    /// Round this place, WGS-84.
    pub at: Position,
    /// So far, in metres; at most 5,000.
    pub metres: f64,
    /// Of this kind alone.
    pub kind: Option<Kind>,
    /// What was closed in the last days, and not what is open.
    pub done: bool,
}

/// A case nearby.
#[derive(Debug, Clone, PartialEq)]
pub struct Near {
    /// The case.
    pub row: Row,
    /// Where it is.
    pub at: Position,
    /// How far away, in metres.
    pub metres: f64,
    /// The reader reported or joined it.
    pub mine: bool,
}

/// Cases nearby, nearest first, at most `most`.
///
/// # Errors
/// [`Fault`].
pub fn near(
    conn: &mut Conn,
    sought: &Sought,
    reader: Option<UserId>,
    now: Timestamp,
    most: usize,
) -> Result<Vec<Near>, Fault> {
    let files = if sought.done { done(conn, sought, now)? } else { open(conn, sought)? };
    let mut found: Vec<(CaseFile, Position, f64)> = Vec::with_capacity(files.len());
    for file in files {
        let (Some(lon), Some(lat)) = (file.lon, file.lat) else { continue };
        let Ok(at) = Position::new(lon, lat) else { continue };
        let far = metres(sought.at, at);
        if far <= sought.metres {
            found.push((file, at, far));
        }
    }
    found.sort_by(|(a, _, near), (b, _, far)| near.total_cmp(far).then_with(|| a.id.cmp(&b.id)));
    found.truncate(most);
    found
        .into_iter()
        .map(|(file, at, metres)| {
            let mine = is_mine(conn, &file, reader)?;
            Ok(Near { row: file.read()?, at, metres, mine })
        })
        .collect()
}

fn open(conn: &mut Conn, sought: &Sought) -> Result<Vec<CaseFile>, Fault> {
    let [west, south, east, north] = box_around(sought.at, sought.metres);
    let states = OPEN.map(State::code);
    let mut files = Vec::new();
    for (first, last) in cell_runs(sought.at, sought.metres) {
        let rows = case_file::table
            .filter(case_file::adcode.eq(&*conn.adcode))
            .filter(case_file::cell.between(first, last))
            .filter(case_file::due_at.is_not_null())
            .filter(case_file::lat.between(south, north))
            .filter(case_file::lon.between(west, east))
            .filter(case_file::visibility.eq(Visibility::Public.code()))
            .filter(case_file::state.eq_any(states))
            .limit(count(PER_RUN))
            .select(CaseFile::as_select())
            .into_boxed();
        let rows = match sought.kind {
            Some(kind) => rows.filter(case_file::kind.eq(kind.code())),
            None => rows,
        };
        files.extend(rows.load(&mut conn.engine)?);
    }
    Ok(files)
}

fn done(conn: &mut Conn, sought: &Sought, now: Timestamp) -> Result<Vec<CaseFile>, Fault> {
    let [west, south, east, north] = box_around(sought.at, sought.metres);
    let rows = case_file::table
        .filter(case_file::adcode.eq(&*conn.adcode))
        .filter(case_file::closed_at.ge(now.plus(-LATELY_DAYS * Timestamp::DAY).0))
        .filter(case_file::lat.between(south, north))
        .filter(case_file::lon.between(west, east))
        .filter(case_file::visibility.eq(Visibility::Public.code()))
        .order(case_file::closed_at.desc())
        .limit(count(LATELY))
        .select(CaseFile::as_select())
        .into_boxed();
    let rows = match sought.kind {
        Some(kind) => rows.filter(case_file::kind.eq(kind.code())),
        None => rows,
    };
    Ok(rows.load(&mut conn.engine)?)
}

fn is_mine(conn: &mut Conn, file: &CaseFile, reader: Option<UserId>) -> Result<bool, Fault> {
    let Some(reader) = reader else { return Ok(false) };
    if file.reporter.as_deref() == Some(reader.as_bytes().as_slice()) {
        return Ok(true);
    }
    let joined = joiner::table
        .find((&*conn.adcode, &file.id, bytes(reader.as_bytes())))
        .select(joiner::joined_at)
        .first::<i64>(&mut conn.engine)
        .optional()?;
    Ok(joined.is_some())
}
