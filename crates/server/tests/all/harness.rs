//! A server without a network: the router, a clock that stands still until it is told, a device with its cookie.

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, RwLock};
use tokio::sync::{OnceCell, Semaphore, watch};
use tower::ServiceExt as _;
use woodlark_domain::{AreaCode, CaseId, Role, Timestamp, UserId};
use woodlark_server::app::{App, Inner};
use woodlark_server::assets::Assets;
use woodlark_server::clock::Clock;
use woodlark_server::config::Seed;
use woodlark_server::edge::{RateLimits, Rates, security_headers};
use woodlark_server::jobs::DeskFeed;
use woodlark_server::live::LiveHub;
use woodlark_server::media::Blobs;
use woodlark_server::pay::Pay;
use woodlark_server::router::router;
use woodlark_server::seal_keys::SealKeys;
use woodlark_server::seed;
use woodlark_server::sender::LogSender;
use woodlark_store::staff::{self, Invite, Post, SignIn};
use woodlark_store::{Config, Halt, Store, city};

/// 2026-11-23 10:00 in the city: a Monday, in work time.
pub(crate) const MONDAY_TEN: Timestamp = Timestamp(1_795_399_200_000_000);

/// A clock that tests set.
pub(crate) struct TestClock(AtomicI64);

impl TestClock {
    pub(crate) fn advance(&self, micros: i64) {
        self.0.fetch_add(micros, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

fn open(data: &Path) -> (Store, Blobs) {
    let adcode = AreaCode::new("310120").unwrap();
    let store =
        Store::open(&Config::new(data.join("woodlark.sqlite").display().to_string(), adcode)).unwrap();
    (store, Blobs::in_folder(&data.join("media")).unwrap())
}

/// The demonstration city, loaded once and copied for each test: making it takes seconds in an unoptimised build.
async fn template() -> &'static Path {
    static MADE: OnceCell<tempfile::TempDir> = OnceCell::const_new();
    let made = MADE.get_or_init(async || {
        let folder = tempfile::tempdir().unwrap();
        let (store, blobs) = open(folder.path());
        seed::run(&store, &blobs, &Seed { cases: 0, seed: 1, bench: false }).await.unwrap();
        folder
    });
    made.await.path()
}

fn copy_folder(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let (path, to) = (entry.as_ref().unwrap().path(), to.join(entry.unwrap().file_name()));
        if path.is_dir() {
            std::fs::create_dir_all(&to).unwrap();
            copy_folder(&path, &to);
        } else {
            std::fs::copy(&path, &to).unwrap();
        }
    }
}

/// A server and its folder.
pub(crate) struct Server {
    pub(crate) app: App,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) codes: Arc<LogSender>,
    pub(crate) data: tempfile::TempDir,
    router: Router,
    _stopping: watch::Sender<bool>,
}

impl Server {
    pub(crate) async fn start() -> Self {
        Self::start_with(None, None).await
    }

    /// One that pays, or that WeChat knows.
    pub(crate) async fn start_with(pay: Option<Pay>, wechat: Option<woodlark_wechat::Client>) -> Self {
        let data = tempfile::tempdir().unwrap();
        let app_folder = data.path().join("app");
        std::fs::create_dir_all(&app_folder).unwrap();
        std::fs::write(
            app_folder.join("index.html"),
            "<!doctype html><title>Woodlark</title><script>boot()</script><form action=\"/report\"><input name=case_id value=\"__CASE_ID__0123456789ABCDEFGHIJKLMNO\"></form>",
        )
        .unwrap();
        copy_folder(template().await, data.path());
        let (store, blobs) = open(data.path());
        let loaded = store.read(city::load).await.unwrap().unwrap();
        let clock = Arc::new(TestClock(AtomicI64::new(MONDAY_TEN.0)));
        let codes = Arc::new(LogSender::default());
        let (stopping, stop) = watch::channel(false);
        let assets = Assets::from_folder(&app_folder).unwrap();
        let headers = security_headers(&assets.script_hashes, None, false);
        let app = App::new(Inner {
            store,
            blobs,
            clock: clock.clone(),
            live: LiveHub::default(),
            desk_feed: DeskFeed::default(),
            sender: codes.clone(),
            dev_codes: Some(codes.clone()),
            secret: [9; 32],
            seal_keys: SealKeys::parse(&"7".repeat(64)).unwrap(),
            pay: pay.map(Arc::new),
            wechat: wechat.map(Arc::new),
            assets,
            secure: false,
            stop,
            reports_per_day: 50,
            city: RwLock::new(Arc::new(loaded)),
            decoding: Arc::new(Semaphore::new(2)),
            form_room: Arc::new(Semaphore::new(600)),
        });
        let many = NonZeroU32::new(100_000).unwrap();
        let rates = Rates::new(RateLimits { reads: many, writes: many });
        let router = router(app.clone(), rates, headers);
        Self { app, clock, codes, data, router, _stopping: stopping }
    }

