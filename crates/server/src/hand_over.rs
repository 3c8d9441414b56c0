//! The page that the code on a kiosk's screen leads a phone to. Case and token are in the address's fragment, which no server is
//! told; the page takes them out of it, and hands them in on a tap: a machine that only looks at addresses takes nobody's case.

use crate::app::App;
use crate::edge::Reader;
use crate::messages::say;
use crate::pages::{self, escape};
use axum::extract::State;
use axum::http::header;
use axum::response::{Html, IntoResponse};
use woodlark_wire::path::HAND_OVER;

/// Where the page's script is.
pub const SCRIPT: &str = "/handover.js";

/// The page.
pub async fn page(State(app): State<App>, reader: Reader) -> impl IntoResponse {
    let say = |key: &'static str| escape(say(reader.language, "hand_over", key));
    let body = format!(
        "<div class=\"page\"><h1>{}</h1><p>{}</p>\
         <p id=\"said\" role=\"status\" data-busy=\"{}\" data-gone=\"{}\" data-none=\"{}\" data-net=\"{}\" data-bad=\"{}\"></p>\
         <button class=\"btn\" id=\"take\" type=\"button\" data-test=\"take\" data-to=\"{}\">{}</button>\
         <p class=\"soft\">{}</p><noscript><p>{}</p></noscript></div><script src=\"{SCRIPT}\" defer></script>",
        say("title"),
        say("lead"),
        say("busy"),
        say("gone"),
        say("none"),
        say("network"),
        say("bad"),
        HAND_OVER,
        say("take"),
        say("note"),
        say("no_script"),
    );
    let title = crate::messages::say(reader.language, "hand_over", "title");
    let page = pages::page(reader.language, title, app.assets.style().as_deref(), &body);
    let headers = [(header::CACHE_CONTROL, "no-store"), (header::REFERRER_POLICY, "no-referrer")];
    (headers, Html(page))
}

/// Its script.
pub async fn script() -> impl IntoResponse {
    let headers =
        [(header::CONTENT_TYPE, "text/javascript; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")];
    (headers, include_str!("hand_over.js"))
}
