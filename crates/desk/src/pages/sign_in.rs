//! The door: login, password and the code of an authenticator.

use crate::app::use_desk;
use crate::messages::d;
use crate::pages::waiting;
use crate::seen;
use crate::widget::{Trouble, field, form, input, submit, trouble};
use wasm_bindgen_futures::spawn_local;
use woodlark_domain::{Kind, Language};
use woodlark_ui::RwSignal;
use woodlark_ui::device::new_id;
use woodlark_ui::el::{El, button, el};
use woodlark_ui::parts::{bird, icon};
use woodlark_ui::{api, json, t};
use woodlark_wire::{DeskMe, DeskSignIn, path};

/// The page.
#[must_use]
pub fn page() -> El {
    let desk = use_desk();
    let (login, password, code) =
        (RwSignal::new(String::new()), RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (busy, said): (RwSignal<bool>, Trouble) = (RwSignal::new(false), RwSignal::new(String::new()));
    let send = move || {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let proof = DeskSignIn {
            login: login.get_untracked(),
            password: password.get_untracked(),
            code: code.get_untracked(),
        };
        spawn_local(async move {
            match sign_in(&proof).await {
                Ok(me) => {
                    seen::come_back().await;
                    desk.sit(me);
                    // Who is here is kept for when there is no network.
                    desk.ask();
                }
                Err(fault) => {
                    said.set(fault.told());
                    // A code is good once.
                    code.set(String::new());
                }
            }
            busy.set(false);
        });
    };
    let card = form("card stack", send)
        .child(field(
            "login",
            d().sign_in_login,
            input("text", login).attr("autocomplete", "username").attr("autocapitalize", "none"),
        ))
        .child(field(
            "password",
            d().sign_in_password,
            input("password", password).attr("autocomplete", "current-password"),
        ))
        .child(field(
            "code",
            d().sign_in_code,
            input("text", code)
                .attr("inputmode", "numeric")
                .attr("autocomplete", "one-time-code")
                .attr("maxlength", "7"),
        ))
        .child(trouble(said))
        .child(submit("btn", d().sign_in_go, busy).test("sign-in"));
    let waits = || {
        let count = waiting::count();
        let words = || d().errand_door(&count.to_string());
        (count > 0).then(|| el("p", "note").test("orders-wait").child(icon("outbox")).text(&words()))
    };
    door(d().sign_in_title)
        .dynamic(waits)
        .child(card)
        .child(el("p", "soft").text(d().sign_in_hint))
        .child(languages())
}

async fn sign_in(proof: &DeskSignIn) -> Result<DeskMe, woodlark_ui::Fault> {
    let body = json::write(proof).map_err(|_| woodlark_ui::Fault::NotOurs)?;
    api::read(&api::send("POST", path::DESK_SESSION, &new_id().to_string(), Some(&body)).await?)
}

/// What stands before the desk: the lark, and what this is.
#[must_use]
pub fn door(title: &str) -> El {
    el("main", "door").attr("id", "main").child(bird("glyph", Kind::Praise)).child(el("h1", "").text(title))
}

/// The two languages, for whoever is not signed in yet.
#[must_use]
pub fn languages() -> El {
    let desk = use_desk();
    let choice = |language: Language, words: &str| {
        button("text-button", move || desk.speak(language))
            .bind("aria-pressed", move || Some((desk.language.get() == language).to_string()))
            .text(words)
    };
    el("div", "row-end")
        .attr("role", "group")
        .attr("aria-label", t().settings_language)
        .child(choice(Language::Zh, "中文"))
        .child(choice(Language::En, "English"))
}
