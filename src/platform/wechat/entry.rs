//! What the address says at the start, once: it is taken out before anything is signed or shared.

use super::news;
use crate::device;
use leptos::prelude::window;
use wasm_bindgen::JsValue;
use woodlark_ui::{Fault, api, json, page, t};
use woodlark_wire::{WechatTicketUse, path};

/// What may not stay in an address: it is good once, or says who somebody is.
const ONCE: [&str; 3] = ["code", "state", "wechat"];

/// Takes what is good once out of the address, and answers the ticket by which a mini-program's shell hands its person over.
pub(super) fn clean() -> Option<String> {
    let location = window().location();
    let query = location.search().unwrap_or_default();
    let hash = location.hash().unwrap_or_default();
    news::came_back(page::value(&query, "wechat"));
    let ticket = hash.strip_prefix("#ticket=").map(str::to_owned);
    let is_kept = |pair: &&str| !ONCE.contains(&pair.split('=').next().unwrap_or_default());
    let kept: Vec<&str> =
        query.trim_start_matches('?').split('&').filter(|pair| !pair.is_empty()).filter(is_kept).collect();
    let kept = if kept.is_empty() { String::new() } else { ["?", &kept.join("&")].concat() };
    if (kept != query || !hash.is_empty())
        && let Ok(history) = window().history()
    {
        let address = [&location.pathname().unwrap_or_default(), kept.as_str()].concat();
        let state = history.state().unwrap_or(JsValue::NULL);
        // Where it cannot be changed it stays; the ticket is good once all the same.
        let _ = history.replace_state_with_url(&state, "", Some(&address));
    }
    ticket
}

/// Brings the ticket. Where this device has reports under another account its reader is asked whether both are theirs.
pub(super) async fn bring(ticket: String) {
    let answer = hand_in(&ticket, false).await;
    let asked =
        matches!(&answer, Err(Fault::Problem(problem)) if problem.refusal.as_deref() == Some("would_join"));
    if asked && window().confirm_with_message(t().weixin_join).unwrap_or(false) {
        // A ticket that is gone by now leaves this device as it was.
        let _ = hand_in(&ticket, true).await;
    }
}

async fn hand_in(ticket: &str, join: bool) -> Result<String, Fault> {
    let body =
        json::write(&WechatTicketUse { ticket: ticket.to_owned(), join }).map_err(|_| Fault::NotOurs)?;
    let answer = api::send("POST", path::WECHAT_TICKET, &device::new_id().to_string(), Some(&body)).await?;
    device::Setting::Account.set(Some("1"));
    crate::app::use_app().live.notice();
    Ok(answer)
}
