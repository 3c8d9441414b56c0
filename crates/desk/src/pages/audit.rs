//! The audit log: who did what, and who looked at what of whom. It is only ever appended to.

use crate::app::use_desk;
use crate::messages::{self, d};
use crate::router::{Route, link};
use crate::widget::{field, form, input, select};
use core::str::FromStr;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;
use woodlark_domain::CaseId;
use woodlark_domain::audit::AuditAction;
use woodlark_domain::queue::Queue;
use woodlark_ui::RwSignal;
use woodlark_ui::el::{El, el, span};
use woodlark_ui::parts::more;
use woodlark_ui::{api, when};
use woodlark_wire::{AuditRow, Page, path};

/// The page.
#[must_use]
pub fn page() -> El {
    let new = || RwSignal::new(String::new());
    let (login, subject, action) = (new(), new(), new());
    let (from, to) = (new(), new());
    let rows = RwSignal::new(Vec::<AuditRow>::new());
    let next = RwSignal::new(None::<String>);
    let said = new();
    let query = move || {
        let day = |text: String, end: bool| {
            when::begin_of_day(&text, end).map(|micros| micros.to_string()).unwrap_or_default()
        };
        let pairs = [
            ("login", login.get()),
            ("subject", subject.get()),
            ("action", action.get()),
            ("from", day(from.get(), false)),
            ("to", day(to.get(), true)),
        ];
        pairs.iter().filter(|(_, text)| !text.trim().is_empty()).fold("?".to_owned(), |all, (key, text)| {
            [&all, *key, "=", &String::from(js_sys::encode_uri_component(text.trim())), "&"].concat()
        })
    };
    let read = move |after: Option<String>| {
        let address = [path::AUDIT, &untrack(query), "after=", after.as_deref().unwrap_or("")].concat();
        spawn_local(async move {
            match api::get::<Page<AuditRow>>(&address).await {
                Ok(page) => {
                    let _ = said.try_set(String::new());
                    let _ = next.try_set(page.next);
                    let _ = rows.try_update(|rows| {
                        if after.is_none() {
                            rows.clear();
                        }
                        rows.extend(page.rows);
                    });
                }
                Err(fault) => {
                    let _ = next.try_set(after);
                    let _ = said.try_set(use_desk().heard(&fault));
                }
            }
        });
    };
    read(None);
    let csv = el("a", "btn small ghost")
        .flag("download", true)
        .test("csv")
        .bind("href", move || Some([path::AUDIT_CSV, &query()].concat()));
    let search = form("fields", move || read(None))
        .child(field("audit-login", d().sign_in_login, input("text", login).attr("autocapitalize", "none")))
        .child(field("audit-subject", d().audit_subject, input("text", subject)))
        .child(field("audit-action", d().audit_action, select(actions, action)))
        .child(field("audit-from", d().figures_from, input("date", from)))
        .child(field("audit-to", d().figures_to, input("date", to)))
        .child(el("button", "btn small").attr("type", "submit").test("audit-search").text(d().audit_search))
        .child(csv.text("CSV"));
    let list = move || {
        let said = said.get();
        if !said.is_empty() {
            return Some(el("p", "trouble").attr("role", "alert").text(&said));
        }
        Some(el("ol", "card rows audit").each(rows.with(|rows| rows.iter().map(row).collect::<Vec<_>>())))
    };
    let more = move || more("btn small ghost more-rows", next, move |after| read(Some(after)));
    el("div", "desk-page stack")
        .child(el("h1", "").text(d().audit_title))
        .child(el("p", "soft").text(d().audit_lead))
        .child(search)
        .dynamic(list)
        .dynamic(more)
}

/// The actions to choose from, and any.
fn actions() -> Vec<(String, String)> {
    let any = (String::new(), d().filter_any.to_owned());
    let all =
        AuditAction::ALL.iter().map(|action| (action.code().to_owned(), messages::did(*action).to_owned()));
    std::iter::once(any).chain(all).collect()
}

fn row(row: &AuditRow) -> El {
    let who = row.name.clone().unwrap_or_else(|| messages::role(row.role).to_owned());
    // A newer server may know what this program has no word for.
    let did = match AuditAction::from_code(&row.action) {
        Some(action) => messages::did(action),
        None => &row.action,
    };
    let what = [&who, " · ", messages::role(row.role), " · ", did].concat();
    let case = CaseId::from_str(&row.subject).ok().zip(row.number.as_ref());
    let subject = match case {
        Some((id, number)) => link("leaf figure", Route::Work(Some(Queue::All), Some(id))).text(number),
        None => span("soft", &row.subject),
    };
    let detail = (row.detail != "{}").then(|| el("code", "soft").text(&row.detail));
    el("li", "row")
        .test("deed")
        .attr("data-action", &row.action)
        .child(span("soft figure audit-at", &when::moment(row.at)))
        .child(span("row-body", "").child(el("b", "").text(&what)).child(subject).maybe(detail))
}
