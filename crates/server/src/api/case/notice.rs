//! `POST /api/v1/cases/{case}/notice`

use crate::app::App;
use crate::edge::{ApiError, ApiResult, IdempotencyKey, ReadPath, Resident};
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use woodlark_domain::{CaseId, UserId};
use woodlark_store::idempotency::{self, Answer};
use woodlark_store::notices::{self, Consented};
use woodlark_store::{Conn, Fault, Halt};
use woodlark_wire::{CaseNotices, ProblemCode};

/// I consented in WeChat to be told once what this case comes to: that it is closed, declined or, for praise, on the wall. Each
/// consent is one message. `Idempotency-Key` is required.
#[utoipa::path(post, path = "/api/v1/cases/{case}/notice", tag = "case",
    params(("case" = CaseId, Path), ("idempotency-key" = String, Header)), responses((status = 200, body = CaseNotices)))]
pub async fn notice(
    State(app): State<App>,
    resident: Resident,
    ReadPath(case): ReadPath<CaseId>,
    key: IdempotencyKey,
) -> ApiResult<Response> {
    let appid = app.tells_by().ok_or_else(ApiError::not_found)?;
    let (user, now, named) = (resident.user, app.clock.now(), key.as_str().to_owned());
    let key = key.of(user, &[b"notice".as_slice(), case.as_bytes()].concat());
    let answer = app
        .store
        .write(move |tx| {
            idempotency::once(tx, &key, now, |tx| {
                let open = match notices::consent(tx, user, case, &appid, &named, now)? {
                    Consented::Kept { open } => open,
                    Consented::NotFound => return Err(Halt::Refused(ApiError::not_found())),
                    Consented::NotLinked => return Err(Halt::Refused(ApiError::refused("no_wechat"))),
                    Consented::Over => return Err(Halt::Refused(ApiError::refused("case_over"))),
                };
                let body = serde_json::to_vec(&CaseNotices { notices: open })
                    .map_err(|error| Halt::Refused(ApiError::internal(&error)))?;
                Ok((200, body))
            })
        })
        .await?;
    match answer {
        Answer::Fresh { status, body } | Answer::Replay { status, body } => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
            Ok((status, [(header::CONTENT_TYPE, "application/json")], body).into_response())
        }
        Answer::KeyReused => Err(ProblemCode::KeyReused.into()),
    }
}

/// How many messages about a case a reader is still to get; nobody is asked where none are sent.
pub(super) fn waiting(conn: &mut Conn, told: bool, case: CaseId, reader: UserId) -> Result<u32, Fault> {
    if told { notices::open(conn, case, reader) } else { Ok(0) }
}
