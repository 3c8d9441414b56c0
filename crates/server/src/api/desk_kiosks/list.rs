//! `GET /api/v1/desk/kiosks`

use crate::api::case::label;
use crate::api::kiosk::entry;
use crate::app::App;
use crate::edge::{ApiResult, Staff};
use axum::Json;
use axum::extract::State;
use woodlark_domain::kiosk::{KioskState, SILENT_SECONDS};
use woodlark_domain::policy::Action;
use woodlark_domain::{Door, Timestamp};
use woodlark_store::kiosks;
use woodlark_wire::{EntryName, KioskRow, KiosksView};

/// Every kiosk and how it does, and the entries that one may have.
#[utoipa::path(get, path = "/api/v1/desk/kiosks", tag = "desk", responses((status = 200, body = KiosksView)))]
pub async fn desk_kiosks(State(app): State<App>, staff: Staff) -> ApiResult<Json<KiosksView>> {
    staff.must(Action::KeepKiosks)?;
    let (city, now) = (app.city(), app.clock.now());
    let found = app.store.read(kiosks::all).await?;
    let silent_before = now.plus(-SILENT_SECONDS * Timestamp::SECOND);
    let row = |one: kiosks::Kiosk| KioskRow {
        id: one.id,
        entry: entry(&one, &city).map(|entry| label(&entry.name)),
        state: one.state,
        seen_at: one.seen_at,
        silent: one.state == KioskState::Enrolled && one.seen_at.is_none_or(|at| at < silent_before),
        outdated: !one.health.version.is_empty() && one.health.version != app.assets.kiosk_build,
        version: one.health.version,
        queue: one.health.queue,
        oldest_at: one.health.oldest_at,
        attention: one.health.attention,
        camera: one.health.camera,
        gifts: one.entry.is_some() && one.pin_hash.is_some(),
        name: one.name,
    };
    let kiosks = found.into_iter().map(row).collect();
    let entries = city.data().entries.iter().filter(|entry| entry.door == Door::Kiosk);
    let entries = entries.map(|entry| EntryName { code: entry.code.clone(), name: label(&entry.name) });
    Ok(Json(KiosksView { kiosks, entries: entries.collect() }))
}
