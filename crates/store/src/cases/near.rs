//! What everyone may see of a neighbourhood: what is open there, or was closed in the last days. Never who reported it, and
//! nothing that its reporter keeps private or that nobody has filed yet.

use crate::Fault;
use crate::column::{At, bytes, count};
use crate::conn::Conn;
use crate::prepared::among;
use crate::schema::{case_file, joiner};
use diesel::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use woodlark_domain::place::{box_around, cell_runs, metres};
use woodlark_domain::{
    CaseId, CategoryCode, ContentHash, Kind, Position, State, Timestamp, UserId, Visibility,
};

/// Places that one run of cells is asked for: so many lie there only where something went wrong, and even then nobody waits.
const PER_RUN: usize = 5_000;
/// The first circle that is looked through, in metres: half a cell.
const FIRST_METRES: f64 = 110.0;
/// How much farther the next one reaches.
const GROWS: f64 = 2.0;
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
    /// What lies behind this, where a page ended.
    pub after: Option<Edge>,
}

/// How far a page reached: a distance in metres and, of the cases that are just as far, the last one's id.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Edge {
    /// How far away the last case was, in metres, to the last bit.
    pub metres: f64,
    /// The last case.
    pub id: CaseId,
}

/// A case nearby: what neighbours are shown of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Near {
    /// Its id.
    pub id: CaseId,
    /// What it is.
    pub kind: Kind,
    /// Where it stands.
    pub state: State,
    /// What it is, as filed or as reported.
    pub category: Option<CategoryCode>,
    /// What was written, as lists show it.
    pub words: String,
    /// The first photo, by the name that its reporter gave it.
    pub photo: Option<ContentHash>,
    /// How many others met it.
    pub joiners: u32,
    /// When the server took it.
    pub received_at: Timestamp,
    /// When it was filed.
    pub filed_at: Option<Timestamp>,
    /// Where it is.
    pub at: Position,
    /// How far away, in metres.
    pub metres: f64,
    /// The reader reported or joined it.
    pub mine: bool,
}

/// The columns of that, and no others: they are read for every case of a page.
#[derive(Queryable, Selectable)]
#[diesel(table_name = case_file)]
struct NearFile {
    id: Vec<u8>,
    kind: String,
    state: String,
    category: Option<String>,
    words: String,
    photo: Option<Vec<u8>>,
    reporter: Option<Vec<u8>>,
    joiners: i64,
    received_at: i64,
    filed_at: Option<i64>,
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
    let places = if sought.done { done(conn, sought, now)? } else { open(conn, sought, most)? };
    let nearest = nearest(&places, sought, sought.metres, most);
    let ids: Vec<Vec<u8>> = nearest.iter().map(|(id, ..)| id.clone()).collect();
    let joined = joined(conn, &ids, reader)?;
    let files: Vec<NearFile> = case_file::table
        .filter(case_file::adcode.eq(&*conn.adcode))
        .filter(among(case_file::id, &ids))
        .select(NearFile::as_select())
        .load(&mut conn.engine)?;
    let mut files: BTreeMap<Vec<u8>, NearFile> =
        files.into_iter().map(|file| (file.id.clone(), file)).collect();
    let found = nearest.iter().filter_map(|(id, at, metres)| Some((files.remove(id)?, *at, *metres)));
    found
        .map(|(file, at, metres)| {
            let own =
                reader.is_some_and(|reader| file.reporter.as_deref() == Some(reader.as_bytes().as_slice()));
            let mine = own || joined.contains(&file.id);
            file.read(at, metres, mine)
        })
        .collect()
}

impl NearFile {
    fn read(self, at: Position, metres: f64, mine: bool) -> Result<Near, Fault> {
        let column = |column| At("case_file", column);
        Ok(Near {
            id: column("id").case(&self.id)?,
            kind: column("kind").code(&self.kind, Kind::from_code)?,
            state: column("state").code(&self.state, State::from_code)?,
            category: column("category").text_if(self.category.as_deref())?,
            words: self.words,
            photo: self.photo.map(|hash| column("photo").hash(&hash)).transpose()?,
            joiners: column("joiners").number(self.joiners)?,
            received_at: Timestamp(self.received_at),
            filed_at: self.filed_at.map(Timestamp),
            at,
            metres,
            mine,
        })
    }
}

/// A case's id, its longitude and its latitude.
type Place = (Vec<u8>, Option<f64>, Option<f64>);

