//! The map as SVG from our own GeoJSON: no library, tappable, printable. Its list twin is the place in words.

use crate::el::{El, button, el, svg};
use crate::messages::{language, t};
use crate::parts::icon;
use crate::projection::{Frame, HEIGHT, WIDTH, tenth};
use crate::signal::RwSignal;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use woodlark_domain::{Kind, Position};
use woodlark_wire::{AreaShape, CityView};

/// The mark on the map.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mark {
    /// Where.
    pub at: Position,
    /// Radius in metres that the source believes.
    pub accuracy_m: Option<f64>,
}

/// The towns of the city, the areas near, and the mark; a tap or an arrow key moves it. None without bounds.
#[must_use]
pub fn map(
    city: CityView,
    near: RwSignal<Vec<AreaShape>>,
    mark: impl Fn() -> Option<Mark> + Copy + 'static,
    moved: impl Fn(Position) + Copy + 'static,
) -> Option<El> {
    let begin = untrack(mark).map(|mark| {
        let span_m = mark.accuracy_m.map_or(1200.0, |metres| (metres * 8.0).clamp(1200.0, 8000.0));
        Frame { centre: mark.at, span_m }
    });
    let frame = RwSignal::new(begin.or_else(|| Frame::around(city.bounds))?);
    let zoom = move |factor: f64| frame.update(|frame| *frame = frame.zoomed(factor));
    let picture = svg("svg", "")
        .attr("viewBox", &format!("0 0 {} {}", tenth(WIDTH), tenth(HEIGHT)))
        .attr("role", "application")
        .attr("tabindex", "0")
        .attr("aria-label", t().report_place_map)
        .test("map")
        .dynamic(move || Some(ground(&city, &frame.get())))
        .dynamic(move || Some(near.with(|near| shapes(near, &frame.get(), "map-grid"))))
        .dynamic(move || mark().map(|mark| pin(mark, &frame.get())))
        .on("click", move |event| {
            let Some(place) = place_of(event.unchecked_ref(), frame.get_untracked()) else { return };
            frame.update(|frame| *frame = Frame { centre: place, ..*frame }.zoomed(0.7));
            moved(place);
        })
        .on("keydown", move |event| {
            if let Some(place) = keyed(event.unchecked_ref(), frame, untrack(mark)) {
                moved(place);
            }
        });
    let zooms = el("div", "map-zoom")
        .child(
            button("icon-button", move || zoom(0.5))
                .attr("aria-label", t().report_place_in)
                .child(icon("plus")),
        )
        .child(
            button("icon-button", move || zoom(2.0))
                .attr("aria-label", t().report_place_out)
                .child(icon("minus")),
        );
    Some(el("div", "map").child(picture).child(zooms))
}

/// A still picture of a place, for a case and for the report's card.
#[must_use]
pub fn still(city: &CityView, mark: Mark) -> El {
    let frame = Frame { centre: mark.at, span_m: 5200.0 };
    svg("svg", "map-still")
        .attr("viewBox", &format!("0 {} {} {}", tenth(HEIGHT * 0.25), tenth(WIDTH), tenth(HEIGHT * 0.5)))
        .attr("aria-hidden", "true")
        .attr("preserveAspectRatio", "xMidYMid slice")
        .child(ground(city, &frame))
        .child(pin(mark, &frame))
}

/// A case on a map of several.
#[derive(Debug, Clone, PartialEq)]
pub struct Dot {
    /// Where.
    pub at: Position,
    /// Which colour it has, and which letter: never colour alone.
    pub kind: Kind,
    /// Where a tap leads.
    pub address: String,
    /// What it is.
    pub name: String,
}

