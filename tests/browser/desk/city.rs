//! The city's data in a real browser: a file with a fault, the corrected one, what residents are then offered, the version
//! before; a row edited by hand; a correction that becomes a rule.

use super::hands::{by_hand, choose, file, open, report, state};
use super::{desk, post};
use crate::browser::Browser;
use crate::stage::{Stage, play, until_true};
use woodlark_domain::Role;

/// The part's file as it is handed out.
async fn download(browser: &Browser, part: &str) -> String {
    let script = format!(
        "const done = arguments[0]; fetch('/api/v1/desk/city/{part}/file').then((answer) => answer.text()).then(done)"
    );
    browser.js_later(&script).await.as_str().unwrap().to_owned()
}

async fn upload(stage: &Stage, browser: &Browser, name: &str, text: &[u8]) {
    let path = stage.folder.join(name);
    std::fs::write(&path, text).unwrap();
    browser.attach("[data-test=upload]", &[&path]).await;
}

async fn version(browser: &Browser, number: u32) {
    browser.wait(&format!("[data-test=part-version][data-number='{number}']")).await;
}

/// Whether somebody who comes anew is offered a category of this name.
async fn is_offered(stage: &Stage, name: &str) -> bool {
    let resident = stage.browser().await;
    resident.go("/report").await;
    resident.tap("[data-test=category]").await;
    resident.wait("dialog[open] [data-test=chip]").await;
    resident.write("dialog[open] [data-test=category-search]", name).await;
    let script = format!(
        "const chips = [...document.querySelectorAll('dialog[open] [data-test=chip]')].map((chip) => chip.textContent);
         return chips.length > 8 ? null : chips.some((chip) => chip.includes('{name}'))"
    );
    until_true("the list is narrowed", async || !resident.js(&script).await.is_null()).await;
    resident.js(&script).await == true
}

const NEW: &str =
    "C0198,共享单车,Shared bicycle,yes,单车,一般情形,Usual,wd2,单车归位,the bicycle is in its place\r\n";

#[test]
fn a_category_comes_by_a_file_is_offered_to_residents_and_goes_again_with_the_version_before() {
    play(async |stage| {
        let admin = desk(stage, "管理员老赵", &[post(Role::Admin)]).await;
        admin.go("/desk/city?lang=zh").await;
        admin.tap("[data-test=part][data-part=categories]").await;
        version(&admin, 1).await;
        let before = download(&admin, "categories").await;
        let lines = before.lines().count();

        let faulty = format!("{before}{}", NEW.replace("wd2", "两天"));
        upload(stage, &admin, "类别.csv", faulty.as_bytes()).await;
        admin.wait(&format!("[data-test=fault][data-line='{}'][data-code=limit]", lines + 1)).await;
        let told = admin.text("[data-test=fault]").await;
        assert!(told.contains(&format!("第 {} 行", lines + 1)) && told.contains("wd5"), "{told}");
        assert_eq!(admin.count("[data-test=apply]").await, 0, "nothing can be applied");
        admin.tap("[data-test=back]").await;
        assert!(!is_offered(stage, "共享单车").await);

        upload(stage, &admin, "类别.csv", format!("{before}{NEW}").as_bytes()).await;
        admin.wait("[data-test=change][data-key=C0198]").await;
        admin.wait_count("[data-test=change]", 1).await;
        admin.write("[data-test=note]", "增加共享单车").await;
        admin.tap("[data-test=apply]").await;
        version(&admin, 2).await;
        assert!(is_offered(stage, "共享单车").await, "the running server has taken it up");

        admin.tap("[data-test=history]").await;
        admin.wait_count("[data-test=version]", 2).await;
        assert!(admin.text("[data-test=version][data-number='2']").await.contains("增加共享单车"));
        admin.tap("[data-test=version][data-number='1'] [data-test=bring-back]").await;
        admin.wait("[data-test=change][data-key=C0198]").await;
        admin.tap("[data-test=apply]").await;
        version(&admin, 3).await;
        assert!(!is_offered(stage, "共享单车").await);
    });
}

