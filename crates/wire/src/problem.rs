//! What went wrong, in a form that a program and a person can read (RFC 9457, `application/problem+json`).

use serde::{Deserialize, Serialize};

/// The media type of a problem.
pub const MEDIA_TYPE: &str = "application/problem+json";

macro_rules! problem_codes {
    ($($(#[$doc:meta])* $variant:ident = $code:literal / $status:literal),+ $(,)?) => {
        /// Every problem that the API may answer with. The app has a sentence for each in each language.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub enum ProblemCode {
            $($(#[$doc])* #[serde(rename = $code)] $variant),+
        }

        impl ProblemCode {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// As on the wire and in message keys.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// The HTTP status that it comes with.
            #[must_use]
            pub const fn status(self) -> u16 {
                match self { $(Self::$variant => $status),+ }
            }
        }
    };
}

problem_codes! {
    /// The body is not what the address takes; `fields` says where.
    Invalid = "invalid" / 422,
    /// The body is not JSON, or not the form that it says it is.
    Unreadable = "unreadable" / 400,
    /// The address takes another media type.
    UnsupportedMediaType = "unsupported_media_type" / 415,
    /// No account yet on this device.
    NotSignedIn = "not_signed_in" / 401,
    /// Nobody of the staff is signed in here, or no longer.
    NotStaff = "not_staff" / 401,
    /// This device is no kiosk.
    NotKiosk = "not_kiosk" / 401,
    /// This kiosk's leave was taken away.
    KioskRevoked = "kiosk_revoked" / 401,
    /// The case was taken to a phone already, or too long ago to be taken to one.
    HandOverGone = "hand_over_gone" / 410,
    /// Nothing has this number and this code; which of them is wrong is not said.
    LookUpWrong = "look_up_wrong" / 404,
    /// The station's PIN is wrong.
    PinWrong = "pin_wrong" / 422,
    /// The envelope does not open: it was altered, or sealed to a key that this server never had.
    EnvelopeAltered = "envelope_altered" / 422,
    /// Login, password or code is wrong, or the code was used already; which of them is not said.
    SignInFailed = "sign_in_failed" / 401,
    /// Somebody else has this login.
    LoginTaken = "login_taken" / 409,
    /// Another site sent this request.
    CrossSite = "cross_site" / 403,
    /// There is no such thing, or not for this reader.
    NotFound = "not_found" / 404,
    /// The address does not take this method.
    MethodNotAllowed = "method_not_allowed" / 405,
    /// More bytes than allowed; `limit` says how many.
    TooLarge = "too_large" / 413,
    /// More files than allowed; `limit` says how many.
    TooMany = "too_many" / 422,
    /// The id was used with other content; what was sent first stands.
    ManifestDiffers = "manifest_differs" / 409,
    /// The idempotency key was used with another body.
    KeyReused = "key_reused" / 409,
    /// A write without an idempotency key.
    KeyMissing = "key_missing" / 400,
    /// The chunk does not begin where the server's bytes end; `received_bytes` says where that is.
    OffsetMismatch = "offset_mismatch" / 409,
    /// The bytes that arrived are not those of the hash; the file begins anew.
    HashMismatch = "hash_mismatch" / 422,
    /// Files of the manifest are still missing.
    Incomplete = "incomplete" / 409,
    /// The file is no picture that can be read to its end.
    PhotoUnreadable = "photo_unreadable" / 422,
    /// The picture has more pixels than allowed.
    PhotoTooManyPixels = "photo_too_many_pixels" / 422,
    /// HEIC cannot be read here; a JPEG can.
    PhotoHeic = "photo_heic" / 415,
    /// The file is no sound of a kind taken here.
    VoiceUnreadable = "voice_unreadable" / 422,
    /// The rules refuse it; `refusal` says which rule.
    Refused = "refused" / 409,
    /// The case has moved on since the reader saw it; nothing was done.
    Moved = "moved" / 409,
    /// Somebody changed this part of the city's data since the reader saw it; nothing was done.
    CityMoved = "city_moved" / 409,
    /// What is to stand is what stands already, or it is not what the preview was of.
    CityUnchanged = "city_unchanged" / 409,
    /// Somebody changed the list of staff since the reader saw it; nothing was done.
    StaffMoved = "staff_moved" / 409,
    /// The one-time code is wrong.
    CodeWrong = "code_wrong" / 422,
    /// The one-time code is too old or was tried too often.
    CodeExpired = "code_expired" / 422,
    /// Too many requests from here; `retry_after_s` says how long to wait.
    TooManyRequests = "too_many_requests" / 429,
    /// The server has more to write than it can; nothing was changed; try again.
    Busy = "busy" / 503,
    /// The server cannot write at present; nothing was changed.
    ReadOnly = "read_only" / 503,
    /// Another system that this needs could not be reached; nothing was changed.
    NotReached = "not_reached" / 503,
    /// Our own fault.
    Internal = "internal" / 500,
}

/// A problem document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// `urn:woodlark:problem:` and the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// The code alone.
    pub code: ProblemCode,
    /// The HTTP status.
    pub status: u16,
    /// What happened and what to do, in the reader's language.
    pub title: String,
    /// More of it, where there is more to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Each field that is wrong.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldProblem>,
    /// The limit that was passed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
    /// For `offset_mismatch`: bytes that the server holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received_bytes: Option<u64>,
    /// For `refused`: the rule's code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<String>,
    /// Seconds to wait before trying again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_s: Option<u32>,
    /// Names this request in the server's log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

/// A field that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldProblem {
    /// The field, as on the wire, with dots: `place.fix.raw`.
    pub field: String,
    /// What is wrong with it.
    pub detail: String,
}
