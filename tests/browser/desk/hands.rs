//! A case in the hands of five people: who reported it, who accepts, who dispatches, who handles, who verifies.

use super::{desk, handler_of, post};
use crate::browser::Browser;
use crate::journeys::{send, write_report};
use crate::network::Act;
use crate::stage::{Stage, photo, play, until, until_true};
use serde_json::Value;
use woodlark_domain::Role;

/// A report that names no category, so that a person has to; answers its number.
pub(super) async fn report(browser: &Browser, words: &str, photos: &[&std::path::Path]) -> String {
    write_report(browser, words, photos).await;
    browser.tap("[data-test=locate]").await;
    browser.wait(".place svg").await;
    send(browser).await
}

/// Opens a case from its queue.
pub(super) async fn open(browser: &Browser, queue: &str, number: &str) {
    browser.go(&format!("/desk/queue/{queue}")).await;
    browser.tap(&format!("[data-test=row][data-number='{number}']")).await;
    until_true("the case is open", async || browser.text(".case [data-test=number]").await == number).await;
}

pub(super) async fn choose(browser: &Browser, field: &str, value: &str) {
    let script = format!(
        "const field = document.querySelector('[data-test={field}]');
         if (!field || ![...field.options].some((one) => one.value === '{value}')) return false;
         field.value = '{value}'; field.dispatchEvent(new Event('change')); return true;"
    );
    until_true(&format!("{value} in {field}"), async || browser.js(&script).await == true).await;
}

pub(super) async fn state(browser: &Browser, state: &str) {
    browser.wait(&format!(".case [data-test=state][data-state={state}]")).await;
}

/// Files the open case under a category that the rules send to nobody by themselves.
pub(super) async fn file(browser: &Browser, category: &str) {
    choose(browser, "category", category).await;
    browser.tap("[data-test=send-order]").await;
    state(browser, "filed").await;
}

/// A category of the demonstration city that a dispatcher has to send, and where the rules propose to send it.
pub(super) fn by_hand(stage: &Stage) -> (String, String, String) {
    let store = super::store(stage);
    let city = store.read_blocking(woodlark_store::city::load).unwrap().unwrap();
    let area = "310120001001".parse().unwrap();
    let found = city.data().categories.iter().find_map(|category| {
        let fits = category.code.kind() == woodlark_domain::Kind::Problem
            && city.criterion(&category.code).is_some();
        let rule = woodlark_domain::dispatch::route(&city.data().rules, &category.code, &area)?;
        (fits && !rule.automatic && category.code.as_str().len() > 4)
            .then(|| (category.code.to_string(), rule.department.to_string()))
    });
    let (category, department) = found.unwrap();
    let other = city.data().departments.iter().find(|one| one.code.as_str() != department).unwrap();
    (category, department, other.code.to_string())
}

async fn case_of(stage: &Stage, browser: &Browser) -> Value {
    stage.server.only_case(&browser.cookie().await)
}

