//! Language, type, look, phone, version. Nothing here is needed to report.

use super::home::call;
use super::phone;
use crate::app::use_app;
use crate::device::Setting;
use crate::shell::bar;
use leptos::prelude::*;
use woodlark_domain::Language;
use woodlark_ui::RwSignal;
use woodlark_ui::el::{El, button, el, span};
use woodlark_ui::parts::icon;
use woodlark_ui::{messages, page, t};
use woodlark_wire::path;

/// A name, whether it is chosen, and what choosing it does.
type Choice = (&'static str, Box<dyn Fn() -> bool>, Box<dyn Fn()>);

/// The page.
#[must_use]
pub fn page() -> El {
    let t = t();
    let scale = [(t.home_standard, "normal"), (t.home_elder, "large")];
    let looks =
        [(t.settings_theme_auto, "auto"), (t.settings_theme_light, "light"), (t.settings_theme_dark, "dark")];
    let version = [t.app_name, " · ", t.settings_version, " ", &build()].concat();
    let page = el("div", "page")
        .child(choices(t.settings_type, kept(Setting::Scale, "data-scale", scale)))
        .child(choices(t.settings_theme, kept(Setting::Theme, "data-theme", looks)))
        .child(choices(
            t.settings_language,
            vec![speech(Language::Zh, "中文"), speech(Language::En, "English")],
        ))
        .child(phone::section())
        .child(my_data())
        .child(call(use_app()))
        .child(el("p", "soft version").text(&version));
    el("div", "").child(bar(t.settings_title, None)).child(page)
}

/// The way to the page of my data, which the server writes.
fn my_data() -> El {
    let address = [path::MY_DATA_PAGE, "?lang=", messages::language().code()].concat();
    let way = el("a", "card line").attr("href", &address).test("my-data");
    way.child(icon("lock")).child(span("grow", t().settings_data)).child(icon("next"))
}

fn speech(language: Language, name: &'static str) -> Choice {
    let app = use_app();
    (name, Box::new(move || messages::language() == language), Box::new(move || app.speak(language)))
}

/// A setting that is kept on the device and read by the style from the page's root; the first of all is the usual one.
fn kept<const N: usize>(
    setting: Setting,
    attribute: &'static str,
    all: [(&'static str, &'static str); N],
) -> Vec<Choice> {
    let usual = all.first().map_or("", |(_, value)| value);
    let now = RwSignal::new(setting.get().unwrap_or_else(|| usual.to_owned()));
    all.map(|(name, value)| -> Choice {
        let choose = move || {
            setting.set(Some(value));
            page::set_root(attribute, Some(value));
            now.set(value.to_owned());
        };
        (name, Box::new(move || now.with(|now| now == value)), Box::new(choose))
    })
    .into()
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
