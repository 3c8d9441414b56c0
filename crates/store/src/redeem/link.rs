//! WeChat accounts that are linked to people. An openid is one person's at a time.

use super::freeze::{self, Freeze};
use crate::Fault;
use crate::column::{At, bytes};
use crate::conn::{Conn, Tx};
use crate::schema::{gift_order, payout, wechat_link};
use diesel::prelude::*;
use woodlark_domain::{Timestamp, UserId};
use woodlark_ledger::BookId;

/// What came of linking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Linked {
    /// It is linked to them now, or was already.
    Done,
    /// It is another person's.
    Others(UserId),
}

/// Links a WeChat account to a person, in the place of another of the same app.
///
/// # Errors
/// [`Fault`].
pub fn link_wechat(
    tx: &mut Tx,
    user: UserId,
    appid: &str,
    openid: &str,
    unionid: Option<&str>,
    now: Timestamp,
) -> Result<Linked, Fault> {
    let owner = wechat_link::table
        .filter(wechat_link::appid.eq(appid))
        .filter(wechat_link::openid.eq(openid))
        .select(wechat_link::user_id)
        .first::<Vec<u8>>(&mut tx.engine)
        .optional()?;
    if let Some(owner) = owner {
        let owner = At("wechat_link", "user_id").user(&owner)?;
        return Ok(if owner == user { Linked::Done } else { Linked::Others(owner) });
    }
    unlink_wechat(tx, user, appid)?;
    let row = (
        wechat_link::user_id.eq(bytes(user.as_bytes())),
        wechat_link::appid.eq(appid),
        wechat_link::openid.eq(openid),
        wechat_link::unionid.eq(unionid),
        wechat_link::linked_at.eq(now.0),
    );
    diesel::insert_into(wechat_link::table).values(row).execute(&mut tx.engine)?;
    Ok(Linked::Done)
}

/// Takes a person's WeChat account of an app away; nothing where there is none.
///
/// # Errors
/// [`Fault`].
pub fn unlink_wechat(tx: &mut Tx, user: UserId, appid: &str) -> Result<(), Fault> {
    let row = wechat_link::table.find((bytes(user.as_bytes()), appid.to_owned()));
    diesel::delete(row).execute(&mut tx.engine)?;
    Ok(())
}

/// A person's openid with an app, if one is linked.
///
/// # Errors
/// [`Fault`].
pub fn linked_openid(conn: &mut Conn, user: UserId, appid: &str) -> Result<Option<String>, Fault> {
    let row = wechat_link::table
        .find((bytes(user.as_bytes()), appid.to_owned()))
        .select(wechat_link::openid)
        .first::<String>(&mut conn.engine);
    Ok(row.optional()?)
}

/// Two books become one: what was ordered from the old goes on in the new, frozen if either was.
pub(crate) fn move_to(tx: &mut Tx, old: BookId, new: BookId, now: Timestamp) -> Result<(), Fault> {
    let adcode = tx.adcode().to_owned();
    let theirs =
        payout::table.filter(payout::adcode.eq(adcode.clone())).filter(payout::book_id.eq(bytes(&old.0)));
    diesel::update(theirs).set(payout::book_id.eq(bytes(&new.0))).execute(&mut tx.engine)?;
    let theirs =
        gift_order::table.filter(gift_order::adcode.eq(adcode)).filter(gift_order::book_id.eq(bytes(&old.0)));
    diesel::update(theirs).set(gift_order::book_id.eq(bytes(&new.0))).execute(&mut tx.engine)?;
    if let Some(frozen) = freeze::newest(tx, old)?.filter(|newest| newest.frozen)
        && freeze::reason(tx, new)?.is_none()
    {
        freeze::put(tx, &Freeze { book: new, at: now, ..frozen })?;
    }
    Ok(())
}
