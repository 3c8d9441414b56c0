//! Gifts that were ordered, and their codes. A code comes of the order and the server's key; what is kept is a keyed hash of
//! it, so that nobody who reads the database can fetch a gift.

use super::freeze;
use super::wallet::wallet;
use crate::city::City;
use crate::column::{At, Hash, bytes, count};
use crate::conn::{Conn, Tx};
use crate::ledger::{append, entry, load_book};
use crate::redeem::owner_of;
use crate::schema::gift_order as table;
use crate::trail::{Deed, record};
use crate::{Fault, Halt};
use diesel::prelude::*;
use woodlark_domain::audit::AuditAction;
use woodlark_domain::criterion::Name;
use woodlark_domain::redeem::{GiftState, RedeemRefusal, Term};
use woodlark_domain::{EntryCode, GiftCode, KioskId, Role, Timestamp, UserId};
use woodlark_ledger::bytes::to_hex;
use woodlark_ledger::{BookId, Cause, EntryId, ReversalReason, post};

/// A gift that was ordered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GiftOrder {
    /// Its id; its code comes of it.
    pub id: EntryId,
    /// Whose points.
    pub book: BookId,
    /// Which gift.
    pub gift: GiftCode,
    /// What it was called when it was ordered.
    pub name: Name,
    /// Points that it took.
    pub points: i64,
    /// Where it is kept.
    pub station: EntryCode,
    /// Where it stands.
    pub state: GiftState,
    /// When it was ordered.
    pub ordered_at: Timestamp,
    /// How long it is kept.
    pub keep_until: Timestamp,
    /// When it came to stand where it does.
    pub changed_at: Timestamp,
}

type Row = ((Vec<u8>, Vec<u8>, String, String, String, i64), (String, String, i64, i64, i64));

macro_rules! columns {
    () => {
        (
            (table::id, table::book_id, table::gift, table::name_zh, table::name_en, table::points),
            (table::station, table::state, table::ordered_at, table::keep_until, table::changed_at),
        )
    };
}

fn read(row: Row) -> Result<GiftOrder, Fault> {
    let ((id, book, gift, zh, en, points), (station, state, ordered_at, keep_until, changed_at)) = row;
    let column = |column| At("gift_order", column);
    Ok(GiftOrder {
        id: id.try_into().map(EntryId).map_err(|id: Vec<u8>| column("id").corrupt(id))?,
        book: book.try_into().map(BookId).map_err(|book: Vec<u8>| column("book_id").corrupt(book))?,
        gift: column("gift").text(&gift)?,
        name: Name { zh, en },
        points,
        station: column("station").text(&station)?,
        state: column("state").code(&state, GiftState::from_code)?,
        ordered_at: Timestamp(ordered_at),
        keep_until: Timestamp(keep_until),
        changed_at: Timestamp(changed_at),
    })
}

/// An order by its id.
///
/// # Errors
/// [`Fault`].
pub fn gift_order(conn: &mut Conn, id: EntryId) -> Result<Option<GiftOrder>, Fault> {
    let row = table::table.find((&*conn.adcode, bytes(&id.0))).select(columns!());
    row.first::<Row>(&mut conn.engine).optional()?.map(read).transpose()
}

/// The order that a code is of.
///
/// # Errors
/// [`Fault`].
pub fn gift_by_code(conn: &mut Conn, code_hash: &Hash) -> Result<Option<GiftOrder>, Fault> {
    let row = table::table
        .filter(table::adcode.eq(&*conn.adcode))
        .filter(table::code_hash.eq(bytes(code_hash)))
        .select(columns!());
    row.first::<Row>(&mut conn.engine).optional()?.map(read).transpose()
}

/// The orders of a book, latest first.
///
/// # Errors
/// [`Fault`].
pub fn gift_orders(conn: &mut Conn, book: BookId, most: usize) -> Result<Vec<GiftOrder>, Fault> {
    let rows = table::table
        .filter(table::adcode.eq(&*conn.adcode))
        .filter(table::book_id.eq(bytes(&book.0)))
        .order(table::ordered_at.desc())
        .limit(count(most))
        .select(columns!());
    rows.load::<Row>(&mut conn.engine)?.into_iter().map(read).collect()
}

