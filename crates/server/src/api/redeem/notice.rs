//! `POST /api/v1/pay/notice`

use crate::app::App;
use crate::edge::{ApiError, read_body};
use crate::jobs::take_down;
use crate::pay::{order, said};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use woodlark_pay::callback::CALLBACK_BYTES_MAX;
use woodlark_store::redeem::{self, Word, of_bill_no};

/// The pay system says what became of a payout. What is not proved to be its own is refused; what is, is answered once it is kept.
#[utoipa::path(post, path = "/api/v1/pay/notice", tag = "redeem", request_body = String, responses((status = 204)))]
pub async fn pay_notice(State(app): State<App>, request: Request) -> Response {
    let Some(pay) = app.pay.as_deref() else { return ApiError::not_found().into_response() };
    let headers = request.headers().clone();
    let body = match read_body(request, CALLBACK_BYTES_MAX).await {
        Ok(body) => body,
        Err(error) => return error.into_response(),
    };
    let notice = match pay.notice(&headers, &body, app.clock.now()) {
        Ok(notice) => notice,
        Err(error) => {
            tracing::warn!(%error, "a call in the pay system's name was refused");
            let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::BAD_REQUEST);
            return status.into_response();
        }
    };
    let Some(id) = of_bill_no(notice.bill.number.as_str()) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let known = match app.store.read(move |conn| redeem::payout(conn, id)).await {
        Ok(Some(known)) => known,
        Ok(None) => return StatusCode::NOT_FOUND.into_response(),
        Err(fault) => return ApiError::from(fault).into_response(),
    };
    // Of one that is over nobody knows any more to whom it went; whether it says otherwise now is looked at all the same.
    let word = match order(&known) {
        Some(order) => match notice.of(&order) {
            Ok(bill) => said(bill.clone()),
            Err(doubt) => Word::Doubt(doubt.to_string()),
        },
        None => said(notice.bill.clone()),
    };
    match take_down(&app, id, None, word).await {
        Ok(_) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => {
            tracing::warn!(%error, "what the pay system said could not be kept; it will say it again");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}
