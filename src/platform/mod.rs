//! What differs from one surrounding to another, behind one trait: a browser today; WeChat and the kiosk get
//! their own adapters.

mod browser;

use core::future::Future;
use core::pin::Pin;
use woodlark_domain::{Door, Fix};

/// A position on its way; none where the device or the person would not tell.
pub type Finding = Pin<Box<dyn Future<Output = Option<Fix>>>>;

/// The surrounding that the app runs in.
pub trait Platform {
    /// The door that reports come in by.
    fn door(&self) -> Door;
    /// Whether the album's input may take several photos at once. Android's WeChat opens a file manager then.
    fn album_takes_many(&self) -> bool;
    /// Whether sound can be recorded.
    fn can_record(&self) -> bool;
    /// Asks where the device is. Only on a tap.
    fn locate(&self) -> Finding;
}

/// The surrounding of now.
#[must_use]
pub fn platform() -> &'static dyn Platform {
    &browser::Browser
}
