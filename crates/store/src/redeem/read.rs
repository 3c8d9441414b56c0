//! Payouts as they are kept.

use crate::Fault;
use crate::column::{At, bytes, count};
use crate::conn::Conn;
use crate::ledger::balance;
use crate::prepared::{among, beyond};
use crate::schema::{gift_order, ledger_owner, payout, payout_approval};
use diesel::prelude::*;
use std::collections::BTreeMap;
use woodlark_domain::redeem::{GiftState, PayoutState};
use woodlark_domain::{Timestamp, UserId};
use woodlark_ledger::{Account, BookId, EntryId};

/// A payout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payout {
    /// Its id; the pay system's number comes of it.
    pub id: EntryId,
    /// Whose points.
    pub book: BookId,
    /// To whom; gone once it is over.
    pub openid: Option<String>,
    /// Who pays, as it was when it was first sent.
    pub merchant: Option<String>,
    /// What is sent, byte by byte, as it was first sent; gone once it is over.
    pub request: Option<Vec<u8>>,
    /// Points that it took.
    pub points: i64,
    /// What it pays, in fen.
    pub fen: i64,
    /// Where it stands.
    pub state: PayoutState,
    /// When it was asked for.
    pub asked_at: Timestamp,
    /// When it lapses if nobody has decided.
    pub decide_by: Timestamp,
    /// When it came to stand where it does.
    pub changed_at: Timestamp,
    /// When it was last sent, or may have been.
    pub sent_at: Option<Timestamp>,
    /// When somebody asked for the points back.
    pub give_back_at: Option<Timestamp>,
    /// How often in a row no answer could be believed.
    pub tries: u32,
    /// What WeChat needs to show it for confirmation.
    pub package: Option<String>,
    /// Why it stands there: words of the staff, or the pay system's code.
    pub why: String,
    /// Who approved it, first to last.
    pub approvals: Vec<(UserId, Timestamp)>,
}

type Row = (
    (Vec<u8>, Vec<u8>, Option<String>, Option<String>, i64, i64, String, i64),
    (i64, i64, Option<i64>, Option<i64>, i64, Option<String>, String, Option<Vec<u8>>),
);

macro_rules! columns {
    () => {
        (
            (
                payout::id,
                payout::book_id,
                payout::openid,
                payout::merchant,
                payout::points,
                payout::fen,
                payout::state,
                payout::asked_at,
            ),
            (
                payout::decide_by,
                payout::changed_at,
                payout::sent_at,
                payout::give_back_at,
                payout::tries,
                payout::package,
                payout::why,
                payout::request,
            ),
        )
    };
}

fn read(conn: &mut Conn, row: Row) -> Result<Payout, Fault> {
    let (
        (id, book, openid, merchant, points, fen, state, asked_at),
        (decide_by, changed_at, sent_at, give_back_at, tries, package, why, request),
    ) = row;
    let column = |column| At("payout", column);
    let id = id.try_into().map(EntryId).map_err(|id: Vec<u8>| column("id").corrupt(id))?;
    Ok(Payout {
        id,
        book: book.try_into().map(BookId).map_err(|book: Vec<u8>| column("book_id").corrupt(book))?,
        openid,
        merchant,
        request,
        points,
        fen,
        state: column("state").code(&state, PayoutState::from_code)?,
        asked_at: Timestamp(asked_at),
        decide_by: Timestamp(decide_by),
        changed_at: Timestamp(changed_at),
        sent_at: sent_at.map(Timestamp),
        give_back_at: give_back_at.map(Timestamp),
        tries: column("tries").number(tries)?,
        package,
        why,
        approvals: approvals(conn, id)?,
    })
}

