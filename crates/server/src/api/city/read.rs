//! `GET /api/v1/city`

use super::{CACHE, named, rings_of, shape_of};
use crate::app::App;
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use woodlark_domain::place::{AreaLevel, Bounds};
use woodlark_wire::CityView;

/// The city: its name, its outline and its towns.
#[utoipa::path(get, path = "/api/v1/city", tag = "city", responses((status = 200, body = CityView)))]
pub async fn city(State(app): State<App>) -> impl IntoResponse {
    let city = app.city();
    let county = city.areas().iter().find(|area| area.level == AreaLevel::County);
    let outline = county.map(rings_of).unwrap_or_default();
    let bounds = Bounds::around(outline.iter().flatten());
    let view = CityView {
        adcode: app.store.config().adcode.to_string(),
        name: named(&city.data().name),
        bounds: bounds.map_or([0.0; 4], |bounds| [bounds.west, bounds.south, bounds.east, bounds.north]),
        outline,
        towns: city
            .areas()
            .iter()
            .filter(|area| area.level == AreaLevel::Town)
            .filter_map(shape_of)
            .collect(),
        hotline: city.data().hotline.clone(),
    };
    ([(header::CACHE_CONTROL, CACHE)], Json(view))
}
