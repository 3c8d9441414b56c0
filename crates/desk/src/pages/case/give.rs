//! Giving an order: into the outbox with its photos, and what the form does until the server has said something.

use super::orders::Orders;
use crate::app::{Seat, use_desk};
use crate::messages::d;
use crate::order::{Order, OrderPhoto, Record};
use crate::undo::Given;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use woodlark_domain::CaseId;
use woodlark_domain::queue::Queue;
use woodlark_outbox::{Stage, shelf};
use woodlark_ui::device::new_id;
use woodlark_ui::{Fault, api, when};
use woodlark_wire::{DeskCommand, DeskRow, Page, path};

impl Orders {
    pub(super) fn send(self, command: DeskCommand) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.said.set(String::new());
        spawn_local(async move {
            let words = match self.give(command).await {
                Ok(()) => return,
                Err(Trip::Words(words)) => words.to_owned(),
                Err(Trip::Fault(fault)) => use_desk().heard(&fault),
            };
            let _ = self.busy.try_set(false);
            let _ = self.said.try_set(words);
        });
    }

    /// Puts the order into the outbox, with its photos. From here on it is not lost, whatever becomes of this page.
    async fn give(self, mut command: DeskCommand) -> Result<(), Trip> {
        let number = self.number.get_untracked();
        if let DeskCommand::Merge { into } = &mut command
            && *into == self.open.id
        {
            *into = find(number.trim()).await?;
        }
        let desk = use_desk();
        let (Seat::Taken(me), Some(case)) = (desk.seat.get_untracked(), self.open.case.get_untracked())
        else {
            return Err(Trip::Words(d().orders_none));
        };
        let carries = matches!(command, DeskCommand::Finish { .. } | DeskCommand::Pass { .. });
        let photos = if carries { self.after.photos.get_untracked() } else { Vec::new() };
        let order = Order {
            giver: me.user_id,
            case: self.open.id,
            number: case.number.clone(),
            version: case.version,
            command: command.kind().code().to_owned(),
            text: serde_json::to_string(&command).map_err(|_| Fault::NotOurs)?,
            words: self.words.get_untracked().trim().to_owned(),
            photos: photos.iter().map(|photo| OrderPhoto { hash: photo.hash, kept: None }).collect(),
            given_at: when::now(),
        };
        let record = Record::draft(new_id(), order, when::now());
        let _ = self.given.try_set(Some(record.id));
        desk.last.keep(Given::of(Some(record.id), &command, &case));
        for photo in &photos {
            shelf::hold(photo.hash, &photo.file);
        }
        // It may go from the memory while its photos are still being kept, each after the order that needs it.
        desk.outbox.queue(record).await;
        for photo in &photos {
            desk.outbox.keep_file(photo.hash, &photo.file).await;
        }
        // The one that it takes the place of holds it back until now.
        if let Some(old) = self.instead.try_update(Option::take).flatten() {
            desk.outbox.remove(old).await;
        }
        Ok(())
    }

    /// Follows the order that was given: done; refused, and then the form still holds all of it; or kept until there is a
    /// network, and then the form is free for what comes next.
    pub(super) fn watch(self) {
        let Some(id) = self.given.get() else { return };
        let desk = use_desk();
        desk.outbox.records.track();
        if self.instead.with_untracked(Option::is_some) {
            return;
        }
        let found = desk.outbox.records.with(|all| {
            let record = all.iter().find(|record| record.id == id)?;
            let words = record.trouble.as_ref().map(|trouble| trouble.words.clone());
            Some((record.stage, words, record.is_free(all)))
        });
        match found {
            None | Some((Stage::Draft, ..) | (Stage::Queued | Stage::Sending, None, true)) => return,
            Some((Stage::NeedsAttention, words, _)) => {
                self.said.set(words.unwrap_or_default());
                spawn_local(desk.outbox.remove(id));
            }
            Some((Stage::Accepted, ..)) => {
                desk.said.set(d().orders_done.to_owned());
                self.clear();
                desk.live.notice();
            }
            Some((Stage::Queued | Stage::Sending, ..)) => {
                desk.said.set(d().errand_kept.to_owned());
                self.clear();
            }
        }
        self.given.set(None);
        self.busy.set(false);
    }

    fn clear(self) {
        self.words.set(String::new());
        self.after.forget();
        self.chosen.set(None);
        request_animation_frame(focus_case);
    }
}

/// The form that had the focus is gone: whoever works by keyboard goes on at the head of the case, and not of the page.
fn focus_case() {
    let is_lost = document().active_element().is_none_or(|active| active.tag_name() == "BODY");
    let head = document().query_selector(".case-head h2").ok().flatten().filter(|_| is_lost);
    if let Some(head) = head.and_then(|head| head.dyn_into::<web_sys::HtmlElement>().ok()) {
        // A head that can't take the focus is merely not focused.
        let _ = head.focus();
    }
}

enum Trip {
    Words(&'static str),
    Fault(Fault),
}

impl From<Fault> for Trip {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// The case of a number.
async fn find(number: &str) -> Result<CaseId, Trip> {
    if number.is_empty() {
        return Err(Trip::Words(d().order_number_missing));
    }
    let asked =
        [&path::desk_queue(Queue::All), "?text=", &String::from(js_sys::encode_uri_component(number))]
            .concat();
    let page: Page<DeskRow> = api::get(&asked).await?;
    let found = page.rows.iter().find(|row| row.number.as_str().eq_ignore_ascii_case(number));
    found.map(|row| row.id).ok_or(Trip::Words(d().order_number_unknown))
}