fn approvals(conn: &mut Conn, id: EntryId) -> Result<Vec<(UserId, Timestamp)>, Fault> {
    let rows = payout_approval::table
        .filter(payout_approval::adcode.eq(&*conn.adcode))
        .filter(payout_approval::payout_id.eq(bytes(&id.0)))
        .order((payout_approval::at, payout_approval::user_id))
        .select((payout_approval::user_id, payout_approval::at))
        .load::<(Vec<u8>, i64)>(&mut conn.engine)?;
    let column = At("payout_approval", "user_id");
    rows.into_iter().map(|(user, at)| Ok((column.user(&user)?, Timestamp(at)))).collect()
}

fn read_all(conn: &mut Conn, rows: Vec<Row>) -> Result<Vec<Payout>, Fault> {
    rows.into_iter().map(|row| read(conn, row)).collect()
}

/// A payout by its id.
///
/// # Errors
/// [`Fault`].
pub fn payout(conn: &mut Conn, id: EntryId) -> Result<Option<Payout>, Fault> {
    let row = payout::table
        .find((&*conn.adcode, bytes(&id.0)))
        .select(columns!())
        .first::<Row>(&mut conn.engine)
        .optional()?;
    row.map(|row| read(conn, row)).transpose()
}

/// The payouts of a book, latest first.
///
/// # Errors
/// [`Fault`].
pub fn payouts_of(conn: &mut Conn, book: BookId, most: usize) -> Result<Vec<Payout>, Fault> {
    let rows = payout::table
        .filter(payout::adcode.eq(&*conn.adcode))
        .filter(payout::book_id.eq(bytes(&book.0)))
        .order(payout::asked_at.desc())
        .limit(count(most))
        .select(columns!())
        .load::<Row>(&mut conn.engine)?;
    read_all(conn, rows)
}

/// The payouts in a state, longest there first, from after one on.
///
/// # Errors
/// [`Fault`].
pub fn payouts_in(
    conn: &mut Conn,
    state: PayoutState,
    after: Option<(Timestamp, EntryId)>,
    most: usize,
) -> Result<Vec<Payout>, Fault> {
    let mut rows = payout::table
        .filter(payout::adcode.eq(&*conn.adcode))
        .filter(payout::state.eq(state.code()))
        .order((payout::asked_at, payout::id))
        .limit(count(most))
        .select(columns!())
        .into_boxed();
    if let Some((at, id)) = after {
        rows = rows.filter(beyond!((payout::asked_at, payout::id) > (at.0, bytes(&id.0))));
    }
    let rows = rows.load::<Row>(&mut conn.engine)?;
    read_all(conn, rows)
}

/// How many payouts are in a state.
///
/// # Errors
/// [`Fault`].
pub fn count_in(conn: &mut Conn, state: PayoutState) -> Result<u64, Fault> {
    let count: i64 = payout::table
        .filter(payout::adcode.eq(&*conn.adcode))
        .filter(payout::state.eq(state.code()))
        .count()
        .get_result(&mut conn.engine)?;
    Ok(u64::try_from(count).unwrap_or_default())
}

/// The payouts that the job has to look at by now, longest waiting first.
pub(super) fn due(conn: &mut Conn, now: Timestamp, most: usize) -> Result<Vec<Payout>, Fault> {
    let rows = payout::table
        .filter(payout::adcode.eq(&*conn.adcode))
        .filter(payout::next_at.le(now.0))
        .order(payout::next_at)
        .limit(count(most))
        .select(columns!())
        .load::<Row>(&mut conn.engine)?;
    read_all(conn, rows)
}

/// The payouts that nobody decided in time, longest waiting first.
pub(super) fn undecided(conn: &mut Conn, now: Timestamp, most: usize) -> Result<Vec<Payout>, Fault> {
    let rows = payout::table
        .filter(payout::adcode.eq(&*conn.adcode))
        .filter(payout::state.eq(PayoutState::Waiting.code()))
        .filter(payout::decide_by.le(now.0))
        .order((payout::asked_at, payout::id))
        .limit(count(most))
        .select(columns!())
        .load::<Row>(&mut conn.engine)?;
    read_all(conn, rows)
}

