//! The key that takes the last order back: a hold and its end, both ways, and what it says where nothing can be taken back.

use super::hands::{by_hand, choose, file, open, report, state};
use super::{desk, handler_of, post};
use crate::browser::Browser;
use crate::stage::{play, until_true};
use woodlark_domain::Role;

/// The line says once the order is carried out that the key undoes it.
async fn offers(browser: &Browser) {
    let line = "[data-test=undo-line][data-can]";
    until_true("the key is offered", async || browser.text(line).await.contains("按 z 键可撤销")).await;
}

/// The key says why nothing is undone.
async fn refuses(browser: &Browser, words: &str) {
    until_true(&format!("the key says {words}"), async || {
        browser.press("z").await;
        browser.text("[data-test=undo-line]").await.contains(words)
    })
    .await;
    assert_eq!(browser.count("[data-test=undo-line][data-can]").await, 0);
}

#[test]
fn a_hold_is_undone_by_a_key_and_so_is_undoing_it_and_what_can_not_be_undone_is_said_so() {
    play(async |stage| {
        let (category, department, _) = by_hand(stage);
        let resident = stage.browser().await;
        let number = report(&resident, "桥头栏杆松了", &[]).await;
        let posts = [post(Role::Acceptor), post(Role::Dispatcher), handler_of(&department)];
        let one = desk(stage, "多面手", &posts).await;
        one.go("/desk/queue/accept?lang=zh").await;
        one.wait("[data-test=row]").await;
        refuses(&one, "还没有下过").await;

        open(&one, "accept", &number).await;
        file(&one, &category).await;
        refuses(&one, &format!("{number} 的“立案”不能撤销")).await;
        choose(&one, "department", &department).await;
        one.tap("[data-test=send-order]").await;
        state(&one, "dispatched").await;
        one.tap("[data-test=order][data-command=sign]").await;
        state(&one, "handling").await;

        one.tap("[data-test=order][data-command=defer]").await;
        one.write("[data-test=words]", "等材料").await;
        one.js("const day = document.querySelector('[data-test=day]'); day.value = '2099-01-01';
             day.dispatchEvent(new Event('input')); day.dispatchEvent(new Event('change'));")
            .await;
        one.tap("[data-test=send-order]").await;
        state(&one, "deferred").await;
        offers(&one).await;
        one.press("z").await;
        state(&one, "handling").await;
        offers(&one).await;
        let told = one.text(".case").await.matches("等材料").count();
        one.press("z").await;
        state(&one, "deferred").await;
        let again = one.text(".case").await.matches("等材料").count();
        assert!(again > told, "it waits again for the same: {told}, {again}");

        // Somebody else goes on meanwhile: nothing is undone over their heads.
        offers(&one).await;
        let other = desk(stage, "派遣员小李", &[post(Role::Dispatcher)]).await;
        other.go("/desk").await;
        other.wait("[data-test=queue]").await;
        open(&other, "all", &number).await;
        other.tap("[data-test=order][data-command=resume]").await;
        other.tap("[data-test=send-order]").await;
        state(&other, "handling").await;
        state(&one, "handling").await;
        refuses(&one, "之后又有新的进展").await;
        // The key is listed with the others.
        one.press("?").await;
        assert!(one.text("dialog[open] .keys").await.contains("撤销上一道指令"));
    });
}
