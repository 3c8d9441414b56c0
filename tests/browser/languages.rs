//! Both languages, on every page, with nothing left over of the other or of the message files.

use crate::browser::Browser;
use crate::stage::play;

/// What must never stand on a screen: keys, unfilled places, values that are none.
pub(crate) fn assert_said_in_full(screen: &str) {
    for word in screen.split_whitespace() {
        let key = word.contains('_') && word.chars().all(|c| c.is_ascii_lowercase() || c == '_' || c == '.');
        assert!(!key, "{word:?} looks like a message key:\n{screen}");
    }
    for wrong in ["{n}", "{at}", "undefined", "null", "NaN", "[object"] {
        assert!(!screen.contains(wrong), "{wrong:?} stands on the screen:\n{screen}");
    }
}

fn han(text: &str) -> usize {
    text.chars().filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c)).count()
}

async fn assert_language(browser: &Browser, path: &str, english: bool) {
    browser.go(path).await;
    browser.wait("#main h1").await;
    let screen = browser.screen().await;
    assert_said_in_full(&screen);
    let lang = browser.js("return document.documentElement.lang").await;
    if english {
        assert!(lang.as_str().unwrap().starts_with("en"), "{lang}");
        assert_eq!(han(&screen.replace("中文", "").replace("语言", "")), 0, "{path} in English:\n{screen}");
    } else {
        assert_eq!(lang, "zh-CN");
        assert!(han(&screen) > 10, "{path} in Chinese:\n{screen}");
    }
}

#[test]
fn every_page_speaks_chinese_and_english_whole() {
    play(async |stage| {
        for english in [false, true] {
            let browser = stage.browser().await;
            let first = if english { "/?lang=en" } else { "/?lang=zh" };
            for path in [first, "/report?kind=suggestion", "/mine", "/settings"] {
                assert_language(&browser, path, english).await;
            }
            browser.quit().await;
        }
    });
}

#[test]
fn the_language_is_changed_by_one_tap_and_kept() {
    play(async |stage| {
        let browser = stage.browser().await;
        browser.go("/").await;
        assert_eq!(browser.text("h1").await, "看见了，就拍下来。");
        browser.tap("button[lang^=en]").await;
        browser.wait("button[lang^=zh]").await;
        assert_eq!(browser.text("#main h1").await, "See it. Snap it.");
        browser.go("/").await;
        assert_eq!(browser.text("#main h1").await, "See it. Snap it.");
        assert!(browser.js("return document.documentElement.lang").await.as_str().unwrap().starts_with("en"));
    });
}
