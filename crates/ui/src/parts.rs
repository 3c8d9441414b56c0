//! The drawn parts: icon, bird, pill, timeline. Each is a function that returns an element.

use crate::el::{El, button, el, span, svg};
use crate::messages::{self, t};
use crate::{RwSignal, when};
use woodlark_domain::{Kind, State};
use woodlark_wire::Step;

/// A symbol of the page's inline SVG, by its id.
#[must_use]
pub fn icon(id: &str) -> El {
    symbol("icon", id)
}

/// The bird of a kind, drawn large: woodpecker, kingfisher, lark.
#[must_use]
pub fn bird(class: &str, kind: Kind) -> El {
    symbol(
        class,
        match kind {
            Kind::Problem => "woodpecker",
            Kind::Suggestion => "kingfisher",
            Kind::Praise => "lark",
        },
    )
}

fn symbol(class: &str, id: &str) -> El {
    svg("svg", class).attr("aria-hidden", "true").child(svg("use", "").attr("href", &["#", id].concat()))
}

/// Where a case stands: a mark, its word, and the tone that goes with it; never colour alone.
#[must_use]
pub fn pill(state: State, more: Option<String>) -> El {
    let tone = match state {
        State::Received | State::Filed | State::Dispatched | State::Handling | State::Verifying => "open",
        State::Closed | State::Settled | State::Published | State::Thanked => "good",
        State::Declined | State::Merged | State::Withdrawn | State::Deferred => "rest",
    };
    let pill = tone_pill(tone, messages::state(state));
    pill.maybe(more.map(|more| span("pill-more", &more)))
}

/// A pill of a tone: `open`, `good`, `rest` or `bad`.
#[must_use]
pub fn tone_pill(tone: &str, words: &str) -> El {
    el("span", "pill").attr("data-tone", tone).child(el("i", "dot")).text(words)
}

/// What happened, in plain words, oldest first.
#[must_use]
pub fn timeline(steps: &[Step]) -> El {
    el("ol", "timeline").each(steps.iter().map(step))
}

fn step(step: &Step) -> El {
    let language = messages::language();
    let what = match &step.to {
        Some(to) => t().step_dispatch_to(to.in_language(language)),
        None => messages::step(&step.command).into(),
    };
    let who = match &step.by.department {
        _ if step.by.you => t().case_you,
        Some(department) => department.in_language(language),
        None => messages::role(step.by.role),
    };
    let when = [&when::moment(step.at), " · ", who].concat();
    let words = step.words.as_ref().filter(|words| !words.is_empty());
    el("li", "step")
        .test("step")
        .attr("data-command", &step.command)
        .child(el("b", "").text(&what))
        .child(span("soft", &when))
        .maybe(words.map(|words| el("q", "step-words").text(words)))
}

/// The way to the next page of a list, where there is one. A tap takes the cursor, so that a second tap does not bring the same
/// page twice; whoever reads puts it back where the page did not come.
pub fn more<C: 'static>(class: &str, next: RwSignal<Option<C>>, read: impl Fn(C) + 'static) -> Option<El> {
    let on = move || {
        if let Some(after) = next.try_update(Option::take).flatten() {
            read(after);
        }
    };
    next.with(Option::is_some).then(|| button(class, on).test("more").text(t().app_more))
}
