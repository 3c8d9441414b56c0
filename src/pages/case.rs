//! One case: its photos, where it stands, the promised time and why it moved, and what happened. Live while open.

use crate::app::{App, use_app};
use crate::device;
use crate::shell::bar;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;
use woodlark_domain::{CaseId, Visibility};
use woodlark_ui::map::{self, Mark};
use woodlark_ui::parts::{icon, pill, timeline};
use woodlark_ui::{Fault, api, messages, sheet, t, when};
use woodlark_wire::path::{self, PhotoSize};
use woodlark_wire::{CaseView, Label, PhotoStage, PhotoView, ProblemCode, PromiseView};

/// The page.
pub fn page(id: CaseId) -> AnyView {
    let app = use_app();
    let case = RwSignal::new(None::<CaseView>);
    let fault = RwSignal::new(None::<Fault>);
    app.live.open();
    Effect::new(move |_| {
        app.live.track();
        app.online.track();
        spawn_local(read(id, case, fault));
    });
    let end = move || case.with(|case| case.as_ref().map(|case| view! { <span class="soft figure">{case.number.to_string()}</span> }));
    let body = move || match (case.get(), fault.get()) {
        (Some(case), _) => whole(app, case),
        (None, None) => view! { <p class="soft empty">{t().app_loading}</p> }.into_any(),
        (None, Some(fault)) if fault.code() == Some(ProblemCode::NotFound) || fault.code() == Some(ProblemCode::NotSignedIn) => {
            view! { <div class="empty" data-test="missing">{icon("search")}<b>{t().case_missing}</b><p class="soft">{t().case_missing_hint}</p></div> }.into_any()
        }
        (None, Some(fault)) => view! {
            <div class="empty">{icon("cloud-off")}<b>{t().case_offline}</b><p class="soft">{fault.words()}</p>
                <button type="button" class="btn ghost" on:click=move |_| app.live.notice()>{t().app_retry}</button></div>
        }
        .into_any(),
    };
    let stale = move || {
        (fault.with(Option::is_some) && case.with(Option::is_some)).then(|| view! { <p class="soft stale">{t().case_offline}</p> })
    };
    view! { {bar(t().case_title, view! { {end} }.into_any())}<div class="page">{stale}{body}</div> }.into_any()
}

async fn read(id: CaseId, case: RwSignal<Option<CaseView>>, fault: RwSignal<Option<Fault>>) {
    match api::get::<CaseView>(&path::case(id)).await {
        Ok(read) => {
            let _ = fault.try_set(None);
            // The same version again leaves the page as it is, with its scroll and its open photo.
            let same = case.try_with_untracked(|case| case.as_ref().is_some_and(|case| *case == read)).unwrap_or(true);
            if !same {
                let _ = case.try_set(Some(read));
            }
        }
        Err(why) => drop(fault.try_set(Some(why))),
    }
}

fn label(label: &Label) -> String {
    label.in_language(messages::language()).to_owned()
}

fn whole(app: App, case: CaseView) -> AnyView {
    let title = case.category_name.as_ref().map_or_else(|| messages::kind(case.kind).to_owned(), label);
    let place: Vec<String> = case.area_name.as_ref().map(label).into_iter().chain(case.place_words.clone()).collect();
    let department = case.department_name.as_ref().map(label);
    let joiners = (case.joiners > 0).then(|| t().case_joiners(&case.joiners.to_string()));
    let private = (case.visibility == Visibility::Private).then(|| view! { <span class="tag">{icon("lock")}{t().case_private}</span> });
    let voice = case.voice.as_ref().map(|voice| {
        view! { <audio controls preload="none" src=path::voice(case.id, voice.hash) aria-label=t().case_voice></audio> }
    });
    let words = (!case.words.is_empty()).then(|| view! { <p class="said">{case.words.clone()}</p> });
    let withdraw = case.allowed.iter().any(|command| command == "withdraw").then(|| withdraw(app, case.id));
    view! {
        {gallery(&case)}
        <section class="card" data-test="case-head" data-state=case.state.code()>
            <div class="card-head"><h2>{title}</h2>{pill(case.state, None)}</div>
            {words}{voice}
            {(!place.is_empty()).then(|| view! { <p class="soft fact">{icon("pin-line")}{place.join(" · ")}</p> })}
            {department.map(|name| view! { <p class="soft fact">{icon("people")}{t().case_department}"："{name}</p> })}
            {joiners.map(|words| view! { <p class="soft fact">{icon("people")}{words}</p> })}
            {private}
        </section>
        {case.promise.as_ref().map(promise)}
        <section class="card" aria-labelledby="steps">
            <div class="card-head"><h2 id="steps">{t().case_steps}</h2><span class="soft">{t().case_live}</span></div>
            {timeline(&case.steps)}
        </section>
        {where_it_is(app, &case)}
        {withdraw}
    }
    .into_any()
}