#[test]
fn a_row_is_edited_by_hand_and_nothing_is_applied_over_somebody_elses_change() {
    play(async |stage| {
        let admin = desk(stage, "管理员老赵", &[post(Role::Admin)]).await;
        let other = desk(stage, "管理员老钱", &[post(Role::Admin)]).await;
        for (browser, name) in [(&admin, "区水务中心"), (&other, "区水务总站")] {
            browser.go("/desk/city/departments?lang=zh").await;
            browser.tap("[data-test=part-row][data-key=shuiwu] [data-test=edit-row]").await;
            browser.wait("dialog[open] [data-test=cell-name_zh]").await;
            browser.js("document.querySelector('[data-test=cell-name_zh]').value = ''").await;
            browser.write("dialog[open] [data-test=cell-name_zh]", name).await;
            browser.tap("dialog[open] [data-test=row-done]").await;
            browser.wait("[data-test=part-row][data-key=shuiwu][data-mark=changed]").await;
            browser.tap("[data-test=preview]").await;
            browser.wait("[data-test=change][data-key=shuiwu]").await;
        }
        assert!(admin.text("[data-test=change]").await.contains("区水务中心"));
        admin.tap("[data-test=apply]").await;
        version(&admin, 2).await;
        assert!(admin.text("[data-test=part-row][data-key=shuiwu]").await.contains("区水务中心"));

        other.tap("[data-test=apply]").await;
        assert!(other.text("[data-test=trouble]").await.contains("有人改过"));
        other.tap("[data-test=again]").await;
        let told = other.text("[data-test=change][data-key=shuiwu]").await;
        assert!(
            told.contains("区水务中心") && told.contains("区水务总站"),
            "against what stands now: {told}"
        );
        other.tap("[data-test=apply]").await;
        version(&other, 3).await;
    });
}

#[test]
fn what_a_dispatcher_corrects_becomes_a_rule_and_words_are_chosen() {
    play(async |stage| {
        let (category, _, other) = by_hand(stage);
        let resident = stage.browser().await;
        let number = report(&resident, "桥头栏杆松了", &[]).await;
        let acceptor = desk(stage, "受理员小王", &[post(Role::Acceptor)]).await;
        open(&acceptor, "accept", &number).await;
        acceptor.tap("[data-test=order][data-command=decline]").await;
        let first = acceptor.js("const one = document.querySelectorAll('[data-test=template] option')[1]; return one ? one.value : ''");
        let first = first.await.as_str().unwrap().to_owned();
        choose(&acceptor, "template", &first).await;
        until_true("the words are there", async || {
            acceptor.js("return document.querySelector('[data-test=words]').value").await == first.as_str()
        })
        .await;
        acceptor.tap("[data-test=order][data-command=file]").await;
        file(&acceptor, &category).await;

        let dispatcher = desk(stage, "派遣员小李", &[post(Role::Dispatcher)]).await;
        open(&dispatcher, "dispatch", &number).await;
        choose(&dispatcher, "department", &other).await;
        dispatcher.tap("[data-test=send-order]").await;
        state(&dispatcher, "dispatched").await;
        dispatcher.tap("[data-test=offer] [data-test=propose]").await;
        dispatcher.wait_count("[data-test=offer]", 0).await;

        let admin = desk(stage, "管理员老赵", &[post(Role::Admin)]).await;
        admin.go("/desk/city?lang=zh").await;
        assert!(admin.text("[data-test=proposal]").await.contains("派遣员小李"));
        admin.tap("[data-test=look-proposal]").await;
        admin.wait("[data-test=means][data-code=rerouted]").await;
        admin.wait_count("[data-test=change]", 1).await;
        admin.tap("[data-test=apply]").await;
        version(&admin, 2).await;
        admin.go("/desk/city").await;
        admin.wait("[data-test=part]").await;
        assert_eq!(admin.count("[data-test=proposal]").await, 0, "it is decided");
    });
}
