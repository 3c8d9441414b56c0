//! The desk for everyone: no violation that axe-core finds, nothing sideways on a phone.

use super::{desk, handler_of, post};
use crate::access::{assert_fits, axe, look};
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
            for path in ["/desk/staff", "/desk/me", "/desk/city", "/desk/city/rules", "/desk/city/templates"]
            {
                chief.go(path).await;
                chief.wait("#main h1").await;
                look(&chief, &axe, &format!("{path}, {language}"), &mut wrong).await;
            }
        }
        assert!(wrong.is_empty(), "{} violations:\n{}", wrong.len(), wrong.join("\n"));
    });
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
