//! The desk by keyboard: a letter presses the button that shows it, arrows walk through the list.

use leptos::prelude::{document, window};
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlElement, KeyboardEvent};

/// Listens for as long as the page lives. A button or link names its key in `data-key`; nothing is taken from whoever
/// types into a field, and a dialog has its own keys.
pub fn listen() {
    let pressed = Closure::<dyn Fn(KeyboardEvent)>::new(|event: KeyboardEvent| press(&event));
    // Adding a listener cannot fail.
    let _ = window().add_event_listener_with_callback("keydown", pressed.as_ref().unchecked_ref());
    pressed.forget();
}

fn press(event: &KeyboardEvent) {
    if event.ctrl_key() || event.meta_key() || event.alt_key() || event.default_prevented() {
        return;
    }
    let target: Option<Element> = event.target().and_then(|target| target.dyn_into().ok());
    let typing = target.as_ref().is_some_and(|target| {
        matches!(target.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT" | "CANVAS")
            || target.closest("[role=application]").ok().flatten().is_some()
    });
    let key = event.key();
    if key == "Escape" && typing {
        if let Some(field) = target.and_then(|target| target.dyn_into::<HtmlElement>().ok()) {
            // A field that keeps the focus is merely typed into on.
            let _ = field.blur();
        }
        return;
    }
    if typing || find("dialog[open]").is_some() {
        return;
    }
    let done = match key.as_str() {
        "ArrowDown" | "j" => step(1),
        "ArrowUp" | "k" => step(-1),
        "/" => find("[data-key='/']").is_some_and(|field| field.focus().is_ok()),
        _ if key.chars().count() == 1 || key == "Escape" => {
            let quoted = key.replace('\\', "\\\\").replace('\'', "\\'");
            find(&["[data-key='", &quoted, "']:not([disabled])"].concat()).is_some_and(|button| {
                button.click();
                true
            })
        }
        _ => false,
    };
    if done {
        event.prevent_default();
    }
}

fn find(selector: &str) -> Option<HtmlElement> {
    document().query_selector(selector).ok()??.dyn_into().ok()
}

/// Moves the focus by one row of the list, from the row that has it or that is open.
fn step(by: i32) -> bool {
    let Ok(rows) = document().query_selector_all("[data-row]") else { return false };
    let active = document().active_element();
    let is_now = |row: &Element| {
        active.as_ref() == Some(row) || row.get_attribute("aria-current").as_deref() == Some("true")
    };
    let row = |index: u32| rows.get(index).and_then(|row| row.dyn_into::<Element>().ok());
    let now = (0..rows.length()).filter_map(|index| row(index).map(|row| (index, row)));
    let focused = now.clone().find(|(_, row)| active.as_ref() == Some(row));
    let begin = focused.or_else(|| now.clone().find(|(_, row)| is_now(row))).map(|(index, _)| index);
    // Where the focus was lost, it goes on from the row that had it last.
    let last = find("[data-at]").and_then(|list| list.get_attribute("data-at"));
    let begin = begin.or_else(|| {
        let is_last = |row: &Element| last.is_some() && row.get_attribute("data-row") == last;
        now.clone().find(|(_, row)| is_last(row)).map(|(index, _)| index)
    });
    let next = match begin {
        Some(index) => index.checked_add_signed(by),
        None => Some(0),
    };
    let Some(next) = next.and_then(row).and_then(|row| row.dyn_into::<HtmlElement>().ok()) else {
        return false;
    };
    next.focus().is_ok()
}
