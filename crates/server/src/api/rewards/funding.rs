//! `POST /api/v1/desk/rewards/funding`

use super::read::desk_rewards;
use super::reason;
use crate::app::App;
use crate::edge::{ApiError, ApiResult, IdempotencyKey, ReadJson, Staff};
use axum::extract::State;
use axum::response::IntoResponse;
use woodlark_domain::policy::Action;
use woodlark_store::idempotency::{self, Answer};
use woodlark_store::redeem::{self, id_of};
use woodlark_wire::{DeskRewards, FundRewards, ProblemCode};

/// The most fen of one decision: ten million yuan.
const MOST_FEN: i64 = 1_000_000_000;

/// Raises the budget for thanks, or lowers it; never below what is promised. `Idempotency-Key` is required.
#[utoipa::path(post, path = "/api/v1/desk/rewards/funding", tag = "desk", request_body = FundRewards,
    params(("idempotency-key" = String, Header)), responses((status = 200, body = DeskRewards)))]
pub async fn desk_fund(
    State(app): State<App>,
    staff: Staff,
    key: IdempotencyKey,
    body: ReadJson<FundRewards>,
) -> ApiResult<impl IntoResponse> {
    let by = staff.must(Action::FundRewards)?;
    let FundRewards { fen, note } = body.value;
    if fen == 0 || fen.unsigned_abs() > MOST_FEN.unsigned_abs() {
        return Err(ApiError::field("fen", "fen"));
    }
    let (note, now) = (reason(&note).map_err(|_| ApiError::field("note", "note"))?, app.clock.now());
    let key = key.of(by, &[b"funding", body.bytes.as_ref()].concat());
    let decision = id_of(by, &key.key);
    let answer = app.store.write(move |tx| {
        idempotency::once(tx, &key, now, |tx| {
            redeem::fund(tx, decision, fen, by, &note, now)
                .map_err(|halt| halt.map(|refusal| ApiError::refused(refusal.code())))?;
            Ok((200, Vec::new()))
        })
    });
    if answer.await? == Answer::KeyReused {
        return Err(ProblemCode::KeyReused.into());
    }
    desk_rewards(State(app), staff).await
}
