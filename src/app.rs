//! Starts the program, and the few signals that every page shares.

use crate::device::Setting;
use crate::outbox::Outbox;
use crate::platform::{Platform, platform};
use crate::router::Router;
use crate::{pages, plain, shell};
use core::cell::Cell;
use core::ops::Deref;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;
use woodlark_domain::{EntryCode, Language};
use woodlark_ui::RwSignal;
use woodlark_ui::el::{effect, el};
use woodlark_ui::live::Live;
use woodlark_ui::page::{self, value};
pub use woodlark_ui::page::{forever, on_sight};
use woodlark_ui::{api, messages, when};
use woodlark_wire::{CategoryView, CityView, path};

/// What every page shares, by a handle so small that each closure may have its own.
#[derive(Clone, Copy)]
pub struct App(&'static Shared);

impl Deref for App {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        self.0
    }
}

/// What every page shares.
pub struct Shared {
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
        page::set_root("lang", Some(messages::tag(language)));
        self.language.set(language);
    }
}

/// Whether the page is in elder mode: larger, and fewer things at once.
#[must_use]
pub fn is_elder() -> bool {
    page::root_is("data-scale", "large")
}

thread_local! {
    static APP: Cell<Option<App>> = const { Cell::new(None) };
}

/// What every page shares; there is exactly one, made at the first call.
#[must_use]
pub fn use_app() -> App {
    APP.get().unwrap_or_else(|| {
        // It lives as long as the page.
        let app = App(Box::leak(Box::new(Shared {
            router: Router::start(),
            outbox: Outbox::start(),
            live: Live::start(path::LIVE),
            language: RwSignal::new(messages::language()),
            online: RwSignal::new(window().navigator().on_line()),
            city: RwSignal::new(None),
            categories: RwSignal::new(Vec::new()),
        })));
        APP.set(Some(app));
        app
    })
}

/// Starts the program: takes the plain page over, with what was typed into it.
pub fn start() {
    // A program built for size dies without a word, and never comes to a hook.
    #[cfg(debug_assertions)]
    std::panic::set_hook(Box::new(plain::on_panic));
    messages::set_language(page::first_language());
    remember_entry();
    // A second start finds the executor set; that is as good.
    let _ = any_spawner::Executor::init_wasm_bindgen();
    let owner = Owner::new();
    owner.with(|| {
        let typed = plain::typed();
        let app = use_app();
        platform().begin();
        listen(app);
        let Some(page) = plain::take_over() else { return };
        let root = el("div", "").dynamic(move || {
            app.language.track();
            Some(shell::shell())
        });
        page.fill(&root);
        if let Some(typed) = typed {
            spawn_local(plain::continue_with(app, typed));
        }
    });
    // It lives as long as the page.
    core::mem::forget(owner);
}

fn listen(app: App) {
    for online in [true, false] {
        let event = if online { "online" } else { "offline" };
        forever(event, move || app.online.set(online));
    }
    pages::report::save_on_leaving();
    // The page's own script then loads no newer build.
    effect(Box::new(move || {
        let now = when::now();
        let sending = app.outbox.records.with(|records| records.iter().any(|record| record.is_due(now)));
        page::set_root("data-sending", sending.then_some(""));
    }));
}

/// Keeps which poster, account or kiosk led here (`?from=xidu`).
fn remember_entry() {
    let query = window().location().search().unwrap_or_default();
    if let Some(entry) = value(&query, "from").filter(|entry| EntryCode::new(*entry).is_ok()) {
        Setting::Entry.set(Some(entry));
    }
}
