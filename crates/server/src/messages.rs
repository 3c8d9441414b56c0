//! The sentences that the server itself says, from `locales/*.toml`.

use std::collections::HashMap;
use std::sync::LazyLock;
use woodlark_domain::Language;

type Table = HashMap<String, HashMap<String, String>>;

static ZH: LazyLock<Table> = LazyLock::new(|| parse(include_str!("../locales/zh.toml")));
static EN: LazyLock<Table> = LazyLock::new(|| parse(include_str!("../locales/en.toml")));

/// The sentence `section.key` in a language; the key itself where it is missing, which a test forbids.
#[must_use]
pub fn say<'a>(language: Language, section: &str, key: &'a str) -> &'a str {
    table(language).get(section).and_then(|section| section.get(key)).map_or(key, String::as_str)
}

fn table(language: Language) -> &'static Table {
    match language {
        Language::Zh => &ZH,
        Language::En => &EN,
    }
}

fn parse(text: &str) -> Table {
    // The files are part of the program and a test reads them; an unreadable one can only be seen while building.
    toml::from_str(text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use woodlark_domain::State;
    use woodlark_domain::case::{CommandKind, Outcome, Refusal};
    use woodlark_domain::figures::{Dimension, Measure};
    use woodlark_domain::redeem::RedeemRefusal;
    use woodlark_wire::ProblemCode;

    #[test]
    fn both_languages_have_the_same_sentences() {
        let keys = |table: &Table| {
            let mut keys: Vec<String> = table
                .iter()
                .flat_map(|(section, rows)| rows.keys().map(move |key| format!("{section}.{key}")))
                .collect();
            keys.sort();
            keys
        };
        assert!(!ZH.is_empty());
        assert_eq!(keys(&ZH), keys(&EN));
    }

    #[test]
    fn every_problem_state_and_step_has_its_sentence() {
        for code in ProblemCode::ALL {
            assert!(ZH["problem"].contains_key(code.code()), "problem.{}", code.code());
        }
        for state in State::ALL {
            assert!(ZH["state"].contains_key(state.code()), "state.{}", state.code());
        }
        for refusal in Refusal::ALL {
            assert!(ZH["refusal"].contains_key(refusal.code()), "refusal.{}", refusal.code());
        }
        for refusal in RedeemRefusal::ALL {
            assert!(ZH["refusal"].contains_key(refusal.code()), "refusal.{}", refusal.code());
        }
        for measure in
            Measure::ALL.iter().map(|one| one.code()).chain(Dimension::ALL.iter().map(|one| one.code()))
        {
            assert!(ZH["figures"].contains_key(measure), "figures.{measure}");
        }
        for outcome in Outcome::ALL {
            let words = &ZH["news"][outcome.code()];
            assert!(words.chars().count() <= woodlark_wechat::notify::THING_MAX, "news.{words}");
            assert!(ZH["state"][outcome.code()].parse::<woodlark_wechat::Phrase>().is_ok(), "{outcome:?}");
        }
        for command in CommandKind::ALL {
            assert!(ZH["step"].contains_key(command.code()), "step.{}", command.code());
        }
    }
}
