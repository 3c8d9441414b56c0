//! A whole case by the keyboard alone: no pointer touches the desk.

use super::hands::{by_hand, report, state};
use super::{desk, handler_of, post};
use crate::access::tab_to;
use crate::browser::Browser;
use crate::stage::{photo, play, until_true};
use woodlark_domain::Role;

const ENTER: &str = "\u{e007}";
const DOWN: &str = "\u{e015}";
const ESCAPE: &str = "\u{e00c}";

/// Into the first case of a queue: to the queue at the side, down, open.
async fn open_first(browser: &Browser, queue: &str) {
    browser.wait(&format!("[data-test=queue][data-queue={queue}]")).await;
    tab_to(browser, &format!("[data-test=queue][data-queue={queue}]")).await;
    browser.press(ENTER).await;
    browser.wait("[data-test=row]").await;
    until_true("the row has the focus", async || {
        browser.press("j").await;
        browser.js("return document.activeElement.matches('[data-test=row]')").await == true
    })
    .await;
    browser.press(ENTER).await;
    browser.wait(".case [data-test=order]").await;
}

/// Chooses in the list that has the focus, by its arrow.
async fn choose_down(browser: &Browser, field: &str, value: &str) {
    tab_to(browser, &format!("[data-test={field}]")).await;
    for _ in 0..200 {
        if browser.js("return document.activeElement.value").await == value {
            return;
        }
        browser.press(DOWN).await;
    }
    panic!("{value} is not reached in {field}");
}

async fn press_send(browser: &Browser) {
    tab_to(browser, "[data-test=send-order]").await;
    browser.press(ENTER).await;
}

/// Whoever has sent an order goes on at the case and not at the head of the page.
async fn assert_stays(browser: &Browser) {
    until_true("the focus is in the case", async || {
        browser.js("return document.activeElement.closest('.case') !== null").await == true
    })
    .await;
}

#[test]
fn a_case_goes_from_received_to_closed_by_the_keyboard_alone() {
    play(async |stage| {
        let (category, department, _) = by_hand(stage);
        let resident = stage.browser().await;
        report(&resident, "桥头栏杆松了", &[]).await;
        let posts = [post(Role::Acceptor), post(Role::Dispatcher), handler_of(&department)];
        let one = desk(stage, "多面手", &posts).await;
        one.go("/desk").await;
        open_first(&one, "accept").await;
        choose_down(&one, "category", &category).await;
        press_send(&one).await;
        state(&one, "filed").await;
        assert_stays(&one).await;
        choose_down(&one, "department", &department).await;
        press_send(&one).await;
        state(&one, "dispatched").await;
        assert_stays(&one).await;
        one.press("s").await;
        state(&one, "handling").await;
        assert_stays(&one).await;
        tab_to(&one, "[data-test=words]").await;
        one.press("fixed").await;
        // A letter that is an order elsewhere is a letter in a field; Escape leaves the field.
        assert_eq!(one.js("return document.querySelector('[data-test=words]').value").await, "fixed");
        one.press(ESCAPE).await;
        one.wait(".case").await;
        tab_to(&one, "[data-test=album]").await;
        // The system's own dialog for files is the system's.
        one.attach("[data-test=album]", &[&photo("landscape_1.jpg")]).await;
        one.wait("[data-test=after-photo]").await;
        press_send(&one).await;
        state(&one, "verifying").await;

        let other = desk(stage, "核查员", &[post(Role::Verifier)]).await;
        other.go("/desk").await;
        open_first(&other, "verify").await;
        other.press("p").await;
        tab_to(&other, "[data-test=words]").await;
        other.press("seen").await;
        press_send(&other).await;
        state(&other, "closed").await;
        assert_stays(&other).await;
        other.press(ESCAPE).await;
        other.wait_count(".case", 0).await;
        // The keys explain themselves, and their dialog closes by Escape.
        other.press("?").await;
        other.wait("dialog[open] .keys").await;
        other.press(ESCAPE).await;
        other.wait_count("dialog[open]", 0).await;
    });
}
