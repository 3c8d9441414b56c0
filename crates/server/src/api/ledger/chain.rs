//! `GET /api/v1/ledger/chain`

use super::shown::show_proof;
use crate::app::App;
use crate::edge::{ApiError, ApiResult, ReadQuery, SendJson, Token};
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use serde::Deserialize;
use woodlark_ledger::BookId;
use woodlark_ledger::bytes::to_hex;
use woodlark_store::ledger;
use woodlark_wire::LedgerChain;

/// Entries of one piece: about 120 KB of digits, of which compression leaves a third.
const PIECE: u64 = 250;

/// Which piece.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ChainQuery {
    /// One of my books; else the one that goes on.
    book: Option<String>,
    /// The `next` of the piece before.
    #[serde(default)]
    after: u64,
}

/// A piece of my chain as it is kept, whatever is wrong with it: the reader checks it with the code that wrote it. With the
/// first piece comes the proof that the newest published day holds it.
#[utoipa::path(get, path = "/api/v1/ledger/chain", tag = "ledger", params(ChainQuery),
    responses((status = 200, body = LedgerChain)))]
pub async fn ledger_chain(
    State(app): State<App>,
    token: Token,
    ReadQuery(asked): ReadQuery<ChainQuery>,
) -> ApiResult<impl IntoResponse> {
    let wanted = asked.book.as_deref().map(str::parse::<BookId>).transpose();
    let wanted = wanted.map_err(|_| ApiError::field_text("book", "not a book's id"))?;
    let after = asked.after;
    let read = token.read(&app, move |conn, session| {
        let adcode = conn.adcode().to_owned();
        let empty = LedgerChain { adcode, ..LedgerChain::default() };
        let Some(session) = session else { return Ok(Some(empty)) };
        let books = ledger::books_of(conn, session.user)?;
        let all = books.iter().map(|book| book.id.to_string()).collect();
        let book = match wanted {
            Some(id) => books.iter().find(|book| book.id == id),
            None => books.first(),
        };
        let Some(book) = book else { return Ok(wanted.is_none().then_some(empty)) };
        let chain = ledger::chain(conn, book.id, after, usize::try_from(PIECE).unwrap_or(usize::MAX))?;
        let proof = if after == 0 { ledger::proof(conn, book)? } else { None };
        let end = after.saturating_add(PIECE);
        Ok(Some(LedgerChain {
            book: Some(book.id.to_string()),
            books: all,
            chain: to_hex(&chain),
            next: (end < book.head.seq).then_some(end),
            proof: proof.as_ref().map(show_proof),
            ..empty
        }))
    });
    let mut chain = read.await?.ok_or_else(ApiError::not_found)?;
    chain.offset_minutes = app.city().data().calendar.offset_minutes().into();
    Ok(([(header::CACHE_CONTROL, "no-store")], SendJson(chain)))
}
