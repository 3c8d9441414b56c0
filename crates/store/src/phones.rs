//! Linking a phone: a one-time code is sent and given back. A phone that has an account already takes this device, and
//! all that was done with it, there.

use crate::Fault;
use crate::accounts::present;
use crate::cases::{CaseFile, History, Reckoned, UNWOUND};
use crate::column::{At, Hash, bytes};
use crate::conn::{Conn, Tx, each};
use crate::deletion::strike_out;
use crate::ledger::join_books;
use crate::notices;
use crate::quota::{Quota, Spent, spend};
use crate::redeem::move_links;
use crate::schema::{account, case_file, idempotency, intake, joiner, phone, phone_code, session};
use crate::trail::{Deed, record};
use diesel::prelude::*;
use std::collections::BTreeSet;
use woodlark_domain::audit::AuditAction;
use woodlark_domain::{CaseId, Role, Timestamp, UserId};

/// How long a code holds.
pub const CODE_HOLDS: i64 = 5 * Timestamp::MINUTE;
/// How often a code may be given wrongly.
pub const CODE_TRIES: u32 = 5;
/// Codes for one phone, and for one account: one a minute, five a day.
const CODES: Quota = Quota { kind: "phone_code", most: 5, window: Timestamp::DAY, gap: Timestamp::MINUTE };

/// What asking for a code came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Issued {
    /// It may be sent.
    Sent {
        /// Until when it holds.
        expires_at: Timestamp,
        /// When another may be asked for.
        again_at: Timestamp,
    },
    /// Too many for this phone or this account.
    TooOften {
        /// When another may be asked for.
        again_at: Timestamp,
    },
}

/// What giving a code back came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// The phone is linked. The device belongs to this account now, which may be another than before.
    Linked {
        /// Which.
        user: UserId,
    },
    /// It was wrong.
    Wrong {
        /// How often it may still be tried.
        tries_left: u32,
    },
    /// There is no code, or it is too old, or it was tried too often: ask for another.
    Expired,
}

/// A code given back.
#[derive(Debug, Clone)]
pub struct Take<'a> {
    /// By this account.
    pub user: UserId,
    /// For this phone: a keyed hash of its number.
    pub phone_hash: &'a Hash,
    /// The number as it may be shown: `138****5678`.
    pub masked: &'a str,
    /// Of the code that was given.
    pub code_hash: &'a Hash,
    /// When.
    pub now: Timestamp,
}

/// Writes a code down for this account to give back. The one before it no longer holds.
///
/// # Errors
/// [`Fault`].
pub fn issue(
    tx: &mut Tx,
    user: UserId,
    phone_hash: &Hash,
    code_hash: &Hash,
    now: Timestamp,
) -> Result<Issued, Fault> {
    let again_at = match spend(tx, &CODES, &[phone_hash, user.as_bytes()], now)? {
        Spent::Granted { again_at } => again_at,
        Spent::Refused { again_at } => return Ok(Issued::TooOften { again_at }),
    };
    let expires_at = now.plus(CODE_HOLDS);
    let values = (
        phone_code::user_id.eq(bytes(user.as_bytes())),
        phone_code::phone_hash.eq(bytes(phone_hash)),
        phone_code::code_hash.eq(bytes(code_hash)),
        phone_code::sent_at.eq(now.0),
        phone_code::expires_at.eq(expires_at.0),
        phone_code::tries.eq(0_i64),
    );
    let code = phone_code::table.find((bytes(user.as_bytes()), bytes(phone_hash)));
    diesel::delete(code).execute(&mut tx.engine)?;
    diesel::insert_into(phone_code::table).values(values).execute(&mut tx.engine)?;
    Ok(Issued::Sent { expires_at, again_at })
}

