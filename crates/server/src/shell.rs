//! The app's page and files, which build serves, and the developers' own page.

use crate::app::App;
use crate::clock::new_case_id;
use crate::edge::{ApiError, ApiResult, ClientAddress, Reader, kiosk_of};
use crate::{link_card, pages};
use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Response};
use serde_json::json;
use woodlark_wire::path::KIOSK_PAGE;

/// The shortest answer that this server has: what every other is measured against.
pub async fn hello() -> &'static str {
    "hello"
}

/// Which build serves.
pub async fn version(State(app): State<App>) -> impl IntoResponse {
    (
        [(header::CACHE_CONTROL, "no-store")],
        Json(json!({ "build": app.assets.build, "version": env!("CARGO_PKG_VERSION") })),
    )
}

/// A file of the app; for any other address that is no file's and no API's, its page, which finds the way itself.
pub async fn page_or_file(
    State(app): State<App>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let path = uri.path();
    if let Some(response) = app.assets.file(&method, path, &headers) {
        return Ok(response);
    }
    let last = path.rsplit('/').next().unwrap_or("");
    if path.starts_with("/api/") || last.contains('.') {
        return Err(ApiError::not_found());
    }
    if path == KIOSK_PAGE || path.starts_with("/kiosk/") {
        return app.assets.kiosk(&headers).ok_or_else(ApiError::not_found);
    }
    // A device that was enrolled as a kiosk has no other page of the site; one whose leave was taken away is told so there.
    if kiosk_of(&app, &headers).await?.is_some() {
        let to = [(header::LOCATION, KIOSK_PAGE), (header::CACHE_CONTROL, "no-store")];
        return Ok((StatusCode::SEE_OTHER, to).into_response());
    }
    if path == "/desk" || path.starts_with("/desk/") {
        return app.assets.desk(&headers).ok_or_else(ApiError::not_found);
    }
    if path == "/ledger" || path.starts_with("/ledger/") {
        return app.assets.book(&headers).ok_or_else(ApiError::not_found);
    }
    let id = new_case_id(app.clock.now()).to_string();
    // A card that can't be read costs nobody the page, whose program knows what to do without an answer.
    Ok(match link_card::of_page(&app, &uri, &headers).await {
        Ok(Some(title)) => app.assets.index_titled(&id, &title, &headers),
        Ok(None) | Err(_) => app.assets.index(&id, &headers),
    })
}

/// The codes that were sent lately: for developers, only where the server was told to show them, and only to this very
/// machine. Whoever else is on the network could link a stranger's phone with them.
pub async fn dev_codes(
    State(app): State<App>,
    reader: Reader,
    request: Request,
) -> ApiResult<impl IntoResponse> {
    if !request.extensions().get::<ClientAddress>().is_some_and(|address| address.0.is_loopback()) {
        return Err(ApiError::not_found());
    }
    let sender = app.dev_codes.as_ref().ok_or_else(ApiError::not_found)?;
    let body = pages::codes_page(reader.language, &sender.sent());
    let title = crate::messages::say(reader.language, "page", "dev_codes_title");
    let page = pages::page(reader.language, title, app.assets.style().as_deref(), &body);
    Ok(([(header::CACHE_CONTROL, "no-store")], Html(page)))
}
