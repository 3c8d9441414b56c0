//! What became of a report: kept, on its way, or sent. "Sent" is said only when the server has said it.

use super::waiting::card;
use crate::app::use_app;
use crate::outbox::{Record, Stage};
use crate::platform::{Platform, platform};
use crate::router::{Route, link};
use crate::shell::bar;
use woodlark_domain::{CaseId, Kind};
use woodlark_ui::el::{El, el};
use woodlark_ui::parts::{bird, icon};
use woodlark_ui::{t, when};
use woodlark_wire::Receipt;

/// The page.
#[must_use]
pub fn page(id: CaseId) -> El {
    let records = use_app().outbox.records;
    let body = move || {
        records.with(|all| {
            Some(match all.iter().find(|record| record.id == id) {
                Some(Record { receipt: Some(receipt), manifest, .. }) => sent(receipt, manifest.kind),
                Some(record) => waiting(record),
                None => el("p", "soft empty").text(t().app_loading),
            })
        })
    };
    let another = link("btn ghost", Route::Report(None)).text(t().sent_another);
    let page = el("div", "page result").dynamic(body).child(another).dynamic(|| platform().closer());
    el("div", "").child(bar("", None)).child(page)
}

fn sent(receipt: &Receipt, kind: Kind) -> El {
    let promise = receipt.promised_at.map(|at| el("p", "promise").text(&t().sent_promise(&when::moment(at))));
    let head = el("div", "result-head")
        .attr("data-state", "accepted")
        .child(bird("result-bird", kind))
        .child(el("h2", "").child(icon("check")).text(t().sent_title))
        .child(el("p", "soft").text(t().sent_number))
        .child(el("p", "number").test("number").text(receipt.number.as_str()))
        .maybe(promise)
        .child(el("p", "soft").text(t().sent_thanks));
    let follow = link("btn", Route::Case(receipt.case_id)).test("follow").text(t().sent_open);
    let case = receipt.case_id;
    el("div", "stack").child(head).child(follow).dynamic(move || platform().news(case))
}

fn waiting(record: &Record) -> El {
    let (title, hint) = match record.stage {
        Stage::Sending if record.trouble.is_none() => (t().sent_sending, ""),
        Stage::NeedsAttention => (t().sent_stuck, ""),
        Stage::Draft | Stage::Queued | Stage::Sending | Stage::Accepted => {
            (t().sent_queued, t().sent_queued_hint)
        }
    };
    let head = el("div", "result-head")
        .attr("data-state", "waiting")
        .child(bird("result-bird", record.manifest.kind))
        .child(el("h2", "").test("not-sent").text(title))
        .child(el("p", "soft").text(hint));
    el("div", "stack").child(head).child(card(record))
}
