//! `GET /api/v1/fund`

use crate::app::App;
use crate::edge::{ApiResult, SendJson};
use axum::extract::State;
use woodlark_ledger::Account;
use woodlark_store::ledger;
use woodlark_wire::FundView;

/// What residents gave to the community's fund so far.
#[utoipa::path(get, path = "/api/v1/fund", tag = "public", responses((status = 200, body = FundView)))]
pub async fn fund(State(app): State<App>) -> ApiResult<SendJson<FundView>> {
    let fund_fen = app.store.read(|conn| ledger::balance(conn, Account::CommunityFund)).await?;
    Ok(SendJson(FundView { fund_fen }))
}
