//! One order to many cases at once: dispatch to one department. Each case is an order of its own, with its own answer.

use crate::app::use_desk;
use crate::messages::d;
use crate::pages::staff::departments;
use crate::pages::work::List;
use crate::undo::Given;
use crate::widget::select;
use wasm_bindgen_futures::spawn_local;
use woodlark_domain::case::CommandKind;
use woodlark_domain::queue::Queue;
use woodlark_domain::{CaseId, DepartmentCode};
use woodlark_ui::RwSignal;
use woodlark_ui::device::new_id;
use woodlark_ui::el::{El, button, el, span};
use woodlark_ui::{Fault, api};
use woodlark_wire::{DeskCommand, DeskOrder, DeskRow, path};

/// The bar over a list of which cases were chosen.
pub fn bar(queue: Queue, list: List) -> Option<El> {
    let count = list.chosen.with(std::collections::BTreeSet::len);
    if count == 0 || queue != Queue::Dispatch {
        return None;
    }
    let to = RwSignal::new(String::new());
    let said = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let send = move || {
        let Ok(department) = DepartmentCode::new(to.get_untracked()) else {
            return said.set(d().order_department_missing.to_owned());
        };
        busy.set(true);
        spawn_local(async move {
            let chosen: Vec<DeskRow> = list.rows.with_untracked(|rows| {
                let chosen = list.chosen.get_untracked();
                rows.iter().filter(|row| chosen.contains(&row.id)).cloned().collect()
            });
            let (all, mut done, mut failed) = (chosen.len(), 0_usize, None);
            for DeskRow { id, version, number, .. } in chosen {
                match dispatch(id, version, &department).await {
                    Ok(()) => {
                        done += 1;
                        let _ = list.chosen.try_update(|chosen| chosen.remove(&id));
                        let command = CommandKind::Dispatch;
                        use_desk().last.keep(Given { order: None, case: id, number, command, back: None });
                    }
                    Err(fault) => failed = Some(use_desk().heard(&fault)),
                }
                let _ = said.try_set(d().many_progress(&done.to_string(), &all.to_string()));
            }
            // What was refused stays chosen, and the last reason is told.
            if let Some(why) = failed {
                use_desk().said.set(why);
            }
            let _ = busy.try_set(false);
            use_desk().live.notice();
        });
    };
    let go = button("btn small", send)
        .bind("disabled", move || busy.get().then(String::new))
        .test("dispatch-many");
    Some(
        el("div", "many")
            .child(span("", &d().many_chosen(&count.to_string())))
            .child(select(departments, to).attr("aria-label", d().order_department).test("many-department"))
            .child(go.text(d().order_dispatch))
            .child(span("soft", "").attr("role", "status").says(move || said.get())),
    )
}

async fn dispatch(id: CaseId, version: u32, department: &DepartmentCode) -> Result<(), Fault> {
    let command = DeskCommand::Dispatch { department: department.clone() };
    let body =
        serde_json::to_string(&DeskOrder { version, giver: None, command }).map_err(|_| Fault::NotOurs)?;
    api::send("POST", &path::desk_orders(id), &new_id().to_string(), Some(&body)).await.map(drop)
}
