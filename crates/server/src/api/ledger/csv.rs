//! `GET /api/v1/ledger/export.csv`

use super::rows::all;
use super::show_entry;
use super::words::{what, yuan};
use crate::api::figures::cell;
use crate::app::App;
use crate::edge::{ApiResult, ReadQuery, Reader, Token};
use crate::form::local_time;
use crate::messages::say;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use serde::Deserialize;
use std::fmt::Write as _;
use woodlark_domain::Language;
use woodlark_store::ledger;
use woodlark_wire::LedgerEntry;

/// The columns, by the keys of their names.
const COLUMNS: [&str; 9] =
    ["place", "at", "what", "points", "cash_due", "cash_paid", "number", "words", "taken_back"];

/// In which language.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CsvQuery {
    /// `zh` or `en`; else as the browser says.
    lang: Option<Language>,
}

/// My entries as CSV (RFC 4180, UTF-8 with a mark that spreadsheets know it by), latest first, in the reader's language.
#[utoipa::path(get, path = "/api/v1/ledger/export.csv", tag = "ledger", params(CsvQuery),
    responses((status = 200, content_type = "text/csv", body = String)))]
pub async fn ledger_csv(
    State(app): State<App>,
    token: Token,
    reader: Reader,
    ReadQuery(asked): ReadQuery<CsvQuery>,
) -> ApiResult<impl IntoResponse> {
    let read = token.read_as_resident(&app, |conn, user| {
        let mut entries = Vec::new();
        for book in ledger::books_of(conn, user)? {
            entries.extend(all(conn, book.id)?.iter().map(|row| show_entry(book.id, row)));
        }
        Ok(entries)
    });
    let (_, entries) = read.await?;
    let (language, offset) =
        (asked.lang.unwrap_or(reader.language), app.city().data().calendar.offset_minutes());
    let disposition = "attachment; filename=\"woodlark-ledger.csv\"";
    Ok((
        [
            (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
            (header::CONTENT_DISPOSITION, disposition),
            (header::CACHE_CONTROL, "no-store"),
        ],
        table(&entries, language, offset),
    ))
}

/// The same entries as the text of a table.
pub(crate) fn table(entries: &[LedgerEntry], language: Language, offset_minutes: i32) -> String {
    let mut text = String::from("\u{feff}");
    text.push_str(&COLUMNS.map(|column| cell(say(language, "ledger", column))).join(","));
    text.push_str("\r\n");
    for entry in entries {
        let local = |at| local_time(at, offset_minutes);
        let case = entry.case.as_ref();
        let _ = write!(
            text,
            "{},{},{},{},{},{},{},{},{}\r\n",
            entry.seq,
            cell(&entry.at.map_or_else(String::new, local)),
            cell(&what(entry, language)),
            entry.points,
            yuan(entry.cash_due),
            yuan(entry.cash_paid),
            cell(case.map_or("", |case| &case.number)),
            cell(case.map_or("", |case| &case.words)),
            cell(&entry.taken_back.as_ref().map_or_else(String::new, |taken| local(taken.at))),
        );
    }
    text
}
