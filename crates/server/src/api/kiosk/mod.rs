//! A kiosk's own way in; and, for anyone, a case by its number and code, and its way from a kiosk to a phone.

mod enrol;
mod envelope;
mod gift;
mod hand_over;
mod health;
mod look_up;
mod read;

pub use enrol::*;
pub use envelope::*;
pub use gift::*;
pub use hand_over::*;
pub use health::*;
pub use look_up::*;
pub use read::*;

use crate::api::case::label;
use crate::app::App;
use crate::edge::{ApiError, ClientAddress};
use crate::gift_code::keyed;
use axum::extract::Extension;
use std::net::IpAddr;
use woodlark_domain::kiosk::{DEVICE_TRIES, LOCK_MINUTES, LetterCode, TRIES};
use woodlark_domain::{CaseId, KioskId, Timestamp};
use woodlark_store::city::{City, Entry};
use woodlark_store::kiosks::Kiosk;
use woodlark_store::wrong_tries::Guard;
use woodlark_wire::{KioskView, ProblemCode};

/// Enrolling, from one address.
const ENROL: Guard = guard("enrol", TRIES);
/// The code of one case.
const CODE_OF_CASE: Guard = guard("lookup", TRIES);
/// The codes that one kiosk or address names.
const CODES_OF_DEVICE: Guard = guard("lookup_device", DEVICE_TRIES);
/// The PIN of one kiosk.
const PIN: Guard = guard("pin", TRIES);

const fn guard(what: &'static str, most: u32) -> Guard {
    Guard { what, most, window: LOCK_MINUTES * Timestamp::MINUTE }
}

/// What an address is counted under.
fn counted(address: Option<&Extension<ClientAddress>>) -> Vec<u8> {
    match address.map(|address| address.0).unwrap_or_default().0 {
        IpAddr::V4(address) => address.octets().to_vec(),
        IpAddr::V6(address) => address.octets().to_vec(),
    }
}

fn locked(until: Timestamp, now: Timestamp) -> ApiError {
    let seconds = until.0.saturating_sub(now.0) / Timestamp::SECOND;
    ApiError::wait(ProblemCode::TooManyRequests, u32::try_from(seconds).unwrap_or(u32::MAX))
}

/// What the database keeps of a code for enrolling.
pub(crate) fn enrol_hash(app: &App, code: &LetterCode) -> [u8; 32] {
    keyed(app, b"kiosk-enrol", code.as_bytes())
}

/// What the database keeps of a station's PIN.
pub(crate) fn pin_hash(app: &App, kiosk: KioskId, pin: &str) -> [u8; 32] {
    keyed(app, b"kiosk-pin", &[kiosk.as_bytes(), pin.as_bytes()].concat())
}

/// What the database keeps of the code of a case.
fn case_code_hash(app: &App, case: CaseId, code: &LetterCode) -> [u8; 32] {
    keyed(app, b"case-code", &[&case.as_bytes()[..], code.as_bytes()].concat())
}

/// What the database keeps of what takes a case to a phone.
fn hand_over_hash(app: &App, case: CaseId, token: &[u8; 16]) -> [u8; 32] {
    keyed(app, b"hand-over", &[&case.as_bytes()[..], token].concat())
}

/// The entry that a kiosk's reports come in by, while the city has it.
pub(crate) fn entry<'a>(kiosk: &Kiosk, city: &'a City) -> Option<&'a Entry> {
    let code = kiosk.entry.as_ref()?;
    city.data().entries.iter().find(|entry| entry.code == *code)
}

/// What a kiosk is told of itself.
fn show(app: &App, kiosk: Kiosk) -> KioskView {
    let city = app.city();
    let position = kiosk.position.or_else(|| entry(&kiosk, &city)?.position);
    KioskView {
        id: kiosk.id,
        position,
        gifts: kiosk.entry.is_some() && kiosk.pin_hash.is_some(),
        name: kiosk.name,
        entry: kiosk.entry,
        key: app.seal_keys.public(),
        city: label(&city.data().name),
        hotline: city.data().hotline.clone(),
        letters: city.data().letters.clone(),
        build: app.assets.kiosk_build.clone(),
    }
}
