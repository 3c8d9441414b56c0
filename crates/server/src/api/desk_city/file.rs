//! `GET /api/v1/desk/city/{part}/file`

use super::table::version_of;
use crate::app::App;
use crate::edge::{ApiError, ApiResult, ReadPath, ReadQuery, Staff};
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use woodlark_domain::Datum;
use woodlark_domain::city::{Content, Part};
use woodlark_domain::policy::Action;
use woodlark_tables::{write_csv, write_geojson};
use woodlark_wire::{FileAsked, PartForm};

/// A part as a file, in the form that it can be handed in again: CSV (RFC 4180, UTF-8 with a mark that spreadsheets know
/// it by), or GeoJSON for areas.
#[utoipa::path(get, path = "/api/v1/desk/city/{part}/file", tag = "desk", params(("part" = Part, Path), FileAsked),
    responses((status = 200, content_type = "text/csv", body = String)))]
pub async fn desk_city_file(
    State(app): State<App>,
    staff: Staff,
    ReadPath(part): ReadPath<Part>,
    ReadQuery(asked): ReadQuery<FileAsked>,
) -> ApiResult<impl IntoResponse> {
    staff.must(Action::EditCity)?;
    let read = app.store.read(move |conn| version_of(conn, part, asked.number));
    let (version, _, content) = read.await?.ok_or_else(ApiError::not_found)?;
    let (kind, ending, text) = match (asked.form, &content) {
        (PartForm::Csv, content) => ("text/csv; charset=utf-8", "csv", write_csv(content)),
        (PartForm::Geojson, Content::Areas(areas)) => {
            let datum = asked.datum.unwrap_or(Datum::Wgs84);
            ("application/geo+json", "geojson", write_geojson(areas, datum))
        }
        (PartForm::Geojson, _) => return Err(ApiError::not_found()),
    };
    let name = format!("attachment; filename=\"woodlark-{}-{}.{ending}\"", part.code(), version.number);
    Ok(([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, name)], text))
}
