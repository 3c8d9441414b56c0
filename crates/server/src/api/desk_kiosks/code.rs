//! `POST /api/v1/desk/kiosks/{kiosk}/code`

use crate::api::kiosk::enrol_hash;
use crate::app::App;
use crate::clock::random;
use crate::edge::{ApiError, ApiResult, ReadPath, Staff};
use axum::Json;
use axum::extract::State;
use woodlark_domain::kiosk::LetterCode;
use woodlark_domain::policy::Action;
use woodlark_domain::{KioskId, Timestamp, UserId};
use woodlark_store::kiosks::{self, Issued};
use woodlark_store::{Halt, Tx};
use woodlark_wire::KioskCode;

/// Another code to enrol a kiosk's device with: one that is new, or one whose leave is to be given back. The device that serves now
/// goes on until the code is used.
#[utoipa::path(post, path = "/api/v1/desk/kiosks/{kiosk}/code", tag = "desk", params(("kiosk" = KioskId, Path)),
    responses((status = 200, body = KioskCode)))]
pub async fn desk_kiosk_code(
    State(app): State<App>,
    staff: Staff,
    ReadPath(id): ReadPath<KioskId>,
) -> ApiResult<Json<KioskCode>> {
    let by = staff.must(Action::KeepKiosks)?;
    let now = app.clock.now();
    let (code, hash) = new_code(&app);
    let expires_at = app.store.write(move |tx| issue(tx, id, &hash, by, now)).await?;
    Ok(Json(KioskCode { id, code, expires_at }))
}

/// A code, and what the database keeps of it.
pub(super) fn new_code(app: &App) -> (LetterCode, [u8; 32]) {
    let code = LetterCode::from_random(random());
    let hash = enrol_hash(app, &code);
    (code, hash)
}

/// Writes a code down; until when it holds.
///
/// # Errors
/// `not_found`; a fault.
pub(super) fn issue(
    tx: &mut Tx,
    id: KioskId,
    hash: &[u8; 32],
    by: UserId,
    now: Timestamp,
) -> Result<Timestamp, Halt<ApiError>> {
    match kiosks::issue_code(tx, id, hash, by, now)? {
        Issued::Until(expires_at) => Ok(expires_at),
        Issued::NotFound => Err(Halt::Refused(ApiError::not_found())),
    }
}
