//! A place for tests: it answers what a test told it, and remembers what it was told.

use super::{Card, Coming, PhotoWay, Place, Platform, SharedBy, Shown};
use core::cell::RefCell;
use woodlark_domain::Fix;
use woodlark_ui::capture::voice::Microphone;

/// The place of a test.
#[derive(Default)]
pub(crate) struct Told {
    /// What pages said that they are, in order.
    pub(crate) shown: RefCell<Vec<Shown>>,
    /// Where it says it is.
    pub(crate) fix: Option<Fix>,
}

impl Platform for Told {
    type Voice = Microphone;

    fn place(&self) -> Place {
        Place::Browser
    }

    fn photo_way(&self) -> PhotoWay {
        PhotoWay::Chooser
    }

    fn can_record(&self) -> bool {
        false
    }

    fn record(&self) -> Coming<Option<Microphone>> {
        Box::pin(async { None })
    }

    fn locate(&self) -> Coming<Option<Fix>> {
        let fix = self.fix;
        Box::pin(async move { fix })
    }

    fn shows(&self, what: impl FnOnce() -> Shown) {
        self.shown.borrow_mut().push(what());
    }

    fn share(&self, card: &Card) -> SharedBy {
        SharedBy::Nobody(card.path.clone())
    }
}