/// What lies round a place: the place itself in the middle, a circle of the radius, and a dot for each case.
#[must_use]
pub fn spread(city: &CityView, at: Position, radius_m: f64, dots: &[Dot]) -> El {
    let frame = Frame { centre: at, span_m: radius_m * 2.9 };
    let dots = dots.iter().map(|dot| {
        let [x, y] = frame.to_picture([dot.at.lon(), dot.at.lat()]);
        let circle = svg("circle", "map-dot").attr("cx", &tenth(x)).attr("cy", &tenth(y)).attr("r", "8");
        let letter = svg("text", "map-letter").attr("x", &tenth(x)).attr("y", &tenth(y + 3.5));
        let letter = letter.text(match dot.kind {
            Kind::Problem => "!",
            Kind::Suggestion => "?",
            Kind::Praise => "\u{2665}",
        });
        // The list says the same and is reached by keys; so many stops on a map would only be in the way.
        svg("a", "")
            .attr("href", &dot.address)
            .attr("tabindex", "-1")
            .attr("data-kind", dot.kind.code())
            .child(svg("title", "").text(&dot.name))
            .child(circle)
            .child(letter)
    });
    svg("svg", "map-spread")
        .attr("viewBox", &format!("0 0 {} {}", tenth(WIDTH), tenth(HEIGHT)))
        .attr("aria-hidden", "true")
        .test("near-map")
        .child(ground(city, &frame))
        .child(pin(Mark { at, accuracy_m: Some(radius_m) }, &frame))
        .each(dots)
}

fn ground(city: &CityView, frame: &Frame) -> El {
    let mut outline = String::new();
    city.outline.iter().for_each(|ring| frame.draw(ring, &mut outline));
    svg("g", "").child(svg("path", "map-city").attr("d", &outline)).child(shapes(
        &city.towns,
        frame,
        "map-town",
    ))
}

fn shapes(areas: &[AreaShape], frame: &Frame, class: &str) -> El {
    let mut lines = String::new();
    let group = svg("g", "");
    let mut names = Vec::new();
    for area in areas {
        area.rings.iter().for_each(|ring| frame.draw(ring, &mut lines));
        let [x, y] = frame.to_picture([area.at.lon(), area.at.lat()]);
        if (0.0..WIDTH).contains(&x) && (0.0..HEIGHT).contains(&y) {
            let name = svg("text", "map-name").attr("x", &tenth(x)).attr("y", &tenth(y));
            names.push(name.text(area.name.in_language(language())));
        }
    }
    group.child(svg("path", class).attr("d", &lines)).each(names)
}

fn pin(mark: Mark, frame: &Frame) -> El {
    let [x, y] = frame.to_picture([mark.at.lon(), mark.at.lat()]);
    let circle = mark.accuracy_m.map(|metres| {
        let radius = (metres * frame.unit()).clamp(0.0, WIDTH);
        svg("circle", "map-accuracy").attr("cx", &tenth(x)).attr("cy", &tenth(y)).attr("r", &tenth(radius))
    });
    let pin = svg("use", "map-pin").attr("href", "#pin").attr("width", "24").attr("height", "24");
    svg("g", "").maybe(circle).child(pin.attr("x", &tenth(x - 12.0)).attr("y", &tenth(y - 23.0)))
}

/// The place under the pointer; the picture may be letterboxed in its box.
fn place_of(event: &web_sys::MouseEvent, frame: Frame) -> Option<Position> {
    let picture = event.current_target()?.unchecked_into::<web_sys::Element>().get_bounding_client_rect();
    let scale = (picture.width() / WIDTH).min(picture.height() / HEIGHT);
    let left = picture.left() + (picture.width() - WIDTH * scale) / 2.0;
    let top = picture.top() + (picture.height() - HEIGHT * scale) / 2.0;
    let at = [(f64::from(event.client_x()) - left) / scale, (f64::from(event.client_y()) - top) / scale];
    frame.to_earth(at)
}

/// Where an arrow key moves the mark; plus and minus zoom.
fn keyed(event: &web_sys::KeyboardEvent, frame: RwSignal<Frame>, mark: Option<Mark>) -> Option<Position> {
    const STEP: f64 = 12.0;
    let zoom = |factor: f64| frame.update(|frame| *frame = frame.zoomed(factor));
    let [x, y] = match event.key().as_str() {
        "ArrowLeft" => [-STEP, 0.0],
        "ArrowRight" => [STEP, 0.0],
        "ArrowUp" => [0.0, -STEP],
        "ArrowDown" => [0.0, STEP],
        "+" | "=" => {
            zoom(0.5);
            return None;
        }
        "-" => {
            zoom(2.0);
            return None;
        }
        _ => return None,
    };
    event.prevent_default();
    let now = frame.get_untracked();
    let from = mark.map_or(now.centre, |mark| mark.at);
    let [from_x, from_y] = now.to_picture([from.lon(), from.lat()]);
    let place = now.to_earth([from_x + x, from_y + y])?;
    frame.update(|frame| frame.centre = place);
    Some(place)
}
