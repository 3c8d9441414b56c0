//! `GET /api/v1/nearby`

use crate::api::case::category_name;
use crate::app::App;
use crate::edge::{ApiError, ApiResult, ReadQuery, SendJson, Token};
use axum::extract::State;
use serde::Deserialize;
use std::collections::BTreeMap;
use woodlark_domain::{CaseId, ContentHash, Kind, Position, limits};
use woodlark_store::approvals::{self, Shown};
use woodlark_store::cases::{self, Near, NearEdge, NearSought};
use woodlark_store::city::City;
use woodlark_wire::{NearbyRow, Page};

/// The least and the most that one looks round, in metres.
const RADIUS_M: [f64; 2] = [50.0, 5_000.0];

/// Where (WGS-84), how far, and of what.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct NearbyQuery {
    lon: f64,
    lat: f64,
    /// 50 to 5,000 metres.
    radius_m: f64,
    kind: Option<Kind>,
    /// What was closed in the last seven days, and not what is open.
    #[serde(default)]
    done: bool,
    /// The `next` of the page before.
    after: Option<String>,
}

/// What is open round a place, or was done there in the last seven days, nearest first. Nothing private, nothing
/// that nobody has filed yet.
#[utoipa::path(get, path = "/api/v1/nearby", tag = "public", params(NearbyQuery), responses((status = 200, body = Page<NearbyRow>)))]
pub async fn nearby(
    State(app): State<App>,
    token: Token,
    ReadQuery(asked): ReadQuery<NearbyQuery>,
) -> ApiResult<SendJson<Page<NearbyRow>>> {
    let at = Position::new(asked.lon, asked.lat).map_err(|_| ApiError::field("lon", "place"))?;
    let [least, most] = RADIUS_M;
    if !(least..=most).contains(&asked.radius_m) {
        return Err(ApiError::field("radius_m", "radius_m"));
    }
    let after = asked.after.as_deref().map(read_edge).transpose()?;
    let sought = NearSought { at, metres: asked.radius_m, kind: asked.kind, done: asked.done, after };
    let (now, city) = (app.clock.now(), app.city());
    let read = token.read(&app, move |conn, session| {
        let found = cases::near(conn, &sought, session.map(|session| session.user), now, limits::PAGE_ROWS)?;
        let mut photos = BTreeMap::new();
        let pictured = found.iter().filter_map(|near| Some((near.id, near.photo?)));
        let pictured: Vec<(CaseId, ContentHash)> = pictured.collect();
        let ids: Vec<CaseId> = pictured.iter().map(|(id, _)| *id).collect();
        let approved = approvals::of_cases(conn, &ids)?;
        for (id, photo) in pictured {
            let decided = approved.get(&id).and_then(|case| case.get(&photo));
            if decided.is_some_and(|one| one.shown != Shown::Nothing) {
                photos.insert(id, photo);
            }
        }
        Ok((found, photos))
    });
    let (found, photos) = read.await?;
    let last = found.last().filter(|_| found.len() == limits::PAGE_ROWS);
    let next = last.map(|last| format!("{}_{}", last.metres, last.id));
    Ok(SendJson(Page { rows: found.iter().map(|near| show(near, &photos, &city)).collect(), next }))
}

/// The metres come back as they were written: a number's shortest decimal form reads as that very number.
fn read_edge(cursor: &str) -> ApiResult<NearEdge> {
    let read = || {
        let (metres, id) = cursor.split_once('_')?;
        Some(NearEdge { metres: metres.parse().ok()?, id: id.parse().ok()? })
    };
    read().ok_or_else(|| ApiError::field_text("after", "not a cursor"))
}

fn show(near: &Near, photos: &BTreeMap<CaseId, ContentHash>, city: &City) -> NearbyRow {
    NearbyRow {
        id: near.id,
        kind: near.kind,
        state: near.state,
        words: near.words.clone(),
        category: category_name(near.category.as_ref(), near.filed_at, city),
        position: near.at,
        metres: near.metres,
        received_at: near.received_at,
        joiners: near.joiners,
        photo: photos.get(&near.id).copied(),
        mine: near.mine,
    }
}
