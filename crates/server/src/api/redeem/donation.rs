//! `POST /api/v1/redeem/donations`

use super::once::once;
use crate::app::App;
use crate::edge::{ApiResult, IdempotencyKey, ReadJson, Resident};
use axum::extract::State;
use axum::response::Response;
use woodlark_store::redeem;
use woodlark_wire::{RedeemView, SpendPoints};

/// Points go to the community's fund. `Idempotency-Key` is required.
#[utoipa::path(post, path = "/api/v1/redeem/donations", tag = "redeem", request_body = SpendPoints,
    params(("idempotency-key" = String, Header)), responses((status = 200, body = RedeemView)))]
pub async fn donate(
    State(app): State<App>,
    resident: Resident,
    key: IdempotencyKey,
    body: ReadJson<SpendPoints>,
) -> ApiResult<Response> {
    let (user, points, now, city) = (resident.user, body.value.points, app.clock.now(), app.city());
    once(&app, resident, key, &[b"donation", body.bytes.as_ref()].concat(), move |tx, id| {
        redeem::donate(tx, user, id, points, &city, now).map(drop)
    })
    .await
}
