//! What a case's deeds came to in the ledger, for whoever may find one false.

use super::Open;
use crate::app::use_desk;
use crate::messages::d;
use crate::pages::rewards::deed_row;
use crate::widget::{Trouble, field, form, input, submit, trouble};
use wasm_bindgen_futures::spawn_local;
use woodlark_domain::CaseId;
use woodlark_domain::policy::Action;
use woodlark_ui::RwSignal;
use woodlark_ui::device::new_id;
use woodlark_ui::el::{El, button, effect, el};
use woodlark_ui::{Fault, api, json, t};
use woodlark_wire::{Because, DeskDeed, path};

/// The section; nothing for whoever may not, and nothing while there are no deeds.
pub(super) fn section(open: Open) -> Option<El> {
    if !use_desk().may(Action::ReverseDeed) {
        return None;
    }
    let deeds = RwSignal::new(Vec::<DeskDeed>::new());
    let id = open.id;
    effect(Box::new(move || {
        use_desk().live.track();
        spawn_local(async move {
            if let Ok(found) = api::get(&path::desk_deeds(id)).await {
                let _ = deeds.try_set(found);
            }
        });
    }));
    let list = move || {
        deeds.with(|all| {
            (!all.is_empty()).then(|| {
                el("section", "stack")
                    .test("deeds")
                    .child(el("h3", "").text(d().deeds_title))
                    .child(el("ul", "rows").each(all.iter().map(|one| row(id, one, deeds))))
            })
        })
    };
    Some(el("div", "hollow").dynamic(list))
}

fn row(case: CaseId, one: &DeskDeed, deeds: RwSignal<Vec<DeskDeed>>) -> El {
    let asking = RwSignal::new(false);
    let reason = RwSignal::new(String::new());
    let (busy, said): (RwSignal<bool>, Trouble) = (RwSignal::new(false), RwSignal::new(String::new()));
    let address = path::desk_deed_reverse(case, &one.entry);
    let act = move || {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let (address, body) = (address.clone(), Because { reason: reason.get_untracked() });
        spawn_local(async move {
            match reverse(&address, &body).await {
                Ok(now) => drop(deeds.try_set(now)),
                Err(fault) => drop(said.try_set(use_desk().heard(&fault))),
            }
            let _ = busy.try_set(false);
        });
    };
    let ask = move || {
        if !asking.get() {
            return Some(
                button("btn small ghost", move || asking.set(true))
                    .test("find-false")
                    .text(d().deed_find_false),
            );
        }
        Some(
            form("fields", act.clone())
                .child(field("false-reason", d().payout_reason, input("text", reason)))
                .child(submit("btn small", d().deed_take_back, busy).test("take-back"))
                .child(button("btn small ghost", move || asking.set(false)).text(t().app_cancel)),
        )
    };
    let row = deed_row(one);
    if !one.stands {
        return row;
    }
    row.child(el("div", "row-acts").dynamic(ask).child(trouble(said)))
}

async fn reverse(address: &str, body: &Because) -> Result<Vec<DeskDeed>, Fault> {
    let body = json::write(body).map_err(|_| Fault::NotOurs)?;
    api::read(&api::send("POST", address, &new_id().to_string(), Some(&body)).await?)
}
