//! Language, type, look, phone, version. Nothing here is needed to report.

use super::phone;
use crate::app::use_app;
use crate::device::Setting;
use crate::shell::bar;
use leptos::prelude::*;
use woodlark_domain::Language;
use woodlark_ui::RwSignal;
use woodlark_ui::el::{El, button, el};
use woodlark_ui::{messages, page, t};

/// A name, whether it is chosen, and what choosing it does.
type Choice = (&'static str, Box<dyn Fn() -> bool>, Box<dyn Fn()>);

/// The page.
#[must_use]
pub fn page() -> El {
    let t = t();
    let scale = kept(
        Setting::Scale,
        "data-scale",
        &[(t.settings_type_normal, None), (t.settings_type_large, Some("large"))],
    );
    let looks = [
        (t.settings_theme_auto, None),
        (t.settings_theme_light, Some("light")),
        (t.settings_theme_dark, Some("dark")),
    ];
    let version = [t.app_name, " · ", t.settings_version, " ", &build()].concat();
    let page = el("div", "page")
        .child(choices(t.settings_type, scale))
        .child(choices(t.settings_theme, kept(Setting::Theme, "data-theme", &looks)))
        .child(choices(
            t.settings_language,
            vec![speech(Language::Zh, "中文"), speech(Language::En, "English")],
        ))
        .child(phone::section())
        .child(el("p", "soft version").text(&version));
    el("div", "").child(bar(t.settings_title, None)).child(page)
}

fn speech(language: Language, name: &'static str) -> Choice {
    let app = use_app();
    (name, Box::new(move || messages::language() == language), Box::new(move || app.speak(language)))
}

/// A setting that is kept on the device and read by the style from the page's root.
fn kept(
    setting: Setting,
    attribute: &'static str,
    all: &[(&'static str, Option<&'static str>)],
) -> Vec<Choice> {
    let now = RwSignal::new(setting.get());
    all.iter()
        .map(|(name, value)| {
            let value = *value;
            let chosen = move || now.with(|now| now.as_deref() == value);
            let choose = move || {
                setting.set(value);
                page::set_root(attribute, value);
                now.set(value.map(str::to_owned));
            };
            (*name, Box::new(chosen) as Box<dyn Fn() -> bool>, Box::new(choose) as Box<dyn Fn()>)
        })
        .collect()
}

fn choices(title: &str, all: Vec<Choice>) -> El {
    let buttons = all.into_iter().map(|(name, chosen, choose)| {
        button("seg-button", choose).bind("aria-pressed", move || Some(chosen().to_string())).text(name)
    });
    el("section", "card setting").child(el("h2", "").text(title)).child(el("div", "seg").each(buttons))
}

/// Which build this is, as the page says it.
fn build() -> String {
    let meta = document().query_selector("meta[name=build]").ok().flatten();
    meta.and_then(|meta| meta.get_attribute("content")).unwrap_or_default()
}
