//! Payouts and deeds as the desk sees them.

use std::collections::{BTreeMap, BTreeSet};
use woodlark_domain::UserId;
use woodlark_ledger::bytes::to_hex;
use woodlark_ledger::{Account, Cause};
use woodlark_store::city::City;
use woodlark_store::ledger::EntryRow;
use woodlark_store::redeem::{self, Payout, out_bill_no};
use woodlark_store::{Conn, Fault, staff};
use woodlark_wire::{Approval, DeskDeed, DeskPayout};

/// The names of those who approved these.
pub(super) fn approvers(conn: &mut Conn, payouts: &[Payout]) -> Result<BTreeMap<UserId, String>, Fault> {
    let users: BTreeSet<UserId> =
        payouts.iter().flat_map(|one| one.approvals.iter().map(|(user, _)| *user)).collect();
    staff::names(conn, &users)
}

pub(super) fn payout(
    conn: &mut Conn,
    one: Payout,
    names: &BTreeMap<UserId, String>,
    (reader, decides): (UserId, bool),
    city: &City,
) -> Result<DeskPayout, Fault> {
    let frozen = redeem::freezes(conn, one.book, 1)?.pop().filter(|newest| newest.frozen);
    let may_approve = decides
        && one.state == woodlark_domain::redeem::PayoutState::Waiting
        && frozen.is_none()
        && one.approvals.iter().all(|(user, _)| *user != reader);
    let approvals = one
        .approvals
        .iter()
        .map(|(user, at)| Approval { name: names.get(user).cloned().unwrap_or_default(), at: *at });
    Ok(DeskPayout {
        id: out_bill_no(one.id),
        book: to_hex(&one.book.0),
        points: one.points,
        fen: one.fen,
        state: one.state,
        asked_at: one.asked_at,
        decide_by: one.decide_by,
        changed_at: one.changed_at,
        sent_at: one.sent_at,
        giving_back: one.give_back_at.is_some() && !one.state.is_over(),
        why: one.why.clone(),
        approvals: approvals.collect(),
        approvals_needed: u32::try_from(city.terms().approvals(one.fen)).unwrap_or(u32::MAX),
        frozen: frozen.map(|frozen| frozen.reason),
        may_approve,
    })
}

/// A row of the ledger as a deed; none where it is something else.
pub(super) fn deed(row: &EntryRow) -> Option<DeskDeed> {
    let entry = row.entry.as_ref()?;
    let Cause::Deed { deed, case, .. } = entry.cause else { return None };
    Some(DeskDeed {
        entry: to_hex(&entry.id().0),
        book: to_hex(&entry.book.0),
        deed,
        points: entry.amount(Account::Points),
        at: entry.at,
        stands: row.reversals.is_multiple_of(2),
        case_id: case,
        number: row.case.as_ref().and_then(|(_, number, _)| number.parse().ok()),
    })
}
