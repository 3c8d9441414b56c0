//! The category: optional, from a half-screen dialog with search and what was used lately.

use super::form::Form;
use crate::app::use_app;
use crate::device::Setting;
use leptos::prelude::*;
use woodlark_domain::CategoryCode;
use woodlark_ui::RwSignal;
use woodlark_ui::el::{El, button, el, span};
use woodlark_ui::parts::icon;
use woodlark_ui::{messages, sheet, t};
use woodlark_wire::CategoryView;

/// How many of those used lately are offered first.
const RECENT: usize = 4;

/// The line in the form, and the dialog behind it.
pub(super) fn section(form: Form) -> El {
    let app = use_app();
    let choosing = RwSignal::new(false);
    let search = RwSignal::new(String::new());
    if form.category.with_untracked(Option::is_some) {
        app.want_categories();
    }
    let open = move || {
        app.want_categories();
        search.set(String::new());
        sheet::open(choosing);
    };
    let name = move || {
        let code = form.category.get()?;
        let known = app.categories.with(|all| all.iter().find(|category| category.code == code).map(name_of));
        Some(known.unwrap_or_else(|| code.to_string()))
    };
    let chosen = move || {
        Some(match name() {
            Some(name) => el("b", "").text(&name),
            None => span("soft", t().report_category_none),
        })
    };
    let words = span("grow", "").child(span("label", t().report_category)).dynamic(chosen);
    let line = button("card line", open).test("category").child(icon("tag")).child(words).child(icon("next"));
    let content = move || {
        let field = el("input", "input")
            .attr("type", "search")
            .attr("placeholder", t().report_category_find)
            .attr("aria-label", t().report_category_find)
            .test("category-search")
            .typed(move |text| search.set(text));
        let clear = untrack(name)
            .map(|_| button("btn ghost", move || choose(form, None)).text(t().report_category_clear));
        let list = move || Some(app.categories.with(|all| search.with(|search| list(form, all, search))));
        el("div", "stack").child(field).maybe(clear).dynamic(list)
    };
    el("div", "hollow").child(line).child(sheet::sheet(choosing, t().report_category, false, content))
}

fn name_of(category: &CategoryView) -> String {
    category.name.in_language(messages::language()).to_owned()
}

fn list(form: Form, all: &[CategoryView], search: &str) -> El {
    if all.is_empty() {
        return el("p", "soft").text(t().report_category_load);
    }
    let kind = form.kind.get();
    let of_kind: Vec<&CategoryView> = all.iter().filter(|category| category.kind == kind).collect();
    let found: Vec<&CategoryView> =
        of_kind.iter().copied().filter(|category| matches(category, search)).collect();
    if found.is_empty() {
        return el("p", "soft").text(t().report_category_nothing);
    }
    let mut groups = Vec::new();
    if search.trim().is_empty() {
        let codes = recent();
        let recent: Vec<&CategoryView> = codes
            .iter()
            .filter_map(|code| of_kind.iter().copied().find(|category| category.code == *code))
            .collect();
        if !recent.is_empty() {
            groups.push(group(form, t().report_category_recent, &recent));
        }
    }
    for class in found.chunk_by(|a, b| a.class == b.class) {
        let name = class.first().map_or("", |category| category.class.in_language(messages::language()));
        groups.push(group(form, name, class));
    }
    el("div", "groups").each(groups)
}

fn group(form: Form, name: &str, categories: &[&CategoryView]) -> El {
    let chips = categories.iter().map(|category| {
        let code = category.code.clone();
        let pressed = form.category.with_untracked(|chosen| chosen.as_ref() == Some(&code));
        let chip = button("chip", move || choose(form, Some(code.clone()))).test("chip");
        chip.attr("aria-pressed", if pressed { "true" } else { "false" }).text(&name_of(category))
    });
    el("section", "group").child(el("h3", "").text(name)).child(el("div", "chips").each(chips))
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
    let search = search.trim().to_ascii_lowercase();
    let texts =
        [&category.name.zh, &category.name.en, &category.class.zh, &category.class.en, &category.keywords];
    search.is_empty() || texts.iter().any(|text| text.to_ascii_lowercase().contains(&search))
}