/// How many of a gift are left, of those that there ever were.
///
/// # Errors
/// [`Fault`].
pub fn left(conn: &mut Conn, gift: &GiftCode, stock: u32) -> Result<i64, Fault> {
    let taken: i64 = table::table
        .filter(table::adcode.eq(&*conn.adcode))
        .filter(table::gift.eq(gift.as_str()))
        .filter(table::state.eq_any([GiftState::Kept.code(), GiftState::Honoured.code()]))
        .count()
        .get_result(&mut conn.engine)?;
    Ok(i64::from(stock).saturating_sub(taken).max(0))
}

/// Somebody orders a gift under an id, whose code has this hash.
///
/// # Errors
/// [`RedeemRefusal`].
pub fn order(
    tx: &mut Tx,
    user: UserId,
    id: EntryId,
    gift: &GiftCode,
    code_hash: &Hash,
    city: &City,
    now: Timestamp,
) -> Result<GiftOrder, Halt<RedeemRefusal>> {
    let gift = city.data().gifts.iter().find(|one| one.code == *gift);
    let gift = gift.ok_or(Halt::Refused(RedeemRefusal::GiftGone))?;
    let (wallet, left) = (wallet(tx, user, city, now)?, left(tx, &gift.code, gift.stock)?);
    wallet.purse.gift(gift, left).map_err(Halt::Refused)?;
    let mut book = wallet.book.ok_or(Halt::Refused(RedeemRefusal::TooFewPoints))?;
    let points = i64::from(gift.points);
    append(tx, &mut book, Cause::Gift { order: id }, post::gift(points), now)?;
    let keep_until = now.plus(city.terms().of(Term::GiftDays).saturating_mul(Timestamp::DAY));
    let row = (
        table::adcode.eq(tx.adcode().to_owned()),
        table::id.eq(bytes(&id.0)),
        table::book_id.eq(bytes(&book.id.0)),
        table::gift.eq(gift.code.as_str()),
        table::name_zh.eq(gift.name.zh.clone()),
        table::name_en.eq(gift.name.en.clone()),
        table::points.eq(points),
        (
            table::station.eq(gift.station.as_str()),
            table::code_hash.eq(bytes(code_hash)),
            table::state.eq(GiftState::Kept.code()),
            table::ordered_at.eq(now.0),
            table::keep_until.eq(keep_until.0),
            table::changed_at.eq(now.0),
        ),
    );
    diesel::insert_into(table::table).values(row).execute(&mut tx.engine)?;
    Ok(gift_order(tx, id)?.ok_or(Fault::Ledger("the order is not there"))?)
}

fn change(
    tx: &mut Tx,
    one: &GiftOrder,
    to: GiftState,
    by: Option<UserId>,
    now: Timestamp,
) -> Result<(), Fault> {
    let row = table::table
        .find((tx.adcode().to_owned(), bytes(&one.id.0)))
        .filter(table::state.eq(GiftState::Kept.code()));
    let set = (
        table::state.eq(to.code()),
        table::changed_at.eq(now.0),
        table::changed_by.eq(by.map(|by| bytes(by.as_bytes()))),
    );
    if diesel::update(row).set(set).execute(&mut tx.engine)? == 1 { Ok(()) } else { Err(Fault::Moved) }
}

fn back(tx: &mut Tx, one: &GiftOrder, to: GiftState, now: Timestamp) -> Result<(), Fault> {
    let taken = Cause::Gift { order: one.id }.id(BookId::CITY);
    let of = entry(tx, taken)?.ok_or(Fault::Ledger("what a gift took is not there"))?;
    let mut book = load_book(tx, one.book)?.ok_or(Fault::Ledger("the book of a gift is not there"))?;
    let cause = Cause::Reversal { reverses: taken, reason: ReversalReason::GiftReturned };
    let postings = post::reversal(&of, book.balances);
    append(tx, &mut book, cause, postings, now)?;
    change(tx, one, to, None, now)
}

