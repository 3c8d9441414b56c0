//! Kiosks at service stations. A kiosk is set up at the desk; a device becomes it by a code that holds once and for half an hour,
//! and has a token from then on until its leave is taken away. What it hands in comes as envelopes; a case that came so is asked
//! for by its number and code, and goes to a phone once.

mod case;
mod enrol;
mod envelope;

pub use case::{Kept, TakenOver, keep, named, receipt, take_over};
pub use enrol::{Issued, enrol, issue_code};
pub use envelope::{Arriving, Envelope, arriving, begin, begin_anew, expired, forget, made_for, progress};

use crate::Fault;
use crate::column::{At, Hash, bytes, count, micros};
use crate::conn::{Conn, Tx};
use crate::schema::kiosk as table;
use crate::trail::{Deed, record};
use diesel::prelude::*;
use woodlark_domain::audit::AuditAction;
use woodlark_domain::kiosk::KioskState;
use woodlark_domain::{EntryCode, KioskId, Position, Role, Timestamp, UserId};

/// A kiosk that is to be set up.
#[derive(Debug, Clone)]
pub struct SetUp<'a> {
    /// Its id.
    pub id: KioskId,
    /// Its station.
    pub name: &'a str,
    /// The entry that its reports come in by.
    pub entry: Option<&'a EntryCode>,
    /// Where it stands.
    pub position: Option<Position>,
    /// A keyed hash of its PIN.
    pub pin_hash: Option<&'a Hash>,
    /// By whom.
    pub by: UserId,
    /// When.
    pub now: Timestamp,
}

/// What a device said of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// The build that it runs.
    pub version: String,
    /// Envelopes that wait on it.
    pub queue: u32,
    /// Since when the oldest waits.
    pub oldest_at: Option<Timestamp>,
    /// Envelopes that were refused for good.
    pub attention: u32,
    /// Whether its camera worked when last used.
    pub camera: bool,
}

/// A kiosk.
#[derive(Debug, Clone, PartialEq)]
pub struct Kiosk {
    /// Its id.
    pub id: KioskId,
    /// Its station.
    pub name: String,
    /// The entry that its reports come in by.
    pub entry: Option<EntryCode>,
    /// Where it stands.
    pub position: Option<Position>,
    /// A keyed hash of its PIN.
    pub pin_hash: Option<Hash>,
    /// Where it stands in its life.
    pub state: KioskState,
    /// When it was last heard of.
    pub seen_at: Option<Timestamp>,
    /// What it said then.
    pub health: Health,
}

/// A kiosk's row.
#[derive(Queryable, Selectable)]
#[diesel(table_name = table)]
struct Row {
    id: Vec<u8>,
    name: String,
    entry: Option<String>,
    lon: Option<f64>,
    lat: Option<f64>,
    pin_hash: Option<Vec<u8>>,
    enrolled_at: Option<i64>,
    revoked_at: Option<i64>,
    seen_at: Option<i64>,
    version: String,
    queue: i64,
    oldest_at: Option<i64>,
    attention: i64,
    camera: i64,
}

impl Row {
    fn read(self) -> Result<Kiosk, Fault> {
        let at = |column| At("kiosk", column);
        let id: [u8; 16] = self.id.as_slice().try_into().map_err(|_| at("id").corrupt(&self.id))?;
        let position = self
            .lon
            .zip(self.lat)
            .map(|(lon, lat)| Position::new(lon, lat).map_err(|_| at("lon").corrupt((lon, lat))));
        let state = match (self.enrolled_at, self.revoked_at) {
            (_, Some(_)) => KioskState::Revoked,
            (Some(_), None) => KioskState::Enrolled,
            (None, None) => KioskState::Waiting,
        };
        let pin_hash = self.pin_hash.as_deref().map(|hash| at("pin_hash").hash(hash)).transpose()?;
        Ok(Kiosk {
            id: KioskId::from_bytes(id),
            name: self.name,
            entry: at("entry").text_if(self.entry.as_deref())?,
            position: position.transpose()?,
            pin_hash: pin_hash.map(|hash| *hash.as_bytes()),
            state,
            seen_at: self.seen_at.map(Timestamp),
            health: Health {
                version: self.version,
                queue: at("queue").number(self.queue)?,
                oldest_at: self.oldest_at.map(Timestamp),
                attention: at("attention").number(self.attention)?,
                camera: self.camera != 0,
            },
        })
    }
}

