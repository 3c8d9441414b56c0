//! Who of the staff asks: a session of the desk, in a cookie of its own. It is never the cookie of a resident, and it goes
//! nowhere when another site leads here.

use super::problem::ApiError;
use super::session::{hash_token, token_in};
use crate::app::App;
use axum::extract::FromRequestParts;
use axum::http::HeaderValue;
use axum::http::request::Parts;
use woodlark_domain::UserId;
use woodlark_domain::policy::{Action, Scope, scope};
use woodlark_store::{Halt, staff};
use woodlark_wire::ProblemCode;

/// The cookie's name.
pub const DESK_COOKIE: &str = "woodlark_desk";
/// The cookie of a screen on a wall.
pub const BOARD_COOKIE: &str = "woodlark_board";

/// A member of staff; without a session that holds the answer is `not_staff`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Staff {
    /// The session, with what its owner may be.
    pub session: staff::Session,
    /// The hash of its token.
    pub token_hash: [u8; 32],
}

impl Staff {
    /// Who asks, where one of their roles permits this anywhere at all; to the others it does not exist.
    ///
    /// # Errors
    /// `not_found`.
    pub fn must(&self, action: Action) -> Result<UserId, ApiError> {
        let may = self.session.posts.iter().any(|post| scope(post.role, action) != Scope::Nothing);
        if may { Ok(self.session.user) } else { Err(ApiError::not_found()) }
    }
}

/// The `Set-Cookie` of a token. It ends with the browser's session; the server ends it sooner.
#[must_use]
pub fn desk_cookie(token: &str, secure: bool) -> HeaderValue {
    cookie(token, "", secure)
}

/// The `Set-Cookie` that takes it away.
#[must_use]
pub fn clear_desk_cookie(secure: bool) -> HeaderValue {
    cookie("", "; Max-Age=0", secure)
}

/// The `Set-Cookie` of a screen's token: it outlives the browser, for a screen is switched off and on again.
#[must_use]
pub fn board_cookie(token: &str, secure: bool) -> HeaderValue {
    let age = woodlark_store::boards::LONGEST / woodlark_domain::Timestamp::SECOND;
    named(BOARD_COOKIE, token, &format!("; Max-Age={age}"), secure)
}

fn cookie(value: &str, age: &str, secure: bool) -> HeaderValue {
    named(DESK_COOKIE, value, age, secure)
}

fn named(name: &str, value: &str, age: &str, secure: bool) -> HeaderValue {
    let secure = if secure { "; Secure" } else { "" };
    HeaderValue::from_str(&format!("{name}={value}; Path=/{age}; HttpOnly; SameSite=Strict{secure}"))
        .unwrap_or(HeaderValue::from_static(""))
}

impl FromRequestParts<App> for Staff {
    type Rejection = ApiError;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let token_hash =
            token_in(&parts.headers, DESK_COOKIE).map(hash_token).ok_or(ProblemCode::NotStaff)?;
        let now = app.clock.now();
        let session = app.store.read(move |conn| staff::session(conn, &token_hash, now)).await?;
        let session = session.ok_or(ProblemCode::NotStaff)?;
        if session.is_stale(now) {
            // Unlike a resident's, a session here ends by rest: that it was used is kept before the answer.
            app.store.write(move |tx| Ok::<_, Halt<ApiError>>(staff::touch(tx, &token_hash, now)?)).await?;
        }
        Ok(Self { session, token_hash })
    }
}
