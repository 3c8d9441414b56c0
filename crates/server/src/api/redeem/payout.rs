//! `POST /api/v1/redeem/payouts`, `POST /api/v1/redeem/payouts/{payout}/withdraw`

use super::once::{named, once};
use crate::app::App;
use crate::edge::{ApiResult, IdempotencyKey, ReadJson, ReadPath, Resident};
use axum::extract::State;
use axum::response::Response;
use woodlark_domain::redeem::RedeemRefusal;
use woodlark_store::Halt;
use woodlark_store::redeem::{self, Ask};
use woodlark_wire::{RedeemView, SpendPoints};

/// Points are to become a red packet. `Idempotency-Key` is required.
#[utoipa::path(post, path = "/api/v1/redeem/payouts", tag = "redeem", request_body = SpendPoints,
    params(("idempotency-key" = String, Header)), responses((status = 200, body = RedeemView)))]
pub async fn ask_payout(
    State(app): State<App>,
    resident: Resident,
    key: IdempotencyKey,
    body: ReadJson<SpendPoints>,
) -> ApiResult<Response> {
    let (user, points, now, city) = (resident.user, body.value.points, app.clock.now(), app.city());
    let appid = app.pay.as_ref().map(|pay| pay.appid().to_owned());
    once(&app, resident, key, &[b"payout", body.bytes.as_ref()].concat(), move |tx, id| {
        let appid = appid.as_deref().ok_or(Halt::Refused(RedeemRefusal::NotOffered))?;
        let openid = redeem::linked_openid(tx, user, appid)?;
        let openid = openid.ok_or(Halt::Refused(RedeemRefusal::NotLinked))?;
        redeem::ask(tx, &Ask { user, id, points, openid: &openid }, &city, now).map(drop)
    })
    .await
}

/// I want the points of a red packet back. Before it was sent they are mine at once; afterwards the pay system's answer
/// decides. `Idempotency-Key` is required.
#[utoipa::path(post, path = "/api/v1/redeem/payouts/{payout}/withdraw", tag = "redeem",
    params(("payout" = String, Path), ("idempotency-key" = String, Header)),
    responses((status = 200, body = RedeemView)))]
pub async fn withdraw_payout(
    State(app): State<App>,
    resident: Resident,
    ReadPath(payout): ReadPath<String>,
    key: IdempotencyKey,
) -> ApiResult<Response> {
    let (user, now, id) = (resident.user, app.clock.now(), named(&payout)?);
    once(&app, resident, key, &[b"withdraw".as_slice(), &id.0].concat(), move |tx, _| {
        redeem::withdraw(tx, user, id, now).map(drop)
    })
    .await
}
