//! `POST /api/v1/reports/{case}/complete`

use super::status::show_receipt;
use crate::app::App;
use crate::edge::{ApiError, ApiResult, ReadPath, Resident};
use axum::Json;
use axum::extract::State;
use woodlark_domain::{CaseId, Timestamp, UserId};
use woodlark_store::city::City;
use woodlark_store::intake::{self, Completed};
use woodlark_store::{Halt, Tx};
use woodlark_wire::{ProblemCode, Receipt};

/// Everything has arrived: the report becomes a case. Asked again, it gives the same receipt.
#[utoipa::path(post, path = "/api/v1/reports/{case}/complete", tag = "report", params(("case" = CaseId, Path)),
    responses((status = 200, body = Receipt)))]
pub async fn complete(
    State(app): State<App>,
    resident: Resident,
    ReadPath(case): ReadPath<CaseId>,
) -> ApiResult<Json<Receipt>> {
    let (user, city, now) = (resident.user, app.city(), app.clock.now());
    let receipt = app.store.write(move |tx| complete_in(tx, user, case, &city, now)).await?;
    tell_of_report(&app);
    Ok(Json(show_receipt(&receipt)))
}

/// Makes the report a case within a transaction.
///
/// # Errors
/// `incomplete`, `not_found`, `refused`; a fault.
pub(crate) fn complete_in(
    tx: &mut Tx,
    user: UserId,
    case: CaseId,
    city: &City,
    now: Timestamp,
) -> Result<intake::Receipt, Halt<ApiError>> {
    match intake::complete(tx, case, user, city, now)? {
        Completed::Receipt(receipt) => Ok(receipt),
        Completed::Incomplete(_) => Err(Halt::Refused(ApiError::from(ProblemCode::Incomplete))),
        Completed::NotFound => Err(Halt::Refused(ApiError::not_found())),
        Completed::Refused(refusal) => Err(Halt::Refused(ApiError::refused(refusal.code()))),
    }
}

/// Says that a report has become a case, once it is on the disk.
pub(crate) fn tell_of_report(app: &App) {
    app.live.look_now();
    metrics::counter!("woodlark_reports_total").increment(1);
}
