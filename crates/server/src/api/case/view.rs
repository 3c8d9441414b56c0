//! `GET /api/v1/cases/{case}`

use super::notice::waiting;
use super::show_case;
use crate::app::App;
use crate::edge::{ApiError, ApiResult, ReadPath, SendJson, Token};
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use woodlark_domain::CaseId;
use woodlark_store::cases;
use woodlark_wire::CaseView;

/// One case, for those who reported or joined it; for everybody else there is no such case.
#[utoipa::path(get, path = "/api/v1/cases/{case}", tag = "case", params(("case" = CaseId, Path)),
    responses((status = 200, body = CaseView)))]
pub async fn view(
    State(app): State<App>,
    token: Token,
    ReadPath(case): ReadPath<CaseId>,
) -> ApiResult<impl IntoResponse> {
    let (city, told) = (app.city(), app.tells_by().is_some());
    let known = city.clone();
    let read = token.read_as_resident(&app, move |conn, user| {
        let Some(view) = cases::view(conn, case, user, &known)? else { return Ok(None) };
        Ok(Some((view, waiting(conn, told, case, user)?)))
    });
    let (user, view) = read.await?;
    let (view, notices) = view.ok_or_else(ApiError::not_found)?;
    let shown = show_case(&view, notices, user, &city, app.clock.now());
    Ok(([(header::CACHE_CONTROL, "no-store")], SendJson(shown)))
}
