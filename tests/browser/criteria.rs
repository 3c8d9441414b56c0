//! Criteria of WCAG 2.2 that no checker sees: nothing needs dragging (2.5.7), help stands in the same place (3.2.6), nothing is asked
//! twice (3.3.7), signing in takes no feat of memory (3.3.8).

use crate::browser::Browser;
use crate::journeys::{send, write_report};
use crate::kiosk::{self, kiosk};
use crate::stage::{photo, play, until_true};
use serde_json::{Value, json};

/// How far the colour in the middle of a photo on the screen is from that of a covering stroke: the sum over its three parts, at
/// most 765. A stroke as JPEG keeps it is within 30.
pub(crate) async fn far_from_covered(browser: &Browser, photo: &str) -> f64 {
    let middle = format!(
        "const done = arguments[0]; (async () => {{
            const photo = document.querySelector('{photo}');
            await photo.decode();
            const canvas = document.createElement('canvas');
            canvas.width = photo.naturalWidth; canvas.height = photo.naturalHeight;
            const pen = canvas.getContext('2d');
            pen.drawImage(photo, 0, 0);
            const [r, g, b] = pen.getImageData(canvas.width / 2, canvas.height / 2, 1, 1).data;
            return Math.abs(r - 0x22) + Math.abs(g - 0x30) + Math.abs(b - 0x2b);
        }})().then(done, (why) => done(String(why)));"
    );
    browser.js_later(&middle).await.as_f64().expect("the photo can be looked into")
}

/// Presses and lets go at a place of an element, without moving between.
async fn press_at(browser: &Browser, selector: &str, [across, down]: [f64; 2]) {
    let place = format!(
        "const part = document.querySelector('{selector}'); part.scrollIntoView({{ block: 'center' }});
         const box = part.getBoundingClientRect(); return [box.left + box.width * {across}, box.top + box.height * {down}]"
    );
    let place = browser.js(&place).await;
    for kind in ["mousePressed", "mouseReleased"] {
        let event = json!({ "type": kind, "x": place[0], "y": place[1], "button": "left", "clickCount": 1 });
        browser.tool("Input.dispatchMouseEvent", event).await;
    }
}

#[test]
fn nothing_needs_dragging() {
    play(async |stage| {
        let browser = stage.browser().await;
        write_report(&browser, "路灯不亮", &[&photo("landscape_1.jpg")]).await;
        // A stroke that covers is a press as well.
        let photo = "[data-test=photo] img";
        assert!(far_from_covered(&browser, photo).await > 60.0, "it is not covered yet");
        browser.tap("[data-test=mask-open]").await;
        let ready =
            "const c = document.querySelector('dialog[open] [data-test=mask]'); return c && c.width > 300";
        until_true("the photo is there to be covered", async || browser.js(ready).await == true).await;
        press_at(&browser, "dialog[open] [data-test=mask]", [0.5, 0.5]).await;
        browser.tap("dialog[open] [data-test=mask-done]").await;
        browser.wait_count("dialog[open]", 0).await;
        until_true("it is covered", async || far_from_covered(&browser, photo).await < 30.0).await;
        // The mark of the map goes where one presses, the map by its buttons or keys.
        browser.tap("[data-test=map-open]").await;
        browser.wait("dialog[open] [data-test=map]").await;
        let ground = "return document.querySelector('dialog[open] .map-city').getAttribute('d')";
        let still = "return document.getAnimations().every((one) => one.playState !== 'running')";
        until_true("the sheet rests", async || browser.js(still).await == true).await;
        for [across, down] in [[0.7, 0.5], [0.5, 0.7]] {
            let before = browser.js(ground).await;
            press_at(&browser, "dialog[open] [data-test=map]", [across, down]).await;
            until_true("the mark goes where one presses, and the map with it", async || {
                browser.js(ground).await != before
            })
            .await;
        }
        browser.wait("dialog[open] .map-pin").await;
    });
}

/// Where the way to settings and help stands among what a page's head holds, and where the ways on stand, from the top.
const HELP: &str = "
    const order = (of) => [...document.querySelectorAll(of)].filter((part) => part.getClientRects().length)
        .map((part) => part.getAttribute('href'));
    const gear = document.querySelector('.bar a[href=\"/settings\"]');
    const bar = document.querySelector('.bar');
    return { gear: gear && !gear.nextElementSibling && gear.parentElement === bar.lastElementChild, tabs: order('.tab') };";

