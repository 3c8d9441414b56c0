//! Inside WeChat, by its stand-in: what its script gives is used, what it doesn't give the plain web does, and nobody is sent
//! anywhere. The numbers are those of the behaviours in the README.

use crate::browser::Browser;
use crate::desk::{now, store};
use crate::journeys::{send, write_report};
use crate::neighbours::send_as_lamp;
use crate::stage::{Stage, photo, play, play_beside, until_true};
use serde_json::{Value, json};
use std::path::Path;
use woodlark_domain::place::metres;
use woodlark_domain::{CaseId, Datum, Door, FixSource, Position};
use woodlark_store::cases;
use woodlark_wechat::App;
use woodlark_wechat::standin::{Call, PLACE, Rule, StandIn};

pub(crate) const ANDROID: &str = "Mozilla/5.0 (Linux; Android 14; PJD110; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 \
                       Chrome/142.0.7444.173 Mobile Safari/537.36 XWEB/1420193 MMWEBSDK/20251006 \
                       MicroMessenger/8.0.66.2980(0x28004252) WeChat/arm64 Weixin NetType/WIFI Language/zh_CN";
const IPHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                      Mobile/15E148 MicroMessenger/8.0.50(0x1800322d) NetType/4G Language/zh_CN";
/// WeChat puts its bridge there before a page is drawn.
pub(crate) const BRIDGE: &str = "window.WeixinJSBridge = { invoke() {}, on() {} };";

pub(crate) async fn wechat(folder: &Path, site: &str) -> (StandIn, Vec<String>) {
    let wechat = StandIn::start_by(now).await.unwrap();
    wechat.set_site(site);
    let flags = vec!["--wechat".to_owned(), wechat.write_account(folder).unwrap().display().to_string()];
    (wechat, flags)
}

/// A phone in WeChat that calls itself so, with this run before its pages.
async fn phone(stage: &Stage, agent: &str, before: &str) -> Browser {
    let browser = stage.browser().await;
    browser.tool("Network.setUserAgentOverride", json!({ "userAgent": agent })).await;
    browser.before_pages(before).await;
    browser
}

async fn is_in(browser: &Browser, place: &str) {
    until_true(&format!("the place is {place}"), async || {
        browser.js("return document.documentElement.dataset.place").await == place
    })
    .await;
}

/// What the page asked of WeChat's script under this name, in order.
async fn asked(browser: &Browser, api: &str) -> Vec<Value> {
    let script = format!(
        "return (window.__wx_calls || []).filter((call) => call.api === '{api}').map((call) => call.args)"
    );
    browser.js(&script).await.as_array().cloned().unwrap_or_default()
}

/// Waits until the script answers to this page: only then does WeChat's own chooser stand in the form.
async fn chooser(browser: &Browser) {
    browser.wait("button[data-test=album]").await;
}

#[test]
fn b01_in_wechat_its_script_comes_from_where_it_is_configured_and_nothing_from_anyone_else() {
    play_beside(wechat, async |stage, wechat| {
        let browser = phone(stage, ANDROID, BRIDGE).await;
        browser.go("/report?kind=problem").await;
        is_in(&browser, "wechat").await;
        chooser(&browser).await;
        let all = browser.js("return performance.getEntriesByType('resource').map((one) => one.name)").await;
        let all: Vec<&str> = all.as_array().unwrap().iter().filter_map(Value::as_str).collect();
        let (site, there) = (stage.network.address.as_str(), wechat.origin());
        assert!(all.contains(&[&there, "/jweixin-1.6.0.js"].concat().as_str()), "{all:?}");
        let others: Vec<_> = all
            .iter()
            .filter(|one| !one.starts_with(site) && **one != format!("{there}/jweixin-1.6.0.js"))
            .filter(|one| !one.starts_with("data:") && !one.starts_with("blob:"))
            .collect();
        assert!(others.is_empty(), "{others:?}");
        assert!(
            all.iter().any(|one| one.contains("/wechat-"))
                && !all.iter().any(|one| one.contains("/app-") && one.ends_with("wasm")),
            "{all:?}"
        );
        let complaints = browser.complaints().await;
        assert!(complaints.is_empty(), "{complaints:#?}");
    });
}

