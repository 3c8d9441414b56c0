//! `POST /api/v1/kiosk/gift`, `POST /api/v1/kiosk/honour`: a gift is handed over at the station where it is kept.

use super::{PIN, locked, pin_hash};
use crate::api::rewards::{gift_hash_of, show_gift};
use crate::app::App;
use crate::edge::{ApiError, ApiResult, AtKiosk, ReadJson};
use axum::Json;
use axum::extract::State;
use woodlark_domain::redeem::RedeemRefusal;
use woodlark_store::redeem::{self, HandedOverBy, Honour};
use woodlark_store::{Halt, wrong_tries};
use woodlark_wire::{ProblemCode, ShownCode, StationGift, StationHonour};

/// What a code is of, and whether it is kept here. Nothing is handed over by looking.
#[utoipa::path(post, path = "/api/v1/kiosk/gift", tag = "kiosk", request_body = ShownCode,
    responses((status = 200, body = StationGift)))]
pub async fn kiosk_gift(
    State(app): State<App>,
    AtKiosk(kiosk): AtKiosk,
    body: ReadJson<ShownCode>,
) -> ApiResult<Json<StationGift>> {
    let hash = gift_hash_of(&app, &body.value.code)?;
    let found = app.store.read(move |conn| redeem::gift_by_code(conn, &hash)).await?;
    let found = found.ok_or_else(|| ApiError::refused(RedeemRefusal::GiftGone.code()))?;
    let here = kiosk.pin_hash.is_some() && kiosk.entry.as_ref() == Some(&found.station);
    Ok(Json(StationGift { gift: show_gift(found, &app.city()), here }))
}

/// The gift was handed over: somebody of the station gave its PIN. Five wrong ones are followed by ten minutes in which none is
/// looked at.
#[utoipa::path(post, path = "/api/v1/kiosk/honour", tag = "kiosk", request_body = StationHonour,
    responses((status = 200, body = StationGift)))]
pub async fn kiosk_honour(
    State(app): State<App>,
    AtKiosk(kiosk): AtKiosk,
    body: ReadJson<StationHonour>,
) -> ApiResult<Json<StationGift>> {
    let hash = gift_hash_of(&app, &body.value.code)?;
    let given = pin_hash(&app, kiosk.id, body.value.pin.trim());
    let now = app.clock.now();
    let honoured = app
        .store
        .write(move |tx| {
            let subject = kiosk.id.as_bytes();
            if let Some(until) = wrong_tries::locked(tx, PIN, subject, now)? {
                return Err(Halt::Refused(locked(until, now)));
            }
            if kiosk.pin_hash != Some(given) {
                // It is counted, so this is kept.
                wrong_tries::wrong(tx, PIN, subject, now)?;
                return Ok(None);
            }
            wrong_tries::right(tx, PIN, subject)?;
            let refused = |refusal: RedeemRefusal| ApiError::refused(refusal.code());
            let found = redeem::gift_by_code(tx, &hash)?;
            // What is kept elsewhere can't be handed over here.
            if found.is_none_or(|found| kiosk.entry.as_ref() != Some(&found.station)) {
                return Err(Halt::Refused(refused(RedeemRefusal::GiftGone)));
            }
            let honour = Honour { code_hash: &hash, by: HandedOverBy::Kiosk(kiosk.id), now };
            redeem::honour(tx, &honour).map(Some).map_err(|halt| halt.map(refused))
        })
        .await?;
    let gift = honoured.ok_or(ProblemCode::PinWrong)?;
    Ok(Json(StationGift { gift: show_gift(gift, &app.city()), here: true }))
}
