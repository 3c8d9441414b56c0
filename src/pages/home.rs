//! The first page: the slogan, three birds, what waits, and my latest three reports.

use super::mine::{row, rows};
use crate::app::use_app;
use crate::router::{Route, link};
use crate::shell::waiting_note;
use leptos::prelude::*;
use woodlark_domain::{Kind, Language};
use woodlark_ui::parts::{bird, icon};
use woodlark_ui::{messages, t};

/// How many of my reports stand here.
const LATEST: usize = 3;

/// The first page.
pub fn page() -> AnyView {
    let app = use_app();
    let other = match messages::language() {
        Language::Zh => (Language::En, "English"),
        Language::En => (Language::Zh, "中文"),
    };
    view! {
        <header class="bar">
            <span class="brand">{icon("lark")}{t().app_name}</span>
            <div class="bar-end">
                <button type="button" class="text-button" lang=messages::tag(other.0) on:click=move |_| app.speak(other.0)>
                    {other.1}
                </button>
                <a class="icon-button" href="/settings" aria-label=t().home_settings on:click=link(Route::Settings)>
                    {icon("gear")}
                </a>
            </div>
        </header>
        <div class="page">
            <div class="hero"><h1>{t().home_slogan}</h1><p class="soft">{t().home_lead}</p></div>
            <div class="kinds">{Kind::ALL.iter().map(|kind| card(*kind)).collect::<Vec<_>>()}</div>
            {draft_note}
            {waiting_note()}
            {latest()}
        </div>
    }
    .into_any()
}

fn card(kind: Kind) -> AnyView {
    let route = Route::Report(Some(kind));
    view! {
        <a class="kind" data-kind=kind.code() data-test="kind" href=route.path() on:click=link(route)>
            <svg class="glyph" aria-hidden="true"><use href=format!("#{}", bird(kind))></use></svg>
            <span class="kind-name">{messages::kind(kind)}</span>
            <span class="kind-hint">{hint(kind)}</span>
        </a>
    }
    .into_any()
}

fn hint(kind: Kind) -> &'static str {
    match kind {
        Kind::Problem => t().kind_problem_hint,
        Kind::Suggestion => t().kind_suggestion_hint,
        Kind::Praise => t().kind_praise_hint,
    }
}

fn draft_note() -> AnyView {
    let app = use_app();
    let note = move || {
        let draft = app.outbox.draft()?;
        let route = Route::Report(Some(draft.manifest.kind));
        Some(view! {
            <a class="note" href=route.path() on:click=link(route) data-test="draft">
                {icon("pen")}
                <span class="grow"><b>{t().home_draft}</b><span class="soft clip">{draft.manifest.words}</span></span>
                <span class="leaf">{t().home_draft_go}</span>
            </a>
        })
    };
    view! { {note} }.into_any()
}

fn latest() -> AnyView {
    let list = rows();
    let cards = move || {
        let all = list.rows.get();
        if all.is_empty() {
            return view! { <p class="soft empty">{t().home_empty}</p> }.into_any();
        }
        view! { <ul class="rows">{all.iter().take(LATEST).map(row).collect::<Vec<_>>()}</ul> }.into_any()
    };
    let all = move || {
        (!list.rows.with(Vec::is_empty)).then(|| {
            view! { <a class="leaf more" href="/mine" on:click=link(Route::Mine)>{t().home_all}{icon("next")}</a> }
        })
    };
    let stale = move || list.stale.get().then(|| view! { <p class="soft stale">{t().home_saved_list}</p> });
    view! {
        <section class="card" aria-labelledby="latest">
            <div class="card-head"><h2 id="latest">{t().home_mine}</h2>{all}</div>
            {stale}
            {cards}
        </section>
    }
    .into_any()
}
