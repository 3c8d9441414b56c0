//! The kiosk in a real browser, by the numbers of the behaviours that it is held to: enrolled, used, left, used by the next person,
//! cut off, switched off.

mod device;
mod gift;
mod visitor;

use crate::browser::Browser;
use crate::desk::{desk, post};
use crate::stage::Stage;
use serde_json::{Value, json};
use woodlark_domain::Role;

/// A clock that tests put forward, and what cameras, microphones and object addresses are in use.
const WATCH: &str = "
    const ticks = performance.now.bind(performance);
    window.__shift = 0;
    performance.now = () => ticks() + window.__shift;
    window.__tracks = [];
    const media = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = async (wanted) => {
        const stream = await media(wanted);
        window.__tracks.push(...stream.getTracks());
        return stream;
    };
    window.__urls = new Set();
    const [make, revoke] = [URL.createObjectURL.bind(URL), URL.revokeObjectURL.bind(URL)];
    URL.createObjectURL = (of) => { const url = make(of); window.__urls.add(url); return url; };
    URL.revokeObjectURL = (url) => { window.__urls.delete(url); revoke(url); };
    window.print = () => { window.__printed = (window.__printed || 0) + 1; };
    /* What the browser offers is never what a test means. */
    if (window.speechSynthesis) speechSynthesis.getVoices = () => window.__voices || [];
";

/// Everything that this site keeps in the browser, as one text; binary pieces byte by byte.
const KEPT: &str = "const done = arguments[0]; (async () => {
    const out = [JSON.stringify(localStorage), JSON.stringify(sessionStorage)];
    const binary = (buffer) => Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join('');
    for (const { name } of await indexedDB.databases()) {
        const base = await new Promise((ok, no) => { const r = indexedDB.open(name); r.onsuccess = () => ok(r.result); r.onerror = no; });
        for (const store of base.objectStoreNames) {
            const rows = await new Promise((ok, no) => {
                const r = base.transaction(store).objectStore(store).getAll(); r.onsuccess = () => ok(r.result); r.onerror = no;
            });
            for (const row of rows) {
                out.push(row instanceof Blob ? binary(await row.arrayBuffer()) : JSON.stringify(row));
            }
        }
        base.close();
    }
    for (const name of await caches.keys()) {
        for (const request of await (await caches.open(name)).keys()) out.push(request.url);
    }
    return out.join('\\n');
})().then(done, (why) => done(String(why)));";

/// Sets a kiosk up at the desk of an administrator; answers its code.
async fn code(stage: &Stage, admin: &Browser) -> String {
    admin.visit("/version").await;
    let cookie = admin.cookie().await;
    let body = json!({ "name": "南桥镇便民服务站", "entry": "kiosk-nanqiao-1", "pin": "204816", "position": { "lon": 121.458, "lat": 30.915 } });
    let (status, made) = stage.server.ask("POST", "/api/v1/desk/kiosks", &cookie, Some(&body));
    assert_eq!(status, 201, "{}", String::from_utf8_lossy(&made));
    let made: Value = serde_json::from_slice(&made).unwrap();
    made["code"].as_str().unwrap().to_owned()
}

/// A browser that was enrolled as a kiosk, with whoever enrolled it.
pub(crate) async fn kiosk(stage: &Stage) -> (Browser, Browser) {
    let admin = desk(stage, "管理员", &[post(Role::Admin)]).await;
    let code = code(stage, &admin).await;
    let kiosk = stage.kiosk_of("kiosk").await;
    kiosk.before_pages(WATCH).await;
    kiosk.go("/kiosk").await;
    on_page(&kiosk, "enrol").await;
    kiosk.write("[data-test=enrol-code]", &code).await;
    kiosk.tap("[data-test=enrol]").await;
    on_page(&kiosk, "attract").await;
    (kiosk, admin)
}

pub(crate) async fn on_page(kiosk: &Browser, page: &str) {
    kiosk.wait(&format!(".kiosk[data-page={page}]")).await;
}

pub(crate) async fn tap(kiosk: &Browser, test: &str) {
    kiosk.tap(&format!("[data-test={test}]")).await;
}

/// Takes a photo and keeps it.
pub(crate) async fn take_photo(kiosk: &Browser) {
    kiosk.wait(".camera[data-camera=on]").await;
    tap(kiosk, "shoot").await;
    tap(kiosk, "keep").await;
    kiosk.wait("[data-test=shot]").await;
}

/// Writes a report with a photo and these words, up to the page on which it is sent.
pub(crate) async fn write(kiosk: &Browser, words: &str) {
    tap(kiosk, "begin").await;
    tap(kiosk, "problem").await;
    take_photo(kiosk).await;
    tap(kiosk, "next").await;
    kiosk.write("[data-test=words]", words).await;
    tap(kiosk, "next").await;
    tap(kiosk, "class").await;
    tap(kiosk, "category").await;
    on_page(kiosk, "place").await;
    tap(kiosk, "next").await;
    on_page(kiosk, "check").await;
}

async fn rest(kiosk: &Browser, seconds: u32) {
    kiosk.js(&format!("window.__shift += {seconds}000")).await;
}

async fn kept(kiosk: &Browser) -> String {
    kiosk.js_later(KEPT).await.as_str().unwrap().to_owned()
}

#[derive(diesel::QueryableByName)]
struct Number {
    #[diesel(sql_type = diesel::sql_types::Text)]
    number: String,
}

/// The numbers of the cases that came from kiosks, read beside the running server.
fn cases(stage: &Stage) -> Vec<String> {
    use diesel::{Connection, RunQueryDsl};
    let path = stage.folder.join("data/woodlark.sqlite").display().to_string();
    let mut conn = diesel::SqliteConnection::establish(&path).unwrap();
    let text = "SELECT f.number AS number FROM kiosk_case k JOIN case_file f ON f.adcode = k.adcode AND f.id = k.case_id";
    let rows: Vec<Number> = diesel::sql_query(text).load(&mut conn).unwrap();
    rows.into_iter().map(|row| row.number).collect()
}
