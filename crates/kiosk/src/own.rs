//! What this device knows of itself and of the city, kept as plain text so that it works without a network: nothing of it is of a
//! person.

use leptos::prelude::window;
use serde::Serialize;
use serde::de::DeserializeOwned;
use woodlark_ui::json;
use woodlark_wire::{CategoryView, CityView, KioskView};

/// What is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// The kiosk itself: a [`KioskView`].
    Kiosk,
    /// The categories that may be chosen.
    Categories,
    /// The city and its outline.
    City,
    /// The build for which the page was last loaded anew.
    Build,
}

impl Kept {
    const ALL: [Self; 4] = [Self::Kiosk, Self::Categories, Self::City, Self::Build];

    const fn key(self) -> &'static str {
        match self {
            Self::Kiosk => "woodlark.kiosk",
            Self::Categories => "woodlark.kiosk.categories",
            Self::City => "woodlark.kiosk.city",
            Self::Build => "woodlark.kiosk.build",
        }
    }
}

fn read<T: DeserializeOwned>(what: Kept) -> Option<T> {
    json::read(&window().local_storage().ok()??.get_item(what.key()).ok()??).ok()
}

/// The kiosk that this device is, as it was last told.
#[must_use]
pub fn kiosk() -> Option<KioskView> {
    read(Kept::Kiosk)
}

/// The categories, as they were last read.
#[must_use]
pub fn categories() -> Vec<CategoryView> {
    read(Kept::Categories).unwrap_or_default()
}

/// The city, as it was last read.
#[must_use]
pub fn city() -> Option<CityView> {
    read(Kept::City)
}

/// The build for which the page was last loaded anew.
#[must_use]
pub fn build() -> Option<String> {
    read(Kept::Build)
}

/// Keeps something.
pub fn keep<T: Serialize>(what: Kept, value: &T) {
    let Ok(text) = json::write(value) else { return };
    if let Ok(Some(storage)) = window().local_storage() {
        // A browser that keeps nothing only means that it is read again.
        let _ = storage.set_item(what.key(), &text);
    }
}

/// Forgets that this device is a kiosk.
pub fn forget() {
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = storage.remove_item(Kept::Kiosk.key());
    }
}

/// Takes out of the browser's storage everything that is not this device's own.
pub fn wipe() {
    if let Ok(Some(storage)) = window().session_storage() {
        let _ = storage.clear();
    }
    let Ok(Some(storage)) = window().local_storage() else { return };
    let count = storage.length().unwrap_or(0);
    let keys: Vec<String> = (0..count).filter_map(|at| storage.key(at).ok().flatten()).collect();
    for key in keys.iter().filter(|key| !Kept::ALL.iter().any(|kept| kept.key() == *key)) {
        let _ = storage.remove_item(key);
    }
}
