//! Looking it over, and handing it in.

use super::framed;
use crate::app::{Kiosk, Page, use_kiosk};
use crate::draft::Where;
use crate::messages::k;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;
use woodlark_domain::Kind;
use woodlark_ui::RwSignal;
use woodlark_ui::el::{El, button, el, span};
use woodlark_ui::messages::language;
use woodlark_ui::parts::{bird, icon};

/// The page.
#[must_use]
pub fn page() -> El {
    let kiosk = use_kiosk();
    let draft = kiosk.draft;
    let (busy, failed) = (RwSignal::new(false), RwSignal::new(String::new()));
    let hand_in = move || {
        if busy.get_untracked() {
            return;
        }
        if !untrack(|| draft.has_content()) {
            failed.set(k().check_empty.to_owned());
            return;
        }
        busy.set(true);
        spawn_local(async move {
            if let Err(why) = draft.hand_in(kiosk).await {
                let _ = failed.try_set(why);
            }
            let _ = busy.try_set(false);
        });
    };
    let rows = el("dl", "check-rows card")
        .child(row(kiosk, k().check_kind, Page::Start, kind(kiosk)))
        .child(row(kiosk, k().check_photos, Page::Photo, photos(kiosk)))
        .child(row(kiosk, k().check_voice, Page::Say, voice(kiosk)))
        .child(row(kiosk, k().check_words, Page::Say, words(kiosk)))
        .child(row(kiosk, k().check_category, Page::Category, category(kiosk)))
        .child(row(kiosk, k().check_place, Page::Place, place(kiosk)));
    let private =
        button("place-choice private", move || draft.private.update(|private| *private = !*private))
            .test("private")
            .bind("aria-pressed", move || Some(draft.private.get().to_string()))
            .child(icon("lock"))
            .child(
                span("grow", "")
                    .child(el("b", "").text(k().check_private))
                    .child(span("soft", k().check_private_hint)),
            );
    let trouble = move || {
        let why = failed.get();
        (!why.is_empty())
            .then(|| el("p", "trouble").attr("role", "alert").test("trouble").child(icon("alert")).text(&why))
    };
    let send = button("btn huge", hand_in)
        .test("send")
        .bind("disabled", move || busy.get().then(String::new))
        .child(
            span("", "").says(move || if busy.get() { k().check_sending } else { k().check_send }.to_owned()),
        );
    let body = el("div", "stack")
        .child(rows)
        .child(private)
        .child(el("p", "soft").text(k().check_anonymous))
        .dynamic(trouble);
    framed(k().check_title, "", body, Some(send))
}

fn row(kiosk: Kiosk, name: &str, page: Page, value: El) -> El {
    let change = button("icon-button", move || kiosk.go(page))
        .attr("aria-label", &k().check_change(name))
        .child(icon("pen"));
    el("div", "check-row").child(el("dt", "").text(name)).child(el("dd", "").child(value).child(change))
}

fn kind(kiosk: Kiosk) -> El {
    let kind = kiosk.draft.kind.get_untracked();
    let name = match kind {
        Kind::Problem => k().start_problem,
        Kind::Suggestion => k().start_suggestion,
        Kind::Praise => k().start_praise,
    };
    span("check-kind", "").attr("data-kind", kind.code()).child(bird("icon", kind)).text(name)
}

fn photos(kiosk: Kiosk) -> El {
    let shots = kiosk.draft.shots.get_untracked();
    if shots.is_empty() {
        return span("soft", k().check_none);
    }
    let picture = |(number, shot): (usize, crate::draft::Shot)| {
        el("img", "").attr("src", &shot.url).attr("alt", &k().photo_nth(&(number + 1).to_string()))
    };
    span("check-photos", "").each(shots.into_iter().enumerate().map(picture))
}

fn voice(kiosk: Kiosk) -> El {
    match kiosk.draft.spoken.get_untracked() {
        Some(spoken) => span("", &k().check_seconds(&spoken.duration_ms.div_ceil(1_000).to_string())),
        None => span("soft", k().check_none),
    }
}

fn words(kiosk: Kiosk) -> El {
    let words = kiosk.draft.words.get_untracked();
    if words.trim().is_empty() {
        span("soft", k().check_none)
    } else {
        span("said", words.trim()).test("said")
    }
}

fn category(kiosk: Kiosk) -> El {
    let chosen = kiosk.draft.category.get_untracked();
    let name = chosen.and_then(|code| {
        kiosk.categories.with_untracked(|all| {
            let found = all.iter().find(|category| category.code == code);
            found.map(|category| category.name.in_language(language()).to_owned())
        })
    });
    name.map_or_else(|| span("soft", k().check_none), |name| span("", &name))
}

fn place(kiosk: Kiosk) -> El {
    let chosen = match kiosk.draft.place.get_untracked() {
        Where::Here => k().place_here,
        Where::Map(Some(_)) => k().check_chosen,
        Where::Map(None) | Where::Unknown => k().check_unknown,
    };
    let words = kiosk.draft.place_words.get_untracked();
    let words = words.trim();
    span("stacked", "").text(chosen).maybe((!words.is_empty()).then(|| span("soft", words)))
}
