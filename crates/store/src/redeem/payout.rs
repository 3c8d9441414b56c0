//! A payout on our side of the pay system: asked for, approved or declined, taken back.

use super::read::{Payout, owner_of, payout};
use super::wallet::{month, wallet};
use super::{freeze, out_bill_no};
use crate::city::City;
use crate::column::bytes;
use crate::conn::Tx;
use crate::ledger::{append, entry, load_book};
use crate::schema::{payout as table, payout_approval};
use crate::trail::{Deed, record};
use crate::{Fault, Halt};
use diesel::prelude::*;
use woodlark_domain::audit::AuditAction;
use woodlark_domain::redeem::{PayoutState, RedeemRefusal, Term};
use woodlark_domain::{Role, Timestamp, UserId};
use woodlark_ledger::{BookId, Cause, EntryId, ReversalReason, post};

/// Somebody asks for a payout.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    /// Who.
    pub user: UserId,
    /// Under which id.
    pub id: EntryId,
    /// For how many points.
    pub points: i64,
    /// To which WeChat account.
    pub openid: &'a str,
}

/// Takes the points and promises the money, in one transaction.
///
/// # Errors
/// [`RedeemRefusal`].
pub fn ask(tx: &mut Tx, of: &Ask<'_>, city: &City, now: Timestamp) -> Result<Payout, Halt<RedeemRefusal>> {
    let (wallet, terms) = (wallet(tx, of.user, city, now)?, city.terms());
    let fen = wallet.purse.payout(of.points, &terms).map_err(Halt::Refused)?;
    let mut book = wallet.book.ok_or(Halt::Refused(RedeemRefusal::TooFewPoints))?;
    let cause = Cause::PayoutDue { payout: of.id };
    append(tx, &mut book, cause, post::payout_due(of.points, fen), now)?;
    let decide_by = now.plus(terms.of(Term::PayoutHours).saturating_mul(Timestamp::HOUR));
    let (state, next_at) = if terms.approvals(fen) == 0 {
        (PayoutState::Sending, now)
    } else {
        (PayoutState::Waiting, decide_by)
    };
    let row = (
        table::adcode.eq(tx.adcode().to_owned()),
        table::id.eq(bytes(&of.id.0)),
        table::book_id.eq(bytes(&book.id.0)),
        table::openid.eq(Some(of.openid)),
        table::points.eq(of.points),
        table::fen.eq(fen),
        table::month.eq(month(city, now)),
        table::state.eq(state.code()),
        (
            table::asked_at.eq(now.0),
            table::decide_by.eq(decide_by.0),
            table::changed_at.eq(now.0),
            table::next_at.eq(Some(next_at.0)),
            table::tries.eq(0_i64),
            table::why.eq(""),
        ),
    );
    diesel::insert_into(table::table).values(row).execute(&mut tx.engine)?;
    Ok(found(tx, of.id)?)
}

fn found(tx: &mut Tx, id: EntryId) -> Result<Payout, Fault> {
    payout(tx, id)?.ok_or(Fault::Ledger("the payout is not there"))
}

/// Somebody of the staff approves it; with the last approval that it takes it goes on its way.
///
/// # Errors
/// [`RedeemRefusal::TooLate`], [`RedeemRefusal::SamePerson`], [`RedeemRefusal::Frozen`].
pub fn approve(
    tx: &mut Tx,
    id: EntryId,
    by: UserId,
    city: &City,
    now: Timestamp,
) -> Result<Payout, Halt<RedeemRefusal>> {
    let one = waiting(tx, id, now)?;
    if freeze::reason(tx, one.book)?.is_some() {
        return Err(Halt::Refused(RedeemRefusal::Frozen));
    }
    if owner_of(tx, one.book)? == Some(by) || one.approvals.iter().any(|(user, _)| *user == by) {
        return Err(Halt::Refused(RedeemRefusal::SamePerson));
    }
    let row = (
        payout_approval::adcode.eq(tx.adcode().to_owned()),
        payout_approval::payout_id.eq(bytes(&id.0)),
        payout_approval::user_id.eq(bytes(by.as_bytes())),
        payout_approval::at.eq(now.0),
    );
    diesel::insert_into(payout_approval::table).values(row).execute(&mut tx.engine)?;
    told(tx, by, AuditAction::ApprovePayout, &one, "", now)?;
    if one.approvals.len() + 1 >= city.terms().approvals(one.fen) {
        move_on(tx, &one, PayoutState::Sending, "", Some(now), now)?;
    }
    Ok(found(tx, id)?)
}

/// Somebody of the staff declines it: the points go back.
///
/// # Errors
/// [`RedeemRefusal::TooLate`].
pub fn decline(
    tx: &mut Tx,
    id: EntryId,
    by: UserId,
    reason: &str,
    now: Timestamp,
) -> Result<Payout, Halt<RedeemRefusal>> {
    let one = waiting(tx, id, now)?;
    told(tx, by, AuditAction::DeclinePayout, &one, reason, now)?;
    end(tx, &one, PayoutState::Declined, reason, now)?;
    Ok(found(tx, id)?)
}

fn waiting(tx: &mut Tx, id: EntryId, now: Timestamp) -> Result<Payout, Halt<RedeemRefusal>> {
    let one = payout(tx, id)?.filter(|one| one.state == PayoutState::Waiting && one.decide_by > now);
    one.ok_or(Halt::Refused(RedeemRefusal::TooLate))
}

