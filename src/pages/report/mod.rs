//! Writing a report: kind, photos, words or voice, place, and send. Three taps and a photo are enough.

mod alike;
mod category;
mod form;
mod photos;
mod place;
mod voice;

use crate::app::use_app;
use crate::router::Route;
use crate::shell::bar;
use form::Form;
use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;
use woodlark_domain::limits::WORDS_CHARS;
use woodlark_domain::{Kind, Visibility};
use woodlark_ui::parts::{bird, icon};
use woodlark_ui::{sheet, t};

/// The page, of this kind if a bird was tapped.
pub fn page(kind: Option<Kind>) -> AnyView {
    let app = use_app();
    let form = Form::open(kind);
    let faults = RwSignal::new(Vec::<(&'static str, String)>::new());
    let summary = NodeRef::<Div>::new();
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        faults.set(untrack(|| form.faults()));
        if faults.with_untracked(Vec::is_empty) {
            spawn_local(async move {
                let id = form.send().await;
                app.router.replace(Route::Sent(id));
            });
        }
    };
    // The summary takes the focus once it stands there.
    Effect::new(move |_| {
        if faults.with(|faults| !faults.is_empty())
            && let Some(summary) = summary.get()
        {
            // Without focus the summary is still read by the live region.
            let _ = summary.focus();
        }
    });
    let saved = move || if form.saved.get() { t().report_saved } else { t().report_saving };
    view! {
        {bar(t().report_title, view! { <span class="soft" data-test="saved">{saved}</span> }.into_any())}
        <form class="page report" novalidate on:submit=send>
            {move || errors(&faults.get(), summary)}
            {restored(form)}
            {kinds(form)}
            {photos::section(form)}
            {words(form, faults)}
            {place::section(form)}
            {alike::section(form)}
            {category::section(form)}
            {visibility(form)}
            <div class="send-bar">
                <button type="submit" class="btn" data-test="send">{t().report_send}</button>
                <p class="soft">{t().report_send_hint}</p>
            </div>
        </form>
    }
    .into_any()
}

fn errors(faults: &[(&'static str, String)], summary: NodeRef<Div>) -> Option<AnyView> {
    if faults.is_empty() {
        return None;
    }
    let rows: Vec<_> = faults
        .iter()
        .map(|(field, words)| view! { <li><a href=format!("#{field}")>{words.clone()}</a></li> })
        .collect();
    Some(
        view! {
            <div class="errors" role="alert" tabindex="-1" node_ref=summary data-test="errors">
                <b>{icon("alert")}{t().report_errors}</b><ul>{rows}</ul>
            </div>
        }
        .into_any(),
    )
}

fn restored(form: Form) -> AnyView {
    let asked = RwSignal::new(false);
    let discard = move |_| {
        sheet::close();
        spawn_local(form.discard());
    };
    let note = move || {
        form.restored.get().then(|| {
            view! {
                <div class="note" data-test="restored">
                    {icon("pen")}<span class="grow">{t().report_restored}</span>
                    <button type="button" class="text-button" on:click=move |_| sheet::open(asked)>{t().report_discard}</button>
                </div>
            }
        })
    };
    view! {
        {note}
        <sheet::Sheet shown=asked title=t().report_discard_ask>
            <p>{t().report_discard_body}</p>
            <div class="row-end">
                <button type="button" class="btn ghost" on:click=move |_| sheet::close()>{t().app_cancel}</button>
                <button type="button" class="btn danger" on:click=discard>{t().report_discard_yes}</button>
            </div>
        </sheet::Sheet>
    }
    .into_any()
}

fn kinds(form: Form) -> AnyView {
    let choice = |kind: Kind| {
        let name = match kind {
            Kind::Problem => t().kind_problem_short,
            Kind::Suggestion => t().kind_suggestion_short,
            Kind::Praise => t().kind_praise_short,
        };
        let choose = move |_| {
            form.kind.set(kind);
            form.category.update(|category| {
                if category.as_ref().is_some_and(|code| code.kind() != kind) {
                    *category = None;
                }
            });
        };
        view! {
            <label data-kind=kind.code()>
                <input type="radio" name="kind" value=kind.code() class="unseen" prop:checked=move || form.kind.get() == kind
                    on:change=choose/>
                <span><svg class="icon" aria-hidden="true"><use href=format!("#{}", bird(kind))></use></svg>{name}</span>
            </label>
        }
        .into_any()
    };
    view! {
        <fieldset class="seg"><legend class="unseen">{t().kind_label}</legend>
            {Kind::ALL.iter().map(|kind| choice(*kind)).collect::<Vec<_>>()}
        </fieldset>
    }
    .into_any()
}

fn words(form: Form, faults: RwSignal<Vec<(&'static str, String)>>) -> AnyView {
    let hint = move || match form.kind.get() {
        Kind::Problem => t().report_words_hint_problem,
        Kind::Suggestion => t().report_words_hint_suggestion,
        Kind::Praise => t().report_words_hint_praise,
    };
    let length = move || form.words.with(|words| words.chars().count());
    let over = move || length() > WORDS_CHARS;
    let count = move || match length().checked_sub(WORDS_CHARS) {
        Some(over) if over > 0 => t().report_words_over(&over.to_string()),
        _ => t().report_words_count(&length().to_string()),
    };
    let bad = move || over() || faults.with(|faults| faults.iter().any(|(field, _)| *field == "words"));
    view! {
        <section class="card words">
            <label for="words" class="label">{t().report_words}</label>
            <textarea id="words" rows="3" data-test="words" placeholder=hint aria-describedby="words-count"
                aria-invalid=move || bad().to_string() prop:value=move || form.words.get()
                on:input:target=move |event| form.words.set(event.target().value())></textarea>
            <div class="words-foot">
                {voice::section(form)}
                <span id="words-count" class="soft count" class:late=over>{count}</span>
            </div>
        </section>
    }
    .into_any()
}

fn visibility(form: Form) -> AnyView {
    let choice = |value: Visibility, name: &'static str, hint: &'static str, symbol: &'static str| {
        view! {
            <label class="choice">
                <input type="radio" name="visibility" value=value.code() prop:checked=move || form.visibility.get() == value
                    on:change=move |_| form.visibility.set(value)/>
                {icon(symbol)}<span><b>{name}</b><span class="soft">{hint}</span></span>
            </label>
        }
    };
    view! {
        <fieldset class="card choices"><legend class="label">{t().report_visibility}</legend>
            {choice(Visibility::Public, t().report_public, t().report_public_hint, "people")}
            {choice(Visibility::Private, t().report_private, t().report_private_hint, "lock")}
        </fieldset>
    }
    .into_any()
}
