//! What differs from place to place, behind one trait. Nothing outside this folder asks where the app runs: each program of the
//! app is built with one adapter.

mod browser;
mod card;
#[cfg(test)]
mod test;
#[cfg(feature = "wechat")]
mod wechat;

pub use browser::Browser;
pub use card::{Card, Shown};
#[cfg(test)]
pub(crate) use test::Told;
#[cfg(feature = "wechat")]
pub use wechat::Wechat;

use crate::capture::voice::Recording;
use core::future::Future;
use core::pin::Pin;
use web_sys::Blob;
use woodlark_domain::{CaseId, Door, Fix};
use woodlark_ui::el::El;
pub use woodlark_ui::place::{Place, Signs};

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

/// The place that the app runs in.
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

/// The adapter that this program is built with. Which one is known when it is built, so that what only another place needs is in
/// no phone's download.
#[cfg(not(feature = "wechat"))]
pub type Here = Browser;
/// The adapter that this program is built with.
#[cfg(feature = "wechat")]
pub type Here = Wechat;

/// The place of now.
#[must_use]
pub const fn platform() -> &'static Here {
    &Here {}
}
