//! What a kiosk is: made one by a code alone, cut off, switched off, and nothing that leads away from it.

use super::{WATCH, cases, kept, kiosk, on_page, take_photo, tap, write};
use crate::access::{axe, look};
use crate::browser::Browser;
use crate::desk::{desk, post};
use crate::outbox::cut;
use crate::stage::{play, until, until_true};
use serde_json::json;
use woodlark_domain::Role;

#[test]
fn b42_an_unprovisioned_device_is_refused_and_no_browser_makes_itself_a_kiosk() {
    play(async |stage| {
        let browser = stage.kiosk_of("stranger").await;
        let agent = json!({"userAgent": "Mozilla/5.0 WoodlarkKiosk/1.0 FreeKiosk"});
        browser.tool("Network.setUserAgentOverride", agent).await;
        for address in ["/kiosk", "/kiosk?kiosk=1&token=abc", "/kiosk/start"] {
            browser.go(address).await;
            on_page(&browser, "enrol").await;
            assert_eq!(browser.count("[data-test=begin], [data-test=problem]").await, 0);
        }
        browser.js("localStorage.setItem('woodlark.kiosk', '{\"id\":\"x\"}')").await;
        browser.go("/kiosk").await;
        on_page(&browser, "enrol").await;
        browser.write("[data-test=enrol-code]", "ABCD-EFGH").await;
        tap(&browser, "enrol").await;
        browser.wait("[data-test=trouble]").await;
        browser.go("/").await;
        assert_eq!(browser.js("return location.pathname").await, "/", "nobody is sent to the kiosk");
    });
}

#[test]
fn b45_sealed_without_a_network_it_survives_a_power_cut_and_is_sent_later() {
    play(async |stage| {
        let (kiosk, _) = kiosk(stage).await;
        until_true("the page is kept for when there is no network", async || {
            kiosk.js_later("const done = arguments[0]; navigator.serviceWorker.ready.then((r) => done(!!r.active), () => done(false))").await == true
        })
        .await;
        // The browser writes its cookies down only after a while; a kiosk was enrolled longer ago than that.
        until_true("the token is on the disk", async || {
            let profile = stage.folder.join("kiosk/Default");
            ["Cookies", "Network/Cookies"].iter().any(|name| {
                let kept = std::fs::read(profile.join(name)).unwrap_or_default();
                kept.windows(14).any(|part| part == b"woodlark_kiosk")
            })
        })
        .await;
        cut(stage, &kiosk).await;
        write(&kiosk, "人行道的砖翘起来了").await;
        tap(&kiosk, "send").await;
        kiosk.wait("[data-test=result][data-state=kept]").await;
        assert_eq!(kiosk.count("[data-test=number]").await, 0, "nothing is said to be sent");
        assert_eq!(
            kiosk.count(".result [data-test=qr]").await,
            2,
            "on the screen and on the slip, without a network"
        );
        let code = kiosk.text("[data-test=code]").await;
        assert!(kiosk.text("[data-test=waiting]").await.contains('1'));
        kiosk.kill();

        // It is switched on again while there is still no network.
        let kiosk = stage.kiosk_of("kiosk").await;
        kiosk.before_pages(WATCH).await;
        stage.network.die();
        kiosk.go("/kiosk").await;
        on_page(&kiosk, "attract").await;
        kiosk.wait("[data-test=waiting]").await;
        assert!(cases(stage).is_empty());
        stage.network.heal();
        kiosk.js("dispatchEvent(new Event('online'))").await;
        kiosk.wait_count("[data-test=waiting]", 0).await;
        let numbers = cases(stage);
        assert_eq!(numbers.len(), 1, "exactly one case: {numbers:?}");
        // The code that was shown then finds it.
        tap(&kiosk, "begin").await;
        tap(&kiosk, "look-up").await;
        kiosk.write("[data-test=number]", &numbers[0]).await;
        kiosk.write("[data-test=code]", &code).await;
        tap(&kiosk, "to-code").await;
        tap(&kiosk, "find").await;
        let found = kiosk.text("[data-test=found]").await;
        assert!(found.contains(&numbers[0]), "{found}");
        assert!(!kept(&kiosk).await.contains("WLK1"), "what the server has is let go");
    });
}

