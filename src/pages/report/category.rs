//! The category: optional, from a half-screen dialog with search and what was used lately.

use super::form::Form;
use crate::app::use_app;
use crate::device::Setting;
use leptos::prelude::*;
use woodlark_domain::CategoryCode;
use woodlark_ui::parts::icon;
use woodlark_ui::{messages, sheet, t};
use woodlark_wire::CategoryView;

/// How many of those used lately are offered first.
const RECENT: usize = 4;

/// The line in the form, and the dialog behind it.
pub(super) fn section(form: Form) -> AnyView {
    let app = use_app();
    let choosing = RwSignal::new(false);
    let search = RwSignal::new(String::new());
    let language = messages::language();
    if form.category.with_untracked(Option::is_some) {
        app.want_categories();
    }
    let open = move |_| {
        app.want_categories();
        search.set(String::new());
        sheet::open(choosing);
    };
    let chosen = move || {
        let code = form.category.get();
        let name = code.map(|code| {
            let known = app.categories.with(|all| all.iter().find(|category| category.code == code).cloned());
            known.map_or_else(|| code.to_string(), |category| category.name.in_language(language).to_owned())
        });
        match name {
            Some(name) => view! { <b>{name}</b> }.into_any(),
            None => view! { <span class="soft">{t().report_category_none}</span> }.into_any(),
        }
    };
    view! {
        <button type="button" class="card line" data-test="category" on:click=open>
            {icon("tag")}<span class="grow"><span class="label">{t().report_category}</span>{chosen}</span>{icon("next")}
        </button>
        <sheet::Sheet shown=choosing title=t().report_category>
            <input type="search" class="input" placeholder=t().report_category_find aria-label=t().report_category_find
                data-test="category-search" on:input:target=move |event| search.set(event.target().value())/>
            {move || list(form, &app.categories.get(), &search.get())}
            {form.category.get().is_some().then(|| view! {
                <button type="button" class="btn ghost" on:click=move |_| choose(form, None)>{t().report_category_clear}</button>
            })}
        </sheet::Sheet>
    }
    .into_any()
}

fn list(form: Form, all: &[CategoryView], search: &str) -> AnyView {
    if all.is_empty() {
        return view! { <p class="soft">{t().report_category_load}</p> }.into_any();
    }
    let kind = form.kind.get();
    let of_kind: Vec<&CategoryView> = all.iter().filter(|category| category.kind == kind).collect();
    let found: Vec<&CategoryView> = of_kind.iter().copied().filter(|category| matches(category, search)).collect();
    if found.is_empty() {
        return view! { <p class="soft">{t().report_category_nothing}</p> }.into_any();
    }
    let recent: Vec<&CategoryView> = if search.trim().is_empty() {
        recent().iter().filter_map(|code| of_kind.iter().copied().find(|category| category.code == *code)).collect()
    } else {
        Vec::new()
    };
    let mut groups = Vec::new();
    if !recent.is_empty() {
        groups.push(group(form, t().report_category_recent.to_owned(), &recent));
    }
    for class in found.chunk_by(|a, b| a.class == b.class) {
        let name = class.first().map(|category| category.class.in_language(messages::language()).to_owned());
        groups.push(group(form, name.unwrap_or_default(), class));
    }
    view! { <div class="groups">{groups}</div> }.into_any()
}

fn group(form: Form, name: String, categories: &[&CategoryView]) -> AnyView {
    let buttons: Vec<_> = categories
        .iter()
        .map(|category| {
            let code = category.code.clone();
            let pressed = form.category.with_untracked(|chosen| chosen.as_ref() == Some(&code));
            let name = category.name.in_language(messages::language()).to_owned();
            view! {
                <button type="button" class="chip" aria-pressed=pressed.to_string()
                    on:click=move |_| choose(form, Some(code.clone()))>{name}</button>
            }
        })
        .collect();
    view! { <section class="group"><h3>{name}</h3><div class="chips">{buttons}</div></section> }.into_any()
}

fn choose(form: Form, code: Option<CategoryCode>) {
    if let Some(code) = &code {
        let mut codes = recent();
        codes.retain(|known| known != code);
        codes.insert(0, code.clone());
        codes.truncate(RECENT);
        let text: Vec<&str> = codes.iter().map(CategoryCode::as_str).collect();
        Setting::Categories.set(Some(&text.join(",")));
    }
    form.category.set(code);
    sheet::close();
}

fn recent() -> Vec<CategoryCode> {
    let text = Setting::Categories.get().unwrap_or_default();
    text.split(',').filter_map(|code| CategoryCode::new(code).ok()).collect()
}

/// Whether a category answers to what was typed: its names, its class, what people call it.
fn matches(category: &CategoryView, search: &str) -> bool {
    let search = search.trim().to_lowercase();
    let texts = [&category.name.zh, &category.name.en, &category.class.zh, &category.class.en, &category.keywords];
    search.is_empty() || texts.iter().any(|text| text.to_lowercase().contains(&search))
}
