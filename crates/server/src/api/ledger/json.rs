//! `GET /api/v1/ledger/export.json`

use super::rows::all;
use super::show_entry;
use super::shown::show_proof;
use crate::app::App;
use crate::edge::{ApiResult, SendJson, Token};
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use woodlark_domain::{Timestamp, UserId};
use woodlark_ledger::bytes::to_hex;
use woodlark_store::{Conn, Fault, ledger};
use woodlark_wire::{LedgerFile, LedgerFileBook};

/// My whole ledger as a file: every entry to be read, and the very bytes that are kept, to be checked.
#[utoipa::path(get, path = "/api/v1/ledger/export.json", tag = "ledger", responses((status = 200, body = LedgerFile)))]
pub async fn ledger_json(State(app): State<App>, token: Token) -> ApiResult<impl IntoResponse> {
    let made_at = app.clock.now();
    let read = token.read_as_resident(&app, move |conn, user| file_of(conn, user, made_at));
    let (_, file) = read.await?;
    let disposition = "attachment; filename=\"woodlark-ledger.json\"";
    Ok(([(header::CONTENT_DISPOSITION, disposition), (header::CACHE_CONTROL, "no-store")], SendJson(file)))
}

/// A person's whole ledger.
pub(crate) fn file_of(conn: &mut Conn, user: UserId, made_at: Timestamp) -> Result<LedgerFile, Fault> {
    let mut books = Vec::new();
    for book in ledger::books_of(conn, user)? {
        let rows = all(conn, book.id)?;
        let chain = ledger::chain(conn, book.id, 0, rows.len())?;
        books.push(LedgerFileBook {
            book: book.id.to_string(),
            points: book.balances.points,
            entries: rows.iter().map(|row| show_entry(book.id, row)).collect(),
            chain: to_hex(&chain),
            proof: ledger::proof(conn, &book)?.as_ref().map(show_proof),
        });
    }
    Ok(LedgerFile { adcode: conn.adcode().to_owned(), made_at, books })
}
