//! `GET /api/v1/desk/staff/file`

use crate::app::App;
use crate::edge::{ApiResult, Staff};
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use woodlark_domain::policy::Action;
use woodlark_store::staff_list;
use woodlark_tables::write_staff;

/// The list of staff as a file, in the form that it can be handed in again: a line for each role of everybody whose account
/// has not ended. CSV (RFC 4180, UTF-8 with a mark that spreadsheets know it by).
#[utoipa::path(get, path = "/api/v1/desk/staff/file", tag = "desk",
    responses((status = 200, content_type = "text/csv", body = String)))]
pub async fn desk_staff_file(State(app): State<App>, staff: Staff) -> ApiResult<impl IntoResponse> {
    staff.must(Action::EditStaff)?;
    let listed = app.store.read(staff_list::listed).await?;
    Ok((
        [
            (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
            (header::CONTENT_DISPOSITION, "attachment; filename=\"woodlark-staff.csv\""),
            (header::CACHE_CONTROL, "no-store"),
        ],
        write_staff(&listed),
    ))
}
