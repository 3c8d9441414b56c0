//! What points become: a red packet, a gift at a station, a share of the community's fund; and what became of those before.

use crate::app::use_book;
use crate::bridge;
use crate::messages::b;
use crate::router::Route;
use crate::shell::{bar, loading, trouble};
use core::fmt::Write as _;
use core::time::Duration;
use leptos::prelude::{document, set_timeout, window};
use wasm_bindgen_futures::spawn_local;
use woodlark_domain::redeem::{GiftState, PayoutState};
use woodlark_ui::device::new_id;
use woodlark_ui::el::{El, button, el, span, svg};
use woodlark_ui::money::yuan;
use woodlark_ui::parts::{icon, tone_pill};
use woodlark_ui::{Fault, RwSignal, api, json, messages, page, sheet, when};
use woodlark_wire::{
    GiftOrderView, GiftView, OrderGift, PayoutView, RedeemView, SpendPoints, WechatWay, path,
};

/// After how long it is asked again what became of what is under way.
const AGAIN: Duration = Duration::from_secs(10);

/// What every part of the page shares.
#[derive(Clone, Copy)]
struct Thanks {
    view: RwSignal<Option<Result<RedeemView, Fault>>>,
    /// What was refused, and why.
    said: RwSignal<String>,
    busy: RwSignal<bool>,
    /// Points that were chosen for a red packet and for the fund; none until somebody chooses. They outlive a redrawing.
    packet: RwSignal<Option<i64>>,
    fund: RwSignal<Option<i64>>,
    /// Which drawing this is: an older one's next look is not taken.
    drawn: RwSignal<u32>,
    /// One key for each wish: asked for again after a lost answer, it is the same wish and done once.
    key: RwSignal<(String, String)>,
}

impl Thanks {
    fn read(self) {
        spawn_local(async move {
            let _ = self.view.try_set(Some(api::get(path::REDEEM).await));
        });
    }

    /// Looks again after a while, and draws anew only what has changed, and never while somebody is being asked something.
    fn watch(self) {
        let turn = self.drawn.get_untracked().wrapping_add(1);
        self.drawn.set(turn);
        set_timeout(move || self.look(turn), AGAIN);
    }

    fn look(self, turn: u32) {
        if self.drawn.try_get_untracked() != Some(turn) {
            return;
        }
        let asked = document().query_selector("dialog[open]").is_ok_and(|open| open.is_some());
        if document().hidden() || asked || self.busy.get_untracked() {
            return self.watch();
        }
        spawn_local(async move {
            let Ok(view) = api::get::<RedeemView>(path::REDEEM).await else {
                // The network may be back next time; what stands here is still what was last heard.
                if self.drawn.try_get_untracked() == Some(turn) {
                    self.watch();
                }
                return;
            };
            if self.drawn.try_get_untracked() != Some(turn) || self.busy.get_untracked() {
                return;
            }
            if self.view.with_untracked(|now| !matches!(now, Some(Ok(now)) if *now == view)) {
                self.view.set(Some(Ok(view)));
            } else {
                self.watch();
            }
        });
    }

