//! The resident has the last word on a closed case: sees before and after, rates, praises, and says that it isn't fixed.

use crate::access::{axe, look};
use crate::browser::Browser;
use crate::journeys::{send, write_report};
use crate::stage::{Stage, photo, play, until_true};
use serde_json::{Value, json};
use woodlark_domain::case::{Actor, Command};
use woodlark_domain::report::Reason;
use woodlark_domain::{AreaCode, CaseId, ContentHash, Role, Timestamp, UserId};
use woodlark_store::cases::{self, Commanded, Order};
use woodlark_store::{Config, Halt, Store, city};

/// Reports a lamp with a photo, has it dealt with, and opens the case.
async fn open_closed_case(stage: &Stage, browser: &Browser) -> Value {
    write_report(browser, "路灯不亮", &[&photo("DSCN0010.jpg")]).await;
    browser.tap("[data-test=locate]").await;
    browser.wait(".place svg").await;
    browser.tap("[data-test=category]").await;
    browser.write("dialog[open] [data-test=category-search]", "灯不亮").await;
    browser.tap("dialog[open] [data-test=chip]").await;
    browser.wait_count("dialog[open]", 0).await;
    send(browser).await;
    let cookie = browser.cookie().await;
    let case = stage.server.only_case(&cookie);
    assert_eq!(case["state"], "dispatched", "{case}");
    let reporter = stage.server.get("/api/v1/session", &cookie)["user_id"].as_str().unwrap().parse().unwrap();
    deal_with(stage, &case, reporter).await;
    browser.tap("[data-test=follow]").await;
    browser.wait("[data-test=case-head][data-state=closed]").await;
    case
}

/// What the staff do to a case, written beside the running server. The photo of afterwards is that of before: what is
/// looked at here is how they are shown.
async fn deal_with(stage: &Stage, case: &Value, reporter: UserId) {
    let path = stage.folder.join("data/woodlark.sqlite").display().to_string();
    let store = Store::open(&Config::new(path, AreaCode::new("310120").unwrap())).unwrap();
    let city = store.read(city::load).await.unwrap().unwrap();
    let id: CaseId = case["id"].as_str().unwrap().parse().unwrap();
    let known = city.clone();
    let seen = store.read(move |conn| cases::view(conn, id, reporter, &known)).await.unwrap().unwrap();
    let after: ContentHash = seen.attachments[0].media.hash;
    let staff = |number: u8, role| Actor::staff(UserId::new(1_795_399_200_000, [number; 10]), role);
    let handler = staff(1, Role::Handler).of(seen.row.department.unwrap());
    let note = Reason::new("换了灯泡").unwrap();
    let finish = Command::Finish { note: note.clone(), photos: vec![after], verdict: None, fix: None };
    let pass = Command::Pass { note: Some(note), photos: Vec::new(), fix: None };
    let orders = [(handler.clone(), Command::Sign), (handler, finish), (staff(2, Role::Verifier), pass)];
    for (actor, command) in orders {
        let (city, now) = (city.clone(), Timestamp(case["received_at"].as_i64().unwrap()));
        let done = store.write(move |tx| {
            let order = Order { case: id, actor: &actor, command: command.clone(), now, city: &city };
            Ok::<_, Halt<()>>(cases::command(tx, &order)?)
        });
        assert!(matches!(done.await.unwrap(), Commanded::Done(_)));
    }
}

fn star(number: u8) -> String {
    format!("[data-test=star]:nth-of-type({number})")
}