/// Takes a code back. A wrong one is counted, so the transaction must be kept whatever the outcome.
///
/// # Errors
/// [`Fault`].
pub fn take(tx: &mut Tx, given: &Take<'_>) -> Result<Taken, Fault> {
    let owner = owner(tx, given.phone_hash)?;
    let code = || phone_code::table.find((bytes(given.user.as_bytes()), bytes(given.phone_hash)));
    let found = code()
        .select((phone_code::code_hash, phone_code::expires_at, phone_code::tries))
        .first::<(Vec<u8>, i64, i64)>(&mut tx.engine)
        .optional()?;
    let Some((expected, expires_at, tries)) = found else {
        // Asked again after it was done: the answer got lost on its way.
        let done = owner == Some(given.user);
        return Ok(if done { Taken::Linked { user: given.user } } else { Taken::Expired });
    };
    let tries: u32 = At("phone_code", "tries").number(tries)?;
    if given.now.0 >= expires_at || tries >= CODE_TRIES {
        diesel::delete(code()).execute(&mut tx.engine)?;
        return Ok(Taken::Expired);
    }
    if expected != given.code_hash {
        diesel::update(code())
            .set(phone_code::tries.eq(phone_code::tries + 1_i64))
            .execute(&mut tx.engine)?;
        return Ok(Taken::Wrong { tries_left: CODE_TRIES.saturating_sub(tries + 1) });
    }
    diesel::delete(code()).execute(&mut tx.engine)?;
    let user = match owner {
        Some(owner) if owner == given.user => owner,
        Some(owner) => {
            join_accounts(tx, given.user, owner, given.now)?;
            owner
        }
        None => {
            link(tx, given)?;
            given.user
        }
    };
    let subject = user.to_string();
    let deed = Deed {
        at: given.now,
        user: Some(given.user),
        role: Role::Resident,
        action: AuditAction::LinkPhone,
        subject: &subject,
        detail: "{}",
    };
    record(tx, &deed)?;
    Ok(Taken::Linked { user })
}

/// Whose phone it is.
fn owner(conn: &mut Conn, phone_hash: &Hash) -> Result<Option<UserId>, Fault> {
    let found = phone::table
        .filter(phone::phone_hash.eq(phone_hash.as_slice()))
        .select(phone::user_id)
        .first::<Vec<u8>>(&mut conn.engine)
        .optional()?;
    found.map(|user| At("phone", "user_id").user(&user)).transpose()
}

/// The phone becomes this account's, in the place of the one that it had.
fn link(tx: &mut Tx, given: &Take<'_>) -> Result<(), Fault> {
    let before = phone::table.find(bytes(given.user.as_bytes()));
    diesel::delete(before).execute(&mut tx.engine)?;
    let row = (
        phone::user_id.eq(bytes(given.user.as_bytes())),
        phone::phone_hash.eq(bytes(given.phone_hash)),
        phone::masked.eq(given.masked),
        phone::linked_at.eq(given.now.0),
    );
    diesel::insert_into(phone::table).values(row).execute(&mut tx.engine)?;
    Ok(())
}

/// Everything of one account becomes the other's: sessions, WeChat accounts, reports on their way in, cases, joins, answers
/// given. The events keep what was written; reading them, the one account stands for both.
pub(crate) fn join_accounts(tx: &mut Tx, from: UserId, to: UserId, now: Timestamp) -> Result<(), Fault> {
    let to = present(tx, to)?;
    let (old, new) = (bytes(from.as_bytes()), bytes(to.as_bytes()));
    strike_out(tx, from)?;
    let conn: &mut Conn = tx;
    let moved = (account::moved_to.eq(Some(&new)), account::moved_at.eq(Some(now.0)));
    diesel::update(account::table.find(&old)).set(moved).execute(&mut conn.engine)?;
    let earlier = account::table.filter(account::moved_to.eq(&old));
    diesel::update(earlier).set(account::moved_to.eq(Some(&new))).execute(&mut conn.engine)?;
    diesel::delete(phone::table.find(&old)).execute(&mut conn.engine)?;
    let theirs = session::table.filter(session::user_id.eq(&old));
    diesel::update(theirs).set(session::user_id.eq(&new)).execute(&mut conn.engine)?;
    let theirs = intake::table.filter(intake::user_id.eq(&old));
    diesel::update(theirs).set(intake::user_id.eq(&new)).execute(&mut conn.engine)?;
    move_links(conn, &old, &new)?;
    notices::move_to(conn, &old, &new)?;
    move_answers(conn, &old, &new)?;
    move_cases(conn, &old, &new)?;
    join_books(tx, from, to, now)
}

