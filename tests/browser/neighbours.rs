//! What anyone may see: cases nearby, one of them without who reported it, the lark wall; in both languages, for everyone.

use crate::access::{assert_fits, axe, look};
use crate::browser::Browser;
use crate::journeys::{send, write_report};
use crate::languages::assert_said_in_full;
use crate::stage::{Stage, photo, play, until};

/// Somebody's report that the rules file at once, round the place where every browser here stands; answers its number.
async fn filed(stage: &Stage, words: &str) -> String {
    let reporter = stage.browser().await;
    write_report(&reporter, words, &[&photo("landscape_1.jpg")]).await;
    let number = send_as_lamp(&reporter).await;
    reporter.quit().await;
    number
}

/// Sends what is written as a lamp that is dark, which the rules file at once.
pub(crate) async fn send_as_lamp(reporter: &Browser) -> String {
    reporter.tap("[data-test=category]").await;
    reporter.write("dialog[open] [data-test=category-search]", "灯不亮").await;
    reporter.tap("dialog[open] [data-test=chip]").await;
    reporter.wait_count("dialog[open]", 0).await;
    reporter.tap("[data-test=locate]").await;
    reporter.wait(".place svg").await;
    send(reporter).await
}

/// Opens the list round here, whose first row is the case that was just reported.
async fn round_here(browser: &Browser) {
    browser.go("/nearby").await;
    browser.tap("[data-test=nearby-here]").await;
    browser.wait("[data-test=near]").await;
}

#[test]
fn a_neighbour_finds_a_case_nearby_joins_it_and_never_learns_who_reported_it() {
    play(async |stage| {
        let number = filed(stage, "第三根路灯不亮").await;
        let neighbour = stage.browser().await;
        round_here(&neighbour).await;
        assert!(neighbour.screen().await.contains("第三根路灯不亮"));
        neighbour.wait(".near-map svg a").await;
        neighbour.tap("[data-test=near]").await;
        neighbour.wait("[data-test=public-case]").await;
        assert!(neighbour.screen().await.contains(&number));
        neighbour.wait("[data-test=public-photo] img.veiled").await;
        let loaded = "const image = document.querySelector('[data-test=public-photo] img');
                      return image.complete && image.naturalWidth > 0 ? Math.max(image.naturalWidth, image.naturalHeight) : null";
        let dots = until("the blurred photo", async || neighbour.js(loaded).await.as_u64()).await;
        assert!(dots <= 16, "what nobody has looked at is {dots} dots wide");
        let fills = "return document.querySelector('[data-test=public-photo] img').clientWidth > 300";
        assert_eq!(neighbour.js(fills).await, true, "nine dots fill the card all the same");
        neighbour.tap("[data-test=join]").await;
        neighbour.wait("[data-test=case-head]").await;
        let case = stage.server.only_case(&neighbour.cookie().await);
        assert_eq!(case["number"], number.as_str());
        assert_eq!(neighbour.count("[data-test=withdraw]").await, 0, "it is not theirs to take back");
    });
}

#[test]
fn the_pages_for_anyone_have_no_violation_fit_everywhere_and_speak_both_languages() {
    play(async |stage| {
        filed(stage, "Lamp 路灯").await;
        let (axe, mut wrong) = (axe(), Vec::new());
        for language in ["zh", "en"] {
            let browser = stage.browser().await;
            browser.go(&format!("/nearby?lang={language}")).await;
            browser.wait("[data-test=nearby-here]").await;
            look(&browser, &axe, &format!("nearby, not asked yet, {language}"), &mut wrong).await;
            round_here(&browser).await;
            look(&browser, &axe, &format!("nearby, {language}"), &mut wrong).await;
            assert_said_in_full(&browser.screen().await);
            assert_fits(&browser, "nearby", &mut wrong).await;
            browser.tap("[data-test=near]").await;
            browser.wait("[data-test=public-case]").await;
            look(&browser, &axe, &format!("public case, {language}"), &mut wrong).await;
            assert_said_in_full(&browser.screen().await);
            assert_fits(&browser, "public case", &mut wrong).await;
            browser.go("/wall").await;
            browser.wait("[data-test=thanks]").await;
            look(&browser, &axe, &format!("lark wall, {language}"), &mut wrong).await;
            assert_said_in_full(&browser.screen().await);
            assert_fits(&browser, "lark wall", &mut wrong).await;
            browser.go("/c/0199a0f0-0000-7000-8000-000000000000").await;
            browser.wait("[data-test=missing]").await;
            look(&browser, &axe, &format!("no such case, {language}"), &mut wrong).await;
            browser.quit().await;
        }
        assert!(wrong.is_empty(), "{} violations:\n{}", wrong.len(), wrong.join("\n"));
    });
}