    /// Goes to WeChat, which says who they are and sends them back.
    fn link(self) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        spawn_local(async move {
            let answer = api::send("POST", path::WECHAT_LINK, &new_id().to_string(), None).await;
            match answer.and_then(|text| api::read::<WechatWay>(&text)) {
                // The page is left; should they come back to it by Back, it may be asked for anew.
                Ok(way) => {
                    let _ = window().location().assign(&way.address);
                }
                Err(fault) => {
                    let _ = self.said.try_set(fault.words());
                }
            }
            let _ = self.busy.try_set(false);
        });
    }

    fn unlink(self) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        spawn_local(async move {
            match api::send("DELETE", path::WECHAT_LINK, &new_id().to_string(), None).await {
                Ok(_) => {
                    let _ = self.said.try_set(String::new());
                    use_book().said.set(b().wechat_unlinked.to_owned());
                    self.read();
                }
                Err(fault) => {
                    let _ = self.said.try_set(fault.words());
                }
            }
            let _ = self.busy.try_set(false);
        });
    }

    /// Asks the server for something; the page says that it was done only once the server has.
    fn wish(self, address: &str, body: Option<String>, done: &'static str) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        let wish = [address, body.as_deref().unwrap_or("")].concat();
        let (known, key) = self.key.get_untracked();
        let key = if known == wish { key } else { new_id().to_string() };
        self.key.set((wish, key.clone()));
        let address = address.to_owned();
        spawn_local(async move {
            let answer = api::send("POST", &address, &key, body.as_deref()).await;
            match answer.and_then(|text| api::read::<RedeemView>(&text)) {
                Ok(view) => {
                    let _ = self.key.try_set((String::new(), String::new()));
                    let _ = self.said.try_set(String::new());
                    let _ = self.packet.try_set(None);
                    let _ = self.fund.try_set(None);
                    let _ = self.view.try_set(Some(Ok(view)));
                    use_book().said.set(done.to_owned());
                }
                Err(fault) => {
                    if fault.code().is_some() {
                        // It was refused: the next time is another wish.
                        let _ = self.key.try_set((String::new(), String::new()));
                    }
                    let _ = self.said.try_set(fault.told());
                }
            }
            let _ = self.busy.try_set(false);
        });
    }
}

/// The page.
#[must_use]
pub fn page() -> El {
    let thanks = Thanks {
        view: RwSignal::new(None),
        said: RwSignal::new(String::new()),
        busy: RwSignal::new(false),
        packet: RwSignal::new(None),
        fund: RwSignal::new(None),
        drawn: RwSignal::new(0),
        key: RwSignal::new((String::new(), String::new())),
    };
    thanks.read();
    if let Some(words) = page::value(&use_book().router.take_query(), "wechat").and_then(back_in_vain) {
        thanks.said.set(words.to_owned());
    }
    let body = move || {
        Some(thanks.view.with(|view| match view {
            None => loading(),
            Some(Err(fault)) => trouble(fault, move || thanks.read()),
            Some(Ok(view)) => shown(thanks, view),
        }))
    };
    let said = move || {
        let words = thanks.said.get();
        (!words.is_empty()).then(|| {
            el("p", "trouble")
                .attr("role", "alert")
                .test("refused")
                .child(icon("alert"))
                .child(span("", &words))
        })
    };
    let page = el("div", "page").child(el("div", "hollow").dynamic(said)).dynamic(body);
    el("div", "").child(bar(Route::Thanks)).child(page)
}

/// Why somebody came back from WeChat without a link.
fn back_in_vain(word: &str) -> Option<&'static str> {
    match word {
        "denied" => Some(b().wechat_denied),
        "snapshot" => Some(b().wechat_snapshot),
        "failed" => Some(b().wechat_failed),
        _ => None,
    }
}

fn shown(thanks: Thanks, view: &RedeemView) -> El {
    let frozen = view.frozen.as_ref().map(|why| {
        el("div", "card do-card")
            .test("frozen")
            .child(el("h2", "").text(b().thanks_frozen))
            .child(el("p", "").text(&b().thanks_frozen_why(why)))
    });
    let points = el("section", "points-card").child(
        el("div", "points-head")
            .child(el("h2", "points-name").text(b().thanks_to_spend))
            .child(el("p", "points-figure figure").test("to-spend").text(&view.points.to_string())),
    );
    let may = view.frozen.is_none();
    if view.payouts.iter().any(|one| !one.state.is_over()) {
        thanks.watch();
    }
    el("div", "stack")
        .child(points)
        .maybe(frozen)
        .maybe(orders(thanks, view))
        .maybe((may && view.payout.offered).then(|| packet(thanks, view)))
        .maybe((!view.gifts.is_empty()).then(|| gifts(thanks, view, may)))
        .maybe((view.fen_per_point > 0).then(|| fund(thanks, view, may)))
}

