//! `GET /api/v1/desk/books/{book}`, `POST …/freeze`, `POST …/unfreeze`

use super::shown::{approvers, deed, payout};
use super::{book_id, reason};
use crate::app::App;
use crate::edge::{ApiError, ApiResult, ReadJson, ReadPath, Staff};
use axum::Json;
use axum::extract::State;
use std::collections::BTreeSet;
use woodlark_domain::audit::AuditAction;
use woodlark_domain::policy::Action;
use woodlark_domain::{Role, UserId};
use woodlark_ledger::BookId;
use woodlark_ledger::bytes::to_hex;
use woodlark_store::redeem::{self, Freeze};
use woodlark_store::trail::{Deed, record};
use woodlark_store::{Conn, Fault, Halt, Tx, ledger, staff};
use woodlark_wire::{Because, DeskBook, FreezeRow};

/// Rows of each list.
const ROWS: usize = 50;

/// A book with its deeds and payouts: what somebody has to know who decides about it. Whose it is is not said. Each look is
/// recorded.
#[utoipa::path(get, path = "/api/v1/desk/books/{book}", tag = "desk", params(("book" = String, Path)),
    responses((status = 200, body = DeskBook)))]
pub async fn desk_book(
    State(app): State<App>,
    staff: Staff,
    ReadPath(book): ReadPath<String>,
) -> ApiResult<Json<DeskBook>> {
    let by = staff.must(Action::ReadRewards)?;
    let (book, now, reader) = (book_id(&book)?, app.clock.now(), app.clone());
    let (decides, freezes) =
        (staff.must(Action::DecidePayout).is_ok(), staff.must(Action::FreezeBook).is_ok());
    let shown = app.store.write(move |tx| {
        let shown = show(tx, book, by, (decides, freezes), &reader)?;
        let shown = shown.ok_or(Halt::Refused(ApiError::not_found()))?;
        let (subject, role) = (to_hex(&book.0), Role::Supervisor);
        let looked = Deed {
            at: now,
            user: Some(by),
            role,
            action: AuditAction::ReadBook,
            subject: &subject,
            detail: "{}",
        };
        record(tx, &looked)?;
        Ok(shown)
    });
    Ok(Json(shown.await?))
}

/// Freezes a book: nothing can be spent from it, and its owner reads why.
#[utoipa::path(post, path = "/api/v1/desk/books/{book}/freeze", tag = "desk", request_body = Because,
    params(("book" = String, Path)), responses((status = 200, body = DeskBook)))]
pub async fn desk_freeze(
    State(app): State<App>,
    staff: Staff,
    ReadPath(book): ReadPath<String>,
    body: ReadJson<Because>,
) -> ApiResult<Json<DeskBook>> {
    turn(app, staff, &book, true, &body.value.reason).await
}

/// Lets a frozen book go.
#[utoipa::path(post, path = "/api/v1/desk/books/{book}/unfreeze", tag = "desk", request_body = Because,
    params(("book" = String, Path)), responses((status = 200, body = DeskBook)))]
pub async fn desk_unfreeze(
    State(app): State<App>,
    staff: Staff,
    ReadPath(book): ReadPath<String>,
    body: ReadJson<Because>,
) -> ApiResult<Json<DeskBook>> {
    turn(app, staff, &book, false, &body.value.reason).await
}

async fn turn(app: App, staff: Staff, book: &str, frozen: bool, why: &str) -> ApiResult<Json<DeskBook>> {
    let by = staff.must(Action::FreezeBook)?;
    let (book, why, at, reader) = (book_id(book)?, reason(why)?, app.clock.now(), app.clone());
    let decides = staff.must(Action::DecidePayout).is_ok();
    let shown = app.store.write(move |tx: &mut Tx| {
        if ledger::book(tx, book)?.is_none() {
            return Err(Halt::Refused(ApiError::not_found()));
        }
        redeem::freeze(tx, &Freeze { book, at, by, frozen, reason: why.clone() })?;
        let shown = show(tx, book, by, (decides, true), &reader)?;
        shown.ok_or(Halt::Refused(ApiError::not_found()))
    });
    Ok(Json(shown.await?))
}

fn show(
    conn: &mut Conn,
    id: BookId,
    reader: UserId,
    (decides, may_freeze): (bool, bool),
    app: &App,
) -> Result<Option<DeskBook>, Fault> {
    let Some(book) = ledger::book(conn, id)? else { return Ok(None) };
    let city = app.city();
    let freezes = redeem::freezes(conn, id, 50)?;
    let users: BTreeSet<UserId> = freezes.iter().map(|one| one.by).collect();
    let names = staff::names(conn, &users)?;
    let payouts = redeem::payouts_of(conn, id, ROWS)?;
    let approved = approvers(conn, &payouts)?;
    let payouts = payouts.into_iter().map(|one| payout(conn, one, &approved, (reader, decides), &city));
    let payouts = payouts.collect::<Result<Vec<_>, _>>()?;
    Ok(Some(DeskBook {
        book: to_hex(&id.0),
        points: book.balances.points,
        earned: book.earned,
        cash_due: book.balances.cash_due,
        cash_paid: book.balances.cash_paid,
        freezes: freezes
            .into_iter()
            .map(|one| FreezeRow {
                at: one.at,
                name: names.get(&one.by).cloned().unwrap_or_default(),
                frozen: one.frozen,
                reason: one.reason,
            })
            .collect(),
        deeds: ledger::entries(conn, id, None, ROWS)?.iter().filter_map(deed).collect(),
        payouts,
        may_freeze,
    }))
}
