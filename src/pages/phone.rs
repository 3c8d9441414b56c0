//! Links a phone number by a one-time code, so that another phone finds my reports.

use crate::app::use_app;
use crate::device;
use crate::outbox::sender;
use serde::Serialize;
use wasm_bindgen_futures::spawn_local;
use woodlark_ui::RwSignal;
use woodlark_ui::el::{El, button, el};
use woodlark_ui::{Fault, api, json, t, when};
use woodlark_wire::{LinkPhone, PhoneCodeRequest, PhoneCodeSent, ProblemCode, SessionView, path};

#[derive(Clone, Copy)]
struct Linking {
    linked: RwSignal<Option<String>>,
    number: RwSignal<String>,
    code: RwSignal<String>,
    sent: RwSignal<Option<PhoneCodeSent>>,
    why: RwSignal<Option<String>>,
}

/// The section of the settings.
pub(super) fn section() -> El {
    let state = Linking {
        linked: RwSignal::new(None),
        number: RwSignal::new(String::new()),
        code: RwSignal::new(String::new()),
        sent: RwSignal::new(None),
        why: RwSignal::new(None),
    };
    spawn_local(async move {
        if let Ok(session) = api::get::<SessionView>(path::SESSION).await {
            let _ = state.linked.try_set(session.phone);
        }
    });
    let body = move || {
        Some(match state.linked.get() {
            Some(phone) => el("p", "").test("phone").text(&t().settings_phone_linked(&phone)),
            None => fields(state),
        })
    };
    let trouble = move || state.why.get().map(|why| el("p", "late").text(&why));
    el("section", "card setting")
        .child(el("h2", "").text(t().settings_phone))
        .dynamic(body)
        .child(el("div", "").attr("id", "phone-why").attr("role", "alert").dynamic(trouble))
}

fn fields(state: Linking) -> El {
    let number = el("input", "input")
        .attr("id", "phone")
        .attr("type", "tel")
        .attr("inputmode", "tel")
        .attr("autocomplete", "tel-national")
        .attr("aria-describedby", "phone-why")
        .typed(move |text| state.number.set(text));
    let ask = button("btn small ghost", move || state.ask()).test("phone-send").text(t().settings_phone_send);
    let code = move || {
        let sent = state.sent.get()?;
        let code = el("input", "input")
            .attr("id", "code")
            .attr("inputmode", "numeric")
            .attr("autocomplete", "one-time-code")
            .attr("maxlength", "6")
            .attr("aria-describedby", "phone-why")
            .typed(move |text| state.code.set(text));
        let link = button("btn small", move || state.link()).test("phone-link").text(t().settings_phone_link);
        let words = t().settings_phone_sent(&when::moment(sent.expires_at));
        Some(
            el("div", "setting")
                .child(el("p", "soft").attr("role", "status").text(&words))
                .child(el("label", "label").attr("for", "code").text(t().settings_phone_code))
                .child(el("div", "field-row").child(code).child(link)),
        )
    };
    el("div", "setting")
        .child(el("p", "soft").text(t().settings_phone_why))
        .child(el("label", "label").attr("for", "phone").text(t().settings_phone_number))
        .child(el("div", "field-row").child(number).child(ask))
        .dynamic(code)
}

impl Linking {
    fn ask(self) {
        let digits = self.number.with_untracked(|number| number.chars().filter(char::is_ascii_digit).count());
        if !matches!(digits, 11..=15) {
            return self.why.set(Some(t().settings_phone_bad.into()));
        }
        self.why.set(None);
        spawn_local(async move {
            let body = PhoneCodeRequest { phone: self.number.get_untracked() };
            match post(path::PHONE_CODE, &body).await {
                Ok(answer) => drop(self.sent.try_set(api::read(&answer).ok())),
                Err(fault) => drop(self.why.try_set(Some(fault.words()))),
            }
        });
    }

    fn link(self) {
        let code = self.code.with_untracked(|code| code.trim().to_owned());
        if code.len() != 6 {
            return self.why.set(Some(t().settings_code_bad.into()));
        }
        self.why.set(None);
        let app = use_app();
        spawn_local(async move {
            let body = LinkPhone { phone: self.number.get_untracked(), code };
            match post(path::PHONE, &body).await {
                Ok(answer) => {
                    let session: Option<SessionView> = api::read(&answer).ok();
                    let _ = self.sent.try_set(None);
                    let _ = self.linked.try_set(session.and_then(|session| session.phone));
                    app.live.notice();
                }
                Err(fault) => drop(self.why.try_set(Some(fault.words()))),
            }
        });
    }
}

/// Posts a body; the account of this device is made if it has none yet.
async fn post(address: &str, body: &impl Serialize) -> Result<String, Fault> {
    let body = json::write(body).map_err(|_| Fault::NotOurs)?;
    let key = device::new_id().to_string();
    match api::send("POST", address, &key, Some(&body)).await {
        Err(fault) if fault.code() == Some(ProblemCode::NotSignedIn) => {
            sender::sign_in().await?;
            api::send("POST", address, &key, Some(&body)).await
        }
        answer => answer,
    }
}
