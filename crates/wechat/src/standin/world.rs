//! What the stand-in knows and does: tokens, codes, media, messages. It holds what it is told against WeChat's rules by other
//! code than the client's.

use super::fault::Call;
use super::fields::{TEMPLATES, wrong_field};
use super::issue::{Issue, Standing};
use super::{MINI_APPID, MINI_SECRET, Message, Mode, OFFICIAL_APPID, OFFICIAL_SECRET, Rule};
use crate::account::App;
use crate::media::MediaKind;
use bytes::Bytes;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use woodlark_domain::Timestamp;

/// How long a code is good.
const CODE_GOOD_FOR: i64 = 5 * Timestamp::MINUTE;
/// How long a media is kept.
pub const MEDIA_KEPT_FOR: i64 = 3 * Timestamp::DAY;

/// What is answered.
#[derive(Debug, Clone)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) content_type: &'static str,
    pub(super) location: Option<String>,
    pub(super) body: Bytes,
}

impl Reply {
    pub(super) fn json(said: &Value) -> Self {
        let content_type = "application/json; encoding=utf-8";
        Self { status: 200, content_type, location: None, body: said.to_string().into() }
    }

    pub(super) fn code(code: i64, message: &str) -> Self {
        Self::json(&json!({ "errcode": code, "errmsg": message }))
    }
}

#[derive(Debug)]
struct Given {
    app: App,
    at: Timestamp,
    used: bool,
    snapshot: bool,
    openid: String,
    unionid: Option<String>,
}

#[derive(Debug)]
struct Stored {
    kind: MediaKind,
    bytes: Bytes,
    at: Timestamp,
}

/// What came in by one call.
pub(super) struct Asked<'a> {
    pub(super) query: &'a BTreeMap<String, String>,
    pub(super) body: &'a [u8],
    pub(super) now: Timestamp,
}

impl Asked<'_> {
    fn get(&self, name: &str) -> &str {
        self.query.get(name).map_or("", String::as_str)
    }
}

#[derive(Debug)]
pub(super) struct World {
    counter: u64,
    official: Issue,
    mini: Issue,
    tickets: Issue,
    codes: BTreeMap<String, Given>,
    media: BTreeMap<String, Stored>,
    pub(super) sent: Vec<Message>,
    /// How many messages somebody still consents to; whoever does not stand here consents to all.
    pub(super) consents: BTreeMap<(App, String), u32>,
    pub(super) mode: Mode,
    pub(super) rule: Rule,
    /// Who opens a page next: openid and unionid.
    pub(super) person: (String, Option<String>),
    pub(super) site: String,
    /// Where somebody may be sent back to.
    pub(super) hosts: BTreeSet<String>,
}

impl World {
    pub(super) fn new(site: &str) -> Self {
        let mut this = Self {
            counter: 0,
            official: Issue::default(),
            mini: Issue::default(),
            tickets: Issue::default(),
            codes: BTreeMap::new(),
            media: BTreeMap::new(),
            sent: Vec::new(),
            consents: BTreeMap::new(),
            mode: Mode::Normal,
            rule: Rule::Android,
            person: ("oUpF8uMuAJO_M2pxb1Q9zNjWeS6o".to_owned(), None),
            site: String::new(),
            hosts: BTreeSet::new(),
        };
        this.set_site(site);
        this
    }

    pub(super) fn set_site(&mut self, site: &str) {
        self.site = site.to_owned();
        self.hosts = host(site).into_iter().collect();
    }

    /// A name that was not given before.
    fn next(&mut self, name: &str) -> String {
        self.counter += 1;
        format!("{name}{}", self.counter)
    }

    fn issue(&mut self, app: App) -> &mut Issue {
        match app {
            App::Official => &mut self.official,
            App::Mini => &mut self.mini,
        }
    }

    /// Takes all tokens of an account back, as another program's forced refresh does.
    pub(super) fn revoke(&mut self, app: App) {
        self.issue(app).revoke();
    }

    pub(super) fn forced(&mut self, app: App) -> usize {
        self.issue(app).forced()
    }

    /// All tickets that are good now; there is one at any time.
    pub(super) fn tickets(&mut self, now: Timestamp) -> Vec<String> {
        let new = self.next("ticket-");
        self.tickets.current(now, || new);
        self.tickets.good(now).into_iter().map(str::to_owned).collect()
    }

