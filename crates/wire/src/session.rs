//! Who is asking: an account for the device, a phone number linked to it if the person wishes.

use serde::{Deserialize, Serialize};
use woodlark_domain::{Timestamp, UserId};

/// The session of this device.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionView {
    /// The account; none before the first write.
    pub user_id: Option<UserId>,
    /// The linked phone, all but three and four digits hidden: `138****1234`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

/// Asks for a one-time code.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PhoneCodeRequest {
    /// A mainland mobile number; spaces, hyphens and +86 are read past.
    pub phone: String,
}

/// A code is on its way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PhoneCodeSent {
    /// Until when it can be used.
    pub expires_at: Timestamp,
    /// When another may be asked for.
    pub again_at: Timestamp,
}

/// Links the phone to this device's account; where the phone has an account already, this device moves there and
/// its cases with it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct LinkPhone {
    /// The number that the code was sent to.
    pub phone: String,
    /// Six digits.
    pub code: String,
}
