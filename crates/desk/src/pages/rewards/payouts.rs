//! Payouts by where they stand, and what may be decided about each.

use super::send;
use crate::app::use_desk;
use crate::messages::d;
use crate::router::{Route, link};
use crate::widget::{Trouble, field, form, input, select, submit, trouble};
use wasm_bindgen_futures::spawn_local;
use woodlark_domain::policy::Action;
use woodlark_domain::redeem::PayoutState;
use woodlark_ui::RwSignal;
use woodlark_ui::device::new_id;
use woodlark_ui::el::{El, button, effect, el, span};
use woodlark_ui::money::yuan;
use woodlark_ui::parts::{more, tone_pill};
use woodlark_ui::{api, t, when};
use woodlark_wire::{DecidePayout, DeskPayout, Page, PayoutDecision, path};

/// What a state is called, and how it looks.
pub(super) fn state_words(state: PayoutState) -> (&'static str, &'static str) {
    let d = d();
    match state {
        PayoutState::Waiting => ("open", d.payout_waiting),
        PayoutState::Sending => ("open", d.payout_sending),
        PayoutState::Confirming => ("open", d.payout_confirming),
        PayoutState::Held => ("late", d.payout_held),
        PayoutState::Paid => ("good", d.payout_paid),
        PayoutState::Failed => ("rest", d.payout_failed),
        PayoutState::Declined => ("rest", d.payout_declined),
        PayoutState::Lapsed => ("rest", d.payout_lapsed),
        PayoutState::Withdrawn => ("rest", d.payout_withdrawn),
    }
}

pub(super) fn section(changed: impl Fn() + Copy + 'static) -> El {
    let state = RwSignal::new(PayoutState::Waiting.code().to_owned());
    let rows = RwSignal::new(None::<Vec<DeskPayout>>);
    let next = RwSignal::new(None::<String>);
    let said: Trouble = RwSignal::new(String::new());
    let read = move |after: Option<String>| {
        let of = state.get_untracked();
        let address =
            [path::DESK_PAYOUTS, "?state=", &of, "&after=", after.as_deref().unwrap_or("")].concat();
        let address = if after.is_some() { address } else { [path::DESK_PAYOUTS, "?state=", &of].concat() };
        spawn_local(async move {
            match api::get::<Page<DeskPayout>>(&address).await {
                Ok(page) if state.try_get_untracked().as_deref() == Some(&of) => {
                    let _ = next.try_set(page.next);
                    let _ = rows.try_update(|rows| match (after, rows.as_mut()) {
                        (Some(_), Some(rows)) => rows.extend(page.rows),
                        _ => *rows = Some(page.rows),
                    });
                }
                Ok(_) => {}
                Err(fault) => {
                    if state.try_get_untracked().as_deref() == Some(&of) {
                        let _ = next.try_set(after);
                    }
                    let _ = said.try_set(use_desk().heard(&fault));
                }
            }
        });
    };
    effect(Box::new(move || {
        state.track();
        rows.set(None);
        // Of another state, it means nothing here.
        next.set(None);
        read(None);
    }));
    let decided = move |one: DeskPayout| {
        rows.update(|rows| {
            for row in rows.iter_mut().flatten().filter(|row| row.id == one.id) {
                row.clone_from(&one);
            }
        });
        changed();
    };
    let states = || {
        PayoutState::ALL.iter().map(|one| (one.code().to_owned(), state_words(*one).1.to_owned())).collect()
    };
    let list = move || {
        rows.with(|rows| {
            Some(match rows {
                None => el("p", "soft empty").text(t().app_loading),
                Some(rows) if rows.is_empty() => el("p", "soft empty").text(d().payout_none),
                Some(rows) => el("ul", "rows").each(rows.iter().map(|one| row(one, decided))),
            })
        })
    };
    let more = move || more("btn small ghost more-rows", next, move |after| read(Some(after)));
    el("section", "card stack")
        .attr("aria-labelledby", "payouts-title")
        .child(el("h2", "").attr("id", "payouts-title").text(d().payouts_title))
        .child(el("div", "fields").child(field("payout-state", d().payout_state, select(states, state))))
        .child(trouble(said))
        .dynamic(list)
        .dynamic(more)
}

