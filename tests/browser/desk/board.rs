//! The screen on a wall: set up once, it shows figures and holds nobody's session.

use super::{desk, post};
use crate::access::{axe, look};
use crate::stage::play;
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
