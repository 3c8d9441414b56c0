//! `POST /api/v1/desk/staff/preview`

use super::judge::judge;
use crate::api::desk_city::shown::{changes, count, faults};
use crate::app::App;
use crate::edge::{ApiError, ApiResult, ReadJson, Staff};
use axum::Json;
use axum::extract::{Request, State};
use woodlark_domain::limits::STAFF_BYTES;
use woodlark_domain::policy::Action;
use woodlark_wire::{CityChanges, StaffList, StaffPreview};

/// What a list of staff would do: every fault with its line, who is new, who gets another name or other roles. Whoever is
/// not in it stays as they are. Nothing is changed. At most 1 MiB.
#[utoipa::path(post, path = "/api/v1/desk/staff/preview", tag = "desk", request_body = StaffList,
    responses((status = 200, body = StaffPreview)))]
pub async fn desk_staff_preview(
    State(app): State<App>,
    staff: Staff,
    request: Request,
) -> ApiResult<Json<StaffPreview>> {
    staff.must(Action::EditStaff)?;
    let text = ReadJson::<StaffList>::at_most(request, STAFF_BYTES).await?.value.text;
    let judged = app.store.read(move |conn| judge(conn, &text)).await?.ok_or_else(ApiError::not_found)?;
    Ok(Json(match judged {
        Ok((change, hash)) => StaffPreview {
            hash: Some(hash),
            faults: Vec::new(),
            faults_in_all: 0,
            changes: changes(&change.rows),
            unchanged: count(change.unchanged),
        },
        Err(found) => StaffPreview {
            hash: None,
            faults: faults(&found),
            faults_in_all: count(found.len()),
            changes: CityChanges::default(),
            unchanged: 0,
        },
    }))
}
