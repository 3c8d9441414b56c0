//! Who we are at WeChat: read from a file in TOML, each fault of which is told with what to do about it. No message and no
//! `Debug` says a secret, nor a line of the file that could hold one.

use crate::template::{Field, Kind, Template, Word};
use core::fmt;
use hyper::Uri;
use std::path::{Path, PathBuf};
use woodlark_outward::{Base, BaseError, plain};

/// The most characters of a template's id.
const TEMPLATE_ID_MAX: usize = 64;

/// The settings of the file, each with what it must be. Those of a table begin with its name.
const SETTINGS: &[(&str, &str)] = &[
    ("api", "the address of WeChat's API: api = \"https://api.weixin.qq.com\""),
    ("open", "the address where WeChat asks who somebody is: open = \"https://open.weixin.qq.com\""),
    ("sdk", "the address of WeChat's page script: sdk = \"https://res.wx.qq.com/open/js/jweixin-1.6.0.js\""),
    (
        "site",
        "our own address, as it is set on WeChat's platform as 网页授权域名 and JS接口安全域名: https://, then the host",
    ),
    ("official", "the table of the service account: [official], then appid and secret"),
    (
        "official.appid",
        "the AppID of the service account, as the platform shows it: letters, digits, - and _, 32 at most",
    ),
    ("official.secret", "the AppSecret of the service account: 16 to 64 letters and digits"),
    ("official.progress", PROGRESS),
    ("mini", "the table of the mini-program, if there is one: [mini], then appid and secret"),
    (
        "mini.appid",
        "the AppID of the mini-program, which is not that of the service account: letters, digits, - and _, 32 at most",
    ),
    ("mini.secret", "the AppSecret of the mini-program: 16 to 64 letters and digits"),
    ("mini.state", "which of the mini-program's versions a message opens: formal, trial or developer"),
    ("mini.progress", PROGRESS),
    ("progress.id", "the id of the template, as the platform shows it: letters, digits, - and _, 64 at most"),
    (
        "progress.case",
        "the template's field for the case's number: character_string or thing, with its digits",
    ),
    ("progress.title", "the template's field for what it is about: thing with its digits"),
    ("progress.state", "the template's field for how it stands: phrase or thing with its digits"),
    ("progress.time", "the template's field for when that was: time or date with its digits"),
    ("progress.note", "the template's field for a remark: thing with its digits"),
];
const PROGRESS: &str = "the table of the template for a case's progress, if there is one: id, then case, title, state, time, note as far as the template has them, for example title = \"thing2\"";

/// An account's file that can't be used.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// The file can't be read.
    #[error("{path}: {cause}. Put it there, or correct the path, and see that the server may read it")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
    /// The file is no TOML. The line is not shown: a secret may stand there.
    #[error("line {0} of WeChat's file is not TOML: write each setting once, as name = \"value\"")]
    Syntax(usize),
    /// Something is not set.
    #[error("{name} is missing in WeChat's file. It is {rule}")]
    Missing {
        /// Its name.
        name: String,
        /// What it is.
        rule: &'static str,
    },
    /// Something is not as it must be.
    #[error("{name} in WeChat's file cannot be used. It is {rule}")]
    Wrong {
        /// Its name.
        name: String,
        /// What it must be.
        rule: &'static str,
    },
    /// A name that is none of ours.
    #[error("WeChat's file has a setting {0} that nobody knows: correct its name or take it out")]
    Unknown(String),
    /// A secret would go over the network in the open.
    #[error("{0} in WeChat's file must begin with https://. http:// is for a stand-in on this machine alone")]
    Open(&'static str),
    /// A field of a template has two meanings.
    #[error("{0} in WeChat's file says one field of the template for two things: give each its own")]
    FieldTwice(String),
    /// A template without fields.
    #[error(
        "{0} in WeChat's file names no field: add case, title, state, time or note, as the template has them"
    )]
    NoField(String),
    /// Both accounts have one AppID.
    #[error(
        "official and mini have the same appid in WeChat's file: each has its own, and openids differ between them"
    )]
    SameAppid,
}

/// Which of our accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum App {
    /// The service account: pages in WeChat.
    Official,
    /// The mini-program.
    Mini,
}

/// Which of a mini-program's versions a message opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MiniState {
    /// The one that everybody has.
    Formal,
    /// The one on trial.
    Trial,
    /// The one being made.
    Developer,
}

impl MiniState {
    /// Every version.
    pub const ALL: &'static [Self] = &[Self::Formal, Self::Trial, Self::Developer];

