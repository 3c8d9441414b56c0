//! Cases like the one being written: found by the cells round its position, judged by the rules.

use super::file::{CaseFile, Row};
use crate::Fault;
use crate::column::bytes;
use crate::conn::Conn;
use crate::schema::{case_file, joiner};
use diesel::prelude::*;
use woodlark_domain::alike::{Candidate, Sought, rank};
use woodlark_domain::limits::{ALIKE_DAYS, ALIKE_METRES};
use woodlark_domain::place::cells_around;
use woodlark_domain::{Timestamp, UserId, Visibility};

/// A case like the one being written.
#[derive(Debug, Clone, PartialEq)]
pub struct Alike {
    /// The case.
    pub row: Row,
    /// How far away, in metres.
    pub metres: f64,
    /// The reader reported or joined it already.
    pub mine: bool,
}

/// Cases that one cell is asked for: enough for any real street, and a bound on the work.
const PER_CELL: i64 = 64;

/// Cases like what is sought, likeliest first, at most `most`. A private one is found by its own people only.
///
/// # Errors
/// [`Fault`].
pub fn alike(
    conn: &mut Conn,
    sought: &Sought,
    reader: Option<UserId>,
    now: Timestamp,
    most: usize,
) -> Result<Vec<Alike>, Fault> {
    let me = reader.map(|user| bytes(user.as_bytes()));
    let since = now.plus(-ALIKE_DAYS * Timestamp::DAY).0;
    let mut files = Vec::new();
    // One walk of the index a cell, at most nine: each is a statement that stays prepared.
    for cell in cells_around(sought.position, ALIKE_METRES) {
        let of_cell = case_file::table
            .filter(case_file::adcode.eq(&*conn.adcode))
            .filter(case_file::kind.eq(sought.kind.code()))
            .filter(case_file::cell.eq(cell))
            .filter(case_file::received_at.ge(since))
            .order(case_file::received_at.desc())
            .limit(PER_CELL)
            .select(CaseFile::as_select())
            .load(&mut conn.engine)?;
        files.extend(of_cell);
    }
    let mut rows = Vec::new();
    for file in &files {
        let row = file.read()?;
        if let Some(position) = row.position {
            let candidate = Candidate {
                id: row.id,
                kind: row.kind,
                category: row.category.clone(),
                position,
                state: row.state,
                reported_at: row.received_at,
            };
            rows.push((candidate, row));
        }
    }
    let ranked = rank(sought, rows.iter().map(|(candidate, _)| candidate), now);
    let mut found = Vec::new();
    for (candidate, metres) in ranked {
        if found.len() >= most {
            break;
        }
        let Some((_, row)) = rows.iter().find(|(one, _)| one.id == candidate.id) else { continue };
        let mine = row.reporter.is_some() && row.reporter == reader || has_joined(conn, row, me.as_deref())?;
        if mine || row.visibility == Visibility::Public {
            found.push(Alike { row: row.clone(), metres, mine });
        }
    }
    Ok(found)
}

fn has_joined(conn: &mut Conn, row: &Row, me: Option<&[u8]>) -> Result<bool, Fault> {
    let Some(me) = me else { return Ok(false) };
    if row.joiners == 0 {
        return Ok(false);
    }
    let joined = joiner::table
        .find((&*conn.adcode, bytes(row.id.as_bytes()), me))
        .select(joiner::joined_at)
        .first::<i64>(&mut conn.engine)
        .optional()?;
    Ok(joined.is_some())
}
