//! A stand-in of WeChat on this machine, for tests: WeChat has no test system that a server could be tried against. It holds
//! tokens, codes, fields and lengths to WeChat's rules, serves a page script that reckons the signature anew, and misbehaves when
//! told to.
//!
//! What it does is what the documentation says, and where that is silent what was found in other programs; it was never compared
//! with WeChat itself.

mod fault;
mod fields;
mod issue;
mod sdk;
mod serve;
mod world;

pub use fault::{Call, Fault};
pub use issue::GOOD_FOR;
pub use sdk::{PHOTO, PLACE, voice};
pub use world::MEDIA_KEPT_FOR;

use crate::account::{Account, AccountError, App};
use crate::media::MediaKind;
use bytes::Bytes;
use fields::TEMPLATES;
use serde_json::Value;
use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use woodlark_domain::Timestamp;
use woodlark_outward::standin::listen;
use world::World;

const OFFICIAL_APPID: &str = "wx0123456789abcdef";
const OFFICIAL_SECRET: &str = "0123456789abcdef0123456789abcdef";
const MINI_APPID: &str = "wxfedcba9876543210";
const MINI_SECRET: &str = "fedcba9876543210fedcba9876543210";
const SITE: &str = "https://woodlark.example";

/// How the stand-in takes people who come to say who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// They are somebody.
    Normal,
    /// They say no: they are sent back without a code.
    Denied,
    /// They see a snapshot of the page: their ids are made up.
    Snapshot,
    /// They are blocked as a risk.
    Blocked,
}

/// Which address of a page its signature must be of. A page may choose for itself: `window.__wx_rule`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// The present one.
    Android,
    /// The one that the page was entered by.
    Ios,
}

/// A message that was sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// By which account.
    pub app: App,
    /// To whom.
    pub to: String,
    /// All of it, as it came in.
    pub body: Value,
}

impl Message {
    /// What stands in a field.
    #[must_use]
    pub fn field(&self, key: &str) -> Option<&str> {
        self.body.get("data")?.get(key)?.get("value")?.as_str()
    }
}

/// A running stand-in; it ends when it is dropped.
pub struct StandIn {
    shared: Arc<Shared>,
    address: SocketAddr,
    serving: JoinHandle<()>,
}

struct Shared {
    clock: Box<dyn Fn() -> Timestamp + Send + Sync>,
    /// How far its time is ahead of that clock.
    ahead: AtomicI64,
    inner: Mutex<Inner>,
    holding: Notify,
    released: Notify,
}

struct Inner {
    world: World,
    faults: BTreeMap<Call, VecDeque<Fault>>,
    calls: Vec<Call>,
    turned_away: Vec<String>,
}

impl Shared {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> Timestamp {
        (self.clock)().plus(self.ahead.load(Ordering::SeqCst))
    }
}

impl core::fmt::Debug for StandIn {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("StandIn").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl StandIn {
    /// Starts one for which it is this moment until it is told otherwise.
    ///
    /// # Errors
    /// Where no port is free.
    pub async fn start(now: Timestamp) -> io::Result<Self> {
        Self::start_by(move || now).await
    }

    /// Starts one that goes by this clock: for whoever is tried against it goes by a real one.
    ///
    /// # Errors
    /// Where no port is free.
    pub async fn start_by(clock: impl Fn() -> Timestamp + Send + Sync + 'static) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let inner = Inner {
            world: World::new(SITE),
            faults: BTreeMap::new(),
            calls: Vec::new(),
            turned_away: Vec::new(),
        };
        let shared = Arc::new(Shared {
            clock: Box::new(clock),
            ahead: AtomicI64::new(0),
            inner: Mutex::new(inner),
            holding: Notify::new(),
            released: Notify::new(),
        });
        let world = Arc::clone(&shared);
        let serving = tokio::spawn(async move {
            let _ = listen(listener, move |request| serve::serve(Arc::clone(&world), request)).await;
        });
        Ok(Self { shared, address, serving })
    }

    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its own address, without a slash at its end: what a page must be allowed to load a script from.
    #[must_use]
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Our site from now on, scheme, host and port: the account's file says it, people are sent back to it and to nowhere else.
    /// Before that it is `https://woodlark.example`.
    pub fn set_site(&self, site: &str) {
        self.shared.inner().world.set_site(site);
    }

