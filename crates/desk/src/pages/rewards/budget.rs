//! Where the money stands, and the budget raised or lowered.

use super::send;
use crate::app::use_desk;
use crate::messages::d;
use crate::widget::{Trouble, field, form, input, submit, trouble};
use wasm_bindgen_futures::spawn_local;
use woodlark_ui::RwSignal;
use woodlark_ui::device::new_id;
use woodlark_ui::el::{El, el, span};
use woodlark_ui::money::{fen, yuan};
use woodlark_ui::when;
use woodlark_wire::{DeskRewards, FundRewards, path};

pub(super) fn section(rewards: RwSignal<Option<DeskRewards>>, may_fund: bool) -> El {
    let sums = move || {
        rewards.with(|rewards| {
            let d = d();
            let of = rewards.as_ref()?;
            let sum = |name: &str, fen: i64, test: &str| {
                el("div", "sum")
                    .child(el("dt", "soft").text(name))
                    .child(el("dd", "figure").test(test).text(&yuan(fen)))
            };
            Some(
                el("dl", "sums")
                    .child(sum(d.budget_left, of.budget, "budget"))
                    .child(sum(d.budget_promised, of.promised, "promised"))
                    .child(sum(d.budget_paid, of.paid, "paid"))
                    .child(sum(d.budget_fund, of.fund, "fund"))
                    .child(sum(d.budget_granted, of.granted, "granted")),
            )
        })
    };
    let decisions = move || {
        rewards.with(|rewards| {
            let of = rewards.as_ref()?;
            let row = |one: &woodlark_wire::FundingRow| {
                let sign = if one.fen > 0 { "+" } else { "" };
                el("li", "row")
                    .child(span("soft figure audit-at", &when::moment(one.at)))
                    .child(span("figure", &[sign, &yuan(one.fen)].concat()))
            };
            (!of.fundings.is_empty()).then(|| el("ol", "rows").each(of.fundings.iter().map(row)))
        })
    };
    el("section", "card stack")
        .attr("aria-labelledby", "budget-title")
        .child(el("h2", "").attr("id", "budget-title").text(d().budget_title))
        .dynamic(sums)
        .maybe(may_fund.then(|| funding(rewards)))
        .dynamic(decisions)
}

fn funding(rewards: RwSignal<Option<DeskRewards>>) -> El {
    let (sum, note) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (busy, said): (RwSignal<bool>, Trouble) = (RwSignal::new(false), RwSignal::new(String::new()));
    // One key until it was done: pressed again after a lost answer, it is the same decision.
    let key = RwSignal::new(new_id().to_string());
    let give = move || {
        let Some(fen) = fen(&sum.get_untracked()) else {
            said.set(d().budget_sum_wrong.to_owned());
            return;
        };
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let body = FundRewards { fen, note: note.get_untracked() };
        spawn_local(async move {
            match send::<_, DeskRewards>(path::DESK_FUNDING, &key.get_untracked(), &body).await {
                Ok(now) => {
                    key.set(new_id().to_string());
                    sum.set(String::new());
                    note.set(String::new());
                    said.set(String::new());
                    use_desk().said.set([d().budget_left, " ", &yuan(now.budget)].concat());
                    rewards.set(Some(now));
                }
                Err(fault) => said.set(use_desk().heard(&fault)),
            }
            busy.set(false);
        });
    };
    el("div", "stack")
        .child(
            form("fields", give)
                .child(field("fund-sum", d().budget_sum, input("text", sum).attr("inputmode", "decimal")))
                .child(field("fund-note", d().budget_note, input("text", note)))
                .child(submit("btn small", d().budget_give, busy).test("fund-give")),
        )
        .child(trouble(said))
}
