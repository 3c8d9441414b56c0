//! Ids that nobody can mix up. Each is a UUIDv7 made by whoever starts the thing, so that a report made off
//! line keeps its id; a photo or voice is named by the SHA-256 of its bytes.

use crate::Timestamp;
use core::fmt;
use core::str::FromStr;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

/// A text that is not an id of the kind asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// Not a UUID in its hyphenated form.
    #[error("not a UUID")]
    NotUuid,
    /// Not 64 lower-case hexadecimal digits.
    #[error("not a SHA-256 in 64 lower-case hexadecimal digits")]
    NotHash,
}

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String))]
        pub struct $name(Uuid);

        impl $name {
            /// A UUIDv7 of the given moment (milliseconds since 1970) and ten random bytes.
            #[must_use]
            pub fn new(unix_ms: u64, random: [u8; 10]) -> Self {
                Self(uuid::Builder::from_unix_timestamp_millis(unix_ms, &random).into_uuid())
            }

            /// The moment that it was made at, in whole milliseconds, by the clock of whoever made it. An id that is no
            /// UUIDv7 gives a moment all the same, always the same one.
            #[must_use]
            pub const fn made_at(&self) -> Timestamp {
                let [a, b, c, d, e, f, ..] = *self.0.as_bytes();
                Timestamp(i64::from_be_bytes([0, 0, a, b, c, d, e, f]) * 1_000)
            }

            /// The id whose sixteen bytes these are, as the database keeps them.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Uuid::from_bytes(bytes))
            }

            /// The sixteen bytes, as the database keeps them.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0.as_hyphenated(), f)
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                Uuid::try_parse(text).map(Self).map_err(|_| IdError::NotUuid)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(self.0.as_hyphenated().encode_lower(&mut Uuid::encode_buffer()))
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

uuid_id!(
    /// One report and all that happens to it. Made by the device that makes the report.
    CaseId
);
uuid_id!(
    /// A person's account: a resident's device or a member of staff.
    UserId
);
uuid_id!(
    /// A kiosk at a service station.
    KioskId
);
uuid_id!(
    /// One thing that happened to a case.
    EventId
);
uuid_id!(
    /// Somebody's wish that a correction become a dispatch rule.
    ProposalId
);

/// The SHA-256 of a file's bytes, which is its name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String))]
pub struct ContentHash([u8; 32]);

impl ContentHash {
    /// The hash whose bytes these are.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its thirty-two bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// The digits of each byte, without the formatter: an answer may hold dozens of hashes.
fn digits(hash: &[u8; 32]) -> [u8; 64] {
    let digit = |half: u8| if half < 10 { b'0' + half } else { b'a' - 10 + half };
    let mut digits = [0; 64];
    for (pair, byte) in digits.as_chunks_mut::<2>().0.iter_mut().zip(hash) {
        *pair = [digit(byte >> 4), digit(byte & 15)];
    }
    digits
}

impl fmt::Display for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(core::str::from_utf8(&digits(&self.0)).map_err(|_| fmt::Error)?)
    }
}

impl fmt::Debug for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ContentHash({self})")
    }
}

impl FromStr for ContentHash {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        let digit = |byte: u8| match byte {
            b'0'..=b'9' => Ok(byte - b'0'),
            b'a'..=b'f' => Ok(byte - b'a' + 10),
            _ => Err(IdError::NotHash),
        };
        let (pairs, []) = text.as_bytes().as_chunks::<2>() else { return Err(IdError::NotHash) };
        let pairs: &[[u8; 2]; 32] = pairs.try_into().map_err(|_| IdError::NotHash)?;
        let mut bytes = [0; 32];
        for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
            *byte = digit(*high)? << 4 | digit(*low)?;
        }
        Ok(Self(bytes))
    }
}

impl Serialize for ContentHash {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let digits = digits(&self.0);
        to.serialize_str(core::str::from_utf8(&digits).map_err(serde::ser::Error::custom)?)
    }
}

impl<'de> Deserialize<'de> for ContentHash {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_survives_text_and_bytes() {
        let id = CaseId::new(1_763_900_000_000, [7; 10]);
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(CaseId::from_bytes(*id.as_bytes()), id);
        assert_eq!(id.to_string().as_bytes()[14], b'7', "version 7");
    }

    #[test]
    fn later_ids_sort_later() {
        assert!(CaseId::new(1, [255; 10]) < CaseId::new(2, [0; 10]));
    }

    #[test]
    fn a_hash_is_64_lower_case_digits_and_nothing_else() {
        let text = "00ff".repeat(16);
        assert_eq!(text.parse::<ContentHash>().map(|hash| hash.to_string()), Ok(text.clone()));
        for bad in ["", "00", &text.to_uppercase(), &format!("{text}0"), &text[1..], &"é".repeat(32)] {
            assert_eq!(bad.parse::<ContentHash>(), Err(IdError::NotHash), "{bad}");
        }
    }
}