/// Its owner gives it back before it was fetched.
///
/// # Errors
/// [`RedeemRefusal::TooLate`].
pub fn return_gift(
    tx: &mut Tx,
    user: UserId,
    id: EntryId,
    now: Timestamp,
) -> Result<GiftOrder, Halt<RedeemRefusal>> {
    let one = gift_order(tx, id)?.filter(|one| one.state == GiftState::Kept);
    let one = one.ok_or(Halt::Refused(RedeemRefusal::TooLate))?;
    if owner_of(tx, one.book)? != Some(user) {
        return Err(Halt::Refused(RedeemRefusal::TooLate));
    }
    back(tx, &one, GiftState::Returned, now)?;
    Ok(GiftOrder { state: GiftState::Returned, changed_at: now, ..one })
}

/// Who hands a gift over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HandedOverBy {
    /// One of the staff, as what.
    Staff(UserId, Role),
    /// A kiosk.
    Kiosk(KioskId),
}

/// A gift that is handed over.
#[derive(Debug, Clone, Copy)]
pub struct Honour<'a> {
    /// The keyed hash of the code that was shown.
    pub code_hash: &'a Hash,
    /// Who: of the staff, or a kiosk at which its station's PIN was given.
    pub by: HandedOverBy,
    /// When.
    pub now: Timestamp,
}

/// Hands a gift over; its code is worth nothing from then on.
///
/// # Errors
/// [`RedeemRefusal::GiftGone`] where there is no such code, [`RedeemRefusal::HonouredAlready`], [`RedeemRefusal::TooLate`],
/// [`RedeemRefusal::Frozen`].
pub fn honour(tx: &mut Tx, of: &Honour<'_>) -> Result<GiftOrder, Halt<RedeemRefusal>> {
    let one = gift_by_code(tx, of.code_hash)?.ok_or(Halt::Refused(RedeemRefusal::GiftGone))?;
    match one.state {
        GiftState::Honoured => return Err(Halt::Refused(RedeemRefusal::HonouredAlready)),
        GiftState::Returned | GiftState::Lapsed => return Err(Halt::Refused(RedeemRefusal::TooLate)),
        GiftState::Kept if one.keep_until <= of.now => return Err(Halt::Refused(RedeemRefusal::TooLate)),
        GiftState::Kept => {}
    }
    if freeze::reason(tx, one.book)?.is_some() {
        return Err(Halt::Refused(RedeemRefusal::Frozen));
    }
    let (user, role, kiosk) = match of.by {
        HandedOverBy::Staff(user, role) => (Some(user), role, None),
        HandedOverBy::Kiosk(kiosk) => (None, Role::System, Some(kiosk)),
    };
    change(tx, &one, GiftState::Honoured, user, of.now)?;
    let mut detail = serde_json::json!({ "gift": one.gift, "station": one.station });
    if let (Some(kiosk), Some(detail)) = (kiosk, detail.as_object_mut()) {
        detail.insert("kiosk".to_owned(), kiosk.to_string().into());
    }
    let detail = detail.to_string();
    let (action, subject) = (AuditAction::HonourGift, to_hex(&one.id.0));
    let at = of.now;
    record(tx, &Deed { at, user, role, action, subject: &subject, detail: &detail })?;
    Ok(GiftOrder { state: GiftState::Honoured, changed_at: of.now, ..one })
}

/// What was not fetched in time goes back. Says how many there were.
///
/// # Errors
/// [`Fault`].
pub fn lapse_gifts(tx: &mut Tx, now: Timestamp, most: usize) -> Result<usize, Fault> {
    let rows = table::table
        .filter(table::adcode.eq(tx.adcode().to_owned()))
        .filter(table::state.eq(GiftState::Kept.code()))
        .filter(table::keep_until.le(now.0))
        .order(table::keep_until)
        .limit(count(most))
        .select(columns!())
        .load::<Row>(&mut tx.engine)?;
    let orders = rows.into_iter().map(read).collect::<Result<Vec<_>, Fault>>()?;
    for one in &orders {
        back(tx, one, GiftState::Lapsed, now)?;
    }
    Ok(orders.len())
}
