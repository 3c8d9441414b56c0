//! One book: its sums, deeds and payouts, and whether it is frozen. It has no name: whose it is is nothing to decide by.

use super::{payouts, send};
use crate::app::use_desk;
use crate::messages::d;
use crate::pages::city::deed_name;
use crate::router::{Route, link};
use crate::widget::{Trouble, field, form, input, submit, trouble};
use wasm_bindgen_futures::spawn_local;
use woodlark_domain::queue::Queue;
use woodlark_ui::RwSignal;
use woodlark_ui::device::new_id;
use woodlark_ui::el::{El, el, span};
use woodlark_ui::money::yuan;
use woodlark_ui::parts::{icon, tone_pill};
use woodlark_ui::{api, t, when};
use woodlark_wire::{Because, DeskBook, DeskDeed, path};

pub(super) fn page(id: String) -> El {
    let book = RwSignal::new(None::<DeskBook>);
    let said: Trouble = RwSignal::new(String::new());
    let address = path::desk_book(&id);
    let read = move || {
        let address = address.clone();
        spawn_local(async move {
            match api::get(&address).await {
                Ok(found) => drop(book.try_set(Some(found))),
                Err(fault) => drop(said.try_set(use_desk().heard(&fault))),
            }
        });
    };
    read();
    let shown = move || {
        let again = read.clone();
        book.with(|book| {
            let Some(book) = book else { return Some(el("p", "soft empty").text(t().app_loading)) };
            Some(parts(book, again))
        })
    };
    let back =
        link("leaf back-link", Route::Rewards(None)).child(icon("back")).child(span("", d().rewards_title));
    let freeze = move || {
        let (frozen, may) = book.with(|book| {
            let book = book.as_ref()?;
            Some((book.freezes.first().is_some_and(|newest| newest.frozen), book.may_freeze))
        })?;
        may.then(|| turn(&id, frozen, book))
    };
    el("div", "desk-page stack")
        .child(back)
        .child(el("h1", "").text(d().book_title))
        .child(el("p", "soft").text(d().book_lead))
        .child(trouble(said))
        .dynamic(shown)
        .dynamic(freeze)
}

/// What was decided about a payout may have changed its sums: `again` reads the book anew.
fn parts(book: &DeskBook, again: impl Fn() + Clone + 'static) -> El {
    let d = d();
    let payouts = book.payouts.iter().map(move |one| {
        let again = again.clone();
        payouts::row(one, move |_| again())
    });
    let sum = |name: &str, words: String| {
        el("div", "sum").child(el("dt", "soft").text(name)).child(el("dd", "figure").text(&words))
    };
    let sums = el("dl", "sums")
        .child(sum(d.book_points, book.points.to_string()))
        .child(sum(d.book_earned, book.earned.to_string()))
        .child(sum(d.budget_promised, yuan(book.cash_due)))
        .child(sum(d.budget_paid, yuan(book.cash_paid)));
    let freezes = book.freezes.iter().map(|one| {
        let words = if one.frozen { d.book_frozen_by(&one.name) } else { d.book_let_go_by(&one.name) };
        el("li", "row")
            .child(span("soft figure audit-at", &when::moment(one.at)))
            .child(span("row-body", "").child(el("b", "").text(&words)).child(span("soft", &one.reason)))
    });
    let freezes = (!book.freezes.is_empty()).then(|| el("ol", "card rows").each(freezes));
    let none = |list: bool, words: &str| (!list).then(|| el("p", "soft empty").text(words));
    el("div", "stack")
        .child(el("section", "card stack").child(sums))
        .maybe(freezes)
        .child(
            el("section", "card stack")
                .child(el("h2", "").text(d.book_deeds))
                .maybe(none(!book.deeds.is_empty(), d.book_no_deeds))
                .child(el("ul", "rows").each(book.deeds.iter().map(deed_row))),
        )
        .child(
            el("section", "card stack")
                .child(el("h2", "").text(d.payouts_title))
                .maybe(none(!book.payouts.is_empty(), d.payout_none))
                .child(el("ul", "rows").each(payouts)),
        )
}

/// A deed with the way to its case.
pub(in crate::pages) fn deed_row(one: &DeskDeed) -> El {
    let d = d();
    let number = one.number.as_ref().map(ToString::to_string).unwrap_or_default();
    let case = link("leaf figure", Route::Work(Some(Queue::All), Some(one.case_id))).text(&number);
    let (tone, words) = if one.stands { ("good", d.deed_stands) } else { ("rest", d.deed_taken_back) };
    let body = span("row-body", "")
        .child(el("b", "").text(deed_name(one.deed)))
        .child(span(
            "soft",
            &[&d.payout_points(&one.points.to_string()), " · ", &when::moment(one.at)].concat(),
        ))
        .child(case);
    el("li", "row deed")
        .test("deed")
        .flag("data-stands", one.stands)
        .child(body)
        .child(tone_pill(tone, words))
}

fn turn(id: &str, frozen: bool, book: RwSignal<Option<DeskBook>>) -> El {
    let d = d();
    let reason = RwSignal::new(String::new());
    let (busy, said): (RwSignal<bool>, Trouble) = (RwSignal::new(false), RwSignal::new(String::new()));
    let address = if frozen { path::desk_unfreeze(id) } else { path::desk_freeze(id) };
    let act = move || {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let (address, body) = (address.clone(), Because { reason: reason.get_untracked() });
        spawn_local(async move {
            match send::<_, DeskBook>(&address, &new_id().to_string(), &body).await {
                Ok(now) => drop(book.try_set(Some(now))),
                Err(fault) => drop(said.try_set(use_desk().heard(&fault))),
            }
            let _ = busy.try_set(false);
        });
    };
    let (title, lead, words) = if frozen {
        (d.book_let_go_title, d.book_let_go_lead, d.book_let_go)
    } else {
        (d.book_freeze_title, d.book_freeze_lead, d.book_freeze)
    };
    el("section", "card stack")
        .child(el("h2", "").text(title))
        .child(el("p", "soft").text(lead))
        .child(
            form("fields", act)
                .child(field("freeze-reason", d.payout_reason, input("text", reason)))
                .child(submit("btn small ghost", words, busy).test("freeze")),
        )
        .child(trouble(said))
}
