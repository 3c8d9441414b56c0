//! Those who work at the desk: invitations, passwords and one-time codes as their hashes, roles, sessions.
//!
//! A session ends after [`IDLE`] without use and after [`LONGEST`] in any case. A code of an authenticator is taken once.
//! After [`TRIES`] failures in a row an account rests for [`REST`].

use crate::Fault;
use crate::column::{At, Hash, bytes, count};
use crate::conn::{Conn, Tx};
use crate::prepared::among;
use crate::schema::{board, staff, staff_role, staff_session};
use diesel::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use woodlark_domain::{Role, Timestamp, UserId};

pub use woodlark_domain::staff::{Post, Standing};

/// How long a session may rest.
pub const IDLE: i64 = 30 * Timestamp::MINUTE;
/// How long a session may last.
pub const LONGEST: i64 = 12 * Timestamp::HOUR;
/// How long an invitation holds.
pub const INVITED: i64 = 3 * Timestamp::DAY;
/// Wrong passwords or codes in a row.
pub const TRIES: u32 = 5;
/// How long an account rests after them.
pub const REST: i64 = 15 * Timestamp::MINUTE;
/// How often a session's last use is written down.
const TOUCH_EVERY: i64 = Timestamp::MINUTE;

/// Somebody who works here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Their account.
    pub user: UserId,
    /// Their name at the desk.
    pub login: String,
    /// Their name.
    pub name: String,
    /// How the account stands.
    pub standing: Standing,
    /// What they may be.
    pub posts: Vec<Post>,
    /// When they were invited.
    pub created_at: Timestamp,
}

/// Somebody who is to work here.
#[derive(Debug, Clone)]
pub struct Invite<'a> {
    /// Their new account.
    pub user: UserId,
    /// Their name at the desk.
    pub login: &'a str,
    /// Their name.
    pub name: &'a str,
    /// What they may be.
    pub posts: &'a [Post],
    /// Of the link's token.
    pub token_hash: Hash,
    /// For their authenticator.
    pub totp_secret: &'a [u8],
    /// When.
    pub now: Timestamp,
}

/// An invitation that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Whose.
    pub user: UserId,
    /// Their name at the desk.
    pub login: String,
    /// Their name.
    pub name: String,
    /// For their authenticator.
    pub totp_secret: Vec<u8>,
    /// Until when.
    pub until: Timestamp,
}

/// What is needed to check somebody who signs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// Whose.
    pub user: UserId,
    /// argon2, in its own text form.
    pub password: String,
    /// Of their authenticator.
    pub totp_secret: Vec<u8>,
    /// Rests until then.
    pub locked_until: Timestamp,
}

/// A browser that is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Whose.
    pub user: UserId,
    /// Their name.
    pub name: String,
    /// What they may be.
    pub posts: Vec<Post>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub seen_at: Timestamp,
}

impl Session {
    /// Whether its last use is old enough to be written down anew by [`touch`].
    #[must_use]
    pub const fn is_stale(&self, now: Timestamp) -> bool {
        now.0 >= self.seen_at.0.saturating_add(TOUCH_EVERY)
    }

    /// When it ends, whatever is done with it.
    #[must_use]
    pub const fn ends_at(&self) -> Timestamp {
        self.created_at.plus(LONGEST)
    }
}

/// A session as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    /// The hash of its token.
    pub token_hash: Hash,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub seen_at: Timestamp,
    /// From where.
    pub address: String,
    /// In what, as the browser said.
    pub agent: String,
}

/// Whether anybody has been invited yet: a city without staff has to print a link for its first administrator.
///
/// # Errors
/// [`Fault`].
pub fn is_empty(conn: &mut Conn) -> Result<bool, Fault> {
    let found = staff::table
        .filter(staff::adcode.eq(&*conn.adcode))
        .filter(staff::state.eq(Standing::Active.code()))
        .select(staff::user_id)
        .first::<Vec<u8>>(&mut conn.engine)
        .optional()?;
    Ok(found.is_none())
}

