//! `GET /api/v1/wall`

use crate::api::case::{area_name, read_cursor};
use crate::app::App;
use crate::edge::{ApiResult, ReadQuery, SendJson};
use axum::extract::State;
use serde::Deserialize;
use std::collections::BTreeMap;
use woodlark_domain::{CaseId, ContentHash, limits};
use woodlark_store::approvals::{self, Shown};
use woodlark_store::cases::{self, Praise};
use woodlark_store::city::City;
use woodlark_wire::{Page, WallRow};

/// Where to go on.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct WallQuery {
    /// The `next` of the page before.
    after: Option<String>,
}

/// The lark wall: published praise, newest change first.
#[utoipa::path(get, path = "/api/v1/wall", tag = "public", params(WallQuery), responses((status = 200, body = Page<WallRow>)))]
pub async fn wall(
    State(app): State<App>,
    ReadQuery(asked): ReadQuery<WallQuery>,
) -> ApiResult<SendJson<Page<WallRow>>> {
    let after = asked.after.as_deref().map(read_cursor).transpose()?;
    let city = app.city();
    let found = app
        .store
        .read(move |conn| {
            let praises = cases::wall(conn, after, limits::PAGE_ROWS)?;
            let mut photos = BTreeMap::new();
            for praise in &praises {
                let approved = approvals::of_case(conn, praise.id)?;
                let seen =
                    |hash: &&ContentHash| approved.get(*hash).is_some_and(|one| one.shown != Shown::Nothing);
                if let Some(photo) = praise.photos.iter().find(seen) {
                    photos.insert(praise.id, *photo);
                }
            }
            Ok((praises, photos))
        })
        .await?;
    let (praises, photos) = found;
    let next = praises.last().filter(|_| praises.len() == limits::PAGE_ROWS);
    let next = next.map(|last| format!("{}_{}", last.changed_at.0, last.id));
    Ok(SendJson(Page { rows: praises.iter().map(|praise| show(praise, &photos, &city)).collect(), next }))
}

fn show(praise: &Praise, photos: &BTreeMap<CaseId, ContentHash>, city: &City) -> WallRow {
    let (thanked_at, thanked) = praise.thanked.clone().unzip();
    WallRow {
        id: praise.id,
        words: praise.words.clone(),
        area: area_name(praise.area.as_ref(), city),
        photo: photos.get(&praise.id).copied(),
        published_at: praise.published_at,
        thanked_at,
        thanked: thanked.flatten(),
    }
}
