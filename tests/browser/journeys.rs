//! The ten-second path and what follows it: a photo is sent, its case is looked at, found on another phone, and
//! taken back.

use crate::browser::Browser;
use crate::desk::now;
use crate::stage::{photo, play, until, until_true};
use serde_json::json;
use std::collections::BTreeSet;
use std::path::Path;
use woodlark_domain::CaseId;

/// Writes a report of a problem with these photos, ready to be sent.
pub(crate) async fn write_report(browser: &Browser, words: &str, photos: &[&Path]) {
    browser.go("/report?kind=problem").await;
    for (index, file) in photos.iter().enumerate() {
        browser.attach("[data-test=album]", &[file]).await;
        browser.wait_count("[data-test=photo][data-state=ready]", index + 1).await;
    }
    if !words.is_empty() {
        browser.write("[data-test=words]", words).await;
    }
}

/// Sends what is written and waits for the case's number.
pub(crate) async fn send(browser: &Browser) -> String {
    browser.tap("[data-test=send]").await;
    browser.text("[data-test=number]").await
}

/// Whether nothing of a camera's own data is in a file.
pub(crate) fn assert_clean(name: &Path, bytes: &[u8]) {
    for trace in [
        "Exif",
        "GPS",
        "http://ns.adobe.com/xap",
        "xmpmeta",
        "DSCN",
        "NIKON",
        "Nikon",
        "COOLPIX",
        "Apple",
        "Canon",
        "Photoshop",
    ] {
        let found = bytes.windows(trace.len()).any(|window| window == trace.as_bytes());
        assert!(!found, "{} holds {trace:?}", name.display());
    }
}

#[test]
fn in_three_taps_a_photo_becomes_a_case_and_nothing_of_the_camera_stays() {
    play(async |stage| {
        let before = stage.media().len();
        let browser = stage.browser().await;
        browser.go("/").await;
        browser.tap("[data-test=kind][data-kind=problem]").await;
        browser.attach("[data-test=album]", &[&photo("DSCN0010.jpg")]).await;
        browser.wait_count("[data-test=photo][data-state=ready]", 1).await;
        let number = send(&browser).await;
        assert!(number.contains('-') && number.chars().any(|c| c.is_ascii_digit()), "{number}");
        browser.tap("[data-test=follow]").await;
        browser.wait("[data-test=case-head]").await;
        browser.wait(".timeline li, .steps li, ol li").await;
        assert!(browser.screen().await.contains(&number));

        let case = stage.server.only_case(&browser.cookie().await);
        assert_eq!((&case["number"], &case["kind"]), (&json!(number), &json!("problem")));
        let shot = &case["photos"][0];
        assert!(shot["width"].as_u64().unwrap().max(shot["height"].as_u64().unwrap()) <= 1600, "{shot}");
        let files = stage.media();
        assert!(files.len() > before, "the photo lies on the disk");
        for (name, bytes) in files {
            assert_clean(&name, &bytes);
        }
    });
}

