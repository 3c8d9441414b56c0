//! A row of a queue: what somebody at the desk needs to see to choose a case, and nothing of who reported it.

use super::Place;
use crate::Fault;
use crate::cases::file::position;
use crate::cases::reckoned::{NO_CLOCK, level};
use crate::column::{At, bytes};
use crate::conn::Conn;
use crate::prepared::among;
use crate::schema::case_file;
use diesel::prelude::*;
use std::collections::BTreeMap;
use woodlark_domain::clock::Overdue;
use woodlark_domain::{
    AreaCode, CaseId, CaseNumber, CategoryCode, ContentHash, DepartmentCode, Door, Kind, Position, State,
    Timestamp, Visibility,
};

/// A case as a queue shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    /// Its id.
    pub id: CaseId,
    /// Its public number.
    pub number: CaseNumber,
    /// What it is.
    pub kind: Kind,
    /// Where it stands.
    pub state: State,
    /// Events so far.
    pub version: u32,
    /// What it is, as filed or as reported.
    pub category: Option<CategoryCode>,
    /// Where it is, as filed or as found.
    pub area: Option<AreaCode>,
    /// Who has it.
    pub department: Option<DepartmentCode>,
    /// Where it is, WGS-84.
    pub position: Option<Position>,
    /// What was written, the beginning of it.
    pub words: String,
    /// Its place in words.
    pub place_words: Option<String>,
    /// The first photo, by the name that its reporter gave it.
    pub photo: Option<ContentHash>,
    /// Who may see it.
    pub visibility: Visibility,
    /// By which door it came.
    pub door: Door,
    /// When the server took it.
    pub received_at: Timestamp,
    /// When anything last happened.
    pub changed_at: Timestamp,
    /// When it was filed.
    pub filed_at: Option<Timestamp>,
    /// By when it is promised.
    pub promised_at: Option<Timestamp>,
    /// When the clock of its present stage runs out; none while none runs.
    pub due_at: Option<Timestamp>,
    /// How far over that clock is.
    pub overdue: Overdue,
    /// How many others met it.
    pub joiners: u32,
    /// How often it was sent back to be done again.
    pub reworks: u32,
}

/// The columns of that, and no others: they are read for every case of a page.
#[derive(Queryable, Selectable)]
#[diesel(table_name = case_file)]
struct ListedFile {
    id: Vec<u8>,
    number: String,
    kind: String,
    state: String,
    version: i64,
    category: Option<String>,
    area: Option<String>,
    department: Option<String>,
    lon: Option<f64>,
    lat: Option<f64>,
    words: String,
    place_words: Option<String>,
    photo: Option<Vec<u8>>,
    visibility: String,
    door: String,
    joiners: i64,
    received_at: i64,
    changed_at: i64,
    promised_at: Option<i64>,
    filed_at: Option<i64>,
    reworks: i64,
    due_at: Option<i64>,
    overdue: i64,
}

/// The rows of these keys, in their order.
pub(super) fn rows(conn: &mut Conn, keys: &[Place], now: Timestamp) -> Result<Vec<Listed>, Fault> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let ids = keys.iter().map(|key| bytes(key.id.as_bytes()));
    let found: Vec<ListedFile> = case_file::table
        .filter(case_file::adcode.eq(&*conn.adcode))
        .filter(among(case_file::id, ids))
        .select(ListedFile::as_select())
        .load(&mut conn.engine)?;
    let mut listed: BTreeMap<CaseId, Listed> = BTreeMap::new();
    for file in found {
        let row = file.read(now)?;
        listed.insert(row.id, row);
    }
    Ok(keys.iter().filter_map(|key| listed.remove(&key.id)).collect())
}

impl ListedFile {
    fn read(self, now: Timestamp) -> Result<Listed, Fault> {
        let at = |column| At("case_file", column);
        let due_at = self.due_at.filter(|due| *due != NO_CLOCK).map(Timestamp);
        // Past its deadline it is over at once; that it is twice its limit is known once a supervisor is called.
        let overdue = if self.overdue == level(Overdue::Twice) {
            Overdue::Twice
        } else if due_at.is_some_and(|due| due < now) {
            Overdue::Over
        } else {
            Overdue::No
        };
        Ok(Listed {
            id: at("id").case(&self.id)?,
            number: at("number").text(&self.number)?,
            kind: at("kind").code(&self.kind, Kind::from_code)?,
            state: at("state").code(&self.state, State::from_code)?,
            version: at("version").number(self.version)?,
            category: at("category").text_if(self.category.as_deref())?,
            area: at("area").text_if(self.area.as_deref())?,
            department: at("department").text_if(self.department.as_deref())?,
            position: position(self.lon, self.lat)?,
            words: self.words,
            place_words: self.place_words,
            photo: self.photo.as_deref().map(|hash| at("photo").hash(hash)).transpose()?,
            visibility: at("visibility").code(&self.visibility, Visibility::from_code)?,
            door: at("door").code(&self.door, Door::from_code)?,
            received_at: Timestamp(self.received_at),
            changed_at: Timestamp(self.changed_at),
            filed_at: self.filed_at.map(Timestamp),
            promised_at: self.promised_at.map(Timestamp),
            due_at,
            overdue,
            joiners: at("joiners").number(self.joiners)?,
            reworks: at("reworks").number(self.reworks)?,
        })
    }
}
