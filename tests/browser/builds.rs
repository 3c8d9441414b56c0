//! A newer build is served while a page is open: the page makes room for it once, and nothing that was written is lost.

use crate::browser::Browser;
use crate::journeys::write_report;
use crate::network::Act;
use crate::outbox::{assert_waits, cut, kept, mend};
use crate::stage::{Stage, photo, play, until_true};
use serde_json::json;

const NEWER: Act = Act::Answer(200, "{\"build\":\"fedcba9876543210\"}");

/// Counts in each tab how often a page was loaded.
async fn count_loads(browser: &Browser) {
    browser.before_pages("sessionStorage.loads = Number(sessionStorage.loads || 0) + 1").await;
}

async fn loads(browser: &Browser) -> u64 {
    let count = browser.js("return sessionStorage.loads").await;
    count.as_str().and_then(|count| count.parse().ok()).unwrap_or(0)
}

/// The page is left, and looked at again after ten minutes.
async fn come_back(browser: &Browser) {
    let script = "const show = (hidden) => {
          Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
          document.dispatchEvent(new Event('visibilitychange'));
        };
        show(true);
        const now = Date.now;
        Date.now = () => now() + 600000;
        show(false);
        Date.now = now;";
    browser.js(script).await;
}

/// It asked, and is still the page that it was.
async fn assert_asks_and_stays(stage: &Stage, browser: &Browser, asked: usize) {
    let before = loads(browser).await;
    come_back(browser).await;
    until_true("it asks", async || {
        stage.network.seen("GET", "/version").iter().filter(|seen| seen.status.is_some()).count() == asked
    })
    .await;
    // What it does on the answer it does in the turn after it; this one takes longer.
    browser.js_later("const done = arguments[0]; setTimeout(() => done(true), 300)").await;
    assert_eq!(loads(browser).await, before);
}

#[test]
fn b32_a_page_makes_room_for_another_build_once_and_the_draft_is_intact() {
    play(async |stage| {
        let browser = stage.browser().await;
        count_loads(&browser).await;
        browser.go("/").await;
        assert_asks_and_stays(stage, &browser, 1).await;

        stage.network.disturb("GET", "/version", 0, 99, NEWER);
        browser.tap("[data-test=kind][data-kind=problem]").await;
        browser.write("[data-test=words]", "井盖松动").await;
        assert_asks_and_stays(stage, &browser, 2).await;
        assert_eq!(browser.js("return document.querySelector('[data-test=words]').value").await, "井盖松动");
        until_true("the draft is kept", async || kept(&browser).await.contains("井盖松动")).await;

        browser.tap(".icon-button").await;
        browser.wait("[data-test=draft]").await;
        let before = loads(&browser).await;
        come_back(&browser).await;
        until_true("a fresh page comes", async || loads(&browser).await == before + 1).await;
        browser.started().await;
        browser.tap("[data-test=draft]").await;
        browser.wait("[data-test=restored]").await;
        assert_eq!(browser.js("return document.querySelector('[data-test=words]').value").await, "井盖松动");

        browser.tap(".icon-button").await;
        browser.wait("[data-test=draft]").await;
        let asked = stage.network.seen("GET", "/version").len();
        assert_asks_and_stays(stage, &browser, asked + 1).await;
        assert_asks_and_stays(stage, &browser, asked + 2).await;
    });
}

#[test]
fn b32_a_page_that_sends_or_has_no_network_stays() {
    play(async |stage| {
        let browser = stage.browser().await;
        count_loads(&browser).await;
        write_report(&browser, "路灯不亮", &[&photo("landscape_1.jpg")]).await;
        stage.network.disturb("GET", "/version", 0, 99, NEWER);
        stage.network.disturb("PUT", "/attachments/", 0, 1, Act::StallHalfWay);
        browser.tap("[data-test=send]").await;
        until_true("the photo is half way", async || stage.network.stalled() > 0).await;
        assert_asks_and_stays(stage, &browser, 1).await;

        cut(stage, &browser).await;
        let before = loads(&browser).await;
        come_back(&browser).await;
        assert_waits(&browser).await;
        mend(stage, &browser).await;
        browser.text("[data-test=number]").await;
        assert_eq!(loads(&browser).await, before);
        assert_eq!(stage.server.cases(&browser.cookie().await).len(), 1);
    });
}

#[test]
fn b32_a_page_whose_program_is_gone_is_loaded_anew_once_leaves_the_form_standing_and_the_draft_is_intact() {
    play(async |stage| {
        let browser = stage.browser().await;
        count_loads(&browser).await;
        // Neither worker nor cache brings what the server has removed.
        browser.before_pages("delete Navigator.prototype.serviceWorker").await;
        browser.tool("Network.setCacheDisabled", json!({"cacheDisabled": true})).await;
        write_report(&browser, "写到一半", &[&photo("landscape_1.jpg")]).await;
        until_true("the draft is kept", async || kept(&browser).await.contains("写到一半")).await;
        let before = loads(&browser).await;
        stage.network.disturb("GET", ".wasm", 0, 99, Act::Answer(404, "{}"));
        browser.visit("/").await;
        until_true("a fresh page comes", async || loads(&browser).await == before + 2).await;
        browser.wait(":root:not([data-way]) #opening").await;
        browser.js_later("const done = arguments[0]; setTimeout(() => done(true), 300)").await;
        assert_eq!(loads(&browser).await, before + 2);
        browser.write("#plain [name=words]", "程序没来").await;

        stage.network.heal();
        browser.go("/").await;
        browser.tap("[data-test=draft]").await;
        browser.wait_count("[data-test=photo][data-state=ready]", 1).await;
        assert_eq!(browser.js("return document.querySelector('[data-test=words]').value").await, "写到一半");
    });
}

#[test]
fn b32_no_page_is_stored_on_the_way() {
    play(async |stage| {
        let browser = stage.browser().await;
        browser.visit("/version").await;
        for path in ["/", "/report", "/mine", "/nearby", "/ledger", "/desk", "/my-data", "/nothing-here"] {
            let script = format!(
                "const done = arguments[0]; fetch('{path}').then((page) => done([page.headers.get('content-type'), page.headers.get('cache-control')]))"
            );
            let told = browser.js_later(&script).await;
            let (kind, kept) = (told[0].as_str().unwrap_or(""), told[1].as_str().unwrap_or(""));
            assert!(kind.starts_with("text/html") && kept.contains("no-store"), "{path}: {told}");
        }
    });
}
