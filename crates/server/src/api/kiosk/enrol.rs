//! `POST /api/v1/kiosk`

use super::{ENROL, counted, enrol_hash, locked, show};
use crate::app::App;
use crate::clock::random;
use crate::edge::{ApiError, ApiResult, ClientAddress, ReadJson, kiosk_cookie, new_token};
use axum::Json;
use axum::extract::{Extension, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use woodlark_domain::kiosk::LetterCode;
use woodlark_store::{Halt, kiosks, wrong_tries};
use woodlark_wire::{EnrolKiosk, KioskView, ProblemCode};

/// Makes this device the kiosk that an administrator's code is of. A code holds once and for half an hour; five wrong ones from one
/// address are followed by ten minutes in which none is looked at.
#[utoipa::path(post, path = "/api/v1/kiosk", tag = "kiosk", request_body = EnrolKiosk,
    responses((status = 201, body = KioskView)))]
pub async fn enrol_kiosk(
    State(app): State<App>,
    address: Option<Extension<ClientAddress>>,
    body: ReadJson<EnrolKiosk>,
) -> ApiResult<Response> {
    let (now, from) = (app.clock.now(), counted(address.as_ref()));
    let code = body.value.code.parse::<LetterCode>().ok().map(|code| enrol_hash(&app, &code));
    let (token, token_hash) = new_token(random());
    let enrolled = app
        .store
        .write(move |tx| {
            if let Some(until) = wrong_tries::locked(tx, ENROL, &from, now)? {
                return Err(Halt::Refused(locked(until, now)));
            }
            let kiosk = match &code {
                Some(code) => kiosks::enrol(tx, code, &token_hash, now)?,
                None => None,
            };
            // A wrong one is counted, so this is kept.
            match kiosk {
                Some(_) => wrong_tries::right(tx, ENROL, &from)?,
                None => wrong_tries::wrong(tx, ENROL, &from, now)?,
            }
            Ok::<_, Halt<ApiError>>(kiosk)
        })
        .await?;
    let kiosk = enrolled.ok_or(ProblemCode::CodeWrong)?;
    let cookie = kiosk_cookie(&token, app.secure);
    Ok((StatusCode::CREATED, [(header::SET_COOKIE, cookie)], Json(show(&app, kiosk))).into_response())
}
