//! `POST /api/v1/wechat/link`, `DELETE /api/v1/wechat/link`

use crate::app::App;
use crate::edge::{ApiError, ApiResult, MayReadJson, Resident};
use crate::wechat::{self, Page, RETURN};
use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use woodlark_store::{Halt, redeem};
use woodlark_wechat::PageUrl;
use woodlark_wire::{WechatLink, WechatWay};

/// I want to link my WeChat: where WeChat says who I am. Nobody is sent there without having asked, and only this very session
/// can come back from there, within ten minutes: to the page that is named, one of a few of ours, or to that of thanks.
#[utoipa::path(post, path = "/api/v1/wechat/link", tag = "wechat", request_body = Option<WechatLink>,
    responses((status = 200, body = WechatWay)))]
pub async fn link_wechat(
    State(app): State<App>,
    resident: Resident,
    MayReadJson(link): MayReadJson<WechatLink>,
) -> ApiResult<impl IntoResponse> {
    let client = app.wechat.as_deref().ok_or_else(ApiError::not_found)?;
    let account = client.account();
    let back = PageUrl::new(account, &[&account.site(), RETURN].concat());
    let back = back.map_err(|error| ApiError::internal(&error))?;
    let page = match &link {
        Some(link) => Page::asked(link).ok_or_else(|| ApiError::field("case", "case"))?,
        None => Page::Thanks,
    };
    let state = wechat::new_state(&app, &resident.token_hash, page);
    let state = state.ok_or_else(|| ApiError::internal(&"no state"))?;
    let way = WechatWay { address: client.authorize_url(&back, &state) };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(way)))
}

/// My WeChat is no longer linked. A red packet that is on its way still goes where it was asked for.
#[utoipa::path(delete, path = "/api/v1/wechat/link", tag = "wechat", responses((status = 204)))]
pub async fn unlink_wechat(State(app): State<App>, resident: Resident) -> ApiResult<StatusCode> {
    let client = app.wechat.as_deref().ok_or_else(ApiError::not_found)?;
    let (user, appid, now) = (resident.user, client.account().appid().to_owned(), app.clock.now());
    let unlinked =
        app.store.write(move |tx| Ok::<_, Halt<ApiError>>(redeem::unlink_wechat(tx, user, &appid, now)?));
    unlinked.await?;
    Ok(StatusCode::NO_CONTENT)
}