#[test]
fn b47_nothing_leads_away_and_nothing_asks_who_somebody_is() {
    play(async |stage| {
        let (kiosk, _) = kiosk(stage).await;
        let axe = axe();
        let mut wrong = Vec::new();
        const AWAY: &str = "
            const away = [...document.querySelectorAll('a[href], [target], form[action], iframe')].map((a) => a.outerHTML.slice(0, 80));
            const menu = new MouseEvent('contextmenu', { bubbles: true, cancelable: true });
            document.querySelector('.kiosk-main').dispatchEvent(menu);
            const marked = [...document.querySelectorAll('button')].filter((b) => getComputedStyle(b).userSelect !== 'none').length;
            const small = [...document.querySelectorAll('button, input, textarea')].filter((b) => {
                const { width, height } = b.getBoundingClientRect();
                return b.checkVisibility() && width > 0 && (width < 60 || height < 60) && !b.closest('.map');
            }).map((b) => b.outerHTML.slice(0, 120));
            const wide = document.documentElement.scrollWidth > innerWidth;
            return { away, menu: menu.defaultPrevented, marked, small, wide };";
        let check = async |kiosk: &Browser, what: &str, wrong: &mut Vec<String>| {
            let seen = until(what, async || {
                let seen = kiosk.js(AWAY).await;
                (!seen.is_null()).then_some(seen)
            })
            .await;
            if seen != json!({ "away": [], "menu": true, "marked": 0, "small": [], "wide": false }) {
                wrong.push(format!("{what}: {seen}"));
            }
            let tag = if what.ends_with("en") { "en-GB" } else { "zh-CN" };
            let spoken = "return [document.documentElement.lang, !!document.querySelector('.kiosk')]";
            if kiosk.js(spoken).await != json!([tag, true]) {
                wrong.push(format!("{what}: not there in {tag}"));
            }
            look(kiosk, &axe, what, wrong).await;
        };
        for language in ["zh", "en"] {
            check(&kiosk, &format!("attract, {language}"), &mut wrong).await;
            tap(&kiosk, "begin").await;
            check(&kiosk, &format!("start, {language}"), &mut wrong).await;
            tap(&kiosk, "phone").await;
            kiosk.wait("dialog[open]").await;
            check(&kiosk, &format!("by phone, {language}"), &mut wrong).await;
            tap(&kiosk, "phone-close").await;
            tap(&kiosk, "look-up").await;
            check(&kiosk, &format!("look up, {language}"), &mut wrong).await;
            tap(&kiosk, "to-code").await;
            check(&kiosk, &format!("look up, code, {language}"), &mut wrong).await;
            tap(&kiosk, "back").await;
            tap(&kiosk, "gift").await;
            check(&kiosk, &format!("gift, {language}"), &mut wrong).await;
            tap(&kiosk, "back").await;
            tap(&kiosk, "problem").await;
            kiosk.wait(".camera[data-camera=on]").await;
            check(&kiosk, &format!("photo, {language}"), &mut wrong).await;
            take_photo(&kiosk).await;
            check(&kiosk, &format!("photos, {language}"), &mut wrong).await;
            tap(&kiosk, "next").await;
            check(&kiosk, &format!("say, {language}"), &mut wrong).await;
            tap(&kiosk, "next").await;
            check(&kiosk, &format!("category, {language}"), &mut wrong).await;
            tap(&kiosk, "skip").await;
            tap(&kiosk, "map").await;
            kiosk.wait("[data-test=map]").await;
            check(&kiosk, &format!("place, {language}"), &mut wrong).await;
            tap(&kiosk, "next").await;
            check(&kiosk, &format!("check, {language}"), &mut wrong).await;
            tap(&kiosk, "send").await;
            kiosk.text("[data-test=number]").await;
            check(&kiosk, &format!("result, {language}"), &mut wrong).await;
            tap(&kiosk, "done").await;
            on_page(&kiosk, "attract").await;
            kiosk.started().await;
            if language == "zh" {
                tap(&kiosk, "language").await;
                until_true("it speaks English", async || kiosk.screen().await.contains("Read aloud")).await;
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        assert!(!kiosk.screen().await.contains("Sign in"));
        // Every other page of the site leads here.
        kiosk.visit("/").await;
        kiosk.started().await;
        assert_eq!(kiosk.js("return location.pathname").await, "/kiosk");
    });
}

#[test]
fn a_lost_answer_and_a_dead_server_lose_nothing_and_double_nothing() {
    use crate::network::Act;
    play(async |stage| {
        let (kiosk, _) = kiosk(stage).await;
        stage.network.disturb("PUT", "/api/v1/kiosk/envelopes/", 0, 2, Act::LoseReply);
        write(&kiosk, "井盖松动").await;
        tap(&kiosk, "send").await;
        let number = kiosk.text("[data-test=number]").await;
        assert_eq!(cases(stage), [number]);
        tap(&kiosk, "done").await;
        on_page(&kiosk, "attract").await;
        // The server dies in the middle and comes back.
        stage.server.kill();
        write(&kiosk, "路灯不亮").await;
        tap(&kiosk, "send").await;
        kiosk.wait("[data-test=result]").await;
        assert_eq!(kiosk.count("[data-test=number]").await, 0, "nothing is said to be sent");
        stage.server.restart();
        kiosk.text("[data-test=number]").await;
        assert_eq!(cases(stage).len(), 2);
    });
}

#[test]
fn the_desk_sets_a_kiosk_up_sees_how_it_does_and_takes_its_leave_away() {
    play(async |stage| {
        let axe = axe();
        let mut wrong = Vec::new();
        let admin = desk(stage, "管理员", &[post(Role::Admin)]).await;
        admin.go("/desk/kiosks?lang=zh").await;
        admin.wait("[data-test=make-kiosk]").await;
        look(&admin, &axe, "kiosks, none", &mut wrong).await;
        admin.write("#station", "南桥镇便民服务站").await;
        admin.js("const s = document.querySelector('#entry'); s.value = 'kiosk-nanqiao-1'; s.dispatchEvent(new Event('change'))").await;
        admin.write("#gift-pin", "204816").await;
        admin.tap("[data-test=make-kiosk]").await;
        let code = admin.text("[data-test=kiosk-code]").await;
        let kiosk = stage.kiosk_of("kiosk").await;
        kiosk.go("/kiosk").await;
        kiosk.write("[data-test=enrol-code]", &code).await;
        tap(&kiosk, "enrol").await;
        on_page(&kiosk, "attract").await;
        // As a power cut would: it tells how it does as soon as it is there again.
        kiosk.go("/kiosk").await;
        on_page(&kiosk, "attract").await;
        until_true("the kiosk is there", async || {
            admin.reload().await;
            admin.started().await;
            admin.text("[data-test=kiosk]").await.contains("在线")
        })
        .await;
        look(&admin, &axe, "kiosks", &mut wrong).await;
        admin.tap("[data-test=revoke-kiosk]").await;
        admin.tap("dialog[open] [data-test=yes]").await;
        admin.wait("[data-test=kiosk][data-state=revoked]").await;
        kiosk.go("/kiosk").await;
        on_page(&kiosk, "revoked").await;
        look(&kiosk, &axe, "revoked", &mut wrong).await;
        admin.tap("[data-test=new-code]").await;
        admin.tap("dialog[open] [data-test=yes]").await;
        let code = admin.text("[data-test=kiosk-code]").await;
        kiosk.write("[data-test=enrol-code]", &code).await;
        tap(&kiosk, "enrol").await;
        on_page(&kiosk, "attract").await;
        let phone = json!({"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": true});
        admin.tool("Emulation.setDeviceMetricsOverride", phone).await;
        admin.go("/desk/kiosks?lang=en").await;
        admin.wait("[data-test=kiosk]").await;
        look(&admin, &axe, "kiosks, on a phone, English", &mut wrong).await;
        assert_eq!(admin.js("return document.documentElement.scrollWidth <= innerWidth").await, true);
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    });
}

#[test]
fn an_envelope_that_the_server_will_not_have_is_kept_and_the_desk_is_told() {
    play(async |stage| {
        let (kiosk, admin) = kiosk(stage).await;
        // What the camera gives is no picture.
        let broken = "HTMLCanvasElement.prototype.toBlob = function (done) { done(new Blob(['no picture'], { type: 'image/jpeg' })); };";
        kiosk.js(broken).await;
        write(&kiosk, "井盖松动").await;
        tap(&kiosk, "send").await;
        kiosk.wait("[data-test=result][data-state=refused]").await;
        let said = kiosk.screen().await;
        assert!(said.contains("12345"), "whom to call is said: {said}");
        assert_eq!(kiosk.count("[data-test=number]").await, 0, "no number is promised");
        tap(&kiosk, "done").await;
        on_page(&kiosk, "attract").await;
        assert!(kept(&kiosk).await.contains("WLK1"), "the envelope is still there");
        assert!(cases(stage).is_empty());
        // The next one is not held up by it.
        write(&kiosk, "路灯不亮").await;
        tap(&kiosk, "send").await;
        kiosk.text("[data-test=number]").await;
        assert_eq!(cases(stage).len(), 1);
        tap(&kiosk, "done").await;
        on_page(&kiosk, "attract").await;
        admin.go("/desk/kiosks?lang=zh").await;
        until_true("the desk is told", async || {
            admin.reload().await;
            admin.started().await;
            admin.wait("[data-test=kiosk]").await;
            admin.count(".kiosk-warn").await == 1
        })
        .await;
    });
}
