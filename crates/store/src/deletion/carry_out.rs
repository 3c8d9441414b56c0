//! The end of an account, in one transaction.
//!
//! It goes: the account and those joined to it, sessions, phone, WeChat, reports on their way in, answers kept for repeats, whose
//! book of the ledger it is, voices, photos that nobody approved for everyone, originals of which a covered copy was approved. It
//! stays: the cases with what was written and done, their approved photos, and the book's entries, without anybody's name. In the
//! events of each case the resident becomes somebody whom no other case knows.

use super::{cases, kept_gifts, payout_under_way, strike_out, write_down};
use crate::accounts::joined_to;
use crate::column::{bytes, digest};
use crate::conn::{Conn, Tx};
use crate::schema::{
    account, account_deletion, audit, idempotency, intake, intake_attachment, kiosk_case, kiosk_envelope,
    notice_consent, phone, phone_code, quota, session, wechat_link, wechat_ticket,
};
use crate::trail::{Deed, record};
use crate::{Fault, Halt, ledger, redeem};
use diesel::prelude::*;
use woodlark_domain::audit::AuditAction;
use woodlark_domain::{Role, Timestamp, UserId};

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CarriedOut {
    /// The account is gone.
    Gone {
        /// How many cases it reported or joined.
        cases: usize,
    },
    /// Money is under way to it: it goes once that is over.
    Waits,
    /// It is not to go, or not yet: its owner kept it, or another server was first.
    Kept,
}

/// Ends an account whose week is over. `fresh` are random bytes of this call, kept nowhere.
///
/// # Errors
/// [`Fault`].
pub fn carry_out(tx: &mut Tx, user: UserId, fresh: &[u8; 32], now: Timestamp) -> Result<CarriedOut, Fault> {
    let row = account_deletion::table.find(bytes(user.as_bytes())).select(account_deletion::due_at);
    let due_at = row.first::<i64>(&mut tx.engine).optional()?;
    if due_at.is_none_or(|due_at| due_at > now.0) {
        return Ok(CarriedOut::Kept);
    }
    if payout_under_way(tx, user)? {
        return Ok(CarriedOut::Waits);
    }
    give_gifts_back(tx, user, now)?;
    let mut people = joined_to(tx, user)?;
    for other in &people {
        strike_out(tx, *other)?;
        write_down(tx, *other, now, now)?;
    }
    people.push(user);
    let cases = cases::forget(tx, &people, user, fresh)?;
    for one in &people {
        forget_in_audit(tx, &people, &one.to_string())?;
    }
    for one in &people {
        become_no_subject(tx, *one)?;
        ledger::forget(tx, *one)?;
        delete(tx, *one)?;
    }
    let detail = format!("{{\"cases\":{cases}}}");
    let (role, action) = (Role::System, AuditAction::DeleteAccount);
    // A random subject: two accounts that end in the same microsecond are two rows.
    let subject = nobody(&[b"ended", fresh]).to_string();
    record(tx, &Deed { at: now, user: None, role, action, subject: &subject, detail: &detail })?;
    Ok(CarriedOut::Gone { cases })
}

/// An id that nobody has: a cut of a hash over bytes that are kept nowhere.
pub(super) fn nobody(parts: &[&[u8]]) -> UserId {
    let mut id = [0; 16];
    id.iter_mut().zip(digest(parts)).for_each(|(to, from)| *to = from);
    UserId::from_bytes(id)
}

/// Asked for during the week and not fetched: the points go back to the book, the gift to its shelf.
fn give_gifts_back(tx: &mut Tx, user: UserId, now: Timestamp) -> Result<(), Fault> {
    for gift in kept_gifts(tx, user)? {
        match redeem::return_gift(tx, user, gift, now) {
            Ok(_) | Err(Halt::Refused(_)) => {}
            Err(Halt::Fault(fault)) => return Err(fault),
        }
    }
    Ok(())
}

/// In the rows about a subject these people become nobody.
pub(super) fn forget_in_audit(tx: &mut Tx, people: &[UserId], subject: &str) -> Result<(), Fault> {
    let people: Vec<Vec<u8>> = people.iter().map(|one| bytes(one.as_bytes())).collect();
    let theirs = audit::table
        .filter(audit::adcode.eq(tx.adcode().to_owned()))
        .filter(audit::subject.eq(subject))
        .filter(audit::user_id.eq_any(people));
    diesel::update(theirs).set(audit::user_id.eq(None::<Vec<u8>>)).execute(&mut tx.engine)?;
    Ok(())
}

/// Where somebody is the subject themselves, nothing is.
fn become_no_subject(tx: &mut Tx, user: UserId) -> Result<(), Fault> {
    let about = audit::table
        .filter(audit::adcode.eq(tx.adcode().to_owned()))
        .filter(audit::subject.eq(user.to_string()));
    diesel::update(about).set(audit::subject.eq("")).execute(&mut tx.engine)?;
    Ok(())
}

/// The rows that are the resident's own.
fn delete(tx: &mut Tx, user: UserId) -> Result<(), Fault> {
    let conn: &mut Conn = tx;
    let me = bytes(user.as_bytes());
    let intakes: Vec<Vec<u8>> =
        intake::table.filter(intake::user_id.eq(&me)).select(intake::id).load(&mut conn.engine)?;
    for id in intakes {
        let adcode = &*conn.adcode;
        let files = intake_attachment::table
            .filter(intake_attachment::adcode.eq(adcode))
            .filter(intake_attachment::intake_id.eq(&id));
        diesel::delete(files).execute(&mut conn.engine)?;
        diesel::delete(intake::table.find((adcode, &id))).execute(&mut conn.engine)?;
        // What a case that came from a kiosk is asked for with.
        diesel::delete(kiosk_case::table.find((adcode, &id))).execute(&mut conn.engine)?;
    }
    let envelopes = kiosk_envelope::table.filter(kiosk_envelope::user_id.eq(Some(&me)));
    diesel::delete(envelopes).execute(&mut conn.engine)?;
    let taken = kiosk_case::table.filter(kiosk_case::taken_by.eq(Some(&me)));
    diesel::delete(taken).execute(&mut conn.engine)?;
    diesel::delete(session::table.filter(session::user_id.eq(&me))).execute(&mut conn.engine)?;
    diesel::delete(phone::table.find(&me)).execute(&mut conn.engine)?;
    diesel::delete(phone_code::table.filter(phone_code::user_id.eq(&me))).execute(&mut conn.engine)?;
    diesel::delete(wechat_link::table.filter(wechat_link::user_id.eq(&me))).execute(&mut conn.engine)?;
    let consents = notice_consent::table.filter(notice_consent::user_id.eq(&me));
    diesel::delete(consents).execute(&mut conn.engine)?;
    let tickets = wechat_ticket::table.filter(wechat_ticket::user_id.eq(&me));
    diesel::delete(tickets).execute(&mut conn.engine)?;
    diesel::delete(idempotency::table.filter(idempotency::user_id.eq(&me))).execute(&mut conn.engine)?;
    diesel::delete(quota::table.filter(quota::subject.eq(&me))).execute(&mut conn.engine)?;
    diesel::delete(account_deletion::table.find(&me)).execute(&mut conn.engine)?;
    diesel::delete(account::table.find(&me)).execute(&mut conn.engine)?;
    Ok(())
}
