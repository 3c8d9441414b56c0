//! `GET /api/v1/wechat/config`

use crate::app::App;
use crate::clock::random;
use crate::edge::{ApiError, ApiResult, ReadQuery};
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use serde::Deserialize;
use woodlark_wechat::{Nonce, PageUrl};
use woodlark_wire::{ProblemCode, WechatConfig};

/// Which page.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct WechatConfigQuery {
    /// Its whole address, as the browser tells it.
    url: String,
}

/// What a page of ours hands to WeChat's script so that it opens to it. Other sites' pages are not signed.
#[utoipa::path(get, path = "/api/v1/wechat/config", tag = "wechat", params(WechatConfigQuery),
    responses((status = 200, body = WechatConfig)))]
pub async fn wechat_config(
    State(app): State<App>,
    ReadQuery(asked): ReadQuery<WechatConfigQuery>,
) -> ApiResult<impl IntoResponse> {
    let wechat = app.wechat.as_deref().ok_or_else(ApiError::not_found)?;
    let page = PageUrl::new(wechat.account(), &asked.url).map_err(|_| ApiError::field("url", "own_page"))?;
    let signed = wechat.js_config(&page, app.clock.now(), Nonce(random())).await.map_err(|failure| {
        tracing::warn!(%failure, "a page goes without WeChat's script");
        ApiError::from(ProblemCode::NotReached)
    })?;
    let config = WechatConfig {
        app_id: signed.app_id,
        timestamp: signed.timestamp,
        nonce_str: signed.nonce_str,
        signature: signed.signature,
        sdk: wechat.account().sdk().to_owned(),
        template: wechat.account().progress_template(woodlark_wechat::App::Official).map(str::to_owned),
    };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(config)))
}
