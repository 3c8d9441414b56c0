//! Where the device is, as the browser tells it.

use js_sys::{Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Geolocation, PositionOptions};
use woodlark_domain::{Datum, Fix, FixSource, Position};

/// Milliseconds to wait for a position.
const LOCATE_MS: u32 = 9_000;
/// A position that is at most so many milliseconds old will do.
const FRESH_MS: u32 = 30_000;

/// Asks where the device is; none where the device or the person would not tell. Only on a tap.
pub async fn locate() -> Option<Fix> {
    let geolocation = window().navigator().geolocation().ok()?;
    match ask(&geolocation, true).await {
        Ok(fix) => fix,
        // The first call in a webview may fail for no reason; a coarser second one often works.
        Err(_) => ask(&geolocation, false).await.ok()?,
    }
}

async fn ask(geolocation: &Geolocation, precise: bool) -> Result<Option<Fix>, JsValue> {
    let options = PositionOptions::new();
    options.set_enable_high_accuracy(precise);
    options.set_timeout(LOCATE_MS);
    options.set_maximum_age(FRESH_MS);
    let told = Promise::new(&mut |done, failed| {
        // Where the call itself is refused the promise stays open no longer than this closure: reject it.
        if let Err(why) =
            geolocation.get_current_position_with_error_callback_and_options(&done, Some(&failed), &options)
        {
            let _ = failed.call1(&JsValue::NULL, &why);
        }
    });
    let coords = Reflect::get(&JsFuture::from(told).await?, &"coords".into())?;
    let number = |name: &str| Reflect::get(&coords, &name.into()).ok().and_then(|value| value.as_f64());
    let (Some(lon), Some(lat)) = (number("longitude"), number("latitude")) else { return Ok(None) };
    let Ok(raw) = Position::new(lon, lat) else { return Ok(None) };
    let accuracy_m = number("accuracy").filter(|metres| metres.is_finite());
    Ok(Some(Fix { raw, datum: Datum::Wgs84, source: FixSource::Device, accuracy_m }))
}
