//! `POST /api/v1/redeem/gifts`, `POST /api/v1/redeem/gifts/{order}/return`

use super::once::{named, once};
use crate::app::App;
use crate::edge::{ApiResult, IdempotencyKey, ReadJson, ReadPath, Resident};
use crate::gift_code::{gift_code, gift_code_hash};
use axum::extract::State;
use axum::response::Response;
use woodlark_store::redeem;
use woodlark_wire::{OrderGift, RedeemView};

/// A gift is to be kept for me at its station. `Idempotency-Key` is required.
#[utoipa::path(post, path = "/api/v1/redeem/gifts", tag = "redeem", request_body = OrderGift,
    params(("idempotency-key" = String, Header)), responses((status = 200, body = RedeemView)))]
pub async fn order_gift(
    State(app): State<App>,
    resident: Resident,
    key: IdempotencyKey,
    body: ReadJson<OrderGift>,
) -> ApiResult<Response> {
    let (user, now, city, reader) = (resident.user, app.clock.now(), app.city(), app.clone());
    let gift = body.value.gift;
    once(&app, resident, key, &[b"gift", body.bytes.as_ref()].concat(), move |tx, id| {
        let hash = gift_code_hash(&reader, &gift_code(&reader, id)).unwrap_or_default();
        redeem::order_gift(tx, user, id, &gift, &hash, &city, now).map(drop)
    })
    .await
}

/// I don't want it after all: its points come back. `Idempotency-Key` is required.
#[utoipa::path(post, path = "/api/v1/redeem/gifts/{order}/return", tag = "redeem",
    params(("order" = String, Path), ("idempotency-key" = String, Header)),
    responses((status = 200, body = RedeemView)))]
pub async fn return_gift(
    State(app): State<App>,
    resident: Resident,
    ReadPath(order): ReadPath<String>,
    key: IdempotencyKey,
) -> ApiResult<Response> {
    let (user, now, id) = (resident.user, app.clock.now(), named(&order)?);
    once(&app, resident, key, &[b"return".as_slice(), &id.0].concat(), move |tx, _| {
        redeem::return_gift(tx, user, id, now).map(drop)
    })
    .await
}
