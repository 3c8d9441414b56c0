//! Pictures of every page in every place, one sheet a place: `cargo xtask shots`. It proves nothing; people look at it.

use crate::access::be_elder;
use crate::browser::Browser;
use crate::desk::{desk, post};
use crate::journeys::{send, write_report};
use crate::kiosk;
use crate::ledger::with_points;
use crate::neighbours::send_as_lamp;
use crate::stage::{Stage, photo, play_beside, until_true};
use crate::wechat::{ANDROID, BRIDGE, wechat};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use woodlark_domain::Role;

/// How a phone is held and what it is set to.
struct Look {
    name: &'static str,
    language: &'static str,
    dark: bool,
    elder: bool,
    width: u32,
}

const LOOKS: [Look; 4] = [
    Look { name: "phone-zh", language: "zh", dark: false, elder: false, width: 390 },
    Look { name: "phone-en-dark", language: "en", dark: true, elder: false, width: 390 },
    Look { name: "elder-zh", language: "zh", dark: false, elder: true, width: 390 },
    Look { name: "narrow-en", language: "en", dark: false, elder: false, width: 320 },
];

/// A picture as a data address, and what it shows.
struct Shot {
    caption: String,
    picture: String,
}

async fn shoot(browser: &Browser, caption: &str, shots: &mut Vec<Shot>) {
    until_true("nothing moves", async || {
        let still = "return document.getAnimations().every((one) => one.playState !== 'running') \
                     && [...document.images].every((one) => one.complete)";
        browser.js(still).await == true
    })
    .await;
    let shot = browser.tool("Page.captureScreenshot", json!({ "format": "jpeg", "quality": 80 })).await;
    let picture = format!("data:image/jpeg;base64,{}", shot["data"].as_str().unwrap());
    shots.push(Shot { caption: caption.to_owned(), picture });
}

/// All shots of a place in one picture, so many dots wide each.
async fn sheet(browser: &Browser, name: &str, dots: u32, shots: &[Shot]) {
    let mut page = format!(
        "<!doctype html><meta charset=utf-8><title>{name}</title><style>body{{margin:16px;width:1488px;font:13px sans-serif;background:#ddd}}\
         main{{display:flex;flex-wrap:wrap;gap:14px;align-items:flex-start}}figure{{margin:0;width:{dots}px}}img{{width:100%;display:block}}\
         figcaption{{padding:4px 0}}</style><h1>{name}</h1><main>"
    );
    for Shot { caption, picture } in shots {
        write!(page, "<figure><img src='{picture}'><figcaption>{caption}</figcaption></figure>").unwrap();
    }
    let folder = PathBuf::from(std::env::var_os("WOODLARK_SHOTS").expect("WOODLARK_SHOTS names a folder"));
    std::fs::create_dir_all(&folder).unwrap();
    let file = std::env::temp_dir().join(format!("woodlark-{name}.html"));
    std::fs::write(&file, page).unwrap();
    let screen = json!({ "width": 1520, "height": 1000, "deviceScaleFactor": 1, "mobile": false });
    browser.tool("Emulation.setDeviceMetricsOverride", screen).await;
    browser.tool("Page.navigate", json!({ "url": format!("file://{}", file.display()) })).await;
    let ready =
        "return document.readyState === 'complete' && [...document.images].every((one) => one.complete)";
    until_true("the sheet stands", async || browser.js(ready).await == true).await;
    let whole = browser
        .tool("Page.captureScreenshot", json!({ "format": "jpeg", "quality": 72, "captureBeyondViewport": true, "clip": size(browser).await }))
        .await;
    let bytes = STANDARD.decode(whole["data"].as_str().unwrap()).unwrap();
    std::fs::write(folder.join(format!("{name}.jpg")), bytes).unwrap();
    std::fs::remove_file(file).unwrap();
}

async fn size(browser: &Browser) -> Value {
    let high = browser.js("return document.querySelector('main').getBoundingClientRect().bottom + 16").await;
    json!({ "x": 0, "y": 0, "width": 1520, "height": high, "scale": 1 })
}