/// How many points to give: a few good sums, or any number.
fn amount(id: &'static str, (least, most): (i64, i64), usual: i64, chosen: RwSignal<Option<i64>>) -> El {
    let shown = move || chosen.get().unwrap_or(usual).to_string();
    let typed = el("input", "amount-field figure")
        .attr("id", id)
        .attr("type", "text")
        .attr("inputmode", "numeric")
        .attr("autocomplete", "off")
        .prop("value", move || shown().into())
        // A letter by mistake takes no digit away.
        .typed(move |text| {
            let digits: String = text.chars().filter(char::is_ascii_digit).take(9).collect();
            chosen.set(Some(digits.parse().unwrap_or(0)));
        });
    let quick = [most / 4, most / 2, most].into_iter().filter(|points| *points >= least);
    let mut sums: Vec<i64> = quick.collect();
    sums.dedup();
    let quick = sums.into_iter().map(|points| {
        button("btn small ghost", move || chosen.set(Some(points)))
            .text(&b().thanks_points(&points.to_string()))
    });
    el("div", "field")
        .child(el("label", "label").attr("for", id).text(b().thanks_how_many))
        .child(typed)
        .child(el("div", "buttons").each(quick))
}

fn packet(thanks: Thanks, view: &RedeemView) -> El {
    let (per, offer) = (view.fen_per_point.max(1), view.payout.clone());
    let most = view.points.min(offer.most_fen / per).min(offer.month_left_fen / per);
    let least = (offer.least_fen + per - 1) / per;
    let card = el("section", "card stack").test("packet").child(el("h2", "").text(b().packet_title)).child(
        el("p", "soft").text(&b().packet_lead(
            &yuan(per),
            &yuan(offer.least_fen),
            &yuan(offer.month_left_fen),
            &yuan(offer.most_fen),
        )),
    );
    if !offer.linked && offer.linkable && bridge::is_wechat() {
        let link = busy(button("btn", move || thanks.link()), thanks).test("link-wechat");
        return card.child(el("p", "note").text(b().wechat_link_first)).child(link.text(b().wechat_link));
    }
    if !offer.linked {
        return card.child(el("p", "note").test("not-linked").text(b().packet_not_linked));
    }
    let card = card.maybe(offer.linkable.then(|| linked(thanks)));
    if most < least {
        return card.child(el("p", "").test("packet-not-yet").text(&b().packet_not_yet(&least.to_string())));
    }
    let points = move || thanks.packet.get().unwrap_or(most);
    let asked = RwSignal::new(false);
    let comes_to = move || b().packet_comes_to(&yuan(points().saturating_mul(per)));
    let slow = move || {
        let waits = points().saturating_mul(per) >= offer.approval_from_fen;
        waits.then(|| el("p", "soft").text(b().packet_approved_first))
    };
    let ask = move || {
        let points = thanks.packet.get_untracked().unwrap_or(most);
        let body = json::write(&SpendPoints { points }).ok();
        thanks.wish(path::PAYOUTS, body, b().packet_asked);
    };
    card.child(amount("packet-points", (least, most), most, thanks.packet))
        .child(el("p", "comes-to figure").test("comes-to").says(comes_to))
        .dynamic(slow)
        .child(
            busy(button("btn", move || sheet::open(asked)), thanks).test("ask-packet").text(b().packet_ask),
        )
        .child(sheet::confirm(asked, b().packet_sure, b().packet_sure_body, b().packet_ask, ask))
}

/// The WeChat account to which red packets go, and the way to let go of it.
fn linked(thanks: Thanks) -> El {
    let asked = RwSignal::new(false);
    let unlink = move || thanks.unlink();
    el("div", "buttons")
        .test("linked")
        .child(span("", b().wechat_linked))
        .child(
            busy(button("btn small ghost", move || sheet::open(asked)), thanks)
                .test("unlink-wechat")
                .text(b().wechat_unlink),
        )
        .child(sheet::confirm(asked, b().wechat_sure, b().wechat_sure_body, b().wechat_unlink, unlink))
}

fn busy(button: El, thanks: Thanks) -> El {
    button.bind("disabled", move || thanks.busy.get().then(String::new))
}

fn gifts(thanks: Thanks, view: &RedeemView, may: bool) -> El {
    let rows = view.gifts.iter().map(|gift| gift_row(thanks, gift, view.points, may));
    el("section", "card")
        .child(el("h2", "").text(b().gifts_title))
        .child(el("p", "soft").text(b().gifts_lead))
        .child(el("ul", "rows").each(rows))
}

