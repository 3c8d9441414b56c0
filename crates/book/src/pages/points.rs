//! What a deed is worth, what a month gives at most, and what the table said before.

use super::overview::{mark, tone};
use crate::messages::{b, deed as deed_name};
use crate::router::Route;
use crate::shell::{bar, loading, trouble};
use wasm_bindgen_futures::spawn_local;
use woodlark_domain::city::Deed;
use woodlark_ui::el::{El, el, span};
use woodlark_ui::{Fault, RwSignal, api, when};
use woodlark_wire::{LedgerReward, PointsVersion, PointsView, path};

/// The page.
#[must_use]
pub fn page() -> El {
    let view = RwSignal::new(None::<Result<PointsView, Fault>>);
    let read = move || {
        let _ = view.try_set(None);
        spawn_local(async move {
            let _ = view.try_set(Some(api::get(path::LEDGER_POINTS).await));
        });
    };
    read();
    let body = move || {
        Some(view.with(|view| match view {
            None => loading(),
            Some(Err(fault)) => trouble(fault, read),
            Some(Ok(view)) => shown(view),
        }))
    };
    el("div", "").child(bar(Route::Points)).child(el("div", "page").dynamic(body))
}

fn shown(view: &PointsView) -> El {
    let table = el("section", "card")
        .child(el("h2", "").text(b().points_now))
        .child(el("ul", "rows").each(view.rewards.iter().map(|one| reward(*one))))
        .child(el("p", "soft cap").text(&b().points_cap(&view.monthly_cap.to_string())));
    let rules =
        [b().points_rule_confirmed, b().points_rule_once, b().points_rule_false, b().points_rule_kept];
    let rules = el("section", "card")
        .child(el("h2", "").text(b().points_rules))
        .child(el("ul", "rules soft").each(rules.map(|rule| el("li", "").text(rule))));
    let before = view.versions.iter().skip(1).map(Some).chain([None]);
    let history = view.versions.iter().zip(before).map(|(version, before)| changed(version, before));
    let history = el("section", "card")
        .child(el("h2", "").text(b().points_history))
        .child(el("ol", "history").test("history").each(history));
    el("div", "stack").child(table).child(rules).child(history)
}

fn reward(one: LedgerReward) -> El {
    el("li", "deed-sum")
        .test("reward")
        .attr("data-deed", one.deed.code())
        .attr("data-kind", tone(one.deed))
        .child(mark(one.deed))
        .child(
            span("grow", "")
                .child(el("b", "").text(deed_name(one.deed)))
                .child(span("soft", explained(one.deed))),
        )
        .child(span("figure amount", &one.points.to_string()))
}

fn explained(deed: Deed) -> &'static str {
    match deed {
        Deed::ProblemFiled => b().explain_problem_filed,
        Deed::Joined => b().explain_joined,
        Deed::SuggestionAdopted => b().explain_suggestion_adopted,
        Deed::PraisePublished => b().explain_praise_published,
        Deed::Rated => b().explain_rated,
    }
}

/// A version, and what it made different.
fn changed(version: &PointsVersion, before: Option<&PointsVersion>) -> El {
    let was = |deed: Deed| {
        let of = before.and_then(|before| before.rewards.iter().find(|one| one.deed == deed));
        of.map(|one| one.points)
    };
    let changes = version.rewards.iter().filter(|one| was(one.deed) != Some(one.points)).map(|one| {
        let now = one.points.to_string();
        let words = match was(one.deed) {
            Some(was) => b().points_changed(deed_name(one.deed), &now, &was.to_string()),
            None => b().points_set(deed_name(one.deed), &now),
        };
        el("li", "").text(&words)
    });
    let changes: Vec<El> = changes.collect();
    let same = changes.is_empty().then(|| el("li", "").text(b().points_same));
    el("li", "version-of")
        .child(el("b", "").text(&b().points_since(&when::date_of(version.at))))
        .child(el("ul", "soft").each(changes).maybe(same))
}
