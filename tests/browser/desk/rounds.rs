//! A case that does not go straight: given back, contested and done again, left lying, merged over two steps.

use super::hands::{by_hand, choose, file, open, report, state};
use super::{aside, desk, handler_of, post};
use crate::access::{axe, look};
use crate::browser::Browser;
use crate::stage::{Stage, photo, play, until_true};
use woodlark_domain::case::{Actor, Command};
use woodlark_domain::report::Reason;
use woodlark_domain::{CaseId, DepartmentCode, Role, UserId};

async fn send_order(browser: &Browser, command: &str, words: &str) {
    browser.tap(&format!("[data-test=order][data-command={command}]")).await;
    browser.write("[data-test=words]", words).await;
    browser.tap("[data-test=send-order]").await;
}

/// What a department does to a case that it has: it signs, if it has to, and finishes.
async fn handled(stage: &Stage, case: CaseId, department: &str, signs: bool) {
    let department: DepartmentCode = department.parse().unwrap();
    let handler = Actor::staff(UserId::new(1_795_399_200_000, [77; 10]), Role::Handler).of(department);
    if signs {
        aside::done(stage, case, handler.clone(), Command::Sign).await;
    }
    let photos = vec![aside::a_photo_of(stage, case).await];
    let note = Reason::new("换了灯泡").unwrap();
    aside::done(stage, case, handler, Command::Finish { note, photos, verdict: None, fix: None }).await;
}

/// A resident reports a lamp; the rules file it and send it to a department at once.
async fn lamp(stage: &Stage, resident: &Browser) -> (CaseId, String, String, String) {
    crate::journeys::write_report(resident, "路灯不亮", &[&photo("landscape_1.jpg")]).await;
    resident.tap("[data-test=locate]").await;
    resident.wait(".place svg").await;
    resident.tap("[data-test=category]").await;
    resident.write("dialog[open] [data-test=category-search]", "灯不亮").await;
    resident.tap("dialog[open] [data-test=chip]").await;
    resident.wait_count("dialog[open]", 0).await;
    let number = crate::journeys::send(resident).await;
    resident.tap("[data-test=follow]").await;
    let case = stage.server.only_case(&resident.cookie().await);
    let text = |field: &str| case[field].as_str().unwrap().to_owned();
    (text("id").parse().unwrap(), number, text("department"), text("category"))
}

#[test]
fn a_wrong_case_is_back_with_its_dispatcher_who_reads_why_and_cannot_send_it_there_again() {
    play(async |stage| {
        let (category, department, wrong) = by_hand(stage);
        let resident = stage.browser().await;
        let number = report(&resident, "桥头栏杆松了", &[]).await;
        let chief = desk(stage, "值班长", &[post(Role::Acceptor), post(Role::Dispatcher)]).await;
        open(&chief, "accept", &number).await;
        file(&chief, &category).await;
        open(&chief, "dispatch", &number).await;
        choose(&chief, "department", &wrong).await;
        chief.tap("[data-test=send-order]").await;
        state(&chief, "dispatched").await;
        let elsewhere = desk(stage, "别的部门", &[handler_of(&wrong)]).await;
        open(&elsewhere, "handle", &number).await;
        send_order(&elsewhere, "return", "栏杆归市政管，不归我们").await;

        state(&chief, "filed").await;
        let told = chief.text("[data-test=step][data-command=return]").await;
        assert!(told.contains("栏杆归市政管，不归我们") && told.contains("别的部门"), "{told}");
        chief.go("/desk/queue/dispatch").await;
        chief.wait(&format!("[data-test=row][data-number='{number}']")).await;
        open(&chief, "dispatch", &number).await;
        choose(&chief, "department", &wrong).await;
        chief.tap("[data-test=send-order]").await;
        let refused = chief.text("[data-test=trouble]").await;
        assert!(refused.contains("退回过") && refused.contains("督办"), "{refused}");
        let mut violations = Vec::new();
        look(&chief, &axe(), "a refusal", &mut violations).await;
        assert!(violations.is_empty(), "{violations:#?}");
        choose(&chief, "department", &department).await;
        chief.tap("[data-test=send-order]").await;
        state(&chief, "dispatched").await;

        // A supervisor may send it there again.
        let there = desk(stage, "市政", &[handler_of(&department)]).await;
        open(&there, "handle", &number).await;
        send_order(&there, "return", "也不归我们").await;
        let supervisor = desk(stage, "督办", &[post(Role::Supervisor)]).await;
        open(&supervisor, "all", &number).await;
        supervisor.tap("[data-test=order][data-command=dispatch]").await;
        choose(&supervisor, "department", &wrong).await;
        supervisor.tap("[data-test=send-order]").await;
        state(&supervisor, "dispatched").await;
    });
}

