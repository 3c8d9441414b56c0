//! What differs here from a phone: the camera is the kiosk's own and its picture stands in the page, the place is where the station
//! stands, and nothing is shared from here: a code takes a case to a phone.

use crate::app::use_kiosk;
use crate::{health, js, shell};
use core::cell::{Cell, RefCell};
use js_sys::Object;
use leptos::prelude::{document, window};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, Element, MediaStream, MediaStreamConstraints, MediaStreamTrack};
use woodlark_domain::limits::PHOTO_KEPT_SIDE_PIXELS;
use woodlark_domain::{Datum, Fix, FixSource};
use woodlark_ui::capture::photo;
use woodlark_ui::capture::voice::Microphone;
pub use woodlark_ui::platform::Platform;
use woodlark_ui::platform::{Browser, Card, Coming, PhotoWay, Place, SharedBy, absolute};

/// A kiosk at a service station.
pub struct Station;

/// The place of now.
#[must_use]
pub const fn platform() -> &'static Station {
    &Station {}
}

thread_local! {
    /// The camera, while it is on.
    static CAMERA: RefCell<Option<MediaStream>> = const { RefCell::new(None) };
    /// How often it was turned on or off: an answer to any but the last wish is let go.
    static WISHES: Cell<u32> = const { Cell::new(0) };
}

impl Platform for Station {
    type Voice = Microphone;

    fn place(&self) -> Place {
        Place::Kiosk
    }

    fn begin(&self) {
        shell::hold_back();
    }

    fn photo_way(&self) -> PhotoWay {
        PhotoWay::Camera
    }

    fn camera_on(&self) -> Coming<Option<MediaStream>> {
        self.camera_off();
        let wish = WISHES.get();
        Box::pin(async move {
            let asked = ask().await;
            health::camera(asked.is_ok());
            let stream = asked.ok()?;
            if WISHES.get() != wish {
                stop(&stream);
                return None;
            }
            // The handle, not the stream: the browser's own `clone` would make a second one with tracks of its own.
            CAMERA.set(Some(Clone::clone(&stream)));
            Some(stream)
        })
    }

    fn camera_off(&self) {
        WISHES.set(WISHES.get().wrapping_add(1));
        if let Some(stream) = CAMERA.take() {
            stop(&stream);
        }
    }

    fn shoot(&self, finder: Element) -> Coming<Option<Blob>> {
        Box::pin(async move { shoot(&finder).await.ok() })
    }

    fn can_record(&self) -> bool {
        Browser.can_record()
    }

    fn record(&self) -> Coming<Option<Microphone>> {
        Browser.record()
    }

    fn locate(&self) -> Coming<Option<Fix>> {
        let station = use_kiosk().own.get_untracked().and_then(|own| own.position);
        let fix =
            station.map(|raw| Fix { raw, datum: Datum::Wgs84, source: FixSource::Station, accuracy_m: None });
        Box::pin(async move { fix })
    }

    fn share(&self, card: &Card) -> SharedBy {
        SharedBy::Nobody(absolute(&card.path))
    }
}

/// Asks for the camera; for the one that looks away from whoever stands there, where there are two.
async fn ask() -> Result<MediaStream, JsValue> {
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
    Ok(JsFuture::from(asked).await?.unchecked_into())
}

/// Ends whatever a stream brings.
fn stop(stream: &MediaStream) {
    for track in stream.get_tracks().iter() {
        track.unchecked_into::<MediaStreamTrack>().stop();
    }
}

async fn shoot(finder: &Element) -> Result<Blob, JsValue> {
    let side = |name: &str| js::get(finder, name).as_f64().filter(|pixels| *pixels > 0.0);
    let (Some(width), Some(height)) = (side("videoWidth"), side("videoHeight")) else {
        return Err(JsValue::NULL);
    };
    let scale = (f64::from(PHOTO_KEPT_SIDE_PIXELS) / width.max(height)).min(1.0);
    let (width, height) = ((width * scale).round(), (height * scale).round());
    let canvas = document().create_element("canvas")?;
    js::set(&canvas, "width", &width.into());
    js::set(&canvas, "height", &height.into());
    let pen = js::call(&canvas, "getContext", &["2d".into()])?;
    js::call(&pen, "drawImage", &[finder.into(), 0.into(), 0.into(), width.into(), height.into()])?;
    photo::encode(&canvas.unchecked_into()).await
}