/// Its owner wants the points back. Before it was sent they have them at once; afterwards the pay system is asked to cancel
/// it, and its word decides.
///
/// # Errors
/// [`RedeemRefusal::TooLate`].
pub fn withdraw(
    tx: &mut Tx,
    user: UserId,
    id: EntryId,
    now: Timestamp,
) -> Result<Payout, Halt<RedeemRefusal>> {
    let one = payout(tx, id)?;
    let own = match &one {
        Some(one) => owner_of(tx, one.book)? == Some(user),
        None => false,
    };
    let one = one.filter(|one| own && !one.state.is_over()).ok_or(Halt::Refused(RedeemRefusal::TooLate))?;
    back(tx, &one, PayoutState::Withdrawn, now)?;
    Ok(found(tx, id)?)
}

/// Somebody of the staff gives up on it, as its owner may.
///
/// # Errors
/// [`RedeemRefusal::TooLate`].
pub fn give_back(
    tx: &mut Tx,
    id: EntryId,
    by: UserId,
    reason: &str,
    now: Timestamp,
) -> Result<Payout, Halt<RedeemRefusal>> {
    let one = payout(tx, id)?.filter(|one| !one.state.is_over() && one.state != PayoutState::Waiting);
    let one = one.ok_or(Halt::Refused(RedeemRefusal::TooLate))?;
    told(tx, by, AuditAction::GiveBackPayout, &one, reason, now)?;
    back(tx, &one, PayoutState::Failed, now)?;
    Ok(found(tx, id)?)
}

fn back(tx: &mut Tx, one: &Payout, ended: PayoutState, now: Timestamp) -> Result<(), Fault> {
    if one.sent_at.is_none() {
        return end(tx, one, ended, "", now);
    }
    let row = table::table.find((tx.adcode().to_owned(), bytes(&one.id.0)));
    let since = one.give_back_at.unwrap_or(now);
    let set = (table::give_back_at.eq(Some(since.0)), table::next_at.eq(Some(now.0)));
    diesel::update(row).set(set).execute(&mut tx.engine)?;
    Ok(())
}

/// Somebody of the staff has seen to what held it: it is asked about again, and sent again the same where it is not known.
///
/// # Errors
/// [`RedeemRefusal::TooLate`].
pub fn resume(tx: &mut Tx, id: EntryId, by: UserId, now: Timestamp) -> Result<Payout, Halt<RedeemRefusal>> {
    let one = payout(tx, id)?.filter(|one| one.state == PayoutState::Held);
    let one = one.ok_or(Halt::Refused(RedeemRefusal::TooLate))?;
    told(tx, by, AuditAction::ResumePayout, &one, "", now)?;
    move_on(tx, &one, PayoutState::Sending, "", Some(now), now)?;
    Ok(found(tx, id)?)
}

/// What nobody decided in time goes back. Says whether it did.
pub(super) fn lapse(tx: &mut Tx, one: &Payout, now: Timestamp) -> Result<bool, Fault> {
    let over = one.state == PayoutState::Waiting && one.decide_by <= now;
    if over {
        end(tx, one, PayoutState::Lapsed, "", now)?;
    }
    Ok(over)
}

/// Lets it stand elsewhere, to be looked at again then.
pub(super) fn move_on(
    tx: &mut Tx,
    one: &Payout,
    to: PayoutState,
    why: &str,
    next_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<(), Fault> {
    if one.state != to && !one.state.may_become(to) {
        return Err(Fault::Ledger("a payout can't become that"));
    }
    let changed_at = if one.state == to { one.changed_at } else { now };
    let row = table::table
        .find((tx.adcode().to_owned(), bytes(&one.id.0)))
        .filter(table::state.eq(one.state.code()));
    let set = (
        table::state.eq(to.code()),
        table::changed_at.eq(changed_at.0),
        table::next_at.eq(next_at.map(|at| at.0)),
        table::tries.eq(0_i64),
        table::why.eq(why),
    );
    if diesel::update(row).set(set).execute(&mut tx.engine)? != 1 {
        return Err(Fault::Moved);
    }
    Ok(())
}

/// Ends it, with its entry: paid, or the points given back.
pub(super) fn end(
    tx: &mut Tx,
    one: &Payout,
    to: PayoutState,
    why: &str,
    now: Timestamp,
) -> Result<(), Fault> {
    let Some(mut book) = load_book(tx, one.book)? else {
        return Err(Fault::Ledger("the book of a payout is not there"));
    };
    let due = Cause::PayoutDue { payout: one.id }.id(BookId::CITY);
    let written = if to == PayoutState::Paid {
        append(tx, &mut book, Cause::PayoutPaid { payout: one.id }, post::payout_paid(one.fen), now)?
    } else {
        let of = entry(tx, due)?.ok_or(Fault::Ledger("what a payout took is not there"))?;
        let cause = Cause::Reversal { reverses: due, reason: ReversalReason::PayoutFailed };
        let postings = post::reversal(&of, book.balances);
        append(tx, &mut book, cause, postings, now)?
    };
    if written.is_none() {
        return Err(Fault::Ledger("the payout was ended already"));
    }
    move_on(tx, one, to, why, None, now)?;
    let row = table::table.find((tx.adcode().to_owned(), bytes(&one.id.0)));
    let set = (
        table::openid.eq(None::<String>),
        table::package.eq(None::<String>),
        table::request.eq(None::<Vec<u8>>),
    );
    diesel::update(row).set(set).execute(&mut tx.engine)?;
    Ok(())
}

fn told(
    tx: &mut Tx,
    by: UserId,
    action: AuditAction,
    one: &Payout,
    reason: &str,
    now: Timestamp,
) -> Result<(), Fault> {
    let detail = serde_json::json!({ "fen": one.fen, "reason": reason }).to_string();
    let (role, subject) = (Role::Supervisor, out_bill_no(one.id));
    record(tx, &Deed { at: now, user: Some(by), role, action, subject: &subject, detail: &detail })
}
