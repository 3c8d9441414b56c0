//! A case as everyone may see it: what and where, what happened, and "me too" with one tap. Never who reported it.

use super::mine::picture;
use crate::app::use_app;
use crate::outbox::sender;
use crate::platform::{Card, Platform, SharedBy, Shown, platform};
use crate::router::Route;
use crate::shell::bar;
use wasm_bindgen_futures::spawn_local;
use woodlark_domain::CaseId;
use woodlark_ui::RwSignal;
use woodlark_ui::el::{El, button, effect, el, span};
use woodlark_ui::map::{self, Mark};
use woodlark_ui::parts::{icon, pill, timeline};
use woodlark_ui::{Fault, api, messages, t, when};
use woodlark_wire::path::{self, PhotoSize};
use woodlark_wire::{Label, ProblemCode, PublicCase, PublicPhoto};

/// The page.
#[must_use]
pub fn page(id: CaseId) -> El {
    let app = use_app();
    app.want_city();
    let case = RwSignal::new(None::<Result<PublicCase, Fault>>);
    effect(Box::new(move || {
        app.live.track();
        app.online.track();
        spawn_local(async move {
            let read = api::get::<PublicCase>(&path::public_case(id)).await;
            if let Ok(case) = &read {
                platform().shows(|| Shown::Open(card(case)));
            }
            let _ = case.try_set(Some(read));
        });
    }));
    let body = move || {
        Some(case.with(|case| match case {
            None => el("p", "soft empty").text(t().app_loading),
            Some(Ok(case)) => whole(case),
            Some(Err(fault)) => absent(fault),
        }))
    };
    let share = move || {
        let known = case.with_untracked(|case| case.as_ref().and_then(|case| case.as_ref().ok()).map(card));
        let words = match known.map(|card| platform().share(&card)) {
            None | Some(SharedBy::Itself) => return,
            Some(SharedBy::Copied) => t().public_copied.into(),
            Some(SharedBy::Nobody(address)) => address,
        };
        app.outbox.said.set(words);
    };
    let share = button("text-button", share).test("share").text(t().public_share);
    el("div", "").child(bar(t().public_title, Some(share))).child(el("div", "page").dynamic(body))
}

fn absent(fault: &Fault) -> El {
    let missing = fault.code() == Some(ProblemCode::NotFound);
    let words = if missing { t().case_missing.to_owned() } else { fault.words() };
    el("div", "empty").test("missing").child(icon("search")).child(el("b", "").text(&words))
}

fn label(label: &Label) -> String {
    label.in_language(messages::language()).to_owned()
}

fn whole(case: &PublicCase) -> El {
    let app = use_app();
    let title = case.category.as_ref().map_or_else(|| messages::kind_short(case.kind).to_owned(), label);
    let fact = |symbol: &str, words: &str| el("p", "soft fact").child(icon(symbol)).child(span("", words));
    let promise = case
        .promise
        .as_ref()
        .map(|promise| fact("clock", &t().case_promise_before(&when::moment(promise.at))));
    let joiners = (case.joiners > 0).then(|| fact("people", &t().case_joiners(&case.joiners.to_string())));
    let head = el("section", "card")
        .test("public-case")
        .attr("data-state", case.state.code())
        .child(el("div", "card-head").child(el("h2", "").text(&title)).child(pill(case.state, None)))
        .maybe((!case.words.is_empty()).then(|| el("p", "said").text(&case.words)))
        .maybe(case.area.as_ref().map(|area| fact("pin-line", &label(area))))
        .maybe(case.department.as_ref().map(|name| fact("people", &label(name))))
        .maybe(promise)
        .maybe(joiners)
        .child(span("soft figure", case.number.as_str()));
    let steps = el("section", "card")
        .attr("aria-labelledby", "steps")
        .child(el("h2", "").attr("id", "steps").text(t().case_steps))
        .child(timeline(&case.steps));
    let mark = case.position.map(|at| Mark { at, accuracy_m: None });
    let map =
        move || mark.and_then(|mark| app.city.with(|city| city.as_ref().map(|city| map::still(city, mark))));
    el("div", "stack")
        .maybe(photos(case))
        .child(head)
        .maybe(join(case))
        .child(steps)
        .maybe(mark.map(|_| el("section", "card map-card").dynamic(map)))
}

fn photos(case: &PublicCase) -> Option<El> {
    let one = |photo: &PublicPhoto| {
        let size = if photo.veiled { PhotoSize::Thumb } else { PhotoSize::Full };
        let image =
            picture(if photo.veiled { "veiled" } else { "" }, &path::public_photo(case.id, photo.hash, size));
        let note = photo.veiled.then(|| span("ring", t().public_veiled));
        el("li", "").test("public-photo").child(image).maybe(note)
    };
    let count = case.photos.len().to_string();
    (!case.photos.is_empty()).then(|| {
        el("ul", "gallery")
            .attr("data-count", &count)
            .attr("aria-label", t().case_photos)
            .each(case.photos.iter().map(one))
    })
}

/// Joining is one tap; the account of this device is made if it has none yet.
fn join(case: &PublicCase) -> Option<El> {
    let app = use_app();
    let id = case.id;
    if case.mine {
        let open = button("btn ghost", move || app.router.go(Route::Case(id)));
        return Some(open.text(t().public_mine));
    }
    if !case.may_join {
        return None;
    }
    let (busy, why) = (RwSignal::new(false), RwSignal::new(String::new()));
    let go = move || {
        busy.set(true);
        spawn_local(async move {
            if let Err(fault) = sender::join(app, id).await {
                let _ = busy.try_set(false);
                let _ = why.try_set(fault.words());
            }
        });
    };
    let trouble = move || {
        let why = why.get();
        (!why.is_empty())
            .then(|| el("p", "trouble").attr("role", "alert").child(icon("alert")).child(span("", &why)))
    };
    let tap = button("btn praise", go).test("join").bind("disabled", move || busy.get().then(String::new));
    Some(el("div", "stack").child(tap.child(icon("plus")).text(t().report_alike_join)).dynamic(trouble))
}

/// What others are shown of it: its category and state, what was said, and the first photo that anyone may see.
fn card(case: &PublicCase) -> Card {
    let name = case.category.as_ref().map_or_else(|| messages::kind_short(case.kind).to_owned(), label);
    let photo = case.photos.iter().find(|photo| !photo.veiled);
    Card {
        title: [&name, " · ", messages::state(case.state)].concat(),
        text: if case.words.is_empty() { t().home_lead.to_owned() } else { case.words.clone() },
        path: Route::Public(case.id).path(),
        picture: photo.map(|photo| path::public_photo(case.id, photo.hash, PhotoSize::Thumb)),
    }
}
