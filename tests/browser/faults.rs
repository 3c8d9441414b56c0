//! What goes wrong on the way: tabs and servers that die, replies that are lost, sign-in pages, photos that are none.

use crate::desk::{desk, post};
use crate::journeys::write_report;
use crate::network::Act;
use crate::outbox::{assert_waits, kept, lose_the_last_reply};
use crate::stage::{photo, play, until_true};
use serde_json::Value;
use std::path::Path;
use woodlark_domain::Role;

const UPLOADS: &str = "/attachments/";

fn photos_of(case: &Value) -> usize {
    case["photos"].as_array().unwrap().len()
}

#[test]
fn b25_a_tab_closed_at_the_third_photo_goes_on_where_it_stopped_and_no_staff_sees_half_a_report() {
    play(async |stage| {
        let acceptor = desk(stage, "受理员小王", &[post(Role::Acceptor)]).await;
        acceptor.go("/desk/queue/accept").await;
        let acceptor = acceptor.cookie().await;
        let waiting = || {
            let page = stage.server.get("/api/v1/desk/queues/accept", &acceptor);
            page["rows"].as_array().map(Vec::len)
        };
        let browser = stage.browser().await;
        browser.visit("/dev/codes").await;
        let quiet = browser.tab().await;
        browser.new_tab().await;
        let files = [photo("DSCN0010.jpg"), photo("landscape_1.jpg"), photo("landscape_6.jpg")];
        let files: Vec<&Path> = files.iter().map(AsRef::as_ref).collect();
        write_report(&browser, "三张照片", &files).await;
        stage.network.disturb("PUT", UPLOADS, 2, 9, Act::StallHalfWay);
        browser.tap("[data-test=send]").await;
        until_true("the third photo is half way", async || stage.network.stalled() > 0).await;
        let stored = stage
            .network
            .seen("PUT", UPLOADS)
            .into_iter()
            .filter(|seen| seen.status == Some(200))
            .map(|seen| seen.path);
        let stored: Vec<String> = stored.collect();
        assert_eq!(stored.len(), 2, "two photos are there: {stored:?}");
        browser.close_tab().await;
        browser.switch(&quiet).await;
        assert!(stage.server.cases(&browser.cookie().await).is_empty(), "half a report is no case");
        assert_eq!(waiting(), Some(0), "and nobody of the staff sees it");
        stage.network.heal();
        stage.network.forget();

        browser.new_tab().await;
        browser.go("/mine").await;
        browser.wait("[data-test=case]").await;
        let case = stage.server.only_case(&browser.cookie().await);
        assert_eq!((photos_of(&case), case["words"].as_str()), (3, Some("三张照片")));
        let again = stage.network.seen("PUT", UPLOADS);
        assert!(
            again.iter().all(|seen| !stored.contains(&seen.path)),
            "what was there is not sent again: {again:?}"
        );
        assert_eq!(again.len(), 1, "only the one that was missing: {again:?}");
        assert_eq!(waiting(), Some(1));
    });
}

#[test]
fn a_server_killed_half_way_gets_the_report_once_when_it_is_back() {
    play(async |stage| {
        let browser = stage.browser().await;
        write_report(&browser, "停电了", &[&photo("landscape_1.jpg"), &photo("landscape_8.jpg")]).await;
        stage.network.disturb("PUT", UPLOADS, 1, 1, Act::StallHalfWay);
        browser.tap("[data-test=send]").await;
        until_true("the second photo is half way", async || stage.network.stalled() > 0).await;
        stage.server.kill();
        assert_waits(&browser).await;
        stage.server.restart();
        stage.network.heal();
        browser.text("[data-test=number]").await;
        assert_eq!(photos_of(&stage.server.only_case(&browser.cookie().await)), 2);
    });
}

#[test]
fn b24_a_lost_reply_to_the_last_step_makes_exactly_one_case() {
    play(async |stage| {
        let browser = stage.browser().await;
        lose_the_last_reply(stage, &browser).await;
    });
}

#[test]
fn b24_lost_replies_to_every_other_step_make_exactly_one_case_too() {
    play(async |stage| {
        let browser = stage.browser().await;
        write_report(&browser, "步步丢", &[&photo("landscape_1.jpg")]).await;
        stage.network.disturb("POST", "/session", 0, 1, Act::LoseReply);
        stage.network.disturb("PUT", UPLOADS, 0, 1, Act::LoseReply);
        browser.tap("[data-test=send]").await;
        browser.text("[data-test=number]").await;
        assert_eq!(photos_of(&stage.server.only_case(&browser.cookie().await)), 1);
    });
}

#[test]
fn b26_a_sign_in_page_of_a_foreign_network_is_no_answer() {
    play(async |stage| {
        let browser = stage.browser().await;
        write_report(&browser, "商场的无线网", &[&photo("landscape_1.jpg")]).await;
        stage.network.sign_in_page();
        browser.tap("[data-test=send]").await;
        until_true("it was tried", async || {
            // The first thing that a new device sends is the wish for an account.
            stage.network.seen("POST", "/api/v1/session").iter().any(|seen| seen.status == Some(200))
        })
        .await;
        browser.wait("[data-test=waiting-card][data-state=queued] .trouble").await;
        assert_waits(&browser).await;
        assert!(kept(&browser).await.contains("商场的无线网"));
        stage.network.heal();
        browser.text("[data-test=number]").await;
        assert_eq!(stage.server.only_case(&browser.cookie().await)["words"], "商场的无线网");
    });
}

#[test]
fn a_photo_that_is_none_is_refused_in_plain_words_and_what_was_written_stays() {
    play(async |stage| {
        let whole = std::fs::read(photo("landscape_1.jpg")).unwrap();
        let heic = stage.folder.join("IMG_0001.HEIC");
        std::fs::write(&heic, b"\0\0\0\x18ftypheic\0\0\0\0mif1heic and nothing that a browser here can read")
            .unwrap();
        let cut = stage.folder.join("cut.jpg");
        std::fs::write(&cut, &whole[..200]).unwrap();
        let browser = stage.browser().await;
        write_report(&browser, "这些字要留着", &[]).await;
        for (count, file) in [&heic, &cut].into_iter().enumerate() {
            browser.attach("[data-test=album]", &[file]).await;
            browser.wait_count("[data-test=photo][data-state=bad]", count + 1).await;
        }
        let why = browser.text("[data-test=photo][data-state=bad]").await;
        assert!(why.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)), "a sentence: {why}");
        assert_eq!(
            browser.js("return document.querySelector('[data-test=words]').value").await,
            "这些字要留着"
        );
        browser.attach("[data-test=album]", &[&photo("landscape_1.jpg")]).await;
        browser.wait_count("[data-test=photo][data-state=ready]", 1).await;
        crate::journeys::send(&browser).await;
        let case = stage.server.only_case(&browser.cookie().await);
        assert_eq!((photos_of(&case), case["words"].as_str()), (1, Some("这些字要留着")));
    });
}

#[test]
fn an_empty_report_says_what_is_missing_and_takes_the_focus_there() {
    play(async |stage| {
        let browser = stage.browser().await;
        browser.go("/report?kind=problem").await;
        browser.tap("[data-test=send]").await;
        browser.wait("[data-test=errors] a").await;
        until_true("the summary has the focus", async || {
            browser.js("return document.activeElement.id").await == "errors"
        })
        .await;
        assert!(stage.network.seen("PUT", "/api/v1/reports/").is_empty());
    });
}
