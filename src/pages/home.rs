//! The first page: the slogan, three birds, what waits, and my latest three reports. In elder mode the birds, my reports and the
//! phone, and all else behind one fold.

use super::mine::{Rows, moved, row};
use crate::app::{App, is_elder, use_app};
use crate::device::Setting;
use crate::router::{Route, link};
use crate::shell::{gear, waiting_note};
use woodlark_domain::{Kind, Language};
use woodlark_ui::el::{El, button, el, span};
use woodlark_ui::parts::{bird, icon};
use woodlark_ui::{messages, page, t};

/// How many of my reports stand here.
const LATEST: usize = 3;

/// The first page.
#[must_use]
pub fn page() -> El {
    let app = use_app();
    let elder = is_elder();
    let (other, name) = match messages::language() {
        Language::Zh => (Language::En, "English"),
        Language::En => (Language::Zh, "中文"),
    };
    let switch =
        button("text-button", move || app.speak(other)).attr("lang", messages::tag(other)).text(name);
    let end = el("div", "bar-end");
    let end = if elder {
        end.child(size("normal", t().home_standard))
    } else {
        let larger = Setting::Scale.get().map(|_| size("large", t().home_elder));
        end.maybe(larger).child(switch).child(gear())
    };
    let head = el("header", "bar").child(span("brand", "").child(icon("lark")).text(t().app_name)).child(end);
    let hero = el("div", "hero")
        .child(el("h1", "").text(t().home_slogan))
        .child(el("p", "soft").text(t().home_lead));
    el("div", "").child(head).child(
        el("div", "page")
            .maybe(Setting::Scale.get().is_none().then(offer))
            .child(hero)
            .child(el("div", "kinds").each(Kind::ALL.iter().map(|kind| card(*kind))))
            .dynamic(draft_note)
            .dynamic(waiting_note)
            .child(if elder { plain_ways(app) } else { latest() }),
    )
}

/// Elder mode, offered until it is answered.
fn offer() -> El {
    el("div", "note offer")
        .test("offer")
        .child(span("grow", t().home_elder_ask))
        .child(size("large", t().home_elder))
        .child(size("normal", t().home_standard))
}

/// Chooses elder mode or none, for good: what is left out is drawn anew.
fn size(scale: &'static str, name: &str) -> El {
    let choose = move || {
        Setting::Scale.set(Some(scale));
        page::set_root("data-scale", Some(scale));
        use_app().router.replace(Route::Home);
    };
    button("text-button", choose).test(scale).text(name)
}

/// The few ways from here that elder mode shows, in words.
fn plain_ways(app: App) -> El {
    let way = |class: &str, route: Route, symbol: &str, words: &str| {
        link(class, route).child(icon(symbol)).child(span("grow", words)).child(icon("next"))
    };
    let more = el("details", "card fold")
        .child(el("summary", "").text(t().home_more))
        .child(way("line", Route::Nearby, "pin-line", t().tab_nearby))
        .child(way("line", Route::Wall, "lark", t().tab_wall))
        .child(way("line", Route::Settings, "gear", t().home_settings));
    el("div", "stack")
        .child(way("card line", Route::Mine, "list", t().home_mine))
        .child(call(app))
        .child(more)
}

/// The city's number, for whoever would rather speak with somebody; once it is known.
pub(super) fn call(app: App) -> El {
    app.want_city();
    el("div", "hollow").dynamic(move || {
        let number = app.city.with(|city| city.as_ref().map(|city| city.hotline.clone()))?;
        let call = el("a", "card line").attr("href", &["tel:", &number].concat()).test("call");
        Some(call.child(icon("call")).child(span("grow", &t().home_call(&number))))
    })
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
