//! Which kiosk asks: by the token in the cookie that it got when it was enrolled. Nothing that a browser says of itself makes it one.

use super::problem::{ApiError, ApiResult};
use super::session::{hash_token, token_in};
use crate::app::App;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};
use woodlark_domain::kiosk::KioskState;
use woodlark_store::kiosks::{self, Kiosk};
use woodlark_wire::ProblemCode;

/// The cookie's name.
pub const KIOSK_COOKIE: &str = "woodlark_kiosk";
/// Seconds that a browser keeps it: 400 days, the most that browsers allow. Each word of a kiosk's health sets it anew.
const MAX_AGE_S: u32 = 400 * 24 * 60 * 60;

/// A kiosk that has leave to serve; without one the answer is `not_kiosk` or `kiosk_revoked`.
#[derive(Debug, Clone, PartialEq)]
pub struct AtKiosk(pub Kiosk);

/// The kiosk that these headers are of, whether it still has leave or not.
///
/// # Errors
/// `internal`.
pub async fn kiosk_of(app: &App, headers: &HeaderMap) -> ApiResult<Option<Kiosk>> {
    let Some(token_hash) = token_in(headers, KIOSK_COOKIE).map(hash_token) else { return Ok(None) };
    Ok(app.store.read(move |conn| kiosks::of_token(conn, &token_hash)).await?)
}

/// The `Set-Cookie` of a token.
#[must_use]
pub fn kiosk_cookie(token: &str, secure: bool) -> HeaderValue {
    let secure = if secure { "; Secure" } else { "" };
    HeaderValue::from_str(&format!(
        "{KIOSK_COOKIE}={token}; Path=/; Max-Age={MAX_AGE_S}; HttpOnly; SameSite=Strict{secure}"
    ))
    .unwrap_or(HeaderValue::from_static(""))
}

impl FromRequestParts<App> for AtKiosk {
    type Rejection = ApiError;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        match kiosk_of(app, &parts.headers).await? {
            Some(kiosk) if kiosk.state == KioskState::Revoked => Err(ProblemCode::KioskRevoked.into()),
            Some(kiosk) => Ok(Self(kiosk)),
            None => Err(ProblemCode::NotKiosk.into()),
        }
    }
}
