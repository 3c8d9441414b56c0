//! For everyone: no violation that axe-core finds on any page in any language and light, no sideways scrolling on a
//! narrow screen or with large type, and everything by the keyboard alone.

use crate::browser::Browser;
use crate::journeys::{send, write_report};
use crate::outbox::{assert_waits, cut, mend};
use crate::plain::{old_phone, send_plain};
use crate::stage::{Stage, photo, play, until_true};
use serde_json::{Value, json};
use std::path::PathBuf;

const RULES: &str = "const done = arguments[0];
    axe.run(document, {
      runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] },
      rules: { 'target-size': { enabled: true } },
    }).then((found) => done(found.violations.map((rule) => rule.id + ': ' + rule.help + '\\n' +
      rule.nodes.map((node) => '    ' + node.target.join(' ') + '  ' + node.html.slice(0, 160) + '\\n      ' +
        node.failureSummary.replace(/\\n/g, ' ')).join('\\n'))), (why) => done([String(why)]));";

pub(crate) fn axe() -> String {
    let named = std::env::var_os("WOODLARK_AXE").map(PathBuf::from);
    let tools = PathBuf::from(std::env::var_os("HOME").unwrap_or_default()).join(".cache/woodlark/tools");
    let found = named.or_else(|| {
        let homes = std::fs::read_dir(tools).ok()?.filter_map(Result::ok);
        homes.map(|home| home.path().join("node_modules/axe-core/axe.min.js")).find(|file| file.is_file())
    });
    std::fs::read_to_string(found.expect("WOODLARK_AXE names axe.min.js")).unwrap()
}

/// What is wrong with what stands on the screen, in light and in dark.
pub(crate) async fn look(browser: &Browser, axe: &str, what: &str, wrong: &mut Vec<String>) {
    for light in ["light", "dark"] {
        let media = json!({"features": [
            {"name": "prefers-color-scheme", "value": light}, {"name": "prefers-reduced-motion", "value": "reduce"}]});
        browser.tool("Emulation.setEmulatedMedia", media).await;
        // The page's own policy forbids scripts from elsewhere; the tool's own channel is not the page.
        browser.tool("Runtime.evaluate", json!({"expression": axe})).await;
        until_true("nothing moves", async || {
            browser.js("return document.getAnimations().every((a) => a.playState !== 'running')").await
                == true
        })
        .await;
        let found: Vec<String> = serde_json::from_value(browser.js_later(RULES).await).unwrap();
        wrong.extend(found.into_iter().map(|rule| format!("{what}, {light}: {rule}")));
    }
}

