//! `GET /api/v1/kiosk`

use super::show;
use crate::app::App;
use crate::edge::{ApiResult, AtKiosk};
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use woodlark_wire::KioskView;

/// What a kiosk knows of itself.
#[utoipa::path(get, path = "/api/v1/kiosk", tag = "kiosk", responses((status = 200, body = KioskView)))]
pub async fn read_kiosk(State(app): State<App>, AtKiosk(kiosk): AtKiosk) -> ApiResult<impl IntoResponse> {
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(show(&app, kiosk))))
}
