//! `POST /api/v1/handover`

use super::hand_over_hash;
use crate::api::session::NewAccount;
use crate::app::App;
use crate::edge::{ApiError, ApiResult, ReadJson, Visitor, kiosk_of};
use crate::seal_keys::from_hex;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use woodlark_domain::Door;
use woodlark_store::Halt;
use woodlark_store::kiosks::{self, TakenOver};
use woodlark_wire::{HandOver, ProblemCode};

/// A case goes from a kiosk to the phone that asks, once and within two hours; the phone gets an account where it has none. Asked
/// again from the same phone, the answer is the same.
#[utoipa::path(post, path = "/api/v1/handover", tag = "kiosk", request_body = HandOver,
    responses((status = 204, description = "It is among this device's cases")))]
pub async fn hand_over(
    State(app): State<App>,
    visitor: Visitor,
    headers: HeaderMap,
    body: ReadJson<HandOver>,
) -> ApiResult<Response> {
    // Nobody's session is ever on a kiosk: the next person would have it.
    if kiosk_of(&app, &headers).await?.is_some() {
        return Err(ApiError::not_found());
    }
    let HandOver { case_id: case, token } = body.value;
    let token = from_hex(&token).ok_or_else(ApiError::not_found)?;
    let (hash, now) = (hand_over_hash(&app, case, &token), app.clock.now());
    let account = visitor.user.is_none().then(|| NewAccount::new(&app, Door::Browser));
    let cookie = account.as_ref().map(|account| account.cookie.clone());
    let Some(user) = visitor.user.or(account.as_ref().map(|account| account.user)) else {
        return Err(ProblemCode::NotSignedIn.into());
    };
    app.store
        .write(move |tx| {
            if let Some(account) = &account {
                account.create(tx)?;
            }
            match kiosks::take_over(tx, case, &hash, user, now)? {
                TakenOver::Taken => Ok(()),
                TakenOver::Gone => Err(Halt::Refused(ProblemCode::HandOverGone.into())),
                TakenOver::NotFound => Err(Halt::Refused(ApiError::not_found())),
            }
        })
        .await?;
    app.live.look_now();
    let mut response = StatusCode::NO_CONTENT.into_response();
    if let Some(cookie) = cookie {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    Ok(response)
}
