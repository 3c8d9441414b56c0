//! WeChat's bridge, where this page runs in WeChat: it shows the sheet on which a red packet is confirmed.

use js_sys::{Function, Object, Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use woodlark_ui::place::{Place, Signs};
use woodlark_wire::PayoutConfirm;

fn bridge() -> Option<(JsValue, Function)> {
    let bridge = Reflect::get(&js_sys::global(), &"WeixinJSBridge".into()).ok()?;
    let invoke = Reflect::get(&bridge, &"invoke".into()).ok()?.dyn_into().ok()?;
    Some((bridge, invoke))
}

/// Whether there is one.
#[must_use]
pub fn is_there() -> bool {
    bridge().is_some()
}

/// Whether this page runs in WeChat's own browser: only there does WeChat say who somebody is. Its bridge comes late; its name is
/// there from the beginning.
#[must_use]
pub fn is_wechat() -> bool {
    let agent = window().navigator().user_agent().unwrap_or_default();
    is_there() || Place::of(&Signs { agent: &agent, ..Signs::default() }) == Place::Wechat
}

/// Shows the sheet, and comes back once it is closed. What it answers says whether it was shown, and nothing of the money.
pub async fn request_merchant_transfer(of: &PayoutConfirm) {
    let Some((bridge, invoke)) = bridge() else { return };
    let asked = Object::new();
    for (name, value) in [("mchId", &of.mch_id), ("appId", &of.app_id), ("package", &of.package)] {
        let _ = Reflect::set(&asked, &name.into(), &value.as_str().into());
    }
    let closed = Promise::new(&mut |done, _| {
        let done = Closure::once_into_js(move |_: JsValue| {
            let _ = done.call0(&JsValue::UNDEFINED);
        });
        let _ = invoke.call3(&bridge, &"requestMerchantTransfer".into(), &asked, &done);
    });
    let _ = JsFuture::from(closed).await;
}
