//! The department's pocket: a handler in the street, without a network, loses nothing and doubles nothing.

use super::{desk, handler_of, post, sign_in_again};
use crate::access::{assert_fits, axe, look};
use crate::browser::Browser;
use crate::journeys::{send, write_report};
use crate::outbox::{cut, mend};
use crate::stage::{Stage, photo, play, until_true};
use serde_json::{Value, json};
use woodlark_domain::Role;

/// A lamp that is out, reported and dispatched by the rules: its reporter's browser, and the case.
async fn dispatched(stage: &Stage) -> (Browser, Value) {
    let resident = stage.browser().await;
    write_report(&resident, "路灯不亮", &[&photo("landscape_1.jpg")]).await;
    resident.tap("[data-test=locate]").await;
    resident.wait(".place svg").await;
    resident.tap("[data-test=category]").await;
    resident.write("dialog[open] [data-test=category-search]", "灯不亮").await;
    resident.tap("dialog[open] [data-test=chip]").await;
    resident.wait_count("dialog[open]", 0).await;
    send(&resident).await;
    let case = stage.server.only_case(&resident.cookie().await);
    assert_eq!(case["state"], "dispatched");
    (resident, case)
}

/// A handler of the case's department, on a phone, whose desk is there without a network too.
async fn pocket(stage: &Stage, case: &Value) -> Browser {
    let browser = desk(stage, "处置员老张", &[handler_of(case["department"].as_str().unwrap())]).await;
    let screen = json!({"width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": true});
    browser.tool("Emulation.setDeviceMetricsOverride", screen).await;
    browser.go("/desk/queue/handle").await;
    browser.js_later("const done = arguments[0]; navigator.serviceWorker.ready.then(() => done(true))").await;
    browser.tap("[data-test=row]").await;
    browser.wait(".case [data-test=order]").await;
    browser
}

/// Writes what was done, with a photo and where it was taken, and presses the button.
async fn finish(browser: &Browser, words: &str) {
    browser.write(".case [data-test=words]", words).await;
    browser.attach("[data-test=album]", &[&photo("DSCN0010.jpg")]).await;
    browser.wait("[data-test=after-photo] img").await;
    browser.tap("[data-test=order-place] [data-test=locate]").await;
    browser.wait("[data-test=order-place][data-found]").await;
    browser.tap("[data-test=send-order]").await;
}

async fn sign(browser: &Browser) {
    browser.tap("[data-test=order][data-command=sign]").await;
    browser.wait(".case [data-test=state][data-state=handling]").await;
}

async fn becomes(stage: &Stage, resident: &Browser, state: &str) -> Value {
    let cookie = resident.cookie().await;
    until_true(state, async || stage.server.only_case(&cookie)["state"] == state).await;
    stage.server.only_case(&cookie)
}

/// How many rows the desk has kept of what was seen.
async fn seen(browser: &Browser) -> Value {
    let script = "const done = arguments[0];
        const opening = indexedDB.open('woodlark-desk');
        opening.onsuccess = () => {
          const all = opening.result.transaction('seen').objectStore('seen').count();
          all.onsuccess = () => { opening.result.close(); done(all.result); };
        }";
    browser.js_later(script).await
}

/// The orders that reached the server and were carried out.
fn carried_out(stage: &Stage) -> usize {
    stage.network.seen("POST", "/orders").iter().filter(|seen| seen.status == Some(200)).count()
}

#[test]
fn signed_and_finished_without_a_network_it_is_done_once_when_there_is_one() {
    play(async |stage| {
        let (resident, case) = dispatched(stage).await;
        let pocket = pocket(stage, &case).await;
        cut(stage, &pocket).await;
        // The desk opens off line, with the list and the case as they were seen last.
        pocket.go("/desk/queue/handle").await;
        pocket.wait("[data-test=as-of]").await;
        pocket.tap("[data-test=row]").await;
        pocket.wait(".case [data-test=as-of]").await;
        pocket.tap("[data-test=order][data-command=sign]").await;
        pocket.wait(".case [data-test=waiting-order][data-command=sign]").await;
        finish(&pocket, "换了灯泡").await;
        pocket.wait(".case [data-test=waiting-order][data-command=finish]").await;
        let (axe, mut wrong) = (axe(), Vec::new());
        look(&pocket, &axe, "a case off line", &mut wrong).await;
        assert_fits(&pocket, "a case off line", &mut wrong).await;
        let screen = pocket.screen().await;
        for wrong in ["已完成", "已送达"] {
            assert!(!screen.contains(wrong), "{wrong:?} is said too early:\n{screen}");
        }
        pocket.go("/desk/queue/handle").await;
        pocket.wait_count("[data-test=waiting-order]", 2).await;
        pocket.wait("[data-test=order-photo] img").await;
        look(&pocket, &axe, "orders that wait", &mut wrong).await;
        assert_fits(&pocket, "orders that wait", &mut wrong).await;
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        assert_eq!(stage.server.only_case(&resident.cookie().await)["state"], "dispatched");

        stage.network.forget();
        mend(stage, &pocket).await;
        let case = becomes(stage, &resident, "verifying").await;
        pocket.wait_count("[data-test=waiting-order]", 0).await;
        assert_eq!(case["photos"].as_array().map(Vec::len), Some(2), "{case}");
        assert_eq!(carried_out(stage), 2, "each order once");
        assert_eq!(stage.network.seen("PUT", "/desk/photos").len(), 1, "and its photo once");

        let verifier = desk(stage, "核查员小陈", &[post(Role::Verifier)]).await;
        verifier.go("/desk/queue/verify").await;
        verifier.tap("[data-test=by-near]").await;
        verifier.wait("[data-test=row] [data-test=far]").await;
        verifier.tap("[data-test=row]").await;
        let photos = verifier.text(".case-photos li:last-child").await;
        assert!(photos.contains("距案件") && photos.contains("今天"), "{photos}");

        pocket.go("/desk/me").await;
        assert!(seen(&pocket).await.as_u64() > Some(0));
        pocket.tap("[data-test=sign-out]").await;
        pocket.wait("[data-test=sign-in]").await;
        until_true("nothing that was seen stays", async || seen(&pocket).await == 0).await;
    });
}