async fn look_everywhere(stage: &Stage, language: &str) {
    let axe = axe();
    let mut wrong = Vec::new();
    let browser = stage.browser().await;
    browser.go(&format!("/?lang={language}")).await;
    browser.wait("#main h1").await;
    look(&browser, &axe, "home, empty", &mut wrong).await;
    browser.go("/mine").await;
    look(&browser, &axe, "mine, empty", &mut wrong).await;
    browser.go("/settings").await;
    browser.wait("[data-test=phone-send]").await;
    look(&browser, &axe, "settings", &mut wrong).await;
    browser.go("/report?kind=problem").await;
    browser.tap("[data-test=send]").await;
    browser.wait("[data-test=errors]").await;
    look(&browser, &axe, "report, empty, with errors", &mut wrong).await;
    write_report(&browser, "Broken railing 栏杆", &[&photo("landscape_1.jpg")]).await;
    browser.tap("[data-test=locate]").await;
    browser.wait(".place svg").await;
    look(&browser, &axe, "report", &mut wrong).await;
    for (name, opener) in [("category", "category"), ("map", "map-open"), ("mask", "mask-open")] {
        browser.tap(&format!("[data-test={opener}]")).await;
        browser.wait("dialog[open]").await;
        if name == "category" {
            browser.wait("dialog[open] [data-test=chip]").await;
        }
        look(&browser, &axe, name, &mut wrong).await;
        browser.tap("dialog[open] .sheet-head button").await;
        browser.wait_count("dialog[open]", 0).await;
    }
    cut(stage, &browser).await;
    browser.tap("[data-test=send]").await;
    assert_waits(&browser).await;
    look(&browser, &axe, "not sent yet", &mut wrong).await;
    mend(stage, &browser).await;
    browser.text("[data-test=number]").await;
    look(&browser, &axe, "sent", &mut wrong).await;
    browser.tap("[data-test=follow]").await;
    browser.wait("[data-test=case-head]").await;
    look(&browser, &axe, "case", &mut wrong).await;
    browser.tap("[data-test=withdraw]").await;
    browser.wait("dialog[open] [data-test=yes]").await;
    look(&browser, &axe, "withdraw?", &mut wrong).await;
    for path in ["/", "/mine"] {
        browser.go(path).await;
        browser.wait("[data-test=case]").await;
        look(&browser, &axe, &format!("{path} with cases"), &mut wrong).await;
    }
    browser.quit().await;
    let browser = old_phone(stage, &format!("/?lang={language}")).await;
    look(&browser, &axe, "plain form", &mut wrong).await;
    send_plain(&browser, "plain", &photo("landscape_1.jpg")).await;
    look(&browser, &axe, "plain answer", &mut wrong).await;
    assert!(wrong.is_empty(), "{} violations:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn axe_finds_nothing_on_any_page_in_chinese() {
    play(async |stage| look_everywhere(stage, "zh").await);
}

#[test]
fn axe_finds_nothing_on_any_page_in_english() {
    play(async |stage| look_everywhere(stage, "en").await);
}

/// What sticks out sideways, if anything does.
async fn sideways(browser: &Browser) -> Value {
    browser
        .js("const root = document.documentElement; const wide = root.clientWidth;
             if (root.scrollWidth <= wide + 1) return [];
             return [root.scrollWidth + ' px in ' + wide].concat([...document.querySelectorAll('body *')]
               .filter((part) => part.getBoundingClientRect().right > wide + 1).slice(0, 6).map((part) => part.outerHTML.slice(0, 120)));")
        .await
}

pub(crate) async fn assert_fits(browser: &Browser, what: &str, wrong: &mut Vec<String>) {
    for (width, scale) in [(320, "100%"), (390, "200%")] {
        let screen = json!({"width": width, "height": 700, "deviceScaleFactor": 1, "mobile": true});
        browser.tool("Emulation.setDeviceMetricsOverride", screen).await;
        browser.js(&format!("document.documentElement.style.fontSize = '{scale}'")).await;
        let out = sideways(browser).await;
        if out != json!([]) {
            wrong.push(format!("{what} at {width} px, {scale}: {out}"));
        }
        browser.js("document.documentElement.style.fontSize = ''").await;
    }
}

#[test]
fn nothing_scrolls_sideways_on_a_narrow_screen_or_with_type_twice_as_large() {
    play(async |stage| {
        let browser = stage.browser_in("en-GB").await;
        let mut wrong = Vec::new();
        write_report(&browser, "Railing", &[&photo("landscape_1.jpg")]).await;
        browser.tap("[data-test=locate]").await;
        browser.wait(".place svg").await;
        assert_fits(&browser, "report", &mut wrong).await;
        send(&browser).await;
        assert_fits(&browser, "sent", &mut wrong).await;
        browser.tap("[data-test=follow]").await;
        browser.wait("[data-test=case-head]").await;
        assert_fits(&browser, "case", &mut wrong).await;
        for path in ["/", "/mine", "/settings"] {
            browser.go(path).await;
            browser.wait("#main h1").await;
            assert_fits(&browser, path, &mut wrong).await;
        }
        let plain = old_phone(stage, "/?lang=en").await;
        assert_fits(&plain, "plain form", &mut wrong).await;
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    });
}

/// Goes on with Tab until the focus is on this.
pub(crate) async fn tab_to(browser: &Browser, selector: &str) {
    for _ in 0..90 {
        if browser.js(&format!("return document.activeElement.matches({selector:?})")).await == true {
            return;
        }
        browser.press("\u{e004}").await;
    }
    panic!("{selector} is not reached by Tab");
}

#[test]
fn a_report_is_filed_by_the_keyboard_alone() {
    play(async |stage| {
        let browser = stage.browser().await;
        browser.go("/").await;
        browser.wait("[data-test=kind]").await;
        tab_to(&browser, "[data-test=kind][data-kind=problem]").await;
        browser.press("\u{e007}").await;
        browser.wait("[data-test=words]").await;
        tab_to(&browser, "[data-test=words]").await;
        browser.press("keyboard only").await;
        tab_to(&browser, "[data-test=category]").await;
        browser.press(" ").await;
        browser.wait("dialog[open] [data-test=chip]").await;
        tab_to(&browser, "dialog[open] [data-test=chip]").await;
        browser.press("\u{e007}").await;
        browser.wait_count("dialog[open]", 0).await;
        until_true("the focus comes back", async || {
            browser.js("return document.activeElement.matches('[data-test=category]')").await == true
        })
        .await;
        tab_to(&browser, "[data-test=send]").await;
        browser.press("\u{e007}").await;
        browser.text("[data-test=number]").await;
        let case = stage.server.only_case(&browser.cookie().await);
        assert_eq!(case["words"], "keyboard only");
        assert!(case["category"].is_string(), "{case}");
    });
}
