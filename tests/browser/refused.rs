//! A report that the server doesn't take stays on the device with the reason, and holds no other up.

use crate::browser::Browser;
use crate::network::Act;
use crate::outbox::{assert_waits, cut, kept};
use crate::stage::{Stage, photo, play, until_true};
use serde_json::{Value, json};

const ACCOUNT: &str = r#"{"type":"urn:woodlark:problem:not_signed_in","code":"not_signed_in","status":401,"title":"这台设备还没有账户，请重新打开页面。"}"#;
const LARGE: &str = r#"{"type":"urn:woodlark:problem:too_large","code":"too_large","status":413,"title":"文件太大了，请换一张小一些的，或先压缩。"}"#;
const WRONG: &str = r#"{"type":"urn:woodlark:problem:invalid","code":"invalid","status":422,"title":"有几处内容需要修改，请看下面的说明，其余内容都还在。"}"#;

/// Two reports wait, and when the network is back the first gets this answer however often it is sent.
async fn two_wait_and_the_first_gets(stage: &Stage, browser: &Browser, act: Act) {
    browser.go("/").await;
    cut(stage, browser).await;
    for words in ["第一件", "第二件"] {
        browser.tap("[data-test=kind][data-kind=problem]").await;
        browser.attach("[data-test=album]", &[&photo("landscape_1.jpg")]).await;
        browser.wait_count("[data-test=photo][data-state=ready]", 1).await;
        browser.write("[data-test=words]", words).await;
        browser.tap("[data-test=send]").await;
        assert_waits(browser).await;
        browser.tap(".icon-button").await;
        browser.wait("[data-test=kind]").await;
    }
    let records = kept(browser).await;
    let first = records.lines().find(|record| record.contains("第一件")).unwrap();
    let first: Value = serde_json::from_str(first).unwrap();
    let address: &str = format!("/reports/{}", first["id"].as_str().unwrap()).leak();
    stage.network.heal();
    stage.network.disturb("PUT", address, 0, 999, act);
    browser.online(true).await;
}

/// The first is there with the reason and its photo, and the second is a case.
async fn assert_first_stays(stage: &Stage, browser: &Browser, state: &str, reason: &str) {
    browser.go("/mine").await;
    browser.wait("[data-test=case]").await;
    assert_eq!(stage.server.only_case(&browser.cookie().await)["words"], "第二件");
    let card = format!("[data-test=waiting-card][data-state={state}]");
    until_true("the reason is said", async || {
        browser.text(&[&card, " .trouble"].concat()).await.contains(reason)
    })
    .await;
    assert!(browser.text(&card).await.contains("第一件"));
    assert!(kept(browser).await.contains("第一件"));
    browser.wait(&[&card, " img"].concat()).await;
}

/// Nothing is in the way any more, and the person asks again.
async fn assert_goes_now(stage: &Stage, browser: &Browser) {
    stage.network.heal();
    browser.tap("[data-test=waiting-card] [data-test=send-now]").await;
    browser.wait_count("[data-test=waiting-card]", 0).await;
    let rows = stage.server.cases(&browser.cookie().await);
    let mut words: Vec<_> = rows.iter().map(|row| row["words"].as_str().unwrap()).collect();
    words.sort_unstable();
    assert_eq!(json!(words), json!(["第一件", "第二件"]));
}

#[test]
fn b27_what_is_too_large_or_wrong_needs_attention_with_the_reason_and_holds_nothing_up() {
    play(async |stage| {
        for (status, problem, reason) in [(413, LARGE, "文件太大了"), (422, WRONG, "有几处内容需要修改")]
        {
            let browser = stage.browser().await;
            two_wait_and_the_first_gets(stage, &browser, Act::Answer(status, problem)).await;
            assert_first_stays(stage, &browser, "needs_attention", reason).await;
            assert_goes_now(stage, &browser).await;
            browser.quit().await;
        }
    });
}

/// A new account may help against this one, so nobody has to look: it is made, and the report tried again.
#[test]
fn b27_who_is_not_known_is_made_known_anew_and_the_report_waits_with_the_reason_and_holds_nothing_up() {
    play(async |stage| {
        let browser = stage.browser().await;
        two_wait_and_the_first_gets(stage, &browser, Act::Answer(401, ACCOUNT)).await;
        assert_first_stays(stage, &browser, "queued", "还没有账户").await;
        assert!(stage.network.seen("POST", "/api/v1/session").len() > 1, "an account was asked for anew");
        assert_goes_now(stage, &browser).await;
    });
}
