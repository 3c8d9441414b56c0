//! What points become, in real browsers: a gift that a station hands over once, a share of the community's fund, a red packet
//! that is approved, accepted in WeChat and paid once.

use crate::access::{assert_fits, axe, look};
use crate::browser::Browser;
use crate::desk::{desk, now, post, store};
use crate::ledger::with_points;
use crate::stage::{Stage, play, play_beside, until_true};
use serde_json::{Value, json};
use std::path::Path;
use woodlark_domain::{CaseId, Role, UserId};
use woodlark_ledger::EntryId;
use woodlark_pay::standin::{Push, StandIn};
use woodlark_store::redeem::WechatAccount;
use woodlark_store::{Halt, redeem};
use woodlark_wechat::standin::{Call, Mode, StandIn as Wechat};

/// So many more reports that the rules file at once, sent as another device of the same person would.
pub(crate) async fn more_points(stage: &Stage, browser: &Browser, reports: u8) {
    let cookie = browser.cookie().await;
    let before = stage.server.get("/api/v1/ledger", &cookie)["points"].as_i64().unwrap();
    for number in 0..reports {
        let millis = u64::try_from(now().millis()).unwrap();
        let case = CaseId::new(millis, [number + 1; 10]);
        let manifest = json!({
            "kind": "problem", "words": "井盖松动", "category": "C0110", "visibility": "public", "attachments": [],
            "place": { "fix": { "raw": { "lon": 121.458, "lat": 30.915 }, "datum": "wgs84", "source": "device", "accuracy_m": 12.0 } },
            "reported_at": now().0, "door": "browser", "language": "zh"
        });
        let (status, body) =
            stage.server.ask("PUT", &format!("/api/v1/reports/{case}"), &cookie, Some(&manifest));
        assert_eq!(status, 201, "{}", String::from_utf8_lossy(&body));
        let (status, body) =
            stage.server.ask("POST", &format!("/api/v1/reports/{case}/complete"), &cookie, None);
        assert_eq!(status, 200, "{}", String::from_utf8_lossy(&body));
    }
    until_true("the points are written", async || {
        stage.server.get("/api/v1/ledger", &cookie)["points"] == before + 10 * i64::from(reports)
    })
    .await;
}

/// So many fen for thanks.
async fn fund(stage: &Stage, fen: i64) {
    let by = UserId::new(1, [1; 10]);
    let store = store(stage);
    let funded = store.write(move |tx| {
        let decision = EntryId([7; 16]);
        redeem::fund(tx, decision, fen, by, "预算", now()).map_err(|halt| halt.map(|_| ()))
    });
    funded.await.unwrap();
}

/// Links a WeChat account to whoever holds this browser.
async fn link(stage: &Stage, browser: &Browser, pay: &StandIn) {
    let session = stage.server.get("/api/v1/session", &browser.cookie().await);
    let user: UserId = session["user_id"].as_str().unwrap().parse().unwrap();
    let appid = pay.merchant().unwrap().appid().to_owned();
    let store = store(stage);
    let linked = store.write(move |tx| {
        let account = WechatAccount { appid: &appid, openid: "openid1", unionid: None };
        Ok::<_, Halt<()>>(redeem::link_wechat(tx, user, &account, now())?)
    });
    linked.await.unwrap();
}

async fn redeem_view(stage: &Stage, browser: &Browser) -> Value {
    stage.server.get("/api/v1/redeem", &browser.cookie().await)
}

async fn confirm(browser: &Browser) {
    browser.tap("dialog[open] [data-test=yes]").await;
    browser.wait_count("dialog[open]", 0).await;
}

#[test]
fn a_gift_is_kept_shown_and_handed_over_once_and_never_off_line() {
    play(async |stage| {
        let browser = stage.browser().await;
        with_points(stage, &browser).await;
        more_points(stage, &browser, 4).await;
        browser.go("/ledger").await;
        browser.tap("[data-test=to-thanks]").await;
        assert_eq!(browser.text("[data-test=to-spend]").await, "50");
        browser.wait_count("[data-test=packet]", 0).await;
        browser.tap("[data-gift=towel] [data-test=order-gift]").await;
        confirm(&browser).await;
        browser.wait("[data-test=order][data-state=kept]").await;
        let code = browser.text("[data-test=gift-code]").await;
        assert_eq!(browser.text("[data-test=to-spend]").await, "10");

        let counter = desk(stage, "服务站小周", &[post(Role::Acceptor)]).await;
        counter.go("/desk/rewards").await;
        counter.wait_count("[data-test=budget]", 0).await;
        counter.write("#gift-code", &code.to_lowercase().replace('-', " ")).await;
        counter.tap("[data-test=look-gift]").await;
        counter.wait("[data-test=gift][data-state=kept]").await;
        counter.online(false).await;
        counter.tap("[data-test=honour]").await;
        counter.wait("[data-test=trouble]").await;
        assert_eq!(redeem_view(stage, &browser).await["orders"][0]["state"], "kept", "nothing off line");
        counter.online(true).await;
        counter.tap("[data-test=look-gift]").await;
        counter.tap("[data-test=honour]").await;
        counter.wait("[data-test=gift][data-state=honoured]").await;
        counter.write("#gift-code", &code).await;
        counter.tap("[data-test=look-gift]").await;
        counter.wait("[data-test=gift][data-state=honoured]").await;
        counter.wait_count("[data-test=honour]", 0).await;
        browser.go("/ledger/thanks").await;
        browser.wait("[data-test=order][data-state=honoured]").await;
        browser.wait_count("[data-test=gift-code]", 0).await;

        // What is left goes to the community, once there is a budget for it.
        browser.tap("[data-test=donate]").await;
        confirm(&browser).await;
        assert!(browser.text("[data-test=refused]").await.contains("资金"), "why not, in words");
        fund(stage, 100_000).await;
        browser.tap("[data-test=donate]").await;
        confirm(&browser).await;
        until_true("it is given", async || browser.text("[data-test=to-spend]").await == "0").await;
        assert!(browser.text("[data-test=fund-total]").await.contains("1.00"));
        // The browser itself complains of the refusal, and of nothing else.
        let mut complaints = browser.complaints().await;
        complaints.retain(|said| !said.contains("/donations"));
        assert!(complaints.is_empty(), "{complaints:#?}");
    });
}

