//! Writing a report: kind, photos, words or voice, place, and send. Three taps and a photo are enough.

mod alike;
mod category;
mod form;
mod photos;
mod place;
mod voice;

use crate::app::{is_elder, use_app};
use crate::router::Route;
use crate::shell::bar;
use core::time::Duration;
use form::Form;
pub(crate) use form::{begin_with, save_on_leaving};
use leptos::prelude::*;
pub(crate) use place::whole;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlElement;
use woodlark_domain::limits::WORDS_CHARS;
use woodlark_domain::{Kind, Visibility};
use woodlark_ui::RwSignal;
use woodlark_ui::el::{El, button, el, span};
use woodlark_ui::parts::{bird, icon};
use woodlark_ui::{messages, sheet, t};

/// What keeps a report from being sent: the field's id and what to do.
type Faults = RwSignal<Vec<(&'static str, String)>>;

/// The page, of this kind if a bird was tapped.
#[must_use]
pub fn page(kind: Option<Kind>) -> El {
    let app = use_app();
    let form = Form::open(kind);
    let faults: Faults = RwSignal::new(Vec::new());
    let send = move || {
        faults.set(untrack(|| form.faults()));
        if !faults.with_untracked(Vec::is_empty) {
            return set_timeout(focus_summary, Duration::from_millis(30));
        }
        spawn_local(async move {
            let id = form.send().await;
            app.router.replace(Route::Sent(id));
        });
    };
    let saved = move || if form.saved.get() { t().report_saved } else { t().report_saving }.to_owned();
    let saved = span("soft", "").test("saved").says(saved);
    let foot = el("div", "send-bar")
        .child(el("button", "btn").attr("type", "submit").test("send").text(t().report_send))
        .child(el("p", "soft").text(t().report_send_hint));
    let page = el("form", "page report")
        .flag("novalidate", true)
        .on("submit", move |event| {
            event.prevent_default();
            send();
        })
        .dynamic(move || faults.with(|faults| errors(faults)))
        .child(restored(form))
        .child(kinds(form))
        .child(photos::section(form))
        .child(words(form, faults))
        .child(place::section(form))
        .child(alike::section(form))
        .child(fold(form))
        .child(foot);
    el("div", "").child(bar(t().report_title, Some(saved))).child(page)
}

fn errors(faults: &[(&'static str, String)]) -> Option<El> {
    let rows = faults.iter().map(|(field, words)| {
        el("li", "").child(el("a", "").attr("href", &["#", field].concat()).text(words))
    });
    let head = el("b", "").child(icon("alert")).text(t().report_errors);
    let summary =
        el("div", "errors").attr("role", "alert").attr("tabindex", "-1").attr("id", "errors").test("errors");
    (!faults.is_empty()).then(|| summary.child(head).child(el("ul", "").each(rows)))
}

/// The summary takes the focus once it stands there.
fn focus_summary() {
    if let Some(summary) = document().get_element_by_id("errors") {
        // Without focus the summary is still read out as an alert.
        let _ = summary.unchecked_into::<HtmlElement>().focus();
    }
}

fn restored(form: Form) -> El {
    let asked = RwSignal::new(false);
    let note = move || {
        form.restored.get().then(|| {
            let discard =
                button("text-button", move || sheet::open(asked)).test("discard").text(t().report_discard);
            el("div", "note")
                .test("restored")
                .child(icon("pen"))
                .child(span("grow", t().report_restored))
                .child(discard)
        })
    };
    let discard = move || spawn_local(form.discard());
    el("div", "hollow").dynamic(note).child(sheet::confirm(
        asked,
        t().report_discard_ask,
        t().report_discard_body,
        t().report_discard_yes,
        discard,
    ))
}

fn kinds(form: Form) -> El {
    let choices = Kind::ALL.iter().map(|kind| {
        let kind = *kind;
        let choose = move |_| {
            form.kind.set(kind);
            if form
                .category
                .with_untracked(|category| category.as_ref().is_some_and(|code| code.kind() != kind))
            {
                form.category.set(None);
            }
        };
        let input = el("input", "unseen")
            .attr("type", "radio")
            .attr("name", "kind")
            .attr("value", kind.code())
            .prop("checked", move || (form.kind.get() == kind).into())
            .on("change", choose);
        let face = span("", "").child(bird("icon", kind)).text(messages::kind_short(kind));
        el("label", "").attr("data-kind", kind.code()).child(input).child(face)
    });
    el("fieldset", "seg").child(el("legend", "unseen").text(t().kind_label)).each(choices)
}

fn words(form: Form, faults: Faults) -> El {
    let hint = move || match form.kind.get() {
        Kind::Problem => t().report_words_hint_problem,
        Kind::Suggestion => t().report_words_hint_suggestion,
        Kind::Praise => t().report_words_hint_praise,
    };
    let length = move || form.words.with(|words| words.chars().count());
    let count = move || match length().checked_sub(WORDS_CHARS) {
        Some(over) if over > 0 => t().report_words_over(&over.to_string()),
        _ => t().report_words_count(&length().to_string()),
    };
    let bad =
        move || length() > WORDS_CHARS || faults.with(|all| all.iter().any(|(field, _)| *field == "words"));
    let text = el("textarea", "")
        .attr("id", "words")
        .attr("rows", "3")
        .attr("aria-describedby", "words-count errors")
        .test("words")
        .bind("placeholder", move || Some(hint().to_owned()))
        .bind("aria-invalid", move || bad().then(|| "true".to_owned()))
        .prop("value", move || form.words.get().into())
        .typed(move |text| form.words.set(text));
    let count = span("count soft", "")
        .attr("id", "words-count")
        .bind("data-over", move || (length() > WORDS_CHARS).then(String::new))
        .says(count);
    el("section", "card words")
        .child(el("label", "label").attr("for", "words").text(t().report_words))
        .child(text)
        .child(el("div", "words-foot").dynamic(move || voice::section(form)).child(count))
}

/// What nobody has to say: in elder mode behind one fold, until something of it was said.
fn fold(form: Form) -> El {
    let said = form.category.with_untracked(Option::is_some);
    el("details", "fold")
        .flag("open", said || !is_elder())
        .child(el("summary", "").test("fold").text(t().report_more))
        .child(category::section(form))
        .child(visibility(form))
}

fn visibility(form: Form) -> El {
    let choice = |value: Visibility, name: &str, hint: &str, symbol: &str| {
        let input = el("input", "")
            .attr("type", "radio")
            .attr("name", "visibility")
            .attr("value", value.code())
            .prop("checked", move || (form.visibility.get() == value).into())
            .on("change", move |_| form.visibility.set(value));
        let words = span("", "").child(el("b", "").text(name)).child(span("soft", hint));
        el("label", "choice").child(input).child(icon(symbol)).child(words)
    };
    el("fieldset", "card choices")
        .child(el("legend", "unseen").text(t().report_visibility))
        .child(span("label", t().report_visibility).attr("aria-hidden", "true"))
        .child(choice(Visibility::Public, t().report_public, t().report_public_hint, "people"))
        .child(choice(Visibility::Private, t().report_private, t().report_private_hint, "lock"))
}
