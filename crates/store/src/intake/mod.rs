//! A report on its way in: the manifest first, then each file, then completion, which makes it a case.

mod begin;
mod complete;
mod progress;

pub use begin::{Begin, Begun, begin};
pub use complete::{Completed, Whole, complete, take_whole};
pub use progress::{attachment_stored, begin_anew, progress, status};

use crate::Fault;
use crate::column::At;
use crate::conn::{Conn, each};
use crate::schema::{intake, intake_attachment};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use woodlark_domain::{CaseId, CaseNumber, ContentHash, Door, State, Timestamp, UserId};

/// What a file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// A picture.
    Photo,
    /// What was said.
    Voice,
}

impl Role {
    /// As the table keeps it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Photo => "photo",
            Self::Voice => "voice",
        }
    }

    fn from_code(code: &str) -> Option<Self> {
        [Self::Photo, Self::Voice].into_iter().find(|role| role.code() == code)
    }
}

/// A file that the manifest names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// Of the bytes that will come.
    pub hash: ContentHash,
    /// What it is for.
    pub role: Role,
    /// What it says it is: `image/jpeg`, …
    pub media_type: String,
    /// How many bytes.
    pub bytes: u64,
    /// A voice's length, as the device says.
    pub duration_ms: Option<u32>,
}

/// How much of a file is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrived {
    /// The file.
    pub file: Expected,
    /// Bytes that are held.
    pub received_bytes: u64,
    /// The object that was made of it; none while it isn't whole.
    pub media: Option<ContentHash>,
}

/// The word that a report is a case. Once given it never changes, whatever becomes of the case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The case.
    pub case_id: CaseId,
    /// Its public number.
    pub number: CaseNumber,
    /// Where it stood.
    pub state: State,
    /// When it was taken.
    pub received_at: Timestamp,
    /// By when it was promised.
    pub promised_at: Option<Timestamp>,
}

/// How far a report has come in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// Its id, which becomes the case's.
    pub id: CaseId,
    /// Whose it is.
    pub user: UserId,
    /// By which door it comes.
    pub door: Door,
    /// What has arrived, in the manifest's order.
    pub files: Vec<Arrived>,
    /// Until when it is waited for.
    pub expires_at: Timestamp,
    /// Once it is a case.
    pub receipt: Option<Receipt>,
}

/// An intake's row.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = intake)]
struct Row {
    user_id: Vec<u8>,
    door: String,
    manifest_hash: Vec<u8>,
    report: String,
    receipt: Option<String>,
    expires_at: i64,
}

/// The row of an intake, whoever it belongs to.
fn row(conn: &mut Conn, id: CaseId) -> Result<Option<Row>, Fault> {
    Ok(each!(conn, c => intake::table
        .find((&*conn.adcode, id.as_bytes().as_slice()))
        .select(Row::as_select())
        .first(c)
        .optional())?)
}

/// What the row and its files say together.
fn read(conn: &mut Conn, id: CaseId, row: &Row) -> Result<Status, Fault> {
    let at = |column| At("intake", column);
    Ok(Status {
        id,
        user: at("user_id").user(&row.user_id)?,
        door: at("door").code(&row.door, Door::from_code)?,
        files: files(conn, id)?,
        expires_at: Timestamp(row.expires_at),
        receipt: row.receipt.as_deref().map(|receipt| at("receipt").json(receipt)).transpose()?,
    })
}

fn files(conn: &mut Conn, id: CaseId) -> Result<Vec<Arrived>, Fault> {
    type Found = (Vec<u8>, String, String, i64, i64, Option<i64>, Option<Vec<u8>>);
    let rows = each!(conn, c => intake_attachment::table
        .filter(intake_attachment::adcode.eq(&*conn.adcode))
        .filter(intake_attachment::intake_id.eq(id.as_bytes().as_slice()))
        .order(intake_attachment::position)
        .select((
            intake_attachment::hash,
            intake_attachment::role,
            intake_attachment::media_type,
            intake_attachment::bytes,
            intake_attachment::received_bytes,
            intake_attachment::duration_ms,
            intake_attachment::media_hash,
        ))
        .load::<Found>(c))?;
    let at = |column| At("intake_attachment", column);
    let read = |(hash, role, media_type, length, received, duration_ms, media): Found| {
        let file = Expected {
            hash: at("hash").hash(&hash)?,
            role: at("role").code(&role, Role::from_code)?,
            media_type,
            bytes: at("bytes").number(length)?,
            duration_ms: duration_ms.map(|ms| at("duration_ms").number(ms)).transpose()?,
        };
        let media = media.as_deref().map(|hash| at("media_hash").hash(hash)).transpose()?;
        Ok(Arrived { file, received_bytes: at("received_bytes").number(received)?, media })
    };
    rows.into_iter().map(read).collect()
}
