//! What became of a report: kept, on its way, or sent. "Sent" is said only when the server has said it.

use super::mine::card;
use crate::app::use_app;
use crate::outbox::record::{Record, Stage};
use crate::router::{Route, link};
use crate::shell::bar;
use leptos::prelude::*;
use woodlark_domain::CaseId;
use woodlark_ui::parts::{bird, icon};
use woodlark_ui::{t, when};
use woodlark_wire::Receipt;

/// The page.
pub fn page(id: CaseId) -> AnyView {
    let app = use_app();
    let record = Memo::new(move |_| {
        app.outbox.records.with(|records| records.iter().find(|record| record.id == id).cloned())
    });
    let body = move || match record.get() {
        Some(Record { receipt: Some(receipt), manifest, .. }) => sent(&receipt, bird(manifest.kind)),
        Some(record) => waiting(record),
        None => view! { <p class="soft empty">{t().case_missing}</p> }.into_any(),
    };
    let another = Route::Report(None);
    view! {
        {bar("", ().into_any())}
        <div class="page result">
            {body}
            <a class="btn ghost" href=another.path() on:click=link(another)>{t().sent_another}</a>
        </div>
    }
    .into_any()
}

fn sent(receipt: &Receipt, bird: &'static str) -> AnyView {
    let route = Route::Case(receipt.case_id);
    let promise = receipt.promised_at.map(|at| view! { <p class="promise">{t().sent_promise(&when::moment(at))}</p> });
    view! {
        <div class="result-head" data-state="accepted">
            <svg class="result-bird" aria-hidden="true"><use href=format!("#{bird}")></use></svg>
            <h2>{icon("check")}{t().sent_title}</h2>
            <p class="soft">{t().sent_number}</p>
            <p class="number" data-test="number">{receipt.number.to_string()}</p>
            {promise}
            <p class="soft">{t().sent_thanks}</p>
        </div>
        <a class="btn" href=route.path() data-test="follow" on:click=link(route)>{t().sent_open}</a>
    }
    .into_any()
}

fn waiting(record: Record) -> AnyView {
    let (title, hint) = match record.stage {
        Stage::Sending if record.trouble.is_none() => (t().sent_sending, ""),
        Stage::NeedsAttention => (t().sent_stuck, ""),
        Stage::Draft | Stage::Queued | Stage::Sending | Stage::Accepted => (t().sent_queued, t().sent_queued_hint),
    };
    view! {
        <div class="result-head" data-state="waiting">
            <svg class="result-bird" aria-hidden="true"><use href=format!("#{}", bird(record.manifest.kind))></use></svg>
            <h2 data-test="not-sent">{title}</h2>
            <p class="soft">{hint}</p>
        </div>
        {card(record)}
    }
    .into_any()
}
