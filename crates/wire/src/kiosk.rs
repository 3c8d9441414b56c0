//! A kiosk at a service station: how it is enrolled, what it hands in, how it does; and what anyone may ask with a case's number
//! and code.

use crate::{DeskGift, Label, Manifest, PromiseView, Receipt, Step};
use serde::{Deserialize, Serialize};
use woodlark_domain::kiosk::{KioskState, LetterCode};
use woodlark_domain::{
    CaseId, CaseNumber, ContentHash, EntryCode, Kind, KioskId, Position, State, Timestamp,
};

/// The code that an administrator read out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct EnrolKiosk {
    /// As typed.
    pub code: String,
}

/// What a kiosk knows of itself, kept on it so that it works without a network. Nothing here is secret.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KioskView {
    /// The kiosk.
    pub id: KioskId,
    /// Its station.
    pub name: String,
    /// The entry that its reports come in by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<EntryCode>,
    /// Where it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
    /// The key that its reports are sealed to: a compressed point of P-256 in 66 hexadecimal digits.
    pub key: String,
    /// What people call the city.
    pub city: Label,
    /// A number to call when nothing else works.
    pub hotline: String,
    /// Whether gifts can be handed over here: it has an entry and a PIN.
    pub gifts: bool,
    /// The letters that the city's case numbers begin with.
    pub letters: String,
    /// The build of the kiosk's program that the server has.
    pub build: String,
}

/// How a kiosk does, once a minute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct KioskHealth {
    /// The build that it runs.
    pub version: String,
    /// Envelopes that wait on it.
    pub queue: u32,
    /// Since when the oldest waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oldest_at: Option<Timestamp>,
    /// Envelopes that the server refused for good.
    pub attention: u32,
    /// Whether its camera worked when last used.
    pub camera: bool,
}

/// What an envelope says before its files.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SealedReport {
    /// The report, as any other; its files follow in its order.
    pub manifest: Manifest,
    /// What the resident will ask for the case with.
    pub code: LetterCode,
    /// What takes the case to a phone, once: 32 hexadecimal digits.
    pub hand_over: String,
}

/// What the envelope comes to whose piece is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema, utoipa::IntoParams), into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct EnvelopeAsked {
    /// All its bytes.
    pub bytes: u64,
    /// Their SHA-256.
    pub hash: ContentHash,
}

/// How far an envelope has come.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EnvelopeReceipt {
    /// The case that it is to become.
    pub case_id: CaseId,
    /// Bytes that the server holds: where the next piece must begin.
    pub received_bytes: u64,
    /// Once it is a case. Only then may the device let go of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<Receipt>,
}

/// Asks for a case by its number and code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct LookUp {
    /// Its public number, as typed.
    pub number: String,
    /// Its code, as typed.
    pub code: String,
}

/// A case as whoever has its number and code sees it: nothing of who reported it, no photo, no voice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LookedUp {
    /// Its number.
    pub number: CaseNumber,
    /// Problem, suggestion or praise.
    pub kind: Kind,
    /// Where it stands.
    pub state: State,
    /// When the server took it.
    pub received_at: Timestamp,
    /// Its category's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<Label>,
    /// Who is at it, by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<Label>,
    /// By when it will be dealt with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promise: Option<PromiseView>,
    /// What happened, oldest first.
    pub steps: Vec<Step>,
}

/// Takes a case from a kiosk to the phone that asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct HandOver {
    /// The case.
    pub case_id: CaseId,
    /// What the code on the kiosk's screen held.
    pub token: String,
}

/// Hands a gift over at a station.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct StationHonour {
    /// The gift's code, as typed or scanned.
    pub code: String,
    /// The station's PIN, which its staff know.
    pub pin: String,
}

/// A gift whose code was shown at a station.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StationGift {
    /// What it is, and where it stands.
    pub gift: DeskGift,
    /// Whether it is kept at this very station.
    pub here: bool,
}

/// Sets a kiosk up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewKiosk {
    /// Its station: 1 to 40 characters.
    pub name: String,
    /// The entry that its reports come in by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<EntryCode>,
    /// Where it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
    /// The PIN that the station's staff hand gifts over with: six to twelve digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pin: Option<String>,
}

/// The code that enrols a device as a kiosk, once. It is shown once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KioskCode {
    /// The kiosk.
    pub id: KioskId,
    /// Eight letters in two groups.
    pub code: LetterCode,
    /// Until when it holds.
    pub expires_at: Timestamp,
}

/// A kiosk as administrators see it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KioskRow {
    /// The kiosk.
    pub id: KioskId,
    /// Its station.
    pub name: String,
    /// The name of the entry that its reports come in by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<Label>,
    /// Waiting for a device, enrolled, or revoked.
    pub state: KioskState,
    /// When it was last heard of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen_at: Option<Timestamp>,
    /// It was not heard of for five minutes.
    pub silent: bool,
    /// The build that it runs.
    pub version: String,
    /// Whether that is another than the server has.
    pub outdated: bool,
    /// Envelopes that wait on it.
    pub queue: u32,
    /// Since when the oldest waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oldest_at: Option<Timestamp>,
    /// Envelopes that were refused for good.
    pub attention: u32,
    /// Whether its camera worked when last used.
    pub camera: bool,
    /// Whether gifts can be handed over at it.
    pub gifts: bool,
}

/// The kiosks, and the entries that one may have.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KiosksView {
    /// In the order of their names; those that were revoked last.
    pub kiosks: Vec<KioskRow>,
    /// The city's entries that are kiosks.
    pub entries: Vec<EntryName>,
}

/// An entry by its name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EntryName {
    /// The entry.
    pub code: EntryCode,
    /// What people call it.
    pub name: Label,
}