/// Whether a payout or a gift waits for the job by now: most of the time nothing does, and nothing is to be written then.
///
/// # Errors
/// [`Fault`].
pub fn is_due(conn: &mut Conn, now: Timestamp) -> Result<bool, Fault> {
    let payout = payout::table
        .filter(payout::adcode.eq(&*conn.adcode))
        .filter(payout::next_at.le(now.0))
        .select(payout::fen)
        .first::<i64>(&mut conn.engine)
        .optional()?;
    let gift = gift_order::table
        .filter(gift_order::adcode.eq(&*conn.adcode))
        .filter(gift_order::state.eq(GiftState::Kept.code()))
        .filter(gift_order::keep_until.le(now.0))
        .select(gift_order::points)
        .first::<i64>(&mut conn.engine)
        .optional()?;
    Ok(payout.is_some() || gift.is_some())
}

/// The payouts that were paid within these moments, for the statement of the pay system.
///
/// # Errors
/// [`Fault`].
pub fn paid_between(conn: &mut Conn, from: Timestamp, to: Timestamp) -> Result<Vec<(EntryId, i64)>, Fault> {
    let rows = payout::table
        .filter(payout::adcode.eq(&*conn.adcode))
        .filter(payout::state.eq(PayoutState::Paid.code()))
        .filter(payout::changed_at.ge(from.0))
        .filter(payout::changed_at.lt(to.0))
        .order(payout::asked_at)
        .select((payout::id, payout::fen))
        .load::<(Vec<u8>, i64)>(&mut conn.engine)?;
    let column = At("payout", "id");
    rows.into_iter()
        .map(|(id, fen)| Ok((id.try_into().map(EntryId).map_err(|id: Vec<u8>| column.corrupt(id))?, fen)))
        .collect()
}

/// Where the money of the ledger stands, in fen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Totals {
    /// What the budget still holds.
    pub budget: i64,
    /// What was granted to it in all.
    pub granted: i64,
    /// What is promised to residents and on its way.
    pub promised: i64,
    /// What was paid to residents.
    pub paid: i64,
    /// What the community's fund holds.
    pub fund: i64,
}

/// Where the money stands.
///
/// # Errors
/// [`Fault`].
pub fn totals(conn: &mut Conn) -> Result<Totals, Fault> {
    let (budget, fund) = (balance(conn, Account::RewardFund)?, balance(conn, Account::CommunityFund)?);
    let granted = -balance(conn, Account::Budget)?;
    let promised = promised(conn)?.values().sum();
    Ok(Totals { budget, granted, promised, paid: granted - budget - fund - promised, fund })
}

/// What payouts that are not over promise, by book.
pub(crate) fn promised(conn: &mut Conn) -> Result<BTreeMap<BookId, i64>, Fault> {
    let open = PayoutState::ALL.iter().filter(|state| !state.is_over()).map(|state| state.code());
    let rows = payout::table
        .filter(payout::adcode.eq(&*conn.adcode))
        .filter(among(payout::state, open))
        .select((payout::book_id, payout::fen))
        .load::<(Vec<u8>, i64)>(&mut conn.engine)?;
    let mut sums = BTreeMap::new();
    for (book, fen) in rows {
        let book = book.try_into().map(BookId);
        let book = book.map_err(|book: Vec<u8>| At("payout", "book_id").corrupt(book))?;
        *sums.entry(book).or_default() += fen;
    }
    Ok(sums)
}

/// Whose book it is, if anybody is still known to own it.
///
/// # Errors
/// [`Fault`].
pub fn owner_of(conn: &mut Conn, book: BookId) -> Result<Option<UserId>, Fault> {
    let row = ledger_owner::table
        .find((&*conn.adcode, bytes(&book.0)))
        .select(ledger_owner::user_id)
        .first::<Vec<u8>>(&mut conn.engine)
        .optional()?;
    row.map(|user| At("ledger_owner", "user_id").user(&user)).transpose()
}
