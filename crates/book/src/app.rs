//! Starts the ledger, and the few signals that its pages share.

use crate::router::Router;
use crate::shell;
use core::cell::Cell;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use woodlark_domain::Language;
use woodlark_ui::RwSignal;
use woodlark_ui::device::Setting;
use woodlark_ui::el::{El, el};
use woodlark_ui::{messages, page};

/// What every page shares.
#[derive(Clone, Copy)]
pub struct Book {
    /// The page of now.
    pub router: Router,
    /// The language; a change draws everything anew.
    pub language: RwSignal<Language>,
    /// What the live region says.
    pub said: RwSignal<String>,
}

impl Book {
    /// Changes the language, and remembers it.
    pub fn speak(self, language: Language) {
        Setting::Language.set(Some(language.code()));
        messages::set_language(language);
        page::set_root("lang", Some(messages::tag(language)));
        self.language.set(language);
    }
}

thread_local! {
    static BOOK: Cell<Option<Book>> = const { Cell::new(None) };
}

/// What every page shares; there is exactly one, made at the first call.
#[must_use]
pub fn use_book() -> Book {
    BOOK.get().unwrap_or_else(|| {
        let book = Book {
            router: Router::start(),
            language: RwSignal::new(messages::language()),
            said: RwSignal::new(String::new()),
        };
        BOOK.set(Some(book));
        book
    })
}

/// Starts the program.
pub fn start() {
    messages::set_language(page::first_language());
    page::set_root("lang", Some(messages::tag(messages::language())));
    // A second start finds the executor set; that is as good.
    let _ = any_spawner::Executor::init_wasm_bindgen();
    let owner = Owner::new();
    owner.with(|| {
        let book = use_book();
        let Some(place) = document().get_element_by_id("app") else { return };
        let root = el("div", "").dynamic(move || {
            book.language.track();
            Some(shell::shell())
        });
        El::of(place.unchecked_into()).fill(&root);
        page::set_root("data-app", Some("on"));
    });
    // It lives as long as the page.
    core::mem::forget(owner);
}
