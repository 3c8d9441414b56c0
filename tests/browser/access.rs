//! For everyone: no violation that axe-core finds on any page in any language, size and light, nothing that sticks out, is cut off or
//! lies over something else on a narrow screen or with large type, and everything by the keyboard alone.

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

/// Puts a page in elder mode, as far as its style goes; says how it stood. The desk has none.
const GROW: &str = "const root = document.documentElement, before = root.dataset.scale || '';
    if (location.pathname.startsWith('/desk')) return 'large';
    root.dataset.scale = 'large'; return before;";

/// What is wrong with what stands on the screen, in light and in dark, as it stands and in elder mode.
pub(crate) async fn look(browser: &Browser, axe: &str, what: &str, wrong: &mut Vec<String>) {
    look_as_it_stands(browser, axe, what, wrong).await;
    let before = browser.js(GROW).await;
    if before != "large" {
        look_as_it_stands(browser, axe, &format!("{what}, elder"), wrong).await;
        let back = "const root = document.documentElement; if (before) root.dataset.scale = before; else delete root.dataset.scale";
        browser.js(&format!("const before = {before}; {back}")).await;
    }
}

async fn look_as_it_stands(browser: &Browser, axe: &str, what: &str, wrong: &mut Vec<String>) {
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

async fn look_everywhere(stage: &Stage, language: &str, elder: bool) {
    let axe = axe();
    let mut wrong = Vec::new();
    let browser = stage.browser().await;
    if elder {
        be_elder(&browser).await;
    }
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
    if elder {
        browser.tap("[data-test=fold]").await;
    }
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
        browser.wait(if elder && path == "/" { "[data-test=call]" } else { "[data-test=case]" }).await;
        look(&browser, &axe, &format!("{path} with cases"), &mut wrong).await;
    }
    for path in ["/wall", "/my-data"] {
        browser
            .visit(&format!("{path}?lang={language}&scale={}", if elder { "large" } else { "normal" }))
            .await;
        browser.wait("h1").await;
        look(&browser, &axe, path, &mut wrong).await;
    }
    browser.quit().await;
    let browser = old_phone(stage, &format!("/?lang={language}")).await;
    look(&browser, &axe, "plain form", &mut wrong).await;
    send_plain(&browser, "plain", &photo("landscape_1.jpg")).await;
    look(&browser, &axe, "plain answer", &mut wrong).await;
    assert!(wrong.is_empty(), "{} violations:\n{}", wrong.len(), wrong.join("\n"));
}

/// A phone whose owner chose elder mode before.
pub(crate) async fn be_elder(browser: &Browser) {
    browser.before_pages("localStorage.setItem('woodlark.scale', 'large')").await;
}

#[test]
fn b34_axe_finds_nothing_on_any_page_in_chinese() {
    play(async |stage| look_everywhere(stage, "zh", false).await);
}

#[test]
fn b34_axe_finds_nothing_on_any_page_in_english() {
    play(async |stage| look_everywhere(stage, "en", false).await);
}

#[test]
fn b34_axe_finds_nothing_on_any_page_in_elder_mode_in_chinese() {
    play(async |stage| look_everywhere(stage, "zh", true).await);
}

#[test]
fn b34_axe_finds_nothing_on_any_page_in_elder_mode_in_english() {
    play(async |stage| look_everywhere(stage, "en", true).await);
}

