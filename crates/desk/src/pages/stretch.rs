//! The stretch of a long list that stands in the page. What lies above and below it was read and is not drawn, so that a
//! thousand rows weigh no more than a hundred. It moves with whoever scrolls or walks through the rows by keys; what is
//! looked at stays where it is on the screen, and what has the focus keeps it.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, HtmlElement};
use woodlark_ui::RwSignal;

/// Rows that stand in the page at most.
pub const MOST: usize = 120;
/// By how many rows it moves.
const STEP: usize = 40;
/// So many rows before its end it moves for whoever walks by keys.
const NEAR: usize = 10;

/// Which way to go on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Towards what comes first.
    Back,
    /// Towards what comes later.
    On,
}

/// Where it begins, and what moves it.
#[derive(Clone, Copy)]
pub struct Stretch {
    /// The first row that is drawn.
    pub start: RwSignal<usize>,
    moving: StoredValue<bool>,
    /// A row that is to stay where it is on the screen, and where that is.
    pinned: StoredValue<Option<(usize, f64)>>,
}

impl Stretch {
    /// From the beginning of the list.
    #[must_use]
    pub fn from_the_top() -> Self {
        Self { start: RwSignal::new(0), moving: StoredValue::new(false), pinned: StoredValue::new(None) }
    }

    /// Whether there is more of what is known beyond it.
    #[must_use]
    pub fn has_more(self, known: usize) -> bool {
        self.start.get_untracked().saturating_add(MOST) < known
    }

    /// Which way a row leads that was just reached by keys; none in the midst.
    #[must_use]
    pub fn way_of(self, place: usize, known: usize) -> Option<Way> {
        let start = self.start.get_untracked();
        let end = start.saturating_add(MOST).min(known);
        if place.saturating_add(NEAR) >= end {
            Some(Way::On)
        } else if start > 0 && place < start.saturating_add(NEAR) {
            Some(Way::Back)
        } else {
            None
        }
    }

    /// Which way somebody scrolls who has come near an end of what is drawn; none in the midst.
    #[must_use]
    pub fn way_of_scroll(self, scroller: &Element) -> Option<Way> {
        let (top, seen, all) = (scroller.scroll_top(), scroller.client_height(), scroller.scroll_height());
        if all.saturating_sub(top).saturating_sub(seen) < seen {
            Some(Way::On)
        } else if top < seen && self.start.get_untracked() > 0 {
            Some(Way::Back)
        } else {
            None
        }
    }

    /// Moves it one step; says whether it did.
    pub fn shift(self, way: Way) -> bool {
        if self.moving.get_value() {
            return false;
        }
        let start = self.start.get_untracked();
        let to = match way {
            Way::On => start.saturating_add(STEP),
            Way::Back => start.saturating_sub(STEP),
        };
        if to == start {
            return false;
        }
        // This row stands in the page before and after.
        let anchor = start.max(to);
        self.pinned.set_value(row(anchor).map(|row| (anchor, row.get_bounding_client_rect().top())));
        self.moving.set_value(true);
        self.start.set(to);
        true
    }

    /// The rows are about to be drawn anew: what has the focus is to have it again, what is pinned is to stay.
    pub fn redraws(self) {
        let focused = document().active_element().and_then(|row| row.get_attribute("data-number"));
        // Runs once they are in the page: before the next key is heard and before anything is painted.
        spawn_local(async move {
            if let Some(row) = focused.and_then(|number| of_number(&number)) {
                // A row that can't take the focus is merely not focused.
                let _ = row.focus();
            }
            let pinned = self.pinned.try_update_value(Option::take).flatten();
            if let Some((before, row)) = pinned.and_then(|(place, before)| Some((before, row(place)?)))
                && let Some(scroller) = scroller(&row)
            {
                let moved = row.get_bounding_client_rect().top() - before;
                #[expect(clippy::cast_possible_truncation, reason = "pixels of a page")]
                scroller.set_scroll_top(scroller.scroll_top().saturating_add(moved.round() as i32));
            }
            let _ = self.moving.try_set_value(false);
        });
    }
}

/// The row of a place, if it is drawn.
fn row(place: usize) -> Option<HtmlElement> {
    document().query_selector(&["[data-row='", &place.to_string(), "']"].concat()).ok()??.dyn_into().ok()
}

/// The place of a row.
#[must_use]
pub fn place_of(row: &Element) -> Option<usize> {
    row.get_attribute("data-row")?.parse().ok()
}

/// The row of a case's number, if it is drawn.
fn of_number(number: &str) -> Option<HtmlElement> {
    document().query_selector(&["[data-number='", number, "']"].concat()).ok()??.dyn_into().ok()
}

/// What scrolls the rows: their own box, or on a phone that of the page.
fn scroller(row: &Element) -> Option<Element> {
    let mut boxes =
        [".work-rows", ".desk-main"].into_iter().filter_map(|name| row.closest(name).ok().flatten());
    boxes.find(|one| one.scroll_height() > one.client_height())
}
