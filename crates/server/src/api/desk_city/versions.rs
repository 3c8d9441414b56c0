//! `GET /api/v1/desk/city/{part}/versions`

use super::shown::{names, version};
use crate::app::App;
use crate::edge::{ApiResult, ReadPath, Staff};
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use woodlark_domain::city::Part;
use woodlark_domain::policy::Action;
use woodlark_store::city;
use woodlark_wire::PartVersionView;

/// Every version of a part, latest first.
#[utoipa::path(get, path = "/api/v1/desk/city/{part}/versions", tag = "desk", params(("part" = Part, Path)),
    responses((status = 200, body = [PartVersionView])))]
pub async fn desk_city_versions(
    State(app): State<App>,
    staff: Staff,
    ReadPath(part): ReadPath<Part>,
) -> ApiResult<impl IntoResponse> {
    staff.must(Action::EditCity)?;
    let read = app.store.read(move |conn| {
        let versions = city::versions(conn, part)?;
        let names = names(conn, &versions)?;
        Ok(versions.iter().map(|one| version(one, &names)).collect::<Vec<_>>())
    });
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(read.await?)))
}
