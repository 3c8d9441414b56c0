//! The lark wall: praise that was published, and the thanks that came back.

use super::mine::picture;
use crate::app::use_app;
use crate::router::{Route, link};
use crate::shell::gear;
use wasm_bindgen_futures::spawn_local;
use woodlark_domain::Kind;
use woodlark_ui::RwSignal;
use woodlark_ui::el::{El, effect, el, span};
use woodlark_ui::parts::{bird, icon, more};
use woodlark_ui::{api, messages, t, when};
use woodlark_wire::path::{self, PhotoSize};
use woodlark_wire::{Page, WallRow};

/// The page.
#[must_use]
pub fn page() -> El {
    let app = use_app();
    let rows = RwSignal::new(None::<Vec<WallRow>>);
    let next = RwSignal::new(None::<String>);
    let said = RwSignal::new(String::new());
    let read = move |after: Option<String>| {
        spawn_local(async move {
            match api::get::<Page<WallRow>>(&path::wall(after.as_deref())).await {
                Ok(page) => {
                    let _ = next.try_set(page.next);
                    let _ = said.try_set(String::new());
                    let _ = rows.try_update(|rows| match rows {
                        Some(rows) if after.is_some() => rows.extend(page.rows),
                        _ => *rows = Some(page.rows),
                    });
                }
                Err(fault) => {
                    if after.is_some() {
                        let _ = next.try_set(after);
                    }
                    let _ = said.try_set(fault.words());
                }
            }
        });
    };
    effect(Box::new(move || {
        app.online.track();
        read(None);
    }));
    let body = move || {
        rows.with(|rows| match rows {
            None => said.with(String::is_empty).then(|| el("p", "soft empty").text(t().app_loading)),
            Some(rows) if rows.is_empty() => Some(empty()),
            Some(rows) => Some(el("ul", "wall").each(rows.iter().map(praise))),
        })
    };
    let trouble = move || {
        let said = said.get();
        (!said.is_empty())
            .then(|| el("p", "trouble").attr("role", "alert").child(icon("alert")).child(span("", &said)))
    };
    let more = move || more("btn ghost", next, move |after| read(Some(after)));
    let own = link("btn praise", Route::Report(Some(Kind::Praise)))
        .child(bird("icon", Kind::Praise))
        .text(t().wall_praise);
    el("div", "")
        .child(
            el("header", "bar")
                .child(el("h1", "bar-title").text(t().wall_title))
                .child(el("div", "bar-end").child(gear())),
        )
        .child(
            el("div", "page")
                .child(el("p", "soft").text(t().wall_lead))
                .child(own)
                .dynamic(body)
                .dynamic(trouble)
                .dynamic(more),
        )
}

fn empty() -> El {
    el("div", "empty")
        .test("wall-empty")
        .child(bird("glyph", Kind::Praise))
        .child(el("p", "soft").text(t().wall_empty))
}

fn praise(row: &WallRow) -> El {
    let photo = row.photo.map(|hash| {
        picture("wall-photo", &path::public_photo(row.id, hash, PhotoSize::Full)).attr("loading", "lazy")
    });
    let area = row.area.as_ref().map(|area| area.in_language(messages::language()).to_owned());
    let about = area.into_iter().chain([when::ago(row.published_at)]).collect::<Vec<_>>().join(" · ");
    let thanks = row.thanked_at.map(|at| {
        let words = row.thanked.clone().unwrap_or_default();
        el("div", "thanks").test("thanks").child(icon("check")).child(
            span("grow", "")
                .child(el("b", "").text(&t().wall_thanked(&when::moment(at))))
                .child(span("soft", &words)),
        )
    });
    el("li", "card praise-on-wall")
        .test("praise")
        .maybe(photo)
        .child(el("p", "said").text(&row.words))
        .child(el("p", "soft").text(&about))
        .maybe(thanks)
}
