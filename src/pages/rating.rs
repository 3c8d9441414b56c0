//! Five stars and, for whoever wishes, a few words.

use super::saying::Saying;
use core::time::Duration;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlElement;
use woodlark_domain::CaseId;
use woodlark_ui::RwSignal;
use woodlark_ui::el::{El, el, span};
use woodlark_ui::parts::icon;
use woodlark_ui::{Fault, json, t};
use woodlark_wire::{CaseView, Rate, path};

/// What is being rated; it outlives the case's redrawing.
#[derive(Clone, Copy)]
pub(super) struct Rating {
    id: CaseId,
    /// None chosen yet is 0.
    stars: RwSignal<u32>,
    /// A star was tapped since the last rating.
    touched: RwSignal<bool>,
    saying: Saying,
}

impl Rating {
    pub(super) fn new(id: CaseId, case: RwSignal<Option<CaseView>>) -> Self {
        let (stars, touched) = (RwSignal::new(0), RwSignal::new(false));
        Self { id, stars, touched, saying: Saying::new(case) }
    }

    /// The stars, and what was given before.
    pub(super) fn section(self, mine: Option<u8>) -> El {
        if !self.touched.get_untracked() {
            self.stars.set(mine.map_or(0, u32::from));
        }
        let chosen = move || match self.stars.get() {
            0 => String::new(),
            stars => t().rate_star(&stars.to_string()),
        };
        let stars = el("fieldset", "stars")
            .test("stars")
            .child(el("legend", "label").text(t().rate_title))
            .each((1..=5).map(|star| self.star(star)))
            .child(span("soft figure", "").attr("aria-hidden", "true").says(chosen));
        let rest = move || self.touched.get().then(|| self.rest());
        let thanks = mine.map(|_| {
            el("p", "soft").attr("id", "rated").attr("tabindex", "-1").test("rated").text(t().rate_thanks)
        });
        el("div", "rating").child(stars).maybe(thanks).dynamic(rest)
    }

    fn star(self, star: u32) -> El {
        let choose = move |_| {
            self.stars.set(star);
            self.touched.set(true);
        };
        let input = el("input", "unseen")
            .attr("type", "radio")
            .attr("name", "stars")
            .attr("aria-label", &t().rate_star(&star.to_string()))
            .prop("checked", move || (self.stars.get() == star).into())
            // The star that is chosen already says something when it is tapped again: words may follow.
            .on("click", choose)
            .on("change", choose);
        el("label", "star")
            .test("star")
            .bind("data-on", move || (star <= self.stars.get()).then(String::new))
            .child(input)
            .child(icon("star"))
    }

    fn rest(self) -> El {
        let label = el("label", "label").attr("for", "rate-words").text(t().rate_words);
        el("div", "stack")
            .child(label)
            .child(self.saying.field("rate-words", "2", ""))
            .child(self.saying.end("btn small", "rate-send", t().rate_send, move || self.send()))
    }

    fn send(self) {
        let Some(words) = self.saying.read() else { return };
        let stars = u8::try_from(self.stars.get_untracked()).unwrap_or(0);
        let rate = Rate { stars, words: Some(words).filter(|words| !words.is_empty()) };
        let body = json::write(&rate).map_err(|_| Fault::NotOurs);
        self.saying.busy.set(true);
        spawn_local(async move {
            // What is redrawn with the answer has no field any more; what was typed stays until then.
            let said = match body {
                Ok(body) => self.saying.post(&path::rate(self.id), body).await,
                Err(fault) => Err(fault),
            };
            if self.saying.ended(said) {
                let _ = self.touched.try_set(false);
                set_timeout(focus_thanks, Duration::from_millis(30));
            }
        });
    }
}

/// The button that was pressed is gone: what it led to takes the focus, and is read out.
fn focus_thanks() {
    if let Some(thanks) = document().get_element_by_id("rated") {
        // Without focus the thanks still stand there.
        let _ = thanks.unchecked_into::<HtmlElement>().focus();
    }
}
