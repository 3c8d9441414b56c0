//! Somebody at a kiosk: heard, photographed, handed their case, and forgotten.

use super::{cases, kept, kiosk, on_page, rest, take_photo, tap, write};
use crate::browser::Browser;
use crate::criteria::far_from_covered;
use crate::outbox::cut;
use crate::stage::{play, until, until_true};
use serde_json::{Value, json};

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
        // A recorder that is stopped at once may have nothing yet.
        until_true("a second was heard", async || {
            kiosk.js("return /59/.test(document.querySelector('[role=timer]')?.textContent)").await == true
        })
        .await;
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
        // One that came to nothing is said, and can be made again.
        tap(&kiosk, "back").await;
        let deaf = "Object.defineProperty(MediaRecorder.prototype, 'ondataavailable', { set() {} })";
        kiosk.js(deaf).await;
        tap(&kiosk, "record").await;
        tap(&kiosk, "stop").await;
        kiosk.wait("[data-test=nothing]").await;
        kiosk.wait("[data-test=record]").await;
        assert_eq!(kiosk.js("return window.__tracks.every((t) => t.readyState === 'ended')").await, true);
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
fn a_face_is_covered_before_the_photo_counts_by_a_tap_alone() {
    play(async |stage| {
        let (kiosk, _) = kiosk(stage).await;
        tap(&kiosk, "begin").await;
        tap(&kiosk, "problem").await;
        kiosk.wait(".camera[data-camera=on]").await;
        tap(&kiosk, "shoot").await;
        kiosk.wait("[data-test=shown]").await;
        let shown = "[data-test=shown]";
        assert!(far_from_covered(&kiosk, shown).await > 60.0, "it is seen before");
        tap(&kiosk, "mask-open").await;
        let ready = "const c = document.querySelector('[data-test=cover] [data-test=mask]'); return c && c.width > 300";
        until_true("the photo is there to be covered", async || kiosk.js(ready).await == true).await;
        tap(&kiosk, "mask").await;
        tap(&kiosk, "mask-done").await;
        kiosk.wait_count("[data-test=cover]", 0).await;
        assert!(far_from_covered(&kiosk, shown).await < 30.0, "and covered then");
        assert_eq!(kiosk.js("return window.__urls.size").await, 1, "what was seen before is let go");
        tap(&kiosk, "keep").await;
        kiosk.wait_count("[data-test=shot]", 1).await;
    });
}

/// Changes the language, and looks whether everything is there in it.
async fn change(kiosk: &Browser, page: &str, to: &str, end: &str) {
    tap(kiosk, "language").await;
    let now = "return [document.documentElement.lang, document.querySelector('.kiosk')?.dataset.page,
        document.querySelector('[data-test=end]')?.textContent]";
    let wanted = json!([to, page, end]);
    let what = format!("{page} in {to}");
    until_true(&what, async || kiosk.js(now).await == wanted).await;
}

#[test]
fn the_language_changes_on_every_page_and_nothing_that_was_said_is_lost() {
    play(async |stage| {
        let (kiosk, _) = kiosk(stage).await;
        tap(&kiosk, "begin").await;
        for (page, way) in [
            ("start", "problem"),
            ("photo", "next"),
            ("say", "next"),
            ("category", "skip"),
            ("place", "next"),
            ("check", "send"),
        ] {
            on_page(&kiosk, page).await;
            change(&kiosk, page, "en-GB", "End").await;
            if page == "photo" {
                take_photo(&kiosk).await;
            } else if page == "say" {
                kiosk.write("[data-test=words]", "井盖松动").await;
            }
            change(&kiosk, page, "zh-CN", "结束").await;
            match page {
                "photo" => kiosk.wait_count("[data-test=shot]", 1).await,
                "check" => assert_eq!(kiosk.text("[data-test=said]").await, "井盖松动"),
                _ => {}
            }
            tap(&kiosk, way).await;
        }
        kiosk.text("[data-test=number]").await;
        tap(&kiosk, "language").await;
        until_true("the result is in English", async || {
            kiosk.screen().await.contains("Thank you") && kiosk.count("[data-test=number]").await == 1
        })
        .await;
        let died: Vec<String> =
            kiosk.complaints().await.into_iter().filter(|one| one.contains("RuntimeError")).collect();
        assert!(died.is_empty(), "{died:#?}");
    });
}
