//! Every text on the screen: one static table a language, made from `locales/*.toml` by the build script.
//!
//! The language is one for the whole program. It changes rarely, and then the whole view is drawn anew, so texts
//! are plain strings and not signals.

use core::sync::atomic::{AtomicBool, Ordering};
use woodlark_domain::{Kind, Language, Role, State};

include!(concat!(env!("OUT_DIR"), "/messages.rs"));

static ENGLISH: AtomicBool = AtomicBool::new(false);

/// The texts in the language of now.
#[must_use]
pub fn t() -> &'static Messages {
    messages_in(language())
}

/// The texts in a language.
#[must_use]
pub fn messages_in(language: Language) -> &'static Messages {
    match language {
        Language::Zh => &ZH,
        Language::En => &EN,
    }
}

/// The language of now.
#[must_use]
pub fn language() -> Language {
    if ENGLISH.load(Ordering::Relaxed) { Language::En } else { Language::Zh }
}

/// Changes the language; the caller draws the view anew.
pub fn set_language(language: Language) {
    ENGLISH.store(language == Language::En, Ordering::Relaxed);
}

/// The language's tag for `lang` attributes and `Intl`.
#[must_use]
pub fn tag(language: Language) -> &'static str {
    match language {
        Language::Zh => "zh-CN",
        Language::En => "en-GB",
    }
}

/// Puts the values in the places of a text.
#[must_use]
pub fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, after)) = after.split_once('}') else { break };
        out.push_str(values.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| value));
        rest = after;
    }
    out.push_str(rest);
    out
}

/// What a state is called.
#[must_use]
pub fn state(state: State) -> &'static str {
    let t = t();
    match state {
        State::Received => t.state_received,
        State::Filed => t.state_filed,
        State::Dispatched => t.state_dispatched,
        State::Handling => t.state_handling,
        State::Verifying => t.state_verifying,
        State::Closed => t.state_closed,
        State::Settled => t.state_settled,
        State::Declined => t.state_declined,
        State::Merged => t.state_merged,
        State::Withdrawn => t.state_withdrawn,
        State::Deferred => t.state_deferred,
        State::Published => t.state_published,
        State::Thanked => t.state_thanked,
    }
}

/// What a kind is called on its card.
#[must_use]
pub fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Problem => t().kind_problem,
        Kind::Suggestion => t().kind_suggestion,
        Kind::Praise => t().kind_praise,
    }
}

/// What a kind is called beside others, and where a case has no category.
#[must_use]
pub fn kind_short(kind: Kind) -> &'static str {
    match kind {
        Kind::Problem => t().kind_problem_short,
        Kind::Suggestion => t().kind_suggestion_short,
        Kind::Praise => t().kind_praise_short,
    }
}

/// What a role is called where a step tells who did it.
#[must_use]
pub fn role(role: Role) -> &'static str {
    let t = t();
    match role {
        Role::Resident => t.role_resident,
        Role::Acceptor => t.role_acceptor,
        Role::Dispatcher => t.role_dispatcher,
        Role::Handler => t.role_handler,
        Role::Verifier => t.role_verifier,
        Role::Supervisor => t.role_supervisor,
        Role::Admin => t.role_admin,
        Role::System => t.role_system,
    }
}

/// What the command of a step is called; a command of a newer server is "something happened".
#[must_use]
pub fn step(command: &str) -> &'static str {
    let t = t();
    match command {
        "report" => t.step_report,
        "file" => t.step_file,
        "decline" => t.step_decline,
        "merge" => t.step_merge,
        "withdraw" => t.step_withdraw,
        "dispatch" => t.step_dispatch,
        "sign" => t.step_sign,
        "return" => t.step_return,
        "defer" => t.step_defer,
        "resume" => t.step_resume,
        "extend" => t.step_extend,
        "finish" => t.step_finish,
        "pass" => t.step_pass,
        "rework" => t.step_rework,
        "rate" => t.step_rate,
        "contest" => t.step_contest,
        "settle" => t.step_settle,
        "force_close" => t.step_force_close,
        "publish" => t.step_publish,
        "thank" => t.step_thank,
        "join" => t.step_join,
        _ => t.step_other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_put_in_their_places_and_an_unknown_place_is_left_empty() {
        assert_eq!(fill("{n} / 500", &[("n", "18")]), "18 / 500");
        assert_eq!(fill("{a}, {b}{c}", &[("b", "2"), ("a", "1")]), "1, 2");
        assert_eq!(fill("no places", &[]), "no places");
    }

    #[test]
    fn every_step_and_state_has_its_own_words_in_both_languages() {
        for language in [Language::Zh, Language::En] {
            let messages = messages_in(language);
            assert_ne!(messages.state_received, messages.state_filed);
            assert_ne!(messages.step_report, messages.step_other);
        }
    }
}
