//! `POST /api/v1/desk/city/{part}/preview`

use super::candidate::{candidate, known};
use super::shown::{changes, count, faults, notes};
use crate::app::App;
use crate::edge::{ApiError, ApiResult, ReadJson, ReadPath, Staff};
use axum::Json;
use axum::extract::{Request, State};
use woodlark_domain::city::Part;
use woodlark_domain::limits::CITY_BYTES;
use woodlark_domain::policy::Action;
use woodlark_store::city::hash_of;
use woodlark_tables::diff;
use woodlark_wire::{CityChange, CityChanges, CityPreview};

/// What a change would do: every fault with its line, what it changes row by row, what else it means. Nothing is changed.
/// At most 16 MiB.
#[utoipa::path(post, path = "/api/v1/desk/city/{part}/preview", tag = "desk", request_body = CityChange,
    params(("part" = Part, Path)), responses((status = 200, body = CityPreview)))]
pub async fn desk_city_preview(
    State(app): State<App>,
    staff: Staff,
    ReadPath(part): ReadPath<Part>,
    request: Request,
) -> ApiResult<Json<CityPreview>> {
    staff.must(Action::EditCity)?;
    let _room = app.room(request.headers(), CITY_BYTES).await?;
    let change = ReadJson::<CityChange>::at_most(request, CITY_BYTES).await?.value;
    let base = change.base;
    let candidate = candidate(&app, part, base, change.source).await?;
    let judged = tokio::task::spawn_blocking(move || match &candidate.after {
        Err(found) => Ok(CityPreview {
            base,
            hash: None,
            faults: faults(found),
            faults_in_all: count(found.len()),
            notes: Vec::new(),
            changes: CityChanges::default(),
        }),
        Ok(after) => Ok(CityPreview {
            base,
            hash: Some(hash_of(after)?),
            faults: Vec::new(),
            faults_in_all: 0,
            notes: notes(&woodlark_tables::notes(
                &candidate.before,
                after,
                &known(&candidate.city),
                &candidate.used,
            )),
            changes: changes(&diff(&candidate.before, after)),
        }),
    });
    let shown: Result<CityPreview, woodlark_store::Fault> =
        judged.await.map_err(|error| ApiError::internal(&error))?;
    Ok(Json(shown?))
}
