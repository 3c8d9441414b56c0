//! What was sent must arrive, once: without a network, without a service worker, from two tabs.

use crate::browser::Browser;
use crate::journeys::{send, write_report};
use crate::network::Act;
use crate::stage::{Stage, photo, play, until_true};
use serde_json::Value;

/// No network at all, and the browser knows it.
pub(crate) async fn cut(stage: &Stage, browser: &Browser) {
    stage.network.die();
    browser.online(false).await;
}

/// The network is back, and the browser notices.
pub(crate) async fn mend(stage: &Stage, browser: &Browser) {
    stage.network.heal();
    browser.online(true).await;
}

/// The report waits, the person sees that it does, and nothing says that it was sent.
pub(crate) async fn assert_waits(browser: &Browser) {
    browser.wait("[data-test=not-sent]").await;
    assert_eq!(browser.count("[data-test=number]").await, 0);
    let screen = browser.screen().await;
    for wrong in ["已送达", "提交成功", "已提交", "已受理"] {
        assert!(!screen.contains(wrong), "{wrong:?} is said too early:\n{screen}");
    }
}

/// The waiting count on the first page.
pub(crate) async fn count_on_home(browser: &Browser) -> String {
    browser.wait("[data-test=waiting]").await;
    let count = browser.js("return document.querySelector('[data-test=waiting]')?.dataset.count").await;
    count.as_str().unwrap_or_default().to_owned()
}

async fn queue_off_line_and_send(stage: &Stage, browser: &Browser) {
    write_report(browser, "河边栏杆断了", &[&photo("landscape_1.jpg")]).await;
    cut(stage, browser).await;
    browser.wait("[data-test=offline]").await;
    browser.tap("[data-test=send]").await;
    assert_waits(browser).await;
    assert!(stage.server.cases(&browser.cookie().await).is_empty());
    mend(stage, browser).await;
    browser.text("[data-test=number]").await;
    assert_eq!(browser.count("[data-test=number]").await, 1);
    assert_eq!(stage.server.only_case(&browser.cookie().await)["photos"].as_array().unwrap().len(), 1);
    assert_eq!(
        stage.network.seen("POST", "/complete").iter().filter(|seen| seen.status.is_some()).count(),
        1
    );
}

/// A phone whose browser has no service worker, with its database made.
async fn without_worker(stage: &Stage) -> Browser {
    let browser = stage.browser().await;
    browser.before_pages("delete Navigator.prototype.serviceWorker").await;
    browser.go("/").await;
    assert_eq!(browser.js("return 'serviceWorker' in navigator").await, false);
    // Chromium sometimes never opens a database again whose making was left in the middle.
    let made = "const done = arguments[0]; indexedDB.databases().then((all) => done(all.length))";
    until_true("the database is made", async || browser.js_later(made).await == 1).await;
    browser
}

/// What the one report that is kept says.
async fn manifest(browser: &Browser) -> Value {
    let record: Value = serde_json::from_str(&kept(browser).await).unwrap();
    record["manifest"].clone()
}

/// A report waits, its tab is closed, another is opened: all that was said is still there, and is sent.
async fn wait_and_open_again(stage: &Stage, browser: &Browser, opens_off_line: bool) {
    browser.visit("/dev/codes").await;
    let quiet = browser.tab().await;
    browser.new_tab().await;
    write_report(browser, "垃圾桶满了", &[&photo("landscape_3.jpg")]).await;
    browser.tap("[data-test=locate]").await;
    browser.wait(".place svg.map-still").await;
    browser.tap("[data-test=category]").await;
    browser.tap("dialog[open] [data-test=chip]").await;
    browser.wait_count("dialog[open]", 0).await;
    browser.write("[data-test=place-words]", "菜场东门旁").await;
    cut(stage, browser).await;
    browser.tap("[data-test=send]").await;
    assert_waits(browser).await;
    let said = manifest(browser).await;
    assert!(said["category"].is_string() && said["place"]["fix"].is_object(), "{said}");
    browser.close_tab().await;
    browser.switch(&quiet).await;

    if !opens_off_line {
        // Somebody has to bring the page; what it sends gets nowhere.
        stage.network.heal();
        for method in ["POST", "PUT"] {
            stage.network.disturb(method, "/api/", 0, 999, Act::Answer(503, "{}"));
        }
    }
    browser.new_tab().await;
    browser.online(!opens_off_line).await;
    browser.go("/").await;
    assert_eq!(count_on_home(browser).await, "1");
    browser.tap("[data-test=waiting]").await;
    let card = browser.text("[data-test=waiting-card]").await;
    assert!(card.contains("垃圾桶满了"), "{card}");
    browser.wait("[data-test=waiting-card] img").await;
    until_true("its photo can be seen", async || {
        browser.js("return document.querySelector('[data-test=waiting-card] img').naturalWidth > 0").await
            == true
    })
    .await;
    assert_eq!(manifest(browser).await, said);
    mend(stage, browser).await;
    browser.wait_count("[data-test=waiting-card]", 0).await;
    browser.wait("[data-test=case]").await;
    let case = stage.server.only_case(&browser.cookie().await);
    assert_eq!(
        (case["words"].as_str(), case["place_words"].as_str()),
        (Some("垃圾桶满了"), Some("菜场东门旁"))
    );
    assert_eq!(case["photos"].as_array().map(Vec::len), Some(1));
    assert!(case["position"].is_object() && !case["category"].is_null(), "{case}");
}

