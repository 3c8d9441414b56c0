//! The template of a message: WeChat fixes its fields, and of each what kind of text goes in.

/// What a progress message says, each in a field of its template.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Word {
    Case,
    Title,
    State,
    Time,
    Note,
}

/// What WeChat takes in a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Kind {
    Thing,
    CharacterString,
    Phrase,
    Time,
    Date,
}

impl Kind {
    pub(crate) const ALL: &'static [Self] =
        &[Self::Thing, Self::CharacterString, Self::Phrase, Self::Time, Self::Date];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Thing => "thing",
            Self::CharacterString => "character_string",
            Self::Phrase => "phrase",
            Self::Time => "time",
            Self::Date => "date",
        }
    }

    /// The kind of a field by its key: WeChat names fields by their kind and a number.
    pub(crate) fn of(key: &str) -> Option<Self> {
        let name = key.trim_end_matches(|c: char| c.is_ascii_digit());
        let numbered = (1..=2).contains(&(key.len() - name.len()));
        Self::ALL.iter().copied().find(|kind| numbered && kind.name() == name)
    }
}

impl Word {
    pub(crate) const ALL: &'static [Self] = &[Self::Case, Self::Title, Self::State, Self::Time, Self::Note];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Case => "case",
            Self::Title => "title",
            Self::State => "state",
            Self::Time => "time",
            Self::Note => "note",
        }
    }

    /// Whether it may stand in a field of this kind.
    pub(crate) const fn goes_in(self, kind: Kind) -> bool {
        match self {
            Self::Case => matches!(kind, Kind::CharacterString | Kind::Thing),
            Self::Title | Self::Note => matches!(kind, Kind::Thing),
            Self::State => matches!(kind, Kind::Phrase | Kind::Thing),
            Self::Time => matches!(kind, Kind::Time | Kind::Date),
        }
    }
}

/// A field of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Field {
    pub(crate) word: Word,
    pub(crate) kind: Kind,
    pub(crate) key: String,
}

/// The template of a progress message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Template {
    pub(crate) id: String,
    pub(crate) fields: Vec<Field>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_known_by_its_kind_and_number() {
        assert_eq!(Kind::of("thing2"), Some(Kind::Thing));
        assert_eq!(Kind::of("character_string12"), Some(Kind::CharacterString));
        for not in ["", "thing", "2", "thing2x", "Thing2", "things2", "thing123", "amount3", "thing２"] {
            assert_eq!(Kind::of(not), None, "{not}");
        }
    }
}
