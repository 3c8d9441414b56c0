//! `GET /my-data`: what the city keeps of a resident, to be fetched or deleted. Plain HTML in the app's own style, with forms and
//! without the program, so that it weighs nothing where nobody opens it and works in webviews that save no blob.

mod archive;
mod contents;
mod download;

pub(crate) use download::download;

use crate::api::me;
use crate::app::App;
use crate::edge::{ApiError, ApiResult, ReadQuery, Reader, Resident, Visitor};
use crate::messages::say;
use crate::pages::{self, escape};
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use serde::Deserialize;
use std::fmt::Write as _;
use woodlark_domain::{Language, Timestamp};
use woodlark_store::deletion;
use woodlark_wire::path::{MY_DATA, MY_DATA_PAGE};

/// Where the form that asks for the end of the account is sent.
pub(crate) const DELETE: &str = "/my-data/delete";
/// Where the form that keeps it is sent.
pub(crate) const KEEP: &str = "/my-data/keep";

/// This page's own style, beside the app's.
const STYLE: &str = "my-data";

/// Makes the page as large and as dark as the app is on this device, which alone knows.
const SCRIPT: &str = "looks";

/// In which language.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Wish {
    /// `zh` or `en`; else as the browser says.
    lang: Option<Language>,
}

impl Wish {
    pub(crate) fn language(&self, reader: Reader) -> Language {
        self.lang.unwrap_or(reader.language)
    }
}

/// The page.
///
/// # Errors
/// The store's.
pub(crate) async fn page(
    State(app): State<App>,
    visitor: Visitor,
    reader: Reader,
    ReadQuery(wish): ReadQuery<Wish>,
) -> ApiResult<Response> {
    let language = wish.language(reader);
    let body = match visitor.user {
        Some(user) => {
            let due_at = app.store.read(move |conn| deletion::due_at(conn, user)).await?;
            whole(&app, language, due_at)
        }
        None => nothing(language),
    };
    Ok(shown(&app, language, StatusCode::OK, &body))
}

/// They want their account deleted.
pub(crate) async fn delete(
    State(app): State<App>,
    resident: Resident,
    reader: Reader,
    ReadQuery(wish): ReadQuery<Wish>,
) -> Response {
    let language = wish.language(reader);
    match me::ask(&app, resident.user).await {
        Ok(_) => back(language),
        Err(error) => refused(&app, language, &error),
    }
}

/// They keep it.
pub(crate) async fn keep(
    State(app): State<App>,
    resident: Resident,
    reader: Reader,
    ReadQuery(wish): ReadQuery<Wish>,
) -> Response {
    let language = wish.language(reader);
    match me::keep(&app, resident.user).await {
        Ok(()) => back(language),
        Err(error) => refused(&app, language, &error),
    }
}

/// To the page, so that reloading it sends nothing again.
fn back(language: Language) -> Response {
    let address = in_language(MY_DATA_PAGE, language);
    (StatusCode::SEE_OTHER, [(header::LOCATION, address)]).into_response()
}