/// The server has it, and its answer is lost.
pub(crate) async fn lose_the_last_reply(stage: &Stage, browser: &Browser) {
    write_report(browser, "回执丢了", &[&photo("landscape_1.jpg")]).await;
    stage.network.disturb("POST", "/complete", 0, 1, Act::LoseReply);
    browser.tap("[data-test=send]").await;
    let number = browser.text("[data-test=number]").await;
    assert_eq!(stage.server.only_case(&browser.cookie().await)["number"], number.as_str());
    assert_eq!(stage.network.seen("POST", "/complete")[0].status, None, "the first reply was lost");
}

#[test]
fn b21_and_b23_a_report_queued_off_line_is_sent_once_when_the_network_returns() {
    play(async |stage| {
        let browser = stage.browser().await;
        queue_off_line_and_send(stage, &browser).await;
    });
}

#[test]
fn b30_without_a_service_worker_it_is_queued_and_sent_all_the_same() {
    play(async |stage| {
        let browser = without_worker(stage).await;
        queue_off_line_and_send(stage, &browser).await;
    });
}

#[test]
fn b30_without_a_service_worker_a_lost_reply_makes_exactly_one_case() {
    play(async |stage| {
        let browser = without_worker(stage).await;
        lose_the_last_reply(stage, &browser).await;
    });
}

#[test]
fn b30_without_a_service_worker_what_waits_is_intact_once_the_page_opens_again() {
    play(async |stage| {
        let browser = without_worker(stage).await;
        wait_and_open_again(stage, &browser, false).await;
    });
}

#[test]
fn where_the_database_never_opens_the_memory_keeps_it_says_so_and_sends() {
    play(async |stage| {
        let browser = stage.browser().await;
        browser.before_pages("IDBFactory.prototype.open = () => ({})").await;
        write_report(&browser, "路灯不亮", &[&photo("landscape_1.jpg")]).await;
        cut(stage, &browser).await;
        browser.tap("[data-test=send]").await;
        browser.wait("[data-test=not-sent]").await;
        browser.wait("[data-test=full]").await;
        mend(stage, &browser).await;
        browser.wait("[data-test=number]").await;
        browser.wait_count("[data-test=full]", 0).await;
        let case = stage.server.only_case(&browser.cookie().await);
        assert_eq!((&case["words"], case["photos"].as_array().map(Vec::len)), (&"路灯不亮".into(), Some(1)));
    });
}

#[test]
fn b21_and_b22_what_waits_is_counted_on_the_first_page_and_opens_again_off_line() {
    play(async |stage| {
        let browser = stage.browser().await;
        browser.go("/").await;
        browser
            .js_later("const done = arguments[0]; navigator.serviceWorker.ready.then(() => done(true))")
            .await;
        wait_and_open_again(stage, &browser, true).await;
    });
}

#[test]
fn b29_of_two_tabs_one_alone_sends() {
    play(async |stage| {
        let browser = stage.browser().await;
        browser.go("/").await;
        let first = browser.tab().await;
        let second = browser.new_tab().await;
        browser.go("/").await;
        cut(stage, &browser).await;
        browser.switch(&first).await;
        cut(stage, &browser).await;
        for words in ["第一件", "第二件"] {
            browser.tap("[data-test=kind][data-kind=problem]").await;
            browser.write("[data-test=words]", words).await;
            browser.tap("[data-test=send]").await;
            assert_waits(&browser).await;
            browser.tap(".icon-button").await;
            browser.wait("[data-test=kind]").await;
        }
        assert_eq!(count_on_home(&browser).await, "2");
        browser.switch(&second).await;
        until_true("the other tab sees both", async || count_on_home(&browser).await == "2").await;
        stage.network.forget();
        mend(stage, &browser).await;
        browser.switch(&first).await;
        mend(stage, &browser).await;
        browser.wait_count("[data-test=waiting]", 0).await;
        browser.switch(&second).await;
        browser.wait_count("[data-test=waiting]", 0).await;
        let cases = stage.server.cases(&browser.cookie().await);
        assert_eq!(cases.len(), 2, "{cases:?}");
        let manifests: Vec<_> = stage
            .network
            .seen("PUT", "/api/v1/reports/")
            .into_iter()
            .filter(|seen| seen.status == Some(200) || seen.status == Some(201))
            .collect();
        assert_eq!(manifests.len(), 2, "each manifest once: {manifests:?}");
        assert_eq!(stage.network.seen("POST", "/complete").len(), 2);
    });
}

