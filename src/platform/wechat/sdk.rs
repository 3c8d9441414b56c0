//! WeChat's page script: fetched from where the server says, opened to this page by the server's signature, and asked through
//! promises. Where any of it fails the place is a plain browser, and says nothing of it.

use core::cell::{Cell, RefCell};
use core::future::Future;
use core::time::Duration;
use js_sys::{Array, Function, Object, Promise, Reflect};
use leptos::prelude::{document, set_timeout, window};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use woodlark_ui::{RwSignal, api};
use woodlark_wire::{WechatConfig, path};

/// Milliseconds after which a bridge that has not come is not waited for.
const BRIDGE_MS: u64 = 2_000;

/// What pages use of the script. A call that is not listed is refused.
const CALLS: [&str; 17] = [
    "checkJsApi",
    "chooseImage",
    "getLocalImgData",
    "startRecord",
    "stopRecord",
    "onVoiceRecordEnd",
    "playVoice",
    "uploadVoice",
    "getLocation",
    "scanQRCode",
    "updateAppMessageShareData",
    "updateTimelineShareData",
    "hideAllNonBaseMenuItem",
    "showAllNonBaseMenuItem",
    "hideMenuItems",
    "showMenuItems",
    "closeWindow",
];
/// The tag that asks whether news may be sent.
const TAGS: [&str; 1] = ["wx-open-subscribe"];

thread_local! {
    static SDK: Cell<Option<Sdk>> = const { Cell::new(None) };
    /// The address that this page was entered by: iOS goes by it whatever becomes of the address later.
    static ENTRY: RefCell<String> = const { RefCell::new(String::new()) };
    /// The address that the script was last opened to.
    static OPENED: RefCell<String> = const { RefCell::new(String::new()) };
    /// Whether the script has been put into the page.
    static LOADED: Cell<bool> = const { Cell::new(false) };
}

/// The script as pages see it.
#[derive(Clone, Copy)]
pub(super) struct Sdk {
    /// It answers to this page.
    pub(super) ready: RwSignal<bool>,
    /// The template by which news may be sent; none where there is none.
    pub(super) template: RwSignal<Option<String>>,
}

/// The one of this page.
pub(super) fn sdk() -> Sdk {
    SDK.get().unwrap_or_else(|| {
        let sdk = Sdk { ready: RwSignal::new(false), template: RwSignal::new(None) };
        SDK.set(Some(sdk));
        sdk
    })
}

/// Remembers by which address the page was entered.
pub(super) fn enter() {
    ENTRY.set(here());
}

/// Opens the script to the page of now, if it isn't already. iOS is asked once, for the address that was entered; everything else
/// for each address, and whichever was refused once more with the other.
pub(super) fn open() {
    let first = if is_wkwebview() { ENTRY.with_borrow(String::clone) } else { here() };
    if OPENED.with_borrow(|opened| *opened == first) {
        return;
    }
    OPENED.set(first.clone());
    spawn_local(async move {
        let entry = ENTRY.with_borrow(String::clone);
        let other = if first == entry { here() } else { entry };
        let opened = configure(&first).await.is_ok() || (other != first && configure(&other).await.is_ok());
        if OPENED.with_borrow(|last| *last == first) {
            sdk().ready.set(opened);
        }
    });
}

/// The page's address without what stands behind `#`: what WeChat signs by.
fn here() -> String {
    let address = window().location().href().unwrap_or_default();
    address.split('#').next().unwrap_or_default().to_owned()
}

fn is_wkwebview() -> bool {
    Reflect::get(&window(), &"__wxjs_is_wkwebview".into()).is_ok_and(|value| value == JsValue::TRUE)
}