fn gallery(case: &CaseView) -> Option<AnyView> {
    if case.photos.is_empty() {
        return None;
    }
    let (id, photos) = (case.id, case.photos.clone());
    let open = RwSignal::new(false);
    let at = RwSignal::new(0_usize);
    let thumbs: Vec<_> = photos
        .iter()
        .enumerate()
        .map(|(index, photo)| {
            let show = move |_| {
                at.set(index);
                sheet::open(open);
            };
            view! {
                <li>
                    <button type="button" class="shot" aria-label=caption(index, photo) data-test="shot" on:click=show>
                        <img src=path::photo(id, photo.hash, PhotoSize::Thumb) alt="" loading="lazy"/>
                        <span class="ring">{stage(photo)}</span>
                    </button>
                </li>
            }
        })
        .collect();
    let count = photos.len();
    let full = move || {
        photos.get(at.get()).map(|photo| {
            view! {
                <img class="full" src=path::photo(id, photo.hash, PhotoSize::Full) width=photo.width height=photo.height
                    alt=caption(at.get(), photo)/>
            }
        })
    };
    let step = move |by: usize| at.update(|at| *at = (*at + by) % count);
    let full = StoredValue::new(full);
    Some(
        view! {
            <ul class="gallery" data-count=count.to_string() aria-label=t().case_photos>{thumbs}</ul>
            <sheet::Sheet shown=open title=t().case_photos full=true>
                {move || full.with_value(|full| full())}
                {(count > 1).then(|| view! {
                    <div class="row-end">
                        <button type="button" class="btn ghost" on:click=move |_| step(count - 1)>{t().case_prev}</button>
                        <button type="button" class="btn ghost" on:click=move |_| step(1)>{t().case_next}</button>
                    </div>
                })}
            </sheet::Sheet>
        }
        .into_any(),
    )
}

fn stage(photo: &PhotoView) -> &'static str {
    match photo.stage {
        PhotoStage::Before => t().case_before,
        PhotoStage::After => t().case_after,
    }
}

fn caption(index: usize, photo: &PhotoView) -> String {
    format!("{} · {}", t().case_photo_n(&(index + 1).to_string()), stage(photo))
}

fn promise(promise: &PromiseView) -> AnyView {
    let moves: Vec<_> = promise
        .moves
        .iter()
        .map(|moved| {
            let times = t().case_moved_row(&when::moment(moved.from), &when::moment(moved.to));
            view! { <li><b>{messages::step(&moved.by)}</b><span class="soft">{times}</span>{moved.reason.clone().map(|why| view! { <q class="step-words">{why}</q> })}</li> }
        })
        .collect();
    let overdue = promise.overdue.then(|| view! { <span class="late">{t().case_overdue}</span> });
    let why = (!moves.is_empty()).then(|| {
        view! { <details class="moves"><summary>{t().case_moved}</summary><ul>{moves}</ul></details> }
    });
    view! {
        <section class="card promise-card" data-late=promise.overdue.to_string() data-test="promise">
            {icon("clock")}
            <div class="grow"><span class="soft">{t().case_promise}</span><b class="figure">{t().case_promise_before(&when::moment(promise.at))}</b>{overdue}{why}</div>
        </section>
    }
    .into_any()
}

fn where_it_is(app: App, case: &CaseView) -> Option<AnyView> {
    let mark = Mark { at: case.position?, accuracy_m: case.accuracy_m };
    app.want_city();
    let picture = move || app.city.get().map(|city| view! { <section class="card map-card">{map::still(&city, mark)}</section> });
    Some(view! { {picture} }.into_any())
}

fn withdraw(app: App, id: CaseId) -> AnyView {
    let asked = RwSignal::new(false);
    let why = RwSignal::new(None::<String>);
    let go = move |_| {
        sheet::close();
        spawn_local(async move {
            let key = device::new_id().to_string();
            match api::send("POST", &path::withdraw(id), &key, None).await {
                Ok(_) => app.live.notice(),
                Err(fault) => drop(why.try_set(Some(fault.words()))),
            }
        });
    };
    view! {
        {move || why.get().map(|why| view! { <p class="trouble" role="alert">{icon("alert")}<span>{why}</span></p> })}
        <button type="button" class="btn plain" data-test="withdraw" on:click=move |_| sheet::open(asked)>{t().case_withdraw}</button>
        <sheet::Sheet shown=asked title=t().case_withdraw_ask>
            <p>{t().case_withdraw_body}</p>
            <div class="row-end">
                <button type="button" class="btn ghost" on:click=move |_| sheet::close()>{t().app_cancel}</button>
                <button type="button" class="btn danger" data-test="withdraw-yes" on:click=go>{t().case_withdraw_yes}</button>
            </div>
        </sheet::Sheet>
    }
    .into_any()
}
