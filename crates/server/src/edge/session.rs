//! A session is 256 random bits in an HttpOnly cookie; the database knows only their hash.

use super::problem::{ApiError, ApiResult};
use crate::app::App;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use sha2::{Digest, Sha256};
use std::convert::Infallible;
use std::fmt::Write as _;
use woodlark_domain::UserId;
use woodlark_store::accounts::{self, Session};
use woodlark_store::{Conn, Fault, Halt};
use woodlark_wire::ProblemCode;

/// The cookie's name.
pub const SESSION_COOKIE: &str = "woodlark_session";
/// Seconds that a browser keeps it: 400 days, the most that browsers allow.
const MAX_AGE_S: u32 = 400 * 24 * 60 * 60;

/// An account, if this device has one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visitor {
    /// Whose it is.
    pub user: Option<UserId>,
    /// The hash of its session token.
    pub token_hash: Option<[u8; 32]>,
    /// Its linked phone with the middle hidden.
    pub phone: Option<String>,
}

/// An account; without one the answer is `not_signed_in`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resident {
    /// Whose it is.
    pub user: UserId,
    /// The hash of its session token.
    pub token_hash: [u8; 32],
}

/// A new token: what the cookie holds, and what the database keeps.
#[must_use]
pub fn new_token(random: [u8; 32]) -> (String, [u8; 32]) {
    let token = random.iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    });
    let hash = hash_token(&token);
    (token, hash)
}

/// What the database keeps of a token.
#[must_use]
pub fn hash_token(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

/// The `Set-Cookie` of a token.
#[must_use]
pub fn session_cookie(token: &str, secure: bool) -> HeaderValue {
    cookie(token, MAX_AGE_S, secure)
}

/// The `Set-Cookie` that takes it away.
#[must_use]
pub fn clear_cookie(secure: bool) -> HeaderValue {
    cookie("", 0, secure)
}

fn cookie(value: &str, max_age_s: u32, secure: bool) -> HeaderValue {
    let secure = if secure { "; Secure" } else { "" };
    HeaderValue::from_str(&format!(
        "{SESSION_COOKIE}={value}; Path=/; Max-Age={max_age_s}; HttpOnly; SameSite=Lax{secure}"
    ))
    .unwrap_or(HeaderValue::from_static(""))
}

fn token_of(headers: &HeaderMap) -> Option<&str> {
    token_in(headers, SESSION_COOKIE)
}

/// The token in the cookie of this name.
pub fn token_in<'a>(headers: &'a HeaderMap, cookie: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(name, value)| (name == cookie && value.len() == 64).then_some(value))
}

/// What a device shows of itself, not yet looked at. Whose it is is read in the same snapshot as what is read for them: one
/// way to the database instead of two, and a session that has ended reads nothing.
#[derive(Debug, Clone, Copy)]
pub struct Token(Option<[u8; 32]>);

impl Token {
    /// Reads for whoever this is, nobody included.
    ///
    /// # Errors
    /// `internal`.
    pub async fn read<T, F>(self, app: &App, closure: F) -> ApiResult<T>
    where
        T: Send + 'static,
        F: Fn(&mut Conn, Option<&Session>) -> Result<T, Fault> + Send + 'static,
    {
        let (Self(token_hash), now) = (self, app.clock.now());
        let read = move |conn: &mut Conn| {
            let found = token_hash.map(|token_hash| accounts::find(conn, &token_hash)).transpose()?.flatten();
            let stale = found.as_ref().is_some_and(|session| session.is_stale(now));
            Ok((closure(conn, found.as_ref())?, stale))
        };
        let (read, stale) = app.store.read(read).await?;
        if let Some(token_hash) = token_hash.filter(|_| stale) {
            // Whether that is kept matters to nobody who waits here.
            let store = app.store.clone();
            tokio::spawn(async move {
                let _ =
                    store.write(move |tx| Ok::<_, Halt<()>>(accounts::touch(tx, &token_hash, now)?)).await;
            });
        }
        Ok(read)
    }

    /// Reads for a resident, and tells who it is.
    ///
    /// # Errors
    /// `not_signed_in`; `internal`.
    pub async fn read_as_resident<T, F>(self, app: &App, closure: F) -> ApiResult<(UserId, T)>
    where
        T: Send + 'static,
        F: Fn(&mut Conn, UserId) -> Result<T, Fault> + Send + 'static,
    {
        let read = self.read(app, move |conn, session| {
            session.map(|session| Ok((session.user, closure(conn, session.user)?))).transpose()
        });
        read.await?.ok_or_else(|| ProblemCode::NotSignedIn.into())
    }
}

impl<S: Sync> FromRequestParts<S> for Token {
    type Rejection = Infallible;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(token_of(&parts.headers).map(hash_token)))
    }
}

impl FromRequestParts<App> for Visitor {
    type Rejection = ApiError;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let token = Token(token_of(&parts.headers).map(hash_token));
        let found = token.read(app, |_, session| Ok(session.cloned())).await?;
        let token_hash = token.0.filter(|_| found.is_some());
        let (user, phone) = found.map_or((None, None), |session| (Some(session.user), session.phone));
        Ok(Self { user, token_hash, phone })
    }
}

impl FromRequestParts<App> for Resident {
    type Rejection = ApiError;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let visitor = Visitor::from_request_parts(parts, app).await?;
        match (visitor.user, visitor.token_hash) {
            (Some(user), Some(token_hash)) => Ok(Self { user, token_hash }),
            _ => Err(ProblemCode::NotSignedIn.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_is_found_among_other_cookies_and_nothing_else_is() {
        let (token, hash) = new_token([7; 32]);
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, format!("a=b; {SESSION_COOKIE}={token}; c=d").parse().unwrap());
        assert_eq!(token_of(&headers).map(hash_token), Some(hash));
        headers.insert(header::COOKIE, format!("{SESSION_COOKIE}=short").parse().unwrap());
        assert_eq!(token_of(&headers), None);
    }

    #[test]
    fn the_cookie_is_out_of_reach_of_scripts() {
        let cookie = session_cookie("t", true);
        let text = cookie.to_str().unwrap();
        assert!(text.contains("HttpOnly") && text.contains("SameSite=Lax") && text.contains("Secure"));
    }
}
