//! The message about how a case goes on: `bizsend` for the service account, `send` for the mini-program. WeChat sends one for
//! each time that somebody consented, and refuses whatever does not fit its fields. So texts are made to fit here, and what was
//! cut shows that it was.

use crate::account::{App, MiniState};
use crate::client::{ANSWER_BYTES_MAX, Ask, Client};
use crate::failure::{Failure, Reason, Refusal};
use crate::js_sign::PageUrl;
use crate::oauth::Openid;
use crate::template::{Kind, Template, Word};
use chrono::{DateTime, Datelike, Timelike};
use core::str::FromStr;
use serde_json::{Map, Value, json};
use woodlark_domain::Timestamp;

/// The most characters of a `thing`, counted as UTF-16 does: whoever counts otherwise counts no more.
pub const THING_MAX: usize = 20;
/// The most characters of a `character_string`: digits, letters, signs.
pub const CHARACTER_STRING_MAX: usize = 32;
/// The most characters of a `phrase`: Han and nothing else.
pub const PHRASE_MAX: usize = 5;
/// The most characters of a page of the mini-program.
pub const MINI_PAGE_MAX: usize = 255;
/// How far ahead of UTC the reader's clock is: all of China goes by one.
const ZONE: i64 = 8 * Timestamp::HOUR;

/// A word that is no phrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a state in a message is 1 to {PHRASE_MAX} Han characters and nothing else: choose a shorter word")]
pub struct NotPhrase;

/// How a case stands, in a word. It is not cut: a part of it would say something else, and nothing but Han may show a cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrase(String);

impl Phrase {
    /// The word.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Phrase {
    type Err = NotPhrase;
    fn from_str(text: &str) -> Result<Self, NotPhrase> {
        let han = |c: char| matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}');
        let right = (1..=PHRASE_MAX).contains(&text.chars().count()) && text.chars().all(han);
        if right { Ok(Self(text.to_owned())) } else { Err(NotPhrase) }
    }
}

/// A page that is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "a page of the mini-program is a path without / before it, {MINI_PAGE_MAX} characters at most: pages/case/case?no=…"
)]
pub struct NotMiniPage;

/// A page of the mini-program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MiniPage(String);

impl FromStr for MiniPage {
    type Err = NotMiniPage;
    fn from_str(text: &str) -> Result<Self, NotMiniPage> {
        let right = (1..=MINI_PAGE_MAX).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_graphic())
            && !text.starts_with('/');
        if right { Ok(Self(text.to_owned())) } else { Err(NotMiniPage) }
    }
}

/// How a case goes on. What the template has no field for is not said.
#[derive(Debug, Clone)]
pub struct Progress<'a> {
    /// The case's number.
    pub case: &'a str,
    /// What it is about.
    pub title: &'a str,
    /// How it stands.
    pub state: Phrase,
    /// Since when.
    pub at: Timestamp,
    /// A remark.
    pub note: &'a str,
}

/// Whom it goes to, and what it opens.
#[derive(Debug, Clone, Copy)]
pub enum To<'a> {
    /// To whom the service account knows by this openid.
    Official {
        /// Whom.
        openid: &'a Openid,
        /// A page of ours.
        page: Option<&'a PageUrl>,
    },
    /// To whom the mini-program knows by this openid.
    Mini {
        /// Whom.
        openid: &'a Openid,
        /// A page of the mini-program.
        page: Option<&'a MiniPage>,
    },
}

/// Whether somebody's consent is still there after a message that was not sent. One that was sent has used it up, but for a
/// consent for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consent {
    /// It is.
    Kept,
    /// It is not, or never was.
    Gone,
    /// Nobody knows: the message may have been sent.
    Unknown,
}

/// A message that was not sent, or of which nobody knows whether it was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotSent {
    /// The person did not consent, withdrew it, or it is used up.
    #[error(
        "the person has not consented, or their consent is used up: send no more until they consent again"
    )]
    NoConsent,
    /// What was sent is not as the template wants it. WeChat's own words say which field.
    #[error("WeChat does not take what was sent: {0}")]
    Data(Refusal),
    /// The template is not this account's.
    #[error("WeChat does not take the template: {0}")]
    Template(Refusal),
    /// The openid is not this account's.
    #[error("WeChat does not take the openid: {0}")]
    Openid(Refusal),
    /// The page can't be opened.
    #[error("WeChat does not take the page: {0}")]
    Page(Refusal),
    /// WeChat gave no answer, or another refusal.
    #[error(transparent)]
    Failed(#[from] Failure),
}

impl NotSent {
    /// What became of the person's consent.
    #[must_use]
    pub const fn consent(&self) -> Consent {
        match self {
            Self::NoConsent => Consent::Gone,
            Self::Data(_) | Self::Template(_) | Self::Openid(_) | Self::Page(_) => Consent::Kept,
            Self::Failed(failure) if failure.is_certain() => Consent::Kept,
            Self::Failed(_) => Consent::Unknown,
        }
    }
}

