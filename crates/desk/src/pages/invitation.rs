//! Taking an invitation up: the authenticator is set up, a password chosen. The link's token stays behind the number sign
//! of the address, where no server and no log sees it.

use super::sign_in::{door, languages};
use crate::app::use_desk;
use crate::messages::d;
use crate::router::Route;
use crate::widget::{Trouble, field, form, input, submit, trouble};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;
use woodlark_ui::RwSignal;
use woodlark_ui::el::{El, el};
use woodlark_ui::{Fault, api, json, t};
use woodlark_wire::path::{DESK_INVITATION, INVITATION_TOKEN};
use woodlark_wire::{AcceptInvitation, Invitation};

/// The page.
#[must_use]
pub fn page() -> El {
    let token = window().location().hash().unwrap_or_default().trim_start_matches('#').to_owned();
    let found = RwSignal::new(None::<Result<Invitation, String>>);
    let asked = token.clone();
    spawn_local(async move {
        let read = read(&asked).await.map_err(|fault| fault.told());
        let _ = found.try_set(Some(read));
    });
    let body = move || {
        let token = token.clone();
        Some(found.with(|found| match found {
            None => el("p", "soft").text(t().app_loading),
            Some(Err(_)) => el("p", "card").test("invitation-over").text(d().invitation_over),
            Some(Ok(invitation)) => whole(invitation, token),
        }))
    };
    door(d().invitation_title).dynamic(body).child(languages())
}

async fn read(token: &str) -> Result<Invitation, Fault> {
    api::read(&api::with_header("GET", DESK_INVITATION, (INVITATION_TOKEN, token), None).await?)
}

async fn accept(token: &str, proof: &AcceptInvitation) -> Result<(), Fault> {
    let body = json::write(proof).map_err(|_| Fault::NotOurs)?;
    api::with_header("POST", DESK_INVITATION, (INVITATION_TOKEN, token), Some(&body)).await.map(drop)
}

fn whole(invitation: &Invitation, token: String) -> El {
    let desk = use_desk();
    let (password, code) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (busy, said): (RwSignal<bool>, Trouble) = (RwSignal::new(false), RwSignal::new(String::new()));
    let send = move || {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let proof = AcceptInvitation { password: password.get_untracked(), code: code.get_untracked() };
        let token = token.clone();
        spawn_local(async move {
            match accept(&token, &proof).await {
                Ok(()) => desk.router.go(Route::Work(None, None)),
                Err(fault) => said.set(fault.told()),
            }
            let _ = busy.try_set(false);
        });
    };
    // The picture is ours: the server draws it from the secret, and nothing that anybody typed is in it.
    let picture =
        ["data:image/svg+xml,", &String::from(js_sys::encode_uri_component(&invitation.totp_qr))].concat();
    let steps = el("ol", "steps")
        .child(
            el("li", "")
                .child(el("p", "").text(d().invitation_scan))
                .child(el("img", "qr").attr("src", &picture).attr("alt", d().invitation_qr))
                .child(el("p", "soft").text(d().invitation_secret))
                .child(el("code", "secret").test("secret").text(&invitation.totp_secret)),
        )
        .child(el("li", "").child(field(
            "password",
            d().invitation_password,
            input("password", password).attr("autocomplete", "new-password").attr("minlength", "10"),
        )))
        .child(
            el("li", "").child(field(
                "code",
                d().invitation_code,
                input("text", code)
                    .attr("inputmode", "numeric")
                    .attr("autocomplete", "one-time-code")
                    .attr("maxlength", "7"),
            )),
        );
    form("card stack", send)
        .child(el("p", "").text(&d().invitation_for(&invitation.name, &invitation.login)))
        .child(steps)
        .child(trouble(said))
        .child(submit("btn", d().invitation_go, busy).test("accept"))
}
