//! What it is about: a class by a large tile, then what it is; or nothing, and the staff sort it.

use super::framed;
use crate::app::{Kiosk, Page, use_kiosk};
use crate::messages::k;
use woodlark_ui::RwSignal;
use woodlark_ui::el::{El, button, el};
use woodlark_ui::messages::language;
use woodlark_ui::parts::icon;
use woodlark_wire::CategoryView;

/// The page.
#[must_use]
pub fn page() -> El {
    let kiosk = use_kiosk();
    // Whoever comes back sees what they chose.
    let before = kiosk.draft.category.get_untracked().and_then(|code| {
        let is = |all: &Vec<CategoryView>| all.iter().find(|one| one.code == code).map(class_of);
        kiosk.categories.with_untracked(is)
    });
    let class = RwSignal::new(before);
    let list = move || {
        let kind = kiosk.draft.kind.get();
        let all = kiosk
            .categories
            .with(|all| all.iter().filter(|category| category.kind == kind).cloned().collect::<Vec<_>>());
        Some(list(kiosk, class, &all))
    };
    let skip = button("btn huge ghost", move || {
        kiosk.draft.category.set(None);
        kiosk.go(Page::Place);
    });
    let skip = skip.test("skip").text(k().category_skip).child(icon("next"));
    framed(k().category_title, k().category_lead, el("div", "stack").dynamic(list), Some(skip))
}

fn list(kiosk: Kiosk, class: RwSignal<Option<String>>, all: &[CategoryView]) -> El {
    if all.is_empty() {
        return el("p", "note").attr("role", "status").child(icon("alert")).text(k().category_none);
    }
    // Two classes of one name, one of things and one of events, are one to whoever chooses.
    let mut classes: Vec<(String, Vec<&CategoryView>)> = Vec::new();
    for category in all {
        let class = class_of(category);
        match classes.iter_mut().find(|(known, _)| *known == class) {
            Some((_, of)) => of.push(category),
            None => classes.push((class, vec![category])),
        }
    }
    let chosen = class.get();
    // Of a single class there is nothing to choose.
    let open = match &chosen {
        Some(chosen) => classes.iter().find(|(name, _)| name == chosen),
        None if classes.len() == 1 => classes.first(),
        None => None,
    };
    let Some((_, open)) = open else {
        let tile = |(name, _): &(String, Vec<&CategoryView>)| {
            let target = name.clone();
            button("choice-tile", move || class.set(Some(target.clone())))
                .test("class")
                .child(el("b", "").text(name))
        };
        return el("div", "choice-tiles").each(classes.iter().map(tile));
    };
    let tile = |category: &&CategoryView| {
        let code = category.code.clone();
        let chosen = kiosk.draft.category.with_untracked(|chosen| chosen.as_ref() == Some(&code));
        let choose = move || {
            kiosk.draft.category.set(Some(code.clone()));
            kiosk.go(Page::Place);
        };
        button("choice-tile", choose)
            .test("category")
            .attr("aria-pressed", if chosen { "true" } else { "false" })
            .child(el("b", "").text(category.name.in_language(language())))
    };
    let others = (classes.len() > 1).then(|| {
        button("btn ghost", move || class.set(None))
            .test("classes")
            .child(icon("back"))
            .text(k().category_back)
    });
    el("div", "stack").maybe(others).child(el("div", "choice-tiles").each(open.iter().map(tile)))
}

fn class_of(category: &CategoryView) -> String {
    category.class.in_language(language()).to_owned()
}