async fn configure(address: &str) -> Result<(), JsValue> {
    let asked = [path::WECHAT_CONFIG, "?url=", &String::from(js_sys::encode_uri_component(address))].concat();
    let config: WechatConfig = api::get(&asked).await.map_err(|_| JsValue::NULL)?;
    load(&config.sdk).await?;
    sdk().template.set(config.template);
    let list = |names: &[&str]| names.iter().map(|name| JsValue::from_str(name)).collect::<Array>();
    let what = object(&[
        ("debug", JsValue::FALSE),
        ("appId", config.app_id.as_str().into()),
        #[expect(clippy::cast_precision_loss, reason = "seconds")]
        ("timestamp", (config.timestamp as f64).into()),
        ("nonceStr", config.nonce_str.as_str().into()),
        ("signature", config.signature.as_str().into()),
        ("jsApiList", list(&CALLS).into()),
        ("openTagList", list(&TAGS).into()),
    ]);
    let settled = Promise::new(&mut |done, failed| {
        // WeChat may call `ready` after an error as well; whichever comes first counts, and the error does.
        let _ = method("error").and_then(|error| error.call1(&JsValue::NULL, &failed));
        let _ = method("config").and_then(|config| config.call1(&JsValue::NULL, &what));
        let _ = method("ready").and_then(|ready| ready.call1(&JsValue::NULL, &done));
    });
    JsFuture::from(settled).await.map(drop)
}

/// Puts the script into the page, once.
async fn load(address: &str) -> Result<(), JsValue> {
    if LOADED.get() {
        return Ok(());
    }
    let script = document().create_element("script")?;
    script.set_attribute("src", address)?;
    let loaded = Promise::new(&mut |done, failed| {
        for (event, then) in [("load", &done), ("error", &failed)] {
            // An element always takes a listener.
            let _ = script.add_event_listener_with_callback(event, then);
        }
    });
    document().head().ok_or(JsValue::NULL)?.append_child(&script)?;
    JsFuture::from(loaded).await?;
    LOADED.set(true);
    Ok(())
}

/// Asks the script for something; its answer, or the error where it failed or the person closed it.
pub(super) fn ask(
    name: &'static str,
    options: &[(&str, JsValue)],
) -> impl Future<Output = Result<JsValue, JsValue>> + use<> {
    let asked = object(options);
    let answered = Promise::new(&mut |done, failed| {
        for (key, then) in [("success", &done), ("fail", &failed), ("cancel", &failed)] {
            // Setting a field of a plain object cannot fail.
            let _ = Reflect::set(&asked, &key.into(), then);
        }
        if let Err(why) = method(name).and_then(|call| call.call1(&JsValue::NULL, &asked)) {
            let _ = failed.call1(&JsValue::NULL, &why);
        }
    });
    async { JsFuture::from(answered).await }
}

/// Asks the script for something whose answer tells nothing.
pub(super) fn tell(name: &'static str, options: &[(&str, JsValue)]) {
    let told = ask(name, options);
    spawn_local(async {
        let _ = told.await;
    });
}

/// Hands the script a function, in a field of what it is called with.
pub(super) fn listen(name: &'static str, key: &str, then: &JsValue) {
    let _ = method(name).and_then(|call| call.call1(&JsValue::NULL, &object(&[(key, then.clone())])));
}

fn method(name: &str) -> Result<Function, JsValue> {
    Reflect::get(&Reflect::get(&window(), &"wx".into())?, &name.into())?.dyn_into()
}

fn object(fields: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (key, value) in fields {
        // Setting a field of a plain object cannot fail.
        let _ = Reflect::set(&object, &(*key).into(), value);
    }
    object
}

/// A text among the fields of an answer.
pub(super) fn text(answer: &JsValue, key: &str) -> Option<String> {
    Reflect::get(answer, &key.into()).ok()?.as_string()
}

/// A number among the fields of an answer.
pub(super) fn number(answer: &JsValue, key: &str) -> Option<f64> {
    let value = Reflect::get(answer, &key.into()).ok()?;
    // Older versions write numbers as text.
    let number =
        value.as_f64().unwrap_or_else(|| js_sys::parse_float(&value.as_string().unwrap_or_default()));
    number.is_finite().then_some(number)
}

/// Comes back once WeChat's bridge is there, or after two seconds without it.
pub(super) async fn bridge() {
    let is_there = || {
        let bridge = Reflect::get(&window(), &"WeixinJSBridge".into()).unwrap_or_default();
        Reflect::get(&bridge, &"invoke".into()).is_ok_and(|invoke| invoke.is_function())
    };
    if is_there() {
        return;
    }
    let came = Promise::new(&mut |done, _| {
        // A document always takes a listener.
        let _ = document().add_event_listener_with_callback("WeixinJSBridgeReady", &done);
        set_timeout(move || drop(done.call0(&JsValue::NULL)), Duration::from_millis(BRIDGE_MS));
    });
    // It is only ever resolved.
    let _ = JsFuture::from(came).await;
}