async fn pay_system(folder: &Path, _: &str) -> (StandIn, Vec<String>) {
    let pay = StandIn::start_by(now).await.unwrap();
    let merchant = pay.write_merchant(folder).unwrap();
    (pay, vec!["--pay".to_owned(), merchant.display().to_string()])
}

const BRIDGE: &str = "window.asked = []; window.WeixinJSBridge = { invoke: (name, what, done) => { window.asked.push([name, what]); done({ err_msg: name + ':ok' }); } };";

#[test]
fn a_red_packet_is_approved_accepted_in_wechat_and_paid_once() {
    play_beside(pay_system, async |stage, pay| {
        fund(stage, 100_000).await;
        let browser = stage.browser().await;
        browser.before_pages(BRIDGE).await;
        with_points(stage, &browser).await;
        more_points(stage, &browser, 4).await;
        browser.go("/ledger/thanks").await;
        browser.wait("[data-test=not-linked]").await;
        link(stage, &browser, &pay).await;
        browser.reload().await;
        assert!(browser.text("[data-test=comes-to]").await.contains("5.00"));
        browser.tap("[data-test=ask-packet]").await;
        confirm(&browser).await;
        browser.wait("[data-test=payout][data-state=waiting]").await;

        let supervisor = desk(stage, "值班长老赵", &[post(Role::Supervisor)]).await;
        supervisor.go("/desk/rewards").await;
        supervisor.wait("[data-test=payout][data-state=waiting]").await;
        supervisor.tap("[data-test=approve]").await;
        let view = redeem_view(stage, &browser).await;
        let number = view["payouts"][0]["id"].as_str().unwrap().to_owned();
        until_true("the pay system has it", async || pay.state(&number).is_some()).await;
        until_true("the resident may accept it", async || {
            redeem_view(stage, &browser).await["payouts"][0]["state"] == "confirming"
        })
        .await;
        // The page says so by itself.
        browser.wait("[data-test=payout][data-state=confirming]").await;
        browser.tap("[data-test=confirm-packet]").await;
        until_true("WeChat was asked", async || browser.js("return window.asked.length").await == 1).await;
        let asked = browser.js("return window.asked[0]").await;
        assert_eq!(asked[0], "requestMerchantTransfer");
        assert!(asked[1]["package"].is_string() && asked[1]["mchId"].is_string(), "{asked}");
        browser.wait("[data-test=payout][data-state=confirming]").await;

        // The resident presses "accept" in WeChat; the pay system calls twice.
        pay.confirm(&number).unwrap();
        for _ in 0..2 {
            assert_eq!(call(stage, &pay, &number), 204);
        }
        browser.wait("[data-test=payout][data-state=paid]").await;
        assert_eq!((pay.paid(&number), pay.paid_to("openid1")), (1, 500));
        supervisor.reload().await;
        until_true("the desk says so", async || supervisor.text("[data-test=paid]").await.contains("5.00"))
            .await;
    });
}

async fn pay_system_and_wechat(folder: &Path, site: &str) -> ((StandIn, Wechat), Vec<String>) {
    let (pay, mut flags) = pay_system(folder, site).await;
    let wechat = Wechat::start_by(now).await.unwrap();
    wechat.set_site(site);
    flags.extend(["--wechat".to_owned(), wechat.write_account(folder).unwrap().display().to_string()]);
    ((pay, wechat), flags)
}

const IN_WECHAT: &str = "Mozilla/5.0 (Linux; Android 14; PJD110) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/130.0 \
                         Mobile Safari/537.36 MicroMessenger/8.0.50(0x28003257) WeChat/arm64 NetType/WIFI Language/zh_CN";

