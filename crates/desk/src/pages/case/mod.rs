//! One case: its clock, its pictures, where it is, what happened, and just what the reader may do to it now.

mod after;
mod bytes;
mod deeds;
mod facts;
mod give;
pub mod many;
mod offer;
mod orders;
mod photos;
mod voice;

use crate::app::use_desk;
use crate::messages::{d, name};
use crate::pages::waiting;
use crate::router::{Route, link};
use crate::seen;
use orders::Orders;
use wasm_bindgen_futures::spawn_local;
use woodlark_domain::queue::Queue;
use woodlark_domain::{CaseId, Timestamp};
use woodlark_ui::RwSignal;
use woodlark_ui::el::{El, effect, el, span};
use woodlark_ui::parts::{icon, pill};
use woodlark_ui::{Fault, t, when};
use woodlark_wire::{DeskCase, ProblemCode, path};

/// A case that is open, as every part of its page shares it.
#[derive(Clone, Copy)]
pub(super) struct Open {
    /// The queue that it is open beside.
    pub(super) queue: Queue,
    /// Which.
    pub(super) id: CaseId,
    /// The case, once read.
    pub(super) case: RwSignal<Option<DeskCase>>,
    /// Why it cannot be read.
    pub(super) said: RwSignal<String>,
    /// Of when it is, if the network gives nothing newer.
    pub(super) as_of: RwSignal<Option<Timestamp>>,
}

impl Open {
    /// Takes in how the case stands now; an older answer than what is shown is let go.
    pub(super) fn show(self, read: DeskCase) {
        // Photos are decided on and people called to a case without an event of its own.
        let is_newer = |case: &DeskCase| {
            let beside = case.photos != read.photos || case.escalations.len() < read.escalations.len();
            case.version < read.version || (case.version == read.version && beside)
        };
        if self.case.try_with_untracked(|case| case.as_ref().is_none_or(is_newer)) == Some(true) {
            self.case.set(Some(read));
        }
    }
}

/// The case beside its list.
#[must_use]
pub fn page(queue: Queue, id: CaseId) -> El {
    let desk = use_desk();
    let open = Open {
        queue,
        id,
        case: RwSignal::new(None),
        said: RwSignal::new(String::new()),
        as_of: RwSignal::new(None),
    };
    effect(Box::new(move || {
        desk.live.track();
        spawn_local(read(open));
    }));
    let orders = Orders::new(open);
    let close = link("icon-button", Route::Work(Some(queue), None))
        .attr("data-key", "Escape")
        .attr("aria-label", t().app_close)
        .test("close-case")
        .child(icon("cross"));
    let number = span("figure", "").test("number").says(move || {
        open.case.with(|case| case.as_ref().map(|case| case.number.to_string()).unwrap_or_default())
    });
    let state = move || {
        open.case.with(|case| {
            case.as_ref()
                .map(|case| pill(case.state, None).test("state").attr("data-state", case.state.code()))
        })
    };
    let head = el("header", "case-head")
        .child(el("h2", "").attr("tabindex", "-1").child(number))
        .dynamic(state)
        .dynamic(move || seen::note(open.as_of.get()))
        .child(span("grow", ""))
        .child(close);
    let waits = move || waiting::of_case(id, orders.in_form(), open.case.with(Option::is_some));
    let body = move || {
        Some(open.case.with(|case| match case {
            Some(case) => whole(open, orders, case),
            None => absent(open),
        }))
    };
    el("article", "case").child(head).dynamic(waits).dynamic(body)
}

async fn read(open: Open) {
    match seen::read::<DeskCase>(&path::desk_case(open.id)).await {
        Ok(read) => {
            let _ = open.as_of.try_set(read.as_of);
            open.show(read.value);
        }
        // It may have been theirs a moment ago.
        Err(fault) if fault.code() == Some(ProblemCode::NotFound) => {
            let _ = open.said.try_set(t().case_missing.to_owned());
            let _ = open.case.try_set(None);
        }
        Err(Fault::NoNetwork) => drop(open.said.try_set(d().seen_never.to_owned())),
        Err(fault) => drop(open.said.try_set(use_desk().heard(&fault))),
    }
}

fn absent(open: Open) -> El {
    let words = move || {
        let said = open.said.get();
        if said.is_empty() { t().app_loading.to_owned() } else { said }
    };
    el("p", "soft empty").says(words)
}

fn whole(open: Open, orders: Orders, case: &DeskCase) -> El {
    el("div", "case-body")
        .child(head(case))
        .child(orders.section(case))
        .maybe(offer::offer(open, case))
        .child(photos::section(open, case))
        .child(facts::facts(open, case))
        .maybe(facts::alike(open, orders, case))
        .maybe(facts::escalations(case))
        .maybe(deeds::section(open))
        .child(facts::history(case))
}

fn head(case: &DeskCase) -> El {
    let title = case
        .category_name
        .as_ref()
        .map_or_else(|| woodlark_ui::messages::kind_short(case.kind).to_owned(), name);
    let clock = case.clock.map(|clock| {
        el("p", "case-clock")
            .flag("data-late", clock.late)
            .test("clock")
            .child(icon("clock"))
            .child(el("b", "figure").text(&when::until(clock.due_at)))
            .child(span("soft", &d().case_due(&when::moment(clock.due_at))))
    });
    let said = (!case.words.is_empty()).then(|| el("p", "said").text(&case.words));
    el("section", "case-title").child(el("h3", "").text(&title)).maybe(clock).maybe(said)
}
