//! `GET /api/v1/me/data`

use crate::app::App;
use crate::edge::{ApiResult, ReadQuery, Reader, Resident};
use crate::my_data::{self, Wish};
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::Response;

/// Everything that is kept of me, as a ZIP: `index.html` to be read, `data.json` (a `MyData`), `ledger.csv`, and the photos and
/// voices that I sent. Six times a day at most. To a browser that follows a link a refusal is a page.
#[utoipa::path(get, path = "/api/v1/me/data", tag = "me", params(Wish),
    responses((status = 200, content_type = "application/zip", body = Vec<u8>)))]
pub async fn my_data(
    State(app): State<App>,
    resident: Resident,
    reader: Reader,
    headers: HeaderMap,
    ReadQuery(wish): ReadQuery<Wish>,
) -> ApiResult<Response> {
    let language = wish.language(reader);
    let accepted = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or("");
    match my_data::download(&app, resident.user, language).await {
        Err(error) if accepted.contains("text/html") => Ok(my_data::refused(&app, language, &error)),
        answer => answer,
    }
}
