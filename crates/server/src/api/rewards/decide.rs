//! `POST /api/v1/desk/rewards/payouts/{payout}`

use super::shown::{approvers, payout};
use super::{entry_id, reason};
use crate::app::App;
use crate::edge::{ApiError, ApiResult, ReadJson, ReadPath, Staff};
use axum::Json;
use axum::extract::State;
use woodlark_domain::policy::Action;
use woodlark_store::{Halt, redeem};
use woodlark_wire::{DecidePayout, DeskPayout, PayoutDecision};

/// Approves a payout, declines it, lets it go on, or gives up on it.
#[utoipa::path(post, path = "/api/v1/desk/rewards/payouts/{payout}", tag = "desk", request_body = DecidePayout,
    params(("payout" = String, Path)), responses((status = 200, body = DeskPayout)))]
pub async fn desk_decide_payout(
    State(app): State<App>,
    staff: Staff,
    ReadPath(id): ReadPath<String>,
    body: ReadJson<DecidePayout>,
) -> ApiResult<Json<DeskPayout>> {
    let by = staff.must(Action::DecidePayout)?;
    let (id, now, city) = (entry_id(&id)?, app.clock.now(), app.city());
    let DecidePayout { decision, reason: why } = body.value;
    let why = match decision {
        PayoutDecision::Approve | PayoutDecision::Resume => String::new(),
        PayoutDecision::Decline | PayoutDecision::GiveBack => reason(&why)?,
    };
    let shown = app.store.write(move |tx| {
        if redeem::payout(tx, id)?.is_none() {
            return Err(Halt::Refused(ApiError::not_found()));
        }
        let done = match decision {
            PayoutDecision::Approve => redeem::approve(tx, id, by, &city, now),
            PayoutDecision::Decline => redeem::decline(tx, id, by, &why, now),
            PayoutDecision::Resume => redeem::resume(tx, id, by, now),
            PayoutDecision::GiveBack => redeem::give_back(tx, id, by, &why, now),
        };
        let one = done.map_err(|halt| halt.map(|refusal| ApiError::refused(refusal.code())))?;
        let names = approvers(tx, std::slice::from_ref(&one))?;
        Ok(payout(tx, one, &names, (by, true), &city)?)
    });
    Ok(Json(shown.await?))
}