#[test]
fn b01_without_an_account_of_ours_the_app_is_a_plain_web_app_in_wechat_and_says_nothing_of_it() {
    play(async |stage| {
        let browser = phone(stage, ANDROID, BRIDGE).await;
        write_report(&browser, "路灯不亮", &[&photo("landscape_1.jpg")]).await;
        assert!(!browser.screen().await.contains("微信"));
        send(&browser).await;
        browser.wait_count("[data-test=close]", 0).await;
        let id: CaseId =
            stage.server.only_case(&browser.cookie().await)["id"].as_str().unwrap().parse().unwrap();
        let row = store(stage).read(move |conn| cases::row(conn, id)).await.unwrap().unwrap();
        assert_eq!(row.door, Door::Wechat);
        let hosts = browser.js("return [...document.scripts].map((one) => one.src).filter(Boolean)").await;
        assert_eq!(hosts, json!([]));
    });
}

#[test]
fn b18_in_androids_wechat_the_fields_for_photos_take_any_image_one_at_a_time_and_one_of_them_the_camera() {
    play(async |stage| {
        let browser = phone(stage, ANDROID, BRIDGE).await;
        browser.go("/report?kind=problem").await;
        browser.wait(".pick input").await;
        // The one combination that opens the right thing there.
        let fields = browser
            .js("return [...document.querySelectorAll('.pick input')].map((field) => [field.accept, field.multiple, field.hasAttribute('capture')])")
            .await;
        assert_eq!(fields, json!([["image/*", false, true], ["image/*", false, false]]));
    });
}

#[test]
fn b02_to_b04_a_mini_program_is_told_by_its_signs_and_enterprise_wechat_is_a_browser() {
    play_beside(wechat, async |stage, _| {
        let named = [ANDROID, " miniProgram/wx0123456789abcdef"].concat();
        let late = "addEventListener('DOMContentLoaded', () => { window.__wxjs_environment = 'miniprogram'; \
                    window.WeixinJSBridge = { invoke() {}, on() {} }; document.dispatchEvent(new Event('WeixinJSBridgeReady')); });";
        let iphone =
            [BRIDGE, "window.__wxjs_environment = 'browser'; window.__wxjs_is_wkwebview = true;"].concat();
        for (agent, before, place) in
            [(named.as_str(), BRIDGE, "mini"), (IPHONE, late, "mini"), (IPHONE, &iphone, "wechat")]
        {
            let browser = phone(stage, agent, before).await;
            browser.go("/settings").await;
            is_in(&browser, place).await;
            // Round a web-view lies the shell's own bar with the way back and the title.
            let shown = browser
                .js("return getComputedStyle(document.querySelector('.bar .icon-button')).display")
                .await;
            assert_eq!(shown == "none", place == "mini", "{shown}");
            browser.quit().await;
        }
        let at_work = ["wxwork/4.1.22 MicroMessenger/7.0.1 ", ANDROID].concat();
        let browser = phone(stage, &at_work, BRIDGE).await;
        browser.go("/report").await;
        assert_eq!(browser.js("return document.documentElement.dataset.place").await, Value::Null);
        assert_eq!(browser.count("input[data-test=album]").await, 1);
        assert!(
            stage.network.seen("GET", "/wechat/config").is_empty()
                || asked(&browser, "config").await.is_empty()
        );
    });
}

#[test]
fn b05_where_the_bridge_never_comes_and_the_script_refuses_the_form_has_its_own_fields() {
    play_beside(wechat, async |stage, _| {
        let browser =
            phone(stage, ANDROID, "window.__wx_answers = { config: { fail: 'config:fail' } };").await;
        write_report(&browser, "路灯不亮", &[&photo("landscape_1.jpg")]).await;
        until_true("it was asked", async || !asked(&browser, "config").await.is_empty()).await;
        assert_eq!(browser.count("input[data-test=camera]").await, 1);
        send(&browser).await;
    });
}

