//! Everything I reported: what waits on this device on top, then my cases, newest change first.

use crate::app::use_app;
use crate::device::Setting;
use crate::live::Live;
use crate::outbox::record::{Record, Stage};
use crate::outbox::shelf;
use crate::router::{Route, link, use_router};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;
use woodlark_domain::State;
use woodlark_ui::parts::{bird, icon, pill};
use woodlark_ui::{api, messages, sheet, t, when};
use woodlark_wire::path::{self, PhotoSize};
use woodlark_wire::{CaseRow, MediaRole, Page, ProblemCode, Relation};

/// My cases as far as they are read.
#[derive(Clone, Copy)]
pub struct Rows {
    /// Newest change first.
    pub rows: RwSignal<Vec<CaseRow>>,
    /// They are from last time: the network did not answer.
    pub stale: RwSignal<bool>,
    next: RwSignal<Option<String>>,
    fault: RwSignal<Option<String>>,
    loading: RwSignal<bool>,
    live: Live,
}

/// Reads my cases, and again whenever one changes.
pub fn rows() -> Rows {
    let app = use_app();
    let seen = Setting::Cases.get().and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    let list = Rows {
        rows: RwSignal::new(seen),
        stale: RwSignal::new(false),
        next: RwSignal::new(None),
        fault: RwSignal::new(None),
        loading: RwSignal::new(true),
        live: app.live,
    };
    Effect::new(move |_| {
        app.live.track();
        app.outbox.accepted.track();
        if app.online.get() {
            spawn_local(async move { list.read(None).await });
        } else {
            list.stale.set(!list.rows.with_untracked(Vec::is_empty));
            list.loading.set(false);
        }
    });
    list
}

impl Rows {
    async fn read(self, after: Option<String>) {
        let answer = api::get::<Page<CaseRow>>(&path::cases(after.as_deref())).await;
        // The page may be gone by now; its signals with it.
        let _ = self.loading.try_set(false);
        match answer {
            Ok(page) => {
                if after.is_none() {
                    Setting::Cases.set(serde_json::to_string(&page.rows).ok().as_deref());
                    if !page.rows.is_empty() {
                        self.live.open();
                    }
                }
                let _ = self.rows.try_update(|rows| {
                    if after.is_none() {
                        rows.clear();
                    }
                    rows.extend(page.rows);
                });
                let _ = self.next.try_set(page.next);
                let _ = self.fault.try_set(None);
                let _ = self.stale.try_set(false);
            }
            Err(fault) if fault.code() == Some(ProblemCode::NotSignedIn) => {
                Setting::Cases.set(None);
                let _ = self.rows.try_update(Vec::clear);
            }
            Err(fault) => {
                let _ = self.stale.try_set(self.rows.try_with_untracked(|rows| !rows.is_empty()).unwrap_or(false));
                let _ = self.fault.try_set(Some(fault.words()));
            }
        }
    }
}

/// The page.
pub fn page() -> AnyView {
    let list = rows();
    let cards = move || {
        let all = list.rows.get();
        if !all.is_empty() {
            return view! { <ul class="rows card">{all.iter().map(row).collect::<Vec<_>>()}</ul> }.into_any();
        }
        match list.fault.get() {
            _ if list.loading.get() => view! { <p class="soft empty">{t().app_loading}</p> }.into_any(),
            Some(why) => view! { <p class="soft empty">{t().mine_failed}" "{why}</p> }.into_any(),
            None => view! { <p class="soft empty">{icon("lark")}{t().mine_empty}</p> }.into_any(),
        }
    };
    let more = move || {
        list.next.get().map(|next| {
            let read = move |_| {
                let next = next.clone();
                spawn_local(async move { list.read(Some(next)).await });
            };
            view! { <button type="button" class="btn ghost" data-test="more" on:click=read>{t().app_more}</button> }
        })
    };
    let again = move || {
        list.fault.get().map(|_| {
            let read = move |_| spawn_local(async move { list.read(None).await });
            view! { <button type="button" class="btn ghost" on:click=read>{t().app_retry}</button> }
        })
    };
    view! {
        <header class="bar">
            <h1 class="bar-title">{t().mine_title}</h1>
            <div class="bar-end">
                <a class="icon-button" href="/settings" aria-label=t().home_settings on:click=link(Route::Settings)>
                    {icon("gear")}
                </a>
            </div>
        </header>
        <div class="page">{waiting()}{cards}{more}{again}</div>
    }
    .into_any()
}

/// One of my cases in a list.
pub fn row(case: &CaseRow) -> AnyView {
    let language = messages::language();
    let label = |label: &woodlark_wire::Label| label.in_language(language).to_owned();
    let route = Route::Case(case.id);
    let category = case.category.as_ref().map(label);
    let title = if case.words.is_empty() { category.unwrap_or_else(|| messages::kind(case.kind).into()) } else { case.words.clone() };
    let place = case.place.as_ref().map(label).map(|place| format!("{place} · ")).unwrap_or_default();
    let promise = case.promised_at.filter(|_| !ended(case.state)).map(|at| t().case_promise_before(&when::moment(at)));
    let joined = (case.relation == Relation::Joiner).then(|| view! { <span class="tag">{t().mine_joined}</span> });
    let thumb = match case.photo {
        Some(hash) => {
            view! { <img class="thumb" src=path::photo(case.id, hash, PhotoSize::Thumb) alt="" loading="lazy"/> }.into_any()
        }
        None => view! {
            <span class="thumb" data-kind=case.kind.code()>
                <svg class="glyph" aria-hidden="true"><use href=format!("#{}", bird(case.kind))></use></svg>
            </span>
        }
        .into_any(),
    };
    view! {
        <li>
            <a class="row" href=route.path() on:click=link(route) data-test="case" data-state=case.state.code()>
                {thumb}
                <span class="row-body">
                    <b class="clip">{title}</b>
                    <span class="soft clip">{place}{when::ago(case.received_at)}</span>
                    <span>{pill(case.state, promise)}{joined}</span>
                </span>
            </a>
        </li>
    }
    .into_any()
}

