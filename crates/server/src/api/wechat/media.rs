//! `POST /api/v1/wechat/media`

use crate::app::App;
use crate::edge::{ApiError, ApiResult, ReadJson, Resident};
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::IntoResponse;
use woodlark_domain::{Timestamp, limits};
use woodlark_store::quota::Quota;
use woodlark_wechat::{MediaError, MediaId, MediaKind};
use woodlark_wire::{ProblemCode, WechatMedia};

/// What one account may have fetched: WeChat counts what our whole account fetches in a day.
const PER_DAY: Quota =
    Quota { kind: "wechat_media", most: limits::WECHAT_MEDIA_PER_DAY, window: Timestamp::DAY, gap: 0 };

/// What a page of ours recorded or photographed inside WeChat, from WeChat's own store: the page keeps it and hands it in with its
/// report like any other file. Photos are JPEG or PNG, recordings AMR.
#[utoipa::path(post, path = "/api/v1/wechat/media", tag = "wechat", request_body = WechatMedia,
    responses((status = 200, content_type = "*/*", body = Vec<u8>)))]
pub async fn wechat_media(
    State(app): State<App>,
    resident: Resident,
    body: ReadJson<WechatMedia>,
) -> ApiResult<impl IntoResponse> {
    let wechat = app.wechat.as_deref().ok_or_else(ApiError::not_found)?;
    let id: MediaId = body.value.media_id.parse().map_err(|_| ApiError::field("media_id", "media_id"))?;
    app.spend(PER_DAY, resident.user).await?;
    // What comes is held in memory whole, and how long it is is not known before.
    let _room = app.room(&HeaderMap::new(), limits::PHOTO_BYTES).await?;
    let most = usize::try_from(limits::PHOTO_BYTES).unwrap_or(usize::MAX);
    let media = wechat.media(&id, most, app.clock.now()).await.map_err(refused)?;
    let most = match media.kind {
        MediaKind::Jpeg | MediaKind::Png => limits::PHOTO_BYTES,
        MediaKind::Amr => limits::VOICE_BYTES,
        MediaKind::Gif | MediaKind::Speex => return Err(ProblemCode::UnsupportedMediaType.into()),
    };
    if media.bytes.len() as u64 > most {
        return Err(ApiError::over(ProblemCode::TooLarge, most));
    }
    let headers = [(header::CONTENT_TYPE, media.kind.content_type()), (header::CACHE_CONTROL, "no-store")];
    Ok((headers, media.bytes))
}

fn refused(error: MediaError) -> ApiError {
    match error {
        MediaError::Expired => ApiError::field("media_id", "media_id"),
        MediaError::TooLong(most) => ApiError::over(ProblemCode::TooLarge, most as u64),
        MediaError::Kind(_) => ProblemCode::UnsupportedMediaType.into(),
        MediaError::Failed(failure) => {
            tracing::warn!(%failure, "what was recorded in WeChat could not be fetched");
            ProblemCode::NotReached.into()
        }
    }
}