#[test]
fn b06_the_script_answers_on_every_page_by_the_rule_of_android_and_by_that_of_ios() {
    play_beside(wechat, async |stage, wechat| {
        for (rule, agent) in [(Rule::Android, ANDROID), (Rule::Ios, IPHONE)] {
            wechat.set_rule(rule);
            let marked = if rule == Rule::Ios { "window.__wxjs_is_wkwebview = true;" } else { "" };
            for before in [[BRIDGE, marked].concat(), BRIDGE.to_owned()] {
                let browser = phone(stage, agent, &before).await;
                browser.go("/settings?from=xidu").await;
                is_in(&browser, "wechat").await;
                browser.js("window.history.pushState('entered', '', '/nearby'); dispatchEvent(new PopStateEvent('popstate'))").await;
                browser.wait("[data-test=nearby-here]").await;
                // Only a script that answers to this very page says where the phone is; the browser itself says another place.
                until_true("the script tells the place", async || {
                    browser.tap("[data-test=nearby-here]").await;
                    !asked(&browser, "getLocation").await.is_empty()
                })
                .await;
                browser.wait(".near-map, [data-test=nearby-none]").await;
                browser.quit().await;
            }
        }
        assert_eq!(wechat.called(Call::Authorize), 0);
        assert_eq!(wechat.turned_away(), Vec::<String>::new());
    });
}

#[test]
fn b08_nobody_is_sent_to_wechat_by_opening_a_page() {
    play_beside(wechat, async |stage, wechat| {
        let browser = phone(stage, ANDROID, BRIDGE).await;
        for path in ["/", "/report", "/nearby", "/wall", "/mine", "/settings", "/ledger", "/ledger/thanks"] {
            browser.go(path).await;
            let here = browser.js("return location.pathname").await;
            assert_eq!(here, path);
        }
        assert_eq!(wechat.called(Call::Authorize), 0);
        assert!(browser.cookie().await.is_empty(), "a guest stays a guest");
    });
}

#[test]
fn b12_and_b13_photos_and_place_come_by_wechat_from_iphones_and_androids() {
    play_beside(wechat, async |stage, wechat| {
        for (rule, agent) in [(Rule::Android, ANDROID), (Rule::Ios, IPHONE)] {
            wechat.set_rule(rule);
            let browser = phone(stage, agent, BRIDGE).await;
            browser.go("/report?kind=problem").await;
            chooser(&browser).await;
            browser.tap("[data-test=camera]").await;
            browser.wait_count("[data-test=photo][data-state=ready]", 1).await;
            let picture = browser
                .js("const photo = document.querySelector('.tile img'); return photo && photo.naturalWidth")
                .await;
            assert!(picture.as_u64().is_some_and(|width| width > 0), "{picture}");
            assert_eq!(asked(&browser, "chooseImage").await[0]["sourceType"], json!(["camera"]));
            browser.wait("[data-test=fix], [data-test=place-fix], .place").await;
            let place = asked(&browser, "getLocation").await;
            assert_eq!(place[0]["type"], "gcj02");
            send(&browser).await;
            browser.wait("[data-test=close]").await;
            let case = stage.server.only_case(&browser.cookie().await);
            let at: Position = serde_json::from_value(case["position"].clone()).unwrap();
            let there = Position::new(PLACE.0, PLACE.1).unwrap();
            assert!(metres(at, there) < 1.0, "{at:?}");
            // Kept is also what was said, and in which datum.
            let id: CaseId = case["id"].as_str().unwrap().parse().unwrap();
            let beside = store(stage);
            let city = beside.read(woodlark_store::city::load).await.unwrap().unwrap();
            let whole = beside.read(move |conn| cases::whole(conn, id, &city)).await.unwrap().unwrap();
            let fix = whole.events[0].what.fix().unwrap();
            assert_eq!((fix.datum, fix.source), (Datum::Gcj02, FixSource::Device));
            assert!(metres(fix.raw, there) > 100.0, "{fix:?}");
            let sent = stage.network.seen("PUT", "/api/v1/reports/");
            assert!(!sent.is_empty());
            let (id, hash) = (case["id"].as_str().unwrap(), case["photos"][0]["hash"].as_str().unwrap());
            let (status, bytes) = stage.server.ask(
                "GET",
                &format!("/api/v1/cases/{id}/photos/{hash}/full"),
                &browser.cookie().await,
                None,
            );
            assert_eq!((status, &bytes[..3]), (200, &[0xff, 0xd8, 0xff][..]));
            browser.tap("[data-test=close]").await;
            until_true("the page is closed", async || !asked(&browser, "closeWindow").await.is_empty()).await;
            browser.quit().await;
        }
    });
}