    /// A code of whoever opens a page next.
    pub(super) fn give_code(&mut self, app: App, now: Timestamp) -> String {
        let code = self.next("code-");
        let snapshot = self.mode == Mode::Snapshot;
        let (openid, unionid) = match snapshot {
            true => (self.next("oVirtual-"), None),
            false => self.person.clone(),
        };
        self.codes.insert(code.clone(), Given { app, at: now, used: false, snapshot, openid, unionid });
        code
    }

    pub(super) fn store(&mut self, kind: MediaKind, bytes: Bytes, now: Timestamp) -> String {
        let id = self.next("media-");
        self.media.insert(id.clone(), Stored { kind, bytes, at: now });
        id
    }

    /// Does what was asked for.
    pub(super) fn carry_out(&mut self, call: Call, asked: &Asked<'_>) -> Reply {
        match call {
            Call::StableToken => self.stable_token(asked),
            Call::GetTicket => self.get_ticket(asked),
            Call::Authorize => self.authorize(asked),
            Call::AccessToken => self.exchange(App::Official, "code", asked),
            Call::JsCode2Session => self.exchange(App::Mini, "js_code", asked),
            Call::MediaGet => self.media_get(asked),
            Call::BizSend => self.send(App::Official, asked),
            Call::Send => self.send(App::Mini, asked),
            Call::Sdk => self.sdk(asked.now),
        }
    }

    fn stable_token(&mut self, asked: &Asked<'_>) -> Reply {
        let said: Value = serde_json::from_slice(asked.body).unwrap_or_default();
        let text = |name: &str| said.get(name).and_then(Value::as_str).unwrap_or_default();
        if text("grant_type") != "client_credential" {
            return Reply::code(40_002, "invalid grant_type");
        }
        let (app, secret) = match text("appid") {
            OFFICIAL_APPID => (App::Official, OFFICIAL_SECRET),
            MINI_APPID => (App::Mini, MINI_SECRET),
            _ => return Reply::code(40_013, "invalid appid"),
        };
        if text("secret") != secret {
            return Reply::code(40_125, "invalid appsecret");
        }
        let force = said.get("force_refresh").and_then(Value::as_bool).unwrap_or_default();
        let new = self.next("token-");
        let issue = self.issue(app);
        let (token, seconds) =
            if force { issue.force(asked.now, || new) } else { issue.current(asked.now, || new) };
        Reply::json(&json!({ "access_token": token, "expires_in": seconds }))
    }

    /// What is wrong with the token that somebody brings.
    fn bad_token(&mut self, app: App, asked: &Asked<'_>) -> Option<Reply> {
        match self.issue(app).standing(asked.get("access_token"), asked.now) {
            Standing::Good => None,
            Standing::Expired => Some(Reply::code(42_001, "access_token expired")),
            Standing::Invalid => {
                Some(Reply::code(40_001, "invalid credential, access_token is invalid or not latest"))
            }
        }
    }

    fn get_ticket(&mut self, asked: &Asked<'_>) -> Reply {
        if let Some(bad) = self.bad_token(App::Official, asked) {
            return bad;
        }
        if asked.get("type") != "jsapi" {
            return Reply::code(40_097, "invalid args");
        }
        let new = self.next("ticket-");
        let (ticket, seconds) = self.tickets.current(asked.now, || new);
        Reply::json(&json!({ "errcode": 0, "errmsg": "ok", "ticket": ticket, "expires_in": seconds }))
    }

