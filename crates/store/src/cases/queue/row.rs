//! A row of a queue: what somebody at the desk needs to see to choose a case, and nothing of who reported it.

use super::Place;
use crate::Fault;
use crate::cases::file::CaseFile;
use crate::cases::reckoned::{NO_CLOCK, level};
use crate::column::bytes;
use crate::conn::Conn;
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

/// The rows of these keys, in their order.
pub(super) fn rows(conn: &mut Conn, keys: &[Place], now: Timestamp) -> Result<Vec<Listed>, Fault> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Vec<u8>> = keys.iter().map(|key| bytes(key.id.as_bytes())).collect();
    let found: Vec<CaseFile> = case_file::table
        .filter(case_file::adcode.eq(&*conn.adcode))
        .filter(case_file::id.eq_any(&ids))
        .select(CaseFile::as_select())
        .load(&mut conn.engine)?;
    let mut listed: BTreeMap<CaseId, Listed> = BTreeMap::new();
    for file in &found {
        let row = list(file, now)?;
        listed.insert(row.id, row);
    }
    Ok(keys.iter().filter_map(|key| listed.remove(&key.id)).collect())
}

fn list(file: &CaseFile, now: Timestamp) -> Result<Listed, Fault> {
    let row = file.read()?;
    let due_at = file.due_at.filter(|due| *due != NO_CLOCK).map(Timestamp);
    // Past its deadline it is over at once; that it is twice its limit is known once a supervisor is called.
    let overdue = if file.overdue == level(Overdue::Twice) {
        Overdue::Twice
    } else if due_at.is_some_and(|due| due < now) {
        Overdue::Over
    } else {
        Overdue::No
    };
    Ok(Listed {
        id: row.id,
        number: row.number,
        kind: row.kind,
        state: row.state,
        version: row.version,
        category: row.category,
        area: row.area,
        department: row.department,
        position: row.position,
        words: row.words,
        place_words: row.place_words,
        photo: row.photo,
        visibility: row.visibility,
        door: row.door,
        received_at: row.received_at,
        changed_at: row.changed_at,
        filed_at: row.filed_at,
        promised_at: row.promised_at,
        due_at,
        overdue,
        joiners: row.joiners,
        reworks: row.reworks,
    })
}
