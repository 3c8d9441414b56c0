//! What is known of a case: where, who, how often; cases like it; what happened.

use super::Open;
use super::orders::Orders;
use crate::app::use_desk;
use crate::messages::{self, d, name};
use crate::router::{Route, link};
use wasm_bindgen_futures::spawn_local;
use woodlark_domain::policy::Action;
use woodlark_domain::{Role, State, Visibility};
use woodlark_ui::RwSignal;
use woodlark_ui::el::{El, button, el, span};
use woodlark_ui::map::{self, Mark};
use woodlark_ui::parts::{icon, pill};
use woodlark_ui::{api, t, when};
use woodlark_wire::{DeskCase, DeskReporter, DeskStep, path};

/// The facts, and the map.
pub(super) fn facts(open: Open, case: &DeskCase) -> El {
    let row = |label: &str, words: &str| {
        el("div", "").child(el("dt", "").text(label)).child(el("dd", "").text(words))
    };
    let maybe = |label: &str, words: Option<String>| {
        words.filter(|words| !words.is_empty()).map(|words| row(label, &words))
    };
    let d = d();
    let counts: Vec<String> = [
        (case.joiners, d.case_joiners as &str),
        (case.returns, d.case_returns),
        (case.reworks, d.case_reworks),
        (case.extensions, d.case_extensions),
        (case.contests, d.case_contests),
    ]
    .iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, words)| [words, " ", &count.to_string()].concat())
    .chain(case.forced.then(|| d.case_forced.to_owned()))
    .collect();
    let door = [messages::door(case.door), case.entry.as_ref().map_or("", |entry| entry.as_str())].join(" ");
    let promise = case.promise.as_ref().map(|promise| when::moment(promise.at));
    let list = el("dl", "facts")
        .maybe(maybe(d.case_area, case.area_name.as_ref().map(name)))
        .maybe(maybe(d.case_place, case.place_words.clone()))
        .maybe(maybe(t().case_department, case.department_name.as_ref().map(name)))
        .maybe(maybe(t().case_promise, promise))
        .child(row(d.case_received, &when::moment(case.received_at)))
        .child(row(d.case_door, door.trim()))
        .maybe((case.visibility == Visibility::Private).then(|| row(d.case_visibility, t().case_private)))
        .maybe(maybe(d.case_counts, Some(counts.join(" · "))));
    let mark = case.position.map(|at| Mark { at, accuracy_m: case.accuracy_m });
    let map = move || {
        mark.and_then(|mark| use_desk().city.with(|city| city.as_ref().map(|city| map::still(city, mark))))
    };
    // What is on the lark wall can be handed to those it praises, on paper.
    let on_wall =
        matches!(case.state, State::Published | State::Thanked) && case.visibility == Visibility::Public;
    let card = on_wall.then(|| {
        el("a", "text-button")
            .attr("href", &path::thanks_card(open.id))
            .attr("target", "_blank")
            .attr("rel", "noopener")
            .test("thanks-card")
            .text(d.case_thanks_card)
    });
    el("section", "card case-facts").dynamic(map).child(list).maybe(card).maybe(reporter(open))
}

/// Who reported it is shown on request, and that it was is recorded.
fn reporter(open: Open) -> Option<El> {
    let desk = use_desk();
    if !desk.may(Action::ReadReporter) {
        return None;
    }
    let found = RwSignal::new(None::<String>);
    let ask = move || {
        spawn_local(async move {
            let words = match api::get::<DeskReporter>(&path::desk_reporter(open.id)).await {
                Ok(reporter) => d().reporter_words(
                    reporter.phone.as_deref().unwrap_or(d().reporter_no_phone),
                    &reporter.reports.to_string(),
                    &reporter.filed.to_string(),
                ),
                Err(fault) => desk.heard(&fault),
            };
            let _ = found.try_set(Some(words));
        });
    };
    Some(el("div", "reporter").dynamic(move || {
        Some(match found.get() {
            Some(words) => el("p", "soft").test("reporter").text(&words),
            None => button("text-button", ask).test("reporter-ask").text(d().reporter_ask),
        })
    }))
}

