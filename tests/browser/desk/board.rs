//! The screen on a wall: set up once, it shows figures and holds nobody's session.

use super::{desk, post, sign_in_again};
use crate::access::{axe, look};
use crate::stage::{play, until_true};
use woodlark_domain::Role;

#[test]
fn a_screen_on_a_wall_shows_figures_signs_its_owner_out_and_comes_back_by_itself() {
    play(async |stage| {
        let axe = axe();
        let mut wrong = Vec::new();
        let chief = desk(stage, "值班长", &[post(Role::Supervisor)]).await;
        chief.go("/desk/figures").await;
        chief.tap("[data-test=to-board]").await;
        chief.tap("[data-test=board-start]").await;
        chief.wait("[data-test=board]").await;
        look(&chief, &axe, "the board", &mut wrong).await;
        // Switched off and on again it runs, and the desk is shut.
        chief.go("/desk/board").await;
        chief.wait("[data-test=board] .board-chart").await;
        chief.go("/desk").await;
        chief.wait("[data-test=sign-in]").await;
        assert!(wrong.is_empty(), "{wrong:#?}");
    });
}

#[test]
fn a_screen_on_a_wall_goes_dark_when_its_owner_takes_it_down() {
    play(async |stage| {
        let wall = desk(stage, "值班长", &[post(Role::Supervisor)]).await;
        wall.go("/desk/figures?lang=zh").await;
        let mine = wall.cookie().await.split_once("woodlark_desk=").unwrap().1[..64].to_owned();
        wall.tap("[data-test=to-board]").await;
        wall.tap("[data-test=board-start]").await;
        wall.wait("[data-test=board] .board-chart").await;

        // From the owner's own desk, far from the wall.
        let own = stage.screen().await;
        sign_in_again(stage, &own, &mine).await;
        own.go("/desk/me?lang=zh").await;
        own.wait_count("[data-test=seat]", 2).await;
        until_true("the screen is named", async || own.screen().await.contains("大屏")).await;
        own.wait_count("[data-test=end-seat]", 1).await;
        own.tap("[data-test=end-seat]").await;
        own.wait_count("[data-test=seat]", 1).await;

        // It asks by itself, and from then on shows nothing of the city.
        wall.wait_count("[data-test=board]", 0).await;
        until_true("it says that it is no screen any more", async || wall.count(".board-offer").await == 1)
            .await;
        assert_eq!(wall.count(".board-chart, .board-total").await, 0);
        wall.go("/desk/board").await;
        wall.wait(".board-offer").await;
    });
}
