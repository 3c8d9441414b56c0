//! What surrounds every page: its bar, the page, and the region that speaks to screen readers.

use crate::app::use_book;
use crate::messages::b;
use crate::pages;
use crate::router::{Route, link};
use leptos::prelude::*;
use web_sys::HtmlElement;
use woodlark_domain::Language;
use woodlark_ui::el::{El, button, effect, el, span};
use woodlark_ui::parts::icon;
use woodlark_ui::{Fault, messages, t};

/// The whole screen.
#[must_use]
pub fn shell() -> El {
    let book = use_book();
    let main = el("main", "").attr("id", "main").attr("tabindex", "-1").dynamic(move || {
        Some(match book.router.now() {
            Route::Overview => pages::overview::page(),
            Route::Check => pages::check::page(),
            Route::Points => pages::points::page(),
            Route::Roots => pages::roots::page(),
            Route::Thanks => pages::thanks::page(),
        })
    });
    let top: HtmlElement = main.cast();
    let mut first = true;
    effect(Box::new(move || {
        document().set_title(&[title(book.router.now()), " · ", t().app_name].concat());
        book.said.set(String::new());
        // After a change of page the reader starts at its top; not when the program opens.
        if !core::mem::take(&mut first) {
            // A page that cannot take the focus is read from where the reader is.
            let _ = top.focus();
        }
    }));
    let spoken = el("p", "unseen").attr("role", "status").attr("aria-live", "polite");
    el("div", "")
        .child(el("a", "skip").attr("href", "#main").text(t().app_skip))
        .child(main)
        .child(spoken.says(move || book.said.get()))
}

fn title(route: Route) -> &'static str {
    match route {
        Route::Overview => b().ledger_title,
        Route::Check => b().check_title,
        Route::Points => b().points_title,
        Route::Roots => b().roots_title,
        Route::Thanks => b().thanks_title,
    }
}

/// The bar at the top: the way back, the page's name, the other language.
#[must_use]
pub fn bar(route: Route) -> El {
    let book = use_book();
    let back = match route {
        // The residents' app is another program.
        Route::Overview => el("a", "icon-button").attr("href", "/mine"),
        Route::Check | Route::Points | Route::Roots | Route::Thanks => link("icon-button", Route::Overview),
    };
    let (other, name) = match messages::language() {
        Language::Zh => (Language::En, "English"),
        Language::En => (Language::Zh, "中文"),
    };
    let switch = button("text-button", move || book.speak(other))
        .attr("lang", messages::tag(other))
        .test("language")
        .text(name);
    el("header", "bar")
        .child(back.attr("aria-label", t().app_back).test("back").child(icon("back")))
        .child(el("h1", "bar-title").text(title(route)))
        .child(el("div", "bar-end").child(switch))
}

/// What happened and what to do. Nothing here is tried again by itself, as what waits to be sent is.
#[must_use]
pub fn words(fault: &Fault) -> String {
    match fault {
        Fault::NoNetwork => b().trouble_no_network.to_owned(),
        Fault::NotOurs => b().trouble_not_ours.to_owned(),
        Fault::Timeout => b().trouble_timeout.to_owned(),
        Fault::Problem(problem) => problem.title.clone(),
        Fault::Status(_) => b().trouble_server.to_owned(),
    }
}

/// What went wrong, and the way to try again.
#[must_use]
pub fn trouble(fault: &Fault, again: impl Fn() + 'static) -> El {
    el("div", "empty card")
        .test("trouble")
        .attr("role", "alert")
        .child(icon("alert"))
        .child(el("p", "").text(&words(fault)))
        .child(button("btn small ghost", again).text(t().app_retry))
}

/// A page is on its way.
#[must_use]
pub fn loading() -> El {
    el("p", "empty soft").attr("role", "status").text(t().app_loading)
}

/// A line that leads somewhere: a mark, what is there, and what for.
#[must_use]
pub fn way(way: El, symbol: &str, name: &str, hint: &str) -> El {
    way.child(icon(symbol))
        .child(span("grow", "").child(el("b", "").text(name)).child(span("soft", hint)))
        .child(icon("next"))
}
