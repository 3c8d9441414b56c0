//! `POST /api/v1/desk/kiosks`

use super::code::{issue, new_code};
use crate::api::kiosk::pin_hash;
use crate::app::App;
use crate::clock::random;
use crate::edge::{ApiError, ApiResult, ReadJson, Staff};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use woodlark_domain::kiosk::{NAME_CHARS, is_pin};
use woodlark_domain::policy::Action;
use woodlark_domain::{Door, EntryCode, KioskId};
use woodlark_store::kiosks::{self, SetUp};
use woodlark_wire::{KioskCode, NewKiosk};

/// Sets a kiosk up. The code that enrols its device is in this answer and nowhere else.
#[utoipa::path(post, path = "/api/v1/desk/kiosks", tag = "desk", request_body = NewKiosk,
    responses((status = 201, body = KioskCode)))]
pub async fn desk_set_up_kiosk(
    State(app): State<App>,
    staff: Staff,
    body: ReadJson<NewKiosk>,
) -> ApiResult<(StatusCode, Json<KioskCode>)> {
    let by = staff.must(Action::KeepKiosks)?;
    let new = body.value;
    let name = new.name.trim().to_owned();
    if name.is_empty() || name.chars().count() > NAME_CHARS || name.chars().any(char::is_control) {
        return Err(ApiError::field("name", "kiosk_name"));
    }
    let city = app.city();
    let known =
        |code: &EntryCode| city.data().entries.iter().any(|one| one.door == Door::Kiosk && one.code == *code);
    if new.entry.as_ref().is_some_and(|code| !known(code)) {
        return Err(ApiError::field("entry", "kiosk_entry"));
    }
    let pin = new.pin.as_deref().map(str::trim).filter(|pin| !pin.is_empty());
    if pin.is_some_and(|pin| !is_pin(pin)) {
        return Err(ApiError::field("pin", "kiosk_pin"));
    }
    let now = app.clock.now();
    let id = KioskId::new(u64::try_from(now.millis()).unwrap_or_default(), random());
    let pin = pin.map(|pin| pin_hash(&app, id, pin));
    let (code, hash) = new_code(&app);
    let expires_at = app
        .store
        .write(move |tx| {
            let (entry, position, pin_hash) = (new.entry.as_ref(), new.position, pin.as_ref());
            kiosks::set_up(tx, &SetUp { id, name: &name, entry, position, pin_hash, by, now })?;
            issue(tx, id, &hash, by, now)
        })
        .await?;
    Ok((StatusCode::CREATED, Json(KioskCode { id, code, expires_at })))
}
