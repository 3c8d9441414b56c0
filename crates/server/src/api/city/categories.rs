//! `GET /api/v1/categories`

use super::{CACHE, named};
use crate::app::App;
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use woodlark_store::city::City;
use woodlark_wire::CategoryView;

/// The categories that a resident may choose: the leaves of the tree.
#[utoipa::path(get, path = "/api/v1/categories", tag = "city", responses((status = 200, body = [CategoryView])))]
pub async fn categories(State(app): State<App>) -> impl IntoResponse {
    ([(header::CACHE_CONTROL, CACHE)], Json(leaves(&app.city())))
}

fn leaves(city: &City) -> Vec<CategoryView> {
    let all = &city.data().categories;
    let is_leaf = |code: &woodlark_domain::CategoryCode| {
        !all.iter().any(|other| other.code != *code && other.code.is_within(code))
    };
    all.iter()
        .filter(|category| is_leaf(&category.code))
        .map(|category| CategoryView {
            code: category.code.clone(),
            kind: category.code.kind(),
            name: named(&category.name),
            class: named(city.category(&category.code.class()).map_or(&category.name, |class| &class.name)),
            keywords: category.keywords.join(" "),
        })
        .collect()
}
