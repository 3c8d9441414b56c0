//! `GET /api/v1/alike`

use crate::api::case::category_name;
use crate::app::App;
use crate::edge::{ApiError, ApiResult, ReadQuery, SendJson, Token};
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
#[into_params(parameter_in = Query)]
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
    token: Token,
    ReadQuery(asked): ReadQuery<AlikeQuery>,
) -> ApiResult<SendJson<Vec<AlikeRow>>> {
    let position = Position::new(asked.lon, asked.lat).map_err(|_| ApiError::field("lon", "place"))?;
    let kind = asked.kind;
    let sought = Sought { kind, category: asked.category, position };
    let (now, city) = (app.clock.now(), app.city());
    let read = token.read(&app, move |conn, session| {
        cases::alike(conn, &sought, session.map(|session| session.user), now, MOST)
    });
    let found = read.await?;
    Ok(SendJson(found.iter().map(|alike| show_alike(alike, kind, &city)).collect()))
}

/// A case like another of this kind, in a list.
pub(crate) fn show_alike(alike: &Alike, kind: Kind, city: &City) -> AlikeRow {
    AlikeRow {
        id: alike.id,
        kind,
        state: alike.state,
        category: category_name(alike.category.as_ref(), None, city),
        // Until an acceptor has approved a photo for everyone, nobody but its reporter sees it.
        photo: None,
        metres: alike.metres,
        received_at: alike.received_at,
        joiners: alike.joiners,
        mine: alike.mine,
    }
}