#[test]
fn b17_ones_own_page_has_no_share_menu_and_a_public_case_has_a_card_on_our_own_domain() {
    play_beside(wechat, async |stage, _| {
        let browser = phone(stage, ANDROID, BRIDGE).await;
        browser.go("/report?kind=problem").await;
        chooser(&browser).await;
        browser.write("[data-test=words]", "灯不亮了").await;
        send_as_lamp(&browser).await;
        let id = stage.server.only_case(&browser.cookie().await)["id"].as_str().unwrap().to_owned();
        for own in [format!("/cases/{id}"), "/mine".to_owned(), "/settings".to_owned()] {
            browser.go(&own).await;
            until_true("the menu is hidden", async || {
                !asked(&browser, "hideAllNonBaseMenuItem").await.is_empty()
            })
            .await;
            assert_eq!(asked(&browser, "updateAppMessageShareData").await, Vec::<Value>::new());
        }
        let other = phone(stage, ANDROID, BRIDGE).await;
        other.go(&format!("/c/{id}")).await;
        other.wait("[data-test=public-case]").await;
        let site = stage.network.address.clone();
        let link = format!("{site}/c/{id}");
        until_true("the card is told", async || {
            asked(&other, "updateAppMessageShareData")
                .await
                .iter()
                .any(|card| card["link"] == link && card["desc"] == "灯不亮了")
        })
        .await;
        let card = asked(&other, "updateTimelineShareData").await.pop().unwrap();
        assert!(card["imgUrl"].as_str().unwrap().starts_with(&format!("{site}/")), "{card}");
        assert!(
            !card["title"].as_str().unwrap().is_empty() && !card.to_string().contains("reporter"),
            "{card}"
        );
        other.tap("[data-test=share]").await;
        until_true("it says how", async || other.screen().await.contains("···")).await;
    });
}

#[test]
fn letters_are_as_large_as_they_are_set_in_wechat() {
    play_beside(wechat, async |stage, _| {
        let env =
            [BRIDGE, "window.__wxWebEnv = { getEnv: () => JSON.stringify({ fontScale: 140 }) };"].concat();
        let browser = phone(stage, ANDROID, &env).await;
        browser.go("/settings").await;
        let size = async |browser: &Browser| {
            browser
                .js("return parseFloat(getComputedStyle(document.documentElement).fontSize)")
                .await
                .as_f64()
                .unwrap()
        };
        let large = size(&browser).await;
        assert!((large - 22.4).abs() < 0.1, "{large}");
        assert_eq!(browser.js("return document.documentElement.scrollWidth <= innerWidth").await, true);
        let mini = phone(stage, &[ANDROID, " miniProgram/wx0123456789abcdef"].concat(), BRIDGE).await;
        mini.go("/settings?from=mp&fontSizeScaleFactor=1.25").await;
        assert!((size(&mini).await - 20.0).abs() < 0.1);
    });
}

/// A report sent from WeChat, and its case.
async fn sent_from_wechat(stage: &Stage, browser: &Browser) -> String {
    browser.go("/report?kind=problem").await;
    chooser(browser).await;
    browser.write("[data-test=words]", "灯不亮了").await;
    send_as_lamp(browser).await;
    stage.server.only_case(&browser.cookie().await)["id"].as_str().unwrap().to_owned()
}

