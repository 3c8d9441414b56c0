//! What a person may spend: their points, what is left of the month, whether their account is frozen.

use super::freeze;
use crate::Fault;
use crate::city::City;
use crate::conn::Conn;
use crate::ledger::{Book, balance, book_of};
use crate::schema::payout;
use diesel::prelude::*;
use woodlark_domain::redeem::{PayoutState, Purse};
use woodlark_domain::{Timestamp, UserId};
use woodlark_ledger::{Account, BookId};

/// What a person has to spend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wallet {
    /// Their book; none before their first deed.
    pub book: Option<Book>,
    /// Why their account is frozen, if it is.
    pub frozen: Option<String>,
    /// What rules ask about.
    pub purse: Purse,
}

/// What a person has to spend now.
///
/// # Errors
/// [`Fault`].
pub fn wallet(conn: &mut Conn, user: UserId, city: &City, now: Timestamp) -> Result<Wallet, Fault> {
    let book = book_of(conn, user)?;
    let budget_fen = balance(conn, Account::RewardFund)?;
    let Some(book) = book else {
        let purse = Purse { frozen: false, points: 0, month_fen: 0, budget_fen };
        return Ok(Wallet { book: None, frozen: None, purse });
    };
    let frozen = freeze::reason(conn, book.id)?;
    let month_fen = paid_in(conn, book.id, month(city, now))?;
    let purse = Purse { frozen: frozen.is_some(), points: book.balances.points, month_fen, budget_fen };
    Ok(Wallet { book: Some(book), frozen, purse })
}

/// The month of a moment, as the number YYYYMM.
pub(super) fn month(city: &City, at: Timestamp) -> i64 {
    i64::from(city.data().calendar.day(at).number() / 100)
}

/// Fen of a month's payouts that were not given back.
fn paid_in(conn: &mut Conn, book: BookId, month: i64) -> Result<i64, Fault> {
    let rows = payout::table
        .filter(payout::adcode.eq(&*conn.adcode))
        .filter(payout::book_id.eq(book.0.as_slice()))
        .filter(payout::month.eq(month))
        .select((payout::state, payout::fen))
        .load::<(String, i64)>(&mut conn.engine)?;
    let stands = |state: &str| PayoutState::from_code(state).is_none_or(|state| !state.is_returned());
    Ok(rows.iter().filter(|(state, _)| stands(state)).map(|(_, fen)| fen).sum())
}