/// One payout, with what may be decided about it.
pub(super) fn row(one: &DeskPayout, decided: impl Fn(DeskPayout) + Clone + 'static) -> El {
    let d = d();
    let (tone, words) = state_words(one.state);
    let mut facts = vec![d.payout_points(&one.points.to_string()), when::moment(one.asked_at)];
    if one.state == PayoutState::Waiting {
        let (needed, given) = (one.approvals_needed.max(1).to_string(), one.approvals.len().to_string());
        facts.push(d.payout_approvals(&given, &needed));
        facts.push(d.payout_decide_by(&when::moment(one.decide_by)));
    }
    facts.extend(one.approvals.iter().map(|by| d.payout_approved_by(&by.name)));
    if one.giving_back {
        facts.push(d.payout_giving_back.to_owned());
    }
    if !one.why.is_empty() {
        facts.push(one.why.clone());
    }
    let frozen = one.frozen.as_ref().map(|why| span("late", &d.book_is_frozen(why)));
    let book = u128::from_str_radix(&one.book, 16).ok();
    let book = book.map(|book| link("leaf", Route::Rewards(Some(book))).test("open-book").text(d.book_open));
    let body = span("row-body", "")
        .child(el("b", "figure").text(&yuan(one.fen)))
        .child(span("soft", &facts.join(" · ")))
        .maybe(frozen)
        .maybe(book);
    el("li", "row payout")
        .test("payout")
        .attr("data-state", one.state.code())
        .child(body)
        .child(tone_pill(tone, words))
        .maybe(use_desk().may(Action::DecidePayout).then(|| decisions(one, decided)))
}

fn decisions(one: &DeskPayout, decided: impl Fn(DeskPayout) + Clone + 'static) -> El {
    let d = d();
    let (busy, said): (RwSignal<bool>, Trouble) = (RwSignal::new(false), RwSignal::new(String::new()));
    let asking = RwSignal::new(None::<PayoutDecision>);
    let reason = RwSignal::new(String::new());
    let id = one.id.clone();
    let decide = move |decision: PayoutDecision| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let decided = decided.clone();
        let (address, body) =
            (path::desk_payout(&id), DecidePayout { decision, reason: reason.get_untracked() });
        spawn_local(async move {
            match send::<_, DeskPayout>(&address, &new_id().to_string(), &body).await {
                Ok(one) => {
                    use_desk().said.set([state_words(one.state).1, " · ", &yuan(one.fen)].concat());
                    decided(one);
                }
                Err(fault) => drop(said.try_set(use_desk().heard(&fault))),
            }
            let _ = busy.try_set(false);
        });
    };
    let at_once = |decision: PayoutDecision, words: &str, test: &str, class: &str| {
        let decide = decide.clone();
        button(class, move || decide(decision)).test(test).text(words)
    };
    let with_reason = |decision: PayoutDecision, words: &str, test: &str| {
        button("btn small ghost", move || asking.set(Some(decision))).test(test).text(words)
    };
    let waiting = one.state == PayoutState::Waiting;
    let at_pay = matches!(one.state, PayoutState::Sending | PayoutState::Confirming | PayoutState::Held);
    let acts = el("div", "order-row")
        .maybe(
            (waiting && one.may_approve)
                .then(|| at_once(PayoutDecision::Approve, d.payout_approve, "approve", "btn small")),
        )
        .maybe(waiting.then(|| with_reason(PayoutDecision::Decline, d.payout_decline, "decline")))
        .maybe(
            (one.state == PayoutState::Held)
                .then(|| at_once(PayoutDecision::Resume, d.payout_resume, "resume", "btn small")),
        )
        .maybe(
            (at_pay && !one.giving_back)
                .then(|| with_reason(PayoutDecision::GiveBack, d.payout_give_back, "give-back")),
        );
    let ask = move || {
        let decision = asking.get()?;
        let decide = decide.clone();
        Some(
            form("fields", move || decide(decision))
                .child(field("payout-reason", d.payout_reason, input("text", reason)))
                .child(submit("btn small", d.payout_do, busy).test("reasoned"))
                .child(button("btn small ghost", move || asking.set(None)).text(t().app_cancel)),
        )
    };
    el("div", "row-acts").child(acts).dynamic(ask).child(trouble(said))
}
