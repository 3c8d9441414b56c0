//! A resident's points and what they became, as the wire says it.

use crate::api::case::label;
use crate::app::App;
use crate::gift_code::gift_code;
use qrcode::{EcLevel, QrCode};
use std::fmt::Write as _;
use woodlark_domain::redeem::{GiftState, PayoutState, Term};
use woodlark_domain::{EntryCode, UserId};
use woodlark_ledger::Account;
use woodlark_store::city::City;
use woodlark_store::redeem::{self, GiftOrder, Payout, out_bill_no};
use woodlark_store::{Conn, Fault, ledger};
use woodlark_wire::{GiftOrderView, GiftView, Label, PayoutConfirm, PayoutOffer, PayoutView, RedeemView};

/// Payouts and orders that are listed.
const LISTED: usize = 50;

/// What a person has to spend, what there is for it, what became of it.
pub(crate) fn show(conn: &mut Conn, user: UserId, app: &App) -> Result<RedeemView, Fault> {
    let (city, now) = (app.city(), app.clock.now());
    let terms = city.terms();
    let wallet = redeem::wallet(conn, user, &city, now)?;
    let linked = match &app.pay {
        Some(pay) => redeem::linked_openid(conn, user, pay.appid())?.is_some(),
        None => false,
    };
    let (mut payouts, mut orders) = (Vec::new(), Vec::new());
    if let Some(book) = &wallet.book {
        payouts = redeem::payouts_of(conn, book.id, LISTED)?;
        orders = redeem::gift_orders(conn, book.id, LISTED)?;
    }
    let mut gifts = Vec::with_capacity(city.data().gifts.len());
    for gift in &city.data().gifts {
        gifts.push(GiftView {
            gift: gift.code.clone(),
            name: label(&gift.name),
            points: i64::from(gift.points),
            station: station(&gift.station, &city),
            left: redeem::left(conn, &gift.code, gift.stock)?,
        });
    }
    Ok(RedeemView {
        points: wallet.purse.points,
        frozen: wallet.frozen,
        fen_per_point: terms.of(Term::FenPerPoint),
        payout: PayoutOffer {
            offered: app.pay.is_some() && terms.of(Term::FenPerPoint) > 0,
            linked,
            linkable: app.pay.as_ref().zip(app.wechat.as_ref()).is_some_and(|(pay, wechat)| {
                // An openid of another app can't be paid.
                pay.appid() == wechat.account().appid()
            }),
            least_fen: terms.of(Term::PayoutLeastFen),
            most_fen: terms.of(Term::PayoutMostFen),
            month_left_fen: terms.of(Term::MonthlyFen).saturating_sub(wallet.purse.month_fen).max(0),
            approval_from_fen: terms.of(Term::ApprovalFromFen),
        },
        gifts,
        fund_fen: ledger::balance(conn, Account::CommunityFund)?,
        payouts: payouts.into_iter().map(|one| show_payout(one, app)).collect(),
        orders: orders.into_iter().map(|order| show_order(order, app, &city)).collect(),
    })
}

/// A station by its name, or by its code where it isn't there any more.
pub(crate) fn station(code: &EntryCode, city: &City) -> Label {
    let known = city.data().entries.iter().find(|entry| entry.code == *code);
    known.map_or_else(|| Label { zh: code.to_string(), en: code.to_string() }, |entry| label(&entry.name))
}

fn show_payout(one: Payout, app: &App) -> PayoutView {
    let confirm = one.package.zip(app.pay.as_deref()).map(|(package, pay)| PayoutConfirm {
        mch_id: pay.mchid().to_owned(),
        app_id: pay.appid().to_owned(),
        package,
    });
    PayoutView {
        id: out_bill_no(one.id),
        points: one.points,
        fen: one.fen,
        state: one.state,
        giving_back: one.give_back_at.is_some() && !one.state.is_over(),
        asked_at: one.asked_at,
        decide_by: (one.state == PayoutState::Waiting).then_some(one.decide_by),
        changed_at: one.changed_at,
        // The pay system's own codes say nothing to a resident.
        why: if one.state == PayoutState::Declined { one.why } else { String::new() },
        confirm,
    }
}

fn show_order(one: GiftOrder, app: &App, city: &City) -> GiftOrderView {
    let code = (one.state == GiftState::Kept).then(|| gift_code(app, one.id));
    let (code_path, code_size) = code.as_deref().and_then(drawn).unzip();
    GiftOrderView {
        id: out_bill_no(one.id),
        name: label(&one.name),
        points: one.points,
        station: station(&one.station, city),
        state: one.state,
        code,
        code_path,
        code_size,
        ordered_at: one.ordered_at,
        keep_until: one.keep_until,
        changed_at: one.changed_at,
    }
}

/// A code as the path of its dark modules, and how many modules a side has.
fn drawn(text: &str) -> Option<(String, u32)> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let (size, mut path) = (code.width(), String::new());
    for (at, color) in code.to_colors().into_iter().enumerate() {
        if color == qrcode::Color::Dark {
            let (x, y) = (at % size, at / size);
            let _ = write!(path, "M{x} {y}h1v1h-1z");
        }
    }
    Some((path, u32::try_from(size).ok()?))
}
