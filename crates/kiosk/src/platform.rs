//! What differs here from a phone: the camera is the kiosk's own, its position is where the station stands; there is no album, and
//! nothing is shared from here.

use crate::js;
use core::cell::RefCell;
use js_sys::Object;
use leptos::prelude::window;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, MediaStream, MediaStreamConstraints, MediaStreamTrack};
use woodlark_domain::limits::PHOTO_KEPT_SIDE_PIXELS;
use woodlark_domain::{Datum, Door, Fix, FixSource, Position};
use woodlark_ui::capture::photo;

thread_local! {
    /// The camera, while it is on.
    static CAMERA: RefCell<Option<MediaStream>> = const { RefCell::new(None) };
}

/// The door that reports come in by.
pub const DOOR: Door = Door::Kiosk;

/// Where the station stands, as a place of a report.
#[must_use]
pub const fn station(at: Position) -> Fix {
    Fix { raw: at, datum: Datum::Wgs84, source: FixSource::Station, accuracy_m: None }
}

/// Turns the camera on; the one that looks away from whoever stands there, where there are two.
///
/// # Errors
/// Where there is none, or it is not allowed.
pub async fn camera_on() -> Result<MediaStream, JsValue> {
    camera_off();
    let wanted = Object::new();
    for (name, value) in [("width", 1600), ("height", 1200)] {
        let ideal = Object::new();
        js::set(&ideal, "ideal", &value.into());
        js::set(&wanted, name, &ideal);
    }
    js::set(&wanted, "facingMode", &"environment".into());
    let constraints = MediaStreamConstraints::new();
    constraints.set_video(&wanted);
    let asked = window().navigator().media_devices()?.get_user_media_with_constraints(&constraints)?;
    let stream: MediaStream = JsFuture::from(asked).await?.unchecked_into();
    // It was asked for twice, and this is the second answer: the first is let go.
    camera_off();
    // The handle, not the stream: the browser's own `clone` would make a second one with tracks of its own.
    CAMERA.set(Some(Clone::clone(&stream)));
    Ok(stream)
}

/// Turns the camera off.
pub fn camera_off() {
    if let Some(stream) = CAMERA.take() {
        stop(&stream);
    }
}

/// Ends whatever a stream brings.
pub fn stop(stream: &MediaStream) {
    for track in stream.get_tracks().iter() {
        track.unchecked_into::<MediaStreamTrack>().stop();
    }
}

/// What the camera sees now, as a photo that is small and clean.
///
/// # Errors
/// Where it shows no picture yet.
pub async fn shoot(video: &JsValue) -> Result<Blob, JsValue> {
    let side = |name: &str| js::get(video, name).as_f64().filter(|pixels| *pixels > 0.0);
    let (Some(width), Some(height)) = (side("videoWidth"), side("videoHeight")) else {
        return Err(JsValue::NULL);
    };
    let scale = (f64::from(PHOTO_KEPT_SIDE_PIXELS) / width.max(height)).min(1.0);
    let (width, height) = ((width * scale).round(), (height * scale).round());
    let canvas = leptos::prelude::document().create_element("canvas")?;
    js::set(&canvas, "width", &width.into());
    js::set(&canvas, "height", &height.into());
    let pen = js::call(&canvas, "getContext", &["2d".into()])?;
    js::call(&pen, "drawImage", &[video.clone(), 0.into(), 0.into(), width.into(), height.into()])?;
    photo::encode(&canvas.unchecked_into()).await
}

/// Whether sound can be recorded.
#[must_use]
pub fn can_record() -> bool {
    js::get(&window(), "MediaRecorder").is_function()
        && js::get(&window().navigator(), "mediaDevices").is_object()
}