/// Invites somebody; false where the login is taken. An invitation that was not taken up gives its login free.
///
/// # Errors
/// [`Fault`].
pub fn invite(tx: &mut Tx, new: &Invite<'_>) -> Result<bool, Fault> {
    let conn: &mut Conn = tx;
    let known = staff::table
        .filter(staff::adcode.eq(&*conn.adcode))
        .filter(staff::login.eq(new.login))
        .select((staff::user_id, staff::state))
        .first::<(Vec<u8>, String)>(&mut conn.engine)
        .optional()?;
    if let Some((user, state)) = known {
        if state != Standing::Invited.code() {
            return Ok(false);
        }
        diesel::delete(staff::table.find((&*conn.adcode, &user))).execute(&mut conn.engine)?;
        let theirs = staff_role::table
            .filter(staff_role::adcode.eq(&*conn.adcode))
            .filter(staff_role::user_id.eq(&user));
        diesel::delete(theirs).execute(&mut conn.engine)?;
    }
    let made = (
        staff::adcode.eq(&*conn.adcode),
        staff::user_id.eq(bytes(new.user.as_bytes())),
        staff::login.eq(new.login),
        staff::name.eq(new.name),
        staff::state.eq(Standing::Invited.code()),
        staff::password.eq(None::<String>),
        staff::totp_secret.eq(new.totp_secret),
        staff::totp_step.eq(0_i64),
        staff::failures.eq(0_i64),
        staff::locked_until.eq(0_i64),
        staff::invitation_hash.eq(Some(bytes(&new.token_hash))),
        staff::invited_until.eq(new.now.plus(INVITED).0),
        staff::created_at.eq(new.now.0),
    );
    diesel::insert_into(staff::table).values(made).execute(&mut conn.engine)?;
    put_posts(tx, new.user, new.posts)?;
    Ok(true)
}

/// Gives somebody these roles and no others.
///
/// # Errors
/// [`Fault`].
pub fn put_posts(tx: &mut Tx, user: UserId, posts: &[Post]) -> Result<(), Fault> {
    let conn: &mut Conn = tx;
    let who = bytes(user.as_bytes());
    let theirs =
        staff_role::table.filter(staff_role::adcode.eq(&*conn.adcode)).filter(staff_role::user_id.eq(&who));
    diesel::delete(theirs).execute(&mut conn.engine)?;
    for (position, post) in posts.iter().enumerate() {
        let row = (
            staff_role::adcode.eq(&*conn.adcode),
            staff_role::user_id.eq(&who),
            staff_role::position.eq(count(position)),
            staff_role::role.eq(post.role.code()),
            staff_role::department.eq(post.department.as_ref().map(ToString::to_string)),
            staff_role::area.eq(post.area.as_ref().map(ToString::to_string)),
        );
        diesel::insert_into(staff_role::table).values(row).execute(&mut conn.engine)?;
    }
    Ok(())
}

/// The invitation of a link, while it holds.
///
/// # Errors
/// [`Fault`].
pub fn invitation(conn: &mut Conn, token_hash: &Hash, now: Timestamp) -> Result<Option<Invitation>, Fault> {
    type Found = (Vec<u8>, String, String, Vec<u8>, i64);
    let found = staff::table
        .filter(staff::invitation_hash.eq(token_hash.as_slice()))
        .filter(staff::adcode.eq(&*conn.adcode))
        .filter(staff::invited_until.gt(now.0))
        .select((staff::user_id, staff::login, staff::name, staff::totp_secret, staff::invited_until))
        .first::<Found>(&mut conn.engine)
        .optional()?;
    let Some((user, login, name, totp_secret, until)) = found else { return Ok(None) };
    let user = At("staff", "user_id").user(&user)?;
    Ok(Some(Invitation { user, login, name, totp_secret, until: Timestamp(until) }))
}

/// Takes an invitation up: the password holds from now on, and the link no more. False where it does not hold.
///
/// # Errors
/// [`Fault`].
pub fn accept(
    tx: &mut Tx,
    token_hash: &Hash,
    password: &str,
    totp_step: i64,
    now: Timestamp,
) -> Result<bool, Fault> {
    let conn: &mut Conn = tx;
    let theirs = staff::table
        .filter(staff::invitation_hash.eq(token_hash.as_slice()))
        .filter(staff::adcode.eq(&*conn.adcode))
        .filter(staff::invited_until.gt(now.0));
    let set = (
        staff::state.eq(Standing::Active.code()),
        staff::password.eq(Some(password)),
        staff::totp_step.eq(totp_step),
        staff::invitation_hash.eq(None::<Vec<u8>>),
    );
    Ok(diesel::update(theirs).set(set).execute(&mut conn.engine)? == 1)
}

/// What is needed to check somebody who signs in under this name; none where nobody active has it.
///
/// # Errors
/// [`Fault`].
pub fn proof(conn: &mut Conn, login: &str) -> Result<Option<Proof>, Fault> {
    type Found = (Vec<u8>, Option<String>, Vec<u8>, i64);
    let found = staff::table
        .filter(staff::adcode.eq(&*conn.adcode))
        .filter(staff::login.eq(login))
        .filter(staff::state.eq(Standing::Active.code()))
        .select((staff::user_id, staff::password, staff::totp_secret, staff::locked_until))
        .first::<Found>(&mut conn.engine)
        .optional()?;
    let Some((user, Some(password), totp_secret, locked_until)) = found else { return Ok(None) };
    let user = At("staff", "user_id").user(&user)?;
    Ok(Some(Proof { user, password, totp_secret, locked_until: Timestamp(locked_until) }))
}

