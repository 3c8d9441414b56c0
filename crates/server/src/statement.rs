//! `GET /plain/ledger` and `/plain/ledger/{year}`: a resident's ledger on paper, the whole or one year of it. Plain HTML with a
//! style sheet of its own, which needs no program; beside each entry stands what was there after it.

use crate::api::ledger::{all_rows, show_entry, what, yuan};
use crate::app::App;
use crate::edge::{ApiResult, ReadPath, ReadQuery, Reader, Token};
use crate::form::local_time;
use crate::messages::say;
use crate::pages::{self, escape};
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{Html, IntoResponse, Response};
use serde::Deserialize;
use std::fmt::Write as _;
use woodlark_domain::clock::Calendar;
use woodlark_domain::{Language, Timestamp};
use woodlark_store::ledger;
use woodlark_wire::{LedgerEntry, path};

/// The statement's own style sheet.
const STYLE: &str = "ledger/statement";

/// In which language.
#[derive(Debug, Deserialize)]
pub struct Wish {
    /// `zh` or `en`; else as the browser says.
    lang: Option<Language>,
}

/// A book on paper.
struct Part {
    book: String,
    points: i64,
    entries: Vec<LedgerEntry>,
}

/// What is written at the head.
struct Head<'a> {
    city: &'a str,
    year: Option<u32>,
    made_at: Timestamp,
}

/// The whole ledger.
///
/// # Errors
/// The store's.
pub async fn whole(
    State(app): State<App>,
    token: Token,
    reader: Reader,
    ReadQuery(wish): ReadQuery<Wish>,
) -> ApiResult<Response> {
    page(&app, token, wish.lang.unwrap_or(reader.language), None).await
}

/// One year of it.
///
/// # Errors
/// The store's.
pub async fn of_year(
    State(app): State<App>,
    token: Token,
    reader: Reader,
    ReadQuery(wish): ReadQuery<Wish>,
    ReadPath(year): ReadPath<u32>,
) -> ApiResult<Response> {
    page(&app, token, wish.lang.unwrap_or(reader.language), Some(year)).await
}

