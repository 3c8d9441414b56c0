//! `POST /api/v1/desk/city/{part}/apply`

use super::candidate::{Candidate, candidate, known};
use super::shown::{names, version};
use crate::app::App;
use crate::edge::{ApiError, ApiResult, IdempotencyKey, ReadJson, ReadPath, Staff};
use crate::jobs::reload_city;
use axum::Json;
use axum::extract::{Request, State};
use woodlark_domain::city::{Content, Part};
use woodlark_domain::limits::{CITY_BYTES, NOTE_CHARS};
use woodlark_domain::policy::Action;
use woodlark_domain::{Timestamp, UserId};
use woodlark_store::city::{self, Applying, NotApplied, ProposalState, hash_of};
use woodlark_store::idempotency::{self, Answer};
use woodlark_store::{Halt, Tx};
use woodlark_wire::{CityApply, PartVersionView, ProblemCode};

/// Makes what was previewed the version that stands. `Idempotency-Key` is required. Where somebody applied something in
/// between, or it is not what the preview was of, nothing is done.
#[utoipa::path(post, path = "/api/v1/desk/city/{part}/apply", tag = "desk", request_body = CityApply,
    params(("part" = Part, Path), ("idempotency-key" = String, Header)),
    responses((status = 200, body = PartVersionView)))]
pub async fn desk_city_apply(
    State(app): State<App>,
    staff: Staff,
    ReadPath(part): ReadPath<Part>,
    key: IdempotencyKey,
    request: Request,
) -> ApiResult<Json<PartVersionView>> {
    let by = staff.must(Action::EditCity)?;
    let _room = app.room(request.headers(), CITY_BYTES).await?;
    let ReadJson { value, bytes } = ReadJson::<CityApply>::at_most(request, CITY_BYTES).await?;
    let CityApply { base, hash, note, source } = value;
    let note = note.trim().to_owned();
    if note.chars().count() > NOTE_CHARS || note.chars().any(char::is_control) {
        return Err(ApiError::field("note", "note"));
    }
    let (now, key) =
        (app.clock.now(), key.of(by, &[b"city".as_slice(), part.code().as_bytes(), &bytes].concat()));
    // Asked again it was done already, and the version that it was made against no longer stands.
    let asked = key.clone();
    let before = app.store.write(move |tx| Ok::<_, Halt<ApiError>>(idempotency::get(tx, &asked)?)).await?;
    let number = match before {
        Some(Answer::Fresh { body, .. } | Answer::Replay { body, .. }) => read_number(&body),
        Some(Answer::KeyReused) => return Err(ProblemCode::KeyReused.into()),
        None => {
            let Candidate { after, restored, proposal, .. } = candidate(&app, part, base, source).await?;
            let content = after.map_err(|_| ApiError::field("source", "city"))?;
            if hash_of(&content)? != hash {
                return Err(ProblemCode::CityMoved.into());
            }
            let answer = app.store.write(move |tx| {
                idempotency::once(tx, &key, now, |tx| {
                    let change = Change { content: &content, base, note: &note, by, now, restored };
                    let number = carry_out(tx, &change)?;
                    if let Some(id) = proposal
                        && !city::decide(tx, id, ProposalState::Applied, by, now)?
                    {
                        return Err(Halt::Refused(ApiError::not_found()));
                    }
                    Ok((200, number.to_string().into_bytes()))
                })
            });
            match answer.await? {
                Answer::Fresh { body, .. } | Answer::Replay { body, .. } => read_number(&body),
                Answer::KeyReused => return Err(ProblemCode::KeyReused.into()),
            }
        }
    };
    reload_city(app.clone()).await;
    app.live.look_now();
    let read = app.store.read(move |conn| {
        let found: Vec<_> =
            city::versions(conn, part)?.into_iter().filter(|one| one.number == number).collect();
        let names = names(conn, &found)?;
        Ok(found.first().map(|one| version(one, &names)))
    });
    Ok(Json(read.await?.ok_or_else(ApiError::not_found)?))
}

struct Change<'a> {
    content: &'a Content,
    base: u32,
    note: &'a str,
    by: UserId,
    now: Timestamp,
    restored: Option<u32>,
}

/// Applies it if, as things stand in this very transaction, nothing is wrong with it.
fn carry_out(tx: &mut Tx, change: &Change<'_>) -> Result<u32, Halt<ApiError>> {
    let Some(standing) = city::load(tx)? else { return Err(Halt::Refused(ApiError::not_found())) };
    let used = city::used(tx)?;
    if !woodlark_tables::faults(change.content, &known(&standing), &used).is_empty() {
        return Err(Halt::Refused(ApiError::field("source", "city")));
    }
    let Change { content, base, note, by, now, restored } = *change;
    let applied = city::apply(tx, &Applying { content, base, note, by, now, restored });
    let version = applied.map_err(|halt| {
        halt.map(|refusal| match refusal {
            NotApplied::NoCity => ApiError::not_found(),
            NotApplied::Moved => ProblemCode::CityMoved.into(),
            NotApplied::Unchanged => ProblemCode::CityUnchanged.into(),
        })
    })?;
    Ok(version.number)
}

/// The number that was answered.
fn read_number(body: &[u8]) -> u32 {
    std::str::from_utf8(body).ok().and_then(|text| text.parse().ok()).unwrap_or(0)
}