async fn dress(browser: &Browser, look: &Look) {
    if look.elder {
        be_elder(browser).await;
    }
    let screen = json!({ "width": look.width, "height": 844, "deviceScaleFactor": 1, "mobile": true });
    browser.tool("Emulation.setDeviceMetricsOverride", screen).await;
    let light = if look.dark { "dark" } else { "light" };
    let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": light },
        { "name": "prefers-reduced-motion", "value": "reduce" }] });
    browser.tool("Emulation.setEmulatedMedia", media).await;
}

/// Every page of a resident, in the order in which they meet them.
async fn walk(stage: &Stage, browser: &Browser, look: &Look) -> Vec<Shot> {
    let mut shots = Vec::new();
    let language = look.language;
    browser.go(&format!("/?lang={language}")).await;
    browser.wait("#main h1").await;
    shoot(browser, "/ the first time", &mut shots).await;
    write_report(browser, "第三根路灯不亮", &[&photo("landscape_1.jpg")]).await;
    shoot(browser, "/report", &mut shots).await;
    if look.elder {
        browser.tap("[data-test=fold]").await;
    }
    send_as_lamp(browser).await;
    shoot(browser, "/sent", &mut shots).await;
    let id = stage.server.only_case(&browser.cookie().await)["id"].as_str().unwrap().to_owned();
    for (path, wait) in [
        (format!("/cases/{id}"), "[data-test=case-head]"),
        (format!("/c/{id}"), "[data-test=public-case]"),
        ("/".to_owned(), "#main h1"),
        ("/mine".to_owned(), "[data-test=case]"),
        ("/wall".to_owned(), "#main h1"),
        ("/settings".to_owned(), "[data-test=phone-send]"),
    ] {
        browser.go(&path).await;
        browser.wait(wait).await;
        shoot(browser, path.split(&id).next().unwrap_or(&path), &mut shots).await;
    }
    browser.go("/nearby").await;
    shoot(browser, "/nearby, not asked yet", &mut shots).await;
    browser.tap("[data-test=nearby-here]").await;
    browser.wait("[data-test=near]").await;
    shoot(browser, "/nearby", &mut shots).await;
    let scale = if look.elder { "large" } else { "normal" };
    browser.visit(&format!("/my-data?lang={language}&scale={scale}")).await;
    browser.wait("[data-test=download]").await;
    shoot(browser, "/my-data", &mut shots).await;
    for path in ["/ledger", "/ledger/thanks", "/ledger/points", "/ledger/roots"] {
        browser.go(&format!("{path}?lang={language}")).await;
        browser.wait("h1").await;
        shoot(browser, path, &mut shots).await;
    }
    shots
}

async fn phones(stage: &Stage) {
    for look in &LOOKS {
        let browser = stage.browser().await;
        dress(&browser, look).await;
        let shots = walk(stage, &browser, look).await;
        sheet(&browser, look.name, look.width / 2, &shots).await;
        browser.quit().await;
    }
    let look = Look { name: "wechat-zh", language: "zh", dark: false, elder: false, width: 390 };
    let browser = stage.browser().await;
    browser.tool("Network.setUserAgentOverride", json!({ "userAgent": ANDROID })).await;
    browser.before_pages(BRIDGE).await;
    dress(&browser, &look).await;
    let mut shots = Vec::new();
    browser.go("/?lang=zh").await;
    shoot(&browser, "/", &mut shots).await;
    browser.go("/report?kind=problem").await;
    browser.tap("button[data-test=album]").await;
    browser.wait_count("[data-test=photo][data-state=ready]", 1).await;
    shoot(&browser, "/report", &mut shots).await;
    send(&browser).await;
    browser.wait("[data-test=news]").await;
    shoot(&browser, "/sent", &mut shots).await;
    browser.go("/mine").await;
    browser.wait("[data-test=scan]").await;
    shoot(&browser, "/mine", &mut shots).await;
    sheet(&browser, look.name, look.width / 2, &shots).await;
    browser.quit().await;
}

