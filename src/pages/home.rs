//! The first page: the slogan, three birds, what waits, and my latest three reports.

use super::mine::{Rows, moved, row};
use crate::app::use_app;
use crate::router::{Route, link};
use crate::shell::{gear, waiting_note};
use woodlark_domain::{Kind, Language};
use woodlark_ui::el::{El, button, el, span};
use woodlark_ui::parts::{bird, icon};
use woodlark_ui::{messages, t};

/// How many of my reports stand here.
const LATEST: usize = 3;

/// The first page.
#[must_use]
pub fn page() -> El {
    let app = use_app();
    let (other, name) = match messages::language() {
        Language::Zh => (Language::En, "English"),
        Language::En => (Language::Zh, "中文"),
    };
    let switch =
        button("text-button", move || app.speak(other)).attr("lang", messages::tag(other)).text(name);
    let head = el("header", "bar")
        .child(span("brand", "").child(icon("lark")).text(t().app_name))
        .child(el("div", "bar-end").child(switch).child(gear()));
    let hero = el("div", "hero")
        .child(el("h1", "").text(t().home_slogan))
        .child(el("p", "soft").text(t().home_lead));
    el("div", "").child(head).child(
        el("div", "page")
            .child(hero)
            .child(el("div", "kinds").each(Kind::ALL.iter().map(|kind| card(*kind))))
            .dynamic(draft_note)
            .dynamic(waiting_note)
            .child(latest()),
    )
}

fn card(kind: Kind) -> El {
    let hint = match kind {
        Kind::Problem => t().kind_problem_hint,
        Kind::Suggestion => t().kind_suggestion_hint,
        Kind::Praise => t().kind_praise_hint,
    };
    link("kind", Route::Report(Some(kind)))
        .attr("data-kind", kind.code())
        .test("kind")
        .child(bird("glyph", kind))
        .child(span("kind-name", messages::kind(kind)))
        .child(span("kind-hint", hint))
}

fn draft_note() -> Option<El> {
    let manifest = crate::outbox::unfinished(use_app().outbox)?.manifest;
    let words =
        span("grow", "").child(el("b", "").text(t().home_draft)).child(span("soft clip", &manifest.words));
    let note = link("note", Route::Report(Some(manifest.kind))).test("draft");
    Some(note.child(icon("pen")).child(words).child(span("leaf", t().home_draft_go)))
}

fn latest() -> El {
    let list = Rows::open();
    let none = move || list.rows.with(Vec::is_empty);
    let all =
        move || (!none()).then(|| link("leaf more", Route::Mine).text(t().home_all).child(icon("next")));
    let cards = move || {
        Some(if none() {
            el("p", "soft empty").text(t().home_empty)
        } else {
            list.rows.with(|rows| el("ul", "rows").each(rows.iter().take(LATEST).map(row)))
        })
    };
    let head =
        el("div", "card-head").child(el("h2", "").attr("id", "latest").text(t().home_mine)).dynamic(all);
    el("section", "card")
        .attr("aria-labelledby", "latest")
        .child(head)
        .dynamic(move || list.stale.get().then(|| el("p", "soft stale").text(t().home_saved_list)))
        .dynamic(move || {
            let moved = list.rows.with(|rows| rows.iter().filter(|row| moved(row)).count());
            (moved > 0).then(|| el("p", "news").test("news").text(&t().home_moved(&moved.to_string())))
        })
        .dynamic(cards)
}