#[test]
fn a_case_goes_from_a_residents_phone_to_closed_through_five_windows() {
    play(async |stage| {
        let (category, department, wrong) = by_hand(stage);
        let resident = stage.browser().await;
        let number = report(&resident, "桥头栏杆松了", &[&photo("landscape_1.jpg")]).await;
        resident.tap("[data-test=follow]").await;
        resident.wait("[data-test=case-head][data-state=received]").await;
        resident.js("window.sameDocument = true").await;

        let acceptor = desk(stage, "受理员小王", &[post(Role::Acceptor)]).await;
        open(&acceptor, "accept", &number).await;
        acceptor.wait("[data-test=photo] img").await;
        file(&acceptor, &category).await;
        resident.wait("[data-test=case-head][data-state=filed]").await;

        // The dispatcher sends it to the wrong department, which gives it back; the rule's own proposal is right.
        let dispatcher = desk(stage, "派遣员小李", &[post(Role::Dispatcher)]).await;
        open(&dispatcher, "dispatch", &number).await;
        assert!(dispatcher.text("[data-test=why]").await.contains("规则"), "the rule says why");
        choose(&dispatcher, "department", &wrong).await;
        dispatcher.tap("[data-test=send-order]").await;
        state(&dispatcher, "dispatched").await;
        let elsewhere = desk(stage, "别的部门", &[handler_of(&wrong)]).await;
        open(&elsewhere, "handle", &number).await;
        elsewhere.tap("[data-test=order][data-command=return]").await;
        elsewhere.write("[data-test=words]", "不归我们管").await;
        elsewhere.tap("[data-test=send-order]").await;
        elsewhere.wait(".case > .empty").await;
        until_true("it is theirs no more", async || {
            elsewhere.go("/desk/queue/handle").await;
            elsewhere.wait("[data-test=empty]").await;
            true
        })
        .await;
        state(&dispatcher, "filed").await;
        dispatcher.tap("[data-test=order][data-command=dispatch]").await;
        choose(&dispatcher, "department", &wrong).await;
        dispatcher.tap("[data-test=send-order]").await;
        assert!(
            dispatcher.text("[data-test=trouble]").await.contains("退回过"),
            "only a supervisor may send it there again"
        );
        choose(&dispatcher, "department", &department).await;
        dispatcher.tap("[data-test=send-order]").await;
        state(&dispatcher, "dispatched").await;
        resident.wait("[data-test=case-head][data-state=dispatched]").await;

        let handler = desk(stage, "处置员老张", &[handler_of(&department), post(Role::Verifier)]).await;
        open(&handler, "handle", &number).await;
        handler.tap("[data-test=order][data-command=sign]").await;
        state(&handler, "handling").await;
        handler.write("[data-test=words]", "栏杆重新焊好了").await;
        handler.tap("[data-test=send-order]").await;
        assert!(handler.text("[data-test=trouble]").await.contains("照片"), "no finish without a photo");
        handler.attach("[data-test=album]", &[&photo("DSCN0010.jpg")]).await;
        handler.wait("[data-test=after-photo]").await;
        assert_eq!(
            handler.js("return document.querySelector('[data-test=words]').value").await,
            "栏杆重新焊好了"
        );
        handler.tap("[data-test=send-order]").await;
        state(&handler, "verifying").await;
        // Who handled it may verify others, but not this one, and is told why.
        assert!(handler.text("[data-test=refusals]").await.contains("处置过"));

        let verifier = desk(stage, "核查员小陈", &[post(Role::Verifier)]).await;
        open(&verifier, "verify", &number).await;
        verifier.tap("[data-test=order][data-command=rework]").await;
        verifier.write("[data-test=words]", "还有一根松的").await;
        verifier.tap("[data-test=send-order]").await;
        state(&verifier, "handling").await;
        state(&handler, "handling").await;
        handler.tap("[data-test=order][data-command=finish]").await;
        handler.write("[data-test=words]", "都焊牢了").await;
        handler.attach("[data-test=album]", &[&photo("landscape_2.jpg")]).await;
        handler.wait("[data-test=after-photo]").await;
        handler.tap("[data-test=send-order]").await;
        state(&verifier, "verifying").await;
        verifier.tap("[data-test=order][data-command=pass]").await;
        verifier.write("[data-test=words]", "现场看过，牢固").await;
        verifier.tap("[data-test=send-order]").await;
        state(&verifier, "closed").await;

        resident.wait("[data-test=case-head][data-state=closed]").await;
        assert_eq!(resident.js("return window.sameDocument").await, true, "live, without reloading");
        resident.wait("[data-test=slider]").await;
        let screen = resident.screen().await;
        for name in ["小王", "小李", "老张", "小陈"] {
            assert!(!screen.contains(name), "a resident reads no name of staff");
        }
        assert_eq!(case_of(stage, &resident).await["state"], "closed");
        for (who, browser) in [("acceptor", &acceptor), ("handler", &handler), ("verifier", &verifier)] {
            let complaints: Vec<String> =
                browser.complaints().await.into_iter().filter(|line| !line.contains("409")).collect();
            assert!(complaints.is_empty(), "{who}: {complaints:#?}");
        }
    });
}

