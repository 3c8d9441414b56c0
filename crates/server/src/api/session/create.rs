//! `POST /api/v1/session`

use crate::app::App;
use crate::clock::{new_user_id, random};
use crate::edge::{ApiError, ApiResult, Visitor, new_token, session_cookie};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use woodlark_domain::{Door, UserId};
use woodlark_store::{Halt, accounts};
use woodlark_wire::SessionView;

/// Makes an account for this device where it has none, asking nothing.
#[utoipa::path(post, path = "/api/v1/session", tag = "session", responses(
    (status = 200, body = SessionView, description = "There was one already"),
    (status = 201, body = SessionView, description = "Made; its cookie comes with the answer"),
))]
pub async fn create(State(app): State<App>, visitor: Visitor) -> ApiResult<Response> {
    if visitor.user.is_some() {
        return Ok(Json(SessionView { user_id: visitor.user, phone: visitor.phone }).into_response());
    }
    let (user, _, cookie) = new_account(&app, Door::Browser).await?;
    let view = SessionView { user_id: Some(user), phone: None };
    Ok((StatusCode::CREATED, [(header::SET_COOKIE, cookie)], Json(view)).into_response())
}

/// A new account with one session: whose, the token's hash, and the cookie that carries it.
pub(crate) async fn new_account(app: &App, door: Door) -> ApiResult<(UserId, [u8; 32], HeaderValue)> {
    let now = app.clock.now();
    let user = new_user_id(now);
    let (token, hash) = new_token(random());
    app.store.write(move |tx| Ok::<_, Halt<ApiError>>(accounts::create(tx, user, &hash, door, now)?)).await?;
    Ok((user, hash, session_cookie(&token, app.secure)))
}
