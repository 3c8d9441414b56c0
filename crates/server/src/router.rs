//! The whole of what is served.

use crate::api::{
    audit, case, city, desk, desk_case, desk_city, desk_kiosks, desk_queue, desk_staff, figures, kiosk,
    ledger, live, me, public, redeem, report, rewards, session, wechat,
};
use crate::app::App;
use crate::edge::{ApiError, Rates, SecurityHeaders, limit_rates, render_problems, set_security_headers};
use crate::{form, hand_over, my_data, shell, statement, thanks_card};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderName, Request};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use std::sync::Arc;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate};
use tower_http::csrf::CsrfLayer;
use tower_http::request_id::{MakeRequestId, PropagateRequestIdLayer, RequestId, SetRequestIdLayer};
use tower_http::trace::TraceLayer;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use woodlark_wire::ProblemCode;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Woodlark 林百灵",
        description = "See it, snap it, follow it to the end. Refusals are RFC 9457 problem documents (`application/problem+json`) \
                       whose `code` is stable and whose `title` is in the language of `Accept-Language` (zh or en). Times are \
                       microseconds since 1970 UTC; positions are WGS-84 degrees unless a `datum` says otherwise.",
        license(name = "MIT OR Apache-2.0")
    ),
    tags((name = "session"), (name = "me"), (name = "report"), (name = "case"), (name = "city"), (name = "public"), (name = "ledger"), (name = "redeem"), (name = "wechat"), (name = "kiosk"), (name = "desk"))
)]
struct Document;

/// The API and its description, made from the same list.
pub fn api() -> (Router<App>, utoipa::openapi::OpenApi) {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(session::read, session::create, session::end))
        .routes(routes!(session::send_phone_code))
        .routes(routes!(session::link_phone))
        .routes(routes!(me::my_data))
        .routes(routes!(me::deletion, me::ask_deletion, me::keep_account))
        .routes(routes!(report::put_manifest, report::status))
        .routes(routes!(report::put_attachment))
        .routes(routes!(report::complete))
        .routes(routes!(case::list))
        .routes(routes!(case::view))
        .routes(routes!(case::join))
        .routes(routes!(case::withdraw))
        .routes(routes!(case::rate))
        .routes(routes!(case::contest))
        .routes(routes!(case::notice))
        .routes(routes!(case::put_photo))
        .routes(routes!(case::photo))
        .routes(routes!(case::voice))
        .routes(routes!(live::live))
        .routes(routes!(city::city))
        .routes(routes!(city::categories))
        .routes(routes!(city::areas))
        .routes(routes!(city::alike))
        .routes(routes!(public::nearby))
        .routes(routes!(public::public_case))
        .routes(routes!(public::public_photo))
        .routes(routes!(public::wall))
        .routes(routes!(redeem::redeem))
        .routes(routes!(redeem::ask_payout))
        .routes(routes!(redeem::withdraw_payout))
        .routes(routes!(redeem::order_gift))
        .routes(routes!(redeem::return_gift))
        .routes(routes!(redeem::donate))
        .routes(routes!(redeem::fund))
        .routes(routes!(redeem::pay_notice))
        .routes(routes!(wechat::link_wechat, wechat::unlink_wechat))
        .routes(routes!(wechat::wechat_config))
        .routes(routes!(wechat::wechat_media))
        .routes(routes!(wechat::wechat_mini))
        .routes(routes!(wechat::wechat_ticket))
        .routes(routes!(kiosk::read_kiosk, kiosk::enrol_kiosk))
        .routes(routes!(kiosk::kiosk_health))
        .routes(routes!(kiosk::put_envelope))
        .routes(routes!(kiosk::kiosk_gift))
        .routes(routes!(kiosk::kiosk_honour))
        .routes(routes!(kiosk::look_up))
        .routes(routes!(kiosk::hand_over))
        .routes(routes!(desk_kiosks::desk_kiosks, desk_kiosks::desk_set_up_kiosk))
        .routes(routes!(desk_kiosks::desk_kiosk_code))
        .routes(routes!(desk_kiosks::desk_revoke_kiosk))
        .routes(routes!(rewards::desk_rewards))
        .routes(routes!(rewards::desk_payouts))
        .routes(routes!(rewards::desk_decide_payout))
        .routes(routes!(rewards::desk_fund))
        .routes(routes!(rewards::desk_gift))
        .routes(routes!(rewards::desk_honour))
        .routes(routes!(rewards::desk_reconcile))
        .routes(routes!(rewards::desk_book))
        .routes(routes!(rewards::desk_freeze))
        .routes(routes!(rewards::desk_unfreeze))
        .routes(routes!(rewards::desk_deeds))
        .routes(routes!(rewards::desk_reverse_deed))
        .routes(routes!(ledger::ledger_view))
        .routes(routes!(ledger::ledger_entries))
        .routes(routes!(ledger::ledger_share))
        .routes(routes!(ledger::ledger_chain))
        .routes(routes!(ledger::ledger_csv))
        .routes(routes!(ledger::ledger_json))
        .routes(routes!(ledger::ledger_roots))
        .routes(routes!(ledger::ledger_points))
        .routes(routes!(desk::desk_me, desk::desk_sign_in, desk::desk_sign_out))
        .routes(routes!(desk::read_invitation, desk::accept_invitation))
        .routes(routes!(desk::list_staff, desk::invite_staff))
        .routes(routes!(desk::end_staff))
        .routes(routes!(desk_staff::desk_staff_preview))
        .routes(routes!(desk_staff::desk_staff_apply))
        .routes(routes!(desk_staff::desk_staff_file))
        .routes(routes!(desk::directory))
        .routes(routes!(desk::list_seats))
        .routes(routes!(desk::end_seat))
        .routes(routes!(audit::desk_audit))
        .routes(routes!(audit::desk_audit_csv))
        .routes(routes!(figures::desk_figures))
        .routes(routes!(figures::desk_figures_csv))
        .routes(routes!(figures::desk_figures_cases))
        .routes(routes!(figures::set_up_board, figures::read_board))
        .routes(routes!(desk_queue::desk_queues))
        .routes(routes!(desk_queue::desk_queue))
        .routes(routes!(desk_queue::desk_live))
        .routes(routes!(desk_case::desk_case))
        .routes(routes!(desk_case::desk_order))
        .routes(routes!(desk_case::desk_reporter))
        .routes(routes!(desk_case::desk_photo))
        .routes(routes!(desk_case::desk_approve))
        .routes(routes!(desk_case::desk_voice))
        .routes(routes!(desk_case::desk_put_photo))
        .routes(routes!(desk_city::desk_city))
        .routes(routes!(desk_city::desk_city_part))
        .routes(routes!(desk_city::desk_city_versions))
        .routes(routes!(desk_city::desk_city_compare))
        .routes(routes!(desk_city::desk_city_file))
        .routes(routes!(desk_city::desk_city_preview))
        .routes(routes!(desk_city::desk_city_apply))
        .routes(routes!(desk_city::desk_propose))
        .routes(routes!(desk_city::desk_decline_proposal))
        .split_for_parts()
}

