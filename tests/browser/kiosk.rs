//! The kiosk in a real browser, by the numbers of the behaviours that it is held to: enrolled, used, left, used by the next person,
//! cut off, switched off.

use crate::access::{axe, look};
use crate::browser::Browser;
use crate::desk::{desk, post};
use crate::outbox::cut;
use crate::stage::{Stage, play, until, until_true};
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
async fn write(kiosk: &Browser, words: &str) {
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

#[test]
fn b42_an_unprovisioned_device_is_refused_and_no_browser_makes_itself_a_kiosk() {
    play(async |stage| {
        let browser = stage.kiosk_of("stranger").await;
        let agent = json!({"userAgent": "Mozilla/5.0 WoodlarkKiosk/1.0 FreeKiosk"});
        browser.tool("Network.setUserAgentOverride", agent).await;
        for address in ["/kiosk", "/kiosk?kiosk=1&token=abc", "/kiosk/start"] {
            browser.go(address).await;
            on_page(&browser, "enrol").await;
            assert_eq!(browser.count("[data-test=begin], [data-test=problem]").await, 0);
        }
        browser.js("localStorage.setItem('woodlark.kiosk', '{\"id\":\"x\"}')").await;
        browser.go("/kiosk").await;
        on_page(&browser, "enrol").await;
        browser.write("[data-test=enrol-code]", "ABCD-EFGH").await;
        tap(&browser, "enrol").await;
        browser.wait("[data-test=trouble]").await;
        browser.go("/").await;
        assert_eq!(browser.js("return location.pathname").await, "/", "nobody is sent to the kiosk");
    });
}

#[test]
fn b43_whoever_walks_away_is_asked_and_then_nothing_of_them_is_left() {
    play(async |stage| {
        let (kiosk, _) = kiosk(stage).await;
        write(&kiosk, "地下车库的灯不亮").await;
        // A moment of rest less than asked for is nothing.
        rest(&kiosk, 100).await;
        assert_eq!(kiosk.count("dialog.idle[open]").await, 0);
        rest(&kiosk, 21).await;
        kiosk.wait("dialog.idle[open]").await;
        assert!(kiosk.text(".idle-words").await.contains('2'), "it counts down");
        tap(&kiosk, "stay").await;
        kiosk.wait_count("dialog.idle[open]", 0).await;
        assert_eq!(kiosk.text("[data-test=said]").await, "地下车库的灯不亮", "going on keeps what was said");

        // Back on the camera's page, so that it is on.
        kiosk.tap("[data-test=back]").await;
        for page in ["category", "say", "photo"] {
            on_page(&kiosk, if page == "category" { "place" } else { page }).await;
            if page == "category" {
                tap(&kiosk, "back").await;
                on_page(&kiosk, "category").await;
            }
            if page != "photo" {
                tap(&kiosk, "back").await;
            }
        }
        kiosk.wait(".camera[data-camera=on]").await;
        kiosk.js("window.__here = true").await;
        let history = kiosk.js("return history.length").await;
        rest(&kiosk, 121).await;
        kiosk.wait("dialog.idle[open]").await;
        rest(&kiosk, 30).await;
        on_page(&kiosk, "attract").await;
        assert_eq!(kiosk.js("return window.__here").await, Value::Null, "the page's memory is gone");
        assert_eq!(kiosk.js("return history.length").await, history, "nothing was added to the history");
        assert_eq!(kiosk.js("return window.__tracks.length + window.__urls.size").await, 0);
        let left = kept(&kiosk).await;
        assert!(!left.contains("地下车库") && !left.contains("\u{ff}\u{d8}\u{ff}"), "{left}");
        // Back leads out of the kiosk to whatever was open before it, and forward to nobody.
        kiosk.js("history.back()").await;
        until_true("it went back", async || kiosk.js("return location.pathname").await != "/kiosk").await;
        assert!(!kiosk.screen().await.contains("地下车库"));
        kiosk.js("history.forward()").await;
        kiosk.started().await;
        on_page(&kiosk, "attract").await;
        assert!(!kiosk.screen().await.contains("地下车库"));
    });
}

#[test]
fn b44_the_next_person_finds_nothing_of_the_one_before() {
    play(async |stage| {
        let (kiosk, _) = kiosk(stage).await;
        cut(stage, &kiosk).await;
        write(&kiosk, "三号楼王阿姨家漏水").await;
        tap(&kiosk, "send").await;
        kiosk.wait("[data-test=result][data-state=kept]").await;
        let code = kiosk.text("[data-test=code]").await;
        tap(&kiosk, "done").await;
        on_page(&kiosk, "attract").await;
        // What is kept of the first is sealed.
        let left = kept(&kiosk).await;
        assert!(left.contains("WLK1"), "the envelope is there");
        for secret in
            ["王阿姨", "\u{ff}\u{d8}\u{ff}", &code, &code.replace('-', ""), "attachments", "manifest"]
        {
            assert!(!left.contains(secret), "{secret:?} can be read");
        }
        tap(&kiosk, "begin").await;
        tap(&kiosk, "problem").await;
        assert_eq!(kiosk.count("[data-test=shot]").await, 0);
        tap(&kiosk, "next").await;
        assert_eq!(kiosk.js("return document.querySelector('[data-test=words]').value").await, "");
        let fields = kiosk.js("return [...document.querySelectorAll('input,textarea')].every((f) => f.autocomplete === 'off')").await;
        assert_eq!(fields, true, "nothing is suggested");
        kiosk.js("history.back()").await;
        assert!(!kiosk.screen().await.contains("王阿姨"));
        let cookies = kiosk.cookie().await;
        assert!(!cookies.contains("woodlark_session"), "a kiosk has no resident's session: {cookies}");
    });
}

#[test]
fn b45_sealed_without_a_network_it_survives_a_power_cut_and_is_sent_later() {
    play(async |stage| {
        let (kiosk, _) = kiosk(stage).await;
        until_true("the page is kept for when there is no network", async || {
            kiosk.js_later("const done = arguments[0]; navigator.serviceWorker.ready.then((r) => done(!!r.active), () => done(false))").await == true
        })
        .await;
        // The browser writes its cookies down only after a while; a kiosk was enrolled longer ago than that.
        until_true("the token is on the disk", async || {
            let profile = stage.folder.join("kiosk/Default");
            ["Cookies", "Network/Cookies"].iter().any(|name| {
                let kept = std::fs::read(profile.join(name)).unwrap_or_default();
                kept.windows(14).any(|part| part == b"woodlark_kiosk")
            })
        })
        .await;
        cut(stage, &kiosk).await;
        write(&kiosk, "人行道的砖翘起来了").await;
        tap(&kiosk, "send").await;
        kiosk.wait("[data-test=result][data-state=kept]").await;
        assert_eq!(kiosk.count("[data-test=number]").await, 0, "nothing is said to be sent");
        assert_eq!(
            kiosk.count(".result [data-test=qr]").await,
            2,
            "on the screen and on the slip, without a network"
        );
        let code = kiosk.text("[data-test=code]").await;
        assert!(kiosk.text("[data-test=waiting]").await.contains('1'));
        kiosk.kill();

        // It is switched on again while there is still no network.
        let kiosk = stage.kiosk_of("kiosk").await;
        kiosk.before_pages(WATCH).await;
        stage.network.die();
        kiosk.go("/kiosk").await;
        on_page(&kiosk, "attract").await;
        kiosk.wait("[data-test=waiting]").await;
        assert!(cases(stage).is_empty());
        stage.network.heal();
        kiosk.js("dispatchEvent(new Event('online'))").await;
        kiosk.wait_count("[data-test=waiting]", 0).await;
        let numbers = cases(stage);
        assert_eq!(numbers.len(), 1, "exactly one case: {numbers:?}");
        // The code that was shown then finds it.
        tap(&kiosk, "begin").await;
        tap(&kiosk, "look-up").await;
        kiosk.write("[data-test=number]", &numbers[0]).await;
        kiosk.write("[data-test=code]", &code).await;
        tap(&kiosk, "to-code").await;
        tap(&kiosk, "find").await;
        let found = kiosk.text("[data-test=found]").await;
        assert!(found.contains(&numbers[0]), "{found}");
        assert!(!kept(&kiosk).await.contains("WLK1"), "what the server has is let go");
    });
}

#[test]
fn b46_the_number_the_code_and_a_drawing_that_takes_the_case_to_a_phone_once() {
    play(async |stage| {
        let (kiosk, _) = kiosk(stage).await;
        write(&kiosk, "路灯不亮").await;
        tap(&kiosk, "send").await;
        let number = kiosk.text("[data-test=number]").await;
        assert_eq!(vec![number.clone()], cases(stage));
        assert_eq!(kiosk.text("[data-test=code]").await.len(), 9);
        let link =
            kiosk.js("return document.querySelector('.result-scan [data-test=qr]').dataset.text").await;
        let link = link.as_str().unwrap().strip_prefix(&stage.network.address).unwrap().to_owned();
        let phone = stage.browser().await;
        phone.visit(&link).await;
        phone.wait("[data-test=take]").await;
        assert_eq!(
            phone.js("return location.href").await,
            format!("{}/handover", stage.network.address),
            "it stays in no history"
        );
        phone.tap("[data-test=take]").await;
        phone.started().await;
        until_true("the case is shown", async || phone.screen().await.contains(&number)).await;
        assert!(
            stage.network.seen("GET", "handover#").is_empty()
                && stage.network.seen("GET", &link[10..]).is_empty()
        );
        assert_eq!(stage.server.cases(&phone.cookie().await).len(), 1, "that case and no other");
        let second = stage.browser().await;
        second.visit(&link).await;
        second.tap("[data-test=take]").await;
        until_true("it was used", async || second.screen().await.contains("已经用过")).await;
        assert!(!second.cookie().await.contains("woodlark_session"));
        // The page of what became of it is left after a minute.
        rest(&kiosk, 61).await;
        kiosk.wait("dialog.idle[open]").await;
        rest(&kiosk, 31).await;
        on_page(&kiosk, "attract").await;
        assert!(!kiosk.screen().await.contains(&number));
    });
}

#[test]
fn b47_nothing_leads_away_and_nothing_asks_who_somebody_is() {
    play(async |stage| {
        let (kiosk, _) = kiosk(stage).await;
        let axe = axe();
        let mut wrong = Vec::new();
        const AWAY: &str = "
            const away = [...document.querySelectorAll('a[href], [target], form[action], iframe')].map((a) => a.outerHTML.slice(0, 80));
            const menu = new MouseEvent('contextmenu', { bubbles: true, cancelable: true });
            document.querySelector('.kiosk-main').dispatchEvent(menu);
            const marked = [...document.querySelectorAll('button')].filter((b) => getComputedStyle(b).userSelect !== 'none').length;
            const small = [...document.querySelectorAll('button, input, textarea')].filter((b) => {
                const { width, height } = b.getBoundingClientRect();
                return b.checkVisibility() && width > 0 && (width < 60 || height < 60) && !b.closest('.map');
            }).map((b) => b.outerHTML.slice(0, 120));
            const wide = document.documentElement.scrollWidth > innerWidth;
            return { away, menu: menu.defaultPrevented, marked, small, wide };";
        let check = async |kiosk: &Browser, what: &str, wrong: &mut Vec<String>| {
            let seen = until(what, async || {
                let seen = kiosk.js(AWAY).await;
                (!seen.is_null()).then_some(seen)
            })
            .await;
            if seen != json!({ "away": [], "menu": true, "marked": 0, "small": [], "wide": false }) {
                wrong.push(format!("{what}: {seen}"));
            }
            look(kiosk, &axe, what, wrong).await;
        };
        for language in ["zh", "en"] {
            check(&kiosk, &format!("attract, {language}"), &mut wrong).await;
            tap(&kiosk, "begin").await;
            check(&kiosk, &format!("start, {language}"), &mut wrong).await;
            tap(&kiosk, "phone").await;
            kiosk.wait("dialog[open]").await;
            check(&kiosk, &format!("by phone, {language}"), &mut wrong).await;
            tap(&kiosk, "phone-close").await;
            tap(&kiosk, "look-up").await;
            check(&kiosk, &format!("look up, {language}"), &mut wrong).await;
            tap(&kiosk, "to-code").await;
            check(&kiosk, &format!("look up, code, {language}"), &mut wrong).await;
            tap(&kiosk, "back").await;
            tap(&kiosk, "gift").await;
            check(&kiosk, &format!("gift, {language}"), &mut wrong).await;
            tap(&kiosk, "back").await;
            tap(&kiosk, "problem").await;
            kiosk.wait(".camera[data-camera=on]").await;
            check(&kiosk, &format!("photo, {language}"), &mut wrong).await;
            take_photo(&kiosk).await;
            check(&kiosk, &format!("photos, {language}"), &mut wrong).await;
            tap(&kiosk, "next").await;
            check(&kiosk, &format!("say, {language}"), &mut wrong).await;
            tap(&kiosk, "next").await;
            check(&kiosk, &format!("category, {language}"), &mut wrong).await;
            tap(&kiosk, "skip").await;
            tap(&kiosk, "map").await;
            kiosk.wait("[data-test=map]").await;
            check(&kiosk, &format!("place, {language}"), &mut wrong).await;
            tap(&kiosk, "next").await;
            check(&kiosk, &format!("check, {language}"), &mut wrong).await;
            tap(&kiosk, "send").await;
            kiosk.text("[data-test=number]").await;
            check(&kiosk, &format!("result, {language}"), &mut wrong).await;
            tap(&kiosk, "done").await;
            on_page(&kiosk, "attract").await;
            kiosk.started().await;
            if language == "zh" {
                tap(&kiosk, "language").await;
                until_true("it speaks English", async || {
                    kiosk.js("return document.documentElement.lang").await == "en-GB"
                })
                .await;
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        assert!(!kiosk.screen().await.contains("Sign in"));
        // Every other page of the site leads here.
        kiosk.visit("/").await;
        kiosk.started().await;
        assert_eq!(kiosk.js("return location.pathname").await, "/kiosk");
    });
}

#[test]
fn b48_the_camera_takes_takes_again_and_is_off_when_its_page_is_left() {
    play(async |stage| {
        let (kiosk, _) = kiosk(stage).await;
        tap(&kiosk, "begin").await;
        tap(&kiosk, "suggestion").await;
        kiosk.wait(".camera[data-camera=on]").await;
        tap(&kiosk, "shoot").await;
        kiosk.wait("[data-test=shown]").await;
        assert_eq!(kiosk.count("[data-test=shot]").await, 0, "it does not count yet");
        tap(&kiosk, "retake").await;
        kiosk.wait(".camera[data-camera=on]").await;
        take_photo(&kiosk).await;
        take_again(&kiosk, 2).await;
        tap(&kiosk, "remove").await;
        kiosk.wait_count("[data-test=shot]", 1).await;
        assert_eq!(
            kiosk.js("return window.__urls.size").await,
            1,
            "one address is in use, of the photo that is left"
        );
        assert_eq!(kiosk.js("return window.__tracks.some((t) => t.readyState === 'live')").await, true);
        tap(&kiosk, "next").await;
        on_page(&kiosk, "say").await;
        assert_eq!(kiosk.js("return window.__tracks.every((t) => t.readyState === 'ended')").await, true);
        // The microphone in the same way.
        tap(&kiosk, "record").await;
        tap(&kiosk, "stop").await;
        kiosk.wait("[data-test=heard]").await;
        assert_eq!(kiosk.js("return window.__tracks.every((t) => t.readyState === 'ended')").await, true);
        tap(&kiosk, "record-again").await;
        kiosk.wait("[data-test=stop]").await;
        tap(&kiosk, "next").await;
        on_page(&kiosk, "category").await;
        assert_eq!(
            kiosk.js("return window.__tracks.every((t) => t.readyState === 'ended')").await,
            true,
            "left while it ran"
        );
        tap(&kiosk, "end").await;
        tap(&kiosk, "end-yes").await;
        on_page(&kiosk, "attract").await;

        // Where the camera is denied, words will do, or a phone.
        let denied = "navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('no', 'NotAllowedError'); };";
        kiosk.before_pages(denied).await;
        kiosk.go("/kiosk").await;
        tap(&kiosk, "begin").await;
        tap(&kiosk, "praise").await;
        kiosk.wait("[data-test=denied] [data-test=qr]").await;
        assert!(kiosk.screen().await.contains("用手机拍"));
        tap(&kiosk, "next").await;
        kiosk.write("[data-test=words]", "保洁员很负责").await;
        tap(&kiosk, "next").await;
        tap(&kiosk, "skip").await;
        tap(&kiosk, "next").await;
        tap(&kiosk, "send").await;
        kiosk.text("[data-test=number]").await;
    });
}

async fn take_again(kiosk: &Browser, count: usize) {
    kiosk.wait(".camera[data-camera=on]").await;
    tap(kiosk, "shoot").await;
    tap(kiosk, "keep").await;
    kiosk.wait_count("[data-test=shot]", count).await;
}

#[test]
fn b49_on_paper_of_80_mm_there_is_one_slip_and_nothing_of_a_person() {
    play(async |stage| {
        let (kiosk, _) = kiosk(stage).await;
        write(&kiosk, "三号楼王阿姨家漏水").await;
        tap(&kiosk, "send").await;
        let number = kiosk.text("[data-test=number]").await;
        let code = kiosk.text("[data-test=code]").await;
        tap(&kiosk, "print").await;
        assert_eq!(kiosk.js("return window.__printed").await, 1);
        kiosk.tool("Emulation.setEmulatedMedia", json!({"media": "print"})).await;
        let shown = kiosk.js("return [...document.querySelectorAll('body *')].filter((n) => n.checkVisibility() && n.childElementCount === 0 && n.textContent.trim()).map((n) => n.textContent).join('|')").await;
        let shown = shown.as_str().unwrap();
        assert!(shown.contains(&number) && shown.contains(&code), "{shown}");
        for other in ["王阿姨", "收到了", "我好了", "朗读"] {
            assert!(!shown.contains(other), "{other} in {shown}");
        }
        kiosk.tool("Emulation.setEmulatedMedia", json!({"media": ""})).await;
        let paper = json!({"preferCSSPageSize": true, "printBackground": true});
        let pdf = kiosk.tool("Page.printToPDF", paper).await;
        let pdf = decode(pdf["data"].as_str().unwrap());
        let text = String::from_utf8_lossy(&pdf);
        assert_eq!(
            text.matches("/Type /Page\n").count()
                + text.matches("/Type /Page ").count()
                + text.matches("/Type /Page/").count(),
            1,
            "one page"
        );
        // 80 mm are 226.8 points.
        let width = text
            .split_once("/MediaBox [0 0 ")
            .and_then(|(_, rest)| rest.split(' ').next()?.parse::<f64>().ok());
        assert!(width.is_some_and(|width| (width - 226.8).abs() < 1.5), "{width:?}");
    });
}

/// Base64 as the DevTools protocol writes it.
fn decode(text: &str) -> Vec<u8> {
    let digit = |byte: u8| match byte {
        b'A'..=b'Z' => u32::from(byte - b'A'),
        b'a'..=b'z' => u32::from(byte - b'a') + 26,
        b'0'..=b'9' => u32::from(byte - b'0') + 52,
        b'+' => 62,
        _ => 63,
    };
    let mut out = Vec::new();
    for four in text.trim_end_matches('=').as_bytes().chunks(4) {
        let bits = four.iter().fold(0, |bits, byte| bits << 6 | digit(*byte)) << (6 * (4 - four.len()));
        out.extend_from_slice(&bits.to_be_bytes()[1..four.len()]);
    }
    out
}

#[test]
fn b50_lowered_all_that_leads_on_lies_in_the_lower_half() {
    play(async |stage| {
        let (kiosk, _) = kiosk(stage).await;
        let size = json!({"width": 1080, "height": 1920, "deviceScaleFactor": 1, "mobile": false});
        kiosk.tool("Emulation.setDeviceMetricsOverride", size).await;
        tap(&kiosk, "low").await;
        let low = async |kiosk: &Browser, what: &str| {
            let high = kiosk.js("return [...document.querySelectorAll('button, input, textarea')].filter((b) => b.checkVisibility() && b.getBoundingClientRect().top < 960 && b.getBoundingClientRect().height > 0).map((b) => b.outerHTML.slice(0, 90))").await;
            assert_eq!(high, json!([]), "{what}");
            let hidden = kiosk.js("return [...document.querySelectorAll('.page-on > .btn, .attract-start')].filter((b) => b.checkVisibility() && b.getBoundingClientRect().bottom > 1920).length").await;
            assert_eq!(hidden, 0, "{what}: the way on is on the screen");
        };
        low(&kiosk, "attract").await;
        tap(&kiosk, "begin").await;
        low(&kiosk, "start").await;
        tap(&kiosk, "problem").await;
        kiosk.wait(".camera[data-camera=on]").await;
        low(&kiosk, "photo").await;
        take_photo(&kiosk).await;
        low(&kiosk, "photos").await;
        tap(&kiosk, "next").await;
        low(&kiosk, "say").await;
        tap(&kiosk, "next").await;
        low(&kiosk, "category").await;
        tap(&kiosk, "skip").await;
        low(&kiosk, "place").await;
        tap(&kiosk, "next").await;
        low(&kiosk, "check").await;
        rest(&kiosk, 121).await;
        kiosk.wait("dialog.idle[open]").await;
        low(&kiosk, "are you still there").await;
        tap(&kiosk, "stay").await;
        tap(&kiosk, "send").await;
        kiosk.text("[data-test=number]").await;
        low(&kiosk, "result").await;
        tap(&kiosk, "done").await;
        on_page(&kiosk, "attract").await;
        assert_eq!(
            kiosk.js("return document.documentElement.dataset.low || ''").await,
            "",
            "the next person finds it as it was"
        );
    });
}

#[test]
fn b40_read_aloud_by_a_sound_where_there_is_no_voice_and_by_nothing_without_an_error() {
    play(async |stage| {
        let (kiosk, _) = kiosk(stage).await;
        let played = "
            window.__played = []; window.__spoken = [];
            const Sound = window.Audio;
            window.Audio = function (url) {
                const sound = new Sound(window.__broken ? '/kiosk/speech/none.ogg' : url);
                sound.addEventListener('playing', () => window.__played.push(url));
                return sound;
            };
            const speak = speechSynthesis.speak.bind(speechSynthesis);
            speechSynthesis.speak = (said) => window.__spoken.push(said.text);";
        kiosk.before_pages(played).await;
        kiosk.go("/kiosk").await;
        on_page(&kiosk, "attract").await;
        tap(&kiosk, "aloud").await;
        let heard = async |name: &str| {
            let name = format!("/kiosk/speech/{name}.ogg");
            until(&name, async || {
                kiosk.js("return window.__played").await.as_array()?.contains(&json!(name)).then_some(())
            })
            .await;
        };
        heard("zh-attract").await;
        tap(&kiosk, "begin").await;
        heard("zh-start").await;
        // A sound that does not come leaves the text, and nothing is said of it.
        kiosk.js("window.__broken = true").await;
        tap(&kiosk, "problem").await;
        on_page(&kiosk, "photo").await;
        assert!(kiosk.text("h1").await.contains("摄像头"));
        assert_eq!(kiosk.count("[role=alert]").await, 0);
        // With a voice of the language it speaks itself.
        kiosk.js("const voice = { lang: 'zh-CN' }; window.__voices = [voice]; window.SpeechSynthesisUtterance = function (text) { this.text = text; };").await;
        tap(&kiosk, "next").await;
        until_true("it is spoken", async || {
            kiosk.js("return window.__spoken.some((text) => text.includes('一分钟'))").await == true
        })
        .await;
        let complaints: Vec<String> = kiosk
            .complaints()
            .await
            .into_iter()
            .filter(|line| !line.contains("none.ogg") && !line.contains("401"))
            .collect();
        assert!(complaints.is_empty(), "{complaints:#?}");
    });
}

#[test]
fn a_lost_answer_a_busy_server_and_a_refused_envelope_lose_nothing_and_double_nothing() {
    use crate::network::Act;
    play(async |stage| {
        let (kiosk, _) = kiosk(stage).await;
        stage.network.disturb("PUT", "/api/v1/kiosk/envelopes/", 0, 2, Act::LoseReply);
        write(&kiosk, "井盖松动").await;
        tap(&kiosk, "send").await;
        let number = kiosk.text("[data-test=number]").await;
        assert_eq!(cases(stage), [number]);
        tap(&kiosk, "done").await;
        on_page(&kiosk, "attract").await;
        // The server dies in the middle and comes back.
        stage.server.kill();
        write(&kiosk, "路灯不亮").await;
        tap(&kiosk, "send").await;
        kiosk.wait("[data-test=result]").await;
        assert_eq!(kiosk.count("[data-test=number]").await, 0, "nothing is said to be sent");
        stage.server.restart();
        kiosk.text("[data-test=number]").await;
        assert_eq!(cases(stage).len(), 2);
    });
}

#[test]
fn the_desk_sets_a_kiosk_up_sees_how_it_does_and_takes_its_leave_away() {
    play(async |stage| {
        let axe = axe();
        let mut wrong = Vec::new();
        let admin = desk(stage, "管理员", &[post(Role::Admin)]).await;
        admin.go("/desk/kiosks?lang=zh").await;
        admin.wait("[data-test=make-kiosk]").await;
        look(&admin, &axe, "kiosks, none", &mut wrong).await;
        admin.write("#station", "南桥镇便民服务站").await;
        admin.js("const s = document.querySelector('#entry'); s.value = 'kiosk-nanqiao-1'; s.dispatchEvent(new Event('change'))").await;
        admin.write("#gift-pin", "204816").await;
        admin.tap("[data-test=make-kiosk]").await;
        let code = admin.text("[data-test=kiosk-code]").await;
        let kiosk = stage.kiosk_of("kiosk").await;
        kiosk.go("/kiosk").await;
        kiosk.write("[data-test=enrol-code]", &code).await;
        tap(&kiosk, "enrol").await;
        on_page(&kiosk, "attract").await;
        // As a power cut would: it tells how it does as soon as it is there again.
        kiosk.go("/kiosk").await;
        on_page(&kiosk, "attract").await;
        until_true("the kiosk is there", async || {
            admin.reload().await;
            admin.started().await;
            admin.text("[data-test=kiosk]").await.contains("在线")
        })
        .await;
        look(&admin, &axe, "kiosks", &mut wrong).await;
        admin.tap("[data-test=revoke-kiosk]").await;
        admin.tap("dialog[open] [data-test=yes]").await;
        admin.wait("[data-test=kiosk][data-state=revoked]").await;
        kiosk.go("/kiosk").await;
        on_page(&kiosk, "revoked").await;
        look(&kiosk, &axe, "revoked", &mut wrong).await;
        admin.tap("[data-test=new-code]").await;
        admin.tap("dialog[open] [data-test=yes]").await;
        let code = admin.text("[data-test=kiosk-code]").await;
        kiosk.write("[data-test=enrol-code]", &code).await;
        tap(&kiosk, "enrol").await;
        on_page(&kiosk, "attract").await;
        let phone = json!({"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": true});
        admin.tool("Emulation.setDeviceMetricsOverride", phone).await;
        admin.go("/desk/kiosks?lang=en").await;
        admin.wait("[data-test=kiosk]").await;
        look(&admin, &axe, "kiosks, on a phone, English", &mut wrong).await;
        assert_eq!(admin.js("return document.documentElement.scrollWidth <= innerWidth").await, true);
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    });
}
