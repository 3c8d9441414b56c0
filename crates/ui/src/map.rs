//! The map as SVG from our own GeoJSON: no library, tappable, printable. Its list twin is the place in words.

use crate::messages::{language, t};
use crate::parts::icon;
use crate::projection::{Frame, HEIGHT, WIDTH};
use leptos::prelude::*;
use woodlark_domain::{Language, Position};
use woodlark_wire::{AreaShape, CityView};

/// The mark on the map.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mark {
    /// Where.
    pub at: Position,
    /// Radius in metres that the source believes.
    pub accuracy_m: Option<f64>,
}

/// The towns of the city, the areas near, and the mark; a tap or an arrow key moves it.
#[must_use]
pub fn map(
    city: CityView,
    near: RwSignal<Vec<AreaShape>>,
    mark: Signal<Option<Mark>>,
    moved: Callback<Position>,
) -> AnyView {
    let whole = Frame::around(city.bounds);
    let begin = mark.get_untracked().and_then(|mark| {
        let span_m = mark.accuracy_m.map_or(1200.0, |metres| (metres * 6.0).clamp(600.0, 6000.0));
        Position::new(mark.at.lon(), mark.at.lat()).ok().map(|centre| Frame { centre, span_m })
    });
    let Some(begin) = begin.or(whole) else { return ().into_any() };
    let frame = RwSignal::new(begin);
    let tap = move |event: leptos::ev::MouseEvent| {
        let Some(place) = place_of(&event, frame.get_untracked()) else { return };
        frame.update(|frame| *frame = Frame { centre: place, ..*frame }.zoomed(0.7));
        moved.run(place);
    };
    let key = move |event: leptos::ev::KeyboardEvent| keyed(&event, frame, mark, moved);
    let zoom = move |factor: f64| frame.update(|frame| *frame = frame.zoomed(factor));
    let ground = move || paths(&city, &frame.get());
    view! {
        <div class="map">
            <svg viewBox=format!("0 0 {WIDTH} {HEIGHT}") role="application" tabindex="0" aria-label=t().report_place_map
                data-test="map" on:click=tap on:keydown=key>
                {ground}
                {move || near.with(|near| shapes(near, &frame.get(), "map-grid"))}
                {move || mark.get().map(|mark| pin(mark, &frame.get()))}
            </svg>
            <div class="map-zoom">
                <button type="button" class="icon-button" aria-label=t().report_place_in on:click=move |_| zoom(0.5)>
                    {icon("plus")}
                </button>
                <button type="button" class="icon-button" aria-label=t().report_place_out on:click=move |_| zoom(2.0)>
                    {icon("minus")}
                </button>
            </div>
        </div>
    }
    .into_any()
}

/// A still picture of a place, for a case and for the report's card.
#[must_use]
pub fn still(city: &CityView, mark: Mark) -> AnyView {
    let frame = Frame { centre: mark.at, span_m: 2400.0 };
    view! {
        <svg class="map-still" viewBox=format!("0 {} {WIDTH} {}", HEIGHT * 0.25, HEIGHT * 0.5) aria-hidden="true"
            preserveAspectRatio="xMidYMid slice">
            {paths(city, &frame)}
            {pin(mark, &frame)}
        </svg>
    }
    .into_any()
}

fn paths(city: &CityView, frame: &Frame) -> AnyView {
    let mut outline = String::new();
    city.outline.iter().for_each(|ring| frame.draw(ring, &mut outline));
    view! { <path class="map-city" d=outline></path>{shapes(&city.towns, frame, "map-town")} }.into_any()
}

fn shapes(areas: &[AreaShape], frame: &Frame, class: &'static str) -> AnyView {
    let mut lines = String::new();
    let mut names = Vec::new();
    for area in areas {
        area.rings.iter().for_each(|ring| frame.draw(ring, &mut lines));
        let [x, y] = frame.to_picture([area.at.lon(), area.at.lat()]);
        if (0.0..WIDTH).contains(&x) && (0.0..HEIGHT).contains(&y) {
            let name = match language() {
                Language::Zh => area.name.zh.clone(),
                Language::En => area.name.en.clone(),
            };
            names.push(view! { <text x=x y=y class="map-name">{name}</text> });
        }
    }
    view! { <path class=class d=lines></path>{names} }.into_any()
}

fn pin(mark: Mark, frame: &Frame) -> AnyView {
    let [x, y] = frame.to_picture([mark.at.lon(), mark.at.lat()]);
    let circle = mark.accuracy_m.map(|metres| {
        let radius = (metres * frame.unit()).clamp(0.0, WIDTH);
        view! { <circle class="map-accuracy" cx=x cy=y r=radius></circle> }
    });
    view! { {circle}<use class="map-pin" href="#pin" x=x - 12.0 y=y - 23.0 width="24" height="24"></use> }.into_any()
}

/// The place under the pointer; the picture may be letterboxed in its box.
fn place_of(event: &leptos::ev::MouseEvent, frame: Frame) -> Option<Position> {
    use wasm_bindgen::JsCast;
    let picture = event.current_target()?.dyn_into::<web_sys::Element>().ok()?.get_bounding_client_rect();
    let scale = (picture.width() / WIDTH).min(picture.height() / HEIGHT);
    let left = picture.left() + (picture.width() - WIDTH * scale) / 2.0;
    let top = picture.top() + (picture.height() - HEIGHT * scale) / 2.0;
    let at = [(f64::from(event.client_x()) - left) / scale, (f64::from(event.client_y()) - top) / scale];
    frame.to_earth(at)
}

fn keyed(
    event: &leptos::ev::KeyboardEvent,
    frame: RwSignal<Frame>,
    mark: Signal<Option<Mark>>,
    moved: Callback<Position>,
) {
    const STEP: f64 = 12.0;
    let [x, y] = match event.key().as_str() {
        "ArrowLeft" => [-STEP, 0.0],
        "ArrowRight" => [STEP, 0.0],
        "ArrowUp" => [0.0, -STEP],
        "ArrowDown" => [0.0, STEP],
        "+" | "=" => return frame.update(|frame| *frame = frame.zoomed(0.5)),
        "-" => return frame.update(|frame| *frame = frame.zoomed(2.0)),
        _ => return,
    };
    event.prevent_default();
    let now = frame.get_untracked();
    let from = mark.get_untracked().map_or(now.centre, |mark| mark.at);
    let [from_x, from_y] = now.to_picture([from.lon(), from.lat()]);
    if let Some(place) = now.to_earth([from_x + x, from_y + y]) {
        frame.update(|frame| frame.centre = place);
        moved.run(place);
    }
}