    /// Its name at WeChat.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Formal => "formal",
            Self::Trial => "trial",
            Self::Developer => "developer",
        }
    }
}

/// One of our accounts.
#[derive(Clone)]
pub(crate) struct Keys {
    pub(crate) appid: String,
    pub(crate) secret: String,
    pub(crate) progress: Option<Template>,
}

/// Our accounts at WeChat, and where WeChat is.
pub struct Account {
    pub(crate) api: Base,
    pub(crate) open: Base,
    pub(crate) sdk: String,
    pub(crate) site: Base,
    pub(crate) official: Keys,
    pub(crate) mini: Option<(Keys, MiniState)>,
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account")
            .field("api", &self.api.authority())
            .field("site", &self.site.authority())
            .field("official", &self.official.appid)
            .field("mini", &self.mini.as_ref().map(|(keys, _)| &keys.appid))
            .finish_non_exhaustive()
    }
}

impl Account {
    /// Reads the account's file.
    ///
    /// # Errors
    /// [`AccountError`]: the first thing that is wrong, and what to do.
    pub fn read(path: &Path) -> Result<Self, AccountError> {
        let text = std::fs::read_to_string(path)
            .map_err(|cause| AccountError::File { path: path.to_owned(), cause })?;
        Self::from_toml(&text)
    }

    /// The same of the file's text.
    ///
    /// # Errors
    /// [`AccountError`].
    pub fn from_toml(text: &str) -> Result<Self, AccountError> {
        let file: toml::Table = text.parse().map_err(|error| AccountError::Syntax(line(text, &error)))?;
        let file = Table { name: "", rules: "", table: &file };
        file.known()?;
        let official = file.table("official")?;
        let mini = file.has("mini").then(|| file.table("mini")).transpose()?;
        let this = Self {
            api: file.base("api")?,
            open: file.base("open")?,
            sdk: file.sdk()?,
            site: file.base("site")?,
            official: official.keys()?,
            mini: mini.map(|mini| Ok((mini.keys()?, mini.state()?))).transpose()?,
        };
        if this.mini.as_ref().is_some_and(|(mini, _)| mini.appid == this.official.appid) {
            return Err(AccountError::SameAppid);
        }
        Ok(this)
    }

    /// The AppID of the service account: pages are configured with it, and openids of pages belong to it.
    #[must_use]
    pub fn appid(&self) -> &str {
        &self.official.appid
    }

    /// The AppID of the mini-program, if there is one.
    #[must_use]
    pub fn mini_appid(&self) -> Option<&str> {
        self.mini.as_ref().map(|(keys, _)| keys.appid.as_str())
    }

    /// Where WeChat's page script is.
    #[must_use]
    pub fn sdk(&self) -> &str {
        &self.sdk
    }

    /// Our own address, without a slash at its end.
    #[must_use]
    pub fn site(&self) -> String {
        self.site.origin()
    }

    /// The id of the template of a progress message: the page asks for consent with it. None where nothing is sent.
    #[must_use]
    pub fn progress_template(&self, app: App) -> Option<&str> {
        self.keys(app)?.progress.as_ref().map(|template| template.id.as_str())
    }

    pub(crate) fn keys(&self, app: App) -> Option<&Keys> {
        match app {
            App::Official => Some(&self.official),
            App::Mini => self.mini.as_ref().map(|(keys, _)| keys),
        }
    }
}

/// One table of the file.
struct Table<'a> {
    /// As it stands in the file, for messages.
    name: &'a str,
    /// What its settings are called in [`SETTINGS`].
    rules: &'a str,
    table: &'a toml::Table,
}

impl<'a> Table<'a> {
    fn has(&self, name: &str) -> bool {
        self.table.contains_key(name)
    }

    fn missing(&self, name: &str) -> AccountError {
        AccountError::Missing { name: dotted(self.name, name), rule: self.rule(name) }
    }

    fn wrong(&self, name: &str) -> AccountError {
        AccountError::Wrong { name: dotted(self.name, name), rule: self.rule(name) }
    }

