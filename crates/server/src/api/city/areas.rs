//! `GET /api/v1/areas`

use super::{CACHE, shape_of};
use crate::app::App;
use crate::edge::{ApiError, ApiResult, ReadQuery};
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use serde::Deserialize;
use woodlark_domain::Position;
use woodlark_domain::place::{AreaLevel, Bounds};
use woodlark_wire::AreaShape;

/// The most metres that may be asked for: a map of that width shows towns, not grids.
const MOST_METRES: f64 = 5_000.0;
/// Metres of a degree of latitude.
const METRES_PER_DEGREE: f64 = 111_320.0;

/// Where and how far.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AreasQuery {
    lon: f64,
    lat: f64,
    /// At most 5,000.
    radius_m: f64,
}

/// Grids whose box touches the square round a position.
#[utoipa::path(get, path = "/api/v1/areas", tag = "city", params(AreasQuery), responses((status = 200, body = [AreaShape])))]
pub async fn areas(
    State(app): State<App>,
    ReadQuery(asked): ReadQuery<AreasQuery>,
) -> ApiResult<impl IntoResponse> {
    let at = Position::new(asked.lon, asked.lat).map_err(|_| ApiError::field("lon", "place"))?;
    let radius = asked.radius_m.clamp(0.0, MOST_METRES) / METRES_PER_DEGREE;
    let wide = radius / at.lat().to_radians().cos().max(0.01);
    let near: Vec<AreaShape> = app
        .city()
        .areas()
        .iter()
        .filter(|area| area.level == AreaLevel::Grid)
        .filter(|area| {
            let points = area.shape.iter().flat_map(|shape| &shape.0).flat_map(|polygon| &polygon.outer);
            Bounds::around(points).is_some_and(|bounds| {
                bounds.west <= at.lon() + wide
                    && bounds.east >= at.lon() - wide
                    && bounds.south <= at.lat() + radius
                    && bounds.north >= at.lat() - radius
            })
        })
        .filter_map(shape_of)
        .collect();
    Ok(([(header::CACHE_CONTROL, CACHE)], Json(near)))
}
