//! Voice by WeChat's own recorder. A page never gets the sound: it gets an id, WeChat keeps the sound, and the server fetches it
//! from there.

use super::sdk::{ask, listen, tell, text};
use crate::device::Setting;
use crate::outbox::sender;
use core::cell::RefCell;
use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, XmlHttpRequest, XmlHttpRequestResponseType};
use woodlark_ui::capture::voice::{Ending, Recording, Said};
use woodlark_ui::{api, json};
use woodlark_wire::{WechatMedia, path};

thread_local! {
    /// What WeChat ended by itself, after its minute.
    static ENDED: RefCell<Option<String>> = const { RefCell::new(None) };
    /// The last recording, to be heard again in this page.
    static LAST: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// A recording that runs in WeChat.
pub struct Running {
    began_ms: f64,
}

/// Begins; none where the person or WeChat refuses.
pub(super) async fn begin() -> Option<Running> {
    ENDED.set(None);
    ask("startRecord", &[]).await.ok()?;
    let ended = Closure::once_into_js(|told: JsValue| ENDED.set(text(&told, "localId")));
    listen("onVoiceRecordEnd", "complete", &ended);
    Some(Running { began_ms: js_sys::Date::now() })
}

impl Recording for Running {
    fn loudness(&self) -> Option<f64> {
        None
    }

    fn elapsed_ms(&self) -> f64 {
        js_sys::Date::now() - self.began_ms
    }

    fn end(self) -> Ending {
        let duration = self.elapsed_ms();
        Box::pin(async move {
            let stopped = ask("stopRecord", &[]).await.ok().and_then(|told| text(&told, "localId"));
            let id = stopped.or_else(|| ENDED.take()).ok_or(JsValue::NULL)?;
            let options = [("localId", id.as_str().into()), ("isShowProgressTips", 0.into())];
            let kept = ask("uploadVoice", &options).await?;
            let file = fetch(text(&kept, "serverId").ok_or(JsValue::NULL)?).await?;
            LAST.set(Some(id));
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most a minute")]
            Ok(Said { media_type: file.type_(), file, duration_ms: duration as u32 })
        })
    }

    fn release(&self) {
        tell("stopRecord", &[]);
    }
}

/// Whether the last recording can be heard again.
pub(super) fn can_replay() -> bool {
    LAST.with_borrow(Option::is_some)
}

/// Plays the last recording.
pub(super) fn replay() {
    if let Some(id) = LAST.with_borrow(Clone::clone) {
        tell("playVoice", &[("localId", id.into())]);
    }
}

/// Has the server fetch what WeChat keeps, and takes it over. Only an account of ours may ask; a guest's is made as it is for
/// sending.
async fn fetch(media_id: String) -> Result<Blob, JsValue> {
    let body = json::write(&WechatMedia { media_id }).map_err(|_| JsValue::NULL)?;
    if Setting::Account.get().is_some()
        && let Ok(file) = take_over(&body).await
    {
        return Ok(file);
    }
    sender::sign_in().await.map_err(|_| JsValue::NULL)?;
    take_over(&body).await
}

async fn take_over(body: &str) -> Result<Blob, JsValue> {
    let xhr = XmlHttpRequest::new()?;
    xhr.open("POST", path::WECHAT_MEDIA)?;
    xhr.set_timeout(api::UPLOAD_TIMEOUT_MS);
    xhr.set_response_type(XmlHttpRequestResponseType::Blob);
    xhr.set_request_header("content-type", "application/json")?;
    let ended = Promise::new(&mut |done, _| xhr.set_onloadend(Some(&done)));
    xhr.send_with_opt_str(Some(body))?;
    JsFuture::from(ended).await?;
    let file: Blob = xhr.response()?.dyn_into()?;
    if xhr.status()? == 200 && file.size() > 0.0 { Ok(file) } else { Err(JsValue::NULL) }
}
