//! What is open round me, or was done there lately: on a map, and as a list that says the same.

use super::mine::picture;
use super::renew::renew;
use crate::app::use_app;
use crate::platform::{Platform, platform};
use crate::router::{Route, link};
use crate::shell::gear;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;
use woodlark_domain::{Kind, Position};
use woodlark_ui::RwSignal;
use woodlark_ui::el::{El, button, effect, el, span};
use woodlark_ui::map::{self, Dot};
use woodlark_ui::parts::{bird, icon, more, pill};
use woodlark_ui::{api, messages, t, when};
use woodlark_wire::path::{self, PhotoSize};
use woodlark_wire::{Label, NearbyRow, Page};

/// How far one may look, in metres.
const RADII: [u32; 4] = [500, 1_000, 2_000, 5_000];

/// What is looked for.
#[derive(Clone, Copy, PartialEq)]
struct Wanted {
    /// So far, in metres.
    radius: u32,
    /// Of this kind alone.
    kind: Option<Kind>,
    /// What was closed lately, and not what is open.
    done: bool,
}

/// What is looked for, where, and what was found.
#[derive(Clone, Copy)]
struct Look {
    at: RwSignal<Option<Position>>,
    wanted: RwSignal<Wanted>,
    rows: RwSignal<Option<Vec<NearbyRow>>>,
    next: RwSignal<Option<String>>,
    said: RwSignal<String>,
    finding: RwSignal<bool>,
}

impl Look {
    /// Reads a page: the first again, or another behind what is there.
    fn read(self, after: Option<String>) {
        let asked = move || Some((self.at.try_get_untracked()??, self.wanted.try_get_untracked()?));
        let Some((at, wanted)) = asked() else { return };
        spawn_local(async move {
            let Wanted { radius, kind, done } = wanted;
            let page =
                api::get::<Page<NearbyRow>>(&api::nearby(at, radius, kind, done, after.as_deref())).await;
            match page {
                // Meanwhile somebody asked for something else.
                _ if asked() != Some((at, wanted)) => {}
                Ok(page) => {
                    let _ = self.said.try_set(String::new());
                    let Some(mut next) = self.next.try_get_untracked() else { return };
                    let _ = self.rows.try_update(|rows| {
                        let rows = rows.get_or_insert_default();
                        if after.is_none() {
                            renew(rows, &mut next, page, |row, edge| {
                                (row.metres, row.id) > (edge.metres, edge.id)
                            });
                        } else {
                            rows.extend(page.rows);
                            next = page.next;
                        }
                    });
                    let _ = self.next.try_set(next);
                }
                Err(fault) => {
                    if after.is_some() {
                        let _ = self.next.try_set(after);
                    }
                    let _ = self.said.try_set(fault.words());
                }
            }
        });
    }
}

/// The page.
#[must_use]
pub fn page() -> El {
    let app = use_app();
    app.want_city();
    let look = Look {
        at: RwSignal::new(None),
        wanted: RwSignal::new(Wanted { radius: 1_000, kind: None, done: false }),
        rows: RwSignal::new(None),
        next: RwSignal::new(None),
        said: RwSignal::new(String::new()),
        finding: RwSignal::new(false),
    };
    effect(Box::new(move || {
        app.live.track();
        app.online.track();
        // What they come to is read again where it is asked with.
        let _ = (look.at.get(), look.wanted.get());
        look.read(None);
    }));
    let body = move || Some(if look.at.get().is_some() { found(look) } else { ask(look) });
    el("div", "")
        .child(
            el("header", "bar")
                .child(el("h1", "bar-title").text(t().nearby_title))
                .child(el("div", "bar-end").child(gear())),
        )
        .child(el("div", "page").dynamic(body))
}

/// Where to look round is asked on a tap; without a position the middle of the city does.
fn ask(look: Look) -> El {
    let app = use_app();
    let here = move || {
        look.finding.set(true);
        spawn_local(async move {
            let fix = platform().locate().await;
            let _ = look.finding.try_set(false);
            match fix {
                Some(fix) => drop(look.at.try_set(Some(fix.raw))),
                None => drop(look.said.try_set(t().nearby_denied.into())),
            }
        });
    };
    let middle = move || {
        let bounds = app.city.with_untracked(|city| city.as_ref().map(|city| city.bounds));
        let middle = bounds.and_then(|[west, south, east, north]| {
            Position::new((west + east) / 2.0, (south + north) / 2.0).ok()
        });
        if middle.is_some() {
            look.wanted.update(|wanted| wanted.radius = 5_000);
            look.at.set(middle);
        }
    };
    let said = move || {
        let words = look.said.get();
        (!words.is_empty())
            .then(|| el("p", "trouble").attr("role", "alert").child(icon("alert")).child(span("", &words)))
    };
    el("div", "empty")
        .child(icon("pin-line"))
        .child(el("b", "").text(t().nearby_ask))
        .child(el("p", "soft").text(t().nearby_ask_hint))
        .dynamic(said)
        .child(
            button("btn", here)
                .test("nearby-here")
                .bind("disabled", move || look.finding.get().then(String::new))
                .says(move || {
                    if look.finding.get() { t().report_place_finding } else { t().nearby_here }.to_owned()
                }),
        )
        .child(button("btn ghost", middle).test("nearby-middle").text(t().nearby_middle))
}

