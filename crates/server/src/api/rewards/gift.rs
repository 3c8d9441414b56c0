//! `POST /api/v1/desk/rewards/gift`, `POST /api/v1/desk/rewards/honour`

use crate::api::case::label;
use crate::api::redeem::station;
use crate::app::App;
use crate::edge::{ApiError, ApiResult, ReadJson, Staff};
use crate::gift_code::gift_code_hash;
use axum::Json;
use axum::extract::State;
use woodlark_domain::Role;
use woodlark_domain::policy::{Action, Scope, scope};
use woodlark_domain::redeem::RedeemRefusal;
use woodlark_store::city::City;
use woodlark_store::redeem::{self, GiftOrder, HandedOverBy, Honour};
use woodlark_wire::{DeskGift, ShownCode};

/// What a code is of. Nothing is handed over by looking.
#[utoipa::path(post, path = "/api/v1/desk/rewards/gift", tag = "desk", request_body = ShownCode,
    responses((status = 200, body = DeskGift)))]
pub async fn desk_gift(
    State(app): State<App>,
    staff: Staff,
    body: ReadJson<ShownCode>,
) -> ApiResult<Json<DeskGift>> {
    staff.must(Action::HonourGift)?;
    let hash = gift_hash_of(&app, &body.value.code)?;
    let found = app.store.read(move |conn| redeem::gift_by_code(conn, &hash)).await?;
    let found = found.ok_or_else(|| ApiError::refused(RedeemRefusal::GiftGone.code()))?;
    Ok(Json(show_gift(found, &app.city())))
}

/// The gift was handed over: its code is worth nothing any more.
#[utoipa::path(post, path = "/api/v1/desk/rewards/honour", tag = "desk", request_body = ShownCode,
    responses((status = 200, body = DeskGift)))]
pub async fn desk_honour(
    State(app): State<App>,
    staff: Staff,
    body: ReadJson<ShownCode>,
) -> ApiResult<Json<DeskGift>> {
    let by = staff.must(Action::HonourGift)?;
    let may = |role: &Role| scope(*role, Action::HonourGift) != Scope::Nothing;
    let role = staff.session.posts.iter().map(|post| post.role).find(may).unwrap_or(Role::Acceptor);
    let (hash, now) = (gift_hash_of(&app, &body.value.code)?, app.clock.now());
    let honoured = app.store.write(move |tx| {
        redeem::honour(tx, &Honour { code_hash: &hash, by: HandedOverBy::Staff(by, role), now })
            .map_err(|halt| halt.map(|refusal| ApiError::refused(refusal.code())))
    });
    Ok(Json(show_gift(honoured.await?, &app.city())))
}

/// What the database finds a gift by that somebody shows.
///
/// # Errors
/// `invalid`.
pub(crate) fn gift_hash_of(app: &App, code: &str) -> ApiResult<[u8; 32]> {
    gift_code_hash(app, code).ok_or_else(|| ApiError::field("code", "gift_code"))
}

/// A gift as whoever hands it over sees it.
pub(crate) fn show_gift(one: GiftOrder, city: &City) -> DeskGift {
    DeskGift {
        name: label(&one.name),
        station: station(&one.station, city),
        state: one.state,
        keep_until: one.keep_until,
        changed_at: one.changed_at,
    }
}
