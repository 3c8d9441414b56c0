//! `DELETE /api/v1/desk/kiosks/{kiosk}`

use crate::app::App;
use crate::edge::{ApiError, ApiResult, ReadPath, Staff};
use axum::extract::State;
use axum::http::StatusCode;
use woodlark_domain::KioskId;
use woodlark_domain::policy::Action;
use woodlark_store::{Halt, kiosks};

/// Takes a kiosk's leave away at once. What is sealed on its device stays there, and is taken once it is enrolled as the same
/// kiosk again.
#[utoipa::path(delete, path = "/api/v1/desk/kiosks/{kiosk}", tag = "desk", params(("kiosk" = KioskId, Path)),
    responses((status = 204)))]
pub async fn desk_revoke_kiosk(
    State(app): State<App>,
    staff: Staff,
    ReadPath(id): ReadPath<KioskId>,
) -> ApiResult<StatusCode> {
    let by = staff.must(Action::KeepKiosks)?;
    let now = app.clock.now();
    let revoked =
        app.store.write(move |tx| Ok::<_, Halt<ApiError>>(kiosks::revoke(tx, id, by, now)?)).await?;
    if revoked { Ok(StatusCode::NO_CONTENT) } else { Err(ApiError::not_found()) }
}
