//! Thanks: payouts to be decided, the budget, gifts to be handed over, the pay system's statement, one book.

mod book;
mod budget;
mod gift;
mod payouts;
mod statement;

pub(super) use book::deed_row;

use crate::app::use_desk;
use crate::messages::d;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;
use woodlark_ui::RwSignal;
use woodlark_ui::el::{El, el};
use woodlark_ui::{Fault, api, json, t};
use woodlark_wire::{DeskRewards, path};

/// The page: all of it, or one book.
#[must_use]
pub fn page(book: Option<u128>) -> El {
    match book {
        Some(book) => book::page(format!("{book:032x}")),
        None => whole(),
    }
}

fn whole() -> El {
    let rewards = RwSignal::new(None::<DeskRewards>);
    let said = RwSignal::new(String::new());
    let read = move || {
        spawn_local(async move {
            match api::get(path::DESK_REWARDS).await {
                Ok(found) => drop(rewards.try_set(Some(found))),
                Err(fault) => drop(said.try_set(use_desk().heard(&fault))),
            }
        });
    };
    read();
    // The parts stay as they are while the numbers above them change.
    let may = Memo::new(move |_| {
        rewards.with(|rewards| {
            rewards.as_ref().map(|one| (one.may_read, one.may_honour, one.may_fund, one.pays))
        })
    });
    let parts = move || {
        let said = said.get();
        if !said.is_empty() {
            return Some(el("p", "trouble").attr("role", "alert").text(&said));
        }
        let Some((may_read, may_honour, may_fund, pays)) = may.get() else {
            return Some(el("p", "soft empty").text(t().app_loading));
        };
        let unpaid = (may_read && !pays).then(|| el("p", "note").text(d().rewards_no_pay));
        Some(
            el("div", "stack")
                .maybe(unpaid)
                .maybe(may_honour.then(gift::section))
                .maybe(may_read.then(|| payouts::section(read)))
                .maybe(may_read.then(|| budget::section(rewards, may_fund)))
                .maybe(may_read.then(statement::section)),
        )
    };
    el("div", "desk-page stack")
        .child(el("h1", "").text(d().rewards_title))
        .child(el("p", "soft").text(d().rewards_lead))
        .dynamic(parts)
}

/// Sends something and reads the answer.
async fn send<B: serde::Serialize, T: serde::de::DeserializeOwned>(
    address: &str,
    key: &str,
    body: &B,
) -> Result<T, Fault> {
    let body = json::write(body).map_err(|_| Fault::NotOurs)?;
    api::read(&api::send("POST", address, key, Some(&body)).await?)
}
