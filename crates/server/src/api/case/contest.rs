//! `POST /api/v1/cases/{case}/contest`

use super::withdraw::command_once;
use crate::app::App;
use crate::edge::{ApiError, ApiResult, IdempotencyKey, ReadJson, ReadPath, Resident};
use axum::extract::State;
use axum::response::Response;
use woodlark_domain::CaseId;
use woodlark_domain::case::Command;
use woodlark_domain::report::Reason;
use woodlark_wire::{CaseView, Contest};

/// It isn't fixed: the case is verified again, by somebody else. Its photos were put before. `Idempotency-Key` is
/// required.
#[utoipa::path(post, path = "/api/v1/cases/{case}/contest", tag = "case", request_body = Contest,
    params(("case" = CaseId, Path), ("idempotency-key" = String, Header)), responses((status = 200, body = CaseView)))]
pub async fn contest(
    State(app): State<App>,
    resident: Resident,
    ReadPath(case): ReadPath<CaseId>,
    key: IdempotencyKey,
    body: ReadJson<Contest>,
) -> ApiResult<Response> {
    let reason = Reason::new(&body.value.reason).map_err(|_| ApiError::field("reason", "reason"))?;
    let command = Command::Contest { reason, photos: body.value.photos };
    command_once(&app, resident, case, key, command, &body.bytes).await
}