/// What sticks out sideways, is cut off, or lies over something else that can be tapped.
async fn misplaced(browser: &Browser) -> Value {
    browser
        .js("const wrong = [];
             const said = (part) => part.outerHTML.slice(0, 120);
             const seen = (part) => part.checkVisibility?.() !== false && part.getClientRects().length && !part.closest('.unseen, .tile, .map, .compare, [hidden]');
             const parts = [...document.querySelectorAll('a[href], button, summary, .tab, .chip, .btn, .pill, .label, .kind-name, .seg span, h1, h2')].filter(seen);
             for (const part of parts) {
               const style = getComputedStyle(part);
               if (style.overflow !== 'visible' && (part.scrollWidth > part.clientWidth + 1 || part.scrollHeight > part.clientHeight + 1)) wrong.push('cut off: ' + said(part));
             }
             const fixed = (part) => { for (; part; part = part.parentElement) if (/fixed|sticky/.test(getComputedStyle(part).position)) return part; return null; };
             const rolls = (part) => { for (; part; part = part.parentElement) if (/auto|scroll/.test(getComputedStyle(part).overflow)) return part; return null; };
             const taps = parts.filter((part) => part.matches('a[href], button, summary') && (!document.querySelector('dialog[open]') || part.closest('dialog[open]')));
             for (const one of taps) for (const two of taps) {
               if (one === two || one.contains(two) || two.contains(one) || fixed(one) !== fixed(two) || rolls(one) !== rolls(two)) continue;
               const a = one.getBoundingClientRect(), b = two.getBoundingClientRect();
               if (Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2)
                 wrong.push('one over another: ' + said(one) + ' | ' + said(two));
             }
             const root = document.documentElement; const wide = root.clientWidth;
             if (root.scrollWidth <= wide + 1) return wrong;
             return wrong.concat([root.scrollWidth + ' px in ' + wide].concat([...document.querySelectorAll('body *')]
               .filter((part) => part.getBoundingClientRect().right > wide + 1).slice(0, 6).map((part) => part.outerHTML.slice(0, 120))));")
        .await
}

pub(crate) async fn assert_fits(browser: &Browser, what: &str, wrong: &mut Vec<String>) {
    let of_the_desk = browser.js("return location.pathname.startsWith('/desk')").await == true;
    let sizes = [(320, "100%"), (375, "140%"), (375, "175%"), (390, "200%"), (320, "elder"), (390, "elder")];
    let sizes = sizes.into_iter().filter(|(_, scale)| !of_the_desk || *scale != "elder");
    let before = browser.js("return document.documentElement.dataset.scale || ''").await;
    for (width, scale) in sizes {
        let screen = json!({"width": width, "height": 700, "deviceScaleFactor": 1, "mobile": true});
        browser.tool("Emulation.setDeviceMetricsOverride", screen).await;
        let set =
            "const root = document.documentElement; root.style.fontSize = scale === 'elder' ? '' : scale;
                   root.dataset.scale = scale === 'elder' ? 'large' : 'normal'";
        browser.js(&format!("const scale = '{scale}'; {set}")).await;
        let out = misplaced(browser).await;
        if out != json!([]) {
            wrong.push(format!("{what} at {width} px, {scale}: {out}"));
        }
        browser.js("document.documentElement.style.fontSize = ''").await;
    }
    browser.js(&format!("document.documentElement.dataset.scale = {before}")).await;
}

#[test]
fn b36_nothing_scrolls_sideways_is_cut_off_or_lies_over_another_on_a_narrow_screen_or_with_large_type() {
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
        for path in ["/", "/mine", "/settings", "/my-data?lang=en"] {
            browser.visit(path).await;
            browser.wait(if path.starts_with("/my-data") { "h1" } else { "#main h1" }).await;
            assert_fits(&browser, path, &mut wrong).await;
        }
        let plain = old_phone(stage, "/?lang=en").await;
        assert_fits(&plain, "plain form", &mut wrong).await;
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    });
}

/// Why the focus cannot be seen, if it can't: nothing is drawn round it, or something lies over it.
const FOCUS: &str = "const at = document.activeElement;
    if (!at || at === document.body || at.id === 'main') return '';
    const shown = at.classList.contains('unseen') ? at.closest('label') || document.querySelector('label[for=' + at.id + ']') || at : at;
    const rings = [at, shown, shown.parentElement, ...shown.querySelectorAll('*')];
    if (!rings.some((part) => { const style = getComputedStyle(part); return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2; }))
      return 'no ring: ' + shown.outerHTML.slice(0, 160);
    const box = shown.getBoundingClientRect();
    const y = Math.min(Math.max(box.top + Math.min(box.height / 2, 30), 0), innerHeight - 1);
    if (box.bottom < 1 || box.top > innerHeight - 1) return 'out of sight: ' + shown.outerHTML.slice(0, 160);
    const hit = document.elementFromPoint(Math.min(Math.max(box.left + box.width / 2, 1), innerWidth - 2), y);
    if (hit && (shown.contains(hit) || hit.contains(shown))) return '';
    return 'covered by ' + (hit ? hit.outerHTML.slice(0, 80) : 'nothing') + ': ' + shown.outerHTML.slice(0, 160);";

/// The focus is in sight, with a ring round it and nothing over it.
async fn assert_focus_is_seen(browser: &Browser) {
    until_true("the focus is in sight", async || {
        let hidden = browser.js(FOCUS).await;
        let text = hidden.as_str().unwrap_or_default();
        assert!(!text.starts_with("no ring"), "{text}");
        hidden == ""
    })
    .await;
}

/// Goes on with Tab until the focus is on this; on its way it is always seen.
pub(crate) async fn tab_to(browser: &Browser, selector: &str) {
    for _ in 0..90 {
        if browser.js(&format!("return document.activeElement.matches({selector:?})")).await == true {
            return;
        }
        browser.press("\u{e004}").await;
        assert_focus_is_seen(browser).await;
    }
    panic!("{selector} is not reached by Tab");
}

#[test]
fn b37_a_report_is_filed_by_the_keyboard_alone_and_the_focus_is_always_seen() {
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
        for _ in 0..40 {
            browser.press("\u{e004}").await;
            let inside = "return document.activeElement === document.body || !!document.activeElement.closest('dialog[open]')";
            assert_eq!(browser.js(inside).await, true, "the dialog keeps the focus");
        }
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
