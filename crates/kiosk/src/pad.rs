//! Keys on the screen for codes and numbers: a touch screen needs no other keyboard for them, and a scanner that types or a real
//! keyboard works as well.

use crate::messages::k;
use wasm_bindgen::JsCast;
use woodlark_ui::RwSignal;
use woodlark_ui::el::{El, button, el};

/// The digits.
pub const DIGITS: &str = "1234567890";
/// The letters of our codes.
pub const LETTERS: &str = "ABCDEFGHJKMNPRSTWXYZ";
/// Digits and letters of gifts' codes.
pub const GIFT: &str = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A field that keys or a keyboard fill, with at most so many characters, and what Enter does.
#[must_use]
pub fn field(
    id: &'static str,
    label: &str,
    secret: bool,
    into: RwSignal<String>,
    most: usize,
    enter: impl Fn() + 'static,
) -> El {
    let input = el("input", "input pad-field")
        .attr("id", id)
        .attr("type", if secret { "password" } else { "text" })
        .attr("inputmode", "none")
        .attr("autocomplete", "off")
        .attr("autocapitalize", "characters")
        .attr("autocorrect", "off")
        .attr("spellcheck", "false")
        .attr("maxlength", &most.to_string())
        .test(id)
        .prop("value", move || into.get().into())
        .typed(move |text| into.set(text.to_uppercase()))
        .on("keydown", move |event| {
            let event: web_sys::KeyboardEvent = event.unchecked_into();
            if event.key() == "Enter" {
                event.prevent_default();
                enter();
            }
        });
    el("div", "pad-line").child(el("label", "label").attr("for", id).text(label)).child(input)
}

/// The keys.
#[must_use]
pub fn pad(keys: &'static str, into: RwSignal<String>, most: usize) -> El {
    let press = move |key: char| {
        into.update(|text| {
            if text.chars().filter(|letter| *letter != '-').count() < most {
                text.push(key);
            }
        });
    };
    let key = |key: char| button("pad-key", move || press(key)).text(key.encode_utf8(&mut [0; 4]));
    let last = move || into.update(|text| _ = text.pop());
    let all = move || into.set(String::new());
    el("div", "pad")
        .attr("data-keys", &keys.len().to_string())
        .each(keys.chars().map(key))
        .child(button("pad-key pad-word", last).test("pad-delete").text(k().look_up_delete))
        .child(button("pad-key pad-word", all).test("pad-clear").text(k().look_up_clear))
}
