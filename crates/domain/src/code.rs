//! Codes are text with rules: statistical area codes, category codes, departments, entries, case numbers.

use core::fmt;
use core::str::FromStr;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A text that is not a code of the kind asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what} must be {rule}")]
pub struct CodeError {
    /// The field's name, as on the wire.
    pub what: &'static str,
    /// What a good one looks like.
    pub rule: &'static str,
}

macro_rules! text_code {
    ($(#[$doc:meta])* $name:ident, $what:literal, $rule:literal, $check:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String))]
        pub struct $name(String);

        impl $name {
            /// Reads a code, refusing what breaks its rule.
            ///
            /// # Errors
            /// [`CodeError`] names the rule.
            pub fn new(text: impl Into<String>) -> Result<Self, CodeError> {
                let text = text.into();
                let check: fn(&str) -> bool = $check;
                if check(&text) { Ok(Self(text)) } else { Err(CodeError { what: $what, rule: $rule }) }
            }

            /// The code as text.
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
            type Err = CodeError;
            fn from_str(text: &str) -> Result<Self, CodeError> {
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
                Self::new(String::deserialize(from)?).map_err(serde::de::Error::custom)
            }
        }
    };
}

text_code!(
    /// A statistical area code: city 4 digits, county 6 (the `adcode`), town 9, community 12, grid 14, micro-grid 16.
    /// An area lies within another exactly when its code starts with the other's.
    AreaCode, "area", "4 to 16 digits",
    |text| matches!(text.len(), 4..=16) && text.bytes().all(|byte| byte.is_ascii_digit())
);
text_code!(
    /// A category of the tree: a class letter, `C` for components 部件, `E` for events 事件, `S` for suggestions, `P` for
    /// praise, then two digits a level: `C01` is a class (大类), `C0101` a subclass (小类). A child's code starts with
    /// its parent's. A city's own classes count down from 99.
    CategoryCode, "category", "a letter C, E, S or P and then one to three pairs of digits",
    |text| matches!(text.len(), 3 | 5 | 7)
        && text.starts_with(['C', 'E', 'S', 'P'])
        && text.bytes().skip(1).all(|byte| byte.is_ascii_digit())
);
text_code!(
    /// A responsible department 责任部门.
    DepartmentCode, "department", "1 to 32 lower-case letters, digits or hyphens",
    |text| matches!(text.len(), 1..=32)
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
);
text_code!(
    /// The entry a report came in by: which official account, kiosk or poster led here (`?from=xidu`).
    EntryCode, "entry", "1 to 32 lower-case letters, digits or hyphens",
    |text| matches!(text.len(), 1..=32)
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
);
text_code!(
    /// A row of the dispatch rules; a case records which one sent it.
    RuleCode, "rule", "1 to 32 lower-case letters, digits or hyphens",
    |text| matches!(text.len(), 1..=32)
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
);
text_code!(
    /// Words that staff choose from.
    TemplateCode, "template", "1 to 32 lower-case letters, digits or hyphens",
    |text| matches!(text.len(), 1..=32)
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
);
text_code!(
    /// A gift for points.
    GiftCode, "gift", "1 to 32 lower-case letters, digits or hyphens",
    |text| matches!(text.len(), 1..=32)
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
);
text_code!(
    /// A case's public number: the city's letters, the day, and a counter of that day: `FX-20261123-00042`.
    CaseNumber, "number", "letters, eight digits of a day and a counter, like FX-20261123-00042",
    |text| {
        let mut parts = text.split('-');
        let (city, day, count) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""), parts.next().unwrap_or(""));
        parts.next().is_none()
            && matches!(city.len(), 1..=4)
            && city.bytes().all(|byte| byte.is_ascii_uppercase())
            && day.len() == 8
            && matches!(count.len(), 5..=9)
            && day.bytes().chain(count.bytes()).all(|byte| byte.is_ascii_digit())
    }
);

impl RuleCode {
    /// A name for the first row of all.
    #[must_use]
    pub fn first() -> Self {
        Self("r001".to_owned())
    }
}

impl AreaCode {
    /// Whether this area is `other` or lies inside it.
    #[must_use]
    pub fn is_within(&self, other: &Self) -> bool {
        self.0.starts_with(&other.0)
    }

    /// The first six digits, the district that every row of a case is stored under; none for a city's code.
    #[must_use]
    pub fn adcode(&self) -> Option<&str> {
        self.0.get(..6)
    }
}

impl CategoryCode {
    /// Whether this category is `other` or one of its descendants.
    #[must_use]
    pub fn is_within(&self, other: &Self) -> bool {
        self.0.starts_with(&other.0)
    }

    /// The kind of report that it is for: C and E are problems, S suggestions, P praise.
    #[must_use]
    pub fn kind(&self) -> crate::Kind {
        match self.0.as_bytes().first() {
            Some(b'S') => crate::Kind::Suggestion,
            Some(b'P') => crate::Kind::Praise,
            _ => crate::Kind::Problem,
        }
    }

    /// Its class (大类): what counts as the same family when alike cases are looked for.
    #[must_use]
    pub fn class(&self) -> Self {
        Self(self.0.chars().take(3).collect())
    }
}

impl CaseNumber {
    /// The number of the `count`th case of a day: `day` as `YYYYMMDD`.
    ///
    /// # Errors
    /// [`CodeError`] when `city` is not one to four capital letters or `day` not eight digits.
    pub fn of(city: &str, day: u32, count: u32) -> Result<Self, CodeError> {
        Self::new(format!("{city}-{day:08}-{count:05}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_refuse_what_breaks_their_rule() {
        assert!(AreaCode::new("310120001").is_ok());
        assert!(AreaCode::new("31x120").is_err());
        assert!(CategoryCode::new("C0101").is_ok());
        for bad in ["", "C", "X0101", "C010", "C01010101", "c0101"] {
            assert!(CategoryCode::new(bad).is_err(), "{bad}");
        }
        assert!(DepartmentCode::new("shui-wu").is_ok());
        assert!(EntryCode::new("西渡").is_err());
        assert!(
            CaseNumber::of("FX", 20_261_123, 42).is_ok_and(|number| number.as_str() == "FX-20261123-00042")
        );
        assert!(CaseNumber::new("FX-20261123").is_err());
    }

    #[test]
    fn a_grid_lies_in_its_community_and_town_but_not_next_door() {
        let code = |text: &str| AreaCode::new(text).unwrap();
        assert!(code("31012000100101").is_within(&code("310120001001")));
        assert!(code("31012000100101").is_within(&code("310120001")));
        assert!(!code("31012000100101").is_within(&code("310120002")));
        assert_eq!(code("31012000100101").adcode(), Some("310120"));
    }
}
