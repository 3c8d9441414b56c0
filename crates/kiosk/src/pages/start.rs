//! What would you like to do? Three birds, and what else can be done here.

use super::framed;
use crate::app::{Kiosk, Page, use_kiosk};
use crate::dialog::dialog;
use crate::messages::k;
use crate::qr;
use leptos::prelude::*;
use woodlark_domain::Kind;
use woodlark_ui::RwSignal;
use woodlark_ui::el::{El, button, el, span};
use woodlark_ui::parts::{bird, icon};

/// The page.
#[must_use]
pub fn page() -> El {
    let kiosk = use_kiosk();
    let by_phone = RwSignal::new(false);
    let kinds = [
        (Kind::Problem, k().start_problem, k().start_problem_hint),
        (Kind::Suggestion, k().start_suggestion, k().start_suggestion_hint),
        (Kind::Praise, k().start_praise, k().start_praise_hint),
    ];
    let tile = |(kind, name, hint): (Kind, &str, &str)| {
        let choose = move || {
            if kiosk.draft.kind.get_untracked() != kind {
                // A category belongs to its kind.
                kiosk.draft.category.set(None);
            }
            kiosk.draft.kind.set(kind);
            kiosk.go(Page::Photo);
        };
        button("kind-tile", choose)
            .test(kind.code())
            .attr("data-kind", kind.code())
            .child(bird("glyph", kind))
            .child(el("b", "").text(name))
            .child(span("", hint))
    };
    let other = |test: &str, symbol: &str, name: &str, hint: &str, act: Box<dyn Fn()>| {
        button("way-tile", act)
            .test(test)
            .child(icon(symbol))
            .child(span("grow", "").child(el("b", "").text(name)).child(span("soft", hint)))
    };
    let gifts = kiosk.own.with_untracked(|own| own.as_ref().is_some_and(|own| own.gifts)).then(|| {
        other("gift", "star", k().start_gift, k().start_gift_hint, Box::new(move || kiosk.go(Page::Gift)))
    });
    let ways = el("div", "way-tiles")
        .child(other(
            "look-up",
            "search",
            k().start_look_up,
            k().start_look_up_hint,
            Box::new(move || kiosk.go(Page::LookUp)),
        ))
        .child(other(
            "phone",
            "phone",
            k().start_phone,
            k().start_phone_hint,
            Box::new(move || by_phone.set(true)),
        ))
        .maybe(gifts);
    let body = el("div", "stack")
        .child(el("div", "kind-tiles").each(kinds.map(tile)))
        .child(ways)
        .child(phone_dialog(kiosk, by_phone));
    framed(k().start_title, "", body, None)
}

/// The address that a phone reports at, with the entry that led there.
#[must_use]
pub fn phone_address(kiosk: Kiosk) -> String {
    let origin = window().location().origin().unwrap_or_default();
    let entry = kiosk.own.with_untracked(|own| own.as_ref().and_then(|own| own.entry.clone()));
    match entry {
        Some(entry) => [&origin, "/?from=", entry.as_str()].concat(),
        None => [&origin, "/"].concat(),
    }
}

/// The code that a phone scans to report by itself.
#[must_use]
pub fn phone_code(kiosk: Kiosk) -> El {
    el("div", "phone-code").maybe(qr::drawing(&phone_address(kiosk), k().start_phone_title))
}

fn phone_dialog(kiosk: Kiosk, open: RwSignal<bool>) -> El {
    dialog(
        "ending",
        "phone-title",
        move || open.get(),
        move || open.set(false),
        move || {
            el("div", "idle-panel")
                .child(el("h2", "").attr("id", "phone-title").text(k().start_phone_title))
                .child(phone_code(kiosk))
                .child(el("p", "idle-words").text(k().start_phone_words))
                .child(
                    button("btn huge", move || open.set(false))
                        .test("phone-close")
                        .text(woodlark_ui::t().app_close),
                )
        },
    )
}