    /// A device that has written nothing yet.
    pub(crate) fn device(&self) -> Device {
        Device { router: self.router.clone(), cookie: None, language: "zh-CN" }
    }

    /// A device with an account.
    pub(crate) async fn resident(&self) -> Device {
        let mut device = self.device();
        let made = device.send(Method::POST, "/api/v1/session", None).await;
        assert_eq!(made.status, StatusCode::CREATED);
        device
    }

    /// A member of staff with these roles, signed in.
    pub(crate) async fn staff(&self, posts: &[Post]) -> Device {
        let (user, now) = (new_user(), self.clock.now());
        let (token, token_hash) = woodlark_server::edge::new_token(Sha256::digest(user.as_bytes()).into());
        let (login, posts) = (format!("s{}", &user.to_string()[24..]), posts.to_vec());
        let signed_in = self.app.store.write(move |tx| {
            let name = "值班员";
            let invite =
                Invite { user, login: &login, name, posts: &posts, token_hash, totp_secret: &[3; 20], now };
            staff::invite(tx, &invite)?;
            staff::accept(tx, &token_hash, "no password", 1, now)?;
            let seat = SignIn { user, totp_step: 2, token_hash, address: "127.0.0.1", agent: "test", now };
            Ok::<_, Halt<()>>(staff::sign_in(tx, &seat)?)
        });
        assert!(signed_in.await.unwrap());
        let cookie = Some(format!("woodlark_desk={token}"));
        Device { router: self.router.clone(), cookie, language: "zh-CN" }
    }

    /// Every file that is kept of photos and voice.
    pub(crate) fn kept_files(&self) -> Vec<PathBuf> {
        let mut files = Vec::new();
        walk(&self.data.path().join("media/kept"), &mut files);
        files
    }
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.path().is_dir() { walk(&entry.path(), files) } else { files.push(entry.path()) }
    }
}

/// One device: its cookie is its memory.
#[derive(Clone)]
pub(crate) struct Device {
    router: Router,
    pub(crate) cookie: Option<String>,
    pub(crate) language: &'static str,
}

/// What the server said.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: axum::http::HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The problem's code; what was expected to be refused but was not is told with its body.
    pub(crate) fn problem(&self) -> String {
        let document = self.json();
        if let Some(length) = self.headers.get(header::CONTENT_LENGTH) {
            assert_eq!(
                length.to_str().unwrap(),
                self.body.len().to_string(),
                "what a real connection would break over"
            );
        }
        assert_eq!(self.headers[header::CONTENT_TYPE], "application/problem+json", "{}", self.text());
        assert_eq!(document["status"], self.status.as_u16());
        assert!(document["title"].as_str().is_some_and(|title| title.chars().count() > 4), "{document}");
        assert!(document["request_id"].is_string());
        document["code"].as_str().unwrap().to_owned()
    }
}

impl Device {
    pub(crate) async fn call(&mut self, request: axum::http::request::Builder, body: Body) -> Answer {
        let mut request = request.header(header::ACCEPT_LANGUAGE, self.language);
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, cookie);
        }
        let response = self.router.clone().oneshot(request.body(body).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        if let Some(cookie) = parts.headers.get(header::SET_COOKIE) {
            self.cookie = Some(cookie.to_str().unwrap().split(';').next().unwrap().to_owned());
        }
        let body = body.collect().await.unwrap().to_bytes().to_vec();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        self.call(Request::get(path), Body::empty()).await
    }

    pub(crate) async fn send(&mut self, method: Method, path: &str, body: Option<&Value>) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::CONTENT_TYPE, "application/json")
            .header("idempotency-key", new_id());
        self.call(request, body.map_or_else(Body::empty, |body| Body::from(body.to_string()))).await
    }

    pub(crate) async fn put_manifest(&mut self, case: &str, manifest: &Value) -> Answer {
        self.send(Method::PUT, &format!("/api/v1/reports/{case}"), Some(manifest)).await
    }

    pub(crate) async fn put_chunk(&mut self, case: &str, hash: &str, offset: u64, bytes: &[u8]) -> Answer {
        let request = Request::put(format!("/api/v1/reports/{case}/attachments/{hash}"))
            .header(header::CONTENT_TYPE, "application/octet-stream")
            .header("upload-offset", offset.to_string());
        self.call(request, Body::from(bytes.to_vec())).await
    }

    pub(crate) async fn complete(&mut self, case: &str) -> Answer {
        self.send(Method::POST, &format!("/api/v1/reports/{case}/complete"), None).await
    }

    /// A whole report, with these photos; answers its id and its receipt.
    pub(crate) async fn report(&mut self, words: &str, photos: &[&[u8]]) -> (String, Value) {
        let case = new_id();
        let manifest = manifest(words, photos);
        let put = self.put_manifest(&case, &manifest).await;
        assert_eq!(put.status, StatusCode::CREATED, "{}", put.text());
        for photo in photos {
            let stored = self.put_chunk(&case, &hash(photo), 0, photo).await;
            assert_eq!(stored.json()["stored"], true, "{}", stored.text());
        }
        let receipt = self.complete(&case).await;
        assert_eq!(receipt.status, StatusCode::OK, "{}", receipt.text());
        (case, receipt.json())
    }
}