/// The nearest of these within so many metres and behind where the page before ended, nearest first, each with where and how
/// far away it is.
fn nearest(places: &[Place], sought: &Sought, within: f64, most: usize) -> Vec<(Vec<u8>, Position, f64)> {
    let behind = |far: f64, id: &[u8]| {
        sought.after.is_none_or(|edge| {
            let by_id = || id.cmp(edge.id.as_bytes().as_slice());
            far.total_cmp(&edge.metres).then_with(by_id).is_gt()
        })
    };
    let reached = places.iter().filter_map(|(id, lon, lat)| {
        let at = Position::new((*lon)?, (*lat)?).ok()?;
        let far = metres(sought.at, at);
        (far <= within && behind(far, id)).then(|| (id.clone(), at, far))
    });
    let mut found: Vec<(Vec<u8>, Position, f64)> = reached.collect();
    found.sort_by(|(a, _, near), (b, _, far)| near.total_cmp(far).then_with(|| a.cmp(b)));
    found.truncate(most);
    found
}

/// What is open, looked for in circles that grow until one of them fills the page: where cases lie close together little is
/// read, and where they don't there is little. The places are in the index, the cases themselves are not looked up.
fn open(conn: &mut Conn, sought: &Sought, most: usize) -> Result<Vec<Place>, Fault> {
    let seen = sought.after.map_or(0.0, |edge| edge.metres);
    let mut reach = FIRST_METRES.max(seen).min(sought.metres);
    loop {
        let places = open_within(conn, sought, reach)?;
        if reach >= sought.metres || nearest(&places, sought, reach, most).len() == most {
            return Ok(places);
        }
        reach = (reach * GROWS).min(sought.metres);
    }
}

fn open_within(conn: &mut Conn, sought: &Sought, reach: f64) -> Result<Vec<Place>, Fault> {
    let [west, south, east, north] = box_around(sought.at, reach);
    let states = OPEN.map(State::code);
    let mut places = Vec::new();
    for (first, last) in cell_runs(sought.at, reach) {
        let rows = case_file::table
            .filter(case_file::adcode.eq(&*conn.adcode))
            .filter(case_file::cell.between(first, last))
            .filter(case_file::due_at.is_not_null())
            .filter(case_file::lat.between(south, north))
            .filter(case_file::lon.between(west, east))
            .filter(case_file::visibility.eq(Visibility::Public.code()))
            .filter(among(case_file::state, states))
            .limit(count(PER_RUN))
            .select((case_file::kind, (case_file::id, case_file::lon, case_file::lat)))
            .load::<(String, Place)>(&mut conn.engine)?;
        // Asked for the kind, an engine would rather go by an index that holds all that was ever closed there.
        let wanted = |kind: &str| sought.kind.is_none_or(|wanted| wanted.code() == kind);
        places.extend(rows.into_iter().filter(|(kind, _)| wanted(kind)).map(|(_, place)| place));
    }
    Ok(places)
}

fn done(conn: &mut Conn, sought: &Sought, now: Timestamp) -> Result<Vec<Place>, Fault> {
    let [west, south, east, north] = box_around(sought.at, sought.metres);
    let rows = case_file::table
        .filter(case_file::adcode.eq(&*conn.adcode))
        .filter(case_file::closed_at.ge(now.plus(-LATELY_DAYS * Timestamp::DAY).0))
        .filter(case_file::lat.between(south, north))
        .filter(case_file::lon.between(west, east))
        .filter(case_file::visibility.eq(Visibility::Public.code()))
        .order(case_file::closed_at.desc())
        .limit(count(LATELY))
        .select((case_file::id, case_file::lon, case_file::lat))
        .into_boxed();
    let rows = match sought.kind {
        Some(kind) => rows.filter(case_file::kind.eq(kind.code())),
        None => rows,
    };
    Ok(rows.load(&mut conn.engine)?)
}

/// Those of these cases that the reader joined.
fn joined(conn: &mut Conn, ids: &[Vec<u8>], reader: Option<UserId>) -> Result<BTreeSet<Vec<u8>>, Fault> {
    let Some(reader) = reader else { return Ok(BTreeSet::new()) };
    let joined = joiner::table
        .filter(joiner::adcode.eq(&*conn.adcode))
        .filter(among(joiner::case_id, ids))
        .filter(joiner::user_id.eq(bytes(reader.as_bytes())))
        .select(joiner::case_id)
        .load::<Vec<u8>>(&mut conn.engine)?;
    Ok(joined.into_iter().collect())
}
