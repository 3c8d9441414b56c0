//! Screens on a wall. Each has a token of its own, which opens the figures and nothing else, and belongs to whoever set it up:
//! it goes dark when they take it down, stop working here, or after [`LONGEST`].

use crate::Fault;
use crate::column::{At, Hash, bytes};
use crate::conn::{Conn, Tx};
use crate::schema::{board, staff};
use crate::staff::{Post, Standing, posts};
use diesel::prelude::*;
use woodlark_domain::{Timestamp, UserId};

/// How long a screen may run.
pub const LONGEST: i64 = 180 * Timestamp::DAY;

/// A screen that is set up.
#[derive(Debug, Clone)]
pub struct SetUp<'a> {
    /// By whom.
    pub user: UserId,
    /// Of its token.
    pub token_hash: Hash,
    /// From where.
    pub address: &'a str,
    /// In what, as the browser said.
    pub agent: &'a str,
    /// When.
    pub now: Timestamp,
}

/// A screen that runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Board {
    /// The hash of its token.
    pub token_hash: Hash,
    /// Since when.
    pub created_at: Timestamp,
    /// From where it was set up.
    pub address: String,
    /// In what, as the browser said.
    pub agent: String,
}

/// Sets a screen up.
///
/// # Errors
/// [`Fault`].
pub fn set_up(tx: &mut Tx, new: &SetUp<'_>) -> Result<(), Fault> {
    let conn: &mut Conn = tx;
    let row = (
        board::adcode.eq(&*conn.adcode),
        board::token_hash.eq(bytes(&new.token_hash)),
        board::user_id.eq(bytes(new.user.as_bytes())),
        board::created_at.eq(new.now.0),
        board::address.eq(new.address),
        board::agent.eq(new.agent),
    );
    diesel::insert_into(board::table).values(row).execute(&mut conn.engine)?;
    Ok(())
}

/// Who set the screen of a token up, and what they may be: while it runs, and they work here.
///
/// # Errors
/// [`Fault`].
pub fn owner(
    conn: &mut Conn,
    token_hash: &Hash,
    now: Timestamp,
) -> Result<Option<(UserId, Vec<Post>)>, Fault> {
    let found = board::table
        .inner_join(staff::table.on(staff::adcode.eq(board::adcode).and(staff::user_id.eq(board::user_id))))
        .filter(board::adcode.eq(&*conn.adcode))
        .filter(board::token_hash.eq(token_hash.as_slice()))
        .filter(board::created_at.gt(now.plus(-LONGEST).0))
        .filter(staff::state.eq(Standing::Active.code()))
        .select(board::user_id)
        .first::<Vec<u8>>(&mut conn.engine)
        .optional()?;
    let Some(user) = found else { return Ok(None) };
    Ok(Some((At("board", "user_id").user(&user)?, posts(conn, &user)?)))
}

/// The screens that somebody set up and that run, latest first.
///
/// # Errors
/// [`Fault`].
pub fn of(conn: &mut Conn, user: UserId, now: Timestamp) -> Result<Vec<Board>, Fault> {
    let rows = board::table
        .filter(board::adcode.eq(&*conn.adcode))
        .filter(board::user_id.eq(bytes(user.as_bytes())))
        .filter(board::created_at.gt(now.plus(-LONGEST).0))
        .order((board::created_at.desc(), board::token_hash))
        .select((board::token_hash, board::created_at, board::address, board::agent))
        .load::<(Vec<u8>, i64, String, String)>(&mut conn.engine)?;
    let read = |(token_hash, created_at, address, agent): (Vec<u8>, i64, String, String)| {
        let token_hash = *At("board", "token_hash").hash(&token_hash)?.as_bytes();
        Ok(Board { token_hash, created_at: Timestamp(created_at), address, agent })
    };
    rows.into_iter().map(read).collect()
}

/// Takes one of this person's screens down; says whether there was one.
///
/// # Errors
/// [`Fault`].
pub fn take_down(tx: &mut Tx, user: UserId, token_hash: &Hash) -> Result<bool, Fault> {
    let conn: &mut Conn = tx;
    let theirs = board::table
        .find((&*conn.adcode, token_hash.as_slice()))
        .filter(board::user_id.eq(bytes(user.as_bytes())));
    Ok(diesel::delete(theirs).execute(&mut conn.engine)? > 0)
}