#[test]
fn a_closed_case_shows_before_and_after_and_takes_a_rating_even_over_a_bad_network() {
    play(async |stage| {
        let browser = stage.browser().await;
        let case = open_closed_case(stage, &browser).await;
        let cookie = browser.cookie().await;
        let rating = || stage.server.only_case(&cookie)["my_rating"].clone();
        browser.wait("[data-test=slider]").await;
        assert_eq!(browser.count("[data-test=shot]").await, 0, "the slider alone shows both");
        browser.js("document.querySelector('[data-test=slider]').focus()").await;
        browser.press("\u{e014}").await;
        let split = "return getComputedStyle(document.querySelector('.compare .over')).clipPath";
        until_true("an arrow key moves the slider", async || {
            browser.js(split).await.as_str().is_some_and(|clip| clip.contains("52%"))
        })
        .await;
        browser.tap(&star(3)).await;
        browser.write("[data-test=rate-words]", "修得快").await;
        browser.tap("[data-test=rate-send]").await;
        browser.wait("[data-test=rated]").await;
        assert_eq!(rating(), 3);
        assert!(browser.screen().await.contains("修得快"), "one's own words stand in the timeline");
        let complaints = browser.complaints().await;
        assert!(complaints.is_empty(), "{complaints:#?}");

        browser.tap(&star(5)).await;
        browser.write("[data-test=rate-words]", "再想想").await;
        browser.online(false).await;
        browser.tap("[data-test=rate-send]").await;
        browser.wait(".rating [role=alert]").await;
        let kept = "return document.querySelector('[data-test=rate-words]').value";
        assert_eq!(browser.js(kept).await, "再想想", "nothing typed is lost");
        assert_eq!(rating(), 3);
        browser.online(true).await;
        browser.tap("[data-test=rate-send]").await;
        browser.wait_count("[data-test=rate-words]", 0).await;
        assert_eq!(rating(), 5);

        let department = case["department_name"]["zh"].as_str().unwrap().to_owned();
        browser.tap("[data-test=praise]").await;
        let said = "return document.querySelector('[data-test=words]')?.value";
        until_true("the praise is addressed", async || {
            browser.js(said).await.as_str().is_some_and(|words| words.contains(&department))
        })
        .await;
        assert_eq!(browser.js("return new URLSearchParams(location.search).get('kind')").await, "praise");
    });
}

#[test]
fn what_is_not_fixed_is_said_with_a_photo_and_verified_again() {
    play(async |stage| {
        let browser = stage.browser().await;
        open_closed_case(stage, &browser).await;
        browser.tap("[data-test=contest]").await;
        browser.tap("dialog[open] [data-test=contest-send]").await;
        browser.wait("dialog[open] [role=alert]").await;
        browser.write("[data-test=contest-reason]", "还是不亮").await;
        browser.attach("[data-test=contest-photo]", &[&photo("image00971.jpg")]).await;
        browser.wait("[data-test=contest-tile]").await;
        browser.tap("dialog[open] [data-test=contest-send]").await;
        browser.wait("[data-test=case-head][data-state=verifying]").await;
        browser.wait_count("dialog[open]", 0).await;
        browser.wait_count("[data-test=contest], [data-test=stars], [data-test=praise]", 0).await;
        let case = stage.server.only_case(&browser.cookie().await);
        let stages: Vec<&Value> =
            case["photos"].as_array().unwrap().iter().map(|photo| &photo["stage"]).collect();
        assert_eq!(json!(stages), json!(["before", "after", "contested"]));
        assert!(browser.screen().await.contains("还是不亮"));
        let complaints = browser.complaints().await;
        assert!(complaints.is_empty(), "{complaints:#?}");
    });
}

#[test]
fn a_closed_case_is_for_everyone() {
    play(async |stage| {
        let (axe, mut wrong) = (axe(), Vec::new());
        let browser = stage.browser().await;
        open_closed_case(stage, &browser).await;
        browser.tap(&star(4)).await;
        browser.wait("[data-test=rate-words]").await;
        look(&browser, &axe, "closed case", &mut wrong).await;
        let narrow = json!({"width": 320, "height": 640, "deviceScaleFactor": 2, "mobile": true});
        browser.tool("Emulation.setDeviceMetricsOverride", narrow).await;
        for scale in ["", "large"] {
            browser.js(&format!("document.documentElement.dataset.scale = '{scale}'")).await;
            look(&browser, &axe, &format!("closed case, 320 px {scale}"), &mut wrong).await;
            let wide = browser.js("return document.scrollingElement.scrollWidth").await;
            assert_eq!(wide, 320, "nothing to scroll sideways {scale}");
        }
        browser.tap("[data-test=contest]").await;
        browser.wait("[data-test=contest-reason]").await;
        look(&browser, &axe, "contest", &mut wrong).await;
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    });
}
