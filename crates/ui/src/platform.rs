//! What differs from place to place, behind one trait. Each program is built with one adapter, so that every call is a plain call
//! and no device downloads what only another place needs: a browser's stands here, WeChat's in the residents' app, the kiosk's in
//! the kiosk's program. Nothing else asks where it runs.

mod browser;
mod card;

pub use crate::place::{Place, Signs};
pub use browser::{Browser, absolute};
pub use card::{Card, Shown};

use crate::capture::voice::Recording;
use crate::el::El;
use core::future::Future;
use core::pin::Pin;
use web_sys::{Blob, Element, MediaStream};
use woodlark_domain::{CaseId, Door, Fix};

/// What a place answers later.
pub type Coming<T> = Pin<Box<dyn Future<Output = T>>>;

/// How photos come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhotoWay {
    /// By fields for files, of which that for the album takes one or several at once.
    Fields {
        /// Several: Android's WeChat opens a file manager then.
        many: bool,
    },
    /// By a chooser of the place's own, [`Platform::pick_photos`].
    Chooser,
    /// By the place's own camera, its picture within the page: [`Platform::camera_on`], [`Platform::shoot`].
    Camera,
}

/// What became of the wish to share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SharedBy {
    /// The place's own way was opened, or the person was told of it.
    Itself,
    /// The address is on the clipboard.
    Copied,
    /// There is no way but to read out this address.
    Nobody(String),
}

/// The place that a program runs in.
pub trait Platform {
    /// A recording that runs.
    type Voice: Recording;

    /// Which it is; the style knows it by `data-place` of the root.
    fn place(&self) -> Place;

    /// Called once, before the first page is drawn.
    fn begin(&self) {}

    /// The door that reports come in by.
    fn door(&self) -> Door {
        self.place().door()
    }

    /// How photos come in, now; tracked where it may change.
    fn photo_way(&self) -> PhotoWay;

    /// Lets the person choose photos, at most so many, from the camera or the album. Nothing where they chose none.
    fn pick_photos(&self, _camera: bool, _most: usize) -> Coming<Vec<Blob>> {
        Box::pin(async { Vec::new() })
    }

    /// Turns the place's own camera on. None where there is none, where it is not allowed, or where it was turned off or on again
    /// before it answered.
    fn camera_on(&self) -> Coming<Option<MediaStream>> {
        Box::pin(async { None })
    }

    /// Turns it off.
    fn camera_off(&self) {}

    /// What the camera sees now, as a photo that is small and clean; none where it shows no picture yet.
    fn shoot(&self, _finder: Element) -> Coming<Option<Blob>> {
        Box::pin(async { None })
    }

    /// Whether sound can be recorded, now; tracked where it may change.
    fn can_record(&self) -> bool;

    /// Asks for the microphone and begins; none where the person or the place refuses.
    fn record(&self) -> Coming<Option<Self::Voice>>;

    /// How the last recording is heard again in a way of the place's own; tracked where it may change.
    fn replayer(&self) -> Option<El> {
        None
    }

    /// Asks where the device is; none where the device or the person would not tell. Only on a tap.
    fn locate(&self) -> Coming<Option<Fix>>;

    /// The way to a scanner of the place's own; tracked where it may change.
    fn scanner(&self) -> Option<El> {
        None
    }

    /// Tells the place what the page of now is, for its own menu; made only where there is one.
    fn shows(&self, _what: impl FnOnce() -> Shown) {}

    /// Shares a card on a tap.
    fn share(&self, card: &Card) -> SharedBy;

    /// Offers news of a case that was sent by a way of the place's own; tracked where it may change.
    fn news(&self, _case: CaseId) -> Option<El> {
        None
    }

    /// The way to have the page closed; tracked where it may change.
    fn closer(&self) -> Option<El> {
        None
    }
}
