//! What axe can't see (environments.md 5): sizes in elder mode, live regions and where errors lead, the safe area and the keyboard, Back,
//! contrast of what is no text, forced colours, less motion; elder mode offered and kept; an app that can be installed.

use crate::access::be_elder;
use crate::browser::Browser;
use crate::journeys::{send, write_report};
use crate::outbox::{assert_waits, cut, mend};
use crate::stage::{photo, play, until_true};
use serde_json::{Value, json};

/// Texts that are too small and lines that are too tight, and targets that a finger misses: how far round its middle a part is hit.
fn sizes(letters: u32, edge: u32, lines: f64) -> String {
    format!(
        "const wrong = [];
         const seen = (part) => part.checkVisibility?.() !== false && part.getClientRects().length && !part.closest('.unseen, svg, [hidden], .skip');
         const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
         while (walk.nextNode()) {{
           const text = walk.currentNode.textContent.trim(), part = walk.currentNode.parentElement;
           if (!text || !seen(part) || /SCRIPT|STYLE|OPTION/.test(part.tagName)) continue;
           const style = getComputedStyle(part), size = parseFloat(style.fontSize);
           if (size < {letters}) wrong.push(size + ' px: ' + text.slice(0, 40));
           const line = parseFloat(style.lineHeight);
           if (line && line / size < {lines}) wrong.push('line ' + (line / size).toFixed(2) + ': ' + text.slice(0, 40));
         }}
         const dialog = document.querySelector('dialog[open]') || document.body;
         for (const part of dialog.querySelectorAll('a[href], button, summary, textarea, .input, label.pick, .seg label, .choice, .star')) {{
           if (!seen(part) || part.closest('p') || part.disabled) continue;
           part.scrollIntoView({{ block: 'center' }});
           const box = part.getBoundingClientRect(), x = box.left + box.width / 2, y = box.top + box.height / 2;
           const hits = (x, y) => {{ const hit = document.elementFromPoint(x, y); return !!hit && (part.contains(hit) || hit.contains(part) && hit.matches('label')); }};
           const reach = (dx, dy) => {{ let far = 0; while (far < 80 && hits(x + dx * (far + 1), y + dy * (far + 1))) far++; return far; }};
           const wide = reach(-1, 0) + reach(1, 0) + 1, high = reach(0, -1) + reach(0, 1) + 1;
           if (Math.min(wide, high) < {edge} - 1)
             wrong.push('target ' + wide + ' × ' + high + ': ' + part.outerHTML.slice(0, 120));
         }}
         return wrong;"
    )
}

async fn measure(
    browser: &Browser,
    what: &str,
    (letters, edge, lines): (u32, u32, f64),
    wrong: &mut Vec<String>,
) {
    // A sheet that is still rising cannot be measured.
    let rests = "return document.getAnimations().every((one) => one.playState !== 'running')";
    until_true("nothing moves", async || browser.js(rests).await == true).await;
    let found: Vec<String> = serde_json::from_value(browser.js(&sizes(letters, edge, lines)).await).unwrap();
    wrong.extend(found.into_iter().map(|one| format!("{what}: {one}")));
}

#[test]
fn b35_in_elder_mode_letters_have_18_px_and_targets_60_and_44_elsewhere() {
    play(async |stage| {
        let mut wrong = Vec::new();
        for (elder, least) in [(true, (18, 60, 1.299)), (false, (12, 44, 1.249))] {
            let browser = stage.browser().await;
            if elder {
                be_elder(&browser).await;
            }
            let name = |page: &str| format!("{page}{}", if elder { ", elder" } else { "" });
            write_report(&browser, "路灯不亮", &[&photo("landscape_1.jpg")]).await;
            browser.tap("[data-test=locate]").await;
            browser.wait(".place svg").await;
            if elder {
                browser.tap("[data-test=fold]").await;
            }
            measure(&browser, &name("report"), least, &mut wrong).await;
            browser.tap("[data-test=category]").await;
            browser.wait("dialog[open] [data-test=chip]").await;
            measure(&browser, &name("category"), least, &mut wrong).await;
            browser.tap("dialog[open] [data-test=chip]").await;
            browser.wait_count("dialog[open]", 0).await;
            send(&browser).await;
            measure(&browser, &name("sent"), least, &mut wrong).await;
            browser.tap("[data-test=follow]").await;
            browser.wait("[data-test=case-head]").await;
            measure(&browser, &name("case"), least, &mut wrong).await;
            for path in ["/", "/mine", "/settings", "/nearby", "/wall"] {
                browser.go(path).await;
                browser.wait("#main h1").await;
                measure(&browser, &name(path), least, &mut wrong).await;
            }
            browser.visit(if elder { "/my-data?scale=large" } else { "/my-data" }).await;
            browser.wait("[data-test=download]").await;
            measure(&browser, &name("my data"), least, &mut wrong).await;
            browser.quit().await;
        }
        wrong.dedup();
        assert!(wrong.is_empty(), "{} too small:\n{}", wrong.len(), wrong.join("\n"));
    });
}