#[test]
fn a_tap_in_wechat_links_the_account_that_is_paid() {
    play_beside(pay_system_and_wechat, async |stage, (pay, wechat)| {
        fund(stage, 100_000).await;
        let browser = stage.browser().await;
        with_points(stage, &browser).await;
        more_points(stage, &browser, 4).await;
        browser.go("/ledger/thanks").await;
        browser.wait("[data-test=not-linked]").await;
        browser.wait_count("[data-test=link-wechat]", 0).await;

        browser.tool("Network.setUserAgentOverride", json!({ "userAgent": IN_WECHAT })).await;
        wechat.set_person("openid1", None);
        browser.reload().await;
        browser.wait("[data-test=link-wechat]").await;
        assert_eq!(wechat.called(Call::Authorize), 0, "nobody is sent there without a tap");
        for (mode, said) in
            [(Mode::Denied, "不绑定"), (Mode::Snapshot, "快照"), (Mode::Blocked, "没有绑定成功")]
        {
            wechat.set_mode(mode);
            browser.tap("[data-test=link-wechat]").await;
            until_true("why not, in words", async || {
                browser.count("[data-test=refused]").await == 1
                    && browser.text("[data-test=refused]").await.contains(said)
            })
            .await;
            assert_clean(stage, &browser).await;
        }
        wechat.set_mode(Mode::Normal);
        browser.tap("[data-test=link-wechat]").await;
        browser.wait("[data-test=linked]").await;
        browser.wait_count("[data-test=refused]", 0).await;
        assert_clean(stage, &browser).await;

        browser.tap("[data-test=ask-packet]").await;
        confirm(&browser).await;
        browser.wait("[data-test=payout][data-state=waiting]").await;
        let supervisor = desk(stage, "值班长老赵", &[post(Role::Supervisor)]).await;
        supervisor.go("/desk/rewards").await;
        supervisor.tap("[data-test=approve]").await;
        let number = redeem_view(stage, &browser).await["payouts"][0]["id"].as_str().unwrap().to_owned();
        until_true("the pay system has it", async || pay.state(&number).is_some()).await;

        browser.tap("[data-test=unlink-wechat]").await;
        confirm(&browser).await;
        browser.wait("[data-test=link-wechat]").await;
        assert_eq!(redeem_view(stage, &browser).await["payout"]["linked"], false);
        assert_eq!(wechat.turned_away(), Vec::<String>::new());
        let complaints = browser.complaints().await;
        assert!(complaints.is_empty(), "{complaints:#?}");
    });
}

/// Neither code nor state is in the address, nor is anything else.
async fn assert_clean(stage: &Stage, browser: &Browser) {
    let clean = [stage.network.address.as_str(), "/ledger/thanks"].concat();
    assert_eq!(browser.js("return location.href").await, clean);
    assert_eq!(browser.js("return document.referrer.includes('code=')").await, false);
}

/// The pay system calls the server.
fn call(stage: &Stage, pay: &StandIn, number: &str) -> u16 {
    use std::io::{Read as _, Write as _};
    let (headers, body) = pay.push(number, Push::Right).unwrap();
    let mut stream = std::net::TcpStream::connect(("127.0.0.1", stage.server.port)).unwrap();
    let mut head = format!(
        "POST /api/v1/pay/notice HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\ncontent-length: {}\r\n",
        body.len()
    );
    for (name, value) in &headers {
        head.push_str(&format!("{name}: {}\r\n", value.to_str().unwrap()));
    }
    stream.write_all([head.as_bytes(), b"\r\n", &body].concat().as_slice()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer[9..12].parse().unwrap()
}

#[test]
fn thanks_are_for_everyone() {
    play_beside(pay_system, async |stage, pay| {
        fund(stage, 100_000).await;
        let browser = stage.browser().await;
        with_points(stage, &browser).await;
        more_points(stage, &browser, 4).await;
        link(stage, &browser, &pay).await;
        let (axe, mut wrong) = (axe(), Vec::new());
        browser.go("/ledger/thanks").await;
        browser.wait("[data-test=packet]").await;
        look(&browser, &axe, "thanks", &mut wrong).await;
        browser.tap("[data-gift=towel] [data-test=order-gift]").await;
        browser.wait("dialog[open]").await;
        look(&browser, &axe, "thanks, asked", &mut wrong).await;
        confirm(&browser).await;
        browser.wait("[data-test=gift-code]").await;
        look(&browser, &axe, "thanks, with a code", &mut wrong).await;
        assert_fits(&browser, "thanks", &mut wrong).await;
        let supervisor = desk(stage, "值班长老赵", &[post(Role::Supervisor), post(Role::Admin)]).await;
        for language in ["zh", "en"] {
            supervisor.go(&format!("/desk/rewards?lang={language}")).await;
            supervisor.wait("[data-test=budget]").await;
            look(&supervisor, &axe, &format!("rewards, {language}"), &mut wrong).await;
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    });
}