/// Why not, as a page.
pub(crate) fn refused(app: &App, language: Language, error: &ApiError) -> Response {
    let status = StatusCode::from_u16(error.code().status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let say = |key: &'static str| escape(say(language, "data", key));
    let mut body =
        format!("{}<div class=\"errors\" role=\"alert\"><b>{}</b>", bar(language), say("not_done"));
    for sentence in error.sentences(language) {
        let _ = write!(body, "<p>{}</p>", escape(&sentence));
    }
    let own = in_language(MY_DATA_PAGE, language);
    let _ = write!(
        body,
        "</div><p><a class=\"btn ghost\" href=\"{}\">{}</a></p>",
        escape(&own),
        say("back_here")
    );
    shown(app, language, status, &body)
}

fn shown(app: &App, language: Language, status: StatusCode, body: &str) -> Response {
    let title = say(language, "data", "title");
    let own = app
        .assets
        .style_named(STYLE)
        .map_or_else(String::new, |path| format!("<link rel=\"stylesheet\" href=\"{}\">", escape(&path)));
    let script = app
        .assets
        .script_named(SCRIPT)
        .map_or_else(String::new, |path| format!("<script src=\"{}\"></script>", escape(&path)));
    let body = format!("{script}{own}<div class=\"page my-data\">{body}</div>");
    let style = app.assets.style();
    let page = pages::page(language, title, style.as_deref(), &body);
    let mut response = (status, Html(page)).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn in_language(path: &str, language: Language) -> String {
    format!("{path}?lang={}", language.code())
}

/// The way back to the app, and the other language.
fn bar(language: Language) -> String {
    let (other, tag, name) = match language {
        Language::Zh => (Language::En, "en", "English"),
        Language::En => (Language::Zh, "zh-CN", "中文"),
    };
    let there = in_language(MY_DATA_PAGE, other);
    format!(
        "<p class=\"data-bar\"><a class=\"text-button\" href=\"/settings\">{}</a><a class=\"text-button\" lang=\"{tag}\" href=\"{}\">{name}</a></p>",
        escape(say(language, "data", "back")),
        escape(&there),
    )
}

/// For whoever has no account on this device.
fn nothing(language: Language) -> String {
    let say = |key: &'static str| escape(say(language, "data", key));
    format!(
        "{}<h1>{}</h1><div class=\"card\" data-test=\"nothing\"><p>{}</p><p class=\"soft\">{}</p></div>\
         <p><a class=\"btn ghost\" href=\"/\">{}</a></p>",
        bar(language),
        say("title"),
        say("nothing"),
        say("nothing_hint"),
        escape(crate::messages::say(language, "page", "home")),
    )
}

/// For an account: when it goes, what can be fetched, what goes and what stays.
fn whole(app: &App, language: Language, due_at: Option<Timestamp>) -> String {
    let say = |key: &'static str| escape(say(language, "data", key));
    let query = escape(&in_language("", language));
    let mut out = format!("{}<h1>{}</h1>", bar(language), say("title"));
    if let Some(due_at) = due_at {
        let day = escape(&day(due_at, app.city().data().calendar.offset_minutes(), language));
        let _ = write!(
            out,
            "<section class=\"card due\" data-test=\"due\"><h2>{}</h2><p>{}</p>\
             <form method=\"post\" action=\"{KEEP}{query}\"><button class=\"btn\" type=\"submit\" data-test=\"keep\">{}</button></form></section>",
            say("due_title").replace("{day}", &day),
            say("due_hint"),
            say("keep"),
        );
    }
    let _ = write!(
        out,
        "<section class=\"card\"><h2>{}</h2><p>{}</p><p class=\"soft\">{}</p>\
         <p><a class=\"btn\" href=\"{MY_DATA}{query}\" data-test=\"download\">{}</a></p></section>",
        say("download_title"),
        say("download_lead"),
        say("download_hint"),
        say("download"),
    );
    if due_at.is_none() {
        let items = |keys: &[&'static str]| {
            keys.iter().fold(String::new(), |out, key| out + "<li>" + &say(key) + "</li>")
        };
        let _ = write!(
            out,
            "<section class=\"card\"><h2>{}</h2><p>{}</p><h3>{}</h3><ul>{}</ul><h3>{}</h3><ul>{}</ul>\
             <p class=\"soft\">{}</p><form method=\"post\" action=\"{DELETE}{query}\">\
             <label class=\"check\"><input type=\"checkbox\" required data-test=\"sure\"><span>{}</span></label>\
             <button class=\"btn danger\" type=\"submit\" data-test=\"delete\">{}</button></form></section>",
            say("delete_title"),
            say("delete_lead"),
            say("goes"),
            items(&["goes_account", "goes_drafts", "goes_photos", "goes_points"]),
            say("stays"),
            items(&["stays_cases", "stays_photos", "stays_ledger"]),
            say("device_hint"),
            say("sure"),
            say("delete"),
        );
    }
    out
}

/// A day as it is written in the reader's language.
fn day(at: Timestamp, offset_minutes: i32, language: Language) -> String {
    let local = crate::form::local_time(at, offset_minutes);
    let mut parts = local.split(['-', ' ']);
    let (year, month, day) = (parts.next(), parts.next(), parts.next());
    // 12月8日, but 2026-12-08.
    let plain = |part: Option<&str>| match language {
        Language::Zh => part.unwrap_or("").trim_start_matches('0').to_owned(),
        Language::En => part.unwrap_or("").to_owned(),
    };
    say(language, "data", "day")
        .replace("{year}", year.unwrap_or(""))
        .replace("{month}", &plain(month))
        .replace("{date}", &plain(day))
}