#[test]
fn b28_a_full_device_says_so_loses_nothing_and_the_report_can_be_sent_at_once() {
    play(async |stage| {
        let browser = stage.browser().await;
        // Chromium asks for the room that is left at the first write and then believes it for a while: the device is
        // small before anything is kept. It has room for words, and for no photo.
        browser.visit("/version").await;
        let origin = browser.js("return location.origin").await;
        let quota = serde_json::json!({"origin": origin, "quotaSize": 64 << 10});
        browser.tool("Storage.overrideQuotaForOrigin", quota).await;
        browser.go("/").await;
        cut(stage, &browser).await;
        browser.tap("[data-test=kind][data-kind=problem]").await;
        browser.write("[data-test=words]", "早先的一件").await;
        browser.tap("[data-test=send]").await;
        assert_waits(&browser).await;
        browser.tap(".icon-button").await;
        browser.tap("[data-test=kind][data-kind=problem]").await;
        browser.write("[data-test=words]", "先写的一句").await;
        until_true("the draft is kept", async || kept(&browser).await.contains("先写的一句")).await;
        browser.attach("[data-test=album]", &[&photo("DSCN0010.jpg")]).await;
        browser.wait_count("[data-test=photo][data-state=ready]", 1).await;
        let told = browser.text("[data-test=full]").await;
        assert!(told.contains("马上发送"), "{told}");
        for words in ["早先的一件", "先写的一句"] {
            assert!(kept(&browser).await.contains(words), "what was kept is still kept");
        }
        mend(stage, &browser).await;
        let number = send(&browser).await;
        let cookie = browser.cookie().await;
        let rows = stage.server.cases(&cookie);
        assert_eq!(rows.len(), 2, "{rows:?}");
        let row = rows.iter().find(|row| row["number"] == number.as_str()).unwrap();
        let case = stage.server.get(&format!("/api/v1/cases/{}", row["id"].as_str().unwrap()), &cookie);
        assert_eq!(
            (case["words"].as_str(), case["photos"].as_array().map(Vec::len)),
            (Some("先写的一句"), Some(1))
        );
    });
}

/// The records on the device, as text.
pub(crate) async fn kept(browser: &Browser) -> String {
    let script = "const done = arguments[0];
        const opening = indexedDB.open('woodlark');
        opening.onerror = () => done('');
        opening.onsuccess = () => {
          const database = opening.result;
          if (!database.objectStoreNames.contains('records')) { database.close(); return done(''); }
          const all = database.transaction('records').objectStore('records').getAll();
          all.onsuccess = () => { database.close(); done(all.result.join('\\n')); };
        }";
    browser.js_later(script).await.as_str().unwrap_or_default().to_owned()
}

#[test]
fn a_photo_taken_while_the_shelf_is_still_being_opened_is_not_swept_away() {
    play(async |stage| {
        let browser = stage.browser().await;
        // The first opening of the shelf, that of the start with its sweep, is held back until the photo is there.
        browser
            .before_pages(
                "const open = IDBFactory.prototype.open;
                 let first = location.protocol.startsWith('http');
                 IDBFactory.prototype.open = function (...all) {
                   const real = open.apply(this, all);
                   if (!first) return real;
                   first = false;
                   const gate = new Promise((go) => { window.letIn = go; });
                   const held = { get result() { return real.result; } };
                   real.onupgradeneeded = (event) => held.onupgradeneeded && held.onupgradeneeded(event);
                   real.onsuccess = async (event) => { await gate; held.onsuccess(event); };
                   return held;
                 };",
            )
            .await;
        write_report(&browser, "", &[&photo("landscape_1.jpg")]).await;
        browser.js("window.letIn()").await;
        browser.write("[data-test=words]", "下水道堵了").await;
        send(&browser).await;
        assert_eq!(stage.server.only_case(&browser.cookie().await)["photos"].as_array().unwrap().len(), 1);
    });
}

#[test]
fn a_report_whose_send_button_is_pressed_twice_is_sent_once() {
    play(async |stage| {
        let browser = stage.browser().await;
        write_report(&browser, "路面塌了", &[&photo("landscape_1.jpg")]).await;
        browser
            .js("const form = document.querySelector('form.report'); form.requestSubmit(); form.requestSubmit();")
            .await;
        browser.text("[data-test=number]").await;
        assert_eq!(stage.server.only_case(&browser.cookie().await)["words"], "路面塌了");
        assert_eq!(stage.network.seen("POST", "/complete").len(), 1);
    });
}
