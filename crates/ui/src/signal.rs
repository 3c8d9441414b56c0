//! Signals whose code is compiled once. Leptos's own `RwSignal<T>` is compiled anew for each `T` and each way of using it;
//! this one has the same ways, and keeps its value behind `dyn Any` beside one trigger of Leptos, so that what differs from
//! type to type is little more than a check. Owners, effects and clean-up are Leptos's.

use core::any::Any;
use core::cell::RefCell;
use core::marker::PhantomData;
use leptos::prelude::{ArcTrigger, LocalStorage, Notify, StoredValue, Track, WithValue};
use std::rc::Rc;

/// A value, and who is told when it changes.
struct Held<V: ?Sized> {
    changed: ArcTrigger,
    value: V,
}

type Handle = StoredValue<Rc<Held<dyn Any>>, LocalStorage>;

/// A value that effects follow. It is let go with its owner. After that a `try_` way gives nothing, a change changes
/// nothing, and a plain way of reading ends the program, as Leptos's do.
pub struct RwSignal<T> {
    held: Handle,
    of: PhantomData<fn() -> T>,
}

impl<T> Clone for RwSignal<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for RwSignal<T> {}

impl<T: 'static> RwSignal<T> {
    /// A signal of this value.
    #[must_use]
    pub fn new(value: T) -> Self {
        let value = RefCell::new(value);
        Self { held: hold(Rc::new(Held { changed: ArcTrigger::new(), value })), of: PhantomData }
    }

    /// The effect or part that runs now runs again at each change.
    pub fn track(self) {
        track(self.held);
    }

    /// Reads the value, tracked.
    pub fn with<U>(self, read: impl FnOnce(&T) -> U) -> U {
        track(self.held);
        self.with_untracked(read)
    }

    /// Reads the value.
    pub fn with_untracked<U>(self, read: impl FnOnce(&T) -> U) -> U {
        self.try_with_untracked(read).unwrap_or_else(|| std::process::abort())
    }

    /// Reads the value, if it is still there.
    pub fn try_with_untracked<U>(self, read: impl FnOnce(&T) -> U) -> Option<U> {
        let held = held(self.held)?;
        let value: &RefCell<T> = held.value.downcast_ref()?;
        Some(read(&*value.try_borrow().ok()?))
    }

    /// Changes the value, and tells. A value that was let go stays gone.
    pub fn update(self, change: impl FnOnce(&mut T)) {
        let _ = self.try_update(change);
    }

    /// Changes the value, if it is still there, and tells.
    pub fn try_update<U>(self, change: impl FnOnce(&mut T) -> U) -> Option<U> {
        let held = held(self.held)?;
        let value: &RefCell<T> = held.value.downcast_ref()?;
        let result = change(&mut *value.try_borrow_mut().ok()?);
        held.changed.notify();
        Some(result)
    }

    /// Another value, and tells.
    pub fn set(self, value: T) {
        self.update(|old| *old = value);
    }

    /// Another value, and tells; the value again where nothing holds it any more.
    pub fn try_set(self, value: T) -> Option<T> {
        let mut value = Some(value);
        self.try_update(|old| {
            if let Some(value) = value.take() {
                *old = value;
            }
        });
        value
    }
}

impl<T: Clone + 'static> RwSignal<T> {
    /// The value, tracked.
    #[must_use]
    pub fn get(self) -> T {
        self.with(T::clone)
    }

    /// The value.
    #[must_use]
    pub fn get_untracked(self) -> T {
        self.with_untracked(T::clone)
    }

    /// The value, if it is still there.
    #[must_use]
    pub fn try_get_untracked(self) -> Option<T> {
        self.try_with_untracked(T::clone)
    }
}

// Compiled once, and kept out of the places that call them.

#[inline(never)]
fn hold(value: Rc<Held<dyn Any>>) -> Handle {
    StoredValue::new_local(value)
}

#[inline(never)]
fn held(signal: Handle) -> Option<Rc<Held<dyn Any>>> {
    signal.try_with_value(Rc::clone)
}

#[inline(never)]
fn track(signal: Handle) {
    if let Some(held) = held(signal) {
        held.changed.track();
    }
}
