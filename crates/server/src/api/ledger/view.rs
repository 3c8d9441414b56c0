//! `GET /api/v1/ledger`

use super::rows::{Row, page};
use super::show_entry;
use crate::app::App;
use crate::edge::{ApiResult, SendJson, Token};
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use woodlark_domain::city::Deed;
use woodlark_domain::{Timestamp, limits};
use woodlark_ledger::badge::Badge;
use woodlark_store::city::City;
use woodlark_store::ledger::{self, Book, Month};
use woodlark_wire::{LedgerBadge, LedgerDeeds, LedgerMonth, LedgerView};

/// Months that are drawn.
const MONTHS: u32 = 12;

/// My ledger: what it comes to, and its latest entries. Whoever has no book yet, or no account, is shown an empty one.
#[utoipa::path(get, path = "/api/v1/ledger", tag = "ledger", responses((status = 200, body = LedgerView)))]
pub async fn ledger_view(State(app): State<App>, token: Token) -> ApiResult<impl IntoResponse> {
    let (city, now) = (app.city(), app.clock.now());
    let read = token.read(&app, |conn, session| {
        let Some(session) = session else { return Ok(None) };
        let books = ledger::books_of(conn, session.user)?;
        let months = match books.first() {
            Some(book) => ledger::months(conn, book.id)?,
            None => Vec::new(),
        };
        let entries = page(conn, &books, None, limits::PAGE_ROWS)?;
        Ok(Some((books, months, entries)))
    });
    let read = read.await?;
    let account = read.is_some();
    let (books, months, entries) = read.unwrap_or_default();
    let view = LedgerView { account, ..show(&books, &months, entries, &city, now) };
    Ok(([(header::CACHE_CONTROL, "no-store")], SendJson(view)))
}

fn show(
    books: &[Book],
    months: &[Month],
    (rows, next): (Vec<Row>, Option<String>),
    city: &City,
    now: Timestamp,
) -> LedgerView {
    let today = city.data().calendar.day(now).number();
    let (year, book) = (today / 10_000, books.first());
    let balances = book.map(|book| book.balances).unwrap_or_default();
    let opened = books.iter().map(|book| city.data().calendar.day(book.opened_at).number() / 10_000).min();
    LedgerView {
        account: false,
        book: book.map(|book| book.id.to_string()),
        seq: book.map_or(0, |book| book.head.seq),
        points: balances.points,
        cash_due: balances.cash_due,
        cash_paid: balances.cash_paid,
        hotline: city.data().hotline.clone(),
        year,
        deeds: of_year(months, year),
        months: last(months, today / 100),
        badges: Badge::ALL.iter().map(|badge| reached(*badge, months)).collect(),
        years: opened.map_or_else(Vec::new, |opened| (opened..=year).rev().collect()),
        entries: rows.iter().map(|(book, row)| show_entry(*book, row)).collect(),
        next,
    }
}

fn of_year(months: &[Month], year: u32) -> Vec<LedgerDeeds> {
    let of = |deed: Deed| {
        let all = months.iter().filter(|one| one.deed == deed && one.month / 100 == i64::from(year));
        let (count, points) = all.fold((0, 0), |sum, one| (sum.0 + one.n, sum.1 + one.points));
        LedgerDeeds { deed, count: u64::try_from(count).unwrap_or_default(), points }
    };
    Deed::ALL.iter().map(|deed| of(*deed)).filter(|one| one.count > 0).collect()
}

/// The last twelve months up to this one.
fn last(months: &[Month], this: u32) -> Vec<LedgerMonth> {
    let mut shown = Vec::new();
    let mut month = this;
    for _ in 0..MONTHS {
        let all = months.iter().filter(|one| one.month == i64::from(month));
        let (count, points) = all.fold((0, 0), |sum, one| (sum.0 + one.n, sum.1 + one.points));
        shown.push(LedgerMonth { month, count: u64::try_from(count).unwrap_or_default(), points });
        month = if month % 100 == 1 { month - 89 } else { month - 1 };
    }
    shown.reverse();
    shown
}

fn reached(badge: Badge, months: &[Month]) -> LedgerBadge {
    let deeds: i64 = months.iter().filter(|one| Badge::of(one.deed) == badge).map(|one| one.n).sum();
    let deeds = u64::try_from(deeds).unwrap_or_default();
    let (level, next) = badge.level(deeds);
    LedgerBadge { badge: badge.code().to_owned(), deeds, level, next }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twelve_months_are_drawn_over_the_turn_of_a_year() {
        let one = |month, n| Month { month, deed: Deed::ProblemFiled, n, points: 10 * n };
        let months = [one(202_511, 7), one(202_512, 2), one(202_601, 1)];
        let drawn = last(&months, 202_611);
        assert_eq!((drawn.len(), drawn[0].month, drawn[11].month), (12, 202_512, 202_611));
        assert_eq!((drawn[0].points, drawn[1].count, drawn[2].points), (20, 1, 0));
        assert_eq!(of_year(&months, 2025), [LedgerDeeds { deed: Deed::ProblemFiled, count: 9, points: 90 }]);
        let woodpecker = reached(Badge::Woodpecker, &months);
        assert_eq!((woodpecker.deeds, woodpecker.level, woodpecker.next), (10, 2, Some(50)));
        assert_eq!(reached(Badge::Lark, &months).level, 0);
    }
}