#[test]
fn three_reports_of_one_matter_become_one_case_that_all_three_follow() {
    play(async |stage| {
        let mut people = Vec::new();
        for words in ["井盖响", "井盖松动", "井盖危险"] {
            let browser = stage.browser().await;
            let number = report(&browser, words, &[]).await;
            browser.tap("[data-test=follow]").await;
            people.push((browser, number));
        }
        let acceptor = desk(stage, "受理员", &[post(Role::Acceptor)]).await;
        for (_, number) in &people[1..] {
            open(&acceptor, "accept", number).await;
            acceptor.tap("[data-test=order][data-command=merge]").await;
            acceptor.write("[data-test=merge-number]", &people[0].1).await;
            acceptor.tap("[data-test=send-order]").await;
            state(&acceptor, "merged").await;
        }
        for (browser, _) in &people[1..] {
            browser.wait("[data-test=case-head][data-state=merged]").await;
            let cases = until("the other case is theirs too", async || {
                let cases = stage.server.cases(&browser.cookie().await);
                (cases.len() == 2).then_some(cases)
            })
            .await;
            assert!(
                cases
                    .iter()
                    .any(|case| case["number"] == people[0].1.as_str() && case["relation"] == "joiner"),
                "{cases:?}"
            );
        }
        assert_eq!(case_of(stage, &people[0].0).await["joiners"], 2);
    });
}

