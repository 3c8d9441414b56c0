//! This device: ids made here, and the few settings that are kept as plain text.

use js_sys::{Date, Reflect, Uint8Array};
use leptos::prelude::window;
use wasm_bindgen::JsCast;
use woodlark_domain::CaseId;

/// A UUIDv7 of now and ten random bytes.
#[must_use]
pub fn new_id() -> CaseId {
    let bytes = Uint8Array::new_with_length(10);
    let crypto = Reflect::get(&window(), &"crypto".into()).unwrap_or_default();
    let filled = Reflect::get(&crypto, &"getRandomValues".into())
        .and_then(|fill| fill.dyn_into::<js_sys::Function>()?.call1(&crypto, &bytes));
    if filled.is_err() {
        for index in 0..10 {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 255")]
            bytes.set_index(index, (js_sys::Math::random() * 256.0) as u8);
        }
    }
    let mut random = [0; 10];
    bytes.copy_to(&mut random);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "milliseconds since 1970")]
    CaseId::new(Date::now() as u64, random)
}

/// A setting of this device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setting {
    /// `zh` or `en`.
    Language,
    /// `large` for elder mode, `normal` for none; nothing while nobody was asked.
    Scale,
    /// `light`, `dark`, or nothing.
    Theme,
    /// The codes of the categories used lately, with commas.
    Categories,
    /// The list of my cases as last seen, as JSON.
    Cases,
    /// What the last check of my ledger saw.
    Ledger,
    /// Which poster, account or kiosk led here.
    Entry,
    /// Set once the server has made an account for this device; the session itself is out of reach of scripts.
    Account,
}

impl Setting {
    const fn key(self) -> &'static str {
        match self {
            Self::Language => "woodlark.language",
            Self::Scale => "woodlark.scale",
            Self::Theme => "woodlark.theme",
            Self::Categories => "woodlark.categories",
            Self::Cases => "woodlark.cases",
            Self::Ledger => "woodlark.ledger",
            Self::Entry => "woodlark.entry",
            Self::Account => "woodlark.account",
        }
    }

    /// What is kept, if anything is and the browser keeps anything.
    #[must_use]
    pub fn get(self) -> Option<String> {
        window().local_storage().ok()??.get_item(self.key()).ok()?
    }

    /// Keeps it, or lets it go. A browser that keeps nothing only means that it is asked again.
    pub fn set(self, value: Option<&str>) {
        if let Ok(Some(storage)) = window().local_storage() {
            let _ = match value {
                Some(value) => storage.set_item(self.key(), value),
                None => storage.remove_item(self.key()),
            };
        }
    }
}
