//! `POST /api/v1/wechat/mini`

use crate::app::App;
use crate::clock::{new_user_id, random};
use crate::edge::{ApiError, ApiResult, ReadJson};
use crate::wechat::ticket_hash;
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use woodlark_ledger::bytes::to_hex;
use woodlark_store::redeem::WechatAccount;
use woodlark_store::{Halt, tickets};
use woodlark_wechat::{Code, LoginError, Reason, Unionid};
use woodlark_wire::{ProblemCode, WechatMini, WechatTicket};

/// When to come back whom WeChat itself finds too often: it counts by the minute.
const AGAIN_S: u32 = 60;

/// Who opened the mini-program: its shell asks and hands the ticket to the page in it. Whom no account of ours knows yet gets one,
/// and so does nobody twice: WeChat knows the same person in each of our apps.
#[utoipa::path(post, path = "/api/v1/wechat/mini", tag = "wechat", request_body = WechatMini,
    responses((status = 200, body = WechatTicket)))]
pub async fn wechat_mini(State(app): State<App>, body: ReadJson<WechatMini>) -> ApiResult<impl IntoResponse> {
    let wechat = app.wechat.as_deref().ok_or_else(ApiError::not_found)?;
    let appid = wechat.account().mini_appid().ok_or_else(ApiError::not_found)?.to_owned();
    let code: Code = body.value.code.parse().map_err(|_| ApiError::field("code", "wechat_code"))?;
    let identity = wechat.mini_login(&code).await.map_err(refused)?;
    let now = app.clock.now();
    let (new, ticket) = (new_user_id(now), to_hex(&random::<16>()));
    let hash = ticket_hash(&app, &ticket);
    let until = app
        .store
        .write(move |tx| {
            let account = WechatAccount {
                appid: &appid,
                openid: identity.openid.as_str(),
                unionid: identity.unionid.as_ref().map(Unionid::as_str),
            };
            Ok::<_, Halt<ApiError>>(tickets::issue(tx, &account, new, &hash, now)?)
        })
        .await?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(WechatTicket { ticket, until })))
}

fn refused(error: LoginError) -> ApiError {
    let failure = match error {
        LoginError::UsedCode | LoginError::State | LoginError::Denied => {
            return ApiError::field("code", "wechat_code");
        }
        LoginError::Blocked => return ApiError::refused("wechat_blocked"),
        LoginError::Failed(failure) => failure,
    };
    if failure.reason() == Some(Reason::TooOften) {
        return ApiError::wait(ProblemCode::TooManyRequests, AGAIN_S);
    }
    tracing::warn!(%failure, "WeChat did not say who opened the mini-program");
    ProblemCode::NotReached.into()
}
