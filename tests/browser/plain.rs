//! Without WebAssembly the plain form reports just as well.

use crate::browser::Browser;
use crate::journeys::assert_clean;
use crate::stage::{Stage, photo, play};
use serde_json::json;

/// A phone whose browser cannot run the program, at the plain form.
pub(crate) async fn old_phone(stage: &Stage, path: &str) -> Browser {
    let browser = stage.browser().await;
    browser.before_pages("Object.defineProperty(window, 'WebAssembly', { value: undefined })").await;
    browser.visit(path).await;
    browser.wait(":root[data-way=form] #old").await;
    browser
}

/// Fills the plain form in and sends it; the number that the answer shows.
pub(crate) async fn send_plain(browser: &Browser, words: &str, photo: &std::path::Path) -> String {
    browser.tap("label[for=kind-problem]").await;
    browser.write("#plain [name=words]", words).await;
    browser.write("#plain [name=place_words]", "学校门口").await;
    browser.attach("#plain [name=photo]", &[photo]).await;
    browser.tap("#plain [type=submit]").await;
    browser.text("[data-test=sent-number]").await
}

#[test]
fn b33_without_webassembly_the_plain_form_sends_a_photo_and_answers_with_the_number() {
    play(async |stage| {
        let browser = old_phone(stage, "/").await;
        let number = send_plain(&browser, "路面有坑", &photo("DSCN0010.jpg")).await;
        let case = stage.server.only_case(&browser.cookie().await);
        assert_eq!((&case["number"], &case["words"]), (&json!(number), &json!("路面有坑")));
        assert_eq!(case["photos"].as_array().unwrap().len(), 1);
        for (name, bytes) in stage.media() {
            assert_clean(&name, &bytes);
        }
        browser.reload().await;
        assert_eq!(browser.text("[data-test=sent-number]").await, number, "the answer's page stays");
    });
}

#[test]
fn b33_the_plain_form_sent_twice_is_one_case() {
    play(async |stage| {
        let browser = old_phone(stage, "/").await;
        // A double tap: the form goes out twice, as the browser would send it.
        let twice = "const done = arguments[0];
            document.getElementById('kind-problem').checked = true;
            document.querySelector('#plain [name=words]').value = '点了两下';
            const form = () => fetch('/report', { method: 'POST', body: new FormData(document.querySelector('#plain form')) }).then((a) => a.text());
            form().then((first) => form().then((second) => {
              const number = (page) => new DOMParser().parseFromString(page, 'text/html').querySelector('[data-test=sent-number]').textContent;
              done([number(first), number(second)]);
            })).catch((why) => done(String(why)));";
        let numbers = browser.js_later(twice).await;
        assert_eq!(numbers[0], numbers[1], "{numbers}");
        assert_eq!(stage.server.only_case(&browser.cookie().await)["number"], numbers[0]);
    });
}
