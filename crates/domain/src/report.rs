//! What a resident hands in: words, a reason, the words for a place, a phone number, and the whole intake.
//! Each is parsed once, at the edge, and is good from then on.

use crate::limits::{PHOTOS_PER_REPORT, PLACE_WORDS_CHARS, REASON_CHARS, WORDS_CHARS};
use crate::{AreaCode, CategoryCode, ContentHash, EntryCode, Fix, Kind, Visibility};
use core::fmt;
use core::str::FromStr;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Why a text was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing but white space.
    #[error("must not be empty")]
    Empty,
    /// Longer than its limit in characters.
    #[error("must have at most {0} characters")]
    TooLong(usize),
    /// A control character other than tab or line end, or one that turns the direction of the text about.
    #[error("must not contain control characters")]
    Control,
    /// Not a mobile number of the mainland.
    #[error("must be a mainland mobile number of 11 digits")]
    Phone,
}

impl TextError {
    /// Its stable code, for message keys.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLong(_) => "too_long",
            Self::Control => "control_character",
            Self::Phone => "not_a_phone",
        }
    }
}

/// Control characters, and the invisible ones that reorder or hide text, have no place in what people read.
const fn is_refused(letter: char) -> bool {
    matches!(letter, '\u{0}'..='\u{8}' | '\u{B}'..='\u{C}' | '\u{E}'..='\u{1F}' | '\u{7F}'..='\u{9F}'
        | '\u{200E}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// Trims, makes every line end `\n`, and holds a text to its limit.
fn parse_text(text: &str, limit: usize) -> Result<String, TextError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(TextError::Empty);
    }
    if text.chars().any(is_refused) {
        return Err(TextError::Control);
    }
    let text =
        if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text.to_owned() };
    if text.chars().count() > limit {
        return Err(TextError::TooLong(limit));
    }
    Ok(text)
}

macro_rules! checked_text {
    ($(#[$doc:meta])* $name:ident, $parse:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub struct $name(String);

        impl $name {
            /// Reads a text, refusing what breaks its rule.
            ///
            /// # Errors
            /// [`TextError`] names the rule.
            pub fn new(text: &str) -> Result<Self, TextError> {
                let parse: fn(&str) -> Result<String, TextError> = $parse;
                parse(text).map(Self)
            }

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = TextError;
            fn from_str(text: &str) -> Result<Self, TextError> {
                Self::new(text)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                Self::new(&String::deserialize(from)?).map_err(serde::de::Error::custom)
            }
        }
    };
}

checked_text!(
    /// What a resident says: 1 to 500 characters, trimmed.
    Words, |text| parse_text(text, WORDS_CHARS)
);
checked_text!(
    /// Why something was done, a note of what was done, or a reply: 1 to 500 characters, trimmed. People read it.
    Reason, |text| parse_text(text, REASON_CHARS)
);
checked_text!(
    /// A place in words, "by the east gate of the market": 1 to 120 characters, trimmed.
    PlaceWords, |text| parse_text(text, PLACE_WORDS_CHARS)
);
checked_text!(
    /// A mainland mobile number, kept as its eleven digits.
    Phone, parse_phone
);

/// Takes spaces, hyphens and the country's 86 away; what is left must be eleven digits from 13 to 19.
fn parse_phone(text: &str) -> Result<String, TextError> {
    let text = text.trim();
    let text = match text.strip_prefix('+') {
        Some(abroad) => abroad.strip_prefix("86").ok_or(TextError::Phone)?,
        None => text,
    };
    let mut digits = String::with_capacity(11);
    for letter in text.chars() {
        match letter {
            '0'..='9' if digits.len() < 17 => digits.push(letter),
            ' ' | '-' => {}
            _ => return Err(TextError::Phone),
        }
    }
    let digits = match digits.len() {
        13 => digits.strip_prefix("86"),
        15 => digits.strip_prefix("0086"),
        _ => Some(digits.as_str()),
    };
    match digits {
        Some(digits) if digits.len() == 11 && matches!(digits.as_bytes(), [b'1', b'3'..=b'9', ..]) => {
            Ok(digits.to_owned())
        }
        _ => Err(TextError::Phone),
    }
}

impl Phone {
    /// The number as it may be shown: `138****5678`.
    #[must_use]
    pub fn masked(&self) -> String {
        let (head, tail) = (self.0.get(..3).unwrap_or(""), self.0.get(7..).unwrap_or(""));
        format!("{head}****{tail}")
    }
}

/// A report as it comes in. Words, a photo or a voice: one of them is enough, nothing else is compulsory.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Intake {
    /// What it is.
    pub kind: Kind,
    /// The category that the resident chose, if they chose one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<CategoryCode>,
    /// What they say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<Words>,
    /// Photos, by their content; at most nine.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub photos: Vec<ContentHash>,
    /// A voice recording, by its content. Never public.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voice: Option<ContentHash>,
    /// Where, as the source gave it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fix: Option<Fix>,
    /// Where, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place_words: Option<PlaceWords>,
    /// The deepest area that holds the position; none outside all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<AreaCode>,
    /// Who may see it.
    pub visibility: Visibility,
    /// Which official account, kiosk or poster led here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<EntryCode>,
}