async fn desks(stage: &Stage) {
    let reporter = stage.browser().await;
    with_points(stage, &reporter).await;
    reporter.quit().await;
    let posts = [Role::Admin, Role::Acceptor, Role::Supervisor].map(post);
    let staff = desk(stage, "值班长老赵", &posts).await;
    for (name, language, dark) in [("desk-zh", "zh", false), ("desk-en-dark", "en", true)] {
        let light = if dark { "dark" } else { "light" };
        let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": light }] });
        staff.tool("Emulation.setEmulatedMedia", media).await;
        let mut shots = Vec::new();
        for path in [
            "/desk",
            "/desk/queue/all",
            "/desk/figures",
            "/desk/rewards",
            "/desk/city",
            "/desk/city/categories",
            "/desk/staff",
            "/desk/kiosks",
            "/desk/audit",
            "/desk/me",
        ] {
            staff.go(&format!("{path}?lang={language}")).await;
            staff.wait("h1").await;
            shoot(&staff, path, &mut shots).await;
        }
        let sheets = stage.browser().await;
        sheet(&sheets, name, 480, &shots).await;
        sheets.quit().await;
    }
}

async fn stations(stage: &Stage) {
    let (kiosk, _admin) = kiosk::kiosk(stage).await;
    let (tap, on_page) = (kiosk::tap, kiosk::on_page);
    let size = json!({ "width": 1080, "height": 1920, "deviceScaleFactor": 1, "mobile": false });
    kiosk.tool("Emulation.setDeviceMetricsOverride", size).await;
    for (name, language, dark) in
        [("kiosk-zh", "zh", false), ("kiosk-zh-dark", "zh", true), ("kiosk-en", "en", false)]
    {
        let light = if dark { "dark" } else { "light" };
        let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": light },
            { "name": "prefers-reduced-motion", "value": "reduce" }] });
        kiosk.tool("Emulation.setEmulatedMedia", media).await;
        let mut shots = Vec::new();
        if language == "en" {
            tap(&kiosk, "language").await;
        }
        shoot(&kiosk, "attract", &mut shots).await;
        tap(&kiosk, "begin").await;
        on_page(&kiosk, "start").await;
        shoot(&kiosk, "start", &mut shots).await;
        tap(&kiosk, "phone").await;
        kiosk.wait("dialog[open]").await;
        shoot(&kiosk, "by phone", &mut shots).await;
        tap(&kiosk, "phone-close").await;
        tap(&kiosk, "look-up").await;
        on_page(&kiosk, "look_up").await;
        shoot(&kiosk, "look up", &mut shots).await;
        tap(&kiosk, "back").await;
        tap(&kiosk, "gift").await;
        on_page(&kiosk, "gift").await;
        shoot(&kiosk, "gift", &mut shots).await;
        tap(&kiosk, "back").await;
        tap(&kiosk, "problem").await;
        kiosk.wait(".camera[data-camera=on]").await;
        shoot(&kiosk, "camera", &mut shots).await;
        kiosk::take_photo(&kiosk).await;
        shoot(&kiosk, "photos", &mut shots).await;
        tap(&kiosk, "next").await;
        kiosk.write("[data-test=words]", "第三根路灯不亮").await;
        shoot(&kiosk, "say", &mut shots).await;
        tap(&kiosk, "next").await;
        kiosk.wait("[data-test=class]").await;
        shoot(&kiosk, "category", &mut shots).await;
        tap(&kiosk, "class").await;
        tap(&kiosk, "category").await;
        on_page(&kiosk, "place").await;
        shoot(&kiosk, "place", &mut shots).await;
        tap(&kiosk, "next").await;
        on_page(&kiosk, "check").await;
        shoot(&kiosk, "check", &mut shots).await;
        tap(&kiosk, "end").await;
        kiosk.wait("[data-test=end-no]").await;
        shoot(&kiosk, "end?", &mut shots).await;
        tap(&kiosk, "end-no").await;
        tap(&kiosk, "send").await;
        kiosk.text("[data-test=number]").await;
        shoot(&kiosk, "result", &mut shots).await;
        tap(&kiosk, "low").await;
        shoot(&kiosk, "result, lowered", &mut shots).await;
        tap(&kiosk, "done").await;
        on_page(&kiosk, "attract").await;
        let sheets = stage.browser().await;
        sheet(&sheets, name, 280, &shots).await;
        sheets.quit().await;
    }
}

#[test]
#[ignore = "makes pictures for people: cargo xtask shots"]
fn contact_sheets() {
    play_beside(
        async |folder: &Path, site: &str| wechat(folder, site).await,
        async |stage, _| {
            phones(stage).await;
            stations(stage).await;
            desks(stage).await;
        },
    );
}
