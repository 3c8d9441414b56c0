//! `POST /api/v1/cases/{case}/join`

use super::withdraw::command_once;
use crate::app::App;
use crate::edge::{ApiResult, IdempotencyKey, ReadPath, Resident};
use axum::extract::State;
use axum::response::Response;
use woodlark_domain::CaseId;
use woodlark_domain::case::Command;
use woodlark_wire::CaseView;

/// I met this too: from now on its news are mine as well. `Idempotency-Key` is required.
#[utoipa::path(post, path = "/api/v1/cases/{case}/join", tag = "case",
    params(("case" = CaseId, Path), ("idempotency-key" = String, Header)), responses((status = 200, body = CaseView)))]
pub async fn join(
    State(app): State<App>,
    resident: Resident,
    ReadPath(case): ReadPath<CaseId>,
    key: IdempotencyKey,
) -> ApiResult<Response> {
    let command = Command::Join { who: resident.user, merged: None };
    command_once(&app, resident, case, key, command, &[]).await
}
