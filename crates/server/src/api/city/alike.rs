//! `GET /api/v1/alike`

use crate::api::case::category_name;
use crate::app::App;
use crate::edge::{ApiError, ApiResult, ReadQuery, Visitor};
use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use woodlark_domain::alike::Sought;
use woodlark_domain::{CategoryCode, Kind, Position};
use woodlark_store::cases::{self, Alike};
use woodlark_store::city::City;
use woodlark_wire::AlikeRow;

/// Alike cases shown at once: a resident reads no more.
const MOST: usize = 5;

/// What is being written, and where (WGS-84).
#[derive(Debug, Deserialize, utoipa::IntoParams)]
pub struct AlikeQuery {
    kind: Kind,
    category: Option<CategoryCode>,
    lon: f64,
    lat: f64,
}

/// Has someone already reported this? Open cases of the same kind and family within 50 m, of the last 30 days.
#[utoipa::path(get, path = "/api/v1/alike", tag = "city", params(AlikeQuery), responses((status = 200, body = [AlikeRow])))]
pub async fn alike(
    State(app): State<App>,
    visitor: Visitor,
    ReadQuery(asked): ReadQuery<AlikeQuery>,
) -> ApiResult<Json<Vec<AlikeRow>>> {
    let position = Position::new(asked.lon, asked.lat).map_err(|_| ApiError::field("lon", "place"))?;
    let sought = Sought { kind: asked.kind, category: asked.category, position };
    let (now, city) = (app.clock.now(), app.city());
    let found = app.store.read(move |conn| cases::alike(conn, &sought, visitor.user, now, MOST)).await?;
    Ok(Json(found.iter().map(|alike| show_alike(alike, &city)).collect()))
}

/// A case like another, in a list.
pub(crate) fn show_alike(alike: &Alike, city: &City) -> AlikeRow {
    AlikeRow {
        id: alike.row.id,
        kind: alike.row.kind,
        state: alike.row.state,
        category: category_name(alike.row.category.as_ref(), city),
        // Until an acceptor has approved a photo for everyone, nobody but its reporter sees it.
        photo: None,
        metres: alike.metres,
        received_at: alike.row.received_at,
        joiners: alike.row.joiners,
        mine: alike.mine,
    }
}
