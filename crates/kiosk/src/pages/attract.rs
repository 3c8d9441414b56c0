//! Nobody is here: what this is, and one place to begin.

use crate::app::{Page, use_kiosk};
use crate::idle;
use crate::messages::k;
use woodlark_domain::Kind;
use woodlark_ui::el::{El, button, el, span};
use woodlark_ui::parts::bird;

/// The page.
#[must_use]
pub fn page() -> El {
    let kiosk = use_kiosk();
    let begin = move || {
        idle::touched();
        kiosk.go(Page::Start);
    };
    let birds = [Kind::Problem, Kind::Suggestion, Kind::Praise]
        .map(|kind| span("attract-bird", "").attr("data-kind", kind.code()).child(bird("glyph", kind)));
    el("div", "attract")
        .child(el("div", "attract-birds").attr("aria-hidden", "true").each(birds))
        .child(el("h1", "").text(k().attract_title))
        .child(el("p", "attract-lead").text(k().attract_lead))
        .child(button("btn huge attract-start", begin).test("begin").text(k().attract_start))
        .child(el("p", "attract-promise").text(k().attract_promise))
}
