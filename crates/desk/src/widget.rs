//! The few fields that the desk's forms are made of: each with its label, and one way to say what went wrong.

use woodlark_ui::RwSignal;
use woodlark_ui::el::{El, el, span, value};
use woodlark_ui::parts::icon;

/// What a form says when it was refused; empty while nothing is wrong.
pub type Trouble = RwSignal<String>;

/// A field under its label.
#[must_use]
pub fn field(id: &str, label: &str, input: El) -> El {
    el("div", "field").child(el("label", "label").attr("for", id).text(label)).child(input.attr("id", id))
}

/// A line of text.
#[must_use]
pub fn input(kind: &str, into: RwSignal<String>) -> El {
    el("input", "")
        .attr("type", kind)
        .prop("value", move || into.get().into())
        .typed(move |text| into.set(text))
}

/// Several lines of text.
#[must_use]
pub fn area(rows: &str, into: RwSignal<String>) -> El {
    el("textarea", "")
        .attr("rows", rows)
        .prop("value", move || into.get().into())
        .typed(move |text| into.set(text))
}

/// A choice among these, each a value and a name; an empty value is none of them.
#[must_use]
pub fn select(options: impl Fn() -> Vec<(String, String)> + 'static, into: RwSignal<String>) -> El {
    let node = el("select", "");
    let select = node.node().clone();
    let filled = node.clone();
    woodlark_ui::el::effect(Box::new(move || {
        let made = options();
        filled.node().set_text_content(None);
        let chosen = into.get();
        let _ = filled.clone().each(made.into_iter().map(|(code, name)| {
            let option = el("option", "").attr("value", &code).text(&name);
            option.flag("selected", code == chosen)
        }));
    }));
    node.on("change", move |_| into.set(value(&select)))
}

/// What went wrong, where something did.
#[must_use]
pub fn trouble(said: Trouble) -> El {
    el("div", "hollow").dynamic(move || {
        let words = said.get();
        (!words.is_empty()).then(|| {
            el("p", "trouble")
                .attr("role", "alert")
                .test("trouble")
                .child(icon("alert"))
                .child(span("", &words))
        })
    })
}

/// The button that sends a form; it rests while it works.
#[must_use]
pub fn submit(class: &str, words: &str, busy: RwSignal<bool>) -> El {
    el("button", class)
        .attr("type", "submit")
        .bind("disabled", move || busy.get().then(String::new))
        .text(words)
}

/// A form that calls this instead of leaving the page.
#[must_use]
pub fn form(class: &str, send: impl Fn() + 'static) -> El {
    el("form", class).flag("novalidate", true).on("submit", move |event| {
        event.prevent_default();
        send();
    })
}

/// A letter on a key.
#[must_use]
pub fn key(letter: &str) -> El {
    el("kbd", "").attr("aria-hidden", "true").text(letter)
}
