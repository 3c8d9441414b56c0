//! News of a case by WeChat: asked for after sending, and each consent is one message. WeChat's own tag takes the consent; it lies
//! unseen over a button of ours, for what is drawn inside it may have no style of ours.

use super::sdk::{sdk, text};
use crate::app::use_app;
use crate::device;
use core::cell::RefCell;
use js_sys::Reflect;
use leptos::prelude::window;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use woodlark_domain::CaseId;
use woodlark_ui::el::{El, el, span};
use woodlark_ui::{Fault, RwSignal, api, json, t};
use woodlark_wire::{WechatBack, WechatLink, WechatWay, path};

/// The case that waits for its reader to come back from WeChat with a linked account.
const PENDING: &str = "woodlark.news";

thread_local! {
    /// What WeChat sent its reader back with, once.
    static BACK: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Remembers what the reader came back from WeChat with.
pub(super) fn came_back(word: Option<&str>) {
    BACK.set(word.map(str::to_owned));
}

/// The button under a case; none where nothing can be sent.
pub(super) fn section(case: CaseId) -> Option<El> {
    let template = sdk().template.get().filter(|_| sdk().ready.get())?;
    let kept = RwSignal::new(false);
    if let Some(word) = BACK.take() {
        goes_on(case, &word, kept);
    }
    let ask = move || {
        if kept.get() {
            return Some(el("p", "soft").test("news-kept").text(t().weixin_news_kept));
        }
        let face = span("btn ghost", "").attr("aria-hidden", "true").text(t().weixin_news);
        // Its size stands in attributes: a style inside the tag would be an inline one.
        let area = el("img", "").attr("width", "600").attr("height", "64").attr("alt", t().weixin_news);
        let tag = el("wx-open-subscribe", "over").attr("template", &template).test("news");
        let tag = tag
            .child(area.attr("src", "/icon.svg"))
            .on("success", move |event| consented(&event, case, kept));
        Some(el("div", "covered").child(face).child(tag))
    };
    Some(el("div", "").dynamic(ask))
}

/// WeChat says what the reader chose, for each template a text of JSON.
fn consented(event: &JsValue, case: CaseId, kept: RwSignal<bool>) {
    let details = Reflect::get(event, &"detail".into()).ok().and_then(|told| text(&told, "subscribeDetails"));
    if details.is_some_and(|details| details.contains("accept")) {
        spawn_local(keep(case, kept, true));
    }
}

/// Keeps the consent; whoever is not linked yet is sent to WeChat for that, once, and comes back to this page.
async fn keep(case: CaseId, kept: RwSignal<bool>, may_link: bool) {
    let key = device::new_id().to_string();
    let said = match api::send("POST", &path::notice(case), &key, None).await {
        Ok(_) => {
            let _ = kept.try_set(true);
            return;
        }
        Err(Fault::Problem(problem)) if may_link && problem.refusal.as_deref() == Some("no_wechat") => {
            match link(case).await {
                Ok(address) => {
                    remember(Some(&case.to_string()));
                    // Where the page cannot go, nothing was lost: it is asked again.
                    let _ = window().location().set_href(&address);
                    return;
                }
                Err(fault) => fault.told(),
            }
        }
        Err(fault) => fault.told(),
    };
    use_app().outbox.said.set(said);
}

async fn link(case: CaseId) -> Result<String, Fault> {
    let back = WechatLink { back: WechatBack::Sent, case: Some(case) };
    let body = json::write(&back).map_err(|_| Fault::NotOurs)?;
    let key = device::new_id().to_string();
    let way: WechatWay = api::read(&api::send("POST", path::WECHAT_LINK, &key, Some(&body)).await?)?;
    Ok(way.address)
}

fn goes_on(case: CaseId, word: &str, kept: RwSignal<bool>) {
    let waits = session()
        .and_then(|storage| storage.get_item(PENDING).ok()?)
        .is_some_and(|id| id == case.to_string());
    remember(None);
    if word == "linked" && waits {
        spawn_local(keep(case, kept, false));
    } else if word != "linked" {
        use_app().outbox.said.set(t().weixin_news_denied.into());
    }
}

fn session() -> Option<web_sys::Storage> {
    window().session_storage().ok()?
}

fn remember(case: Option<&str>) {
    if let Some(storage) = session() {
        // A browser that keeps nothing only means that it is asked again.
        let _ = match case {
            Some(case) => storage.set_item(PENDING, case),
            None => storage.remove_item(PENDING),
        };
    }
}
