//! Whoever walks away is asked whether they are still there, and then forgotten. Time is told by a clock that nobody sets, looked at
//! once a second.

use crate::app::{Kiosk, Page, use_kiosk};
use crate::js::ticks;
use crate::messages::k;
use core::cell::Cell;
use core::time::Duration;
use leptos::prelude::*;
use woodlark_domain::kiosk::{COUNTDOWN_SECONDS, IDLE_SECONDS, RESULT_IDLE_SECONDS};
use woodlark_ui::el::{El, button, el};
use woodlark_ui::page::forever;

/// How often the clock is looked at, in milliseconds.
const LOOK_MS: u64 = 1_000;
/// What somebody does who is there.
const SIGNS: [&str; 4] = ["pointerdown", "keydown", "input", "wheel"];

thread_local! {
    static LAST: Cell<f64> = const { Cell::new(0.0) };
}

/// What is to be done after so much rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rest {
    /// Nothing yet.
    Wait,
    /// Ask, with so many seconds left.
    Ask(u32),
    /// They are gone.
    Gone,
}

/// What so many seconds of rest on a page come to.
#[must_use]
pub fn rest(page: Page, seconds: f64) -> Rest {
    if !page.is_somebodys() {
        return Rest::Wait;
    }
    let patience = f64::from(if page == Page::Result { RESULT_IDLE_SECONDS } else { IDLE_SECONDS });
    let left = patience + f64::from(COUNTDOWN_SECONDS) - seconds;
    if seconds < patience {
        Rest::Wait
    } else if left <= 0.0 {
        Rest::Gone
    } else {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "one to thirty")]
        Rest::Ask(left.ceil() as u32)
    }
}

/// Somebody is there.
pub fn touched() {
    LAST.set(ticks());
}

/// Begins to look at the clock.
pub fn start(kiosk: Kiosk) {
    touched();
    for sign in SIGNS {
        forever(sign, move || {
            // Whoever is asked answers by the button: a sleeve that brushes the screen is no answer.
            if kiosk.asked.with_untracked(Option::is_none) {
                touched();
            }
        });
    }
    look(kiosk);
}

fn look(kiosk: Kiosk) {
    let asked = kiosk.asked;
    match rest(kiosk.page.get_untracked(), (ticks() - LAST.get()) / 1_000.0) {
        Rest::Wait => {
            if asked.with_untracked(Option::is_some) {
                asked.set(None);
            }
        }
        Rest::Ask(left) => {
            if asked.get_untracked() != Some(left) {
                asked.set(Some(left));
            }
        }
        Rest::Gone => {
            asked.set(None);
            kiosk.end();
            touched();
        }
    }
    set_timeout(move || look(kiosk), Duration::from_millis(LOOK_MS));
}

/// The question, and the one large answer.
#[must_use]
pub fn question() -> El {
    let asked = use_kiosk().asked;
    let stay = move || {
        touched();
        asked.set(None);
    };
    let words = el("p", "idle-words")
        .attr("role", "timer")
        .says(move || k().idle_words(&asked.get().unwrap_or_default().to_string()));
    el("div", "idle-panel")
        .child(el("h2", "").attr("id", "idle-title").text(k().idle_title))
        .child(words)
        .child(button("btn huge", stay).test("stay").text(k().idle_stay))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_rests_is_asked_and_then_forgotten() {
        let say = Page::Say;
        assert_eq!(rest(say, 119.9), Rest::Wait);
        assert_eq!(rest(say, 120.0), Rest::Ask(30));
        assert_eq!(rest(say, 149.5), Rest::Ask(1));
        assert_eq!(rest(say, 150.0), Rest::Gone);
        assert_eq!(rest(Page::Result, 60.0), Rest::Ask(30), "what became of it is shown for a minute");
        assert_eq!(rest(Page::Result, 90.0), Rest::Gone);
        assert_eq!(rest(Page::Attract, 1e9), Rest::Wait, "nobody is there");
    }
}
