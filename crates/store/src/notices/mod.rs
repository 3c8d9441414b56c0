//! What residents asked to be told in WeChat. A consent is one message: once its case comes to something, it goes, at most once. That
//! it may be on its way is on the disk before it is, and what may have gone is never sent again.

mod see;
mod send;

pub(crate) use see::see;
pub use send::{Going, Word, claim, heard, is_due};

use crate::Fault;
use crate::cases::concern;
use crate::column::{At, bytes, caused_by};
use crate::conn::{Conn, Tx};
use crate::redeem::linked_openid;
use crate::schema::{case_file, notice_consent as table};
use diesel::prelude::*;
use woodlark_domain::{CaseId, State, Timestamp, UserId};

/// The most consents of a person for a case that wait at once: more are not kept.
pub const MOST_OPEN: u32 = 10;

/// Waits for an outcome, or to be sent.
const OPEN: &str = "open";
/// May be on its way.
const SENDING: &str = "sending";
/// Was sent.
const SENT: &str = "sent";
/// Was not sent, and never will be.
const GONE: &str = "gone";
/// Nobody knows, and it is not sent again.
const UNKNOWN: &str = "unknown";

/// What a consent came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consented {
    /// It is kept; so many wait.
    Kept {
        /// How many.
        open: u32,
    },
    /// The case does not concern this person, or there is none.
    NotFound,
    /// They have no WeChat account with this app.
    NotLinked,
    /// The case is over: nothing will come of it any more.
    Over,
}

/// Takes down that this person consents to one message about this case. `key` names the consent.
///
/// # Errors
/// [`Fault`].
pub fn consent(
    tx: &mut Tx,
    user: UserId,
    case: CaseId,
    appid: &str,
    key: &str,
    now: Timestamp,
) -> Result<Consented, Fault> {
    if concern(tx, case, user)?.is_none() {
        return Ok(Consented::NotFound);
    }
    let Some(openid) = linked_openid(tx, user, appid)? else { return Ok(Consented::NotLinked) };
    let (state, version) = case_file::table
        .find((tx.adcode().to_owned(), bytes(case.as_bytes())))
        .select((case_file::state, case_file::version))
        .first::<(String, i64)>(&mut tx.engine)?;
    if At("case_file", "state").code(&state, State::from_code)?.is_final() {
        return Ok(Consented::Over);
    }
    let before = open(tx, case, user)?;
    if before >= MOST_OPEN {
        return Ok(Consented::Kept { open: before });
    }
    let id = caused_by(&[b"notice", user.as_bytes(), key.as_bytes()]);
    let same = table::table.find((tx.adcode().to_owned(), id.clone())).select(table::tries);
    if same.first::<i64>(&mut tx.engine).optional()?.is_some() {
        return Ok(Consented::Kept { open: before });
    }
    let row = (
        table::adcode.eq(tx.adcode().to_owned()),
        table::id.eq(id),
        table::case_id.eq(bytes(case.as_bytes())),
        table::user_id.eq(bytes(user.as_bytes())),
        table::appid.eq(appid),
        table::openid.eq(openid),
        table::asked_at.eq(now.0),
        table::version.eq(version),
        table::state.eq(OPEN),
        table::tries.eq(0_i64),
    );
    diesel::insert_into(table::table).values(row).execute(&mut tx.engine)?;
    Ok(Consented::Kept { open: before.saturating_add(1) })
}

/// How many messages about this case this person is still to get.
///
/// # Errors
/// [`Fault`].
pub fn open(conn: &mut Conn, case: CaseId, user: UserId) -> Result<u32, Fault> {
    let waiting = table::table
        .filter(table::adcode.eq(&*conn.adcode))
        .filter(table::case_id.eq(bytes(case.as_bytes())))
        .filter(table::user_id.eq(bytes(user.as_bytes())))
        .filter(table::state.eq(OPEN));
    let many = waiting.count().get_result::<i64>(&mut conn.engine)?;
    At("notice_consent", "id").number(many)
}

/// A person's consents with an app end: there is nobody any more to send to.
pub(crate) fn end(conn: &mut Conn, user: &[u8], appid: &str) -> Result<(), Fault> {
    let theirs = table::table
        .filter(table::user_id.eq(user))
        .filter(table::state.eq(OPEN))
        .filter(table::appid.eq(appid));
    diesel::update(theirs)
        .set((table::state.eq(GONE), table::next_at.eq(None::<i64>)))
        .execute(&mut conn.engine)?;
    Ok(())
}

/// Two accounts become one.
pub(crate) fn move_to(conn: &mut Conn, old: &[u8], new: &[u8]) -> Result<(), Fault> {
    let theirs = table::table.filter(table::user_id.eq(old));
    diesel::update(theirs).set(table::user_id.eq(new)).execute(&mut conn.engine)?;
    Ok(())
}
