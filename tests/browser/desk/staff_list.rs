//! The list of staff by file: a fault is shown with its line and nothing can be applied; the corrected one invites whoever
//! is new, whose link opens.

use super::{desk, post};
use crate::browser::Browser;
use crate::stage::{Stage, play};
use woodlark_domain::Role;

async fn hand_in(stage: &Stage, browser: &Browser, text: &str) {
    let path = stage.folder.join("人员.csv");
    std::fs::write(&path, text).unwrap();
    browser.attach("[data-test=staff-list] [data-test=upload]", &[&path]).await;
}

#[test]
fn a_list_of_staff_is_previewed_put_right_and_applied_and_a_link_is_shown_to_whoever_is_new() {
    play(async |stage| {
        let admin = desk(stage, "管理员老赵", &[post(Role::Admin)]).await;
        let verifier = desk(stage, "核查员小孙", &[post(Role::Verifier)]).await;
        admin.go("/desk/staff?lang=zh").await;
        // These two, and the first administrator whom the server's first start invited.
        admin.wait_count("[data-test=member]", 3).await;
        let file = admin
            .js_later("const done = arguments[0]; fetch('/api/v1/desk/staff/file').then((answer) => answer.text()).then(done)")
            .await;
        let file = file.as_str().unwrap();
        let lines = file.lines().count();
        let changed = file.replace(",verifier,", ",acceptor,");
        assert_ne!(file, changed);

        hand_in(stage, &admin, &format!("{changed}li.si,李四,handler,没有这个部门,\r\n")).await;
        admin.wait(&format!("[data-test=fault][data-line='{}']", lines + 1)).await;
        let told = admin.text("[data-test=fault]").await;
        assert!(told.contains(&format!("第 {} 行", lines + 1)) && told.contains("没有这个部门"), "{told}");
        assert_eq!(admin.count("[data-test=staff-apply]").await, 0, "nothing can be applied");

        hand_in(stage, &admin, &format!("{changed}li.si,李四,handler,shuiwu,\r\n")).await;
        admin.wait("[data-test=change][data-key='li.si']").await;
        admin.wait_count("[data-test=change]", 2).await;
        let numbers =
            "return [...document.querySelectorAll('.change-count b')].map((one) => one.textContent).join()";
        assert_eq!(admin.js(numbers).await, "1,1,2", "new, changed, as they stand");
        let told = admin.text("[data-test=change][data-key='li.si']").await;
        assert!(told.contains("处置") && !told.contains("shuiwu"), "in words: {told}");
        assert_eq!(admin.count("[data-test=member]").await, 3, "looking changes nothing");
        admin.tap("[data-test=staff-apply]").await;
        let link = admin.text("[data-test=invited][data-login='li.si'] [data-test=invited-link]").await;
        admin.wait_count("[data-test=member]", 4).await;
        verifier.go("/desk").await;
        verifier.wait("[data-test=queue][data-queue=accept]").await;

        // Shown once: the page anew knows nothing of it.
        let (_, path) = link.split_once("/desk/").unwrap();
        admin.go("/desk/staff").await;
        admin.wait_count("[data-test=member]", 4).await;
        assert_eq!(admin.count("[data-test=invited]").await, 0);
        let new = stage.screen().await;
        new.go(&format!("/desk/{path}")).await;
        assert!(new.text("#main").await.contains("li.si"));
    });
}
