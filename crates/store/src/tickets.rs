//! From the mini-program into our page: its shell, which WeChat says who opened it, gets a ticket; the page in it brings that, once
//! and within two minutes, and is signed in.

use crate::Fault;
use crate::accounts::{self, present, sign_in};
use crate::column::{At, Hash, bytes};
use crate::conn::{Conn, Tx};
use crate::phones::join_accounts;
use crate::redeem::{WechatAccount, known, link_wechat};
use crate::schema::{case_file, intake, joiner, phone, wechat_link, wechat_ticket};
use diesel::dsl::exists;
use diesel::prelude::*;
use woodlark_domain::{Door, Timestamp, UserId};

/// How long a ticket is good.
pub const GOOD_FOR: i64 = 2 * Timestamp::MINUTE;

/// What a page brings.
#[derive(Debug, Clone, Copy)]
pub struct Brought<'a> {
    /// The keyed hash of its ticket.
    pub ticket_hash: &'a Hash,
    /// The hash of its session's token, if it has one.
    pub session: Option<&'a Hash>,
    /// The hash of the token of a session that is made where it has none.
    pub fresh: &'a Hash,
    /// Its reader wants what was done on this device to go to the ticket's account.
    pub join: bool,
    /// When.
    pub now: Timestamp,
}

/// What a ticket came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Used {
    /// The session that was brought is this account's now.
    Kept(UserId),
    /// A session was made for this account.
    SignedIn(UserId),
    /// The device has an account with something in it: its reader has to say that both may become one. The ticket is still good.
    WouldJoin,
    /// It is used, too old, or never was one.
    Gone,
}

/// Finds or makes the account of whom WeChat knows, and keeps a ticket for it. Says until when that is good.
///
/// # Errors
/// [`Fault`], also where the new account or the ticket is there already.
pub fn issue(
    tx: &mut Tx,
    account: &WechatAccount<'_>,
    new: UserId,
    ticket_hash: &Hash,
    now: Timestamp,
) -> Result<Timestamp, Fault> {
    let user = match known(tx, account)? {
        Some(user) => user,
        None => {
            accounts::make(tx, new, now)?;
            new
        }
    };
    let user = link_wechat(tx, user, account, now)?;
    let until = now.plus(GOOD_FOR);
    let row = (
        wechat_ticket::user_id.eq(bytes(user.as_bytes())),
        wechat_ticket::ticket_hash.eq(bytes(ticket_hash)),
        wechat_ticket::until.eq(until.0),
        wechat_ticket::used_by.eq(None::<Vec<u8>>),
    );
    diesel::insert_into(wechat_ticket::table).values(row).execute(&mut tx.engine)?;
    Ok(until)
}

/// Uses a ticket. The session that used it may use it again, for its answer may have been lost; nobody else may.
///
/// # Errors
/// [`Fault`].
pub fn bring(tx: &mut Tx, brought: &Brought<'_>) -> Result<Used, Fault> {
    let found = wechat_ticket::table
        .filter(wechat_ticket::ticket_hash.eq(brought.ticket_hash.as_slice()))
        .filter(wechat_ticket::until.gt(brought.now.0))
        .select((wechat_ticket::user_id, wechat_ticket::used_by))
        .first::<(Vec<u8>, Option<Vec<u8>>)>(&mut tx.engine)
        .optional()?;
    let Some((user, used_by)) = found else { return Ok(Used::Gone) };
    let user = At("wechat_ticket", "user_id").user(&user)?;
    let user = present(tx, user)?;
    let own = match brought.session {
        Some(token) => accounts::find(tx, token)?.map(|session| (token, session.user)),
        None => None,
    };
    if let Some(by) = used_by {
        let same = own.is_some_and(|(token, own)| by == token && own == user);
        return Ok(if same { Used::Kept(user) } else { Used::Gone });
    }
    let token = match own {
        Some((token, own)) if own == user => token,
        Some((_, own)) if !brought.join && !is_bare(tx, own)? => return Ok(Used::WouldJoin),
        Some((token, own)) => {
            join_accounts(tx, own, user, brought.now)?;
            token
        }
        None => {
            sign_in(tx, user, brought.fresh, Door::Wechat, brought.now)?;
            brought.fresh
        }
    };
    let this = wechat_ticket::table
        .filter(wechat_ticket::ticket_hash.eq(brought.ticket_hash.as_slice()))
        .filter(wechat_ticket::used_by.is_null());
    diesel::update(this).set(wechat_ticket::used_by.eq(Some(bytes(token)))).execute(&mut tx.engine)?;
    Ok(if own.is_some() { Used::Kept(user) } else { Used::SignedIn(user) })
}

/// Whether nothing was ever done under an account, and nothing leads back to it but its session.
fn is_bare(conn: &mut Conn, user: UserId) -> Result<bool, Fault> {
    let (adcode, user) = (conn.adcode.to_string(), bytes(user.as_bytes()));
    let reported =
        case_file::table.filter(case_file::adcode.eq(&adcode)).filter(case_file::reporter.eq(&user));
    let has = diesel::select(exists(reported)).get_result::<bool>(&mut conn.engine)?
        || diesel::select(exists(joiner::table.filter(joiner::user_id.eq(&user))))
            .get_result::<bool>(&mut conn.engine)?
        || diesel::select(exists(intake::table.filter(intake::user_id.eq(&user))))
            .get_result::<bool>(&mut conn.engine)?
        || diesel::select(exists(phone::table.find(&user))).get_result::<bool>(&mut conn.engine)?
        || diesel::select(exists(wechat_link::table.filter(wechat_link::user_id.eq(&user))))
            .get_result::<bool>(&mut conn.engine)?;
    Ok(!has)
}
