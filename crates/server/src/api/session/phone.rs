//! `POST /api/v1/session/phone`

use super::phone_code::{code_hash, keyed_hash};
use crate::app::App;
use crate::edge::{ApiError, ApiResult, ReadJson, Resident};
use axum::Json;
use axum::extract::State;
use woodlark_domain::report::Phone;
use woodlark_store::{Halt, phones};
use woodlark_wire::{LinkPhone, ProblemCode, SessionView};

/// Links a phone with the code that was sent to it. Where the phone has an account already, this device moves to it
/// and its cases come along.
#[utoipa::path(post, path = "/api/v1/session/phone", tag = "session", request_body = LinkPhone,
    responses((status = 200, body = SessionView)))]
pub async fn link_phone(
    State(app): State<App>,
    resident: Resident,
    body: ReadJson<LinkPhone>,
) -> ApiResult<Json<SessionView>> {
    let phone = Phone::new(&body.value.phone).map_err(|_| ApiError::field("phone", "phone"))?;
    let (now, user) = (app.clock.now(), resident.user);
    let phone_hash = keyed_hash(&app, &[phone.as_str()]);
    let code_hash = code_hash(&app, &phone, body.value.code.trim());
    let masked = phone.masked();
    let shown = masked.clone();
    let taken = app
        .store
        .write(move |tx| {
            let given =
                phones::Take { user, phone_hash: &phone_hash, code_hash: &code_hash, masked: &masked, now };
            Ok::<_, Halt<ApiError>>(phones::take(tx, &given)?)
        })
        .await?;
    match taken {
        phones::Taken::Linked { user } => Ok(Json(SessionView { user_id: Some(user), phone: Some(shown) })),
        phones::Taken::Wrong { .. } => Err(ProblemCode::CodeWrong.into()),
        phones::Taken::Expired => Err(ProblemCode::CodeExpired.into()),
    }
}
