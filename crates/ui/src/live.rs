//! Notices from the server that a case which the reader may see changed: one `EventSource` a program. Where it cannot stay
//! open, coming back to the page reads again.

use crate::page::on_sight;
use crate::signal::RwSignal;
use core::cell::RefCell;
use wasm_bindgen::prelude::*;
use web_sys::EventSource;

thread_local! {
    static SOURCE: RefCell<Option<EventSource>> = const { RefCell::new(None) };
}

/// Grows with each notice.
#[derive(Clone, Copy)]
pub struct Live {
    heard: RwSignal<u32>,
    address: &'static str,
}

impl Live {
    /// Counts the notices of this address from nothing, and listens to the page's return.
    #[must_use]
    pub fn start(address: &'static str) -> Self {
        let live = Self { heard: RwSignal::new(0), address };
        on_sight(true, move || live.notice());
        live
    }

    /// Tracked: a view or effect that reads it runs again at each notice.
    pub fn track(self) {
        self.heard.track();
    }

    /// Something changed, as far as we know.
    pub fn notice(self) {
        self.heard.update(|count| *count = count.wrapping_add(1));
    }

    /// Opens the stream unless it is open.
    pub fn open(self) {
        const CLOSED: u16 = EventSource::CLOSED;
        if SOURCE.with_borrow(|source| source.as_ref().is_some_and(|source| source.ready_state() != CLOSED)) {
            return;
        }
        let Ok(source) = EventSource::new(self.address) else { return };
        let heard = Closure::<dyn Fn()>::new(move || self.notice());
        // Adding a listener for a name of ours cannot fail.
        let _ = source.add_event_listener_with_callback("case", heard.as_ref().unchecked_ref());
        heard.forget();
        SOURCE.set(Some(source));
    }

    /// Closes it: nobody is signed in any more.
    pub fn close(self) {
        if let Some(source) = SOURCE.take() {
            source.close();
        }
    }
}