/// Counts a wrong password or code; the last of [`TRIES`] in a row puts the account to rest.
///
/// # Errors
/// [`Fault`].
pub fn failed(tx: &mut Tx, user: UserId, now: Timestamp) -> Result<(), Fault> {
    let conn: &mut Conn = tx;
    let theirs = staff::table.find((&*conn.adcode, bytes(user.as_bytes())));
    diesel::update(theirs).set(staff::failures.eq(staff::failures + 1_i64)).execute(&mut conn.engine)?;
    let enough = staff::table
        .filter(staff::adcode.eq(&*conn.adcode))
        .filter(staff::user_id.eq(bytes(user.as_bytes())))
        .filter(staff::failures.ge(count(TRIES)));
    let rest = (staff::failures.eq(0_i64), staff::locked_until.eq(now.plus(REST).0));
    diesel::update(enough).set(rest).execute(&mut conn.engine)?;
    Ok(())
}

/// A browser about to be signed in.
#[derive(Debug, Clone)]
pub struct SignIn<'a> {
    /// Whose.
    pub user: UserId,
    /// The time step of the code that was given.
    pub totp_step: i64,
    /// Of its new token.
    pub token_hash: Hash,
    /// From where.
    pub address: &'a str,
    /// In what.
    pub agent: &'a str,
    /// When.
    pub now: Timestamp,
}

/// Signs a browser in; false where that code, or a later one, was taken before, or the account rests or has ended.
///
/// # Errors
/// [`Fault`].
pub fn sign_in(tx: &mut Tx, new: &SignIn<'_>) -> Result<bool, Fault> {
    let conn: &mut Conn = tx;
    let who = bytes(new.user.as_bytes());
    let theirs = staff::table
        .filter(staff::adcode.eq(&*conn.adcode))
        .filter(staff::user_id.eq(&who))
        .filter(staff::state.eq(Standing::Active.code()))
        .filter(staff::locked_until.le(new.now.0))
        .filter(staff::totp_step.lt(new.totp_step));
    let set = (staff::totp_step.eq(new.totp_step), staff::failures.eq(0_i64));
    if diesel::update(theirs).set(set).execute(&mut conn.engine)? != 1 {
        return Ok(false);
    }
    let row = (
        staff_session::user_id.eq(who),
        staff_session::token_hash.eq(bytes(&new.token_hash)),
        staff_session::created_at.eq(new.now.0),
        staff_session::seen_at.eq(new.now.0),
        staff_session::address.eq(new.address),
        staff_session::agent.eq(new.agent),
    );
    diesel::insert_into(staff_session::table).values(row).execute(&mut conn.engine)?;
    Ok(true)
}

/// The session of a token, while it holds and its owner works here.
///
/// # Errors
/// [`Fault`].
pub fn session(conn: &mut Conn, token_hash: &Hash, now: Timestamp) -> Result<Option<Session>, Fault> {
    type Found = (Vec<u8>, String, i64, i64);
    let found = staff_session::table
        .inner_join(staff::table.on(staff::user_id.eq(staff_session::user_id)))
        .filter(staff_session::token_hash.eq(token_hash.as_slice()))
        .filter(staff::adcode.eq(&*conn.adcode))
        .filter(staff::state.eq(Standing::Active.code()))
        .filter(staff_session::seen_at.gt(now.plus(-IDLE).0))
        .filter(staff_session::created_at.gt(now.plus(-LONGEST).0))
        .select((staff::user_id, staff::name, staff_session::created_at, staff_session::seen_at))
        .first::<Found>(&mut conn.engine)
        .optional()?;
    let Some((user, name, created_at, seen_at)) = found else { return Ok(None) };
    Ok(Some(Session {
        posts: posts(conn, &user)?,
        user: At("staff", "user_id").user(&user)?,
        name,
        created_at: Timestamp(created_at),
        seen_at: Timestamp(seen_at),
    }))
}

pub(crate) fn posts(conn: &mut Conn, user: &[u8]) -> Result<Vec<Post>, Fault> {
    let rows = staff_role::table
        .filter(staff_role::adcode.eq(&*conn.adcode))
        .filter(staff_role::user_id.eq(user))
        .order(staff_role::position)
        .select((staff_role::role, staff_role::department, staff_role::area))
        .load::<(String, Option<String>, Option<String>)>(&mut conn.engine)?;
    let at = |column| At("staff_role", column);
    let read = |(role, department, area): (String, Option<String>, Option<String>)| {
        Ok(Post {
            role: at("role").code(&role, Role::from_code)?,
            department: at("department").text_if(department.as_deref())?,
            area: at("area").text_if(area.as_deref())?,
        })
    };
    rows.into_iter().map(read).collect()
}

