//! Language, type, look, phone, version. Nothing here is needed to report.

use crate::app::use_app;
use crate::device::{self, Setting};
use crate::outbox::sender;
use crate::plain;
use crate::shell::bar;
use leptos::prelude::*;
use serde::Serialize;
use wasm_bindgen_futures::spawn_local;
use woodlark_domain::Language;
use woodlark_ui::{Fault, api, t, when};
use woodlark_wire::{LinkPhone, PhoneCodeRequest, PhoneCodeSent, ProblemCode, SessionView, path};

/// The page.
pub fn page() -> AnyView {
    let app = use_app();
    let languages = [(Language::Zh, "中文"), (Language::En, "English")];
    let language = languages.map(|(language, name)| {
        (name, Signal::derive(move || app.language.get() == language), Callback::new(move |()| app.speak(language)))
    });
    let scale = kept(Setting::Scale, "data-scale", &[(t().settings_type_normal, None), (t().settings_type_large, Some("large"))]);
    let theme = kept(
        Setting::Theme,
        "data-theme",
        &[(t().settings_theme_auto, None), (t().settings_theme_light, Some("light")), (t().settings_theme_dark, Some("dark"))],
    );
    view! {
        {bar(t().settings_title, ().into_any())}
        <div class="page">
            {choices(t().settings_type, scale)}
            {choices(t().settings_theme, theme)}
            {choices(t().settings_language, language.into())}
            {phone()}
            <p class="soft version">{t().app_name}" · "{t().settings_version}" "{build()}</p>
        </div>
    }
    .into_any()
}

type Choice = (&'static str, Signal<bool>, Callback<()>);

/// A setting that is kept on the device and read by the style from the page's root.
fn kept(setting: Setting, attribute: &'static str, all: &[(&'static str, Option<&'static str>)]) -> Vec<Choice> {
    let now = RwSignal::new(setting.get());
    all.iter()
        .map(|(name, value)| {
            let value = *value;
            let choose = move |()| {
                setting.set(value);
                plain::set_root(attribute, value);
                now.set(value.map(str::to_owned));
            };
            (*name, Signal::derive(move || now.with(|now| now.as_deref() == value)), Callback::new(choose))
        })
        .collect()
}

fn choices(title: &'static str, all: Vec<Choice>) -> AnyView {
    let buttons: Vec<_> = all
        .into_iter()
        .map(|(name, chosen, choose)| {
            view! {
                <button type="button" class="seg-button" aria-pressed=move || chosen.get().to_string()
                    on:click=move |_| choose.run(())>{name}</button>
            }
        })
        .collect();
    view! { <section class="card setting"><h2>{title}</h2><div class="seg">{buttons}</div></section> }.into_any()
}

fn build() -> String {
    let meta = document().query_selector("meta[name=build]").ok().flatten();
    meta.and_then(|meta| meta.get_attribute("content")).unwrap_or_default()
}

/// Links a phone number by a one-time code.
fn phone() -> AnyView {
    let app = use_app();
    let linked = RwSignal::new(None::<String>);
    let number = RwSignal::new(String::new());
    let code = RwSignal::new(String::new());
    let sent = RwSignal::new(None::<PhoneCodeSent>);
    let why = RwSignal::new(None::<String>);
    spawn_local(async move {
        if let Ok(session) = api::get::<SessionView>(path::SESSION).await {
            let _ = linked.try_set(session.phone);
        }
    });
    let ask = move |_| {
        let digits = number.get_untracked().chars().filter(char::is_ascii_digit).count();
        if !matches!(digits, 11..=15) {
            return why.set(Some(t().settings_phone_bad.into()));
        }
        why.set(None);
        spawn_local(async move {
            match post(path::PHONE_CODE, &PhoneCodeRequest { phone: number.get_untracked() }).await {
                Ok(answer) => drop(sent.try_set(api::read(&answer).ok())),
                Err(fault) => drop(why.try_set(Some(fault.words()))),
            }
        });
    };
    let link = move |_| {
        if code.with_untracked(|code| code.trim().len() != 6) {
            return why.set(Some(t().settings_code_bad.into()));
        }
        why.set(None);
        spawn_local(async move {
            let body = LinkPhone { phone: number.get_untracked(), code: code.get_untracked().trim().to_owned() };
            match post(path::PHONE, &body).await {
                Ok(answer) => {
                    let session: Option<SessionView> = api::read(&answer).ok();
                    let _ = linked.try_set(session.and_then(|session| session.phone));
                    let _ = sent.try_set(None);
                    app.live.notice();
                }
                Err(fault) => drop(why.try_set(Some(fault.words()))),
            }
        });
    };
    let second = move || {
        sent.get().map(|sent| {
            view! {
                <p class="soft" role="status">{t().settings_phone_sent(&when::moment(sent.expires_at))}</p>
                <label class="label" for="code">{t().settings_phone_code}</label>
                <div class="field-row">
                    <input id="code" class="input" inputmode="numeric" autocomplete="one-time-code" maxlength="6"
                        on:input:target=move |event| code.set(event.target().value())/>
                    <button type="button" class="btn small" on:click=link>{t().settings_phone_link}</button>
                </div>
            }
        })
    };
    let body = move || match linked.get() {
        Some(phone) => view! { <p data-test="phone">{t().settings_phone_linked(&phone)}</p> }.into_any(),
        None => view! {
            <p class="soft">{t().settings_phone_why}</p>
            <label class="label" for="phone">{t().settings_phone_number}</label>
            <div class="field-row">
                <input id="phone" class="input" type="tel" inputmode="tel" autocomplete="tel-national"
                    aria-describedby="phone-why" on:input:target=move |event| number.set(event.target().value())/>
                <button type="button" class="btn small ghost" on:click=ask>{t().settings_phone_send}</button>
            </div>
            {second}
        }
        .into_any(),
    };
    let trouble = move || why.get().map(|why| view! { <p class="late">{why}</p> });
    view! {
        <section class="card setting"><h2>{t().settings_phone}</h2>{body}<div id="phone-why" role="alert">{trouble}</div></section>
    }
    .into_any()
}

/// Posts a body; the account of this device is made if it has none yet.
async fn post(address: &str, body: &impl Serialize) -> Result<String, Fault> {
    let body = serde_json::to_string(body).map_err(|_| Fault::NotOurs)?;
    let key = device::new_id().to_string();
    match api::send("POST", address, &key, Some(&body)).await {
        Err(fault) if fault.code() == Some(ProblemCode::NotSignedIn) => {
            sender::sign_in().await?;
            api::send("POST", address, &key, Some(&body)).await
        }
        answer => answer,
    }
}
