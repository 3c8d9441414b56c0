//! A gift is fetched at the kiosk of the station that keeps it.

use super::{kiosk, on_page, tap};
use crate::access::{axe, look};
use crate::ledger::with_points;
use crate::stage::{Stage, play};
use crate::thanks::more_points;
use serde_json::json;

/// A towel that is kept at the station; answers its code.
async fn ordered(stage: &Stage) -> String {
    let resident = stage.browser().await;
    with_points(stage, &resident).await;
    more_points(stage, &resident, 4).await;
    let gift = json!({ "gift": "towel" });
    let (status, body) =
        stage.server.ask("POST", "/api/v1/redeem/gifts", &resident.cookie().await, Some(&gift));
    assert_eq!(status, 200, "{}", String::from_utf8_lossy(&body));
    let view: serde_json::Value = serde_json::from_slice(&body).unwrap();
    view["orders"][0]["code"].as_str().unwrap().to_owned()
}

#[test]
fn a_gift_is_handed_over_at_its_station_by_whoever_knows_the_pin_once_and_never_off_line() {
    play(async |stage| {
        let code = ordered(stage).await;
        let (kiosk, _) = kiosk(stage).await;
        let axe = axe();
        let mut wrong = Vec::new();
        tap(&kiosk, "begin").await;
        tap(&kiosk, "gift").await;
        kiosk.write("#gift-code", "ABCDEFGHJK").await;
        tap(&kiosk, "look-gift").await;
        kiosk.wait("[data-test=trouble]").await;
        look(&kiosk, &axe, "gift, unknown", &mut wrong).await;
        kiosk.js("const f = document.querySelector('#gift-code'); f.value = ''; f.dispatchEvent(new Event('input', { bubbles: true }))").await;
        // With signs between and in small letters, as somebody types it.
        kiosk.write("#gift-code", &code.to_lowercase()).await;
        kiosk.online(false).await;
        tap(&kiosk, "look-gift").await;
        kiosk.wait("[data-test=trouble]").await;
        kiosk.online(true).await;
        tap(&kiosk, "look-gift").await;
        kiosk.wait("[data-test=gift-found][data-state=kept]").await;
        look(&kiosk, &axe, "gift, found", &mut wrong).await;
        kiosk.write("#gift-pin", "999998").await;
        tap(&kiosk, "hand-over").await;
        kiosk.wait("[data-test=trouble]").await;
        assert_eq!(
            kiosk.js("return document.querySelector('#gift-pin').value").await,
            "",
            "a PIN is not left standing"
        );
        kiosk.wait("[data-test=gift-found][data-state=kept]").await;
        kiosk.write("#gift-pin", "204816").await;
        tap(&kiosk, "hand-over").await;
        kiosk.wait("[data-test=gift-found][data-state=honoured]").await;
        look(&kiosk, &axe, "gift, handed over", &mut wrong).await;
        tap(&kiosk, "print").await;
        assert_eq!(kiosk.js("return window.__printed").await, 1);
        tap(&kiosk, "done").await;
        on_page(&kiosk, "attract").await;
        tap(&kiosk, "begin").await;
        tap(&kiosk, "gift").await;
        kiosk.write("#gift-code", &code).await;
        tap(&kiosk, "look-gift").await;
        kiosk.wait("[data-test=gift-found][data-state=honoured]").await;
        assert_eq!(kiosk.count("[data-test=hand-over]").await, 0, "once");
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    });
}
