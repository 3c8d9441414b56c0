//! `GET /plain/thanks/{case}`: the thank-you card of a praise on the wall, to be printed and shown to those praised. Plain HTML
//! with a style sheet of its own; it says nothing that the wall doesn't.

use crate::api::public::read_public;
use crate::app::App;
use crate::edge::{ApiError, ApiResult, ReadPath, ReadQuery, Reader};
use crate::form::local_time;
use crate::link_card::origin;
use crate::messages::say;
use crate::pages::{self, escape};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::response::{Html, IntoResponse, Response};
use qrcode::QrCode;
use qrcode::render::svg;
use serde::Deserialize;
use woodlark_domain::{CaseId, Language, State as CaseState};
use woodlark_wire::path::PhotoSize;
use woodlark_wire::{PublicCase, path};

/// The card's own style sheet: a page of the app has no use for it.
const STYLE: &str = "thanks";
/// The code's edge, in CSS pixels of its drawing; it is scaled by the style sheet.
const CODE_EDGE: u32 = 160;

/// In which language: that of whoever is praised, not of whoever prints.
#[derive(Debug, Deserialize)]
pub struct Wish {
    /// `zh` or `en`; else as the browser says.
    lang: Option<Language>,
}

/// The card; of a praise that is not on the wall there is none.
///
/// # Errors
/// `not_found`; the store's.
pub async fn card(
    State(app): State<App>,
    reader: Reader,
    address: Uri,
    headers: HeaderMap,
    ReadQuery(wish): ReadQuery<Wish>,
    ReadPath(id): ReadPath<CaseId>,
) -> ApiResult<Response> {
    let on_wall = |praise: &PublicCase| matches!(praise.state, CaseState::Published | CaseState::Thanked);
    let praise = read_public(&app, id).await?.filter(on_wall).ok_or_else(ApiError::not_found)?;
    let language = wish.lang.unwrap_or(reader.language);
    let own = origin(&app, &address, &headers).map(|origin| format!("{origin}{}", path::public_page(id)));
    let offset_minutes = app.city().data().calendar.offset_minutes();
    let body = html(&praise, language, own.as_deref(), offset_minutes)?;
    let style = app.assets.style_named(STYLE);
    let page = pages::page(language, say(language, "thanks", "title"), style.as_deref(), &body);
    let mut response = Html(page).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

fn html(
    praise: &PublicCase,
    language: Language,
    own: Option<&str>,
    offset_minutes: i32,
) -> ApiResult<String> {
    let say = |key: &'static str| escape(say(language, "thanks", key));
    let mut out = format!(
        "<article class=\"thanks-card\" data-test=\"thanks-card\"><header><img src=\"/icon.svg\" alt=\"\"><b>{}</b></header>\
         <h1>{}</h1>",
        say("brand"),
        say("title"),
    );
    if let Some(photo) = praise.photos.iter().find(|photo| !photo.veiled) {
        let address = path::public_photo(praise.id, photo.hash, PhotoSize::Full);
        out.push_str(&format!("<img class=\"photo\" src=\"{}\" alt=\"{}\">", escape(&address), say("photo")));
    }
    // Somebody may have sent a photo or a voice alone.
    let words = if praise.words.is_empty() { say("wordless") } else { escape(&praise.words) };
    out.push_str(&format!("<blockquote>{words}</blockquote>"));
    let place = praise.area.as_ref().map(|area| area.in_language(language));
    let sent = day(&local_time(praise.received_at, offset_minutes)).to_owned();
    let signed = place.map_or_else(|| sent.clone(), |place| format!("{place} · {sent}"));
    out.push_str(&format!("<p class=\"signed\">{}<br>{}</p>", say("signed"), escape(&signed)));
    if let Some(thanked) = praise.steps.iter().rev().find(|step| step.command == "thank") {
        let at = local_time(thanked.at, offset_minutes);
        out.push_str(&format!("<p class=\"passed-on\">{} {}</p>", say("passed_on"), escape(day(&at))));
    }
    out.push_str("<footer>");
    if let Some(own) = own {
        let code = QrCode::new(own.as_bytes()).map_err(|error| ApiError::internal(&error))?;
        let drawn = code.render::<svg::Color<'_>>().min_dimensions(CODE_EDGE, CODE_EDGE).build();
        // Without its first line, which only a file of its own may have.
        out.push_str(drawn.split_once("?>").map_or(drawn.as_str(), |(_, svg)| svg));
    }
    out.push_str(&format!(
        "<p>{}<br><b>{}</b></p></footer></article><p class=\"off-paper\">{} <a href=\"/wall\">{}</a></p>",
        say("scan"),
        escape(praise.number.as_str()),
        say("print"),
        say("wall"),
    ));
    Ok(out)
}

/// The day of `2026-11-23 18:05`.
fn day(local: &str) -> &str {
    local.split(' ').next().unwrap_or(local)
}

#[cfg(test)]
mod tests {
    use super::*;
    use woodlark_domain::{CaseNumber, Kind, Timestamp};

    #[test]
    fn a_card_has_the_words_escaped_and_a_code_where_its_address_is_known() {
        let praise = PublicCase {
            id: CaseId::from_bytes([7; 16]),
            number: CaseNumber::new("FX-20261123-00042").unwrap(),
            kind: Kind::Praise,
            state: CaseState::Thanked,
            words: "<b>谢谢</b>".to_owned(),
            category: None,
            area: None,
            position: None,
            received_at: Timestamp(1_795_579_200_000_000),
            department: None,
            promise: None,
            photos: Vec::new(),
            steps: Vec::new(),
            joiners: 0,
            mine: false,
            may_join: false,
        };
        let card = html(&praise, Language::Zh, Some("https://city.example/c/1"), 480).unwrap();
        assert!(card.contains("&lt;b&gt;谢谢&lt;/b&gt;") && card.contains("<svg"), "{card}");
        assert!(!card.contains("<?xml") && card.contains("2026-11-25"), "{card}");
        assert!(!html(&praise, Language::En, None, 480).unwrap().contains("<svg"));
    }
}
