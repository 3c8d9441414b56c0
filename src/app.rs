//! Starts the program, and the few signals that every page shares.

use crate::device::Setting;
use crate::live::Live;
use crate::outbox::Outbox;
use crate::router::{self, Router};
use crate::shell::Shell;
use crate::plain;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;
use woodlark_domain::{EntryCode, Language};
use woodlark_ui::{api, messages};
use woodlark_wire::{CategoryView, CityView, path};

/// What every page shares.
#[derive(Clone, Copy)]
pub struct App {
    /// The page of now.
    pub router: Router,
    /// The reports on this device.
    pub outbox: Outbox,
    /// Notices that a case changed.
    pub live: Live,
    /// The language; a change draws everything anew.
    pub language: RwSignal<Language>,
    /// Whether the browser believes that it has a network.
    pub online: RwSignal<bool>,
    /// The city, once read.
    pub city: RwSignal<Option<CityView>>,
    /// The categories, once read.
    pub categories: RwSignal<Vec<CategoryView>>,
}

impl App {
    /// Reads the city once, for the map.
    pub fn want_city(self) {
        if self.city.with_untracked(Option::is_none) {
            spawn_local(async move {
                if let Ok(city) = api::get(path::CITY).await {
                    self.city.set(Some(city));
                }
            });
        }
    }

    /// Reads the categories once.
    pub fn want_categories(self) {
        if self.categories.with_untracked(Vec::is_empty) {
            spawn_local(async move {
                if let Ok(categories) = api::get(path::CATEGORIES).await {
                    self.categories.set(categories);
                }
            });
        }
    }

    /// Changes the language, and remembers it.
    pub fn speak(self, language: Language) {
        Setting::Language.set(Some(language.code()));
        messages::set_language(language);
        plain::set_root("lang", Some(messages::tag(language)));
        self.language.set(language);
    }
}

/// What every page shares; there is exactly one, provided before the first page.
#[must_use]
pub fn use_app() -> App {
    use_context().unwrap_or_else(App::new)
}

impl App {
    fn new() -> Self {
        Self {
            router: Router::start(),
            outbox: Outbox::start(),
            live: Live::default(),
            language: RwSignal::new(messages::language()),
            online: RwSignal::new(window().navigator().on_line()),
            city: RwSignal::new(None),
            categories: RwSignal::new(Vec::new()),
        }
    }
}

/// Starts the program: takes the plain page over, with what was typed into it.
pub fn start() {
    std::panic::set_hook(Box::new(plain::on_panic));
    messages::set_language(first_language());
    remember_entry();
    let typed = plain::typed();
    let Some(place) = plain::take_over() else { return };
    let handle = leptos::mount::mount_to(place, move || {
        let app = App::new();
        provide_context(app);
        window_event_listener_untyped("online", move |_| app.online.set(true));
        window_event_listener_untyped("offline", move |_| app.online.set(false));
        if let Some(typed) = typed {
            spawn_local(plain::continue_with(app, typed));
        }
        move || {
            app.language.track();
            view! { <Shell/> }
        }
    });
    handle.forget();
}

/// `?lang=`, then what was chosen before, then what the browser speaks; Chinese where none says.
fn first_language() -> Language {
    let query = window().location().search().unwrap_or_default();
    if let Some(language) = router::value(&query, "lang").and_then(Language::from_code) {
        Setting::Language.set(Some(language.code()));
        return language;
    }
    let spoken = || window().navigator().language().filter(|tag| !tag.starts_with("zh")).map(|_| Language::En);
    Setting::Language.get().and_then(|code| Language::from_code(&code)).or_else(spoken).unwrap_or(Language::Zh)
}

/// Keeps which poster, account or kiosk led here (`?from=xidu`).
fn remember_entry() {
    let query = window().location().search().unwrap_or_default();
    if let Some(entry) = router::value(&query, "from").filter(|entry| EntryCode::new(*entry).is_ok()) {
        Setting::Entry.set(Some(entry));
    }
}
