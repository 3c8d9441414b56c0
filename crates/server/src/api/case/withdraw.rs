//! `POST /api/v1/cases/{case}/withdraw`

use super::notice::waiting;
use super::show_case;
use crate::app::App;
use crate::edge::{ApiError, ApiResult, IdempotencyKey, ReadPath, Resident};
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use woodlark_domain::case::{Actor, Command};
use woodlark_domain::{CaseId, Door};
use woodlark_store::Halt;
use woodlark_store::cases::{self, Commanded, Order};
use woodlark_store::idempotency::{self, Answer};
use woodlark_wire::{CaseView, ProblemCode};

/// I take it back, as long as no department has it. `Idempotency-Key` is required.
#[utoipa::path(post, path = "/api/v1/cases/{case}/withdraw", tag = "case",
    params(("case" = CaseId, Path), ("idempotency-key" = String, Header)), responses((status = 200, body = CaseView)))]
pub async fn withdraw(
    State(app): State<App>,
    resident: Resident,
    ReadPath(case): ReadPath<CaseId>,
    key: IdempotencyKey,
) -> ApiResult<Response> {
    command_once(&app, resident, case, key, Command::Withdraw, &[]).await
}

/// Does a resident's command under its key: the effect and its answer are one transaction, and the same key with the
/// same body gets the same answer, byte for byte.
pub(super) async fn command_once(
    app: &App,
    resident: Resident,
    case: CaseId,
    key: IdempotencyKey,
    command: Command,
    body: &[u8],
) -> ApiResult<Response> {
    let (user, now, city, told) = (resident.user, app.clock.now(), app.city(), app.tells_by().is_some());
    let request = [command.kind().code().as_bytes(), case.as_bytes(), body].concat();
    let key = key.of(user, &request);
    let actor = Actor::resident(user, Door::Browser);
    let answer = app
        .store
        .write(move |tx| {
            idempotency::once(tx, &key, now, |tx| {
                let order = Order { case, actor: &actor, command: command.clone(), now, city: &city };
                match cases::command(tx, &order)? {
                    Commanded::Done(_) => {}
                    Commanded::NotFound => return Err(Halt::Refused(ApiError::not_found())),
                    Commanded::Refused(refusal) => {
                        return Err(Halt::Refused(ApiError::refused(refusal.code())));
                    }
                }
                let view = cases::view(tx, case, user, &city)?.ok_or(Halt::Refused(ApiError::not_found()))?;
                let notices = waiting(tx, told, case, user)?;
                let body = serde_json::to_vec(&show_case(&view, notices, user, &city, now))
                    .map_err(|error| Halt::Refused(ApiError::internal(&error)))?;
                Ok((200, body))
            })
        })
        .await?;
    app.live.look_now();
    match answer {
        Answer::Fresh { status, body } | Answer::Replay { status, body } => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
            Ok((status, [(header::CONTENT_TYPE, "application/json")], body).into_response())
        }
        Answer::KeyReused => Err(ProblemCode::KeyReused.into()),
    }
}
