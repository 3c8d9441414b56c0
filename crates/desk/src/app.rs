//! Starts the desk, and the few signals that its pages share.

use crate::router::Router;
use crate::{keys, shell};
use core::cell::Cell;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use woodlark_domain::Language;
use woodlark_domain::policy::Action;
use woodlark_ui::RwSignal;
use woodlark_ui::device::Setting;
use woodlark_ui::el::{El, el};
use woodlark_ui::live::Live;
use woodlark_ui::{Fault, api, messages, page};
use woodlark_wire::{CategoryView, CityView, DeskDirectory, DeskMe, ProblemCode, QueueCount, path};

/// Who is at the desk, as far as is known.
#[derive(Debug, Clone, PartialEq)]
pub enum Seat {
    /// Not asked yet.
    Unknown,
    /// Nobody.
    Nobody,
    /// The server could not be asked, and why.
    Unreachable(String),
    /// This member of staff.
    Taken(DeskMe),
}

/// What every page shares.
#[derive(Clone, Copy)]
pub struct Desk {
    /// The page of now.
    pub router: Router,
    /// Who is at the desk.
    pub seat: RwSignal<Seat>,
    /// Notices that a case changed.
    pub live: Live,
    /// How many wait in each queue.
    pub counts: RwSignal<Vec<QueueCount>>,
    /// The language; a change draws everything anew.
    pub language: RwSignal<Language>,
    /// Departments and areas, once read.
    pub directory: RwSignal<Option<DeskDirectory>>,
    /// The categories, once read.
    pub categories: RwSignal<Vec<CategoryView>>,
    /// The city, once read, for the map.
    pub city: RwSignal<Option<CityView>>,
    /// What the live region says.
    pub said: RwSignal<String>,
}

impl Desk {
    /// Whether one of the reader's roles permits this anywhere.
    #[must_use]
    pub fn may(self, action: Action) -> bool {
        self.seat.with(|seat| matches!(seat, Seat::Taken(me) if me.may.contains(&action)))
    }

    /// Asks who is signed in here.
    pub fn ask(self) {
        spawn_local(async move {
            match api::get::<DeskMe>(path::DESK_SESSION).await {
                Ok(me) => self.sit(me),
                Err(fault) if fault.code() == Some(ProblemCode::NotStaff) => self.seat.set(Seat::Nobody),
                Err(fault) => self.seat.set(Seat::Unreachable(fault.words())),
            }
        });
    }

    /// Somebody signed in.
    pub fn sit(self, me: DeskMe) {
        self.seat.set(Seat::Taken(me));
        self.live.open();
        self.read_names();
    }

    /// Nobody is signed in any more.
    pub fn rise(self) {
        self.live.close();
        self.seat.set(Seat::Nobody);
    }

    /// What a fault says; one that means that the session has ended leads to the sign-in, with everything kept behind it.
    #[must_use]
    pub fn heard(self, fault: &Fault) -> String {
        if fault.code() == Some(ProblemCode::NotStaff) {
            self.rise();
        }
        told(fault)
    }

    fn read_names(self) {
        spawn_local(async move {
            if let Ok(directory) = api::get(path::DESK_DIRECTORY).await {
                self.directory.set(Some(directory));
            }
            if let Ok(categories) = api::get(path::CATEGORIES).await {
                self.categories.set(categories);
            }
            if let Ok(city) = api::get(path::CITY).await {
                self.city.set(Some(city));
            }
        });
    }

    /// Reads how many wait.
    pub async fn count(self) {
        if let Ok(counts) = api::get(path::DESK_QUEUES).await {
            self.counts.set(counts);
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

/// A fault in words: what was refused, and of a field what is wrong with it.
#[must_use]
pub fn told(fault: &Fault) -> String {
    let Fault::Problem(problem) = fault else { return fault.words() };
    let fields: Vec<&str> = problem.fields.iter().map(|field| field.detail.as_str()).collect();
    match &problem.detail {
        Some(detail) => detail.clone(),
        None if fields.is_empty() => problem.title.clone(),
        None => fields.join(" "),
    }
}

thread_local! {
    static DESK: Cell<Option<Desk>> = const { Cell::new(None) };
}

/// What every page shares; there is exactly one, made at the first call.
#[must_use]
pub fn use_desk() -> Desk {
    DESK.get().unwrap_or_else(|| {
        let desk = Desk {
            router: Router::start(),
            seat: RwSignal::new(Seat::Unknown),
            live: Live::start(path::DESK_LIVE),
            counts: RwSignal::new(Vec::new()),
            language: RwSignal::new(messages::language()),
            directory: RwSignal::new(None),
            categories: RwSignal::new(Vec::new()),
            city: RwSignal::new(None),
            said: RwSignal::new(String::new()),
        };
        DESK.set(Some(desk));
        desk
    })
}

/// Starts the desk.
pub fn start() {
    messages::set_language(page::first_language());
    page::set_root("lang", Some(messages::tag(messages::language())));
    // A second start finds the executor set; that is as good.
    let _ = any_spawner::Executor::init_wasm_bindgen();
    let owner = Owner::new();
    owner.with(|| {
        let desk = use_desk();
        keys::listen();
        let Some(place) = document().get_element_by_id("app") else { return };
        let root = el("div", "").dynamic(move || {
            desk.language.track();
            Some(shell::shell())
        });
        El::of(place.unchecked_into()).fill(&root);
        page::set_root("data-app", Some("on"));
        desk.ask();
    });
    // It lives as long as the page.
    core::mem::forget(owner);
}