#[test]
fn a_photo_is_covered_before_everyone_may_see_it_and_the_desk_says_what_it_decided() {
    play(async |stage| {
        let resident = stage.browser().await;
        let number = report(&resident, "占道停车", &[&photo("landscape_1.jpg")]).await;
        let acceptor = desk(stage, "受理员", &[post(Role::Acceptor)]).await;
        open(&acceptor, "accept", &number).await;
        acceptor.tap("[data-test=photo]").await;
        acceptor.tap("dialog[open] [data-test=cover]").await;
        let drawn =
            "const c = document.querySelector('dialog[open] [data-test=mask]'); return c && c.width > 300";
        until_true("the photo lies under the brush", async || acceptor.js(drawn).await == true).await;
        acceptor
            .js("const c = document.querySelector('dialog[open] [data-test=mask]'); const r = c.getBoundingClientRect();
                 const at = (type, x, y) => c.dispatchEvent(new PointerEvent(type, { clientX: r.left + x, clientY: r.top + y, bubbles: true, cancelable: true }));
                 at('pointerdown', 40, 40); at('pointermove', 120, 60); at('pointerup', 120, 60);")
            .await;
        acceptor.tap("dialog[open] [data-test=mask-done]").await;
        until_true("it says so", async || acceptor.text(".case-photos").await.contains("遮盖后公开")).await;
    });
}

#[test]
fn a_voice_is_fetched_whole_played_in_the_page_and_stands_in_the_audit_once() {
    play(async |stage| {
        let resident = stage.browser().await;
        resident.go("/report?kind=problem").await;
        resident.write("[data-test=words]", "占道停车").await;
        resident.tap("[data-test=voice]").await;
        until_true("a second was heard", async || {
            resident.js("return /59/.test(document.querySelector('.voice [role=timer]')?.textContent)").await
                == true
        })
        .await;
        resident.tap("[data-test=voice-stop]").await;
        resident.wait("[data-test=voice-play]").await;
        let number = send(&resident).await;
        let acceptor = desk(stage, "受理员", &[post(Role::Acceptor)]).await;
        open(&acceptor, "accept", &number).await;
        stage.network.disturb("GET", "/voice/", 0, 1, Act::Answer(503, "{}"));
        acceptor.tap("[data-test=listen]").await;
        until_true("it is said that it did not come", async || {
            acceptor.screen().await.contains("没有读到录音")
        })
        .await;
        acceptor.tap("[data-test=listen]").await;
        let plays = "const voice = document.querySelector('[data-test=voice]'); return voice && voice.src.startsWith('blob:') && voice.readyState > 0";
        until_true("it plays", async || acceptor.js(plays).await == true).await;
        let supervisor = desk(stage, "监督", &[post(Role::Supervisor)]).await;
        supervisor.visit("/version").await;
        let audit = stage.server.get("/api/v1/desk/audit?action=listen_to_voice", &supervisor.cookie().await);
        assert_eq!(audit["rows"].as_array().unwrap().len(), 1, "{audit}");
    });
}

#[test]
fn many_cases_are_dispatched_at_once_and_by_the_keyboard_alone() {
    play(async |stage| {
        let (category, department, _) = by_hand(stage);
        let resident = stage.browser().await;
        let acceptor = desk(stage, "受理员", &[post(Role::Acceptor)]).await;
        for words in ["第一处", "第二处"] {
            let number = report(&resident, words, &[]).await;
            open(&acceptor, "accept", &number).await;
            file(&acceptor, &category).await;
        }
        let dispatcher = desk(stage, "派遣员", &[post(Role::Dispatcher)]).await;
        dispatcher.go("/desk/queue/dispatch").await;
        dispatcher.wait_count("[data-test=row]", 2).await;
        // Down, down, open, close, search: no pointer.
        dispatcher.press("j").await;
        dispatcher.press("j").await;
        dispatcher.press("\u{e007}").await;
        dispatcher.wait(".case [data-test=order][data-command=dispatch]").await;
        dispatcher.press("\u{e00c}").await;
        dispatcher.wait_count(".case", 0).await;
        dispatcher.press("/").await;
        until_true("the search has the focus", async || {
            dispatcher.js("return document.activeElement.matches('[data-test=search]')").await == true
        })
        .await;
        dispatcher.press("第二处").await;
        dispatcher.wait_count("[data-test=row]", 1).await;
        assert!(
            dispatcher.js("return location.search").await.as_str().unwrap().contains("text="),
            "the filter is in the address"
        );
        for _ in 0..3 {
            dispatcher.press("\u{e003}").await;
        }
        dispatcher.wait_count("[data-test=row]", 2).await;
        for row in 1..=2 {
            dispatcher.tap(&format!(".desk-rows li:nth-of-type({row}) [data-test=choose]")).await;
        }
        choose(&dispatcher, "many-department", &department).await;
        dispatcher.tap("[data-test=dispatch-many]").await;
        dispatcher.wait("[data-test=empty]").await;
        let cases = stage.server.cases(&resident.cookie().await);
        assert!(cases.iter().all(|case| case["state"] == "dispatched"), "{cases:?}");
    });
}

#[test]
fn what_moved_on_since_the_last_visit_is_news_at_home_until_it_is_looked_at() {
    play(async |stage| {
        let (category, _, _) = by_hand(stage);
        let resident = stage.browser().await;
        let number = report(&resident, "桥头栏杆松了", &[]).await;
        resident.go("/").await;
        resident.wait("[data-test=case][data-state=received]").await;
        assert_eq!(resident.count("[data-test=news]").await, 0, "nothing is news to whoever sees it happen");
        // The visit ends: what happens from now on is not told to this phone.
        resident.visit("/version").await;
        let acceptor = desk(stage, "受理员小王", &[post(Role::Acceptor)]).await;
        open(&acceptor, "accept", &number).await;
        file(&acceptor, &category).await;

        resident.go("/").await;
        resident.wait("[data-test=case][data-state=filed]").await;
        assert!(resident.text("[data-test=news]").await.contains('1'));
        resident.wait_count("[data-test=moved]", 1).await;
        resident.tap("[data-test=case]").await;
        resident.wait("[data-test=case-head][data-state=filed]").await;
        resident.js("history.back()").await;
        resident.wait("[data-test=case]").await;
        resident.wait_count("[data-test=news]", 0).await;
        assert_eq!(resident.count("[data-test=moved]").await, 0, "it was looked at");
    });
}
