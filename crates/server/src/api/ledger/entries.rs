//! `GET /api/v1/ledger/entries`

use super::rows::{Before, page};
use super::show_entry;
use crate::app::App;
use crate::edge::{ApiResult, ReadQuery, SendJson, Token};
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use serde::Deserialize;
use woodlark_domain::limits;
use woodlark_store::ledger;
use woodlark_wire::{LedgerEntry, Page};

/// Where to go on.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct EntriesQuery {
    /// The `next` of the page before.
    before: Option<String>,
}

/// My entries, latest first.
#[utoipa::path(get, path = "/api/v1/ledger/entries", tag = "ledger", params(EntriesQuery),
    responses((status = 200, body = Page<LedgerEntry>)))]
pub async fn ledger_entries(
    State(app): State<App>,
    token: Token,
    ReadQuery(asked): ReadQuery<EntriesQuery>,
) -> ApiResult<impl IntoResponse> {
    let before = asked.before.as_deref().map(Before::read).transpose()?;
    let read = token.read(&app, move |conn, session| {
        let Some(session) = session else { return Ok((Vec::new(), None)) };
        let books = ledger::books_of(conn, session.user)?;
        page(conn, &books, before, limits::PAGE_ROWS)
    });
    let (rows, next) = read.await?;
    let rows = rows.iter().map(|(book, row)| show_entry(*book, row)).collect();
    Ok(([(header::CACHE_CONTROL, "no-store")], SendJson(Page { rows, next })))
}
