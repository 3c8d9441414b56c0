//! The voice of a case, fetched whole once somebody asks for it: a player of its own would fetch it in parts, and each part would
//! stand in the audit as one more time that it was listened to. Some browsers play nothing but what comes in parts.

use crate::messages::d;
use crate::widget::trouble;
use leptos::prelude::on_cleanup;
use wasm_bindgen_futures::spawn_local;
use web_sys::Url;
use woodlark_ui::RwSignal;
use woodlark_ui::el::{El, button, el};
use woodlark_ui::parts::icon;
use woodlark_ui::t;

/// The way to listen, and the player once it is there. `address` is where the server has it.
pub(super) fn player(address: String) -> El {
    let url = RwSignal::new(None::<String>);
    let (busy, said) = (RwSignal::new(false), RwSignal::new(String::new()));
    on_cleanup(move || {
        if let Some(url) = url.try_get_untracked().flatten() {
            // An address that is no more is as good.
            let _ = Url::revoke_object_url(&url);
        }
    });
    let listen = move || {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        said.set(String::new());
        let address = address.clone();
        spawn_local(async move {
            let whole = super::bytes::fetch(address).await;
            match whole.and_then(|file| Url::create_object_url_with_blob(&file).ok()) {
                Some(fetched) => {
                    if let Some(Some(unheard)) = url.try_set(Some(fetched)) {
                        // The case was left meanwhile.
                        let _ = Url::revoke_object_url(&unheard);
                    }
                }
                None => drop(said.try_set(d().voice_failed.to_owned())),
            }
            let _ = busy.try_set(false);
        });
    };
    let parts = move || {
        Some(match url.get() {
            Some(url) => el("audio", "")
                .flag("controls", true)
                .flag("autoplay", true)
                .attr("aria-label", t().case_voice)
                .test("voice")
                .attr("src", &url),
            None => button("btn small ghost", listen.clone())
                .test("listen")
                .bind("disabled", move || busy.get().then(String::new))
                .child(icon("mic"))
                .text(t().case_voice),
        })
    };
    el("div", "stack").child(el("div", "hollow").dynamic(parts)).child(trouble(said))
}
