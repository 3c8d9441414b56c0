//! What the page of a public case says of itself to those that show links: title, words and picture in the terms of the
//! Open Graph protocol (ogp.me). Nobody reads more there than everyone may read of the case.

use crate::api::public::read_public;
use crate::app::App;
use crate::edge::{ApiResult, Reader};
use crate::messages::say;
use crate::pages::escape;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, Uri, header};
use woodlark_domain::CaseId;
use woodlark_wire::path::PhotoSize;
use woodlark_wire::{PublicCase, path};

/// Letters of the description.
const WORDS: usize = 120;

/// The title of the page with the card's tags behind it, as HTML; none where there is no such case for everyone.
///
/// # Errors
/// The store's.
pub async fn of_page(app: &App, address: &Uri, headers: &HeaderMap) -> ApiResult<Option<String>> {
    let Some(id) = address.path().strip_prefix("/c/").and_then(|id| id.parse::<CaseId>().ok()) else {
        return Ok(None);
    };
    let reader = Reader::of(headers);
    Ok(read_public(app, id).await?.map(|case| html(&case, reader, origin(app, address, headers).as_deref())))
}

/// Under which scheme and name this server was asked; a card's addresses are whole, and a server knows no other name of its own.
pub(crate) fn origin(app: &App, address: &Uri, headers: &HeaderMap) -> Option<String> {
    // HTTP/2 says it in the address, HTTP/1 in a header.
    let host = match address.authority() {
        Some(host) => host.clone(),
        None => headers.get(header::HOST)?.to_str().ok()?.parse::<Authority>().ok()?,
    };
    let proxied = headers.get("x-forwarded-proto").is_some_and(|scheme| scheme == "https");
    let asked = address.scheme_str() == Some("https");
    let scheme = if app.secure || proxied || asked { "https" } else { "http" };
    Some(format!("{scheme}://{host}"))
}

fn html(case: &PublicCase, reader: Reader, origin: Option<&str>) -> String {
    let language = reader.language;
    let what = case.category.as_ref().map_or_else(
        || say(language, "kind", case.kind.code()).to_owned(),
        |name| name.in_language(language).to_owned(),
    );
    let place = case.area.as_ref().map(|area| area.in_language(language));
    let title = place.map_or_else(|| what.clone(), |place| format!("{what} · {place}"));
    let state = say(language, "state", case.state.code());
    let words: String = case.words.chars().take(WORDS).collect();
    let description = if words.is_empty() { state.to_owned() } else { format!("{state} · {words}") };
    let brand = say(language, "page", "brand");
    let mut out = format!("<title>{} · {brand}</title>", escape(&title));
    let mut tell = |name: &str, value: &str| {
        out.push_str(&format!("<meta property=\"og:{name}\" content=\"{}\">", escape(value)));
    };
    tell("type", "article");
    tell("site_name", brand);
    tell("title", &title);
    tell("description", &description);
    if let Some(origin) = origin {
        let shown = case.photos.iter().find(|photo| !photo.veiled);
        let picture = shown.map_or_else(
            || "/icon-512.png".to_owned(),
            |photo| path::public_photo(case.id, photo.hash, PhotoSize::Full),
        );
        tell("url", &format!("{origin}{}", path::public_page(case.id)));
        tell("image", &format!("{origin}{picture}"));
    }
    out
}