/// Why an intake was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IntakeError {
    /// Neither words nor a photo nor a voice.
    #[error("say it in words, with a photo or with your voice")]
    Empty,
    /// More photos than a report may have.
    #[error("at most {PHOTOS_PER_REPORT} photos")]
    TooManyPhotos,
    /// The category belongs to another kind.
    #[error("the category belongs to another kind")]
    CategoryOfOtherKind,
}

impl IntakeError {
    /// Its stable code, for message keys.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "empty_report",
            Self::TooManyPhotos => "too_many_photos",
            Self::CategoryOfOtherKind => "category_of_other_kind",
        }
    }
}

impl Intake {
    /// An intake of this kind with nothing in it yet.
    #[must_use]
    pub const fn empty(kind: Kind) -> Self {
        Self {
            kind,
            category: None,
            words: None,
            photos: Vec::new(),
            voice: None,
            fix: None,
            place_words: None,
            area: None,
            visibility: Visibility::Public,
            entry: None,
        }
    }

    /// Whether it can be taken in.
    ///
    /// # Errors
    /// [`IntakeError`] says what is missing or too much.
    pub fn check(&self) -> Result<(), IntakeError> {
        if self.words.is_none() && self.photos.is_empty() && self.voice.is_none() {
            return Err(IntakeError::Empty);
        }
        if self.photos.len() > PHOTOS_PER_REPORT {
            return Err(IntakeError::TooManyPhotos);
        }
        if self.category.as_ref().is_some_and(|category| category.kind() != self.kind) {
            return Err(IntakeError::CategoryOfOtherKind);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_trimmed_and_held_to_five_hundred_characters() {
        assert_eq!(Words::new("  路灯不亮\r\n ").map(|words| words.to_string()), Ok("路灯不亮".to_owned()));
        assert!(Words::new(&"灯".repeat(500)).is_ok());
        assert_eq!(Words::new(&"灯".repeat(501)), Err(TextError::TooLong(500)));
        assert_eq!(Words::new(" \n\u{3000} "), Err(TextError::Empty));
        assert_eq!(PlaceWords::new(&"桥".repeat(121)), Err(TextError::TooLong(120)));
    }

    #[test]
    fn control_characters_and_direction_tricks_are_refused_but_lines_and_tabs_are_kept() {
        for bad in ["a\u{0}b", "a\u{7}b", "a\u{202E}b", "a\u{85}b", "a\u{2067}b"] {
            assert_eq!(Words::new(bad), Err(TextError::Control), "{bad:?}");
        }
        assert_eq!(Words::new("a\r\nb\tc").map(|words| words.to_string()), Ok("a\nb\tc".to_owned()));
    }

    #[test]
    fn a_phone_number_is_kept_as_eleven_digits_however_it_was_written() {
        for good in
            ["13812345678", " 138 1234 5678 ", "+86 138-1234-5678", "008613812345678", "8613812345678"]
        {
            assert_eq!(
                Phone::new(good).map(|phone| phone.to_string()),
                Ok("13812345678".to_owned()),
                "{good}"
            );
        }
        for bad in
            ["", "1381234567", "12812345678", "02157181234", "1381234567x", "138123456789", "+1 3812345678"]
        {
            assert_eq!(Phone::new(bad), Err(TextError::Phone), "{bad}");
        }
        assert_eq!(Phone::new("13812345678").map(|phone| phone.masked()), Ok("138****5678".to_owned()));
    }

    #[test]
    fn a_photo_alone_is_a_report_but_nothing_is_not() {
        let mut intake = Intake::empty(Kind::Problem);
        assert_eq!(intake.check(), Err(IntakeError::Empty));
        intake.photos = vec![ContentHash::from_bytes([1; 32])];
        assert_eq!(intake.check(), Ok(()));
        intake.photos = vec![ContentHash::from_bytes([1; 32]); 10];
        assert_eq!(intake.check(), Err(IntakeError::TooManyPhotos));
        intake.photos.truncate(9);
        intake.category = CategoryCode::new("S01").ok();
        assert_eq!(intake.check(), Err(IntakeError::CategoryOfOtherKind));
    }

    #[test]
    fn a_bad_text_is_refused_on_the_wire_too() {
        assert!(serde_json::from_str::<Words>("\"\"").is_err());
        assert!(serde_json::from_str::<Phone>("\"13812345678\"").is_ok());
    }
}
