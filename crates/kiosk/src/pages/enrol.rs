//! This device is no kiosk yet, or none any more. Nothing but an administrator's code makes it one.

use super::framed;
use super::start::phone_code;
use crate::app::{Page, use_kiosk};
use crate::js;
use crate::messages::k;
use crate::pad::{self, pad};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;
use woodlark_ui::RwSignal;
use woodlark_ui::device::new_id;
use woodlark_ui::el::{El, button, el};
use woodlark_ui::parts::icon;
use woodlark_ui::{Fault, api, json};
use woodlark_wire::{EnrolKiosk, KioskView, path};

/// The page of a device that is no kiosk.
#[must_use]
pub fn page() -> El {
    let secure = js::get(&window(), "isSecureContext").as_bool() == Some(true);
    let unsafe_here = (!secure)
        .then(|| el("p", "note").attr("role", "alert").child(icon("alert")).text(k().enrol_insecure));
    framed(k().enrol_title, k().enrol_lead, el("div", "stack").maybe(unsafe_here).child(form()), None)
}

/// The page of a kiosk whose leave was taken away.
#[must_use]
pub fn revoked() -> El {
    let kiosk = use_kiosk();
    spawn_local(kiosk.outbox.count());
    let kept = move || {
        let waiting = kiosk.outbox.waiting.get();
        let count = waiting.queue.saturating_add(waiting.attention);
        (count > 0).then(|| {
            el("p", "note").test("kept").child(icon("lock")).text(&k().revoked_kept(&count.to_string()))
        })
    };
    let body = el("div", "stack").dynamic(kept).child(phone_code(kiosk)).child(form());
    framed(k().revoked_title, k().revoked_lead, body, None)
}

fn form() -> El {
    let kiosk = use_kiosk();
    let code = RwSignal::new(String::new());
    let (busy, said) = (RwSignal::new(false), RwSignal::new(String::new()));
    let enrol = move || {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        said.set(String::new());
        let asked = EnrolKiosk { code: code.get_untracked() };
        spawn_local(async move {
            match ask(&asked).await {
                Ok(told) => {
                    kiosk.learn(told);
                    kiosk.read_city();
                    kiosk.outbox.wake();
                    kiosk.go(Page::Attract);
                }
                Err(fault) => drop(said.try_set(fault.told())),
            }
            let _ = busy.try_set(false);
        });
    };
    let trouble = move || {
        let why = said.get();
        (!why.is_empty())
            .then(|| el("p", "trouble").attr("role", "alert").test("trouble").child(icon("alert")).text(&why))
    };
    let way = button("btn huge", enrol)
        .test("enrol")
        .bind("disabled", move || busy.get().then(String::new))
        .says(move || if busy.get() { k().enrol_busy } else { k().enrol_enrol }.to_owned());
    el("div", "stack")
        .child(el("div", "pad-lines").child(pad::field("enrol-code", k().enrol_code, false, code, 9, enrol)))
        .dynamic(trouble)
        .child(pad(pad::LETTERS, code, 8))
        .child(el("div", "page-on").child(way))
}

async fn ask(asked: &EnrolKiosk) -> Result<KioskView, Fault> {
    let body = json::write(asked).map_err(|_| Fault::NotOurs)?;
    api::read(&api::send("POST", path::KIOSK, &new_id().to_string(), Some(&body)).await?)
}
