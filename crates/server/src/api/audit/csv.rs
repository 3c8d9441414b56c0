//! `GET /api/v1/desk/audit.csv`

use super::read::rows;
use crate::api::figures::cell;
use crate::app::App;
use crate::edge::{ApiResult, ReadQuery, Staff};
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use woodlark_domain::policy::Action;
use woodlark_wire::AuditAsked;

/// Rows of one file; who needs more narrows the period.
const ROWS: usize = 10_000;

/// The same as CSV (RFC 4180, UTF-8 with a mark that spreadsheets know it by), at most ten thousand rows. Times are
/// microseconds since 1970 UTC.
#[utoipa::path(get, path = "/api/v1/desk/audit.csv", tag = "desk", params(AuditAsked),
    responses((status = 200, content_type = "text/csv", body = String)))]
pub async fn desk_audit_csv(
    State(app): State<App>,
    staff: Staff,
    ReadQuery(asked): ReadQuery<AuditAsked>,
) -> ApiResult<impl IntoResponse> {
    staff.must(Action::ReadAudit)?;
    let (rows, _) = rows(&app, asked, ROWS).await?;
    let mut text = String::from("\u{feff}at,name,role,action,subject,number,detail\r\n");
    for row in &rows {
        let name = row.name.as_deref().unwrap_or_default();
        let number = row.number.as_deref().unwrap_or_default();
        let cells = [name, row.role.code(), &row.action, &row.subject, number, &row.detail].map(cell);
        text.push_str(&format!("{},{}\r\n", row.at.0, cells.join(",")));
    }
    let disposition = "attachment; filename=\"woodlark-audit.csv\"";
    Ok((
        [(header::CONTENT_TYPE, "text/csv; charset=utf-8"), (header::CONTENT_DISPOSITION, disposition)],
        text,
    ))
}
