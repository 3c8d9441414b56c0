//! `GET /api/v1/ledger/share`

use crate::app::App;
use crate::edge::{ApiResult, SendJson, Token};
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use woodlark_store::ledger;
use woodlark_wire::LedgerShare;

/// My place among all as a share, for those who ask: no list of people is made anywhere.
#[utoipa::path(get, path = "/api/v1/ledger/share", tag = "ledger", responses((status = 200, body = LedgerShare)))]
pub async fn ledger_share(State(app): State<App>, token: Token) -> ApiResult<impl IntoResponse> {
    let read = token.read(&app, |conn, session| {
        let Some(session) = session else { return Ok(None) };
        match ledger::books_of(conn, session.user)?.first() {
            Some(book) => ledger::share(conn, book.earned),
            None => Ok(None),
        }
    });
    Ok(([(header::CACHE_CONTROL, "no-store")], SendJson(LedgerShare { ahead_of: read.await? })))
}
