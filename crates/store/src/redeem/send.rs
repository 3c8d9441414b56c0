//! A payout between us and the pay system. Before anything is sent, that it may have been sent is on the disk; and what may have
//! been sent is ended by nothing but the pay system's own verified word.

use super::payout::{end, lapse, move_on};
use super::read::{Payout, due, payout, undecided};
use super::{freeze, out_bill_no};
use crate::Fault;
use crate::column::bytes;
use crate::conn::Tx;
use crate::schema::payout as table;
use crate::trail::{Deed, record};
use diesel::prelude::*;
use woodlark_domain::audit::AuditAction;
use woodlark_domain::redeem::PayoutState;
use woodlark_domain::{Role, Timestamp};
use woodlark_ledger::EntryId;

/// How long a server that took a payout up has to hear an answer.
const LEASE: i64 = 2 * Timestamp::MINUTE;
/// How long what was signed can still arrive: the pay system takes no signature that is older than five minutes.
const ARRIVES: i64 = 10 * Timestamp::MINUTE;
/// After how long it is asked again what became of it.
const UNDERWAY: i64 = 30 * Timestamp::SECOND;
/// The same while the resident has to confirm it: the pay system calls when they did.
const CONFIRMING: i64 = 10 * Timestamp::MINUTE;
/// The same where the merchant's own account is empty, or the account is frozen.
const LATER: i64 = 30 * Timestamp::MINUTE;
/// At most so long between two times of asking in doubt.
const DOUBT: i64 = 10 * Timestamp::MINUTE;

/// What the pay system is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// To pay.
    Transfer,
    /// What became of it.
    Query,
    /// Not to pay.
    Cancel,
}

/// What it said. All but the last is its verified word, about this very payout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Word {
    /// It has it, or is at it.
    Underway,
    /// The resident has to confirm it, with this package where it is said.
    Confirm(Option<String>),
    /// It was paid.
    Paid,
    /// It comes to nothing, for this reason.
    Failed(String),
    /// It was cancelled.
    Cancelled,
    /// It does not know of it.
    NotFound,
    /// The merchant's account holds too little.
    NotEnough,
    /// It refuses, with this code.
    Refused(String),
    /// No answer, or one that can't be believed.
    Doubt(String),
}

/// What came of a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// It was taken down.
    Noted,
    /// This is to be asked now; that it is asked is written down already.
    Ask(Asked),
    /// It is over, and was before.
    Over,
    /// It says otherwise than it did when it was over: people have to look.
    Contradicts,
    /// There is no such payout.
    Unknown,
}

/// Who pays, and how it is asked to.
pub struct Payer<'a> {
    /// Its name: what was sent under one is never asked of another.
    pub merchant: &'a str,
    /// What is to be sent for a payout, byte by byte; none where it can't be.
    pub request: &'a dyn Fn(&Payout) -> Option<Vec<u8>>,
}

/// A payout that this server has taken up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed {
    /// The payout.
    pub payout: Payout,
    /// What to ask.
    pub ask: Asked,
}

/// Takes up what is due, for this merchant. What nobody decided in time lapses; what was never sent is written down as sent.
///
/// # Errors
/// [`Fault`].
pub fn claim(tx: &mut Tx, payer: &Payer<'_>, now: Timestamp, most: usize) -> Result<Vec<Claimed>, Fault> {
    let merchant = payer.merchant;
    let mut claimed = Vec::new();
    for mut one in due(tx, now, most)? {
        if lapse(tx, &one, now)? {
            continue;
        }
        if one.merchant.as_deref().is_some_and(|known| known != merchant) {
            // Another merchant doesn't know of it, and would say so.
            move_on(tx, &one, PayoutState::Held, "MERCHANT_CHANGED", None, now)?;
            continue;
        }
        let ask = if one.sent_at.is_some() {
            lease(tx, &one, now)?;
            Asked::Query
        } else if one.give_back_at.is_some() {
            end(tx, &one, PayoutState::Withdrawn, "", now)?;
            continue;
        } else if freeze::reason(tx, one.book)?.is_some() {
            look_again(tx, &one, now.plus(LATER))?;
            continue;
        } else {
            let Some(request) = (payer.request)(&one) else {
                move_on(tx, &one, PayoutState::Held, "NO_REQUEST", None, now)?;
                continue;
            };
            keep_request(tx, &one, merchant, &request)?;
            sent(tx, &one, now)?;
            (one.merchant, one.request) = (Some(merchant.to_owned()), Some(request));
            Asked::Transfer
        };
        claimed.push(Claimed { payout: one, ask });
    }
    Ok(claimed)
}

