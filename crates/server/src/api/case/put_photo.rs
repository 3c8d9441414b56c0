//! `PUT /api/v1/cases/{case}/photos`

use crate::app::App;
use crate::edge::{ApiError, ApiResult, ReadPath, Resident, read_body};
use axum::Json;
use axum::extract::{Request, State};
use woodlark_domain::case::{Actor, CommandKind, may};
use woodlark_domain::{CaseId, Door, Timestamp, UserId, limits};
use woodlark_store::quota::Quota;
use woodlark_store::{Halt, cases, media};
use woodlark_wire::PhotoKept;

/// Photos that one account may hand in here: each is decoded and kept before the case has it.
const PER_DAY: Quota =
    Quota { kind: "contest_photo", most: limits::CONTEST_PHOTOS_PER_DAY, window: Timestamp::DAY, gap: 0 };
/// A photo to contest with, whole, at most 20 MiB, while contesting is allowed. It is named by what is kept of it, so
/// the same photo again has the same name; one that no contest names is gone after a day.
#[utoipa::path(put, path = "/api/v1/cases/{case}/photos", tag = "case", params(("case" = CaseId, Path)),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, body = PhotoKept)))]
pub async fn put_photo(
    State(app): State<App>,
    resident: Resident,
    ReadPath(case): ReadPath<CaseId>,
    request: Request,
) -> ApiResult<Json<PhotoKept>> {
    may_contest(&app, case, resident.user).await?;
    // Like a plain form it is held in memory whole, and waits for its room.
    let _room = app.room(request.headers(), limits::PHOTO_BYTES).await?;
    let whole = read_body(request, usize::try_from(limits::PHOTO_BYTES).unwrap_or(usize::MAX)).await?;
    app.spend(PER_DAY, resident.user).await?;
    let object = app.keep_photo(whole).await?.object();
    let (hash, now) = (object.hash, app.clock.now());
    app.store.write(move |tx| Ok::<_, Halt<ApiError>>(media::keep(tx, &object, now)?)).await?;
    Ok(Json(PhotoKept { hash }))
}

/// Whether this resident may contest this case now; to others there is no such case.
async fn may_contest(app: &App, case: CaseId, user: UserId) -> ApiResult<()> {
    let (now, city) = (app.clock.now(), app.city());
    let view = app.store.read(move |conn| cases::view(conn, case, user, &city)).await?;
    let view = view.ok_or_else(ApiError::not_found)?;
    let actor = Actor::resident(user, Door::Browser);
    may(&view.case, &actor, CommandKind::Contest, now).map_err(|refusal| ApiError::refused(refusal.code()))
}