#[test]
fn help_stands_in_the_same_place_on_every_page() {
    play(async |stage| {
        let browser = stage.browser().await;
        write_report(&browser, "路灯不亮", &[]).await;
        send(&browser).await;
        browser.tap("[data-test=follow]").await;
        browser.wait("[data-test=case-head]").await;
        let mut tabs: Option<Value> = None;
        for path in ["", "/", "/mine", "/nearby", "/wall", "/settings"] {
            if !path.is_empty() {
                browser.go(path).await;
                browser.wait("#main h1").await;
            }
            let seen = browser.js(HELP).await;
            // A page that one goes back from has the way back there instead.
            let wanted = (!["", "/settings"].contains(&path)).then_some(true);
            assert_eq!(seen["gear"], json!(wanted), "{path}: settings and help are the last of the head");
            let now = &seen["tabs"];
            if now.as_array().is_some_and(|tabs| !tabs.is_empty()) {
                assert_eq!(now, tabs.get_or_insert_with(|| now.clone()), "{path}: the ways on in one order");
            }
        }
        assert!(tabs.is_some());
        // Whoever would rather speak with somebody finds the number there.
        browser.wait("[data-test=call][href='tel:12345']").await;
        browser.quit().await;

        let (kiosk, _) = kiosk(stage).await;
        let tools = "return [document.querySelector('.kiosk-notes').textContent.includes('12345'),
            ...[...document.querySelectorAll('.kiosk-tool')].map((tool) => tool.dataset.test)]";
        let one = kiosk.js(tools).await;
        assert_eq!(one, json!([true, "aloud", "low", "language"]));
        for way in ["begin", "problem", "next", "next", "skip", "next"] {
            kiosk::tap(&kiosk, way).await;
            if way == "problem" {
                kiosk::take_photo(&kiosk).await;
            }
            assert_eq!(kiosk.js(tools).await, one, "after {way}");
        }
        kiosk::on_page(&kiosk, "check").await;
    });
}

#[test]
fn nothing_that_was_said_is_asked_again() {
    play(async |stage| {
        let browser = stage.browser().await;
        write_report(&browser, "三号楼前路灯不亮", &[&photo("landscape_1.jpg")]).await;
        browser.tap("[data-test=locate]").await;
        browser.wait(".place svg").await;
        browser.tap("[data-test=category]").await;
        browser.tap("dialog[open] [data-test=chip]").await;
        browser.wait_count("dialog[open]", 0).await;
        let category = browser.text("[data-test=category]").await;
        // Left and come back to, by the app's own ways.
        browser.tap(".bar .icon-button").await;
        browser.tap("[data-test=draft]").await;
        browser.wait_count("[data-test=photo][data-state=ready]", 1).await;
        browser.wait(".place svg").await;
        let words = "return document.querySelector('[data-test=words]').value";
        assert_eq!(browser.js(words).await, "三号楼前路灯不亮");
        assert_eq!(browser.text("[data-test=category]").await, category);
        browser.quit().await;

        let (kiosk, _) = kiosk(stage).await;
        kiosk::write(&kiosk, "井盖松动").await;
        for page in ["place", "category", "say", "photo"] {
            kiosk::tap(&kiosk, "back").await;
            kiosk::on_page(&kiosk, page).await;
            if page == "say" {
                assert_eq!(kiosk.js(words).await, "井盖松动");
            }
        }
        kiosk.wait("[data-test=shot]").await;
        for _ in ["photo", "say"] {
            kiosk::tap(&kiosk, "next").await;
        }
        kiosk.wait("[data-test=category][aria-pressed=true]").await;
    });
}

#[test]
fn signing_in_takes_no_feat_of_memory() {
    play(async |stage| {
        let browser = stage.browser().await;
        // A manager of passwords and the phone's own codes fill these, and nothing keeps anybody from pasting.
        let fields = "return [...document.querySelectorAll('input')].filter((field) => field.getClientRects().length).map((field) => {
            const paste = new ClipboardEvent('paste', { bubbles: true, cancelable: true, clipboardData: new DataTransfer() });
            field.dispatchEvent(paste);
            return [field.autocomplete, paste.defaultPrevented];
        })";
        browser.go("/settings").await;
        browser.wait("[data-test=phone-send]").await;
        assert_eq!(browser.js(fields).await, json!([["tel-national", false]]));
        browser.go("/desk").await;
        browser.wait("input[type=password]").await;
        assert_eq!(
            browser.js(fields).await,
            json!([["username", false], ["current-password", false], ["one-time-code", false]])
        );
    });
}
