//! Accounts and the sessions of their devices. The database keeps a hash of a session's token, never the token.

use crate::Fault;
use crate::column::{At, Hash, bytes};
use crate::conn::{Conn, Tx, each};
use crate::schema::{account, phone, session, wechat_link};
use diesel::prelude::*;
use woodlark_domain::{Door, Timestamp, UserId};

/// How often a session's last use is written down.
const TOUCH_EVERY: i64 = Timestamp::HOUR;

/// A device that is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Whose it is.
    pub user: UserId,
    /// By which door it was made.
    pub door: Door,
    /// When.
    pub created_at: Timestamp,
    /// When it was last used, to the hour.
    pub seen_at: Timestamp,
    /// The linked phone as it may be shown: `138****5678`.
    pub phone: Option<String>,
}

impl Session {
    /// Whether its last use is old enough to be written down anew by [`touch`].
    #[must_use]
    pub const fn is_stale(&self, now: Timestamp) -> bool {
        now.0 >= self.seen_at.0.saturating_add(TOUCH_EVERY)
    }
}

/// Makes an account and signs the device in that asks for it.
///
/// # Errors
/// [`Fault`], also where the account or the token's hash is there already.
pub fn create(tx: &mut Tx, user: UserId, token_hash: &Hash, door: Door, now: Timestamp) -> Result<(), Fault> {
    make(tx, user, now)?;
    sign_in(tx, user, token_hash, door, now)
}

/// Makes an account that no device is signed in to yet.
///
/// # Errors
/// [`Fault`], also where the account is there already.
pub fn make(tx: &mut Tx, user: UserId, now: Timestamp) -> Result<(), Fault> {
    let made = (
        account::user_id.eq(bytes(user.as_bytes())),
        account::created_at.eq(now.0),
        account::moved_to.eq(None::<Vec<u8>>),
        account::moved_at.eq(None::<i64>),
    );
    diesel::insert_into(account::table).values(made).execute(&mut tx.engine)?;
    Ok(())
}

/// Signs another device in to an account that is there.
///
/// # Errors
/// [`Fault`], also where the token's hash is there already.
pub fn sign_in(
    tx: &mut Tx,
    user: UserId,
    token_hash: &Hash,
    door: Door,
    now: Timestamp,
) -> Result<(), Fault> {
    let made = (
        session::user_id.eq(bytes(user.as_bytes())),
        session::token_hash.eq(bytes(token_hash)),
        session::door.eq(door.code()),
        session::created_at.eq(now.0),
        session::seen_at.eq(now.0),
    );
    diesel::insert_into(session::table).values(made).execute(&mut tx.engine)?;
    Ok(())
}

/// The session of a token, by its hash.
///
/// # Errors
/// [`Fault`].
pub fn find(conn: &mut Conn, token_hash: &Hash) -> Result<Option<Session>, Fault> {
    type Found = (Vec<u8>, String, i64, i64, Option<String>);
    let found = each!(conn, c => session::table
        .left_join(phone::table.on(phone::user_id.eq(session::user_id)))
        .filter(session::token_hash.eq(token_hash.as_slice()))
        .select((
            session::user_id,
            session::door,
            session::created_at,
            session::seen_at,
            phone::masked.nullable(),
        ))
        .first::<Found>(c)
        .optional())?;
    let Some((user, door, created_at, seen_at, phone)) = found else { return Ok(None) };
    Ok(Some(Session {
        user: At("session", "user_id").user(&user)?,
        door: At("session", "door").code(&door, Door::from_code)?,
        created_at: Timestamp(created_at),
        seen_at: Timestamp(seen_at),
        phone,
    }))
}

/// Writes down that a session is in use; at most once an hour, whoever asks.
///
/// # Errors
/// [`Fault`].
pub fn touch(tx: &mut Tx, token_hash: &Hash, now: Timestamp) -> Result<(), Fault> {
    let stale = session::table
        .filter(session::token_hash.eq(token_hash.as_slice()))
        .filter(session::seen_at.le(now.0.saturating_sub(TOUCH_EVERY)));
    diesel::update(stale).set(session::seen_at.eq(now.0)).execute(&mut tx.engine)?;
    Ok(())
}

