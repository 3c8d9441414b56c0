//! What surrounds every page: banners, the page, the tabs, and the region that speaks to screen readers.

use crate::app::use_app;
use crate::outbox::record::Stage;
use crate::pages;
use crate::router::{Route, link};
use leptos::html::Main;
use leptos::prelude::*;
use woodlark_ui::parts::icon;
use woodlark_ui::t;

/// The whole screen.
#[component]
pub fn Shell() -> impl IntoView {
    let app = use_app();
    let main = NodeRef::<Main>::new();
    let route = app.router;
    Effect::new(move |earlier: Option<()>| {
        document().set_title(&format!("{} · {}", title(route.now()), t().app_name));
        // After a change of page the reader starts at its top; not when the app opens.
        if let (Some(()), Some(main)) = (earlier, main.get_untracked()) {
            // A page that cannot take the focus is read from where the reader is.
            let _ = main.focus();
        }
    });
    let page = move || match route.now() {
        Route::Home => pages::home::page(),
        Route::Report(kind) => pages::report::page(kind),
        Route::Sent(id) => pages::sent::page(id),
        Route::Case(id) => pages::case::page(id),
        Route::Mine => pages::mine::page(),
        Route::Settings => pages::settings::page(),
    };
    let tabbed = move || matches!(route.now(), Route::Home | Route::Mine | Route::Settings);
    view! {
        <a class="skip" href="#main">{t().app_skip}</a>
        {banners}
        <main id="main" tabindex="-1" node_ref=main>{page}</main>
        {move || tabbed().then(tabs)}
        <p class="unseen" role="status" aria-live="polite">{move || app.outbox.said.get()}</p>
    }
    .into_any()
}

fn title(route: Route) -> &'static str {
    let t = t();
    match route {
        Route::Home => t.home_slogan,
        Route::Report(_) => t.report_title,
        Route::Sent(_) => t.sent_title,
        Route::Case(_) => t.case_title,
        Route::Mine => t.mine_title,
        Route::Settings => t.settings_title,
    }
}

fn banners() -> AnyView {
    let app = use_app();
    let offline = move || (!app.online.get()).then(|| banner("offline", "cloud-off", t().app_offline));
    let full = move || app.outbox.full.get().then(|| banner("full", "alert", t().app_full));
    view! { {offline}{full} }.into_any()
}

fn banner(kind: &'static str, symbol: &'static str, words: &'static str) -> AnyView {
    view! { <p class="banner" data-kind=kind data-test=kind role="status">{icon(symbol)}<span>{words}</span></p> }.into_any()
}

fn tabs() -> AnyView {
    let app = use_app();
    let waiting = move || {
        let count = app.outbox.waiting() + app.outbox.attention();
        (count > 0).then(|| view! { <span class="badge">{count}</span> })
    };
    let snap = Route::Report(None);
    view! {
        <nav class="tabs" aria-label=t().tab_label>
            {tab(Route::Home, "home", t().tab_home)}
            <a class="tab snap" href=snap.path() on:click=link(snap) data-test="snap">
                <span class="snap-button">{icon("camera")}</span>{t().tab_snap}
            </a>
            {tab(Route::Mine, "list", t().tab_mine)}
            {waiting}
        </nav>
    }
    .into_any()
}

fn tab(route: Route, symbol: &'static str, words: &'static str) -> AnyView {
    let app = use_app();
    let current = move || (app.router.now() == route).then_some("page");
    view! {
        <a class="tab" href=route.path() aria-current=current on:click=link(route)>{icon(symbol)}{words}</a>
    }
    .into_any()
}

/// The bar at the top of an inner page: back, its name, and what stands at the other end.
pub fn bar(title: &'static str, end: AnyView) -> AnyView {
    let router = use_app().router;
    view! {
        <header class="bar">
            <button type="button" class="icon-button" aria-label=t().app_back on:click=move |_| router.back()>
                {icon("back")}
            </button>
            <h1 class="bar-title">{title}</h1>
            <div class="bar-end">{end}</div>
        </header>
    }
    .into_any()
}

/// What waits on this device, always in sight on the first page.
pub fn waiting_note() -> AnyView {
    let app = use_app();
    let note = move || {
        let (waiting, attention) = (app.outbox.waiting(), app.outbox.attention());
        if waiting + attention == 0 {
            return None;
        }
        let sending = app.outbox.records.with(|records| records.iter().any(|r| r.stage == Stage::Sending && r.failures == 0));
        let head = if waiting > 0 { t().home_waiting(&waiting.to_string()) } else { String::new() };
        let more = (attention > 0).then(|| view! { <b class="late">{t().home_attention(&attention.to_string())}</b> });
        let hint = (waiting > 0).then(|| view! { <span class="soft">{t().home_waiting_hint}</span> });
        Some(view! {
            <a class="note" href="/mine" on:click=link(Route::Mine) data-test="waiting" data-count=waiting.to_string()
                data-busy=sending.to_string()>
                {icon("outbox")}
                <span class="grow"><b>{head}</b>{more}{hint}</span>
                {icon("next")}
            </a>
        })
    };
    view! { {note} }.into_any()
}