#[test]
fn elder_mode_is_offered_once_and_shows_fewer_things() {
    play(async |stage| {
        let browser = stage.browser().await;
        browser.go("/?lang=zh").await;
        browser.wait("[data-test=offer]").await;
        assert_eq!(browser.count(".bar [data-test=large]").await, 0, "asked once at a time");
        browser.tap("[data-test=offer] [data-test=normal]").await;
        browser.wait_count("[data-test=offer]", 0).await;
        browser.reload().await;
        browser.started().await;
        browser.wait("[data-test=large]").await;
        assert_eq!(browser.count("[data-test=offer]").await, 0, "never asked again");
        browser.tap("[data-test=large]").await;
        browser.wait("[data-test=call][href='tel:12345']").await;
        assert_eq!(browser.count("[data-test=kind]").await, 3);
        let tabs = "return [...document.querySelectorAll('.tab')].filter((tab) => tab.getClientRects().length).length";
        assert_eq!(browser.js(tabs).await, 3);
        browser.reload().await;
        let first = "return getComputedStyle(document.querySelector('#plain .kind-name')).fontSize";
        assert_eq!(browser.js(first).await, "30.1875px", "before the program has come");
        browser.started().await;
        browser.tap("summary").await;
        browser.tap("details a[href='/settings']").await;
        browser.wait("button[aria-pressed=true]").await;
        browser.tap(".setting:first-child .seg-button:first-child").await;
        browser.wait(".setting:first-child .seg-button[aria-pressed=true]:first-child").await;
        browser.go("/").await;
        browser.wait("[data-test=large]").await;
    });
}

#[test]
fn b38_what_becomes_of_a_report_is_said_aloud_and_an_error_leads_to_its_summary_and_field() {
    play(async |stage| {
        let browser = stage.browser().await;
        browser.go("/report?kind=problem").await;
        browser.tap("[data-test=send]").await;
        until_true("the summary has the focus", async || {
            browser.js("return document.activeElement.id").await == "errors"
        })
        .await;
        let field = "const field = document.getElementById('words');
            return [field.getAttribute('aria-invalid'), field.getAttribute('aria-describedby').split(' ').every((id) => document.getElementById(id)),
              document.querySelector('#errors a').hash]";
        assert_eq!(browser.js(field).await, json!(["true", true, "#words"]));
        browser.write("[data-test=words]", "路灯不亮").await;
        cut(stage, &browser).await;
        browser.tap("[data-test=send]").await;
        assert_waits(&browser).await;
        let said = "return document.querySelector('p.unseen[aria-live=polite]').textContent";
        until_true("that there is no network is said", async || browser.js(said).await == "没有网络").await;
        mend(stage, &browser).await;
        browser.text("[data-test=number]").await;
        until_true("that it was sent is said", async || {
            browser.js(said).await.as_str().is_some_and(|said| said.contains("已送达"))
        })
        .await;
    });
}

#[test]
fn b39_the_main_button_lies_above_the_safe_area_and_nothing_over_the_field_that_is_typed_into() {
    play(async |stage| {
        let browser = stage.browser().await;
        browser.go("/report?kind=problem").await;
        browser.wait("[data-test=send]").await;
        browser.tool("Emulation.setSafeAreaInsetsOverride", json!({"insets": {"bottom": 34}})).await;
        let below =
            "return innerHeight - document.querySelector('[data-test=send]').getBoundingClientRect().bottom";
        until_true("above the home bar", async || {
            browser.js(below).await.as_f64().is_some_and(|gap| gap >= 34.0)
        })
        .await;
        browser.go("/").await;
        browser.wait(".tabs").await;
        browser.tool("Emulation.setSafeAreaInsetsOverride", json!({"insets": {"bottom": 34}})).await;
        let below = "return Math.min(...[...document.querySelectorAll('.tab')].map((tab) => innerHeight - tab.getBoundingClientRect().bottom))";
        until_true("tabs above the home bar", async || {
            browser.js(below).await.as_f64().is_some_and(|gap| gap >= 34.0)
        })
        .await;
        for (path, field, bar) in [
            ("/report", "#words", ".send-bar"),
            ("/report", "#place-words", ".send-bar"),
            ("/settings", "#phone", ".tabs"),
        ] {
            browser.go(path).await;
            browser.wait(field).await;
            let keyboard = json!({"width": 390, "height": 400, "deviceScaleFactor": 1, "mobile": true});
            browser.tool("Emulation.setDeviceMetricsOverride", keyboard).await;
            browser.js(&format!("const field = document.querySelector('{field}'); field.focus(); field.scrollIntoView({{ block: 'nearest' }})")).await;
            let seen = format!(
                "const box = document.querySelector('{field}').getBoundingClientRect(), bar = document.querySelector('{bar}');
                 const over = bar && bar.getClientRects().length ? bar.getBoundingClientRect() : {{ top: 1e6, bottom: 1e6 }};
                 return box.top >= -1 && box.bottom <= innerHeight + 1 && (over.top >= box.bottom - 1 || over.bottom <= box.top + 1)"
            );
            until_true(&format!("{field} is seen whole"), async || browser.js(&seen).await == true).await;
            browser.tool("Emulation.clearDeviceMetricsOverride", json!({})).await;
        }
    });
}