#[test]
fn an_order_whose_session_ended_waits_for_its_giver_and_goes_under_nobody_elses() {
    play(async |stage| {
        let (resident, case) = dispatched(stage).await;
        let pocket = pocket(stage, &case).await;
        sign(&pocket).await;
        cut(stage, &pocket).await;
        finish(&pocket, "换了灯泡").await;
        pocket.wait(".case [data-test=waiting-order][data-command=finish]").await;
        let cookie = pocket.cookie().await;
        let (status, _) = stage.server.ask("DELETE", "/api/v1/desk/session", &cookie, None);
        assert!(status < 300, "{status}");
        mend(stage, &pocket).await;
        assert!(pocket.text("[data-test=orders-wait]").await.contains("1 项"));

        // A colleague at the same phone: the order is not theirs to send.
        let colleague = desk(stage, "同事", &[handler_of(case["department"].as_str().unwrap())]).await;
        colleague.go("/desk").await;
        let token = colleague.cookie().await.split_once("woodlark_desk=").unwrap().1[..64].to_owned();
        let mine = cookie.split_once("woodlark_desk=").unwrap().1[..64].to_owned();
        super::hold(stage, &pocket, &token).await;
        pocket.go("/desk/queue/handle").await;
        pocket.wait("[data-test=others-orders]").await;
        assert_eq!(stage.server.only_case(&resident.cookie().await)["state"], "handling");

        sign_in_again(stage, &pocket, &mine).await;
        pocket.go("/desk/queue/handle").await;
        let case = becomes(stage, &resident, "verifying").await;
        assert_eq!(case["photos"].as_array().map(Vec::len), Some(2), "{case}");
        pocket.wait_count("[data-test=waiting-order]", 0).await;
    });
}

#[test]
fn a_case_that_was_taken_away_meanwhile_comes_back_in_plain_words_with_nothing_lost() {
    play(async |stage| {
        let (resident, case) = dispatched(stage).await;
        let department = case["department"].as_str().unwrap();
        let pocket = pocket(stage, &case).await;
        sign(&pocket).await;
        pocket.online(false).await;
        finish(&pocket, "换了灯泡").await;
        pocket.wait(".case [data-test=waiting-order][data-command=finish]").await;

        let colleague = desk(stage, "同事", &[handler_of(department)]).await;
        colleague.go("/desk/queue/handle").await;
        colleague.tap("[data-test=row]").await;
        colleague.tap("[data-test=order][data-command=return]").await;
        colleague.write(".case [data-test=words]", "灯杆是电力公司的").await;
        colleague.tap("[data-test=send-order]").await;
        becomes(stage, &resident, "filed").await;

        pocket.online(true).await;
        pocket.wait("[data-test=waiting-order][data-state=needs_attention]").await;
        let card = pocket.text(".case [data-test=waiting-order]").await;
        assert!(card.contains("不在您手上") && card.contains("换了灯泡"), "{card}");
        pocket.wait("[data-test=order-photo] img").await;
        pocket.go("/desk/queue/handle").await;
        pocket.tap("[data-test=let-go]").await;
        pocket.tap("dialog[open] [data-test=yes]").await;
        pocket.wait_count("[data-test=waiting-order]", 0).await;
        assert_eq!(carried_out(stage), 1, "the signing alone");
    });
}

#[test]
fn a_case_that_moved_on_meanwhile_is_looked_at_again_and_finished_with_the_same_words() {
    play(async |stage| {
        let (resident, case) = dispatched(stage).await;
        let pocket = pocket(stage, &case).await;
        sign(&pocket).await;
        pocket.online(false).await;
        finish(&pocket, "换了灯泡").await;
        pocket.wait(".case [data-test=waiting-order][data-command=finish]").await;

        let dispatcher = desk(stage, "派遣员", &[post(Role::Dispatcher)]).await;
        dispatcher.go(&format!("/desk/cases/{}", case["id"].as_str().unwrap())).await;
        dispatcher.tap("[data-test=order][data-command=extend]").await;
        dispatcher.write(".case [data-test=words]", "要等配件").await;
        dispatcher.tap("[data-test=send-order]").await;
        until_true("more time is granted", async || dispatcher.text(".case-facts").await.contains("延期 1"))
            .await;

        pocket.online(true).await;
        pocket.wait("[data-test=waiting-order][data-state=needs_attention]").await;
        let card = pocket.text(".case [data-test=waiting-order]").await;
        assert!(card.contains("新进展"), "{card}");
        pocket.tap(".case [data-test=again]").await;
        until_true("the words are in the form again", async || {
            pocket.js("return document.querySelector('.case [data-test=words]')?.value").await == "换了灯泡"
        })
        .await;
        pocket.wait("[data-test=after-photo] img").await;
        pocket.tap("[data-test=send-order]").await;
        becomes(stage, &resident, "verifying").await;
        pocket.wait_count("[data-test=waiting-order]", 0).await;
    });
}
