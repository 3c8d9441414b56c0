//! Where this program runs: one of its adapters of [`Platform`], known when it is built.

#[cfg(test)]
mod test;
#[cfg(feature = "wechat")]
mod wechat;

#[cfg(test)]
pub(crate) use test::Told;
#[cfg(feature = "wechat")]
pub use wechat::Wechat;
#[cfg(not(feature = "wechat"))]
use woodlark_ui::platform::Browser;
pub use woodlark_ui::platform::{Card, Coming, PhotoWay, Place, Platform, SharedBy, Shown, Signs};

/// The adapter that this program is built with.
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
