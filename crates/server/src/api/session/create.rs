//! `POST /api/v1/session`

use crate::app::App;
use crate::clock::{new_user_id, random};
use crate::edge::{ApiError, ApiResult, Visitor, new_token, session_cookie};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use woodlark_domain::{Door, Timestamp, UserId};
use woodlark_store::{Fault, Halt, Tx, accounts};
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
    let new = NewAccount::new(&app, Door::Browser);
    let made = new.clone();
    app.store.write(move |tx| Ok::<_, Halt<ApiError>>(made.create(tx)?)).await?;
    let view = SessionView { user_id: Some(new.user), phone: None };
    Ok((StatusCode::CREATED, [(header::SET_COOKIE, new.cookie)], Json(view)).into_response())
}

/// An account with one session that is about to be made.
#[derive(Debug, Clone)]
pub(crate) struct NewAccount {
    /// Its id.
    pub(crate) user: UserId,
    /// What carries its session.
    pub(crate) cookie: HeaderValue,
    token_hash: [u8; 32],
    door: Door,
    now: Timestamp,
}

impl NewAccount {
    /// One that nobody has yet.
    pub(crate) fn new(app: &App, door: Door) -> Self {
        let now = app.clock.now();
        let (token, token_hash) = new_token(random());
        Self { user: new_user_id(now), cookie: session_cookie(&token, app.secure), token_hash, door, now }
    }

    /// Makes it.
    ///
    /// # Errors
    /// [`Fault`].
    pub(crate) fn create(&self, tx: &mut Tx) -> Result<(), Fault> {
        accounts::create(tx, self.user, &self.token_hash, self.door, self.now)
    }
}
