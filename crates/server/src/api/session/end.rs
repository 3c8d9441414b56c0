//! `DELETE /api/v1/session`

use crate::app::App;
use crate::edge::{ApiError, ApiResult, Resident, clear_cookie};
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use woodlark_store::{Halt, accounts};

/// Signs this device out. Its cases stay with its account.
#[utoipa::path(delete, path = "/api/v1/session", tag = "session", responses((status = 204)))]
pub async fn end(State(app): State<App>, resident: Resident) -> ApiResult<impl IntoResponse> {
    let hash = resident.token_hash;
    app.store.write(move |tx| Ok::<_, Halt<ApiError>>(accounts::revoke(tx, &hash)?)).await?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, clear_cookie(app.secure))]))
}