impl Client {
    /// Sends how a case goes on. It is sent once: what is lost on the way is not sent again, since nobody wants the same message
    /// twice for one consent.
    ///
    /// # Errors
    /// [`NotSent`].
    pub async fn notify(&self, to: To<'_>, progress: &Progress<'_>, now: Timestamp) -> Result<(), NotSent> {
        let (app, path, not_set) = match to {
            To::Official { .. } => {
                (App::Official, "/cgi-bin/message/subscribe/bizsend", "[official.progress]")
            }
            To::Mini { .. } => (App::Mini, "/cgi-bin/message/subscribe/send", "[mini.progress]"),
        };
        let template = self.keys(app)?.progress.as_ref().ok_or(Failure::NotSet(not_set))?;
        let state = self.account().mini.as_ref().map_or(MiniState::Formal, |(_, state)| *state);
        let body = message(to, template, state, progress).to_string().into();
        let ask = Ask { path, query: &[], body: Some(body), longest: ANSWER_BYTES_MAX };
        match self.ask_as(app, &ask, now).await {
            Ok(came) => said_ok(&came.body),
            Err(Failure::Refused(refusal)) => Err(refused(refusal)),
            Err(failure) => Err(NotSent::Failed(failure)),
        }
    }
}

/// Only WeChat's own `errcode` of zero says that it was sent.
fn said_ok(body: &[u8]) -> Result<(), NotSent> {
    let said: Value = serde_json::from_slice(body).unwrap_or_default();
    match said.get("errcode").and_then(Value::as_i64) {
        Some(0) => Ok(()),
        _ => Err(NotSent::Failed(Failure::Unreadable("it does not say that the message was sent"))),
    }
}

fn refused(refusal: Refusal) -> NotSent {
    match refusal.reason {
        Reason::NoConsent => NotSent::NoConsent,
        Reason::Data => NotSent::Data(refusal),
        Reason::Template => NotSent::Template(refusal),
        Reason::Openid => NotSent::Openid(refusal),
        Reason::Page => NotSent::Page(refusal),
        Reason::Busy
        | Reason::Token
        | Reason::Account
        | Reason::Address
        | Reason::TooOften
        | Reason::NotAllowed
        | Reason::UsedCode
        | Reason::Blocked
        | Reason::Media
        | Reason::Other => NotSent::Failed(Failure::Refused(refusal)),
    }
}

fn message(to: To<'_>, template: &Template, state: MiniState, progress: &Progress<'_>) -> Value {
    let data: Map<String, Value> = template
        .fields
        .iter()
        .map(|field| (field.key.clone(), json!({ "value": value(field.word, field.kind, progress) })))
        .collect();
    let (openid, page, mini) = match to {
        To::Official { openid, page } => (openid, page.map(PageUrl::as_str), false),
        To::Mini { openid, page } => (openid, page.map(|page| page.0.as_str()), true),
    };
    let mut message = json!({ "touser": openid.as_str(), "template_id": template.id, "data": data });
    let page = page.map(|page| ("page", page));
    let of_mini = [("miniprogram_state", state.name()), ("lang", "zh_CN")];
    if let Some(message) = message.as_object_mut() {
        for (name, text) in page.into_iter().chain(of_mini.into_iter().filter(|_| mini)) {
            message.insert(name.to_owned(), json!(text));
        }
    }
    message
}

/// What stands in a field.
fn value(word: Word, kind: Kind, progress: &Progress<'_>) -> String {
    let text = match word {
        Word::Case => progress.case,
        Word::Title => progress.title,
        Word::State => progress.state.as_str(),
        Word::Note => progress.note,
        Word::Time => return moment(progress.at),
    };
    match kind {
        Kind::CharacterString => character_string(text),
        Kind::Thing | Kind::Phrase | Kind::Time | Kind::Date => thing(text),
    }
}

/// A text as a `thing`: one line, not empty, an ellipsis where it was cut.
fn thing(text: &str) -> String {
    let line = text.split(|c: char| c.is_control() || c.is_whitespace()).filter(|part| !part.is_empty());
    let line = line.collect::<Vec<_>>().join(" ");
    cut(if line.is_empty() { "-" } else { &line }, THING_MAX, "…")
}

/// A text as a `character_string`: what may not stand there becomes a dash.
fn character_string(text: &str) -> String {
    let signs: String = text.trim().chars().map(|c| if c.is_ascii_graphic() { c } else { '-' }).collect();
    cut(if signs.is_empty() { "-" } else { &signs }, CHARACTER_STRING_MAX, "...")
}

/// As much of a text as goes in, and a mark where that is not all. A character outside the first plane counts twice.
fn cut(text: &str, longest: usize, mark: &str) -> String {
    let width = |text: &str| text.encode_utf16().count();
    if width(text) <= longest {
        return text.to_owned();
    }
    let room = longest.saturating_sub(width(mark));
    let mut used = 0;
    let fits = |c: &char| {
        used += c.len_utf16();
        used <= room
    };
    let kept: String = text.chars().take_while(fits).collect();
    format!("{}{mark}", kept.trim_end())
}

