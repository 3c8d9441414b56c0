//! What the stand-in knows and does: tokens, codes, media, messages. It holds what it is told against WeChat's rules by other
//! code than the client's.

use super::fault::Call;
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
/// The templates: their ids and fields.
pub(super) const TEMPLATES: &[(App, &str, &[&str])] = &[
    (
        App::Official,
        "OFFICIAL-progress_0123456789abcdefghijklmnop",
        &["character_string1", "thing2", "phrase3", "time4", "thing5"],
    ),
    (App::Mini, "MINI-progress_0123456789abcdefghijklmnopqrst", &["thing1", "thing2", "thing3", "date4"]),
];

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

/// The first field that is missing, too much, or not as its kind must be.
fn wrong_field(fields: &[&str], data: Option<&Value>) -> Option<String> {
    let empty = serde_json::Map::new();
    let data = data.and_then(Value::as_object).unwrap_or(&empty);
    let value = |key: &str| data.get(key).and_then(|field| field.get("value")).and_then(Value::as_str);
    let wrong = fields.iter().find(|key| !value(key).is_some_and(|value| is_right(key, value)));
    let strange = data.keys().find(|key| !fields.contains(&key.as_str()));
    wrong.map(|key| (*key).to_owned()).or_else(|| strange.cloned())
}

fn is_right(key: &str, value: &str) -> bool {
    let count = value.chars().count();
    let fits = match key.trim_end_matches(|c: char| c.is_ascii_digit()) {
        "thing" => count <= 20 && !value.chars().any(char::is_control),
        "character_string" => count <= 32 && value.bytes().all(|b| (0x21..0x7f).contains(&b)),
        "phrase" => count <= 5 && value.chars().all(|c| ('一'..='鿿').contains(&c)),
        "time" | "date" => is_moment(value),
        _ => false,
    };
    fits && count > 0
}

/// Whether it reads 2026年1月5日 09:00.
fn is_moment(value: &str) -> bool {
    let parts: Vec<&str> = value.split(['年', '月', '日', ' ', ':']).collect();
    match parts.as_slice() {
        [year, month, day, "", hour, minute] => {
            let number = |text: &str| text.parse::<u32>().unwrap_or(u32::MAX);
            year.len() == 4
                && (1..=12).contains(&number(month))
                && (1..=31).contains(&number(day))
                && number(hour) < 24
                && number(minute) < 60
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_held_to_its_kind() {
        for (key, value, right) in [
            ("thing1", "井盖缺失", true),
            ("thing1", "", false),
            ("thing1", "一二三四五六七八九十一二三四五六七八九十又", false),
            ("thing1", "a\nb", false),
            ("character_string1", "FX-1", true),
            ("character_string1", "编号", false),
            ("character_string1", "a b", false),
            ("phrase1", "处理中", true),
            ("phrase1", "处理中。", false),
            ("phrase1", "一二三四五六", false),
            ("time1", "2026年1月5日 09:00", true),
            ("date1", "2026年13月5日 09:00", false),
            ("date1", "2026-01-05", false),
            ("amount1", "1", false),
        ] {
            assert_eq!(is_right(key, value), right, "{key} {value}");
        }
    }

    #[test]
    fn a_message_has_the_fields_of_its_template_and_no_others() {
        let fields = ["thing1", "thing2"];
        let data = |keys: &[&str]| {
            let all = keys.iter().map(|key| ((*key).to_owned(), json!({ "value": "x" })));
            Value::Object(all.collect())
        };
        assert_eq!(wrong_field(&fields, Some(&data(&["thing1", "thing2"]))), None);
        assert_eq!(wrong_field(&fields, Some(&data(&["thing1"]))).as_deref(), Some("thing2"));
        assert_eq!(
            wrong_field(&fields, Some(&data(&["thing1", "thing2", "thing3"]))).as_deref(),
            Some("thing3")
        );
        assert_eq!(wrong_field(&fields, None).as_deref(), Some("thing1"));
    }
}
