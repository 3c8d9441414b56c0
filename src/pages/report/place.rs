//! Where it is: the device's own position, a tap on the map, or words. Any of them will do, and none is needed.

use super::form::{Form, Locating};
use crate::app::use_app;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;
use woodlark_domain::{Datum, Fix, FixSource, Position};
use woodlark_ui::map::{self, Mark};
use woodlark_ui::parts::icon;
use woodlark_ui::{api, sheet, t};
use woodlark_wire::{AreaShape, path};

/// Metres round the mark in which the areas are drawn.
const NEAR_M: u32 = 1_500;

/// The place in the form, and the map behind it.
pub(super) fn section(form: Form) -> AnyView {
    let app = use_app();
    let on_map = RwSignal::new(false);
    let near = RwSignal::new(Vec::<AreaShape>::new());
    let mark = Signal::derive(move || form.fix.get().map(|fix| Mark { at: fix.raw, accuracy_m: fix.accuracy_m }));
    Effect::new(move |_| {
        if form.fix.with(Option::is_some) {
            app.want_city();
        }
    });
    let open = move |_| {
        app.want_city();
        if let Some(fix) = form.fix.get_untracked() {
            look_near(near, fix.raw);
        }
        sheet::open(on_map);
    };
    let moved = Callback::new(move |at: Position| {
        form.fix.set(Some(Fix { raw: at, datum: Datum::Wgs84, source: FixSource::Map, accuracy_m: None }));
        look_near(near, at);
    });
    let picture = move || match (mark.get(), app.city.get()) {
        (Some(mark), Some(city)) => Some(map::still(&city, mark)),
        _ => None,
    };
    view! {
        <section class="card place" aria-labelledby="place">
            {picture}
            <div class="place-row">
                {icon("pin-line")}
                <div class="grow" id="place" role="status" data-test="place">{move || found(form)}</div>
                {move || form.fix.with(Option::is_none).then(|| view! {
                    <button type="button" class="btn small ghost" data-test="locate" on:click=move |_| form.locate(true)>
                        {t().report_place_locate}
                    </button>
                })}
                <button type="button" class="btn small ghost" data-test="map-open" on:click=open>{t().report_place_change}</button>
            </div>
            <label class="label" for="place-words">{t().report_place_words}</label>
            <input id="place-words" class="input" placeholder=t().report_place_words_hint prop:value=move || form.place.get()
                on:input:target=move |event| form.place.set(event.target().value())/>
            <sheet::Sheet shown=on_map title=t().report_place_title>
                {move || match app.city.get() {
                    Some(city) => map::map(city, near, mark, moved),
                    None => view! { <p class="soft">{t().report_place_map_load}</p> }.into_any(),
                }}
                <div class="row-end">
                    {move || form.fix.with(Option::is_some).then(|| view! {
                        <button type="button" class="btn ghost" on:click=move |_| form.fix.set(None)>{t().report_place_clear}</button>
                    })}
                    <button type="button" class="btn" data-test="map-done" on:click=move |_| sheet::close()>
                        {t().report_place_here}
                    </button>
                </div>
            </sheet::Sheet>
        </section>
    }
    .into_any()
}

/// What is known of the place, in words.
fn found(form: Form) -> AnyView {
    let (head, hint) = match (form.fix.get(), form.locating.get()) {
        (_, Locating::Finding) => (t().report_place_finding.to_owned(), ""),
        (Some(fix), _) => match fix.accuracy_m {
            Some(metres) => (t().report_place_found(&format!("{}", metres.round())), ""),
            None => (t().report_place_tapped.to_owned(), ""),
        },
        (None, Locating::Denied) => (t().report_place.to_owned(), t().report_place_denied),
        (None, Locating::Idle) => (t().report_place_none.to_owned(), t().report_place_none_hint),
    };
    view! { <b>{head}</b><span class="soft">{hint}</span> }.into_any()
}

fn look_near(near: RwSignal<Vec<AreaShape>>, at: Position) {
    spawn_local(async move {
        if let Ok(areas) = api::get(&path::areas(at, NEAR_M)).await {
            let _ = near.try_set(areas);
        }
    });
}
