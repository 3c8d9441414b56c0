//! `POST /api/v1/desk/cases/{case}/orders`

use super::load::load_in;
use super::view::read;
use crate::app::App;
use crate::edge::{ApiError, ApiResult, IdempotencyKey, ReadJson, ReadPath, Staff};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use woodlark_domain::case::{Actor, Command, Refusal, may};
use woodlark_domain::criterion::CriterionRef;
use woodlark_domain::dispatch::route_again;
use woodlark_domain::policy::Action;
use woodlark_domain::report::Reason;
use woodlark_domain::{CaseId, ContentHash, Timestamp};
use woodlark_store::approvals::Shown;
use woodlark_store::cases::{self, Commanded, Order, Whole};
use woodlark_store::city::City;
use woodlark_store::idempotency::{self, Answer};
use woodlark_store::{Halt, Tx};
use woodlark_wire::{DeskCase, DeskCommand, DeskOrder, ProblemCode};

/// Does something to a case, if the rules allow it to one of the reader's roles. `Idempotency-Key` is required. Where the
/// case has moved on since the version that the order names, nothing is done and the answer is `moved`. The answer is empty
/// where its giver may see the case no more, as after giving it back.
#[utoipa::path(post, path = "/api/v1/desk/cases/{case}/orders", tag = "desk", request_body = DeskOrder,
    params(("case" = CaseId, Path), ("idempotency-key" = String, Header)), responses((status = 200, body = DeskCase), (status = 204)))]
pub async fn desk_order(
    State(app): State<App>,
    staff: Staff,
    ReadPath(case): ReadPath<CaseId>,
    key: IdempotencyKey,
    body: ReadJson<DeskOrder>,
) -> ApiResult<Response> {
    // An order that waited on a device goes under nobody else's session.
    if body.value.giver.is_some_and(|giver| giver != staff.session.user) {
        return Err(ProblemCode::NotStaff.into());
    }
    let (city, now, giver) = (app.city(), app.clock.now(), staff.clone());
    let key = key.of(staff.session.user, &[b"order".as_slice(), case.as_bytes(), &body.bytes].concat());
    let order = body.value;
    let answer = app
        .store
        .write(move |tx| {
            idempotency::once(tx, &key, now, |tx| {
                carry_out(tx, &giver, case, &order, &city, now)?;
                Ok((200, Vec::new()))
            })
        })
        .await?;
    app.live.look_now();
    match answer {
        // What stands now is shown, also to whoever asks again.
        Answer::Fresh { .. } | Answer::Replay { .. } => match read(&app, &staff, case).await {
            Ok(shown) => Ok(Json(shown).into_response()),
            Err(refused) if refused.code() == ProblemCode::NotFound => {
                Ok(StatusCode::NO_CONTENT.into_response())
            }
            Err(refused) => Err(refused),
        },
        Answer::KeyReused => Err(ProblemCode::KeyReused.into()),
    }
}

fn carry_out(
    tx: &mut Tx,
    staff: &Staff,
    id: CaseId,
    order: &DeskOrder,
    city: &City,
    now: Timestamp,
) -> Result<(), Halt<ApiError>> {
    let (whole, actors) = load_in(tx, staff, id, Action::ReadCase, city)?;
    if cases::moved(tx, id, order.version)? {
        return Err(Halt::Refused(ProblemCode::Moved.into()));
    }
    if let DeskCommand::Merge { into } = &order.command {
        // One may not learn of a case by merging into it.
        load_in(tx, staff, *into, Action::ReadCase, city)
            .map_err(|halt| halt.map(|_| ApiError::refused(Refusal::MergeUnknown.code())))?;
    }
    let actor = actor(&whole, &actors, order, now).map_err(Halt::Refused)?;
    let command = command(&whole, &order.command, city).map_err(Halt::Refused)?;
    match cases::command(tx, &Order { case: id, actor, command, now, city })? {
        Commanded::Done(_) => Ok(()),
        Commanded::NotFound => Err(Halt::Refused(ApiError::not_found())),
        Commanded::Refused(refusal) => Err(Halt::Refused(ApiError::refused(refusal.code()))),
    }
}