/// What an account's owner may know of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// Since when it is there.
    pub created_at: Timestamp,
    /// The linked phone as it may be shown: `138****5678`.
    pub phone: Option<String>,
    /// Whether a WeChat account is linked, by whichever app.
    pub wechat: bool,
    /// The devices that are signed in, last used first.
    pub devices: Vec<Device>,
}

/// A device that is signed in, as its owner sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Device {
    /// By which door it came.
    pub door: Door,
    /// Since when.
    pub created_at: Timestamp,
    /// When it was last used, to the hour.
    pub seen_at: Timestamp,
}

/// What an account's owner may know of it; none where there is no such account.
///
/// # Errors
/// [`Fault`].
pub fn about(conn: &mut Conn, user: UserId) -> Result<Option<About>, Fault> {
    let me = bytes(user.as_bytes());
    let created_at =
        account::table.find(&me).select(account::created_at).first::<i64>(&mut conn.engine).optional()?;
    let Some(created_at) = created_at else { return Ok(None) };
    let phone = phone::table.find(&me).select(phone::masked).first::<String>(&mut conn.engine).optional()?;
    let wechat = wechat_link::table
        .filter(wechat_link::user_id.eq(&me))
        .select(wechat_link::linked_at)
        .first::<i64>(&mut conn.engine)
        .optional()?;
    let rows = session::table
        .filter(session::user_id.eq(&me))
        .order(session::seen_at.desc())
        .select((session::door, session::created_at, session::seen_at))
        .load::<(String, i64, i64)>(&mut conn.engine)?;
    let read = |(door, created_at, seen_at): (String, i64, i64)| {
        let door = At("session", "door").code(&door, Door::from_code)?;
        Ok(Device { door, created_at: Timestamp(created_at), seen_at: Timestamp(seen_at) })
    };
    let devices = rows.into_iter().map(read).collect::<Result<_, Fault>>()?;
    Ok(Some(About { created_at: Timestamp(created_at), phone, wechat: wechat.is_some(), devices }))
}

/// Signs one device out; says whether it was signed in.
///
/// # Errors
/// [`Fault`].
pub fn revoke(tx: &mut Tx, token_hash: &Hash) -> Result<bool, Fault> {
    let theirs = session::table.filter(session::token_hash.eq(token_hash.as_slice()));
    Ok(diesel::delete(theirs).execute(&mut tx.engine)? > 0)
}

/// Signs every device of an account out; says how many there were.
///
/// # Errors
/// [`Fault`].
pub fn revoke_all(tx: &mut Tx, user: UserId) -> Result<usize, Fault> {
    let theirs = session::table.filter(session::user_id.eq(user.as_bytes().as_slice()));
    Ok(diesel::delete(theirs).execute(&mut tx.engine)?)
}

/// The account that this one was joined to, or itself.
///
/// # Errors
/// [`Fault`].
pub fn present(conn: &mut Conn, user: UserId) -> Result<UserId, Fault> {
    let moved = account::table
        .filter(account::user_id.eq(user.as_bytes().as_slice()))
        .select(account::moved_to)
        .first::<Option<Vec<u8>>>(&mut conn.engine)
        .optional()?;
    moved.flatten().map_or(Ok(user), |to| At("account", "moved_to").user(&to))
}

/// The accounts that were joined to this one.
///
/// # Errors
/// [`Fault`].
pub(crate) fn joined_to(conn: &mut Conn, user: UserId) -> Result<Vec<UserId>, Fault> {
    let rows = account::table
        .filter(account::moved_to.eq(Some(user.as_bytes().as_slice())))
        .select(account::user_id)
        .load::<Vec<u8>>(&mut conn.engine)?;
    rows.iter().map(|user| At("account", "user_id").user(user)).collect()
}
