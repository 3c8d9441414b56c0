//! The list of staff as a file: handed out, handed in, previewed, applied; the links of those who are new, shown once.

use super::city::{changes, preview, upload};
use crate::app::use_desk;
use crate::messages::d;
use crate::widget::{form, submit, trouble};
use leptos::prelude::window;
use serde::Serialize;
use wasm_bindgen_futures::spawn_local;
use woodlark_domain::limits::STAFF_BYTES;
use woodlark_ui::RwSignal;
use woodlark_ui::device::new_id;
use woodlark_ui::el::{El, button, el, span};
use woodlark_ui::{Fault, api};
use woodlark_wire::{ProblemCode, StaffApplied, StaffInvited, StaffList, StaffListApply, StaffPreview, path};

/// A list that was handed in, on its way.
#[derive(Clone, Copy)]
struct Handed {
    /// The file's name and its text.
    file: RwSignal<Option<(String, String)>>,
    preview: RwSignal<Option<StaffPreview>>,
    applied: RwSignal<Option<StaffApplied>>,
    busy: RwSignal<bool>,
    said: RwSignal<String>,
}

/// The section; `read` reads the people below anew.
pub(super) fn section(read: impl Fn() + Copy + 'static) -> El {
    let list = Handed {
        file: RwSignal::new(None),
        preview: RwSignal::new(None),
        applied: RwSignal::new(None),
        busy: RwSignal::new(false),
        said: RwSignal::new(String::new()),
    };
    let take = move |name: String, text: String| {
        let _ = list.applied.try_set(None);
        let _ = list.file.try_set(Some((name, text)));
        list.look();
    };
    let csv = el("a", "btn small ghost")
        .flag("download", true)
        .attr("href", path::DESK_STAFF_FILE)
        .test("staff-file")
        .text(d().staff_list_download);
    let hand_in = upload::upload(d().staff_list_upload, ".csv,text/csv", STAFF_BYTES, list.said, take);
    el("section", "card stack")
        .test("staff-list")
        .child(el("h2", "").text(d().staff_list))
        .child(el("p", "soft").text(d().staff_list_is))
        .child(el("div", "order-row").child(hand_in).child(csv))
        .child(trouble(list.said))
        .dynamic(move || list.file.with(|file| file.as_ref().map(|(name, _)| panel(list, name, read))))
        .dynamic(move || list.applied.get().map(|applied| done(&applied)))
}

impl Handed {
    /// Asks what the list would do.
    fn look(self) {
        let Some((_, text)) = self.file.get_untracked() else { return };
        let _ = self.preview.try_set(None);
        let _ = self.said.try_set(String::new());
        spawn_local(async move {
            match ask(path::DESK_STAFF_PREVIEW, &StaffList { text }).await {
                Ok(preview) => drop(self.preview.try_set(Some(preview))),
                Err(fault) => drop(self.said.try_set(use_desk().heard(&fault))),
            }
        });
    }

    /// Makes what was previewed stand.
    fn apply(self, read: impl Fn() + Copy + 'static) {
        let (Some((_, text)), false) = (self.file.get_untracked(), self.busy.get_untracked()) else { return };
        let Some(hash) = self.preview.with_untracked(|seen| seen.as_ref().and_then(|seen| seen.hash)) else {
            return;
        };
        self.busy.set(true);
        self.said.set(String::new());
        spawn_local(async move {
            let done: Result<StaffApplied, Fault> =
                ask(path::DESK_STAFF_APPLY, &StaffListApply { hash, text }).await;
            let _ = self.busy.try_set(false);
            match done {
                Ok(applied) => {
                    let (changed, invited) = (applied.changed.to_string(), applied.invited.len().to_string());
                    use_desk().said.set(d().staff_list_done(&changed, &invited));
                    let _ = self.applied.try_set(Some(applied));
                    let _ = self.file.try_set(None);
                    read();
                }
                Err(fault) => {
                    if fault.code() == Some(ProblemCode::StaffMoved) {
                        // What was looked at holds no more; the same file can be looked at again.
                        let _ = self.preview.try_set(None);
                        read();
                    }
                    let _ = self.said.try_set(use_desk().heard(&fault));
                }
            }
        });
    }
}

async fn ask<T: serde::de::DeserializeOwned>(path: &str, body: &impl Serialize) -> Result<T, Fault> {
    let body = serde_json::to_string(body).map_err(|_| Fault::NotOurs)?;
    api::read(&api::send("POST", path, &new_id().to_string(), Some(&body)).await?)
}

/// What the file would do, and the button that makes it so.
fn panel(list: Handed, name: &str, read: impl Fn() + Copy + 'static) -> El {
    let leave = button("btn small ghost", move || {
        list.file.set(None);
        list.said.set(String::new());
    });
    let head = el("div", "card-head")
        .child(
            el("div", "")
                .child(el("h3", "").text(d().staff_list_title))
                .child(el("p", "soft").text(&d().preview_from_file(name))),
        )
        .child(leave.test("staff-list-cancel").text(d().staff_list_cancel));
    let body = move || {
        Some(match list.preview.get() {
            Some(seen) if seen.hash.is_none() => {
                preview::faulty(&seen.faults, seen.faults_in_all, preview::line)
            }
            Some(seen) => good(list, &seen, read),
            None if list.said.with(String::is_empty) => el("p", "soft").text(d().city_looking),
            None => {
                button("btn small", move || list.look()).test("staff-list-again").text(d().staff_list_again)
            }
        })
    };
    el("div", "stack preview").test("staff-preview").child(head).dynamic(body)
}

fn good(list: Handed, seen: &StaffPreview, read: impl Fn() + Copy + 'static) -> El {
    if seen.changes.rows.is_empty() {
        return el("p", "soft empty").test("nothing").text(d().staff_list_nothing);
    }
    let counts = changes::numbers(&[
        (seen.changes.added, d().staff_list_new, "good"),
        (seen.changes.changed, d().staff_list_changed, "open"),
        (seen.unchanged, d().staff_list_unchanged, "rest"),
    ]);
    let apply = form("preview-apply", move || list.apply(read))
        .child(submit("btn", d().staff_list_apply, list.busy).test("staff-apply"));
    el("div", "stack").child(counts).child(apply).child(changes::list(&seen.changes, &[]))
}

/// The links of those who are new: nobody is shown them again.
fn done(applied: &StaffApplied) -> El {
    let (changed, invited) = (applied.changed.to_string(), applied.invited.len().to_string());
    let said = el("p", "").test("staff-done").text(&d().staff_list_done(&changed, &invited));
    let links = (!applied.invited.is_empty()).then(|| {
        el("div", "stack")
            .child(el("b", "").text(d().staff_list_links))
            .child(el("p", "soft").text(d().staff_link_hint))
            .child(el("ul", "rows").each(applied.invited.iter().map(link)))
    });
    el("div", "note").child(el("div", "grow stack").child(said).maybe(links))
}

fn link(one: &StaffInvited) -> El {
    let whole = [&window().location().origin().unwrap_or_default(), one.path.as_str()].concat();
    let who = [&one.name, " · ", &one.login].concat();
    el("li", "row").test("invited").attr("data-login", &one.login).child(
        span("row-body", "")
            .child(el("b", "").text(&who))
            .child(el("code", "secret").test("invited-link").text(&whole)),
    )
}