/// The first of the giver's roles that may give this command now; else the rule that refuses, the most telling first.
fn actor<'a>(
    whole: &Whole,
    actors: &'a [Actor],
    order: &DeskOrder,
    now: Timestamp,
) -> Result<&'a Actor, ApiError> {
    let mut refused = Refusal::WrongRole;
    for actor in actors {
        match may(&whole.case, actor, order.command.kind(), now) {
            Ok(()) => return Ok(actor),
            Err(refusal) if refused == Refusal::WrongRole || refusal.is_telling() => refused = refusal,
            Err(_) => {}
        }
    }
    Err(ApiError::refused(refused.code()))
}

/// The command in the rules' words, with what only the server knows.
fn command(whole: &Whole, order: &DeskCommand, city: &City) -> Result<Command, ApiError> {
    let reason = |text: &str| Reason::new(text).map_err(|_| ApiError::field("reason", "reason"));
    let note = |text: &str| Reason::new(text).map_err(|_| ApiError::field("note", "reason"));
    let wished = |text: Option<&String>| {
        text.filter(|text| !text.trim().is_empty()).map(|text| note(text)).transpose()
    };
    Ok(match order {
        DeskCommand::File { category, area } => {
            if city.category(category).is_none() {
                return Err(ApiError::field("category", "category"));
            }
            if city.areas().get(area).is_none() {
                return Err(ApiError::field("area", "area"));
            }
            let criterion =
                city.criterion(category).ok_or_else(|| ApiError::field("category", "category"))?;
            Command::File {
                category: category.clone(),
                area: area.clone(),
                criterion: CriterionRef { version: criterion.version, condition: 0 },
            }
        }
        DeskCommand::Decline { reason: text } => Command::Decline { reason: reason(text)? },
        DeskCommand::Merge { into } => Command::Merge { into: *into },
        DeskCommand::Dispatch { department } => {
            if city.department(department).is_none() {
                return Err(ApiError::field("department", "department"));
            }
            // Where a person sends it where a rule would have, the case records the rule.
            let case = &whole.case;
            let rule = case.category.as_ref().zip(case.area.as_ref()).and_then(|(category, area)| {
                route_again(&city.data().rules, category, area, &case.returned_by)
            });
            let rule = rule.filter(|rule| rule.department == *department).map(|rule| rule.code.clone());
            Command::Dispatch { department: department.clone(), rule }
        }
        DeskCommand::Sign => Command::Sign,
        DeskCommand::Return { reason: text } => Command::Return { reason: reason(text)? },
        DeskCommand::Defer { reason: text, until } => Command::Defer { reason: reason(text)?, until: *until },
        DeskCommand::Resume { reason: text } => Command::Resume { reason: wished(text.as_ref())? },
        DeskCommand::Extend { reason: text, limit } => {
            Command::Extend { reason: reason(text)?, limit: *limit }
        }
        DeskCommand::Finish { note: text, photos, verdict, fix } => {
            Command::Finish { note: note(text)?, photos: photos.clone(), verdict: *verdict, fix: *fix }
        }
        DeskCommand::Pass { note: text, photos, fix } => {
            Command::Pass { note: wished(text.as_ref())?, photos: photos.clone(), fix: *fix }
        }
        DeskCommand::Rework { reason: text } => Command::Rework { reason: reason(text)? },
        DeskCommand::ForceClose { reason: text } => Command::ForceClose { reason: reason(text)? },
        DeskCommand::Publish => Command::Publish { photos: shown(whole) },
        DeskCommand::Thank { note: text } => Command::Thank { note: wished(text.as_ref())? },
    })
}

/// The photos of the report that everyone may see.
fn shown(whole: &Whole) -> Vec<ContentHash> {
    let seen = |hash: &&ContentHash| {
        whole.approvals.get(*hash).is_some_and(|approval| approval.shown != Shown::Nothing)
    };
    whole.case.photos.iter().filter(seen).copied().collect()
}
