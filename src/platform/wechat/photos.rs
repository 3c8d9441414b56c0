//! Photos by WeChat's own chooser.

use super::sdk::{ask, text};
use js_sys::{Array, Reflect, Uint8Array};
use leptos::prelude::window;
use wasm_bindgen::prelude::*;
use web_sys::{Blob, BlobPropertyBag};

/// Lets the person choose, and reads what they chose. What cannot be read is left out.
pub(super) async fn pick(camera: bool, most: usize) -> Vec<Blob> {
    let count = u32::try_from(most.min(9)).unwrap_or(9);
    let from = Array::of1(&if camera { "camera" } else { "album" }.into());
    let size = Array::of1(&"compressed".into());
    let options = [("count", count.into()), ("sizeType", size.into()), ("sourceType", from.into())];
    let Ok(chosen) = ask("chooseImage", &options).await else { return Vec::new() };
    let ids = Reflect::get(&chosen, &"localIds".into()).unwrap_or_default();
    let mut photos = Vec::new();
    // One after the other: WeChat answers one of several that are asked at once.
    for id in ids.dyn_into::<Array>().unwrap_or_default().iter() {
        let read = ask("getLocalImgData", &[("localId", id)]).await;
        photos.extend(read.ok().and_then(|read| jpeg(&text(&read, "localData")?)));
    }
    photos
}

/// The photo of a base64 text: iOS writes `data:image/jgp;base64,` before it (sic), Android nothing.
fn jpeg(data: &str) -> Option<Blob> {
    let base64 = data.rsplit_once(',').map_or(data, |(_, bare)| bare);
    let bare: String = base64.split_ascii_whitespace().collect();
    let letters = window().atob(&bare).ok()?;
    let bytes: Vec<u8> = letters.chars().map(|letter| u8::try_from(letter).ok()).collect::<Option<_>>()?;
    let options = BlobPropertyBag::new();
    options.set_type("image/jpeg");
    let parts = Array::of1(&Uint8Array::from(bytes.as_slice()));
    Blob::new_with_u8_array_sequence_and_options(&parts, &options).ok()
}