fn ended(state: State) -> bool {
    state.is_final() || matches!(state, State::Closed | State::Published)
}

/// What waits on this device.
fn waiting() -> AnyView {
    let app = use_app();
    let cards = move || {
        let shown: Vec<Record> = app.outbox.records.with(|records| {
            let mine = |record: &&Record| record.is_waiting() || record.stage == Stage::NeedsAttention;
            records.iter().filter(mine).cloned().collect()
        });
        (!shown.is_empty()).then(|| {
            view! {
                <section aria-labelledby="waiting" class="stack">
                    <h2 id="waiting">{t().outbox_title}</h2>
                    {shown.into_iter().map(card).collect::<Vec<_>>()}
                </section>
            }
        })
    };
    view! { {cards} }.into_any()
}

/// One report that waits: what it says, how far each file is, and what can be done.
pub fn card(record: Record) -> AnyView {
    let app = use_app();
    let router = use_router();
    let id = record.id;
    let stage = match record.stage {
        Stage::Sending if record.trouble.is_none() => t().outbox_sending,
        Stage::NeedsAttention => t().outbox_attention,
        Stage::Draft | Stage::Queued | Stage::Sending | Stage::Accepted => t().outbox_queued,
    };
    let words = if record.manifest.words.is_empty() { t().outbox_untitled.into() } else { record.manifest.words.clone() };
    let trouble = record.trouble.clone().map(|trouble| {
        let next = (record.stage != Stage::NeedsAttention).then(|| t().sent_next_try(&when::moment(record.next_at)));
        view! { <p class="trouble">{icon("alert")}<span>{trouble.words}" "<span class="soft">{next}</span></span></p> }
    });
    let stuck = record.stage == Stage::NeedsAttention;
    let spent = record.trouble.as_ref().is_some_and(|trouble| trouble.spent);
    let again = {
        let record = record.clone();
        move |_| {
            if stuck {
                let record = record.clone();
                spawn_local(async move { app.outbox.queue(record).await });
            } else {
                app.outbox.wake();
            }
        }
    };
    let edit = {
        let record = record.clone();
        move |_| {
            let record = record.clone();
            spawn_local(async move {
                app.outbox.renew(&record).await;
                router.go(Route::Report(Some(record.manifest.kind)));
            });
        }
    };
    let asked = RwSignal::new(false);
    let delete = move |_| {
        sheet::close();
        spawn_local(async move { app.outbox.remove(id).await });
    };
    let again_words = if stuck { t().outbox_again } else { t().sent_now };
    view! {
        <article class="card waiting" data-test="waiting-card" data-state=format!("{:?}", record.stage)>
            <div class="card-head">
                <span class="pill" data-tone=if stuck { "bad" } else { "open" }><i class="dot"></i>{stage}</span>
                <span class="soft">{messages::kind(record.manifest.kind)}" · "{when::ago(record.manifest.reported_at)}</span>
            </div>
            <p class="said">{words}</p>
            {files(&record)}
            {trouble}
            <div class="row-end">
                {stuck.then(|| view! {
                    <button type="button" class="btn small plain" on:click=move |_| sheet::open(asked)>{t().outbox_delete}</button>
                    <button type="button" class="btn small ghost" on:click=edit>{t().outbox_edit}</button>
                })}
                {(!spent).then(|| view! {
                    <button type="button" class="btn small" data-test="send-now" on:click=again>{again_words}</button>
                })}
            </div>
            <sheet::Sheet shown=asked title=t().outbox_delete_ask>
                <p>{t().outbox_delete_body}</p>
                <div class="row-end">
                    <button type="button" class="btn ghost" on:click=move |_| sheet::close()>{t().app_cancel}</button>
                    <button type="button" class="btn danger" on:click=delete>{t().outbox_delete}</button>
                </div>
            </sheet::Sheet>
        </article>
    }
    .into_any()
}

/// How far each file of a report has gone.
fn files(record: &Record) -> AnyView {
    let progress = use_app().outbox.progress;
    let rows: Vec<_> = record
        .manifest
        .attachments
        .iter()
        .enumerate()
        .map(|(index, file)| {
            let (hash, role) = (file.hash, file.role);
            let url = RwSignal::new(None::<String>);
            if role == MediaRole::Photo {
                spawn_local(async move {
                    let address = shelf::file(hash).await.and_then(|f| web_sys::Url::create_object_url_with_blob(&f).ok());
                    let _ = url.try_set(address);
                });
                on_cleanup(move || drop(url.try_get_untracked().flatten().map(|url| web_sys::Url::revoke_object_url(&url))));
            }
            let part = move || progress.with(|all| all.iter().find(|(known, _)| *known == hash).map_or(0.0, |(_, part)| *part));
            let percent = move || format!("{}", (part() * 100.0).round().clamp(0.0, 100.0));
            let words = move || match role {
                MediaRole::Photo => t().outbox_photo(&(index + 1).to_string(), &percent()),
                MediaRole::Voice => t().outbox_voice(&percent()),
            };
            view! {
                <li class="file" data-test="file">
                    {move || url.get().map(|url| view! { <img class="thumb tiny" src=url alt=""/> })}
                    <span class="grow"><span class="soft">{words}</span><progress max="1" prop:value=part></progress></span>
                </li>
            }
        })
        .collect();
    view! { <ul class="files">{rows}</ul> }.into_any()
}