/// Lets lapse what nobody decided in time, where no merchant pays. Says how many there were.
///
/// # Errors
/// [`Fault`].
pub fn lapse_undecided(tx: &mut Tx, now: Timestamp, most: usize) -> Result<usize, Fault> {
    let mut lapsed = 0;
    // Among those that wait alone: others that nobody pays would stand before them for ever.
    for one in undecided(tx, now, most)? {
        lapsed += usize::from(lapse(tx, &one, now)?);
    }
    Ok(lapsed)
}

fn row(tx: &Tx, one: &Payout) -> (String, Vec<u8>) {
    (tx.adcode().to_owned(), bytes(&one.id.0))
}

fn look_again(tx: &mut Tx, one: &Payout, at: Timestamp) -> Result<(), Fault> {
    let row = table::table.find(row(tx, one));
    diesel::update(row).set(table::next_at.eq(Some(at.0))).execute(&mut tx.engine)?;
    Ok(())
}

fn lease(tx: &mut Tx, one: &Payout, now: Timestamp) -> Result<(), Fault> {
    look_again(tx, one, now.plus(LEASE))
}

/// Writes down who pays it, and what is sent byte by byte: sent again, it is the same.
fn keep_request(tx: &mut Tx, one: &Payout, merchant: &str, request: &[u8]) -> Result<(), Fault> {
    let row = table::table.find(row(tx, one));
    let set = (table::merchant.eq(Some(merchant)), table::request.eq(Some(request)));
    diesel::update(row).set(set).execute(&mut tx.engine)?;
    Ok(())
}

/// Writes down that it may have been sent.
fn sent(tx: &mut Tx, one: &Payout, now: Timestamp) -> Result<(), Fault> {
    let row = table::table.find(row(tx, one));
    let set = (table::sent_at.eq(Some(now.0)), table::next_at.eq(Some(now.plus(LEASE).0)));
    diesel::update(row).set(set).execute(&mut tx.engine)?;
    Ok(())
}