/// Answers given to the one are given to the other, but for keys that the other has used.
fn move_answers(conn: &mut Conn, old: &[u8], new: &[u8]) -> Result<(), Fault> {
    let used: Vec<String> = idempotency::table
        .filter(idempotency::user_id.eq(new))
        .select(idempotency::idem_key)
        .load(&mut conn.engine)?;
    for key in used {
        diesel::delete(idempotency::table.find((old, key))).execute(&mut conn.engine)?;
    }
    let theirs = idempotency::table.filter(idempotency::user_id.eq(old));
    diesel::update(theirs).set(idempotency::user_id.eq(new)).execute(&mut conn.engine)?;
    Ok(())
}

/// Cases and joins, and the rows of the cases with them.
fn move_cases(conn: &mut Conn, old: &[u8], new: &[u8]) -> Result<(), Fault> {
    let adcode = conn.adcode.to_string();
    let reported: Vec<Vec<u8>> = case_file::table
        .filter(case_file::adcode.eq(&adcode))
        .filter(case_file::reporter.eq(old))
        .select(case_file::id)
        .load(&mut conn.engine)?;
    let joined: Vec<(Vec<u8>, i64)> = joiner::table
        .filter(joiner::user_id.eq(old))
        .filter(joiner::adcode.eq(&adcode))
        .select((joiner::case_id, joiner::joined_at))
        .load(&mut conn.engine)?;
    for (case, joined_at) in &joined {
        diesel::delete(joiner::table.find((&adcode, case, old))).execute(&mut conn.engine)?;
        let row = (
            joiner::adcode.eq(&adcode),
            joiner::case_id.eq(case),
            joiner::user_id.eq(new),
            joiner::joined_at.eq(joined_at),
        );
        each!(conn, c => diesel::insert_into(joiner::table).values(row).on_conflict_do_nothing().execute(c))?;
    }
    let cases: BTreeSet<Vec<u8>> =
        reported.into_iter().chain(joined.into_iter().map(|(case, _)| case)).collect();
    for case in &cases {
        rewrite(conn, At("case_file", "id").case(case)?)?;
    }
    Ok(())
}

/// The row of a case and its joiners, as its events read now.
fn rewrite(conn: &mut Conn, id: CaseId) -> Result<(), Fault> {
    let Some(history) = History::load(conn, id)? else { return Ok(()) };
    let adcode = conn.adcode.to_string();
    let key = bytes(id.as_bytes());
    let kept = case_file::table
        .find((&adcode, &key))
        .select((case_file::number, case_file::promised_at, case_file::due_at, case_file::overdue))
        .first::<(String, Option<i64>, Option<i64>, i64)>(&mut conn.engine)?;
    let (number, promised_at, due_at, overdue) = kept;
    // Two that rated it may be one now, and all may be content: the clock looks at it anew.
    let reckoned = Reckoned { promised_at, due_at, overdue, wakes_at: Some(UNWOUND) };
    let row = CaseFile::of(&adcode, &number, &history, &reckoned);
    diesel::update(case_file::table.find((&adcode, &key))).set(row.changed()).execute(&mut conn.engine)?;
    // Who turned out to be the reporter is no joiner.
    if let Some(reporter) = history.case.reporter {
        let own = joiner::table.find((&adcode, &key, bytes(reporter.as_bytes())));
        diesel::delete(own).execute(&mut conn.engine)?;
    }
    Ok(())
}
