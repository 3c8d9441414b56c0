//! `POST /api/v1/cases/{case}/rate`

use super::withdraw::command_once;
use crate::app::App;
use crate::edge::{ApiError, ApiResult, IdempotencyKey, ReadJson, ReadPath, Resident};
use axum::extract::State;
use axum::response::Response;
use woodlark_domain::CaseId;
use woodlark_domain::case::{Command, Stars};
use woodlark_domain::report::Words;
use woodlark_wire::{CaseView, Rate};

/// How satisfied I am with what was done; rated again within thirty days, the later one counts. `Idempotency-Key` is
/// required.
#[utoipa::path(post, path = "/api/v1/cases/{case}/rate", tag = "case", request_body = Rate,
    params(("case" = CaseId, Path), ("idempotency-key" = String, Header)), responses((status = 200, body = CaseView)))]
pub async fn rate(
    State(app): State<App>,
    resident: Resident,
    ReadPath(case): ReadPath<CaseId>,
    key: IdempotencyKey,
    body: ReadJson<Rate>,
) -> ApiResult<Response> {
    let stars = Stars::new(body.value.stars).map_err(|_| ApiError::field("stars", "stars"))?;
    // A field that was left empty is no words at all.
    let words = body.value.words.as_deref().filter(|words| !words.trim().is_empty());
    let words = words.map(Words::new).transpose().map_err(|_| ApiError::field("words", "rating_words"))?;
    command_once(&app, resident, case, key, Command::Rate { stars, words }, &body.bytes).await
}
