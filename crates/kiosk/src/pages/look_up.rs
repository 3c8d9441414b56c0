//! A case by its number and its code, both typed on keys on the screen.

use super::framed;
use crate::app::use_kiosk;
use crate::messages::k;
use crate::pad::{self, pad};
use wasm_bindgen_futures::spawn_local;
use woodlark_ui::RwSignal;
use woodlark_ui::device::new_id;
use woodlark_ui::el::{El, button, el, span};
use woodlark_ui::messages::language;
use woodlark_ui::parts::{bird, icon, pill, timeline};
use woodlark_ui::{Fault, api, json, when};
use woodlark_wire::{Label, LookUp, LookedUp, path};

/// Digits of a number: a day and a counter.
const NUMBER_DIGITS: usize = 13;

/// The page.
#[must_use]
pub fn page() -> El {
    let kiosk = use_kiosk();
    let (number, code) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (busy, said) = (RwSignal::new(false), RwSignal::new(String::new()));
    let at_code = RwSignal::new(false);
    let found = RwSignal::new(None::<LookedUp>);
    let find = move || {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        said.set(String::new());
        let letters = kiosk.own.with_untracked(|own| own.as_ref().map(|own| own.letters.clone()));
        let asked = LookUp {
            number: whole_number(&letters.unwrap_or_default(), &number.get_untracked()),
            code: code.get_untracked(),
        };
        spawn_local(async move {
            match ask(&asked).await {
                Ok(case) => drop(found.try_set(Some(case))),
                Err(Fault::NoNetwork | Fault::NotOurs | Fault::Timeout) => {
                    let _ = said.try_set(k().look_up_offline(&kiosk.hotline()));
                }
                Err(fault) => drop(said.try_set(fault.told())),
            }
            let _ = busy.try_set(false);
        });
    };
    let again = move || {
        found.set(None);
        number.set(String::new());
        code.set(String::new());
        at_code.set(false);
    };
    let body = move || {
        Some(match found.get() {
            Some(case) => shown(&case).child(
                el("div", "page-on")
                    .child(button("btn huge", again).test("another").text(k().look_up_another)),
            ),
            None => asking(number, code, at_code, busy, said, find),
        })
    };
    framed(k().look_up_title, "", el("div", "hollow").dynamic(body), None)
}

/// `FX-20261123-00042` of whatever was typed of it; who typed letters knows better.
fn whole_number(letters: &str, typed: &str) -> String {
    if typed.bytes().any(|byte| byte.is_ascii_alphabetic()) {
        return typed.to_owned();
    }
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    match digits.split_at_checked(8) {
        Some((day, count)) => [letters, "-", day, "-", count].concat(),
        None => digits,
    }
}

async fn ask(asked: &LookUp) -> Result<LookedUp, Fault> {
    let body = json::write(asked).map_err(|_| Fault::NotOurs)?;
    api::read(&api::send("POST", path::LOOK_UP, &new_id().to_string(), Some(&body)).await?)
}

fn asking(
    number: RwSignal<String>,
    code: RwSignal<String>,
    at_code: RwSignal<bool>,
    busy: RwSignal<bool>,
    said: RwSignal<String>,
    find: impl Fn() + Copy + 'static,
) -> El {
    let trouble = move || {
        let why = said.get();
        (!why.is_empty())
            .then(|| el("p", "trouble").attr("role", "alert").test("trouble").child(icon("alert")).text(&why))
    };
    let fields = el("div", "pad-lines")
        .child(pad::field("number", k().look_up_number, false, number, 20, move || at_code.set(true)))
        .child(pad::field("code", k().look_up_code, false, code, 9, find));
    let keys = move || {
        Some(if at_code.get() { pad(pad::LETTERS, code, 8) } else { pad(pad::DIGITS, number, NUMBER_DIGITS) })
    };
    let way = move || {
        Some(if at_code.get() {
            el("div", "page-on two")
                .child(
                    button("btn ghost huge", move || at_code.set(false))
                        .test("correct")
                        .text(k().look_up_correct),
                )
                .child(
                    button("btn huge", find)
                        .test("find")
                        .bind("disabled", move || busy.get().then(String::new))
                        .child(icon("search"))
                        .child(span("", "").says(move || {
                            if busy.get() { k().look_up_busy } else { k().look_up_find }.to_owned()
                        })),
                )
        } else {
            el("div", "page-on").child(
                button("btn huge", move || at_code.set(true))
                    .test("to-code")
                    .text(k().look_up_next)
                    .child(icon("next")),
            )
        })
    };
    let lead = el("p", "page-lead").text(k().look_up_lead);
    el("div", "stack").child(lead).child(fields).dynamic(trouble).dynamic(keys).dynamic(way)
}

fn shown(case: &LookedUp) -> El {
    let label = |label: &Label| label.in_language(language()).to_owned();
    let fact = |name: &str, value: Option<String>| {
        value.map(|value| el("div", "").child(el("dt", "").text(name)).child(el("dd", "").text(&value)))
    };
    let overdue = case.promise.as_ref().is_some_and(|promise| promise.overdue);
    let facts = el("dl", "found-facts")
        .maybe(fact(k().look_up_received, Some(when::moment(case.received_at))))
        .maybe(fact(k().look_up_category, case.category.as_ref().map(label)))
        .maybe(fact(k().look_up_department, case.department.as_ref().map(label)))
        .maybe(fact(k().look_up_promised, case.promise.as_ref().map(|promise| when::moment(promise.at))));
    el("div", "stack").test("found").child(
        el("div", "card stack")
            .attr("data-kind", case.kind.code())
            .child(
                el("div", "card-head")
                    .child(
                        span("check-kind", "")
                            .child(bird("icon", case.kind))
                            .child(el("b", "figure").text(case.number.as_str())),
                    )
                    .child(pill(case.state, None)),
            )
            .child(facts)
            .maybe(overdue.then(|| el("p", "late").text(k().look_up_overdue)))
            .child(timeline(&case.steps)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_made_whole_of_what_was_typed() {
        assert_eq!(whole_number("FX", "2026112300042"), "FX-20261123-00042");
        assert_eq!(whole_number("FX", "20261123-00042"), "FX-20261123-00042");
        assert_eq!(whole_number("FX", "FX-20261123-00042"), "FX-20261123-00042");
        assert_eq!(whole_number("FX", "2026"), "2026");
    }
}
