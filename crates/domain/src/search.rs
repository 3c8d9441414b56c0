//! Looking for cases by what was written. A text is found by the pairs of letters in it: that needs no dictionary to cut
//! Chinese into words, and serves Latin letters and digits as well. What the pairs find is then held against the text.

use crate::limits::SEARCH_CHARS;
use std::collections::BTreeSet;

/// Two letters that stand side by side, as they are kept.
pub type Pair = String;

/// A text as it is compared: small letters, and those of double width as those of single width.
fn folded(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars().map(narrow).flat_map(char::to_lowercase)
}

/// Full-width letters, digits and marks ('Ａ', '１') stand 0xFEE0 above the usual ones.
fn narrow(letter: char) -> char {
    match letter {
        '\u{3000}' => ' ',
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(letter) - 0xFEE0).unwrap_or(letter),
        _ => letter,
    }
}

/// The pairs of letters in a text, each once. Marks and white space part letters, and are in no pair.
#[must_use]
pub fn pairs(text: &str) -> BTreeSet<Pair> {
    let mut found = BTreeSet::new();
    let mut before: Option<char> = None;
    for letter in folded(text) {
        let letter = Some(letter).filter(|letter| letter.is_alphanumeric());
        if let (Some(first), Some(second)) = (before, letter) {
            found.insert(Pair::from_iter([first, second]));
        }
        before = letter;
    }
    found
}

/// A text that nothing can be found by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SoughtError {
    /// Nowhere two letters side by side.
    #[error("must have two letters side by side")]
    TooShort,
    /// Longer than its limit in characters.
    #[error("must have at most {SEARCH_CHARS} characters")]
    TooLong,
}

/// Words that are looked for: each must stand somewhere in what was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SoughtWords {
    words: Vec<String>,
    pairs: BTreeSet<Pair>,
}

impl SoughtWords {
    /// The words of a text, parted by white space.
    ///
    /// # Errors
    /// [`SoughtError`] where none of them has two letters side by side, or there are too many.
    pub fn new(text: &str) -> Result<Self, SoughtError> {
        if text.chars().count() > SEARCH_CHARS {
            return Err(SoughtError::TooLong);
        }
        let text: String = folded(text).collect();
        let words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        let pairs: BTreeSet<Pair> = words.iter().flat_map(|word| pairs(word)).collect();
        if pairs.is_empty() { Err(SoughtError::TooShort) } else { Ok(Self { words, pairs }) }
    }

    /// The pairs that every text has in which they stand.
    #[must_use]
    pub const fn pairs(&self) -> &BTreeSet<Pair> {
        &self.pairs
    }

    /// Whether each stands in one of these texts.
    #[must_use]
    pub fn stand_in(&self, texts: &[&str]) -> bool {
        let texts: Vec<String> = texts.iter().map(|text| folded(text).collect()).collect();
        self.words.iter().all(|word| texts.iter().any(|text| text.contains(word)))
    }
}

/// The beginning of a case's public number, or the whole of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SoughtNumber(String);

impl SoughtNumber {
    /// What a text says of a number, in small letters or capital ones; none where it can't be the beginning of one.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let text: String =
            text.trim().chars().map(narrow).map(|letter| letter.to_ascii_uppercase()).collect();
        let fits = |letter: char| letter.is_ascii_uppercase() || letter.is_ascii_digit() || letter == '-';
        let begins = text.starts_with(|letter: char| letter.is_ascii_uppercase());
        (begins && text.len() <= NUMBER_LETTERS && text.chars().all(fits)).then_some(Self(text))
    }

    /// The beginning.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Four letters, eight digits, nine digits, and a hyphen before each of these.
const NUMBER_LETTERS: usize = 4 + 1 + 8 + 1 + 9;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_text_has_the_pairs_of_its_letters_and_none_over_a_mark() {
        let found: Vec<Pair> = pairs("路灯不亮，Ａ1 座").into_iter().collect();
        assert_eq!(found, ["a1", "不亮", "灯不", "路灯"]);
        assert!(pairs("灯").is_empty() && pairs("").is_empty());
    }

    #[test]
    fn each_word_must_stand_in_one_of_the_texts() {
        let sought = |text| SoughtWords::new(text).unwrap();
        assert!(sought("路灯 LED").stand_in(&["东门的路灯坏了", "led 灯杆 3 号"]));
        assert!(!sought("路灯 井盖").stand_in(&["东门的路灯坏了"]));
        assert!(sought("灯 不亮").stand_in(&["路灯不亮"]), "a single letter is held against the text only");
        assert_eq!(SoughtWords::new(" 灯 "), Err(SoughtError::TooShort));
        assert_eq!(SoughtWords::new(&"灯".repeat(61)), Err(SoughtError::TooLong));
    }

    #[test]
    fn the_beginning_of_a_number_is_known_by_its_letters() {
        let number = |text| SoughtNumber::new(text).map(|number| number.as_str().to_owned());
        assert_eq!(number(" fx-20261125-0004 ").as_deref(), Some("FX-20261125-0004"));
        assert_eq!(number("ＦＸ－２０").as_deref(), Some("FX-20"));
        for bad in ["", "20261125", "路灯", "FX 2026", "FX-20261125-000000000001"] {
            assert_eq!(number(bad), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn whatever_stands_in_a_text_has_its_pairs_there(text in "[路灯不亮aAB1 ，İß]{2,12}", from in 0usize..10, length in 1usize..6) {
            let part: String = text.chars().skip(from).take(length).collect();
            if let Ok(sought) = SoughtWords::new(&part) {
                prop_assert!(sought.stand_in(&[&text]));
                prop_assert!(sought.pairs().is_subset(&pairs(&text)), "{part} in {text}");
            }
        }
    }
}
