//! Cases like the one being written: found by the cells round its position, judged by the rules.

use crate::Fault;
use crate::column::At;
use crate::conn::{Conn, each};
use crate::schema::{case_file, joiner};
use diesel::prelude::*;
use woodlark_domain::alike::{Candidate, Sought, rank};
use woodlark_domain::limits::{ALIKE_DAYS, ALIKE_METRES};
use woodlark_domain::place::{box_around, cells_around};
use woodlark_domain::{CaseId, CategoryCode, Kind, Position, State, Timestamp, UserId, Visibility};

/// A case like the one being written.
#[derive(Debug, Clone, PartialEq)]
pub struct Alike {
    /// Its id.
    pub id: CaseId,
    /// What it is, as filed or as reported.
    pub category: Option<CategoryCode>,
    /// Where it stands.
    pub state: State,
    /// When the server took it.
    pub received_at: Timestamp,
    /// How many others met it.
    pub joiners: u32,
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
    let me = reader.as_ref().map(|user| user.as_bytes().as_slice());
    let since = now.plus(-ALIKE_DAYS * Timestamp::DAY).0;
    let [west, south, east, north] = box_around(sought.position, ALIKE_METRES);
    let mut rows = Vec::new();
    // One walk of the index a cell, at most nine: each is a statement that stays prepared. The walk is over the index as a
    // table of its own: otherwise SQLite looks each row up in the table before it looks whether it lies in the box.
    let near = diesel::alias!(case_file as near);
    let is_this = || {
        let id = near.field(case_file::id).eq(case_file::id);
        near.field(case_file::adcode).eq(case_file::adcode).and(id)
    };
    for cell in cells_around(sought.position, ALIKE_METRES) {
        rows.extend(each!(conn, c => near
            .inner_join(case_file::table.on(is_this()))
            .filter(near.field(case_file::adcode).eq(&*conn.adcode))
            .filter(near.field(case_file::kind).eq(sought.kind.code()))
            .filter(near.field(case_file::cell).eq(cell))
            .filter(near.field(case_file::received_at).ge(since))
            .filter(near.field(case_file::lat).between(south, north))
            .filter(near.field(case_file::lon).between(west, east))
            .order(near.field(case_file::received_at).desc())
            .limit(PER_CELL)
            .select(Near::as_select())
            .load(c))?);
    }
    let candidates: Vec<Candidate> =
        rows.iter().map(|row| row.candidate(sought.kind)).collect::<Result<_, Fault>>()?;
    let mut found = Vec::new();
    for (candidate, metres) in rank(sought, &candidates, now) {
        if found.len() >= most {
            break;
        }
        let Some(row) = rows.iter().find(|row| row.id == candidate.id.as_bytes()) else { continue };
        let reported = row.reporter.as_deref().zip(me).is_some_and(|(theirs, mine)| theirs == mine);
        let mine = reported || row.joiners > 0 && has_joined(conn, candidate.id, reader)?;
        if mine || row.visibility == Visibility::Public.code() {
            found.push(Alike {
                id: candidate.id,
                category: candidate.category.clone(),
                state: candidate.state,
                received_at: candidate.reported_at,
                joiners: At("case_file", "joiners").number(row.joiners)?,
                metres,
                mine,
            });
        }
    }
    Ok(found)
}

/// Of a case near by, all that decides whether and how it is shown.
#[derive(Queryable, Selectable)]
#[diesel(table_name = case_file)]
struct Near {
    id: Vec<u8>,
    category: Option<String>,
    lon: Option<f64>,
    lat: Option<f64>,
    state: String,
    received_at: i64,
    visibility: String,
    reporter: Option<Vec<u8>>,
    joiners: i64,
}

impl Near {
    fn candidate(&self, kind: Kind) -> Result<Candidate, Fault> {
        let at = |column| At("case_file", column);
        let (lon, lat) = self.lon.zip(self.lat).ok_or_else(|| at("lon").corrupt(&self.id))?;
        Ok(Candidate {
            id: at("id").case(&self.id)?,
            kind,
            category: at("category").text_if(self.category.as_deref())?,
            position: Position::new(lon, lat).map_err(|error| at("lon").corrupt(error))?,
            state: at("state").code(&self.state, State::from_code)?,
            reported_at: Timestamp(self.received_at),
        })
    }
}

fn has_joined(conn: &mut Conn, case: CaseId, reader: Option<UserId>) -> Result<bool, Fault> {
    let Some(reader) = reader else { return Ok(false) };
    let joined = each!(conn, c => joiner::table
        .find((&*conn.adcode, case.as_bytes().as_slice(), reader.as_bytes().as_slice()))
        .select(joiner::joined_at)
        .first::<i64>(c)
        .optional())?;
    Ok(joined.is_some())
}