/// Open cases like it, each to be opened or merged into.
pub(super) fn alike(open: Open, orders: Orders, case: &DeskCase) -> Option<El> {
    if case.alike.is_empty() {
        return None;
    }
    let merges = case.actions.iter().any(|action| action.command == "merge");
    let rows = case.alike.iter().map(|one| {
        let title = one
            .category
            .as_ref()
            .map_or_else(|| woodlark_ui::messages::kind_short(one.kind).to_owned(), name);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most fifty")]
        let metres = (one.metres.round() as u32).to_string();
        let about = [&d().alike_metres(&metres), " · ", &when::ago(one.received_at)].concat();
        let id = one.id;
        let merge = merges.then(|| {
            button("btn small ghost", move || orders.merge_into(id)).test("merge-into").text(d().alike_merge)
        });
        let body = link("row-body", Route::Work(Some(open.queue), Some(id)))
            .child(el("b", "").text(&title))
            .child(span("soft", &about));
        el("li", "row").child(body).child(pill(one.state, None)).maybe(merge)
    });
    let section = el("section", "card").attr("aria-labelledby", "alike").test("alike");
    Some(
        section
            .child(el("h3", "").attr("id", "alike").text(d().alike_title))
            .child(el("ul", "rows").each(rows)),
    )
}

/// Whom the clock called because a stage took too long.
pub(super) fn escalations(case: &DeskCase) -> Option<El> {
    if case.escalations.is_empty() {
        return None;
    }
    let rows = case.escalations.iter().map(|call| {
        let due = when::moment(call.due_at);
        let why = if call.twice { d().case_escalated_twice(&due) } else { d().case_escalated(&due) };
        let mut who = messages::role(call.role).to_owned();
        if let Some(department) = &call.department {
            who.push_str(" · ");
            who.push_str(&name(department));
        }
        let body = span("row-body", "")
            .child(el("b", "").text(&who))
            .child(span("soft", &[&when::moment(call.at), " · ", &why].concat()));
        el("li", "row").test("escalation").child(icon("clock")).child(body)
    });
    let section = el("section", "card").attr("aria-labelledby", "escalations");
    Some(
        section
            .child(el("h3", "").attr("id", "escalations").text(d().case_escalations))
            .child(el("ul", "rows").each(rows)),
    )
}

/// What happened, oldest first, with who and in whose words.
pub(super) fn history(case: &DeskCase) -> El {
    el("section", "card")
        .attr("aria-labelledby", "history")
        .child(el("h3", "").attr("id", "history").text(t().case_steps))
        .child(el("ol", "timeline").each(case.steps.iter().map(step)))
}

fn step(step: &DeskStep) -> El {
    let what = match &step.to {
        Some(to) if step.command == "dispatch" => t().step_dispatch_to(&name(to)),
        Some(to) => [woodlark_ui::messages::step(&step.command), " · ", &name(to)].concat(),
        None => woodlark_ui::messages::step(&step.command).to_owned(),
    };
    let mut who = match (&step.name, step.role) {
        (Some(name), _) => name.clone(),
        (None, Role::System) => d().step_by_rules.to_owned(),
        (None, role) => messages::role(role).to_owned(),
    };
    for more in
        step.department.iter().map(name).chain(step.rule.as_ref().map(|rule| d().step_rule(rule.as_str())))
    {
        who.push_str(" · ");
        who.push_str(&more);
    }
    let stars = step.stars.map(|stars| {
        span("stars-given", &"★".repeat(usize::from(stars)))
            .attr("aria-label", &d().step_stars(&stars.to_string()))
            .attr("role", "img")
    });
    let words = step.words.as_ref().map(|words| el("q", "step-words").text(words));
    el("li", "step")
        .test("step")
        .attr("data-command", &step.command)
        .child(el("b", "").text(&what))
        .child(span("soft", &[&when::moment(step.at), " · ", &who].concat()))
        .maybe(stars)
        .maybe(words)
}