/// A manifest of a problem in Xidu with these photos.
pub(crate) fn manifest(words: &str, photos: &[&[u8]]) -> Value {
    let attachments: Vec<Value> = photos
        .iter()
        .map(|photo| json!({ "hash": hash(photo), "role": "photo", "media_type": "image/jpeg", "bytes": photo.len() }))
        .collect();
    json!({
        "kind": "problem", "words": words, "category": "C0110", "visibility": "public", "attachments": attachments,
        "place": { "fix": { "raw": { "lon": 121.458, "lat": 30.915 }, "datum": "wgs84", "source": "device", "accuracy_m": 12.0 } },
        "reported_at": MONDAY_TEN.0, "door": "browser", "language": "zh"
    })
}

pub(crate) fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A new id, as a device makes it.
pub(crate) fn new_id() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(1);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let mut random = [0; 10];
    random[2..].copy_from_slice(&count.to_be_bytes());
    CaseId::new(1_795_399_200_000, random).to_string()
}

fn new_user() -> UserId {
    UserId::from_bytes(*new_id().parse::<CaseId>().unwrap().as_bytes())
}

/// A role everywhere.
pub(crate) fn post(role: Role) -> Post {
    Post { role, department: None, area: None }
}

/// A handler of this department.
pub(crate) fn handler_of(department: &str) -> Post {
    Post { department: Some(department.parse().unwrap()), ..post(Role::Handler) }
}

/// One of the photos that the tests share.
pub(crate) fn photo(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/photos");
    std::fs::read(folder.join(name)).unwrap()
}

impl Server {
    /// The time in microseconds.
    pub(crate) fn clock_now(&self) -> i64 {
        self.clock.now().0
    }

    /// The router, for answers that do not end.
    pub(crate) fn router(&self) -> Router {
        self.router.clone()
    }
}

/// What a stream of events sends, as it comes.
pub(crate) struct Stream(Body);

impl Stream {
    /// The next event, whole; what keeps the connection alive is passed over.
    pub(crate) async fn next_event(&mut self) -> String {
        let patience = std::time::Duration::from_secs(20);
        let next = async {
            loop {
                let frame = self.0.frame().await.unwrap().unwrap();
                let text = frame
                    .into_data()
                    .map(|data| String::from_utf8_lossy(&data).into_owned())
                    .unwrap_or_default();
                if text.contains("data:") {
                    return text;
                }
            }
        };
        tokio::time::timeout(patience, next).await.unwrap()
    }
}

impl Device {
    /// How a request is answered, without waiting for an answer that does not end.
    pub(crate) async fn status(&mut self, request: axum::http::request::Builder, body: Body) -> StatusCode {
        let request = match &self.cookie {
            Some(cookie) => request.header(header::COOKIE, cookie),
            None => request,
        };
        self.router.clone().oneshot(request.body(body).unwrap()).await.unwrap().status()
    }

    /// Listens to a stream of events.
    pub(crate) async fn listen(&mut self, path: &str) -> Stream {
        let mut request = Request::get(path);
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, cookie);
        }
        let response = self.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        Stream(response.into_body())
    }
}

impl Server {
    /// What the server does by itself, until this is dropped.
    pub(crate) fn jobs(&self) -> woodlark_server::jobs::Jobs {
        let many = NonZeroU32::new(100_000).unwrap();
        let rates = Rates::new(RateLimits { reads: many, writes: many });
        woodlark_server::jobs::start(&self.app, &rates, self.app.stop.clone())
    }
}
