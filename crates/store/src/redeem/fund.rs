//! The budget that thanks are paid from, and the community's fund.

use super::wallet::wallet;
use crate::city::City;
use crate::conn::{Conn, Tx};
use crate::ledger::{append, balance, entries, load_book, make_book};
use crate::trail::{Deed, record};
use crate::{Fault, Halt};
use woodlark_domain::audit::AuditAction;
use woodlark_domain::redeem::RedeemRefusal;
use woodlark_domain::{Role, Timestamp, UserId};
use woodlark_ledger::bytes::to_hex;
use woodlark_ledger::{Account, BookId, Cause, EntryId, post};

/// Raises the budget by so many fen, or lowers it; never below what is promised.
///
/// # Errors
/// [`RedeemRefusal::BudgetSpent`].
pub fn fund(
    tx: &mut Tx,
    decision: EntryId,
    fen: i64,
    by: UserId,
    note: &str,
    now: Timestamp,
) -> Result<(), Halt<RedeemRefusal>> {
    if balance(tx, Account::RewardFund)?.saturating_add(fen) < 0 {
        return Err(Halt::Refused(RedeemRefusal::BudgetSpent));
    }
    let mut book = match load_book(tx, BookId::CITY)? {
        Some(book) => book,
        None => make_book(tx, BookId::CITY, now)?,
    };
    if append(tx, &mut book, Cause::Funding { decision }, post::funding(fen), now)?.is_some() {
        let detail = serde_json::json!({ "fen": fen, "note": note }).to_string();
        let (role, action, subject) = (Role::Admin, AuditAction::FundRewards, to_hex(&decision.0));
        record(tx, &Deed { at: now, user: Some(by), role, action, subject: &subject, detail: &detail })?;
    }
    Ok(())
}

/// What the budget holds, in fen.
///
/// # Errors
/// [`Fault`].
pub fn budget(conn: &mut Conn) -> Result<i64, Fault> {
    balance(conn, Account::RewardFund)
}

/// The last decisions about the budget, latest first: their ids, when, and by how many fen.
///
/// # Errors
/// [`Fault`].
pub fn fundings(conn: &mut Conn, most: usize) -> Result<Vec<(EntryId, Timestamp, i64)>, Fault> {
    let rows = entries(conn, BookId::CITY, None, most)?;
    let funding = |entry: woodlark_ledger::Entry| match entry.cause {
        Cause::Funding { decision } => Some((decision, entry.at, entry.amount(Account::RewardFund))),
        Cause::Deed { .. }
        | Cause::Reversal { .. }
        | Cause::PayoutDue { .. }
        | Cause::PayoutPaid { .. }
        | Cause::Gift { .. }
        | Cause::Donation { .. }
        | Cause::CarriedOut { .. }
        | Cause::CarriedIn { .. } => None,
    };
    Ok(rows.into_iter().filter_map(|row| row.entry.and_then(funding)).collect())
}

/// What came of a donation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Given {
    /// What the fund got, in fen.
    pub fen: i64,
    /// What it holds now, in fen.
    pub total_fen: i64,
}

/// Gives points to the community's fund.
///
/// # Errors
/// [`RedeemRefusal`].
pub fn donate(
    tx: &mut Tx,
    user: UserId,
    donation: EntryId,
    points: i64,
    city: &City,
    now: Timestamp,
) -> Result<Given, Halt<RedeemRefusal>> {
    let wallet = wallet(tx, user, city, now)?;
    let fen = wallet.purse.donation(points, &city.terms()).map_err(Halt::Refused)?;
    let mut book = wallet.book.ok_or(Halt::Refused(RedeemRefusal::TooFewPoints))?;
    append(tx, &mut book, Cause::Donation { donation }, post::donation(points, fen), now)?;
    Ok(Given { fen, total_fen: balance(tx, Account::CommunityFund)? })
}
