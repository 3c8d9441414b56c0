//! What the browser has and our list of its interfaces has not: reached by name, so that the residents' program is not built on a
//! longer list.

use js_sys::{Array, Function, Reflect, Uint8Array};
use leptos::prelude::window;
use wasm_bindgen::prelude::*;

/// A property of something; undefined where there is none.
#[must_use]
pub fn get(of: &JsValue, name: &str) -> JsValue {
    Reflect::get(of, &name.into()).unwrap_or_default()
}

/// Sets a property.
pub fn set(of: &JsValue, name: &str, value: &JsValue) {
    // What is set here is an ordinary property of an ordinary object.
    let _ = Reflect::set(of, &name.into(), value);
}

/// Calls a method.
///
/// # Errors
/// Where there is none, or it throws.
pub fn call(of: &JsValue, name: &str, with: &[JsValue]) -> Result<JsValue, JsValue> {
    let method: Function = get(of, name).dyn_into()?;
    method.apply(of, &with.iter().collect::<Array>())
}

/// Makes something of a class of the window.
///
/// # Errors
/// Where there is no such class, or it refuses.
pub fn new(class: &str, with: &[JsValue]) -> Result<JsValue, JsValue> {
    let class: Function = get(&window(), class).dyn_into()?;
    Reflect::construct(&class, &with.iter().collect::<Array>())
}

/// Random bytes of the browser. Without them nothing is sealed.
///
/// # Errors
/// Where the browser has none.
pub fn random<const N: usize>() -> Result<[u8; N], JsValue> {
    let bytes = Uint8Array::new_with_length(u32::try_from(N).unwrap_or(0));
    call(&get(&window(), "crypto"), "getRandomValues", &[bytes.clone().into()])?;
    let mut random = [0; N];
    bytes.copy_to(&mut random);
    Ok(random)
}

/// Milliseconds of a clock that nobody sets.
#[must_use]
pub fn ticks() -> f64 {
    call(&get(&window(), "performance"), "now", &[])
        .ok()
        .and_then(|now| now.as_f64())
        .unwrap_or_else(js_sys::Date::now)
}
