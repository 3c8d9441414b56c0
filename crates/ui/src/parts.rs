//! The drawn parts: icon, pill, bird, timeline. Each is a function that returns a view.

use crate::messages::{self, t};
use crate::when;
use leptos::prelude::*;
use woodlark_domain::{Kind, State};
use woodlark_wire::Step;

/// A symbol of the page's inline SVG, by its id.
#[must_use]
pub fn icon(id: &'static str) -> AnyView {
    view! { <svg class="icon" aria-hidden="true"><use href=format!("#{id}")></use></svg> }.into_any()
}

/// The bird of a kind: woodpecker, kingfisher, lark.
#[must_use]
pub const fn bird(kind: Kind) -> &'static str {
    match kind {
        Kind::Problem => "woodpecker",
        Kind::Suggestion => "kingfisher",
        Kind::Praise => "lark",
    }
}

/// Where a case stands: a dot, its word, and the tone that goes with it; never colour alone.
#[must_use]
pub fn pill(state: State, more: Option<String>) -> AnyView {
    let tone = match state {
        State::Received | State::Filed | State::Dispatched | State::Handling | State::Verifying => "open",
        State::Closed | State::Settled | State::Published | State::Thanked => "good",
        State::Declined | State::Merged | State::Withdrawn | State::Deferred => "rest",
    };
    let more = more.map(|more| view! { <span class="pill-more">{more}</span> });
    view! { <span class="pill" data-tone=tone><i class="dot"></i>{messages::state(state)}{more}</span> }.into_any()
}

/// What happened, in plain words, oldest first.
#[must_use]
pub fn timeline(steps: &[Step]) -> AnyView {
    let rows: Vec<_> = steps.iter().map(step).collect();
    view! { <ol class="timeline">{rows}</ol> }.into_any()
}

fn step(step: &Step) -> AnyView {
    let language = messages::language();
    let what = match &step.to {
        Some(to) => t().step_dispatch_to(to.in_language(language)),
        None => messages::step(&step.command).into(),
    };
    let who = if step.by.you { t().case_you.to_owned() } else { messages::role(step.by.role).to_owned() };
    let who = match &step.by.department {
        Some(department) if !step.by.you => department.in_language(language).to_owned(),
        _ => who,
    };
    let words = step.words.clone().filter(|words| !words.is_empty());
    view! {
        <li class="step" data-test="step" data-command=step.command.clone()>
            <b>{what}</b>
            <span class="soft">{when::moment(step.at)}" · "{who}</span>
            {words.map(|words| view! { <q class="step-words">{words}</q> })}
        </li>
    }
    .into_any()
}