fn found(look: Look) -> El {
    let app = use_app();
    let radii = RADII.iter().map(|radius| {
        let radius = *radius;
        let words = if radius < 1_000 {
            t().nearby_metres(&radius.to_string())
        } else {
            t().nearby_km(&(radius / 1_000).to_string())
        };
        choice(look, &words, Rc::new(move |wanted| Wanted { radius, ..wanted }))
    });
    let states = [(false, t().nearby_open), (true, t().nearby_done)]
        .map(|(done, words)| choice(look, words, Rc::new(move |wanted| Wanted { done, ..wanted })));
    let kinds = [None, Some(Kind::Problem), Some(Kind::Suggestion)].map(|kind| {
        let words = kind.map_or(t().nearby_all, messages::kind_short);
        choice(look, words, Rc::new(move |wanted| Wanted { kind, ..wanted }))
    });
    let drawn = move || {
        let (city, at) = (app.city.get()?, look.at.get()?);
        let dots = look.rows.with(|rows| rows.iter().flatten().map(dot).collect::<Vec<_>>());
        Some(map::spread(&city, at, f64::from(look.wanted.get().radius), &dots))
    };
    let group = |name: &str| el("div", "seg").attr("role", "group").attr("aria-label", name);
    el("div", "stack")
        .child(group(t().nearby_radius).each(radii))
        .child(
            el("div", "near-row")
                .child(group(t().nearby_state).each(states))
                .child(group(t().kind_label).each(kinds)),
        )
        .child(el("section", "card map-card near-map").dynamic(drawn))
        .dynamic(move || Some(list(look)))
        .dynamic(move || more("btn ghost", look.next, move |after| look.read(Some(after))))
}

/// One of several ways to look: what it makes of what is looked for.
fn choice(look: Look, words: &str, way: Rc<dyn Fn(Wanted) -> Wanted>) -> El {
    let chosen = way.clone();
    let choose = move || {
        // Of what was looked for before nothing stays, and its cursor means nothing.
        look.rows.set(None);
        look.next.set(None);
        look.wanted.update(|wanted| *wanted = way(*wanted));
    };
    let pressed = move || {
        let wanted = look.wanted.get();
        Some((chosen(wanted) == wanted).to_string())
    };
    button("seg-button", choose).bind("aria-pressed", pressed).text(words)
}

fn dot(row: &NearbyRow) -> Dot {
    Dot { at: row.position, kind: row.kind, address: Route::Public(row.id).path(), name: title(row) }
}

fn title(row: &NearbyRow) -> String {
    let label = |label: &Label| label.in_language(messages::language()).to_owned();
    match &row.category {
        _ if !row.words.is_empty() => row.words.clone(),
        Some(category) => label(category),
        None => messages::kind_short(row.kind).to_owned(),
    }
}

fn list(look: Look) -> El {
    let said = look.said.get();
    if !said.is_empty() {
        return el("p", "trouble").attr("role", "alert").child(icon("alert")).child(span("", &said));
    }
    look.rows.with(|rows| match rows {
        None => el("p", "soft empty").text(t().app_loading),
        Some(rows) if rows.is_empty() => el("div", "empty")
            .test("nearby-none")
            .child(icon("lark"))
            .child(el("p", "soft").text(t().nearby_none)),
        Some(rows) => el("section", "card")
            .attr("aria-labelledby", "near-list")
            .child(el("h2", "").attr("id", "near-list").text(&t().nearby_count(&rows.len().to_string())))
            .child(el("ul", "rows").each(rows.iter().map(row))),
    })
}

fn row(row: &NearbyRow) -> El {
    let thumb = match row.photo {
        Some(hash) => {
            picture("thumb", &path::public_photo(row.id, hash, PhotoSize::Thumb)).attr("loading", "lazy")
        }
        None => span("thumb", "").attr("data-kind", row.kind.code()).child(bird("glyph", row.kind)),
    };
    let joiners = (row.joiners > 0).then(|| span("tag", &t().case_joiners(&row.joiners.to_string())));
    let about =
        [&t().nearby_metres(&super::report::whole(row.metres)), " · ", &when::ago(row.received_at)].concat();
    let body = span("row-body", "")
        .child(el("b", "clip").text(&title(row)))
        .child(span("soft clip", &about))
        .child(span("", "").child(pill(row.state, None)).maybe(joiners));
    let route = if row.mine { Route::Case(row.id) } else { Route::Public(row.id) };
    el("li", "").child(link("row", route).test("near").child(thumb).child(body))
}