#[test]
fn what_is_said_is_heard_again_sent_and_kept_and_a_recording_that_came_to_nothing_is_said() {
    play(async |stage| {
        let browser = stage.browser().await;
        browser.go("/report?kind=problem").await;
        browser.js("window.__tracks = []; const media = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
            navigator.mediaDevices.getUserMedia = async (wanted) => { const stream = await media(wanted); window.__tracks.push(...stream.getTracks()); return stream; };
            const own = Object.getOwnPropertyDescriptor(MediaRecorder.prototype, 'ondataavailable');
            window.__own = own; Object.defineProperty(MediaRecorder.prototype, 'ondataavailable', { set() {}, configurable: true })").await;
        browser.tap("[data-test=voice]").await;
        browser.tap("[data-test=voice-stop]").await;
        browser.wait("[data-test=voice-trouble]").await;
        let off =
            "return window.__tracks.length > 0 && window.__tracks.every((one) => one.readyState === 'ended')";
        assert_eq!(browser.js(off).await, true, "the microphone is off");
        browser.js("Object.defineProperty(MediaRecorder.prototype, 'ondataavailable', window.__own)").await;
        browser.tap("[data-test=voice]").await;
        browser.wait_count("[data-test=voice-trouble]", 0).await;
        // A recorder that is stopped at once may have nothing yet.
        until_true("a second was heard", async || {
            browser.js("return /59/.test(document.querySelector('.voice [role=timer]')?.textContent)").await
                == true
        })
        .await;
        browser.tap("[data-test=voice-stop]").await;
        browser.wait("[data-test=voice-play]").await;
        assert_eq!(browser.js(off).await, true, "the microphone is off");
        send(&browser).await;
        let cookie = browser.cookie().await;
        let case = stage.server.only_case(&cookie);
        let (id, hash) = (case["id"].as_str().unwrap(), case["voice"]["hash"].as_str().unwrap());
        let (status, bytes) =
            stage.server.ask("GET", &format!("/api/v1/cases/{id}/voice/{hash}"), &cookie, None);
        assert!(status == 200 && bytes.len() > 500, "{status}, {} bytes", bytes.len());
    });
}

#[test]
fn the_next_page_of_my_cases_stands_there_once_and_stays_when_the_first_is_read_again() {
    play(async |stage| {
        let browser = stage.browser().await;
        write_report(&browser, "第 0 处", &[]).await;
        send(&browser).await;
        let cookie = browser.cookie().await;
        // As another device of the same person would send them.
        let report = |number: u8| {
            let case = CaseId::new(u64::try_from(now().millis()).unwrap(), [number; 10]);
            let manifest = json!({
                "kind": "problem", "words": format!("第 {number} 处"), "visibility": "public", "attachments": [],
                "reported_at": now().0, "door": "browser", "language": "zh"
            });
            let path = format!("/api/v1/reports/{case}");
            let (status, body) = stage.server.ask("PUT", &path, &cookie, Some(&manifest));
            assert_eq!(status, 201, "{}", String::from_utf8_lossy(&body));
            let (status, _) = stage.server.ask("POST", &format!("{path}/complete"), &cookie, None);
            assert_eq!(status, 200);
        };
        (1..45).for_each(report);
        browser.go("/mine").await;
        browser.wait("[data-test=more]").await;
        let shown = "return [...document.querySelectorAll('[data-test=case]')].map((row) => row.querySelector('a')?.href || row.href)";
        let page = browser.js(shown).await.as_array().unwrap().len();
        browser
            .js("const more = document.querySelector('[data-test=more]'); more.click(); more.click()")
            .await;
        until_true("another page is there", async || {
            browser.js(shown).await.as_array().unwrap().len() > page
        })
        .await;
        browser.wait("[data-test=more]").await;
        browser.tap("[data-test=more]").await;
        browser.wait_count("[data-test=case]", 45).await;
        let rows: Vec<String> = serde_json::from_value(browser.js(shown).await).unwrap();
        assert_eq!(rows.iter().collect::<BTreeSet<_>>().len(), 45, "each once");
        // What comes meanwhile stands in front, and the pages behind the first stay.
        report(45);
        browser.wait_count("[data-test=case]", 46).await;
        let rows: Vec<String> = serde_json::from_value(browser.js(shown).await).unwrap();
        assert_eq!(rows.iter().collect::<BTreeSet<_>>().len(), 46, "each once");
    });
}

#[test]
fn the_main_journeys_complain_about_nothing() {
    play(async |stage| {
        let browser = stage.browser().await;
        browser.go("/").await;
        write_report(&browser, "路灯不亮", &[&photo("landscape_1.jpg")]).await;
        browser.tap("[data-test=locate]").await;
        until_true("the position is found", async || browser.screen().await.contains("12")).await;
        browser.tap("[data-test=category]").await;
        browser.tap("dialog[open] [data-test=chip]").await;
        browser.wait_count("dialog[open]", 0).await;
        browser.tap("[data-test=map-open]").await;
        browser.tap("dialog[open] [data-test=map-done]").await;
        browser.wait_count("dialog[open]", 0).await;
        send(&browser).await;
        browser.tap("[data-test=follow]").await;
        browser.wait("[data-test=case-head]").await;
        browser.go("/mine").await;
        browser.wait("[data-test=case]").await;
        browser.go("/settings").await;
        browser.wait("[data-test=phone-send]").await;
        let complaints = browser.complaints().await;
        assert!(complaints.is_empty(), "{complaints:#?}");
    });
}

#[test]
fn a_case_withdrawn_on_another_device_shows_at_once_on_the_open_page() {
    play(async |stage| {
        let browser = stage.browser().await;
        write_report(&browser, "窨井盖松动", &[]).await;
        send(&browser).await;
        browser.tap("[data-test=follow]").await;
        browser.wait("[data-test=withdraw]").await;
        until_true("the page listens", async || !stage.network.seen("GET", "/api/v1/live").is_empty()).await;
        browser.js("window.sameDocument = true").await;
        let cookie = browser.cookie().await;
        let case = stage.server.only_case(&cookie);
        let path = format!("/api/v1/cases/{}/withdraw", case["id"].as_str().unwrap());
        let (status, body) = stage.server.ask("POST", &path, &cookie, None);
        assert!(status < 300, "{status} {}", String::from_utf8_lossy(&body));
        browser.wait("[data-test=case-head][data-state=withdrawn]").await;
        assert_eq!(browser.js("return window.sameDocument").await, true);
    });
}

#[test]
fn withdrawing_asks_first_and_then_does_it() {
    play(async |stage| {
        let browser = stage.browser().await;
        write_report(&browser, "树枝挡住红绿灯", &[]).await;
        send(&browser).await;
        browser.tap("[data-test=follow]").await;
        browser.tap("[data-test=withdraw]").await;
        browser.wait("dialog[open] [data-test=yes]").await;
        let cookie = browser.cookie().await;
        assert_ne!(stage.server.only_case(&cookie)["state"], "withdrawn");
        browser.tap("dialog[open] [data-test=yes]").await;
        browser.wait("[data-test=case-head][data-state=withdrawn]").await;
        assert_eq!(stage.server.only_case(&cookie)["state"], "withdrawn");
        browser.wait_count("[data-test=withdraw]", 0).await;
    });
}

#[test]
fn a_second_phone_that_links_the_same_number_sees_the_same_cases() {
    play(async |stage| {
        let first = stage.browser().await;
        write_report(&first, "公交站牌倒了", &[]).await;
        let number = send(&first).await;
        link_phone(&first, "13812345678").await;
        let second = stage.browser().await;
        link_phone(&second, "13812345678").await;
        second.go("/mine").await;
        second.wait("[data-test=case]").await;
        let case = stage.server.only_case(&second.cookie().await);
        assert_eq!(case["number"], json!(number));
        assert_ne!(first.cookie().await, second.cookie().await, "each device has a session of its own");
    });
}

/// Asks for a code until its field is there; false after most of a minute.
async fn until_within_a_minute(browser: &Browser) -> bool {
    let end = std::time::Instant::now() + std::time::Duration::from_secs(50);
    while browser.count("#code").await == 0 {
        if std::time::Instant::now() > end {
            return false;
        }
        browser.tap("[data-test=phone-send]").await;
        browser.wait("#code, #phone-why:not(:empty)").await;
    }
    true
}

/// Links a number in the settings, reading the code from the developers' page.
async fn link_phone(browser: &Browser, phone: &str) {
    let codes = async || -> Vec<String> {
        let script = "return fetch('/dev/codes').then(a => a.text()).then(t => [...new DOMParser().parseFromString(t, 'text/html').querySelectorAll('[data-test=code]')].map(c => c.textContent))";
        serde_json::from_value(browser.js(script).await).unwrap_or_default()
    };
    browser.go("/settings").await;
    let before = codes().await.len();
    browser.write("#phone", phone).await;
    // A number gets one code a minute: the second device asks until it may.
    for _ in 0..2 {
        if until_within_a_minute(browser).await {
            break;
        }
    }
    let code = until("the code", async || {
        let codes = codes().await;
        (codes.len() > before).then(|| codes[0].clone())
    })
    .await;
    browser.write("#code", &code).await;
    browser.tap("[data-test=phone-link]").await;
    assert!(browser.text("[data-test=phone]").await.contains("138****5678"));
}

#[test]
fn the_first_view_needs_at_most_six_requests_and_is_read_before_the_program_comes() {
    play(async |stage| {
        let browser = stage.browser().await;
        browser.go("/").await;
        let needed = browser
            .js("return 1 + performance.getEntriesByType('resource').filter(e => e.startTime < performance.now()).map(e => e.name).filter(n => !n.includes('/api/') && !n.startsWith('data:')).length")
            .await;
        let names = browser.js("return performance.getEntriesByType('resource').map(e => e.name)").await;
        assert!(needed.as_u64().unwrap() <= 6, "{needed} requests: {names}");
        browser.tap("[data-test=kind][data-kind=problem]").await;
        browser.wait("[data-test=send]").await;
        let (_, page) = stage.server.ask("GET", "/", "", None);
        let page = String::from_utf8_lossy(&page);
        for words in ["看见了，就拍下来。", "问题发现", "意见建议", "我要表扬", "直接提交"]
        {
            assert!(page.contains(words), "the first screen's HTML says {words:?}");
        }
    });
}
