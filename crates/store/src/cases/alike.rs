//! Cases like the one being written: found by the cells round its position, judged by the rules.

use super::file::{CaseFile, Row};
use crate::Fault;
use crate::column::{At, bytes};
use crate::conn::Conn;
use crate::schema::{case_file, joiner};
use diesel::prelude::*;
use woodlark_domain::alike::{Candidate, Sought, rank};
use woodlark_domain::limits::{ALIKE_DAYS, ALIKE_METRES};
use woodlark_domain::place::{box_around, cells_around};
use woodlark_domain::{Kind, Position, State, Timestamp, UserId, Visibility};

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
    let [west, south, east, north] = box_around(sought.position, ALIKE_METRES);
    let mut candidates = Vec::new();
    // One walk of the index a cell, at most nine: each is a statement that stays prepared. What lies outside the box is
    // passed over in the index already.
    for cell in cells_around(sought.position, ALIKE_METRES) {
        let of_cell = case_file::table
            .filter(case_file::adcode.eq(&*conn.adcode))
            .filter(case_file::kind.eq(sought.kind.code()))
            .filter(case_file::cell.eq(cell))
            .filter(case_file::received_at.ge(since))
            .filter(case_file::lat.between(south, north))
            .filter(case_file::lon.between(west, east))
            .order(case_file::received_at.desc())
            .limit(PER_CELL)
            .select((
                case_file::id,
                case_file::category,
                case_file::lon.assume_not_null(),
                case_file::lat.assume_not_null(),
                case_file::state,
                case_file::received_at,
            ))
            .load::<Found>(&mut conn.engine)?;
        for found in of_cell {
            candidates.push(candidate(sought.kind, found)?);
        }
    }
    let mut found = Vec::new();
    for (candidate, metres) in rank(sought, &candidates, now) {
        if found.len() >= most {
            break;
        }
        let row = case_file::table
            .find((&*conn.adcode, bytes(candidate.id.as_bytes())))
            .select(CaseFile::as_select())
            .first(&mut conn.engine)?
            .read()?;
        let mine = row.reporter.is_some() && row.reporter == reader || has_joined(conn, &row, me.as_deref())?;
        if mine || row.visibility == Visibility::Public {
            found.push(Alike { row, metres, mine });
        }
    }
    Ok(found)
}

/// Id, category, longitude, latitude, state, and when it came in.
type Found = (Vec<u8>, Option<String>, f64, f64, String, i64);

fn candidate(kind: Kind, (id, category, lon, lat, state, received_at): Found) -> Result<Candidate, Fault> {
    let at = |column| At("case_file", column);
    Ok(Candidate {
        id: at("id").case(&id)?,
        kind,
        category: at("category").text_if(category.as_deref())?,
        position: Position::new(lon, lat).map_err(|error| at("lon").corrupt(error))?,
        state: at("state").code(&state, State::from_code)?,
        reported_at: Timestamp(received_at),
    })
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
