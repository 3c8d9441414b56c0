//! `GET /api/v1/desk/rewards`

use crate::app::App;
use crate::edge::{ApiResult, Staff};
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use woodlark_domain::policy::Action;
use woodlark_domain::redeem::PayoutState;
use woodlark_store::redeem;
use woodlark_wire::{DeskRewards, FundingRow};

/// Decisions about the budget that are listed.
const FUNDINGS: usize = 20;

/// Where the money stands, and what waits.
#[utoipa::path(get, path = "/api/v1/desk/rewards", tag = "desk", responses((status = 200, body = DeskRewards)))]
pub async fn desk_rewards(State(app): State<App>, staff: Staff) -> ApiResult<impl IntoResponse> {
    let (may_honour, may_read) = (staff.must(Action::HonourGift).is_ok(), staff.must(Action::ReadRewards));
    if !may_honour {
        may_read.clone()?;
    }
    let may_read = may_read.is_ok();
    let (may_decide, may_fund) =
        (staff.must(Action::DecidePayout).is_ok(), staff.must(Action::FundRewards).is_ok());
    let pays = app.pay.is_some();
    let read = app.store.read(move |conn| {
        if !may_read {
            // Whoever only hands gifts over is told nothing of the money.
            return Ok((redeem::Totals::default(), 0, 0, Vec::new()));
        }
        let counts =
            (redeem::count_in(conn, PayoutState::Waiting)?, redeem::count_in(conn, PayoutState::Held)?);
        Ok((redeem::totals(conn)?, counts.0, counts.1, redeem::fundings(conn, FUNDINGS)?))
    });
    let (totals, waiting, held, fundings) = read.await?;
    let rewards = DeskRewards {
        budget: totals.budget,
        granted: totals.granted,
        promised: totals.promised,
        paid: totals.paid,
        fund: totals.fund,
        pays,
        waiting,
        held,
        fundings: fundings.into_iter().map(|(_, at, fen)| FundingRow { at, fen }).collect(),
        may_read,
        may_decide,
        may_fund,
        may_honour,
    };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(rewards)))
}
