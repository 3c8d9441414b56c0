//! WeChat accounts that are linked to people. An openid is one person's at a time.

use super::freeze::{self, Freeze};
use crate::Fault;
use crate::accounts::present;
use crate::column::{At, bytes};
use crate::conn::{Conn, Tx};
use crate::notices;
use crate::phones::join_accounts;
use crate::schema::{gift_order, payout, wechat_link};
use crate::trail::{Deed, record};
use diesel::prelude::*;
use woodlark_domain::audit::AuditAction;
use woodlark_domain::{Role, Timestamp, UserId};
use woodlark_ledger::BookId;

/// A WeChat account, by WeChat's word.
#[derive(Debug, Clone, Copy)]
pub struct WechatAccount<'a> {
    /// Our app that knows it.
    pub appid: &'a str,
    /// As that app knows it.
    pub openid: &'a str,
    /// As all our apps know it, where they are joined at WeChat.
    pub unionid: Option<&'a str>,
}

/// Links a WeChat account to a person, in the place of another of the same app. Where it is another account's already, by this
/// app or by another of ours, the two are one person: this account and all that was done with it goes to the one that was
/// linked first. Answers whose it is now.
///
/// # Errors
/// [`Fault`].
pub fn link_wechat(
    tx: &mut Tx,
    user: UserId,
    account: &WechatAccount<'_>,
    now: Timestamp,
) -> Result<UserId, Fault> {
    let mut owner = present(tx, user)?;
    if let Some(first) = owners(tx, account)?.first() {
        owner = present(tx, *first)?;
        for other in owners(tx, account)?.into_iter().chain([user]) {
            let other = present(tx, other)?;
            if other != owner {
                join_accounts(tx, other, owner, now)?;
            }
        }
    }
    let openid = linked_openid(tx, owner, account.appid)?;
    if openid.as_deref() == Some(account.openid) {
        if account.unionid.is_some() {
            let row = wechat_link::table.find((bytes(owner.as_bytes()), account.appid.to_owned()));
            diesel::update(row).set(wechat_link::unionid.eq(account.unionid)).execute(&mut tx.engine)?;
        }
        return Ok(owner);
    }
    delete(tx, owner, account.appid)?;
    let theirs = wechat_link::table
        .filter(wechat_link::appid.eq(account.appid))
        .filter(wechat_link::openid.eq(account.openid));
    diesel::delete(theirs).execute(&mut tx.engine)?;
    let row = (
        wechat_link::user_id.eq(bytes(owner.as_bytes())),
        wechat_link::appid.eq(account.appid),
        wechat_link::openid.eq(account.openid),
        wechat_link::unionid.eq(account.unionid),
        wechat_link::linked_at.eq(now.0),
    );
    diesel::insert_into(wechat_link::table).values(row).execute(&mut tx.engine)?;
    note(tx, AuditAction::LinkWechat, user, owner, now)?;
    Ok(owner)
}

/// Whose this WeChat account is, by this app or by another of ours; of several the one that linked first.
///
/// # Errors
/// [`Fault`].
pub(crate) fn known(conn: &mut Conn, account: &WechatAccount<'_>) -> Result<Option<UserId>, Fault> {
    Ok(owners(conn, account)?.first().copied())
}

/// Who has this WeChat account, by this app or by another, first linked first.
fn owners(conn: &mut Conn, account: &WechatAccount<'_>) -> Result<Vec<UserId>, Fault> {
    let mut rows: Vec<(i64, Vec<u8>)> = wechat_link::table
        .filter(wechat_link::appid.eq(account.appid))
        .filter(wechat_link::openid.eq(account.openid))
        .select((wechat_link::linked_at, wechat_link::user_id))
        .load(&mut conn.engine)?;
    if let Some(unionid) = account.unionid {
        rows.extend(
            wechat_link::table
                .filter(wechat_link::unionid.eq(unionid))
                .select((wechat_link::linked_at, wechat_link::user_id))
                .load::<(i64, Vec<u8>)>(&mut conn.engine)?,
        );
    }
    rows.sort();
    rows.iter().map(|(_, user)| At("wechat_link", "user_id").user(user)).collect()
}

/// Two accounts become one: what the one has linked is the other's, but for apps with which that has its own.
pub(crate) fn move_links(conn: &mut Conn, old: &[u8], new: &[u8]) -> Result<(), Fault> {
    let own: Vec<String> = wechat_link::table
        .filter(wechat_link::user_id.eq(new))
        .select(wechat_link::appid)
        .load(&mut conn.engine)?;
    for appid in own {
        notices::end(conn, old, &appid)?;
        diesel::delete(wechat_link::table.find((old, appid))).execute(&mut conn.engine)?;
    }
    let theirs = wechat_link::table.filter(wechat_link::user_id.eq(old));
    diesel::update(theirs).set(wechat_link::user_id.eq(new)).execute(&mut conn.engine)?;
    Ok(())
}

/// Takes a person's WeChat account of an app away; nothing where there is none.
///
/// # Errors
/// [`Fault`].
pub fn unlink_wechat(tx: &mut Tx, user: UserId, appid: &str, now: Timestamp) -> Result<(), Fault> {
    if delete(tx, user, appid)? {
        note(tx, AuditAction::UnlinkWechat, user, user, now)?;
    }
    Ok(())
}

/// What it was to be told about goes with it: nobody else is told instead.
fn delete(tx: &mut Tx, user: UserId, appid: &str) -> Result<bool, Fault> {
    notices::end(tx, user.as_bytes(), appid)?;
    let row = wechat_link::table.find((bytes(user.as_bytes()), appid.to_owned()));
    Ok(diesel::delete(row).execute(&mut tx.engine)? > 0)
}

fn note(tx: &mut Tx, action: AuditAction, by: UserId, of: UserId, now: Timestamp) -> Result<(), Fault> {
    let subject = of.to_string();
    let role = Role::Resident;
    record(tx, &Deed { at: now, user: Some(by), role, action, subject: &subject, detail: "{}" })
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