    fn authorize(&mut self, asked: &Asked<'_>) -> Reply {
        let state = asked.get("state");
        let back = asked.get("redirect_uri");
        let page = |text: &str| Reply {
            status: 200,
            content_type: "text/html; charset=utf-8",
            location: None,
            body: format!("<!doctype html><title>WeChat</title><p>{text}</p>").into(),
        };
        if asked.get("appid") != OFFICIAL_APPID || asked.get("response_type") != "code" {
            return page("参数错误");
        }
        if !matches!(asked.get("scope"), "snsapi_base" | "snsapi_userinfo") {
            return page("Scope 参数错误或没有 Scope 权限");
        }
        if state.len() > 128 || !state.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return page("state 参数错误");
        }
        if host(back).is_none_or(|host| !self.hosts.contains(&host)) {
            return page("redirect_uri域名与后台配置不一致，错误码:10003");
        }
        let code = match self.mode {
            Mode::Denied => String::new(),
            Mode::Normal | Mode::Snapshot | Mode::Blocked => {
                format!("code={}&", self.give_code(App::Official, asked.now))
            }
        };
        let joint = if back.contains('?') { '&' } else { '?' };
        let location = Some(format!("{back}{joint}{code}state={state}"));
        Reply { status: 302, content_type: "text/html", location, body: Bytes::new() }
    }

    fn exchange(&mut self, app: App, name: &str, asked: &Asked<'_>) -> Reply {
        let (appid, secret) = match app {
            App::Official => (OFFICIAL_APPID, OFFICIAL_SECRET),
            App::Mini => (MINI_APPID, MINI_SECRET),
        };
        if asked.get("appid") != appid {
            return Reply::code(40_013, "invalid appid");
        }
        if asked.get("secret") != secret {
            return Reply::code(40_125, "invalid appsecret");
        }
        if asked.get("grant_type") != "authorization_code" {
            return Reply::code(40_002, "invalid grant_type");
        }
        if self.mode == Mode::Blocked {
            return Reply::code(40_226, "code blocked");
        }
        let Some(given) = self.codes.get_mut(asked.get(name)).filter(|given| given.app == app) else {
            return Reply::code(40_029, "invalid code");
        };
        if given.used {
            return Reply::code(40_163, "code been used");
        }
        if asked.now.0 - given.at.0 >= CODE_GOOD_FOR {
            return Reply::code(42_003, "code expired");
        }
        given.used = true;
        let mut said = match app {
            App::Official => json!({
                "access_token": "of-a-person", "expires_in": 7200, "refresh_token": "of-a-person",
                "openid": given.openid, "scope": "snsapi_base",
            }),
            App::Mini => json!({ "openid": given.openid, "session_key": "bm90IGZvciBhbnlvbmU=" }),
        };
        if let Some(said) = said.as_object_mut() {
            said.extend(given.unionid.clone().map(|unionid| ("unionid".to_owned(), json!(unionid))));
            said.extend(given.snapshot.then(|| ("is_snapshotuser".to_owned(), json!(1))));
        }
        Reply::json(&said)
    }

    fn media_get(&mut self, asked: &Asked<'_>) -> Reply {
        if let Some(bad) = self.bad_token(App::Official, asked) {
            return bad;
        }
        match self.media.get(asked.get("media_id")) {
            Some(stored) if asked.now.0 - stored.at.0 < MEDIA_KEPT_FOR => Reply {
                status: 200,
                content_type: stored.kind.content_type(),
                location: None,
                body: stored.bytes.clone(),
            },
            Some(_) | None => Reply::code(40_007, "invalid media_id"),
        }
    }

    fn send(&mut self, app: App, asked: &Asked<'_>) -> Reply {
        if let Some(bad) = self.bad_token(app, asked) {
            return bad;
        }
        let said: Value = serde_json::from_slice(asked.body).unwrap_or_default();
        let text = |name: &str| said.get(name).and_then(Value::as_str).unwrap_or_default();
        let to = text("touser").to_owned();
        if !to.starts_with('o') {
            return Reply::code(40_003, "invalid openid");
        }
        let Some((_, _, fields)) =
            TEMPLATES.iter().find(|(of, id, _)| *of == app && *id == text("template_id"))
        else {
            return Reply::code(40_037, "invalid template_id");
        };
        if !self.may_open(app, said.get("page")) {
            return Reply::code(41_030, "invalid page");
        }
        if let Some(wrong) = wrong_field(fields, said.get("data")) {
            return Reply::code(47_003, &format!("argument invalid! data.{wrong}.value invalid"));
        }
        if let Some(left) = self.consents.get_mut(&(app, to.clone())) {
            if *left == 0 {
                return Reply::code(43_101, "user refuse to accept the msg");
            }
            *left -= 1;
        }
        self.sent.push(Message { app, to, body: said });
        Reply::code(0, "ok")
    }

    /// Whether a message may open this: a page of our site, or one of the mini-program, or nothing.
    fn may_open(&self, app: App, page: Option<&Value>) -> bool {
        let Some(page) = page else { return true };
        page.as_str().is_some_and(|page| match app {
            App::Official => host(page).is_some_and(|host| self.hosts.contains(&host)),
            App::Mini => page.starts_with("pages/"),
        })
    }
}

/// The host of an address, with its port.
fn host(url: &str) -> Option<String> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    let host = rest.split(['/', '?', '#']).next()?;
    (!host.is_empty() && !host.contains('@')).then(|| host.to_owned())
}