fn gift_row(thanks: Thanks, gift: &GiftView, points: i64, may: bool) -> El {
    let language = messages::language();
    let asked = RwSignal::new(false);
    let body = json::write(&OrderGift { gift: gift.gift.clone() }).ok();
    let order = move || thanks.wish(path::GIFTS, body.clone(), b().gifts_kept);
    let left =
        if gift.left == 0 { b().gifts_gone.to_owned() } else { b().gifts_left(&gift.left.to_string()) };
    let about = [gift.station.in_language(language), " · ", &left].concat();
    let enough = may && gift.left > 0 && points >= gift.points;
    let act = if enough {
        busy(button("btn small", move || sheet::open(asked)), thanks).test("order-gift").text(b().gifts_order)
    } else {
        let more = (gift.points - points).max(0);
        let words = if gift.left > 0 && more > 0 { b().gifts_more(&more.to_string()) } else { String::new() };
        span("soft", &words)
    };
    let row = el("div", "row gift-row")
        .child(span("mark", "").child(icon("star")))
        .child(
            span("row-body", "")
                .child(el("b", "").text(gift.name.in_language(language)))
                .child(span("soft", &about)),
        )
        .child(
            span("gift-end", "")
                .child(span("figure amount", &b().thanks_points(&gift.points.to_string())))
                .child(act),
        );
    el("li", "").test("gift").attr("data-gift", gift.gift.as_str()).child(row).child(sheet::confirm(
        asked,
        b().gifts_sure,
        b().gifts_sure_body,
        b().gifts_order,
        order,
    ))
}

fn fund(thanks: Thanks, view: &RedeemView, may: bool) -> El {
    let per = view.fen_per_point;
    let card = el("section", "card stack")
        .child(el("h2", "").text(b().fund_title))
        .child(el("p", "soft").text(b().fund_lead))
        .child(
            el("p", "")
                .child(span("", b().fund_total))
                .child(el("b", "figure fund-total").test("fund-total").text(&yuan(view.fund_fen))),
        );
    if !may || view.points == 0 {
        return card;
    }
    let usual = view.points.min(10);
    let asked = RwSignal::new(false);
    let comes_to = move || b().fund_comes_to(&yuan(thanks.fund.get().unwrap_or(usual).saturating_mul(per)));
    let give = move || {
        let points = thanks.fund.get_untracked().unwrap_or(usual);
        let body = json::write(&SpendPoints { points }).ok();
        thanks.wish(path::DONATIONS, body, b().fund_given);
    };
    card.child(amount("fund-points", (1, view.points), usual, thanks.fund))
        .child(el("p", "comes-to figure").says(comes_to))
        .child(busy(button("btn", move || sheet::open(asked)), thanks).test("donate").text(b().fund_give))
        .child(sheet::confirm(asked, b().fund_sure, b().fund_sure_body, b().fund_give, give))
}

/// What was asked for, latest first.
fn orders(thanks: Thanks, view: &RedeemView) -> Option<El> {
    let mut rows: Vec<(i64, El)> = view
        .payouts
        .iter()
        .map(|one| (one.asked_at.0, payout(thanks, one)))
        .chain(view.orders.iter().map(|one| (one.ordered_at.0, order(thanks, one))))
        .collect();
    if rows.is_empty() {
        return None;
    }
    rows.sort_by_key(|(at, _)| -*at);
    let list = el("ul", "rows").each(rows.into_iter().map(|(_, row)| row));
    Some(el("section", "card").child(el("h2", "").text(b().orders_title)).child(list))
}