async fn page(app: &App, token: Token, language: Language, year: Option<u32>) -> ApiResult<Response> {
    let read = token.read(app, |conn, session| {
        let mut parts = Vec::new();
        let Some(session) = session else { return Ok(parts) };
        for book in ledger::books_of(conn, session.user)? {
            let entries = all_rows(conn, book.id)?.iter().map(|row| show_entry(book.id, row)).collect();
            parts.push(Part { book: book.id.to_string(), points: book.balances.points, entries });
        }
        Ok(parts)
    });
    let (parts, city) = (read.await?, app.city());
    let name = match language {
        Language::Zh => &city.data().name.zh,
        Language::En => &city.data().name.en,
    };
    let head = Head { city: name, year, made_at: app.clock.now() };
    let body = html(&parts, &head, &city.data().calendar, language);
    let style = app.assets.style_named(STYLE);
    let page = pages::page(language, say(language, "ledger", "title"), style.as_deref(), &body);
    let mut response = Html(page).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

fn html(parts: &[Part], head: &Head<'_>, calendar: &Calendar, language: Language) -> String {
    let say = |key: &'static str| escape(say(language, "ledger", key));
    let period = head.year.map_or_else(|| say("all_years"), |year| year.to_string());
    let made = local_time(head.made_at, calendar.offset_minutes());
    let mut out = format!(
        "<article class=\"statement\" data-test=\"statement\"><header><img src=\"/icon.svg\" alt=\"\"><b>{} · {}</b></header>\
         <h1>{}</h1><p class=\"about\">{period} · {} {}</p>",
        say("brand"),
        escape(head.city),
        say("title"),
        say("made_at"),
        escape(&made),
    );
    let of_year = |entry: &LedgerEntry| {
        let year = entry.at.map(|at| calendar.day(at).number() / 10_000);
        head.year.is_none_or(|wanted| year.is_none_or(|year| year == wanted))
    };
    if !parts.iter().any(|part| part.entries.iter().any(of_year)) {
        let _ = write!(out, "<p class=\"none\">{}</p>", say("none"));
    }
    for part in parts {
        let mut after = part.points;
        let mut rows: Vec<(&LedgerEntry, i64)> = Vec::new();
        for entry in &part.entries {
            if of_year(entry) {
                rows.push((entry, after));
            }
            after -= entry.points;
        }
        if !rows.is_empty() {
            table(&mut out, &part.book, &rows, calendar.offset_minutes(), language);
        }
    }
    let _ = write!(
        out,
        "<footer><p>{}</p></footer></article><p class=\"off-paper\">{} <a href=\"/ledger\">{}</a> <a href=\"{}?lang={}\">{}</a></p>",
        say("how_checked"),
        say("print"),
        say("back"),
        path::LEDGER_CSV,
        language.code(),
        say("as_csv"),
    );
    out
}

/// The entries of a book, first to last, each with what was there after it.
fn table(
    out: &mut String,
    book: &str,
    rows: &[(&LedgerEntry, i64)],
    offset_minutes: i32,
    language: Language,
) {
    let say = |key: &'static str| escape(say(language, "ledger", key));
    let change: i64 = rows.iter().map(|(entry, _)| entry.points).sum();
    let last = rows.first().map_or(0, |(_, after)| *after);
    let _ = write!(
        out,
        "<dl><div><dt>{}</dt><dd>{}</dd></div><div><dt>{}</dt><dd>{change:+}</dd></div><div><dt>{}</dt><dd>{last}</dd></div></dl>\
         <div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"{}\"><table><thead><tr>\
         <th scope=\"col\">{}</th><th scope=\"col\">{}</th><th scope=\"col\">{}</th>\
         <th scope=\"col\" class=\"n\">{}</th><th scope=\"col\" class=\"n\">{}</th></tr></thead><tbody>",
        say("before"),
        last - change,
        say("change"),
        say("after"),
        say("entries"),
        say("place"),
        say("at"),
        say("what"),
        say("points"),
        say("balance"),
    );
    for (entry, after) in rows.iter().rev() {
        let at = entry.at.map_or_else(String::new, |at| local_time(at, offset_minutes));
        let case = entry.case.as_ref().map_or_else(String::new, |case| {
            format!("<small>{} {}</small>", escape(&case.number), escape(&case.words))
        });
        let money = entry.cash_due + entry.cash_paid;
        let money =
            if money == 0 { String::new() } else { format!("<small>¥ {}</small>", escape(&yuan(money))) };
        let struck = if entry.taken_back.is_some() { " class=\"struck\"" } else { "" };
        let _ = write!(
            out,
            "<tr{struck}><td>{}</td><td>{}</td><td>{}{case}{money}</td><td class=\"n\">{:+}</td><td class=\"n\">{after}</td></tr>",
            entry.seq,
            escape(&at),
            escape(&what(entry, language)),
            entry.points,
        );
    }
    let _ = write!(
        out,
        "</tbody></table></div><p class=\"book\">{} <code>{}</code></p>",
        say("book"),
        escape(book)
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use woodlark_domain::city::Deed;

    fn entry(seq: u64, at: i64, points: i64) -> LedgerEntry {
        LedgerEntry {
            book: "b".to_owned(),
            seq,
            at: Some(Timestamp(at)),
            cause: "deed".to_owned(),
            deed: Some(Deed::ProblemFiled),
            worth: Some(10),
            points,
            cash_due: 0,
            cash_paid: 0,
            reason: None,
            reverses: None,
            taken_back: None,
            case: None,
        }
    }

    #[test]
    fn a_year_begins_with_what_the_year_before_left() {
        let (of_2025, of_2026) = (1_763_000_000_000_000, 1_795_399_200_000_000);
        let part = Part {
            book: "<b>".to_owned(),
            points: 31,
            entries: vec![entry(3, of_2026, 20), entry(2, of_2026, 1), entry(1, of_2025, 10)],
        };
        let head = Head { city: "奉贤", year: Some(2026), made_at: Timestamp(of_2026) };
        let page = html(&[part], &head, &Calendar::china(Vec::new()), Language::En);
        assert!(
            page.contains("<dd>10</dd>") && page.contains("<dd>+21</dd>") && page.contains("<dd>31</dd>")
        );
        assert!(page.contains("&lt;b&gt;") && page.matches("<tr>").count() == 3, "{page}");
        let of_another = Head { year: Some(2020), ..head };
        let page = html(&[], &of_another, &Calendar::china(Vec::new()), Language::En);
        assert!(page.contains("class=\"none\"") && !page.contains("<table>"));
    }
}
