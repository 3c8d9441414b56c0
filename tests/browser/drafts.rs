//! What is typed is kept: found again after the browser was killed, and gone when the resident says so.

use crate::outbox::kept;
use crate::stage::{photo, play, until_true};

#[test]
fn b31_a_draft_is_kept_within_two_seconds_found_again_after_the_browser_was_killed_and_goes_when_it_is_discarded()
 {
    play(async |stage| {
        let browser = stage.browser_of("kept", "zh-CN").await;
        // Tells how long after the last letter the words lie in the database.
        browser
            .before_pages(
                "addEventListener('input', () => { window.typed = performance.now(); }, true);
                 const put = IDBObjectStore.prototype.put;
                 IDBObjectStore.prototype.put = function (value, ...more) {
                   if (String(value).includes('多放几张长椅')) {
                     this.transaction.addEventListener('complete', () => { window.keptAfter = performance.now() - window.typed; });
                   }
                   return put.call(this, value, ...more);
                 };",
            )
            .await;
        browser.go("/report?kind=suggestion").await;
        browser.attach("[data-test=album]", &[&photo("landscape_1.jpg")]).await;
        browser.wait_count("[data-test=photo][data-state=ready]", 1).await;
        browser.write("[data-test=words]", "多放几张长椅").await;
        until_true("the draft is kept", async || kept(&browser).await.contains("多放几张长椅")).await;
        let after = browser.js("return window.keptAfter").await;
        assert!(after.as_f64().is_some_and(|millis| millis < 2_000.0), "{after}");
        browser.kill();

        let browser = stage.browser_of("kept", "zh-CN").await;
        browser.go("/").await;
        browser.wait("[data-test=draft]").await;
        browser.tap("[data-test=draft]").await;
        browser.wait("[data-test=restored]").await;
        browser.wait_count("[data-test=photo][data-state=ready]", 1).await;
        assert_eq!(
            browser.js("return document.querySelector('[data-test=words]').value").await,
            "多放几张长椅"
        );
        assert_eq!(
            browser.js("return document.querySelector('[name=kind]:checked').value").await,
            "suggestion"
        );

        browser.tap("[data-test=discard]").await;
        browser.tap("dialog[open] [data-test=yes]").await;
        browser.wait_count("[data-test=photo]", 0).await;
        until_true("nothing is kept", async || !kept(&browser).await.contains("长椅")).await;
        let files = "const done = arguments[0]; const opening = indexedDB.open('woodlark'); opening.onsuccess = () => {
            const count = opening.result.transaction('files').objectStore('files').count();
            count.onsuccess = () => { opening.result.close(); done(count.result); }; }";
        until_true("its photo is gone", async || browser.js_later(files).await == 0).await;
        browser.go("/").await;
        assert_eq!(browser.count("[data-test=draft]").await, 0);
    });
}

#[test]
fn what_was_typed_before_the_program_came_is_gone_on_with() {
    play(async |stage| {
        let browser = stage.browser().await;
        // The program is held back until something is written.
        browser
            .before_pages("const begin = WebAssembly.instantiateStreaming; WebAssembly.instantiateStreaming = async (...all) => { await new Promise((go) => { window.letIn = go; }); return begin.apply(WebAssembly, all); };")
            .await;
        browser.visit("/").await;
        browser.write("#plain [name=words]", "先写后到").await;
        until_true("the program waits", async || {
            browser.js("return typeof window.letIn").await == "function"
        })
        .await;
        browser.js("window.letIn()").await;
        browser.started().await;
        browser.wait("[data-test=send]").await;
        assert_eq!(browser.js("return document.querySelector('[data-test=words]').value").await, "先写后到");
    });
}