    /// The account's file for it.
    #[must_use]
    pub fn account_file(&self) -> String {
        let id = |wanted: App| TEMPLATES.iter().find(|(app, ..)| *app == wanted).map_or("", |(_, id, _)| id);
        format!(
            r#"api = "{origin}"
open = "{origin}"
sdk = "{origin}{sdk}"
site = "{site}"

[official]
appid = "{OFFICIAL_APPID}"
secret = "{OFFICIAL_SECRET}"

[official.progress]
id = "{official}"
case = "character_string1"
title = "thing2"
state = "phrase3"
time = "time4"
note = "thing5"

[mini]
appid = "{MINI_APPID}"
secret = "{MINI_SECRET}"
state = "formal"

[mini.progress]
id = "{mini}"
case = "thing1"
title = "thing2"
state = "thing3"
time = "date4"
"#,
            origin = self.origin(),
            sdk = Call::Sdk.route().1,
            site = self.shared.inner().world.site,
            official = id(App::Official),
            mini = id(App::Mini),
        )
    }

    /// Writes the account's file into a folder; gives back its path.
    ///
    /// # Errors
    /// Where that folder can't be written.
    pub fn write_account(&self, folder: &Path) -> io::Result<PathBuf> {
        let path = folder.join("wechat.toml");
        std::fs::write(&path, self.account_file())?;
        Ok(path)
    }

    /// The account that it knows.
    ///
    /// # Errors
    /// Where its own file can't be read, which would be a fault of the stand-in.
    pub fn account(&self) -> Result<Account, AccountError> {
        Account::from_toml(&self.account_file())
    }

    /// What time it is for the stand-in.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.shared.now()
    }

    /// Makes it this moment.
    pub fn set_now(&self, now: Timestamp) {
        let clock = (self.shared.clock)();
        self.shared.ahead.store(now.0.saturating_sub(clock.0), Ordering::SeqCst);
    }

    /// Lets the next call of this kind meet a fault; several are met one after the other.
    pub fn misbehave(&self, call: Call, fault: Fault) {
        self.shared.inner().faults.entry(call).or_default().push_back(fault);
    }

    /// Waits until a request is held.
    pub async fn holds(&self) {
        self.shared.holding.notified().await;
    }

    /// Answers whatever is held.
    pub fn release(&self) {
        self.shared.released.notify_waiters();
    }

    /// Every call so far, in order.
    #[must_use]
    pub fn calls(&self) -> Vec<Call> {
        self.shared.inner().calls.clone()
    }

    /// How often there was a call of this kind.
    #[must_use]
    pub fn called(&self, call: Call) -> usize {
        self.shared.inner().calls.iter().filter(|other| **other == call).count()
    }

    /// What was asked for that WeChat has not: each is a fault of whoever asked.
    #[must_use]
    pub fn turned_away(&self) -> Vec<String> {
        self.shared.inner().turned_away.clone()
    }

    /// Takes an account's tokens back, as another program's forced refresh does.
    pub fn revoke_tokens(&self, app: App) {
        self.shared.inner().world.revoke(app);
    }

    /// How many refreshes of an account's token were forced within a day.
    #[must_use]
    pub fn forced(&self, app: App) -> usize {
        self.shared.inner().world.forced(app)
    }

    /// How people are taken from now on.
    pub fn set_mode(&self, mode: Mode) {
        self.shared.inner().world.mode = mode;
    }

    /// Which rule a page that loads the script from now on is held to.
    pub fn set_rule(&self, rule: Rule) {
        self.shared.inner().world.rule = rule;
    }

    /// Who opens a page from now on.
    pub fn set_person(&self, openid: &str, unionid: Option<&str>) {
        self.shared.inner().world.person = (openid.to_owned(), unionid.map(str::to_owned));
    }

    /// A code as a page brings it back, or as `wx.login` gives it in the mini-program.
    #[must_use]
    pub fn code(&self, app: App) -> String {
        let now = self.now();
        self.shared.inner().world.give_code(app, now)
    }

    /// Puts something into the media store; gives its id.
    pub fn store_media(&self, kind: MediaKind, bytes: impl Into<Bytes>) -> String {
        let now = self.now();
        self.shared.inner().world.store(kind, bytes.into(), now)
    }

    /// From now on somebody consents to so many messages more; before that to any number.
    pub fn set_consents(&self, app: App, openid: &str, times: u32) {
        self.shared.inner().world.consents.insert((app, openid.to_owned()), times);
    }

    /// Every message that was sent, in order.
    #[must_use]
    pub fn messages(&self) -> Vec<Message> {
        self.shared.inner().world.sent.clone()
    }
}

/// Bytes as a page takes them.
fn base64(bytes: &[u8]) -> String {
    use ::base64::Engine;
    ::base64::engine::general_purpose::STANDARD.encode(bytes)
}
