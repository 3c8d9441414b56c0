//! `GET /api/v1/ledger/roots`

use super::show_root;
use crate::app::App;
use crate::edge::{ApiResult, ReadQuery, SendJson};
use axum::extract::State;
use serde::Deserialize;
use woodlark_store::ledger;
use woodlark_wire::{LedgerRoot, Page};

/// Days of one page.
const DAYS: usize = 60;

/// Where to go on.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RootsQuery {
    /// The `next` of the page before: a day, counted from 1970-01-01.
    before: Option<i32>,
}

/// What was published of each day, latest first: for anyone. Each names the hash of the day before, so that whoever kept one
/// can tell whether those that are shown later follow from it.
#[utoipa::path(get, path = "/api/v1/ledger/roots", tag = "ledger", params(RootsQuery),
    responses((status = 200, body = Page<LedgerRoot>)))]
pub async fn ledger_roots(
    State(app): State<App>,
    ReadQuery(asked): ReadQuery<RootsQuery>,
) -> ApiResult<SendJson<Page<LedgerRoot>>> {
    // One more than wanted says whether there are more.
    let roots = app.store.read(move |conn| ledger::roots(conn, asked.before, DAYS + 1)).await?;
    let rows: Vec<LedgerRoot> = roots.iter().take(DAYS).map(show_root).collect();
    let next = rows.last().filter(|_| roots.len() > DAYS).map(|last| last.day.to_string());
    Ok(SendJson(Page { rows, next }))
}