/// Writes down that a session is in use; at most once a minute, whoever asks.
///
/// # Errors
/// [`Fault`].
pub fn touch(tx: &mut Tx, token_hash: &Hash, now: Timestamp) -> Result<(), Fault> {
    let stale = staff_session::table
        .filter(staff_session::token_hash.eq(token_hash.as_slice()))
        .filter(staff_session::seen_at.le(now.plus(-TOUCH_EVERY).0));
    diesel::update(stale).set(staff_session::seen_at.eq(now.0)).execute(&mut tx.engine)?;
    Ok(())
}

/// The browsers in which somebody is signed in, latest use first.
///
/// # Errors
/// [`Fault`].
pub fn seats(conn: &mut Conn, user: UserId, now: Timestamp) -> Result<Vec<Seat>, Fault> {
    type Found = (Vec<u8>, i64, i64, String, String);
    let rows = staff_session::table
        .filter(staff_session::user_id.eq(bytes(user.as_bytes())))
        .filter(staff_session::seen_at.gt(now.plus(-IDLE).0))
        .filter(staff_session::created_at.gt(now.plus(-LONGEST).0))
        .order((staff_session::seen_at.desc(), staff_session::token_hash))
        .select((
            staff_session::token_hash,
            staff_session::created_at,
            staff_session::seen_at,
            staff_session::address,
            staff_session::agent,
        ))
        .load::<Found>(&mut conn.engine)?;
    let read = |(token_hash, created_at, seen_at, address, agent): Found| {
        let token_hash = *At("staff_session", "token_hash").hash(&token_hash)?.as_bytes();
        let (created_at, seen_at) = (Timestamp(created_at), Timestamp(seen_at));
        Ok(Seat { token_hash, created_at, seen_at, address, agent })
    };
    rows.into_iter().map(read).collect()
}

/// Signs one browser of this person out; says whether it was signed in.
///
/// # Errors
/// [`Fault`].
pub fn sign_out(tx: &mut Tx, user: UserId, token_hash: &Hash) -> Result<bool, Fault> {
    let seat = staff_session::table.find((bytes(user.as_bytes()), bytes(token_hash)));
    Ok(diesel::delete(seat).execute(&mut tx.engine)? > 0)
}

/// Everybody who works here, was invited, or did, by login.
///
/// # Errors
/// [`Fault`].
pub fn list(conn: &mut Conn) -> Result<Vec<Member>, Fault> {
    type Found = (Vec<u8>, String, String, String, i64);
    let rows = staff::table
        .filter(staff::adcode.eq(&*conn.adcode))
        .order(staff::login)
        .select((staff::user_id, staff::login, staff::name, staff::state, staff::created_at))
        .load::<Found>(&mut conn.engine)?;
    let mut members = Vec::with_capacity(rows.len());
    for (user, login, name, state, created_at) in rows {
        members.push(Member {
            posts: posts(conn, &user)?,
            user: At("staff", "user_id").user(&user)?,
            login,
            name,
            standing: At("staff", "state").code(&state, Standing::from_code)?,
            created_at: Timestamp(created_at),
        });
    }
    Ok(members)
}

/// Ends somebody's account: every browser is signed out, every screen goes dark, an invitation holds no more. False where there is none.
///
/// # Errors
/// [`Fault`].
pub fn end(tx: &mut Tx, user: UserId) -> Result<bool, Fault> {
    let conn: &mut Conn = tx;
    let who = bytes(user.as_bytes());
    let theirs = staff::table.find((&*conn.adcode, &who));
    let set = (staff::state.eq(Standing::Ended.code()), staff::invitation_hash.eq(None::<Vec<u8>>));
    let known = diesel::update(theirs).set(set).execute(&mut conn.engine)? == 1;
    if known {
        let seats = staff_session::table.filter(staff_session::user_id.eq(&who));
        diesel::delete(seats).execute(&mut conn.engine)?;
        let screens = board::table.filter(board::adcode.eq(&*conn.adcode)).filter(board::user_id.eq(&who));
        diesel::delete(screens).execute(&mut conn.engine)?;
    }
    Ok(known)
}

/// The names of these members of staff, also of those who don't work here any more.
///
/// # Errors
/// [`Fault`].
pub fn names(conn: &mut Conn, users: &BTreeSet<UserId>) -> Result<BTreeMap<UserId, String>, Fault> {
    let ids: Vec<Vec<u8>> = users.iter().map(|user| bytes(user.as_bytes())).collect();
    let rows = staff::table
        .filter(staff::adcode.eq(&*conn.adcode))
        .filter(among(staff::user_id, ids))
        .select((staff::user_id, staff::name))
        .load::<(Vec<u8>, String)>(&mut conn.engine)?;
    rows.into_iter().map(|(user, name)| Ok((At("staff", "user_id").user(&user)?, name))).collect()
}