/// Takes down what the pay system said of a payout, in answer to a question or of its own accord (`asked` is none then).
///
/// # Errors
/// [`Fault`].
pub fn heard(
    tx: &mut Tx,
    id: EntryId,
    asked: Option<Asked>,
    word: &Word,
    now: Timestamp,
) -> Result<Heard, Fault> {
    let Some(one) = payout(tx, id)? else { return Ok(Heard::Unknown) };
    if one.state.is_over() {
        let contradicts = match word {
            Word::Paid => one.state != PayoutState::Paid,
            Word::Failed(_) | Word::Cancelled => one.state == PayoutState::Paid,
            Word::Underway
            | Word::Confirm(_)
            | Word::NotFound
            | Word::NotEnough
            | Word::Refused(_)
            | Word::Doubt(_) => false,
        };
        if contradicts {
            tell(tx, &one, AuditAction::PayoutContradicted, word, now)?;
        }
        return Ok(if contradicts { Heard::Contradicts } else { Heard::Over });
    }
    let Some(sent_at) = one.sent_at else {
        // Of what was never sent nothing can be known; whoever says so is not believed.
        tell(tx, &one, AuditAction::PayoutContradicted, word, now)?;
        return Ok(Heard::Contradicts);
    };
    let arrived = sent_at.plus(ARRIVES);
    match word {
        Word::Paid => end(tx, &one, PayoutState::Paid, "", now)?,
        Word::Failed(reason) => end(tx, &one, PayoutState::Failed, reason, now)?,
        Word::Cancelled if one.give_back_at.is_some() => end(tx, &one, PayoutState::Withdrawn, "", now)?,
        Word::Cancelled => end(tx, &one, PayoutState::Failed, "CANCELLED", now)?,
        Word::Underway | Word::Confirm(_) => {
            if one.give_back_at.is_some() && asked == Some(Asked::Query) {
                lease(tx, &one, now)?;
                return Ok(Heard::Ask(Asked::Cancel));
            }
            let package = match word {
                Word::Confirm(package) => package.as_deref().or(one.package.as_deref()),
                Word::Underway
                | Word::Paid
                | Word::Failed(_)
                | Word::Cancelled
                | Word::NotFound
                | Word::NotEnough
                | Word::Refused(_)
                | Word::Doubt(_) => None,
            };
            if let Some(package) = package {
                let row = table::table.find(row(tx, &one));
                diesel::update(row).set(table::package.eq(Some(package))).execute(&mut tx.engine)?;
                move_on(tx, &one, PayoutState::Confirming, "", Some(now.plus(CONFIRMING)), now)?;
            } else if matches!(word, Word::Confirm(_)) && asked == Some(Asked::Query) {
                // Only the answer to the order itself holds the package: the same order again is answered the same.
                sent(tx, &one, now)?;
                return Ok(Heard::Ask(Asked::Transfer));
            } else {
                let state = if one.state == PayoutState::Held { PayoutState::Sending } else { one.state };
                move_on(tx, &one, state, "", Some(now.plus(UNDERWAY)), now)?;
            }
        }
        // What was signed before can still arrive for a while; then nothing can come of it any more.
        Word::NotFound if one.give_back_at.is_some() && now > arrived => {
            end(tx, &one, PayoutState::Withdrawn, "", now)?;
        }
        Word::NotFound if one.give_back_at.is_some() => look_again(tx, &one, arrived.plus(1))?,
        // The pay system lost what it had said yes to: nobody but people can say what that means.
        Word::NotFound if one.state == PayoutState::Confirming => {
            move_on(tx, &one, PayoutState::Held, "NOT_FOUND", None, now)?;
        }
        Word::NotFound if asked == Some(Asked::Query) => {
            if freeze::reason(tx, one.book)?.is_some() {
                look_again(tx, &one, now.plus(LATER))?;
            } else {
                sent(tx, &one, now)?;
                return Ok(Heard::Ask(Asked::Transfer));
            }
        }
        Word::NotEnough => look_again(tx, &one, now.plus(LATER))?,
        Word::Refused(code) if asked == Some(Asked::Transfer) => {
            move_on(tx, &one, PayoutState::Held, code, None, now)?;
        }
        // A question that was refused says nothing of the money.
        Word::Refused(_) | Word::Doubt(_) | Word::NotFound => doubt(tx, &one, now)?,
    }
    Ok(Heard::Noted)
}

/// Asks again later, each time after longer.
fn doubt(tx: &mut Tx, one: &Payout, now: Timestamp) -> Result<(), Fault> {
    let pause = (10 * Timestamp::SECOND).saturating_mul(1 << one.tries.min(10)).min(DOUBT);
    let row = table::table.find(row(tx, one));
    let set = (table::next_at.eq(Some(now.plus(pause).0)), table::tries.eq(table::tries + 1_i64));
    diesel::update(row).set(set).execute(&mut tx.engine)?;
    Ok(())
}

fn tell(tx: &mut Tx, one: &Payout, action: AuditAction, word: &Word, now: Timestamp) -> Result<(), Fault> {
    let detail = serde_json::json!({ "said": format!("{word:?}"), "state": one.state }).to_string();
    let (user, role, subject) = (None, Role::System, out_bill_no(one.id));
    record(tx, &Deed { at: now, user, role, action, subject: &subject, detail: &detail })
}
