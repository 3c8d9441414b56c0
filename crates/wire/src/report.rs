//! A report on its way in: manifest first, then each photo by its hash, then completion.

use serde::{Deserialize, Serialize};
use woodlark_domain::{
    AreaCode, CaseId, CaseNumber, CategoryCode, ContentHash, Door, EntryCode, Fix, Kind, Language, State,
    Timestamp, Visibility,
};

/// What a report says, frozen from the moment it is first sent: the same id with another body is refused.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Problem, suggestion or praise.
    pub kind: Kind,
    /// At most 500 characters; may be empty where there is a photo or a voice.
    pub words: String,
    /// Where the reporter chose one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<CategoryCode>,
    /// Where it is, as far as is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// Public once filed, or private.
    pub visibility: Visibility,
    /// Photos and voice that follow, in order: at most nine photos and one voice.
    pub attachments: Vec<AttachmentManifest>,
    /// The device's own time when the person pressed send.
    pub reported_at: Timestamp,
    /// Browser, WeChat or kiosk.
    pub door: Door,
    /// Which official account, kiosk or poster led here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<EntryCode>,
    /// The language that the reporter reads.
    pub language: Language,
}

/// Where something is: by position, in words, or both.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// As the source gave it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fix: Option<Fix>,
    /// At most 120 characters: "opposite the school's gate".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
    /// An area that the reporter chose by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<AreaCode>,
}

/// What a file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum MediaRole {
    /// A picture.
    Photo,
    /// What was said.
    Voice,
}

/// A file that will follow.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AttachmentManifest {
    /// SHA-256 of its bytes, 64 lower-case hexadecimal digits.
    pub hash: ContentHash,
    /// Photo or voice.
    pub role: MediaRole,
    /// `image/jpeg`, `image/png`, `image/webp`; `audio/mp4`, `audio/webm`, `audio/ogg`, `audio/amr`.
    pub media_type: String,
    /// Its length in bytes.
    pub bytes: u64,
    /// A voice's length in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_ms: Option<u32>,
}

/// How far a report has come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum IntakeState {
    /// The server has the manifest and waits for files or completion. Nobody at the centre sees it yet.
    Collecting,
    /// It is a case.
    Accepted,
}

/// The server's own account of a report on its way in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Intake {
    /// The report's id, which becomes the case's.
    pub case_id: CaseId,
    /// Collecting or accepted.
    pub state: IntakeState,
    /// What has arrived of each file, in the manifest's order.
    pub attachments: Vec<AttachmentReceipt>,
    /// Once accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<Receipt>,
}

/// How much of a file the server holds durably.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AttachmentReceipt {
    /// The file.
    pub hash: ContentHash,
    /// Its whole length.
    pub bytes: u64,
    /// Bytes held: the offset at which the next chunk must begin.
    pub received_bytes: u64,
    /// All bytes are there, their hash is right, and the file was read, cleaned and stored.
    pub stored: bool,
}

/// The server's word that a report is a case. Only this may be shown as "sent".
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Receipt {
    /// The case.
    pub case_id: CaseId,
    /// Its public number.
    pub number: CaseNumber,
    /// Where it stands: `received`, or already `filed` or `dispatched` by the rules.
    pub state: State,
    /// When the server took it.
    pub received_at: Timestamp,
    /// By when it will be dealt with, as far as is promised yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promised_at: Option<Timestamp>,
}
