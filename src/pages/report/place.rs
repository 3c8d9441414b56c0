//! Where it is: the device's own position, a tap on the map, or words. Any of them will do, and none is needed.

use super::form::{Form, Locating};
use crate::app::use_app;
use wasm_bindgen_futures::spawn_local;
use woodlark_domain::{Datum, Fix, FixSource, Position};
use woodlark_ui::RwSignal;
use woodlark_ui::el::{El, button, effect, el, span};
use woodlark_ui::map::{self, Mark};
use woodlark_ui::parts::icon;
use woodlark_ui::{api, sheet, t};
use woodlark_wire::AreaShape;

/// Metres round the mark in which the areas are drawn.
const NEAR_M: u32 = 1_500;

/// The place in the form, and the map behind it.
pub(super) fn section(form: Form) -> El {
    let app = use_app();
    let on_map = RwSignal::new(false);
    let near = RwSignal::new(Vec::<AreaShape>::new());
    let mark = move || form.fix.get().map(|fix| Mark { at: fix.raw, accuracy_m: fix.accuracy_m });
    effect(Box::new(move || {
        if form.fix.with(Option::is_some) {
            app.want_city();
        }
    }));
    let open = move || {
        app.want_city();
        if let Some(fix) = form.fix.get_untracked() {
            look_near(near, fix.raw);
        }
        sheet::open(on_map);
    };
    let moved = move |at: Position| {
        form.fix.set(Some(Fix { raw: at, datum: Datum::Wgs84, source: FixSource::Map, accuracy_m: None }));
        look_near(near, at);
    };
    let picture = move || {
        let mark = mark()?;
        app.city.with(|city| city.as_ref().map(|city| map::still(city, mark)))
    };
    let locate = move || {
        form.fix.with(Option::is_none).then(|| {
            button("btn small ghost", move || form.locate(true)).test("locate").text(t().report_place_locate)
        })
    };
    let found = el("div", "grow")
        .attr("id", "place")
        .attr("role", "status")
        .test("place")
        .dynamic(move || Some(found(form)));
    let map = button("btn small ghost", open).test("map-open").text(t().report_place_change);
    let acts = el("div", "place-acts").dynamic(locate).child(map);
    let row = el("div", "place-row").child(icon("pin-line")).child(found).child(acts);
    let words = el("input", "input")
        .attr("id", "place-words")
        .attr("placeholder", t().report_place_words_hint)
        .test("place-words")
        .prop("value", move || form.place.get().into())
        .typed(move |text| form.place.set(text));
    let content = move || {
        let map = move || {
            let map = app.city.get().and_then(|city| map::map(city, near, mark, moved));
            Some(map.unwrap_or_else(|| el("p", "soft").text(t().report_place_map_load)))
        };
        let clear = move || {
            form.fix
                .with(Option::is_some)
                .then(|| button("btn ghost", move || form.fix.set(None)).text(t().report_place_clear))
        };
        let done = button("btn", sheet::close).test("map-done").text(t().report_place_here);
        el("div", "stack").dynamic(map).child(el("div", "row-end").dynamic(clear).child(done))
    };
    el("section", "card place")
        .attr("aria-labelledby", "place")
        .dynamic(picture)
        .child(row)
        .child(el("label", "label").attr("for", "place-words").text(t().report_place_words))
        .child(words)
        .child(sheet::sheet(on_map, t().report_place_title, false, content))
}

/// What is known of the place, in words.
fn found(form: Form) -> El {
    let (head, hint) = match (form.fix.get(), form.locating.get()) {
        (_, Locating::Finding) => (t().report_place_finding.to_owned(), ""),
        (Some(Fix { accuracy_m: Some(metres), .. }), _) => (t().report_place_found(&whole(metres)), ""),
        (Some(_), _) => (t().report_place_tapped.to_owned(), ""),
        (None, Locating::Denied) => (t().report_place.to_owned(), t().report_place_denied),
        (None, Locating::Idle) => (t().report_place_none.to_owned(), t().report_place_none_hint),
    };
    el("div", "stacked").child(el("b", "").text(&head)).child(span("soft", hint))
}

/// Metres without a fraction.
pub(crate) fn whole(metres: f64) -> String {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a cast of a float saturates"
    )]
    (metres.round() as u32).to_string()
}

fn look_near(near: RwSignal<Vec<AreaShape>>, at: Position) {
    spawn_local(async move {
        if let Ok(areas) = api::get(&api::areas(at, NEAR_M)).await {
            let _ = near.try_set(areas);
        }
    });
}