#[test]
fn b11_news_are_asked_for_after_sending_and_link_the_account_on_the_way_and_nothing_stays_in_the_address() {
    play_beside(wechat, async |stage, wechat| {
        let browser = phone(stage, ANDROID, BRIDGE).await;
        wechat.set_person("openid1", Some("unionid1"));
        let id = sent_from_wechat(stage, &browser).await;
        browser.wait("[data-test=news]").await;
        assert_eq!(wechat.called(Call::Authorize), 0, "nobody is sent there without a tap");
        browser.tap("[data-test=news]").await;
        browser.wait("[data-test=news-kept]").await;
        assert_eq!(wechat.called(Call::Authorize), 1);
        let here = browser.js("return location.href").await;
        assert_eq!(here, format!("{}/sent/{id}", stage.network.address));
        let case = stage.server.get(&format!("/api/v1/cases/{id}"), &browser.cookie().await);
        assert_eq!(case["notices"], 1);
        // Back leads to no page that sends people on.
        browser.js("history.back()").await;
        until_true("a page of ours", async || {
            browser.js("return location.href.includes('/connect/') || location.href.includes('code=')").await
                == false
        })
        .await;
        // Who says no is left in peace.
        let other = phone(
            stage,
            ANDROID,
            &[BRIDGE, "window.__wx_answers = { subscribe: { status: 'reject' } };"].concat(),
        )
        .await;
        wechat.set_person("openid2", None);
        sent_from_wechat(stage, &other).await;
        other.tap("[data-test=news]").await;
        assert_eq!(other.count("[data-test=news-kept]").await, 0);
        assert_eq!(wechat.called(Call::Authorize), 1);
    });
}

#[test]
fn a_mini_program_hands_its_person_over_once_and_the_ticket_is_gone_from_the_address() {
    play_beside(wechat, async |stage, wechat| {
        wechat.set_person("mini1", Some("unionid1"));
        let code = wechat.code(App::Mini);
        let asked = json!({ "code": code });
        let (status, body) = stage.server.ask("POST", "/api/v1/wechat/mini", "", Some(&asked));
        assert_eq!(status, 200, "{}", String::from_utf8_lossy(&body));
        let ticket: Value = serde_json::from_slice(&body).unwrap();
        let address = format!("/mine?from=mp#ticket={}", ticket["ticket"].as_str().unwrap());
        let mini = [ANDROID, " miniProgram/wx0123456789abcdef"].concat();
        let browser = phone(stage, &mini, BRIDGE).await;
        browser.go(&address).await;
        until_true("there is a session", async || browser.cookie().await.contains("woodlark_session")).await;
        let here = browser.js("return location.href").await;
        assert_eq!(here, format!("{}/mine?from=mp", stage.network.address));
        let other = phone(stage, &mini, BRIDGE).await;
        other.go(&address).await;
        until_true("it was refused", async || !stage.network.seen("POST", "/wechat/ticket").is_empty()).await;
        assert!(!other.cookie().await.contains("woodlark_session"));
    });
}

#[test]
fn voice_recorded_in_wechat_is_fetched_by_the_server_heard_again_and_kept() {
    play_beside(wechat, async |stage, wechat| {
        let browser = phone(stage, ANDROID, BRIDGE).await;
        browser.go("/report?kind=problem").await;
        chooser(&browser).await;
        browser.tap("[data-test=voice]").await;
        browser.tap("[data-test=voice-stop]").await;
        browser.tap("[data-test=voice-replay]").await;
        until_true("it is played by WeChat", async || !asked(&browser, "playVoice").await.is_empty()).await;
        browser.write("[data-test=words]", "听录音").await;
        send(&browser).await;
        let cookie = browser.cookie().await;
        let case = stage.server.only_case(&cookie);
        let (id, hash) = (case["id"].as_str().unwrap(), case["voice"]["hash"].as_str().unwrap());
        let (status, bytes) =
            stage.server.ask("GET", &format!("/api/v1/cases/{id}/voice/{hash}"), &cookie, None);
        assert_eq!((status, bytes.get(..4)), (200, Some(&b"RIFF"[..])), "it can be played anywhere");
        assert_eq!(wechat.turned_away(), Vec::<String>::new());
    });
}
