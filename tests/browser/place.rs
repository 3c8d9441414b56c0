//! A report needs no position of the device: words will do, the map, or nothing at all.

use crate::browser::Browser;
use crate::journeys::{send, write_report};
use crate::stage::{Stage, play, until_true};
use serde_json::{Value, json};

/// Looks for the position in vain, and is told so.
async fn look_in_vain(browser: &Browser) {
    write_report(browser, "路灯不亮", &[]).await;
    browser.tap("[data-test=locate]").await;
    until_true("it says that there is none", async || {
        browser.text("[data-test=place]").await.contains("没能定位")
    })
    .await;
}

async fn case(stage: &Stage, browser: &Browser) -> Value {
    send(browser).await;
    stage.server.only_case(&browser.cookie().await)
}

#[test]
fn b20_where_the_position_is_denied_or_times_out_words_the_map_or_nothing_will_do() {
    play(async |stage| {
        let denied = stage.browser().await;
        let no = json!({"origin": stage.network.address, "permission": {"name": "geolocation"}, "setting": "denied"});
        denied.tool("Browser.setPermission", no).await;
        look_in_vain(&denied).await;
        denied.write("[data-test=place-words]", "学校门口").await;
        let by_words = case(stage, &denied).await;
        assert_eq!(
            (by_words["place_words"].as_str(), &by_words["position"]),
            (Some("学校门口"), &Value::Null)
        );
        denied.quit().await;

        let late = stage.browser().await;
        let times_out = "Geolocation.prototype.getCurrentPosition = (found, failed) => {
              window.asked = (window.asked || 0) + 1;
              setTimeout(() => failed({ code: 3, message: 'Timeout expired' }));
            };";
        late.before_pages(times_out).await;
        look_in_vain(&late).await;
        assert_eq!(late.js("return window.asked").await, 2, "the first time may fail for no reason");
        late.tap("[data-test=map-open]").await;
        late.tap("dialog[open] [data-test=map]").await;
        late.tap("dialog[open] [data-test=map-done]").await;
        late.wait_count("dialog[open]", 0).await;
        let by_map = case(stage, &late).await;
        assert!(by_map["position"].is_object(), "{by_map}");
        late.quit().await;

        let silent = stage.browser().await;
        silent.before_pages("Geolocation.prototype.getCurrentPosition = () => {};").await;
        write_report(&silent, "不清楚在哪里", &[]).await;
        silent.tap("[data-test=locate]").await;
        let nowhere = case(stage, &silent).await;
        assert_eq!((&nowhere["position"], &nowhere["place_words"]), (&Value::Null, &Value::Null));
    });
}
