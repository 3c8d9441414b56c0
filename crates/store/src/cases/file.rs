//! The row of a case: the fold of its events as lists show it, kept beside them and written with each of them.

use super::append::MAX_WORDS_SHOWN;
use super::history::History;
use super::reckoned::Reckoned;
use crate::Fault;
use crate::column::{At, bytes, count, micros};
use crate::schema::case_file;
use diesel::prelude::*;
use woodlark_domain::place::cell;
use woodlark_domain::{
    AreaCode, CaseId, CaseNumber, CategoryCode, ContentHash, DepartmentCode, Door, EntryCode, Kind, Position,
    State, Timestamp, UserId, Visibility,
};

/// A case as a list shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
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
    /// The number of the criterion that it keeps.
    pub criterion: Option<u32>,
    /// Where it is, as filed or as found.
    pub area: Option<AreaCode>,
    /// Who has it.
    pub department: Option<DepartmentCode>,
    /// Where it is, WGS-84.
    pub position: Option<Position>,
    /// Radius in metres that the source believed.
    pub accuracy_m: Option<f64>,
    /// What was written, at most [`MAX_WORDS_SHOWN`] characters of it.
    pub words: String,
    /// Its place in words.
    pub place_words: Option<String>,
    /// The first photo, by the name that its reporter gave it.
    pub photo: Option<ContentHash>,
    /// Who may see it.
    pub visibility: Visibility,
    /// Who reported it.
    pub reporter: Option<UserId>,
    /// By which door.
    pub door: Door,
    /// Which entry led here.
    pub entry: Option<EntryCode>,
    /// How many others met it.
    pub joiners: u32,
    /// When the server took it.
    pub received_at: Timestamp,
    /// When anything last happened.
    pub changed_at: Timestamp,
    /// By when it is promised.
    pub promised_at: Option<Timestamp>,
    /// When it was filed.
    pub filed_at: Option<Timestamp>,
    /// When it was last closed; none while it is open.
    pub closed_at: Option<Timestamp>,
    /// The case that it goes on under.
    pub merged_into: Option<CaseId>,
    /// How often it was sent back to be done again.
    pub reworks: u32,
}

/// The same, as the table keeps it.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = case_file, treat_none_as_default_value = false)]
pub(crate) struct CaseFile {
    pub(crate) adcode: String,
    pub(crate) id: Vec<u8>,
    pub(crate) number: String,
    pub(crate) kind: String,
    pub(crate) state: String,
    pub(crate) version: i64,
    pub(crate) category: Option<String>,
    pub(crate) criterion: Option<i64>,
    pub(crate) area: Option<String>,
    pub(crate) department: Option<String>,
    pub(crate) lon: Option<f64>,
    pub(crate) lat: Option<f64>,
    pub(crate) accuracy_m: Option<f64>,
    pub(crate) cell: Option<i64>,
    pub(crate) words: String,
    pub(crate) place_words: Option<String>,
    pub(crate) photo: Option<Vec<u8>>,
    pub(crate) visibility: String,
    pub(crate) reporter: Option<Vec<u8>>,
    pub(crate) door: String,
    pub(crate) entry: Option<String>,
    pub(crate) joiners: i64,
    pub(crate) received_at: i64,
    pub(crate) changed_at: i64,
    pub(crate) promised_at: Option<i64>,
    pub(crate) filed_at: Option<i64>,
    pub(crate) closed_at: Option<i64>,
    pub(crate) merged_into: Option<Vec<u8>>,
    pub(crate) reworks: i64,
    pub(crate) due_at: Option<i64>,
    pub(crate) overdue: i64,
    pub(crate) wakes_at: Option<i64>,
}

/// What an event may change in a row. The rest stays as its report made it, and so do the indices that hang on that.
#[derive(AsChangeset)]
#[diesel(table_name = case_file, treat_none_as_null = true)]
pub(crate) struct Changed<'a> {
    state: &'a str,
    version: i64,
    category: Option<&'a str>,
    criterion: Option<i64>,
    area: Option<&'a str>,
    department: Option<&'a str>,
    reporter: Option<&'a [u8]>,
    joiners: i64,
    changed_at: i64,
    promised_at: Option<i64>,
    filed_at: Option<i64>,
    closed_at: Option<i64>,
    merged_into: Option<&'a [u8]>,
    reworks: i64,
    due_at: Option<i64>,
    overdue: i64,
    wakes_at: Option<i64>,
}

