//! A plain browser, and any webview as far as the plain web goes in it.

use super::{Finding, Platform};
use js_sys::Reflect;
use leptos::prelude::window;
use wasm_bindgen::prelude::*;
use woodlark_domain::Door;
use woodlark_ui::locate::locate;

/// A plain browser.
pub(super) struct Browser;

impl Platform for Browser {
    fn door(&self) -> Door {
        if agent().contains("MicroMessenger") && !agent().contains("wxwork") {
            Door::Wechat
        } else {
            Door::Browser
        }
    }

    fn album_takes_many(&self) -> bool {
        !(agent().contains("MicroMessenger") && agent().contains("Android"))
    }

    fn can_record(&self) -> bool {
        let has = |of: &JsValue, name: &str| {
            Reflect::get(of, &name.into()).is_ok_and(|value| !value.is_undefined() && !value.is_null())
        };
        has(&window(), "MediaRecorder") && has(&window().navigator(), "mediaDevices")
    }

    fn locate(&self) -> Finding {
        Box::pin(locate())
    }
}

fn agent() -> String {
    window().navigator().user_agent().unwrap_or_default()
}