    fn rule(&self, name: &str) -> &'static str {
        let name = dotted(self.rules, name);
        SETTINGS.iter().find(|(known, _)| *known == name).map_or("", |(_, rule)| rule)
    }

    /// Every name in it is one of ours.
    fn known(&self) -> Result<(), AccountError> {
        let strange = |name: &&String| SETTINGS.iter().all(|(known, _)| *known != dotted(self.rules, name));
        match self.table.keys().find(strange) {
            Some(name) => Err(AccountError::Unknown(woodlark_outward::short(&dotted(self.name, name), 64))),
            None => Ok(()),
        }
    }

    /// A table within, each of whose names is known.
    fn table(&self, name: &'static str) -> Result<Table<'a>, AccountError> {
        let table = self.table.get(name).ok_or_else(|| self.missing(name))?;
        let table = table.as_table().ok_or_else(|| self.wrong(name))?;
        let table = Table { name, rules: name, table };
        table.known()?;
        Ok(table)
    }

    /// A text that is as it must be.
    fn text(&self, name: &str, right: impl Fn(&str) -> bool) -> Result<&'a str, AccountError> {
        let value = self.table.get(name).ok_or_else(|| self.missing(name))?;
        value.as_str().filter(|text| right(text)).ok_or_else(|| self.wrong(name))
    }

    fn base(&self, name: &'static str) -> Result<Base, AccountError> {
        self.text(name, |_| true)?.parse().map_err(|error| match error {
            BaseError::Address => self.wrong(name),
            BaseError::Open => AccountError::Open(name),
        })
    }

    /// An address with a path, of a server that would be right as a base.
    fn sdk(&self) -> Result<String, AccountError> {
        const NAME: &str = "sdk";
        let text =
            self.text(NAME, |text| text.bytes().all(|b| b.is_ascii_graphic()) && !text.contains('#'))?;
        let uri: Uri = text.parse().map_err(|_| self.wrong(NAME))?;
        let (scheme, authority) = uri.scheme_str().zip(uri.authority()).ok_or_else(|| self.wrong(NAME))?;
        match format!("{scheme}://{authority}").parse::<Base>() {
            Ok(_) if uri.path() != "/" => Ok(text.to_owned()),
            Ok(_) | Err(BaseError::Address) => Err(self.wrong(NAME)),
            Err(BaseError::Open) => Err(AccountError::Open(NAME)),
        }
    }

    fn keys(&self) -> Result<Keys, AccountError> {
        Ok(Keys {
            appid: self.text("appid", |appid| plain(appid, 32, |c| c == '-' || c == '_'))?.to_owned(),
            secret: self.text("secret", |key| key.len() >= 16 && plain(key, 64, |_| false))?.to_owned(),
            progress: self.has("progress").then(|| self.progress()).transpose()?,
        })
    }

    fn state(&self) -> Result<MiniState, AccountError> {
        let Some(value) = self.table.get("state") else { return Ok(MiniState::Formal) };
        let state = MiniState::ALL.iter().copied().find(|state| value.as_str() == Some(state.name()));
        state.ok_or_else(|| self.wrong("state"))
    }

    fn progress(&self) -> Result<Template, AccountError> {
        let name = dotted(self.name, "progress");
        let table = self.table.get("progress").and_then(toml::Value::as_table);
        let table =
            Table { name: &name, rules: "progress", table: table.ok_or_else(|| self.wrong("progress"))? };
        table.known()?;
        let id = table.text("id", |id| plain(id, TEMPLATE_ID_MAX, |c| c == '-' || c == '_'))?.to_owned();
        let mut fields: Vec<Field> = Vec::new();
        for &word in Word::ALL.iter().filter(|word| table.has(word.name())) {
            let key = table.text(word.name(), |_| true)?;
            let kind = Kind::of(key).filter(|kind| word.goes_in(*kind));
            let kind = kind.ok_or_else(|| table.wrong(word.name()))?;
            if fields.iter().any(|field| field.key == key) {
                return Err(AccountError::FieldTwice(name));
            }
            fields.push(Field { word, kind, key: key.to_owned() });
        }
        if fields.is_empty() { Err(AccountError::NoField(name)) } else { Ok(Template { id, fields }) }
    }
}

fn dotted(table: &str, name: &str) -> String {
    if table.is_empty() { name.to_owned() } else { format!("{table}.{name}") }
}

/// The line of a fault, from 1.
fn line(text: &str, error: &toml::de::Error) -> usize {
    let at = error.span().map_or(0, |span| span.start);
    text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_has_one_rule_and_every_word_a_kind_to_go_in() {
        for (n, (name, rule)) in SETTINGS.iter().enumerate() {
            assert_eq!(SETTINGS.iter().position(|(other, _)| other == name), Some(n), "{name}");
            assert!(rule.len() > 20, "{name}");
        }
        for word in Word::ALL {
            assert!(Kind::ALL.iter().any(|kind| word.goes_in(*kind)), "{word:?}");
            assert!(
                SETTINGS.iter().any(|(name, _)| *name == format!("progress.{}", word.name())),
                "{word:?}"
            );
        }
    }
}
