//! A plain browser, and any webview as far as the plain web goes in it.

use super::{Card, Coming, PhotoWay, Place, Platform, SharedBy};
use crate::capture::voice::Microphone;
use crate::locate::locate;
use js_sys::Reflect;
use leptos::prelude::window;
use wasm_bindgen::prelude::*;
use woodlark_domain::Fix;

/// A plain browser.
pub struct Browser;

impl Platform for Browser {
    type Voice = Microphone;

    fn place(&self) -> Place {
        Place::Browser
    }

    fn photo_way(&self) -> PhotoWay {
        PhotoWay::Fields { many: true }
    }

    fn can_record(&self) -> bool {
        has(&window(), "MediaRecorder") && has(&window().navigator(), "mediaDevices")
    }

    fn record(&self) -> Coming<Option<Microphone>> {
        Box::pin(async { Microphone::begin().await.ok() })
    }

    fn locate(&self) -> Coming<Option<Fix>> {
        Box::pin(locate())
    }

    fn share(&self, card: &Card) -> SharedBy {
        let navigator = window().navigator();
        let what = js_sys::Object::new();
        // Setting a field of a plain object cannot fail.
        let _ = Reflect::set(&what, &"url".into(), &absolute(&card.path).into());
        if give(&navigator, "share", &what) {
            return SharedBy::Itself;
        }
        copy(&card.path)
    }
}

/// Puts the address of a page on the clipboard.
fn copy(path: &str) -> SharedBy {
    let address = absolute(path);
    let board = Reflect::get(&window().navigator(), &"clipboard".into()).unwrap_or_default();
    if board.is_object() && give(&board, "writeText", &address.as_str().into()) {
        SharedBy::Copied
    } else {
        SharedBy::Nobody(address)
    }
}

/// Calls a method that may not be there.
fn give(of: &JsValue, name: &str, what: &JsValue) -> bool {
    let call = Reflect::get(of, &name.into()).map(JsCast::dyn_into::<js_sys::Function>);
    matches!(call, Ok(Ok(call)) if call.call1(of, what).is_ok())
}

/// The whole address of a path of ours.
#[must_use]
pub fn absolute(path: &str) -> String {
    [&window().location().origin().unwrap_or_default(), path].concat()
}

fn has(of: &JsValue, name: &str) -> bool {
    Reflect::get(of, &name.into()).is_ok_and(|value| !value.is_undefined() && !value.is_null())
}
