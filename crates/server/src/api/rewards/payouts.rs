//! `GET /api/v1/desk/rewards/payouts`

use super::shown::{approvers, payout};
use crate::app::App;
use crate::edge::{ApiError, ApiResult, ReadQuery, Staff};
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use woodlark_domain::Timestamp;
use woodlark_domain::policy::Action;
use woodlark_ledger::EntryId;
use woodlark_store::redeem::{self, of_bill_no, out_bill_no};
use woodlark_wire::{DeskPayout, Page, PayoutsAsked};

/// Rows of one page.
const ROWS: usize = 50;

/// Payouts in a state, longest there first.
#[utoipa::path(get, path = "/api/v1/desk/rewards/payouts", tag = "desk", params(PayoutsAsked),
    responses((status = 200, body = Page<DeskPayout>)))]
pub async fn desk_payouts(
    State(app): State<App>,
    staff: Staff,
    ReadQuery(asked): ReadQuery<PayoutsAsked>,
) -> ApiResult<impl IntoResponse> {
    let reader = staff.must(Action::ReadRewards)?;
    let decides = staff.must(Action::DecidePayout).is_ok();
    let after = asked.after.as_deref().map(read_cursor).transpose()?;
    let city = app.city();
    let read = app.store.read(move |conn| {
        let payouts = redeem::payouts_in(conn, asked.state, after, ROWS)?;
        let last = payouts.last().filter(|_| payouts.len() == ROWS);
        let next = last.map(|last| format!("{}_{}", last.asked_at.0, out_bill_no(last.id)));
        let names = approvers(conn, &payouts)?;
        let rows = payouts.into_iter().map(|one| payout(conn, one, &names, (reader, decides), &city));
        Ok(Page { rows: rows.collect::<Result<Vec<_>, _>>()?, next })
    });
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(read.await?)))
}

fn read_cursor(text: &str) -> ApiResult<(Timestamp, EntryId)> {
    let read = || {
        let (at, id) = text.split_once('_')?;
        Some((Timestamp(at.parse().ok()?), of_bill_no(id)?))
    };
    read().ok_or_else(|| ApiError::field("after", "after"))
}
