//! A resident's wish about their points, under its key: the effect and its answer are one transaction, and the same key with the
//! same body gets the same answer.

use super::shown::show;
use crate::app::App;
use crate::edge::{ApiError, ApiResult, IdempotencyKey, Resident};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use woodlark_domain::redeem::RedeemRefusal;
use woodlark_ledger::EntryId;
use woodlark_store::idempotency::{self, Answer};
use woodlark_store::redeem::id_of;
use woodlark_store::{Halt, Tx};
use woodlark_wire::ProblemCode;

pub(super) async fn once(
    app: &App,
    resident: Resident,
    key: IdempotencyKey,
    request: &[u8],
    wish: impl Fn(&mut Tx, EntryId) -> Result<(), Halt<RedeemRefusal>> + Send + 'static,
) -> ApiResult<Response> {
    let (user, now, reader) = (resident.user, app.clock.now(), app.clone());
    let key = key.of(user, request);
    let id = id_of(user, &key.key);
    let answer = app
        .store
        .write(move |tx| {
            idempotency::once(tx, &key, now, |tx| {
                wish(tx, id).map_err(|halt| halt.map(|refusal| ApiError::refused(refusal.code())))?;
                let body = serde_json::to_vec(&show(tx, user, &reader)?)
                    .map_err(|error| Halt::Refused(ApiError::internal(&error)))?;
                Ok((200, body))
            })
        })
        .await?;
    match answer {
        Answer::Fresh { body, .. } | Answer::Replay { body, .. } => {
            let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")];
            Ok((StatusCode::OK, headers, body).into_response())
        }
        Answer::KeyReused => Err(ProblemCode::KeyReused.into()),
    }
}

/// The id that an address names.
pub(super) fn named(id: &str) -> ApiResult<EntryId> {
    woodlark_store::redeem::of_bill_no(id).ok_or_else(ApiError::not_found)
}