/// A moment as it is read in China.
fn moment(at: Timestamp) -> String {
    let at = DateTime::from_timestamp_micros(at.plus(ZONE).0).unwrap_or_default();
    format!("{}年{}月{}日 {:02}:{:02}", at.year(), at.month(), at.day(), at.hour(), at.minute())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::Field;
    use proptest::prelude::*;

    const NOW: Timestamp = Timestamp(1_767_574_800 * Timestamp::SECOND);

    fn progress<'a>(title: &'a str, note: &'a str) -> Progress<'a> {
        Progress { case: "FX20260105-0012", title, state: "处理中".parse().unwrap(), at: NOW, note }
    }

    #[test]
    fn each_field_says_its_word() {
        let field = |word, kind, key: &str| Field { word, kind, key: key.to_owned() };
        let template = Template {
            id: "T".to_owned(),
            fields: vec![
                field(Word::Case, Kind::CharacterString, "character_string1"),
                field(Word::Title, Kind::Thing, "thing2"),
                field(Word::State, Kind::Phrase, "phrase3"),
                field(Word::Time, Kind::Time, "time4"),
                field(Word::Note, Kind::Thing, "thing5"),
            ],
        };
        let openid: Openid = "oX".parse().unwrap();
        let page: MiniPage = "pages/case?no=1".parse().unwrap();
        let to = To::Mini { openid: &openid, page: Some(&page) };
        let said = message(to, &template, MiniState::Trial, &progress("井盖缺失", ""));
        let expected = json!({
            "touser": "oX", "template_id": "T", "page": "pages/case?no=1", "miniprogram_state": "trial", "lang": "zh_CN",
            "data": {
                "character_string1": { "value": "FX20260105-0012" }, "thing2": { "value": "井盖缺失" },
                "phrase3": { "value": "处理中" }, "time4": { "value": "2026年1月5日 09:00" }, "thing5": { "value": "-" },
            },
        });
        assert_eq!(said, expected);
        let official = message(
            To::Official { openid: &openid, page: None },
            &template,
            MiniState::Trial,
            &progress("", ""),
        );
        assert!(official.get("page").is_none() && official.get("miniprogram_state").is_none());
    }

    #[test]
    fn what_was_cut_shows_it() {
        assert_eq!(
            thing("一二三四五六七八九十一二三四五六七八九十"),
            "一二三四五六七八九十一二三四五六七八九十"
        );
        assert_eq!(
            thing("一二三四五六七八九十一二三四五六七八九十又"),
            "一二三四五六七八九十一二三四五六七八九…"
        );
        assert_eq!(thing("  a\r\n b\u{7}c "), "a b c");
        assert_eq!(character_string("编号 7"), "---7");
        assert_eq!(character_string(&"x".repeat(33)), format!("{}...", "x".repeat(29)));
    }

    #[test]
    fn a_state_is_a_short_word_in_han() {
        for right in ["已受理", "处理中", "待您来评价"] {
            assert_eq!(right.parse::<Phrase>().unwrap().as_str(), right);
        }
        for wrong in ["", "处理中。", "done", "等待您的评价", "处理 中"] {
            assert_eq!(wrong.parse::<Phrase>(), Err(NotPhrase), "{wrong}");
        }
    }

    #[test]
    fn a_page_of_the_mini_program_is_a_path() {
        for wrong in ["", "/pages/case", "pages/案", "a b"] {
            assert_eq!(wrong.parse::<MiniPage>(), Err(NotMiniPage), "{wrong}");
        }
    }

    #[test]
    fn only_a_refusal_keeps_a_consent_and_silence_leaves_it_open() {
        let lost = NotSent::Failed(Failure::Lost(woodlark_outward::Lost::TimedOut));
        assert_eq!(lost.consent(), Consent::Unknown);
        assert_eq!(said_ok(b"<html>").unwrap_err().consent(), Consent::Unknown);
        for &reason in Reason::ALL {
            let consent = refused(Refusal { code: 1, message: String::new(), reason }).consent();
            assert_eq!(consent == Consent::Gone, reason == Reason::NoConsent, "{reason:?}");
            assert_ne!(consent, Consent::Unknown, "{reason:?}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_said_fits_and_begins_as_it_was(text in "\\PC{0,60}") {
            let (thing, signs) = (thing(&text), character_string(&text));
            prop_assert!((1..=THING_MAX).contains(&thing.encode_utf16().count()), "{}", thing);
            prop_assert!((1..=CHARACTER_STRING_MAX).contains(&signs.len()), "{}", signs);
            prop_assert!(signs.bytes().all(|b| b.is_ascii_graphic()) && !thing.chars().any(char::is_control));
            let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
            match thing.strip_suffix('…') {
                Some(begin) => prop_assert!(line.starts_with(begin)),
                None => prop_assert!(thing == line || (line.is_empty() && thing == "-")),
            }
        }

        #[test]
        fn a_moment_is_any_moment(at in any::<i64>()) {
            prop_assert!(moment(Timestamp(at)).contains('年'));
        }
    }
}
