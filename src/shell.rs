//! What surrounds every page: banners, the page, the tabs, and the region that speaks to screen readers.

use crate::app::use_app;
use crate::pages;
use crate::platform::{Card, Platform, Shown, platform};
use crate::router::{Route, link};
use leptos::prelude::*;
use web_sys::HtmlElement;
use woodlark_ui::el::{El, button, effect, el, span};
use woodlark_ui::parts::icon;
use woodlark_ui::t;

/// The whole screen.
#[must_use]
pub fn shell() -> El {
    let app = use_app();
    let route = app.router;
    let main = el("main", "").attr("id", "main").attr("tabindex", "-1").dynamic(move || {
        Some(match route.now() {
            Route::Home => pages::home::page(),
            Route::Report(kind) => pages::report::page(kind),
            Route::Sent(id) => pages::sent::page(id),
            Route::Case(id) => pages::case::page(id),
            Route::Public(id) => pages::public::page(id),
            Route::Nearby => pages::nearby::page(),
            Route::Wall => pages::wall::page(),
            Route::Mine => pages::mine::page(),
            Route::Settings => pages::settings::page(),
        })
    });
    let top: HtmlElement = main.cast();
    let mut first = true;
    effect(Box::new(move || {
        document().set_title(&[title(route.now()), " · ", t().app_name].concat());
        announce(platform(), route.now());
        // After a change of page the reader starts at its top; not when the app opens.
        if !core::mem::take(&mut first) {
            // A page that cannot take the focus is read from where the reader is.
            let _ = top.focus();
        }
    }));
    let spoken = el("p", "unseen").attr("role", "status").attr("aria-live", "polite");
    el("div", "")
        .child(el("a", "skip").attr("href", "#main").text(t().app_skip))
        .child(
            el("div", "")
                .dynamic(move || (!app.online.get()).then(|| banner("offline", "cloud-off", t().app_offline)))
                .dynamic(move || app.outbox.full.get().then(|| banner("full", "alert", t().app_full))),
        )
        .child(main)
        .dynamic(move || {
            let has = matches!(
                route.now(),
                Route::Home | Route::Nearby | Route::Wall | Route::Mine | Route::Settings
            );
            has.then(tabs)
        })
        .child(spoken.says(move || app.outbox.said.get()))
}

fn title(route: Route) -> &'static str {
    let t = t();
    match route {
        Route::Home => t.home_slogan,
        Route::Report(_) => t.report_title,
        Route::Sent(_) => t.sent_title,
        Route::Case(_) => t.case_title,
        Route::Public(_) => t.public_title,
        Route::Nearby => t.nearby_title,
        Route::Wall => t.wall_title,
        Route::Mine => t.mine_title,
        Route::Settings => t.settings_title,
    }
}

/// Tells the place what a page is to others before the page says so itself: what anyone may open, or its reader's own.
fn announce(place: &impl Platform, route: Route) {
    place.shows(|| match route {
        Route::Home | Route::Report(_) | Route::Nearby | Route::Wall | Route::Public(_) => {
            let path = if matches!(route, Route::Report(_)) { Route::Home } else { route }.path();
            Shown::Open(Card { title: title(route).into(), text: t().home_lead.into(), path, picture: None })
        }
        Route::Sent(_) | Route::Case(_) | Route::Mine | Route::Settings => Shown::Private,
    });
}

fn banner(kind: &str, symbol: &str, words: &str) -> El {
    let banner = el("p", "banner").attr("data-kind", kind).test(kind).attr("role", "status");
    banner.child(icon(symbol)).child(span("", words))
}

fn tabs() -> El {
    let app = use_app();
    let snap = link("tab snap", Route::Report(None)).test("snap");
    el("nav", "tabs")
        .attr("aria-label", t().tab_label)
        .child(tab(Route::Home, "home", t().tab_home))
        .child(tab(Route::Nearby, "pin-line", t().tab_nearby))
        .child(snap.child(span("snap-button", "").child(icon("camera"))).text(t().tab_snap))
        .child(tab(Route::Wall, "lark", t().tab_wall))
        .child(tab(Route::Mine, "list", t().tab_mine))
        .dynamic(move || {
            let count = app.outbox.waiting() + app.outbox.attention();
            (count > 0).then(|| span("badge", &count.to_string()).attr("aria-hidden", "true"))
        })
}

fn tab(route: Route, symbol: &str, words: &str) -> El {
    let app = use_app();
    link("tab", route)
        .bind("aria-current", move || (app.router.now() == route).then(|| "page".to_owned()))
        .child(icon(symbol))
        .text(words)
}

/// The bar at the top of an inner page: back, its name, and what stands at the other end.
#[must_use]
pub fn bar(title: &str, end: Option<El>) -> El {
    let router = use_app().router;
    let back =
        button("icon-button", move || router.back()).attr("aria-label", t().app_back).child(icon("back"));
    el("header", "bar")
        .child(back)
        .child(el("h1", "bar-title").text(title))
        .child(el("div", "bar-end").maybe(end))
}

/// The way to the settings, at the end of a bar.
#[must_use]
pub fn gear() -> El {
    link("icon-button", Route::Settings).attr("aria-label", t().home_settings).child(icon("gear"))
}

/// What waits on this device, always in sight on the first page.
#[must_use]
pub fn waiting_note() -> Option<El> {
    let app = use_app();
    let (waiting, attention) = (app.outbox.waiting(), app.outbox.attention());
    if waiting + attention == 0 {
        return None;
    }
    let count = waiting.to_string();
    let words = span("grow", "")
        .maybe((waiting > 0).then(|| el("b", "").text(&t().home_waiting(&count))))
        .maybe((attention > 0).then(|| el("b", "late").text(&t().home_attention(&attention.to_string()))))
        .maybe((waiting > 0).then(|| span("soft", t().home_waiting_hint)));
    let note = link("note", Route::Mine).test("waiting").attr("data-count", &count);
    Some(note.child(icon("outbox")).child(words).child(icon("next")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::Told;
    use woodlark_domain::CaseId;

    #[test]
    fn b17_no_page_of_ones_own_is_offered_to_others_and_no_card_names_what_only_its_reader_may_open() {
        let place = Told::default();
        let id = CaseId::from_bytes([7; 16]);
        let own = [Route::Sent(id), Route::Case(id), Route::Mine, Route::Settings];
        for route in own {
            announce(&place, route);
        }
        assert!(place.shown.borrow().iter().all(|shown| *shown == Shown::Private));
        place.shown.borrow_mut().clear();
        let open = [Route::Home, Route::Report(None), Route::Nearby, Route::Wall, Route::Public(id)];
        for route in open {
            announce(&place, route);
        }
        let paths: Vec<String> = place
            .shown
            .take()
            .into_iter()
            .map(|shown| match shown {
                Shown::Open(card) => card.path,
                Shown::Private => "private".to_owned(),
            })
            .collect();
        assert_eq!(paths, ["/", "/", "/nearby", "/wall", &format!("/c/{id}")]);
    }
}
