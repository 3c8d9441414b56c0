//! What surrounds every page: whose station it is, reading aloud, lowering, the language; the page; and at the foot, always in the
//! same place, the way back, the end, and the way on.

use crate::app::{Kiosk, Page, use_kiosk};
use crate::dialog::dialog;
use crate::messages::k;
use crate::{idle, pages};
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use web_sys::HtmlElement;
use woodlark_domain::{Kind, Language};
use woodlark_ui::RwSignal;
use woodlark_ui::el::{El, button, effect, el, span};
use woodlark_ui::messages;
use woodlark_ui::parts::{bird, icon};

/// The whole screen.
#[must_use]
pub fn shell() -> El {
    let kiosk = use_kiosk();
    let ending = RwSignal::new(false);
    let main = el("main", "kiosk-main").attr("id", "main").attr("tabindex", "-1").dynamic(move || {
        Some(match kiosk.page.get() {
            Page::Opening => el("p", "kiosk-opening").attr("role", "status").text(k().app_opening),
            Page::Enrol => pages::enrol::page(),
            Page::Revoked => pages::enrol::revoked(),
            Page::Attract => pages::attract::page(),
            Page::Start => pages::start::page(),
            Page::Photo => pages::photo::page(),
            Page::Say => pages::say::page(),
            Page::Category => pages::category::page(),
            Page::Place => pages::place::page(),
            Page::Check => pages::check::page(),
            Page::Result => pages::result::page(),
            Page::LookUp => pages::look_up::page(),
            Page::Gift => pages::gift::page(),
        })
    });
    let top: HtmlElement = main.cast();
    let mut first = true;
    effect(Box::new(move || {
        kiosk.page.track();
        if !core::mem::take(&mut first) {
            top.set_scroll_top(0);
            // A page that cannot take the focus is read from where the reader is.
            let _ = top.focus();
        }
    }));
    let spoken = el("p", "unseen").attr("role", "status").attr("aria-live", "polite");
    let asked = kiosk.asked;
    el("div", "kiosk")
        .bind("data-page", move || Some(kiosk.page.get().name().to_owned()))
        .child(
            el("div", "kiosk-sky")
                .attr("aria-hidden", "true")
                .child(bird("glyph", Kind::Praise))
                .child(span("", k().attract_title)),
        )
        .child(head(kiosk))
        .child(main)
        .child(foot(kiosk, ending))
        .child(dialog(
            "idle",
            "idle-title",
            move || asked.with(Option::is_some),
            idle::touched,
            idle::question,
        ))
        .child(dialog(
            "ending",
            "ending-title",
            move || ending.get(),
            move || ending.set(false),
            move || end_question(kiosk, ending),
        ))
        .child(spoken.says(move || kiosk.said.get()))
}

fn head(kiosk: Kiosk) -> El {
    let notes = move || {
        let own = kiosk.own.get()?;
        let hotline = (!own.hotline.is_empty()).then(|| span("", &k().app_hotline(&own.hotline)));
        let waiting = kiosk.outbox.waiting.get().queue;
        let waits = (waiting > 0).then(|| {
            span("kiosk-waiting", "")
                .test("waiting")
                .child(icon("outbox"))
                .child(span("", &k().broken_waiting(&waiting.to_string())))
        });
        Some(span("kiosk-notes", "").child(span("", &k().app_station(&own.name))).maybe(hotline).maybe(waits))
    };
    let other = match messages::language() {
        Language::Zh => Language::En,
        Language::En => Language::Zh,
    };
    let toggle = |of: RwSignal<bool>, test: &str, symbol: &str, off: &'static str, on: &'static str| {
        button("kiosk-tool", move || of.update(|of| *of = !*of))
            .test(test)
            .bind("aria-pressed", move || Some(of.get().to_string()))
            .child(icon(symbol))
            .child(span("", "").says(move || if of.get() { on } else { off }.to_owned()))
    };
    el("header", "kiosk-head")
        .child(
            el("p", "kiosk-brand")
                .child(bird("icon", Kind::Praise))
                .child(el("span", "kiosk-names").child(span("", k().app_title)).dynamic(notes)),
        )
        .child(
            el("div", "kiosk-tools")
                .child(toggle(kiosk.aloud, "aloud", "speaker", k().app_aloud_on, k().app_aloud_off))
                .child(
                    toggle(kiosk.low, "low", "wheelchair", k().app_low, k().app_high)
                        .attr("title", k().app_low_hint),
                )
                .child(
                    button("kiosk-tool", move || kiosk.speak(other))
                        .test("language")
                        .attr("lang", messages::tag(other))
                        .child(icon("globe"))
                        .child(span("", k().app_language)),
                ),
        )
}

fn foot(kiosk: Kiosk, ending: RwSignal<bool>) -> El {
    let shown = move || {
        let page = kiosk.page.get();
        let back = page.before().map(|before| {
            button("btn ghost", move || kiosk.go(before)).test("back").child(icon("back")).text(k().app_back)
        });
        let end = (page.is_somebodys() && page != Page::Result).then(|| {
            let end = move || {
                if untrack(|| kiosk.draft.has_content()) {
                    ending.set(true);
                } else {
                    kiosk.end();
                }
            };
            button("btn plain", end).test("end").child(icon("cross")).text(k().app_end)
        });
        Some(el("div", "kiosk-ways").maybe(back).maybe(end))
    };
    el("footer", "kiosk-foot").dynamic(shown)
}

fn end_question(kiosk: Kiosk, ending: RwSignal<bool>) -> El {
    el("div", "idle-panel")
        .child(el("h2", "").attr("id", "ending-title").text(k().app_end_ask))
        .child(el("p", "idle-words").text(k().app_end_words))
        .child(
            el("div", "idle-ways")
                .child(button("btn", move || ending.set(false)).test("end-no").text(k().app_end_no))
                .child(button("btn ghost", move || kiosk.end()).test("end-yes").text(k().app_end_yes)),
        )
}

/// Keeps the browser's own doings away: no menu, nothing dragged or dropped.
pub fn hold_back() {
    for name in ["contextmenu", "dragstart", "drop", "dragover"] {
        let closure = Closure::<dyn Fn(web_sys::Event)>::new(|event: web_sys::Event| event.prevent_default());
        // Adding a listener cannot fail.
        let _ = window().add_event_listener_with_callback(name, closure.as_ref().unchecked_ref());
        closure.forget();
    }
}