/// Writes what was done to a kiosk into the audit.
fn audit(
    tx: &mut Tx,
    id: KioskId,
    action: AuditAction,
    by: Option<UserId>,
    now: Timestamp,
) -> Result<(), Fault> {
    let role = if by.is_some() { Role::Admin } else { Role::System };
    record(tx, &Deed { at: now, user: by, role, action, subject: &id.to_string(), detail: "{}" })
}

/// Sets a kiosk up; no device is it yet.
///
/// # Errors
/// [`Fault`].
pub fn set_up(tx: &mut Tx, new: &SetUp<'_>) -> Result<(), Fault> {
    let row = (
        table::adcode.eq(tx.adcode().to_owned()),
        table::id.eq(bytes(new.id.as_bytes())),
        table::name.eq(new.name),
        table::entry.eq(new.entry.map(EntryCode::as_str)),
        table::lon.eq(new.position.map(Position::lon)),
        table::lat.eq(new.position.map(Position::lat)),
        table::pin_hash.eq(new.pin_hash.map(bytes)),
        table::created_at.eq(new.now.0),
        (table::version.eq(""), table::queue.eq(0_i64), table::attention.eq(0_i64), table::camera.eq(1_i64)),
    );
    diesel::insert_into(table::table).values(row).execute(&mut tx.engine)?;
    audit(tx, new.id, AuditAction::SetUpKiosk, Some(new.by), new.now)
}

/// Every kiosk: by name, those that were revoked last.
///
/// # Errors
/// [`Fault`].
pub fn all(conn: &mut Conn) -> Result<Vec<Kiosk>, Fault> {
    let rows = table::table
        .filter(table::adcode.eq(&*conn.adcode))
        .order((table::name, table::id))
        .select(Row::as_select())
        .load(&mut conn.engine)?;
    let mut all = rows.into_iter().map(Row::read).collect::<Result<Vec<_>, Fault>>()?;
    all.sort_by_key(|one| one.state == KioskState::Revoked);
    Ok(all)
}

/// A kiosk by its id.
///
/// # Errors
/// [`Fault`].
pub fn kiosk(conn: &mut Conn, id: KioskId) -> Result<Option<Kiosk>, Fault> {
    let row = table::table.find((&*conn.adcode, bytes(id.as_bytes()))).select(Row::as_select());
    row.first(&mut conn.engine).optional()?.map(Row::read).transpose()
}

/// The kiosk whose device has the token of this hash; also one that was revoked since.
///
/// # Errors
/// [`Fault`].
pub fn of_token(conn: &mut Conn, token_hash: &Hash) -> Result<Option<Kiosk>, Fault> {
    let row = table::table
        .filter(table::adcode.eq(&*conn.adcode))
        .filter(table::token_hash.eq(bytes(token_hash)))
        .select(Row::as_select());
    row.first(&mut conn.engine).optional()?.map(Row::read).transpose()
}

/// Writes down what a device said of itself.
///
/// # Errors
/// [`Fault`].
pub fn heard(tx: &mut Tx, id: KioskId, health: &Health, now: Timestamp) -> Result<(), Fault> {
    let row = table::table.find((tx.adcode().to_owned(), bytes(id.as_bytes())));
    let set = (
        table::seen_at.eq(Some(now.0)),
        table::version.eq(&health.version),
        table::queue.eq(count(health.queue)),
        table::oldest_at.eq(micros(health.oldest_at)),
        table::attention.eq(count(health.attention)),
        table::camera.eq(i64::from(health.camera)),
    );
    diesel::update(row).set(set).execute(&mut tx.engine)?;
    Ok(())
}

/// Takes a kiosk's leave away, and the code that might still enrol another device; says whether it had not been taken yet. Its
/// token is kept, so that its device is told why.
///
/// # Errors
/// [`Fault`].
pub fn revoke(tx: &mut Tx, id: KioskId, by: UserId, now: Timestamp) -> Result<bool, Fault> {
    let row =
        table::table.find((tx.adcode().to_owned(), bytes(id.as_bytes()))).filter(table::revoked_at.is_null());
    if diesel::update(row).set(table::revoked_at.eq(Some(now.0))).execute(&mut tx.engine)? == 0 {
        return Ok(false);
    }
    enrol::forget_code(tx, id)?;
    audit(tx, id, AuditAction::RevokeKiosk, Some(by), now)?;
    Ok(true)
}