fn payout(thanks: Thanks, one: &PayoutView) -> El {
    let (tone, words) = match one.state {
        PayoutState::Waiting => ("open", b().payout_waiting),
        PayoutState::Sending | PayoutState::Held => ("open", b().payout_sending),
        PayoutState::Confirming => ("open", b().payout_confirming),
        PayoutState::Paid => ("good", b().payout_paid),
        PayoutState::Failed => ("rest", b().payout_failed),
        PayoutState::Declined => ("rest", b().payout_declined),
        PayoutState::Lapsed => ("rest", b().payout_lapsed),
        PayoutState::Withdrawn => ("rest", b().payout_withdrawn),
    };
    let mut about = vec![b().thanks_points(&one.points.to_string()), when::moment(one.asked_at)];
    about.extend(one.decide_by.map(|by| b().payout_decide_by(&when::moment(by))));
    let why = (!one.why.is_empty()).then(|| span("soft", &b().payout_why(&one.why)));
    let giving = one.giving_back.then(|| span("soft", b().payout_giving_back));
    let returned = one.state.is_returned().then(|| span("soft", b().payout_points_back));
    let body = span("row-body", "")
        .child(el("b", "figure").text(&yuan(one.fen)))
        .child(span("soft", &about.join(" · ")))
        .maybe(why)
        .maybe(giving)
        .maybe(returned);
    let confirm = one.confirm.clone().filter(|_| one.state == PayoutState::Confirming).map(|confirm| {
        if bridge::is_there() {
            let (words, thanks) = (b().payout_confirm, thanks);
            button("btn small", move || {
                let confirm = confirm.clone();
                spawn_local(async move {
                    // That the sheet was shown says nothing of the money: the server is told by the pay system.
                    bridge::request_merchant_transfer(&confirm).await;
                    thanks.read();
                });
            })
            .test("confirm-packet")
            .text(words)
        } else {
            el("p", "soft").text(b().payout_in_wechat)
        }
    });
    let open = !one.state.is_over() && !one.giving_back;
    let back = open.then(|| take_back(thanks, path::payout_withdraw(&one.id), b().payout_take_back));
    el("li", "order")
        .test("payout")
        .attr("data-state", one.state.code())
        .child(
            el("div", "row")
                .child(span("mark", "").child(icon("star")))
                .child(body)
                .child(tone_pill(tone, words)),
        )
        .maybe(confirm)
        .maybe(back)
}

fn take_back(thanks: Thanks, address: String, words: &'static str) -> El {
    let asked = RwSignal::new(false);
    let act = move || thanks.wish(&address, None, b().orders_taken_back);
    el("div", "order-acts")
        .child(
            busy(button("btn small ghost", move || sheet::open(asked)), thanks).test("take-back").text(words),
        )
        .child(sheet::confirm(asked, b().orders_sure, b().orders_sure_body, words, act))
}

fn order(thanks: Thanks, one: &GiftOrderView) -> El {
    let language = messages::language();
    let (tone, words) = match one.state {
        GiftState::Kept => ("open", b().order_kept),
        GiftState::Honoured => ("good", b().order_honoured),
        GiftState::Returned => ("rest", b().order_returned),
        GiftState::Lapsed => ("rest", b().order_lapsed),
    };
    let until = match one.state {
        GiftState::Kept => b().order_until(&when::moment(one.keep_until)),
        GiftState::Honoured | GiftState::Returned | GiftState::Lapsed => when::moment(one.changed_at),
    };
    let body = span("row-body", "")
        .child(el("b", "").text(one.name.in_language(language)))
        .child(span("soft", &[one.station.in_language(language), " · ", &until].concat()));
    let code = one.code.as_ref().map(|code| {
        el("div", "code-card")
            .child(drawn(one))
            .child(el("p", "soft").text(b().order_show))
            .child(el("p", "gift-code figure").test("gift-code").text(code))
    });
    let back = (one.state == GiftState::Kept)
        .then(|| take_back(thanks, path::gift_return(&one.id), b().order_return));
    el("li", "order")
        .test("order")
        .attr("data-state", one.state.code())
        .child(
            el("div", "row")
                .child(span("mark", "").child(icon("star")))
                .child(body)
                .child(tone_pill(tone, words)),
        )
        .maybe(code)
        .maybe(back)
}

/// The code as a picture for a scanner: dark on light in every look.
fn drawn(one: &GiftOrderView) -> El {
    let (path, size) = (one.code_path.clone().unwrap_or_default(), one.code_size.unwrap_or(0));
    let mut view = String::new();
    let _ = write!(view, "-2 -2 {0} {0}", size + 4);
    svg("svg", "qr")
        .attr("viewBox", &view)
        .attr("role", "img")
        .attr("aria-label", b().order_code)
        .attr("shape-rendering", "crispEdges")
        .child(svg("path", "").attr("d", &path))
}