#[test]
fn b41_back_closes_the_dialog_and_nothing_else() {
    play(async |stage| {
        let browser = stage.browser().await;
        browser.go("/").await;
        browser.tap("[data-test=kind][data-kind=problem]").await;
        browser.write("[data-test=words]", "路灯不亮").await;
        for opener in ["category", "map-open"] {
            browser.tap(&format!("[data-test={opener}]")).await;
            browser.wait("dialog[open]").await;
            browser.js("history.back()").await;
            browser.wait_count("dialog[open]", 0).await;
            assert_eq!(browser.js("return location.pathname").await, "/report");
            assert_eq!(browser.js("return document.getElementById('words').value").await, "路灯不亮");
        }
    });
}

/// How far two colours of the page are apart, by WCAG.
const CONTRAST: &str = "const paint = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    const light = (name) => {
      paint.fillStyle = getComputedStyle(document.documentElement).getPropertyValue(name).trim(); paint.fillRect(0, 0, 1, 1);
      const [r, g, b] = [...paint.getImageData(0, 0, 1, 1).data].map((c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const wrong = [];
    for (const [ink, grounds, least] of [
      ['--line-strong', ['--surface', '--ground'], 3], ['--leaf', ['--surface', '--ground', '--leaf-wash'], 4.5], ['--late', ['--surface', '--ground', '--late-wash'], 4.5],
      ['--problem', ['--problem-wash', '--surface'], 4.5], ['--suggestion', ['--suggestion-wash', '--surface'], 4.5], ['--praise', ['--praise-wash', '--surface'], 4.5],
      ['--ink-soft', ['--surface', '--ground', '--surface-sunk'], 4.5], ['--ink-on-colour', ['--leaf', '--late', '--praise'], 4.5],
    ]) for (const ground of grounds) {
      const [a, b] = [light(ink), light(ground)].sort((x, y) => y - x), ratio = (a + 0.05) / (b + 0.05);
      if (ratio < least) wrong.push(ink + ' on ' + ground + ' ' + ratio.toFixed(2));
    }
    return wrong;";

#[test]
fn what_is_no_text_stands_out_too_in_forced_colours_edges_are_drawn_and_less_motion_is_none() {
    play(async |stage| {
        let browser = stage.browser().await;
        let media = async |features: Value| {
            browser.tool("Emulation.setEmulatedMedia", json!({"features": features})).await;
        };
        browser.go("/report?kind=problem").await;
        browser.wait("[data-test=send]").await;
        for light in ["light", "dark"] {
            media(json!([{"name": "prefers-color-scheme", "value": light}])).await;
            assert_eq!(browser.js(CONTRAST).await, json!([]), "{light}");
        }
        let edge =
            "return getComputedStyle(document.querySelector('#words').closest('.card')).borderTopColor";
        assert!(browser.js(edge).await.is_string());
        media(json!([{"name": "forced-colors", "value": "active"}])).await;
        let drawn = "return ['.card', '.btn', '.seg input:checked + span'].filter((name) => { const style = getComputedStyle(document.querySelector(name));
            return parseFloat(style.borderTopWidth) < 1 && parseFloat(style.outlineWidth) < 1; })";
        assert_eq!(browser.js(drawn).await, json!([]), "what is tapped has an edge");
        let icons = "return getComputedStyle(document.querySelector('.btn .icon, .pick .icon')).color !== getComputedStyle(document.body).backgroundColor";
        assert_eq!(browser.js(icons).await, true);
        media(json!([{"name": "prefers-reduced-motion", "value": "reduce"}])).await;
        let moving = "return [...document.querySelectorAll('*')].filter((part) => { const style = getComputedStyle(part);
            return [style.transitionDuration, style.animationDuration].some((all) => all.split(',').some((time) => parseFloat(time) * (time.includes('ms') ? 1 : 1000) > 10)); }).length";
        assert_eq!(browser.js(moving).await, 0);
    });
}

