//! The desk for everyone: no violation that axe-core finds, nothing sideways on a phone.

use super::{desk, handler_of, post};
use crate::access::{assert_fits, axe, look};
use crate::browser::Browser;
use crate::stage::{photo, play};
use woodlark_domain::Role;

#[test]
fn axe_finds_nothing_on_any_page_of_the_desk_in_both_languages() {
    play(async |stage| {
        let (axe, mut wrong) = (axe(), Vec::new());
        let resident = stage.browser().await;
        crate::journeys::write_report(&resident, "路灯不亮", &[&photo("landscape_1.jpg")]).await;
        resident.tap("[data-test=locate]").await;
        resident.wait(".place svg").await;
        crate::journeys::send(&resident).await;
        let door = stage.browser().await;
        for language in ["zh", "en"] {
            door.go(&format!("/desk?lang={language}")).await;
            door.wait("[data-test=sign-in]").await;
            look(&door, &axe, &format!("door, {language}"), &mut wrong).await;
        }
        let chief =
            desk(stage, "值班长", &[post(Role::Acceptor), post(Role::Supervisor), post(Role::Admin)]).await;
        desk(stage, "别人", &[post(Role::Verifier)]).await;
        for language in ["zh", "en"] {
            for queue in ["accept", "dispatch", "overdue", "all"] {
                chief.go(&format!("/desk/queue/{queue}?lang={language}")).await;
                chief.wait("[data-test=row], [data-test=empty]").await;
                look(&chief, &axe, &format!("{queue}, {language}"), &mut wrong).await;
            }
            chief.go("/desk/queue/accept").await;
            chief.tap("[data-test=row]").await;
            chief.wait(".case [data-test=order]").await;
            chief.wait(".case-facts svg").await;
            look(&chief, &axe, &format!("case, {language}"), &mut wrong).await;
            chief.tap("[data-test=photo]").await;
            chief.wait("dialog[open] img").await;
            look(&chief, &axe, &format!("photo, {language}"), &mut wrong).await;
            chief.tap("dialog[open] .sheet-head button").await;
            chief.wait_count("dialog[open]", 0).await;
            look_at_orders(&chief, &axe, language, &mut wrong).await;
            for path in [
                "/desk/figures",
                "/desk/board",
                "/desk/audit",
                "/desk/staff",
                "/desk/me",
                "/desk/city",
                "/desk/city/rules",
                "/desk/city/templates",
            ] {
                chief.go(path).await;
                chief.wait("#main h1").await;
                chief.wait_count("[aria-busy=true]", 0).await;
                look(&chief, &axe, &format!("{path}, {language}"), &mut wrong).await;
            }
            chief.go("/desk/staff").await;
            chief.tap("[data-test=invite]").await;
            chief.wait("[data-test=trouble]").await;
            look(&chief, &axe, &format!("an invitation without a name, {language}"), &mut wrong).await;
            chief.tap("[data-test=end-staff]").await;
            chief.wait("dialog[open] [data-test=yes]").await;
            look(&chief, &axe, &format!("end an account?, {language}"), &mut wrong).await;
            chief.go("/desk/queue/all/00000000-0000-7000-8000-000000000000").await;
            chief.wait(".case .empty").await;
            look(&chief, &axe, &format!("no such case, {language}"), &mut wrong).await;
            door.go(&format!("/desk/invitation?lang={language}#nobody")).await;
            door.wait("[data-test=invitation-over]").await;
            look(&door, &axe, &format!("an invitation that is over, {language}"), &mut wrong).await;
        }
        assert!(wrong.is_empty(), "{} violations:\n{}", wrong.len(), wrong.join("\n"));
    });
}

/// Every order's form, what it says when something is missing, the keys, and the filters unfolded.
async fn look_at_orders(chief: &Browser, axe: &str, language: &str, wrong: &mut Vec<String>) {
    for order in ["file", "decline", "merge", "force_close"] {
        chief.tap(&format!("[data-test=order][data-command={order}]")).await;
        chief.wait(&format!("form[data-command={order}]")).await;
        chief.tap("[data-test=send-order]").await;
        chief.wait("[data-test=trouble]").await;
        look(chief, axe, &format!("{order} with something missing, {language}"), wrong).await;
    }
    chief.js("document.activeElement.blur()").await;
    chief.press("?").await;
    chief.wait("dialog[open] .keys").await;
    look(chief, axe, &format!("keys, {language}"), wrong).await;
    chief.press("\u{e00c}").await;
    chief.wait_count("dialog[open]", 0).await;
    chief.tap(".filter-more summary").await;
    look(chief, axe, &format!("filters, {language}"), wrong).await;
}

#[test]
fn the_departments_pocket_fits_a_phone() {
    play(async |stage| {
        let mut wrong = Vec::new();
        let resident = stage.browser().await;
        crate::journeys::write_report(&resident, "路灯不亮", &[]).await;
        resident.tap("[data-test=locate]").await;
        resident.wait(".place svg").await;
        resident.tap("[data-test=category]").await;
        resident.write("dialog[open] [data-test=category-search]", "灯不亮").await;
        resident.tap("dialog[open] [data-test=chip]").await;
        resident.wait_count("dialog[open]", 0).await;
        crate::journeys::send(&resident).await;
        let case = stage.server.only_case(&resident.cookie().await);
        let pocket = desk(stage, "处置员", &[handler_of(case["department"].as_str().unwrap())]).await;
        pocket.go("/desk/queue/handle").await;
        pocket.wait("[data-test=row]").await;
        assert_fits(&pocket, "queue", &mut wrong).await;
        pocket.tap("[data-test=row]").await;
        pocket.wait(".case [data-test=order]").await;
        assert_fits(&pocket, "case", &mut wrong).await;
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    });
}
