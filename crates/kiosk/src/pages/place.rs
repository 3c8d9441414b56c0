//! Where it is: near the station, a tap on the map, words; or they can't say.

use super::photo::k_next;
use super::{framed, on};
use crate::app::{Kiosk, Page, use_kiosk};
use crate::draft::Where;
use crate::messages::k;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;
use woodlark_domain::Position;
use woodlark_domain::limits::PLACE_WORDS_CHARS;
use woodlark_ui::RwSignal;
use woodlark_ui::api;
use woodlark_ui::el::{El, button, el, span};
use woodlark_ui::map::{self, Mark};
use woodlark_ui::parts::icon;
use woodlark_wire::AreaShape;

/// Metres round the mark in which the areas are drawn.
const NEAR_M: u32 = 1_500;

/// The page.
#[must_use]
pub fn page() -> El {
    let kiosk = use_kiosk();
    let draft = kiosk.draft;
    let stands = kiosk.own.with_untracked(|own| own.as_ref().and_then(|own| own.position));
    if stands.is_none() && draft.place.get_untracked() == Where::Here {
        draft.place.set(Where::Unknown);
    }
    let choice = |test: &str, symbol: &str, words: &'static str, is: fn(Where) -> bool, to: Where| {
        button("place-choice", move || draft.place.set(to))
            .test(test)
            .bind("aria-pressed", move || Some(is(draft.place.get()).to_string()))
            .child(icon(symbol))
            .child(el("b", "").text(words))
    };
    let here =
        stands.map(|_| choice("here", "pin", k().place_here, |place| place == Where::Here, Where::Here));
    let choices = el("div", "place-choices")
        .maybe(here)
        .child(choice(
            "map",
            "pin-line",
            k().place_map,
            |place| matches!(place, Where::Map(_)),
            Where::Map(None),
        ))
        .child(choice(
            "unknown",
            "minus",
            k().place_unknown,
            |place| place == Where::Unknown,
            Where::Unknown,
        ));
    let words = el("input", "input")
        .attr("id", "place-words")
        .attr("maxlength", &PLACE_WORDS_CHARS.to_string())
        .attr("autocomplete", "off")
        .attr("placeholder", k().place_words_hint)
        .test("place-words")
        .prop("value", move || draft.place_words.get().into())
        .typed(move |text| draft.place_words.set(text));
    let near = RwSignal::new(Vec::<AreaShape>::new());
    let on_map = RwSignal::new(matches!(draft.place.get_untracked(), Where::Map(_)));
    woodlark_ui::el::effect(Box::new(move || {
        let wanted = matches!(draft.place.get(), Where::Map(_));
        if on_map.with_untracked(|shown| *shown != wanted) {
            on_map.set(wanted);
        }
    }));
    // Drawn once: each tap moves the mark and nothing else.
    let picture = move || on_map.get().then(|| untrack(|| drawn(kiosk, near, stands)));
    let body = el("div", "stack").child(choices).dynamic(picture).child(
        el("div", "stack")
            .child(el("label", "label").attr("for", "place-words").text(k().place_words))
            .child(words),
    );
    framed(k().place_title, "", body, Some(on(k_next(), "next", move || kiosk.go(Page::Check))))
}

fn drawn(kiosk: Kiosk, near: RwSignal<Vec<AreaShape>>, stands: Option<Position>) -> El {
    let draft = kiosk.draft;
    let Some(city) = kiosk.city.get() else {
        return el("p", "note").attr("role", "status").child(icon("alert")).text(k().place_no_map);
    };
    // The map begins at the station, whose mark counts only once it is moved or tapped.
    let mark = move || match draft.place.get() {
        Where::Map(Some(at)) => Some(Mark { at, accuracy_m: None }),
        Where::Map(None) | Where::Here | Where::Unknown => stands.map(|at| Mark { at, accuracy_m: None }),
    };
    let moved = move |at: Position| {
        draft.place.set(Where::Map(Some(at)));
        look_near(near, at);
    };
    if let Some(at) = stands {
        look_near(near, at);
    }
    let said = move || match draft.place.get() {
        Where::Map(Some(_)) => k().place_tapped.to_owned(),
        Where::Map(None) | Where::Here | Where::Unknown => k().place_tap.to_owned(),
    };
    let map = map::map(city, near, mark, moved);
    el("div", "place-map")
        .child(el("p", "place-said").attr("role", "status").child(span("", "").says(said)))
        .maybe(map)
}

fn look_near(near: RwSignal<Vec<AreaShape>>, at: Position) {
    spawn_local(async move {
        if let Ok(areas) = api::get(&api::areas(at, NEAR_M)).await {
            let _ = near.try_set(areas);
        }
    });
}
