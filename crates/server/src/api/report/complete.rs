//! `POST /api/v1/reports/{case}/complete`

use super::status::show_receipt;
use crate::app::App;
use crate::edge::{ApiError, ApiResult, ReadPath, Resident};
use axum::Json;
use axum::extract::State;
use woodlark_domain::{CaseId, UserId};
use woodlark_store::Halt;
use woodlark_store::intake::{self, Completed};
use woodlark_wire::{ProblemCode, Receipt};

/// Everything has arrived: the report becomes a case. Asked again, it gives the same receipt.
#[utoipa::path(post, path = "/api/v1/reports/{case}/complete", tag = "report", params(("case" = CaseId, Path)),
    responses((status = 200, body = Receipt)))]
pub async fn complete(
    State(app): State<App>,
    resident: Resident,
    ReadPath(case): ReadPath<CaseId>,
) -> ApiResult<Json<Receipt>> {
    complete_report(&app, resident.user, case).await.map(Json)
}

/// Makes the report a case.
pub(crate) async fn complete_report(app: &App, user: UserId, case: CaseId) -> ApiResult<Receipt> {
    let (city, now) = (app.city(), app.clock.now());
    let completed = app
        .store
        .write(move |tx| match intake::complete(tx, case, user, &city, now)? {
            Completed::Receipt(receipt) => Ok(receipt),
            Completed::Incomplete(_) => Err(Halt::Refused(ApiError::from(ProblemCode::Incomplete))),
            Completed::NotFound => Err(Halt::Refused(ApiError::not_found())),
            Completed::Refused(refusal) => Err(Halt::Refused(ApiError::refused(refusal.code()))),
        })
        .await?;
    app.live.look_now();
    metrics::counter!("woodlark_reports_total").increment(1);
    Ok(show_receipt(&completed))
}