#[test]
fn what_a_resident_contests_is_done_again_and_passed_by_somebody_else() {
    play(async |stage| {
        let resident = stage.browser().await;
        let (case, number, department, _) = lamp(stage, &resident).await;
        handled(stage, case, &department, true).await;
        let first = desk(stage, "核查员小陈", &[post(Role::Verifier)]).await;
        open(&first, "verify", &number).await;
        send_order(&first, "pass", "亮了").await;
        state(&first, "closed").await;

        resident.wait("[data-test=case-head][data-state=closed]").await;
        resident.tap("[data-test=contest]").await;
        resident.write("[data-test=contest-reason]", "晚上又灭了").await;
        resident.tap("dialog[open] [data-test=contest-send]").await;
        resident.wait("[data-test=case-head][data-state=verifying]").await;

        // It comes to whoever passed it too, who is told why it is not theirs any more.
        state(&first, "verifying").await;
        let told = first.text("[data-test=refusals]").await;
        assert!(told.contains("须由他人再看"), "{told}");
        first.wait_count("[data-test=order][data-command=pass]", 0).await;
        assert!(first.text("[data-test=step][data-command=contest]").await.contains("晚上又灭了"));

        let second = desk(stage, "核查员小周", &[post(Role::Verifier)]).await;
        open(&second, "verify", &number).await;
        send_order(&second, "rework", "确实不亮，线路要查").await;
        state(&second, "handling").await;
        resident.wait("[data-test=case-head][data-state=handling]").await;
        handled(stage, case, &department, false).await;
        state(&second, "verifying").await;
        send_order(&second, "pass", "夜里看过，亮").await;
        state(&second, "closed").await;
        resident.wait("[data-test=case-head][data-state=closed]").await;
        until_true("they may have the last word again", async || {
            resident.count("[data-test=contest]").await == 1
        })
        .await;
    });
}

#[test]
fn a_case_that_nobody_touches_calls_its_dispatcher_its_department_and_then_a_supervisor() {
    play(async |stage| {
        let (.., category) = lamp(stage, &stage.browser().await).await;
        let (number, department) = aside::neglected(stage, &category, 40).await;
        let supervisor = desk(stage, "督办", &[post(Role::Supervisor)]).await;
        supervisor.go("/desk/queue/overdue").await;
        // The clock has its turn every twenty seconds; nobody loads the page anew.
        let row = format!("[data-test=row][data-number='{number}']");
        supervisor.wait(&format!("{row} [data-late]")).await;
        let counted = "[data-test=queue][data-queue=overdue] .desk-count[data-late]";
        assert_ne!(supervisor.text(counted).await, "0");
        supervisor.tap(&row).await;
        supervisor.wait_count("[data-test=escalation]", 3).await;
        let called = supervisor.js("return [...document.querySelectorAll('[data-test=escalation]')].map((one) => one.innerText).join('|')").await;
        let called = called.as_str().unwrap();
        for who in ["派遣员", "处置", "督办"] {
            assert!(called.contains(who), "{who} in {called}");
        }
        assert_eq!(supervisor.count("[data-test=clock][data-late]").await, 1);
        let handler = desk(stage, "处置员", &[handler_of(&department)]).await;
        handler.go("/desk/queue/overdue").await;
        handler.wait(&row).await;
        let mut violations = Vec::new();
        look(&supervisor, &axe(), "overdue", &mut violations).await;
        assert!(violations.is_empty(), "{violations:#?}");
    });
}

#[test]
fn three_reports_merged_one_into_the_next_are_followed_by_all_three_on_their_own_pages() {
    play(async |stage| {
        let mut people = Vec::new();
        for words in ["井盖响", "井盖松动", "井盖危险"] {
            let browser = stage.browser().await;
            let number = report(&browser, words, &[]).await;
            browser.tap("[data-test=follow]").await;
            people.push((browser, number));
        }
        let acceptor = desk(stage, "受理员", &[post(Role::Acceptor)]).await;
        for (from, into) in [(0, 1), (1, 2)] {
            open(&acceptor, "accept", &people[from].1).await;
            acceptor.tap("[data-test=order][data-command=merge]").await;
            acceptor.write("[data-test=merge-number]", &people[into].1).await;
            acceptor.tap("[data-test=send-order]").await;
            state(&acceptor, "merged").await;
        }
        // Told on the page that stands open, and led to the case that goes on.
        for (browser, _) in &people[..2] {
            browser.wait("[data-test=case-head][data-state=merged]").await;
            browser.wait("[data-test=goes-on]").await;
        }
        let (first, _) = &people[0];
        first.tap("[data-test=goes-on]").await;
        // The second was merged too: one more step.
        first.wait("[data-test=case-head][data-state=merged]").await;
        until_true("the second's page", async || first.screen().await.contains("井盖松动")).await;
        first.tap("[data-test=goes-on]").await;
        first.wait("[data-test=case-head][data-state=received]").await;
        people[1].0.tap("[data-test=goes-on]").await;
        let mut violations = Vec::new();
        let (category, ..) = by_hand(stage);
        open(&acceptor, "accept", &people[2].1).await;
        file(&acceptor, &category).await;
        for (browser, _) in &people {
            browser.wait("[data-test=case-head][data-state=filed]").await;
            assert!(browser.screen().await.contains("井盖危险"), "it is the third's case that all look at");
        }
        people[1].0.go("/mine").await;
        people[1].0.wait("[data-test=case][data-state=merged]").await;
        people[1].0.tap("[data-test=case][data-state=merged]").await;
        people[1].0.wait("[data-test=goes-on]").await;
        look(&people[1].0, &axe(), "merged", &mut violations).await;
        assert!(violations.is_empty(), "{violations:#?}");
    });
}
