//! `GET /api/v1/desk/cases/{case}/reporter`

use super::load::{load, note_look};
use crate::app::App;
use crate::edge::{ApiError, ApiResult, ReadPath, Staff};
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use woodlark_domain::CaseId;
use woodlark_domain::audit::AuditAction;
use woodlark_domain::policy::Action;
use woodlark_store::cases;
use woodlark_wire::DeskReporter;

/// Who reported a case, as far as staff may know: a masked number, how many reports. Each time it is read is in the audit
/// log. A case that nobody with an account reported has none.
#[utoipa::path(get, path = "/api/v1/desk/cases/{case}/reporter", tag = "desk", params(("case" = CaseId, Path)),
    responses((status = 200, body = DeskReporter)))]
pub async fn desk_reporter(
    State(app): State<App>,
    staff: Staff,
    ReadPath(case): ReadPath<CaseId>,
) -> ApiResult<impl IntoResponse> {
    let city = app.city();
    let found = app
        .store
        .read(move |conn| {
            let (whole, actors) = match load(conn, &staff, case, Action::ReadReporter, &city)? {
                Ok(found) => found,
                Err(refusal) => return Ok(Err(refusal)),
            };
            let Some((user, actor)) = whole.case.reporter.zip(actors.into_iter().next()) else {
                return Ok(Err(ApiError::not_found()));
            };
            Ok(Ok((cases::reporter(conn, user)?, actor)))
        })
        .await?;
    let (reporter, actor) = found?;
    note_look(&app, &actor, AuditAction::ReadReporter, case, "{}".to_owned()).await?;
    let view = DeskReporter { phone: reporter.phone, reports: reporter.reports, filed: reporter.filed };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(view)))
}
