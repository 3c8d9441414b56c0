//! Starts the desk, and the few signals that its pages share.

use crate::order::{Outbox, Record};
use crate::pages::undo_line::{self, LastOrder};
use crate::router::Router;
use crate::seen::{self, Seen};
use crate::{keys, shell};
use core::cell::Cell;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use woodlark_domain::Language;
use woodlark_domain::policy::Action;
use woodlark_ui::RwSignal;
use woodlark_ui::device::{Setting, new_id};
use woodlark_ui::el::{El, effect, el};
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
    /// The orders on this device.
    pub outbox: Outbox,
    /// An order that came back and is to be given anew, for the page of its case.
    pub again: RwSignal<Option<Record>>,
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
    /// The last order that was given here, and whether it can be taken back.
    pub last: LastOrder,
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
        spawn_local(self.ask_now());
    }

    /// Asks who is signed in here, and waits for the answer. Without a network it is whoever was here last.
    pub async fn ask_now(self) {
        if seen::has_left().await
            && let Err(fault) = self.end_session().await
        {
            return self.seat.set(Seat::Unreachable(fault.words()));
        }
        match seen::who().await {
            Ok(Seen { value, as_of: None }) => self.sit(value),
            Ok(Seen { value, as_of: Some(_) }) => {
                self.take(value);
                self.learn_names();
            }
            Err(fault) if fault.code() == Some(ProblemCode::NotStaff) => self.rise(),
            Err(fault) => {
                if self.seat.with_untracked(|seat| !matches!(seat, Seat::Taken(_))) {
                    self.seat.set(Seat::Unreachable(fault.words()));
                }
            }
        }
    }

    /// Somebody signed in: their orders go, and nothing of anybody else's is shown.
    pub fn sit(self, me: DeskMe) {
        let user = me.user_id;
        self.take(me);
        self.live.open();
        self.learn_names();
        spawn_local(seen::tidy(user));
        self.outbox.wake();
    }

    /// Whoever sits here already is left where they are: what they are writing is drawn anew for nobody.
    fn take(self, me: DeskMe) {
        let seat = Seat::Taken(me);
        if self.seat.with_untracked(|now| *now != seat) {
            self.seat.set(seat);
        }
    }

    /// Nobody is signed in any more. What they ordered waits for them.
    pub fn rise(self) {
        self.live.close();
        self.last.forget();
        self.seat.set(Seat::Nobody);
        spawn_local(seen::lock_up());
    }

    /// They sign out: nothing that they saw stays on this device, and of their orders only those that are not done. Without
    /// a network the server is told once there is one, before anybody is let in again.
    pub fn leave(self) {
        let done = |record: &&Record| record.stage == woodlark_outbox::Stage::Accepted;
        let done: Vec<_> =
            self.outbox.records.with_untracked(|all| all.iter().filter(done).map(|one| one.id).collect());
        self.rise();
        spawn_local(async move {
            seen::forget().await;
            // What failed now is tried again before anything else is asked.
            let _ = self.end_session().await;
            for id in done {
                self.outbox.remove(id).await;
            }
        });
    }

    async fn end_session(self) -> Result<(), Fault> {
        match api::send("DELETE", path::DESK_SESSION, &new_id().to_string(), None).await {
            Err(fault) if fault.code() != Some(ProblemCode::NotStaff) => Err(fault),
            Ok(_) | Err(_) => {
                seen::come_back().await;
                Ok(())
            }
        }
    }

    /// What a fault says; one that means that the session has ended leads to the sign-in, with everything kept behind it.
    #[must_use]
    pub fn heard(self, fault: &Fault) -> String {
        if fault.code() == Some(ProblemCode::NotStaff) {
            self.rise();
        }
        fault.told()
    }

    /// Reads what forms choose from, if that was not done yet.
    fn learn_names(self) {
        if self.city.with_untracked(Option::is_none) {
            self.read_names();
        }
    }

    /// Reads what forms choose from: anew where the city's data has changed.
    pub fn read_names(self) {
        spawn_local(async move {
            if let Ok(directory) = seen::read(path::DESK_DIRECTORY).await {
                self.directory.set(Some(directory.value));
            }
            if let Ok(categories) = seen::read(path::CATEGORIES).await {
                self.categories.set(categories.value);
            }
            if let Ok(city) = seen::read(path::CITY).await {
                self.city.set(Some(city.value));
            }
        });
    }

    /// Reads how many wait.
    pub async fn count(self) {
        if let Ok(counts) = seen::read(path::DESK_QUEUES).await {
            self.counts.set(counts.value);
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
            outbox: Outbox::start(),
            again: RwSignal::new(None),
            counts: RwSignal::new(Vec::new()),
            language: RwSignal::new(messages::language()),
            directory: RwSignal::new(None),
            categories: RwSignal::new(Vec::new()),
            city: RwSignal::new(None),
            last: LastOrder::none(),
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
        undo_line::follow(desk);
        effect(Box::new(move || desk.said.set(desk.outbox.said.get())));
        page::forever("online", move || {
            desk.ask();
            desk.live.notice();
        });
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
