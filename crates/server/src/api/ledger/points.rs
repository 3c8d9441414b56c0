//! `GET /api/v1/ledger/points`

use crate::app::App;
use crate::edge::{ApiResult, SendJson};
use axum::extract::State;
use woodlark_domain::city::{Content, Part, Reward, usual_rewards};
use woodlark_domain::redeem::Term;
use woodlark_store::city;
use woodlark_wire::{LedgerReward, PointsVersion, PointsView};

/// Versions that are told.
const VERSIONS: usize = 50;

/// The table of points, and what it was before: for anyone. An entry keeps what the table said when it was written.
#[utoipa::path(get, path = "/api/v1/ledger/points", tag = "ledger", responses((status = 200, body = PointsView)))]
pub async fn ledger_points(State(app): State<App>) -> ApiResult<SendJson<PointsView>> {
    let city = app.city();
    let read = app.store.read(|conn| {
        let mut versions = Vec::new();
        for version in city::versions(conn, Part::Rewards)?.iter().take(VERSIONS) {
            if let Some(Content::Rewards(rewards)) = city::content(conn, Part::Rewards, version.number)? {
                let rewards = show(&rewards);
                versions.push(PointsVersion { number: version.number, at: version.at, rewards });
            }
        }
        Ok(versions)
    });
    let versions = read.await?;
    let rewards = show(&city.data().rewards);
    Ok(SendJson(PointsView { monthly_cap: app.city().terms().of(Term::MonthlyPoints), rewards, versions }))
}

/// A table; an empty one is the usual one.
fn show(rewards: &[Reward]) -> Vec<LedgerReward> {
    let usual = usual_rewards();
    let rewards = if rewards.is_empty() { &usual } else { rewards };
    rewards.iter().map(|one| LedgerReward { deed: one.deed, points: one.points }).collect()
}