/// The API's description as text.
#[must_use]
pub fn openapi_document() -> String {
    api().1.to_pretty_json().unwrap_or_default()
}

/// Everything, layered.
pub fn router(app: App, rates: Arc<Rates>, headers: Arc<SecurityHeaders>) -> Router {
    let (api, document) = api();
    let document = document.to_pretty_json().unwrap_or_default();
    let describe = move || {
        let document = document.clone();
        async move { ([(axum::http::header::CONTENT_TYPE, "application/json")], document) }
    };
    let request_id = HeaderName::from_static("x-request-id");
    let compress = DefaultPredicate::new()
        .and(NotForContentType::const_new("text/event-stream"))
        .and(NotForContentType::const_new("application/zip"))
        .and(NotForContentType::const_new("image/"))
        .and(NotForContentType::const_new("audio/"));
    Router::new()
        .merge(api)
        .route(woodlark_wire::path::OPENAPI, get(describe))
        .route(woodlark_wire::path::VERSION, get(shell::version))
        .route(
            woodlark_wire::path::FORM,
            post(form::submit).layer(DefaultBodyLimit::disable()).get(shell::page_or_file),
        )
        .route("/plain/cases/{case}", get(form::progress))
        .route("/plain/thanks/{case}", get(thanks_card::card))
        .route(woodlark_wire::path::LEDGER_STATEMENT, get(statement::whole))
        .route("/plain/ledger/{year}", get(statement::of_year))
        .route(woodlark_wire::path::MY_DATA_PAGE, get(my_data::page))
        .route(my_data::DELETE, post(my_data::delete))
        .route(my_data::KEEP, post(my_data::keep))
        .route(crate::wechat::RETURN, get(crate::wechat::come_back))
        .route(woodlark_wire::path::HAND_OVER_PAGE, get(hand_over::page))
        .route(hand_over::SCRIPT, get(hand_over::script))
        .route("/dev/codes", get(shell::dev_codes))
        .route("/hello", get(shell::hello))
        .fallback(get(shell::page_or_file))
        .method_not_allowed_fallback(async || ApiError::from(ProblemCode::MethodNotAllowed))
        .with_state(app)
        .layer(CompressionLayer::new().gzip(true).compress_when(compress))
        .layer(
            CsrfLayer::new()
                .with_rejection_response(|_| ApiError::from(ProblemCode::CrossSite).into_response()),
        )
        .layer(from_fn_with_state(rates, limit_rates))
        .layer(CatchPanicLayer::custom(|_: Box<dyn std::any::Any + Send>| {
            ApiError::internal(&"a handler panicked").into_response()
        }))
        .layer(from_fn(render_problems))
        .layer(from_fn_with_state(headers, set_security_headers))
        .layer(PropagateRequestIdLayer::new(request_id.clone()))
        .layer(TraceLayer::new_for_http().make_span_with(|request: &Request<_>| {
            let id = request
                .extensions()
                .get::<RequestId>()
                .and_then(|id| id.header_value().to_str().ok())
                .unwrap_or("");
            tracing::info_span!("request", method = %request.method(), path = request.uri().path(), id)
        }))
        .layer(SetRequestIdLayer::new(request_id, NewRequestId))
}

/// Sixteen random hexadecimal digits.
#[derive(Clone, Copy)]
struct NewRequestId;

impl MakeRequestId for NewRequestId {
    fn make_request_id<B>(&mut self, _: &Request<B>) -> Option<RequestId> {
        let digits = format!("{:016x}", u64::from_be_bytes(crate::clock::random()));
        digits.parse().ok().map(RequestId::new)
    }
}
