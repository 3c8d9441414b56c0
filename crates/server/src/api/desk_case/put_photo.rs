//! `PUT /api/v1/desk/photos`

use crate::app::App;
use crate::edge::{ApiError, ApiResult, Staff, read_body};
use axum::Json;
use axum::extract::{Request, State};
use woodlark_domain::limits;
use woodlark_domain::policy::{Action, Scope, scope};
use woodlark_domain::{Role, Timestamp};
use woodlark_store::quota::{self, Quota, Spent};
use woodlark_store::{Halt, media};
use woodlark_wire::{PhotoKept, ProblemCode};

/// Photos that a member of staff may hand in: each is decoded and kept before a case has it.
const PER_DAY: Quota = Quota { kind: "desk_photo", most: 500, window: Timestamp::DAY, gap: 0 };

/// A photo of afterwards, or a covered copy, whole, at most 20 MiB. It is named by what is kept of it; one that no order
/// and no approval names is gone after a day.
#[utoipa::path(put, path = "/api/v1/desk/photos", tag = "desk",
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, body = PhotoKept)))]
pub async fn desk_put_photo(
    State(app): State<App>,
    staff: Staff,
    request: Request,
) -> ApiResult<Json<PhotoKept>> {
    let brings = |role: Role| {
        matches!(role, Role::Handler | Role::Verifier) || scope(role, Action::ApprovePhoto) != Scope::Nothing
    };
    if !staff.session.posts.iter().any(|post| brings(post.role)) {
        return Err(ApiError::not_found());
    }
    let _room = app.room(request.headers(), limits::PHOTO_BYTES).await?;
    let whole = read_body(request, usize::try_from(limits::PHOTO_BYTES).unwrap_or(usize::MAX)).await?;
    let (user, now) = (staff.session.user, app.clock.now());
    let spend = move |tx: &mut woodlark_store::Tx| {
        Ok::<_, Halt<ApiError>>(quota::spend(tx, &PER_DAY, &[user.as_bytes()], now)?)
    };
    if let Spent::Refused { again_at } = app.store.write(spend).await? {
        let seconds = again_at.0.saturating_sub(now.0) / Timestamp::SECOND;
        let seconds = u32::try_from(seconds).unwrap_or(u32::MAX);
        return Err(ApiError::wait(ProblemCode::TooManyRequests, seconds));
    }
    let object = app.keep_photo(whole).await?.object();
    let (hash, now) = (object.hash, app.clock.now());
    app.store.write(move |tx| Ok::<_, Halt<ApiError>>(media::keep(tx, &object, now)?)).await?;
    Ok(Json(PhotoKept { hash }))
}
