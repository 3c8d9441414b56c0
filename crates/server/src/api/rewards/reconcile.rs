//! `POST /api/v1/desk/rewards/reconcile`

use crate::app::App;
use crate::edge::{ApiError, ApiResult, ReadJson, Staff};
use axum::Json;
use axum::extract::{Request, State};
use woodlark_domain::clock::Day;
use woodlark_domain::limits::CITY_BYTES;
use woodlark_domain::policy::Action;
use woodlark_domain::reconcile::reconcile;
use woodlark_store::redeem::{self, out_bill_no};
use woodlark_tables::statement;
use woodlark_wire::{Reconciled, Statement};

/// Days of one statement.
const MOST_DAYS: i32 = 92;

/// Holds the pay system's statement of a period against the ledger. Nothing is changed by it.
#[utoipa::path(post, path = "/api/v1/desk/rewards/reconcile", tag = "desk", request_body = Statement,
    responses((status = 200, body = Reconciled)))]
pub async fn desk_reconcile(
    State(app): State<App>,
    staff: Staff,
    request: Request,
) -> ApiResult<Json<Reconciled>> {
    staff.must(Action::ReadRewards)?;
    let _room = app.room(request.headers(), CITY_BYTES).await?;
    let Statement { from, to, csv } = ReadJson::<Statement>::at_most(request, CITY_BYTES).await?.value;
    let day = |text: &str, field| text.parse::<Day>().map_err(|_| ApiError::field(field, "day"));
    let (first, last) = (day(&from, "from")?, day(&to, "to")?);
    if last < first || last.count().saturating_sub(first.count()) >= MOST_DAYS {
        return Err(ApiError::field("to", "day"));
    }
    let told = statement::read(&csv).ok_or_else(|| ApiError::field("csv", "statement"))?;
    let city = app.city();
    let calendar = &city.data().calendar;
    let (begin, end) = (calendar.midnight(first), calendar.midnight(last.plus(1)));
    let ours = app.store.read(move |conn| redeem::paid_between(conn, begin, end)).await?;
    let ours: Vec<(String, i64)> = ours.into_iter().map(|(id, fen)| (out_bill_no(id), fen)).collect();
    let (alike, alike_fen, differences) = reconcile(&ours, &told.lines);
    Ok(Json(Reconciled { alike, alike_fen, differences, unread: told.unread }))
}
