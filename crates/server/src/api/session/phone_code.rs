//! `POST /api/v1/session/phone-code`

use crate::app::App;
use crate::clock::random;
use crate::edge::{ApiError, ApiResult, ReadJson, Reader, Resident};
use axum::Json;
use axum::extract::State;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use woodlark_domain::report::Phone;
use woodlark_store::{Halt, phones};
use woodlark_wire::{PhoneCodeRequest, PhoneCodeSent, ProblemCode};

/// Sends a one-time code to a phone: one a minute, five a day, for each number and each account.
#[utoipa::path(post, path = "/api/v1/session/phone-code", tag = "session", request_body = PhoneCodeRequest,
    responses((status = 200, body = PhoneCodeSent)))]
pub async fn send_phone_code(
    State(app): State<App>,
    reader: Reader,
    resident: Resident,
    body: ReadJson<PhoneCodeRequest>,
) -> ApiResult<Json<PhoneCodeSent>> {
    let phone = Phone::new(&body.value.phone).map_err(|_| ApiError::field("phone", "phone"))?;
    let code = new_code();
    let (now, user) = (app.clock.now(), resident.user);
    let (phone_hash, code_hash) = (keyed_hash(&app, &[phone.as_str()]), code_hash(&app, &phone, &code));
    let issued = app
        .store
        .write(move |tx| Ok::<_, Halt<ApiError>>(phones::issue(tx, user, &phone_hash, &code_hash, now)?))
        .await?;
    match issued {
        phones::Issued::Sent { expires_at, again_at } => {
            app.sender.send(&phone, &code, reader.language);
            Ok(Json(PhoneCodeSent { expires_at, again_at }))
        }
        phones::Issued::TooOften { again_at } => {
            let seconds = (again_at.0.saturating_sub(now.0) / 1_000_000).saturating_add(1);
            Err(ApiError::wait(ProblemCode::TooManyRequests, u32::try_from(seconds).unwrap_or(u32::MAX)))
        }
    }
}

/// The hash of a code for a number: worth nothing without the server's key.
pub(super) fn code_hash(app: &App, phone: &Phone, code: &str) -> [u8; 32] {
    keyed_hash(app, &[phone.as_str(), code])
}

/// HMAC-SHA-256 under the server's key.
pub(crate) fn keyed_hash(app: &App, parts: &[&str]) -> [u8; 32] {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&app.secret) else { return [0; 32] };
    for part in parts {
        mac.update(part.as_bytes());
        mac.update(&[0]);
    }
    mac.finalize().into_bytes().into()
}

/// Six digits, each number equally likely.
fn new_code() -> String {
    loop {
        let word = u32::from_le_bytes(random());
        // The last, incomplete million is thrown back.
        if word < 4_294_000_000 {
            return format!("{:06}", word % 1_000_000);
        }
    }
}
