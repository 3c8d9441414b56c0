//! What became of it: the number once the server has said it, else that it is kept; the code; the way to a phone; and the slip.
//! "Sent" is never said before the server has.

use crate::app::{Kiosk, Outcome, use_kiosk};
use crate::messages::k;
use crate::qr;
use leptos::prelude::*;
use woodlark_ui::RwSignal;
use woodlark_ui::el::{El, button, el, span};
use woodlark_ui::parts::icon;
use woodlark_ui::{page as ui_page, when};
use woodlark_wire::{Receipt, path};

/// How far it is.
#[derive(Debug, Clone, PartialEq)]
enum Stage {
    /// On its way.
    Sending,
    /// Without a network.
    Kept,
    /// A case.
    Taken(Receipt),
    /// The server would not have it.
    Refused,
}

/// The page.
#[must_use]
pub fn page() -> El {
    let kiosk = use_kiosk();
    let Some(outcome) = kiosk.outcome.get_untracked() else { return el("div", "") };
    let online = RwSignal::new(window().navigator().on_line());
    for event in ["online", "offline"] {
        ui_page::forever(event, move || _ = online.try_set(window().navigator().on_line()));
    }
    let case = outcome.case;
    let stage = move || {
        let taken = kiosk.outbox.taken.get().filter(|receipt| receipt.case_id == case);
        match taken {
            Some(receipt) => Stage::Taken(receipt),
            None if kiosk.outbox.refused.get() == Some(case) => Stage::Refused,
            None if online.get() => Stage::Sending,
            None => Stage::Kept,
        }
    };
    el("div", "page result").dynamic(move || Some(drawn(kiosk, &outcome, &stage())))
}

fn drawn(kiosk: Kiosk, outcome: &Outcome, stage: &Stage) -> El {
    let (title, lead, state) = match stage {
        Stage::Taken(_) => (k().result_title, k().result_keep.to_owned(), "taken"),
        Stage::Sending => (k().result_title_kept, k().result_sending.to_owned(), "sending"),
        Stage::Kept => (k().result_title_kept, k().result_kept.to_owned(), "kept"),
        Stage::Refused => (k().result_title_kept, k().result_refused(&kiosk.hotline()), "refused"),
    };
    let number = match stage {
        Stage::Taken(receipt) => el("b", "result-number figure").test("number").text(receipt.number.as_str()),
        Stage::Sending | Stage::Kept | Stage::Refused => span("soft", k().result_number_later),
    };
    let promised = match stage {
        Stage::Taken(receipt) => receipt.promised_at.map(when::moment),
        Stage::Sending | Stage::Kept | Stage::Refused => None,
    };
    let code = outcome.given.code.to_string();
    let facts = el("dl", "result-facts card")
        .child(el("dt", "").text(k().result_number))
        .child(el("dd", "").child(number))
        .child(el("dt", "").text(k().result_code))
        .child(el("dd", "").child(el("b", "result-code figure").test("code").text(&code)));
    let link = hand_over_link(outcome);
    let hint =
        if matches!(stage, Stage::Taken(_)) { k().result_scan_hint } else { k().result_scan_hint_kept };
    let scan = el("div", "result-scan card")
        .maybe(qr::drawing(&link, k().result_scan))
        .child(el("div", "stack").child(el("b", "").text(k().result_scan)).child(span("soft", hint)));
    let print = button("btn ghost huge", || drop(window().print())).test("print").text(k().result_print);
    let done =
        button("btn huge", move || kiosk.end()).test("done").child(icon("check")).text(k().result_done);
    el("div", "stack")
        .test("result")
        .attr("data-state", state)
        .child(
            el("div", "page-head")
                .child(el("h1", "").text(title))
                .child(el("p", "page-lead").attr("role", "status").text(&lead))
                .maybe(promised.as_ref().map(|at| el("p", "leaf").text(&k().result_promised(at)))),
        )
        .child(el("div", "result-both").child(facts).child(scan))
        .child(el("div", "page-on two").child(print).child(done))
        .child(receipt(kiosk, stage, &code, &link))
}

/// Where the code on the screen leads: case and token stand behind the `#`, which no server is told.
fn hand_over_link(outcome: &Outcome) -> String {
    let origin = window().location().origin().unwrap_or_default();
    [&origin, path::HAND_OVER_PAGE, "#", &outcome.case.to_string(), ".", &outcome.given.hand_over].concat()
}

/// The slip: on paper of 80 mm, and on paper alone. Nothing of a person is on it.
fn receipt(kiosk: Kiosk, stage: &Stage, code: &str, link: &str) -> El {
    let number = match stage {
        Stage::Taken(receipt) => receipt.number.to_string(),
        Stage::Sending | Stage::Kept | Stage::Refused => k().receipt_pending.to_owned(),
    };
    let own = kiosk.own.get_untracked();
    let (station, hotline) = own.map(|own| (own.name, own.hotline)).unwrap_or_default();
    let line = |name: &str, value: &str| {
        el("p", "receipt-line").child(span("", name)).child(el("b", "").text(value))
    };
    el("div", "receipt")
        .attr("aria-hidden", "true")
        .test("receipt")
        .child(el("p", "receipt-title").text(k().receipt_title))
        .child(line(k().receipt_number, &number))
        .child(line(k().receipt_code, code))
        .child(line(k().receipt_at, &when::moment(when::now())))
        .child(line(k().receipt_station, &station))
        .maybe(qr::drawing(link, k().receipt_scan))
        .child(el("p", "receipt-note").text(k().receipt_scan))
        .child(el("p", "receipt-note").text(&k().receipt_hotline(&hotline)))
}
