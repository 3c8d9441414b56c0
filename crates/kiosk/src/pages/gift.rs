//! A gift is fetched: its code is typed or scanned, what it is of is seen, and somebody of the station hands it over with the
//! station's PIN. Never off line: nobody could know then whether it was handed over already.

use super::framed;
use crate::app::{Kiosk, use_kiosk};
use crate::messages::k;
use crate::pad::{self, pad};
use leptos::prelude::*;
use serde::Serialize;
use wasm_bindgen_futures::spawn_local;
use woodlark_domain::redeem::GiftState;
use woodlark_ui::RwSignal;
use woodlark_ui::device::new_id;
use woodlark_ui::el::{El, button, el, span};
use woodlark_ui::messages::language;
use woodlark_ui::parts::{icon, tone_pill};
use woodlark_ui::{Fault, api, json, when};
use woodlark_wire::{ShownCode, StationGift, StationHonour, path};

/// Characters of a gift's code.
const CODE: usize = 10;

#[derive(Clone, Copy)]
struct Counter {
    code: RwSignal<String>,
    pin: RwSignal<String>,
    busy: RwSignal<bool>,
    said: RwSignal<String>,
    found: RwSignal<Option<StationGift>>,
    done: RwSignal<bool>,
}

/// The page.
#[must_use]
pub fn page() -> El {
    let kiosk = use_kiosk();
    let new = || RwSignal::new(String::new());
    let counter = Counter {
        code: new(),
        pin: new(),
        busy: RwSignal::new(false),
        said: new(),
        found: RwSignal::new(None),
        done: RwSignal::new(false),
    };
    let trouble = move || {
        let why = counter.said.get();
        (!why.is_empty())
            .then(|| el("p", "trouble").attr("role", "alert").test("trouble").child(icon("alert")).text(&why))
    };
    let body = move || {
        Some(match counter.found.get() {
            None => typing(counter),
            Some(found) => shown(kiosk, counter, &found),
        })
    };
    framed(k().gift_title, k().gift_lead, el("div", "stack").dynamic(trouble).dynamic(body), None)
}

impl Counter {
    fn ask<B: Serialize + 'static>(self, address: &'static str, body: B, hands_over: bool) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.said.set(String::new());
        spawn_local(async move {
            match send(address, &body).await {
                Ok(found) => {
                    let _ = self.done.try_set(hands_over);
                    let _ = self.found.try_set(Some(found));
                }
                Err(Fault::NoNetwork | Fault::NotOurs | Fault::Timeout) => {
                    let _ = self.said.try_set(k().gift_offline.to_owned());
                }
                Err(fault) => drop(self.said.try_set(fault.told())),
            }
            let _ = self.pin.try_set(String::new());
            let _ = self.busy.try_set(false);
        });
    }
}

async fn send<B: Serialize>(address: &str, body: &B) -> Result<StationGift, Fault> {
    let body = json::write(body).map_err(|_| Fault::NotOurs)?;
    api::read(&api::send("POST", address, &new_id().to_string(), Some(&body)).await?)
}

fn typing(counter: Counter) -> El {
    let look = move || counter.ask(path::KIOSK_GIFT, ShownCode { code: counter.code.get_untracked() }, false);
    let way = button("btn huge", look)
        .test("look-gift")
        .bind("disabled", move || counter.busy.get().then(String::new))
        .child(icon("search"))
        .text(k().gift_look);
    el("div", "stack")
        .child(el("div", "pad-lines").child(pad::field(
            "gift-code",
            k().gift_code,
            false,
            counter.code,
            CODE + 1,
            look,
        )))
        .child(pad(pad::GIFT, counter.code, CODE))
        .child(el("div", "page-on").child(way))
}

fn shown(kiosk: Kiosk, counter: Counter, found: &StationGift) -> El {
    let gift = &found.gift;
    let name = gift.name.in_language(language());
    let (tone, words) = match gift.state {
        GiftState::Kept => ("open", k().gift_kept),
        GiftState::Honoured => ("good", k().gift_honoured),
        GiftState::Returned => ("rest", k().gift_returned),
        GiftState::Lapsed => ("rest", k().gift_lapsed),
    };
    let until = (gift.state == GiftState::Kept)
        .then(|| span("soft", &k().gift_until(&when::moment(gift.keep_until))));
    let card = el("div", "card stack gift-card")
        .test("gift-found")
        .attr("data-state", gift.state.code())
        .child(el("div", "card-head").child(el("h2", "").text(name)).child(tone_pill(tone, words)))
        .maybe(until);
    if counter.done.get() {
        let print = button("btn ghost huge", || drop(window().print())).test("print").text(k().gift_slip);
        return el("div", "stack")
            .child(el("p", "note").attr("role", "status").child(icon("check")).text(k().gift_done))
            .child(card)
            .child(
                el("div", "page-on two")
                    .child(print)
                    .child(button("btn huge", move || kiosk.end()).test("done").text(k().result_done)),
            )
            .child(slip(kiosk, name, gift.changed_at));
    }
    if gift.state != GiftState::Kept {
        return card;
    }
    if !found.here {
        let station = gift.station.in_language(language());
        return card.child(el("p", "").test("elsewhere").text(&k().gift_elsewhere(station)));
    }
    let hand_over = move || {
        let body = StationHonour { code: counter.code.get_untracked(), pin: counter.pin.get_untracked() };
        counter.ask(path::KIOSK_HONOUR, body, true);
    };
    let way = button("btn huge", hand_over)
        .test("hand-over")
        .bind("disabled", move || counter.busy.get().then(String::new))
        .child(icon("check"))
        .text(k().gift_hand_over);
    el("div", "stack")
        .child(card.child(el("p", "").text(k().gift_here)))
        .child(el("div", "pad-lines").child(pad::field(
            "gift-pin",
            k().gift_pin,
            true,
            counter.pin,
            12,
            hand_over,
        )))
        .child(pad(pad::DIGITS, counter.pin, 12))
        .child(el("div", "page-on").child(way))
}

fn slip(kiosk: Kiosk, name: &str, at: woodlark_domain::Timestamp) -> El {
    let station =
        kiosk.own.with_untracked(|own| own.as_ref().map(|own| own.name.clone()).unwrap_or_default());
    let line = |what: &str, value: &str| {
        el("p", "receipt-line").child(span("", what)).child(el("b", "").text(value))
    };
    el("div", "receipt")
        .attr("aria-hidden", "true")
        .test("receipt")
        .child(el("p", "receipt-title").text(k().gift_slip_title))
        .child(line(k().gift_slip_name, name))
        .child(line(k().receipt_at, &when::moment(at)))
        .child(line(k().receipt_station, &station))
}
