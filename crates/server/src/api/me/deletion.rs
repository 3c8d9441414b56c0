//! `GET`, `POST` and `DELETE /api/v1/me/deletion`

use crate::app::App;
use crate::edge::{ApiError, ApiResult, Resident};
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use woodlark_domain::{Timestamp, UserId};
use woodlark_store::{Halt, deletion};
use woodlark_wire::DeletionView;

/// When my account goes, if it is to.
#[utoipa::path(get, path = "/api/v1/me/deletion", tag = "me", responses((status = 200, body = DeletionView)))]
pub async fn deletion(State(app): State<App>, resident: Resident) -> ApiResult<impl IntoResponse> {
    let user = resident.user;
    shown(app.store.read(move |conn| deletion::due_at(conn, user)).await?)
}

/// I want my account and what is personal in it deleted: it goes after a week, in which I may think better of it. Asked again it is
/// the same day.
#[utoipa::path(post, path = "/api/v1/me/deletion", tag = "me", responses((status = 200, body = DeletionView)))]
pub async fn ask_deletion(State(app): State<App>, resident: Resident) -> ApiResult<impl IntoResponse> {
    shown(Some(ask(&app, resident.user).await?))
}

/// I keep my account.
#[utoipa::path(delete, path = "/api/v1/me/deletion", tag = "me", responses((status = 200, body = DeletionView)))]
pub async fn keep_account(State(app): State<App>, resident: Resident) -> ApiResult<impl IntoResponse> {
    keep(&app, resident.user).await?;
    shown(None)
}

fn shown(due_at: Option<Timestamp>) -> ApiResult<impl IntoResponse> {
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(DeletionView { due_at })))
}

/// Asks for the end of an account. Says when it goes.
pub(crate) async fn ask(app: &App, user: UserId) -> ApiResult<Timestamp> {
    let now = app.clock.now();
    let asked = app.store.write(move |tx| {
        deletion::ask(tx, user, now).map_err(|halt| halt.map(|refusal| ApiError::refused(refusal.code())))
    });
    Ok(asked.await?)
}

/// Takes that back.
pub(crate) async fn keep(app: &App, user: UserId) -> ApiResult<()> {
    let now = app.clock.now();
    let kept = app.store.write(move |tx| Ok::<_, Halt<ApiError>>(deletion::take_back(tx, user, now)?));
    Ok(kept.await?)
}