impl CaseFile {
    /// The row that these events come to, with what was reckoned of them.
    pub(crate) fn of(adcode: &str, number: &str, history: &History, reckoned: &Reckoned) -> Self {
        let case = &history.case;
        let intake = history.intake();
        let words = intake.and_then(|intake| intake.words.as_ref()).map(|words| words.as_str());
        Self {
            adcode: adcode.to_owned(),
            id: bytes(case.id.as_bytes()),
            number: number.to_owned(),
            kind: case.kind.code().to_owned(),
            state: case.state.code().to_owned(),
            version: i64::from(case.events),
            category: case.category.as_ref().map(ToString::to_string),
            criterion: case.criterion.map(|criterion| i64::from(criterion.version)),
            area: case.area.as_ref().map(ToString::to_string),
            department: case.department.as_ref().map(ToString::to_string),
            lon: case.position.map(Position::lon),
            lat: case.position.map(Position::lat),
            accuracy_m: intake.and_then(|intake| intake.fix?.accuracy_m),
            cell: case.position.map(cell),
            words: words.unwrap_or_default().chars().take(MAX_WORDS_SHOWN).collect(),
            place_words: intake.and_then(|intake| intake.place_words.as_ref()).map(ToString::to_string),
            photo: case.photos.first().map(|hash| bytes(hash.as_bytes())),
            visibility: case.visibility.code().to_owned(),
            reporter: case.reporter.map(|user| bytes(user.as_bytes())),
            door: case.door.code().to_owned(),
            entry: case.entry.as_ref().map(ToString::to_string),
            joiners: count(case.joiners.len()),
            received_at: case.reported_at.0,
            changed_at: case.last_at.0,
            promised_at: reckoned.promised_at,
            filed_at: micros(case.filed_at),
            closed_at: micros(case.closed_at),
            merged_into: case.merged_into.map(|id| bytes(id.as_bytes())),
            reworks: i64::from(case.reworks),
            due_at: reckoned.due_at,
            overdue: reckoned.overdue,
            wakes_at: reckoned.wakes_at,
        }
    }

    /// What of it an event may have changed.
    pub(crate) fn changed(&self) -> Changed<'_> {
        Changed {
            state: &self.state,
            version: self.version,
            category: self.category.as_deref(),
            criterion: self.criterion,
            area: self.area.as_deref(),
            department: self.department.as_deref(),
            reporter: self.reporter.as_deref(),
            joiners: self.joiners,
            changed_at: self.changed_at,
            promised_at: self.promised_at,
            filed_at: self.filed_at,
            closed_at: self.closed_at,
            merged_into: self.merged_into.as_deref(),
            reworks: self.reworks,
            due_at: self.due_at,
            overdue: self.overdue,
            wakes_at: self.wakes_at,
        }
    }

    /// The row in the domain's words.
    pub(crate) fn read(&self) -> Result<Row, Fault> {
        let at = |column| At("case_file", column);
        Ok(Row {
            id: at("id").case(&self.id)?,
            number: at("number").text(&self.number)?,
            kind: at("kind").code(&self.kind, Kind::from_code)?,
            state: at("state").code(&self.state, State::from_code)?,
            version: at("version").number(self.version)?,
            category: at("category").text_if(self.category.as_deref())?,
            criterion: self.criterion.map(|number| at("criterion").number(number)).transpose()?,
            area: at("area").text_if(self.area.as_deref())?,
            department: at("department").text_if(self.department.as_deref())?,
            position: position(self.lon, self.lat)?,
            accuracy_m: self.accuracy_m,
            words: self.words.clone(),
            place_words: self.place_words.clone(),
            photo: self.photo.as_deref().map(|hash| at("photo").hash(hash)).transpose()?,
            visibility: at("visibility").code(&self.visibility, Visibility::from_code)?,
            reporter: self.reporter.as_deref().map(|user| at("reporter").user(user)).transpose()?,
            door: at("door").code(&self.door, Door::from_code)?,
            entry: at("entry").text_if(self.entry.as_deref())?,
            joiners: at("joiners").number(self.joiners)?,
            received_at: Timestamp(self.received_at),
            changed_at: Timestamp(self.changed_at),
            promised_at: self.promised_at.map(Timestamp),
            filed_at: self.filed_at.map(Timestamp),
            closed_at: self.closed_at.map(Timestamp),
            merged_into: self.merged_into.as_deref().map(|id| at("merged_into").case(id)).transpose()?,
            reworks: at("reworks").number(self.reworks)?,
        })
    }
}

/// Where a case is: both of its columns hold something, or neither does.
pub(super) fn position(lon: Option<f64>, lat: Option<f64>) -> Result<Option<Position>, Fault> {
    let placed = lon.zip(lat).map(|(lon, lat)| Position::new(lon, lat));
    placed.transpose().map_err(|error| At("case_file", "lon").corrupt(error))
}
