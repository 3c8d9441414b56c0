//! `GET /api/v1/redeem`

use super::shown::show;
use crate::app::App;
use crate::edge::{ApiResult, Resident};
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use woodlark_wire::RedeemView;

/// What I have to spend, what there is for it, what became of it.
#[utoipa::path(get, path = "/api/v1/redeem", tag = "redeem", responses((status = 200, body = RedeemView)))]
pub async fn redeem(State(app): State<App>, resident: Resident) -> ApiResult<impl IntoResponse> {
    let reader = app.clone();
    let view = app.store.read(move |conn| show(conn, resident.user, &reader)).await?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(view)))
}
