//! A file of a case, as the server has it.

use leptos::prelude::window;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::Blob;

/// What lies at an address; none where it is not given, or nothing comes.
pub(super) async fn fetch(address: String) -> Option<Blob> {
    let answer: JsValue = JsFuture::from(window().fetch_with_str(&address)).await.ok()?;
    if js_sys::Reflect::get(&answer, &"ok".into()).ok()?.is_falsy() {
        return None;
    }
    let blob = js_sys::Reflect::get(&answer, &"blob".into()).ok()?.dyn_into::<js_sys::Function>().ok()?;
    let promise: js_sys::Promise = blob.call0(&answer).ok()?.dyn_into().ok()?;
    JsFuture::from(promise).await.ok()?.dyn_into().ok()
}
