//! `GET /api/v1/desk/city/{part}/compare`

use super::shown::changes;
use crate::app::App;
use crate::edge::{ApiError, ApiResult, ReadPath, ReadQuery, Staff};
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use woodlark_domain::city::Part;
use woodlark_domain::policy::Action;
use woodlark_store::city;
use woodlark_tables::diff;
use woodlark_wire::{CityChanges, CompareAsked};

/// What is different between two versions of a part.
#[utoipa::path(get, path = "/api/v1/desk/city/{part}/compare", tag = "desk",
    params(("part" = Part, Path), CompareAsked), responses((status = 200, body = CityChanges)))]
pub async fn desk_city_compare(
    State(app): State<App>,
    staff: Staff,
    ReadPath(part): ReadPath<Part>,
    ReadQuery(asked): ReadQuery<CompareAsked>,
) -> ApiResult<impl IntoResponse> {
    staff.must(Action::EditCity)?;
    let read = app.store.read(move |conn| {
        Ok(city::content(conn, part, asked.from)?.zip(city::content(conn, part, asked.to)?))
    });
    let (before, after) = read.await?.ok_or_else(ApiError::not_found)?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(changes(&diff(&before, &after)))))
}