#[test]
fn the_app_can_be_installed() {
    play(async |stage| {
        let browser = stage.browser().await;
        browser.go("/").await;
        let script = "const done = arguments[0]; (async () => {
            const link = document.querySelector('link[rel=manifest]').href, manifest = await (await fetch(link)).json(), wrong = [];
            for (const [field, good] of [['name', /林百灵.*Woodlark/], ['short_name', /^.{2,12}$/], ['start_url', /^\\//], ['scope', /^\\/$/], ['id', /^\\//], ['display', /standalone/], ['lang', /zh/]])
              if (!good.test(manifest[field] || '')) wrong.push(field + ': ' + manifest[field]);
            for (const purpose of ['any', 'maskable']) for (const size of purpose === 'any' ? ['192x192', '512x512'] : ['512x512'])
              if (!manifest.icons.some((icon) => (icon.purpose || 'any') === purpose && icon.sizes === size)) wrong.push('no ' + purpose + ' ' + size);
            for (const icon of manifest.icons.concat(manifest.shortcuts.flatMap((one) => one.icons || []))) {
              const answer = await fetch(new URL(icon.src, link)), type = answer.headers.get('content-type');
              if (!answer.ok || !type.startsWith(icon.type)) { wrong.push(icon.src + ': ' + answer.status + ' ' + type); continue; }
              if (icon.sizes === 'any') continue;
              const picture = await createImageBitmap(await answer.blob());
              if (picture.width + 'x' + picture.height !== icon.sizes) wrong.push(icon.src + ' is ' + picture.width + 'x' + picture.height);
              if (icon.purpose !== 'maskable') continue;
              /* Outside the circle that every mask leaves there is ground alone, and it is filled to the edge. */
              const paint = new OffscreenCanvas(picture.width, picture.height).getContext('2d'), half = picture.width / 2;
              paint.drawImage(picture, 0, 0);
              const dots = paint.getImageData(0, 0, picture.width, picture.height).data, at = (x, y) => dots.slice((y * picture.width + x) * 4, (y * picture.width + x) * 4 + 4).join();
              for (let y = 0; y < picture.height; y += 4) for (let x = 0; x < picture.width; x += 4)
                if (Math.hypot(x - half, y - half) > half * 0.8 && at(x, y) !== at(0, 0)) { wrong.push('drawn at ' + x + ', ' + y); y = 1e9; break; }
              if (dots[3] !== 255) wrong.push('its corner is clear');
            }
            for (const one of manifest.shortcuts) if (!(await fetch(one.url)).ok) wrong.push(one.url);
            if (!(await fetch(manifest.start_url)).ok) wrong.push('start_url');
            done(wrong);
          })().catch((why) => done([String(why)]));";
        assert_eq!(browser.js_later(script).await, json!([]));
        let errors = browser.tool("Page.getInstallabilityErrors", json!({})).await;
        assert_eq!(errors["installabilityErrors"], json!([]), "{errors}");
    });
}

#[test]
fn my_data_is_fetched_and_an_account_asked_away_and_kept_without_the_program() {
    play(async |stage| {
        let browser = stage.browser().await;
        browser.go("/settings").await;
        browser.tap("[data-test=my-data]").await;
        browser.wait("[data-test=nothing]").await;
        write_report(&browser, "路灯不亮", &[&photo("landscape_1.jpg")]).await;
        send(&browser).await;
        browser.go("/settings").await;
        browser.tap("[data-test=my-data]").await;
        let link = browser.wait("[data-test=download]").await.attr("href").await.unwrap().unwrap();
        let script = format!(
            "const done = arguments[0]; fetch('{link}').then(async (answer) => {{ const bytes = new Uint8Array(await answer.arrayBuffer());
               done([answer.status, answer.headers.get('content-disposition'), String.fromCharCode(...bytes.slice(0, 2))]); }})"
        );
        let expected = json!([200, "attachment; filename=\"woodlark-my-data.zip\"", "PK"]);
        assert_eq!(browser.js_later(&script).await, expected);
        browser.tap("[data-test=sure]").await;
        browser.tap("[data-test=delete]").await;
        browser.wait("[data-test=due]").await;
        browser.tap("[data-test=keep]").await;
        browser.wait("[data-test=delete]").await;
        assert_eq!(browser.count("[data-test=due]").await, 0);
    });
}
