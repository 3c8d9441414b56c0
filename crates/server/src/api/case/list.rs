//! `GET /api/v1/cases`

use super::show_row;
use crate::app::App;
use crate::edge::{ApiError, ApiResult, ReadQuery, SendJson, Token};
use axum::extract::State;
use serde::Deserialize;
use woodlark_domain::{CaseId, Timestamp, limits};
use woodlark_store::cases::{self, Cursor};
use woodlark_wire::{CaseRow, Page};

/// Where to go on.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    /// The `next` of the page before.
    after: Option<String>,
}

/// The cases that I reported or joined, newest change first.
#[utoipa::path(get, path = "/api/v1/cases", tag = "case", params(ListQuery), responses((status = 200, body = Page<CaseRow>)))]
pub async fn list(
    State(app): State<App>,
    token: Token,
    ReadQuery(asked): ReadQuery<ListQuery>,
) -> ApiResult<SendJson<Page<CaseRow>>> {
    let after = asked.after.as_deref().map(read_cursor).transpose()?;
    let read = token.read(&app, move |conn, session| {
        session.map(|session| cases::mine(conn, session.user, after, limits::PAGE_ROWS)).transpose()
    });
    // A device without an account has reported nothing yet.
    let Some(page) = read.await? else { return Ok(SendJson(Page { rows: Vec::new(), next: None })) };
    let city = app.city();
    Ok(SendJson(Page {
        rows: page.rows.iter().map(|(row, concern)| show_row(row, *concern, &city)).collect(),
        next: page.next.map(|cursor| format!("{}_{}", cursor.changed_at.0, cursor.id)),
    }))
}

/// Where a list goes on, as its page before said.
pub(crate) fn read_cursor(text: &str) -> ApiResult<Cursor> {
    let bad = || ApiError::field_text("after", "not a cursor");
    let (at, id) = text.split_once('_').ok_or_else(bad)?;
    let changed_at = Timestamp(at.parse().map_err(|_| bad())?);
    let id: CaseId = id.parse().map_err(|_| bad())?;
    Ok(Cursor { changed_at, id })
}
