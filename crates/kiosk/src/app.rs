//! Starts the kiosk, and the signals that its pages share. There are no addresses and no history: a page is a signal, so that Back
//! finds nothing of anybody.

use crate::draft::Draft;
use crate::outbox::seal::Given;
use crate::outbox::{Outbox, vault};
use crate::own::{self, Kept};
use crate::platform::{Platform, platform};
use crate::{aloud, health, idle, shell};
use core::cell::Cell;
use core::time::Duration;
use leptos::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use woodlark_domain::{CaseId, Language};
use woodlark_ui::el::{El, el};
use woodlark_ui::{Fault, RwSignal, api, json, messages, page};
use woodlark_wire::{CategoryView, CityView, KioskView, ProblemCode, path};

/// What is on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    /// It is not known yet whether this device is a kiosk.
    Opening,
    /// It is none.
    Enrol,
    /// Its leave was taken away.
    Revoked,
    /// Nobody is here.
    Attract,
    /// What would you like to do?
    Start,
    /// Taking photos.
    Photo,
    /// Saying it, or writing it.
    Say,
    /// What it is about.
    Category,
    /// Where it is.
    Place,
    /// Looking it over.
    Check,
    /// What became of it.
    Result,
    /// A case by its number and code.
    LookUp,
    /// A gift by its code.
    Gift,
}

impl Page {
    /// Its name, for the style and for tests.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Opening => "opening",
            Self::Enrol => "enrol",
            Self::Revoked => "revoked",
            Self::Attract => "attract",
            Self::Start => "start",
            Self::Photo => "photo",
            Self::Say => "say",
            Self::Category => "category",
            Self::Place => "place",
            Self::Check => "check",
            Self::Result => "result",
            Self::LookUp => "look_up",
            Self::Gift => "gift",
        }
    }

    /// Whether somebody is at it whose things must go when they leave.
    #[must_use]
    pub const fn is_somebodys(self) -> bool {
        !matches!(self, Self::Opening | Self::Enrol | Self::Revoked | Self::Attract)
    }

    /// The page before it, on the way of a report.
    #[must_use]
    pub const fn before(self) -> Option<Self> {
        match self {
            Self::Photo | Self::LookUp | Self::Gift => Some(Self::Start),
            Self::Say => Some(Self::Photo),
            Self::Category => Some(Self::Say),
            Self::Place => Some(Self::Category),
            Self::Check => Some(Self::Place),
            Self::Opening | Self::Enrol | Self::Revoked | Self::Attract | Self::Start | Self::Result => None,
        }
    }
}

/// A report that was sealed, as its reporter sees it until they leave.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The case that it is to become.
    pub case: CaseId,
    /// Its code, and what takes it to a phone.
    pub given: Given,
}

/// What every page shares.
#[derive(Clone, Copy)]
pub struct Kiosk {
    /// What is on the screen.
    pub page: RwSignal<Page>,
    /// The language; a change draws everything anew.
    pub language: RwSignal<Language>,
    /// The buttons lie in the lower half.
    pub low: RwSignal<bool>,
    /// What is on the screen is read aloud.
    pub aloud: RwSignal<bool>,
    /// What this device is.
    pub own: RwSignal<Option<KioskView>>,
    /// The categories that may be chosen.
    pub categories: RwSignal<Vec<CategoryView>>,
    /// The city, for the map.
    pub city: RwSignal<Option<CityView>>,
    /// What somebody is saying.
    pub draft: Draft,
    /// What became of it.
    pub outcome: RwSignal<Option<Outcome>>,
    /// What waits on this device.
    pub outbox: Outbox,
    /// Seconds left to whoever is asked whether they are still there; none while nobody is.
    pub asked: RwSignal<Option<u32>>,
    /// What the live region says.
    pub said: RwSignal<String>,
}

/// Seconds until the server is asked again what this device is.
const ASK_AGAIN_S: u64 = 5;

thread_local! {
    static KIOSK: Cell<Option<Kiosk>> = const { Cell::new(None) };
}

/// What every page shares; there is exactly one, made at the first call.
#[must_use]
pub fn use_kiosk() -> Kiosk {
    KIOSK.get().unwrap_or_else(|| {
        let kiosk = Kiosk {
            page: RwSignal::new(Page::Opening),
            language: RwSignal::new(messages::language()),
            low: RwSignal::new(false),
            aloud: RwSignal::new(false),
            own: RwSignal::new(own::kiosk()),
            categories: RwSignal::new(own::categories()),
            city: RwSignal::new(own::city()),
            draft: Draft::new(),
            outcome: RwSignal::new(None),
            outbox: Outbox::start(),
            asked: RwSignal::new(None),
            said: RwSignal::new(String::new()),
        };
        KIOSK.set(Some(kiosk));
        kiosk
    })
}

impl Kiosk {
    /// Goes to a page.
    pub fn go(self, page: Page) {
        self.said.set(String::new());
        self.page.set(page);
    }

    /// Changes the language for whoever stands here.
    pub fn speak(self, language: Language) {
        messages::set_language(language);
        page::set_root("lang", Some(messages::tag(language)));
        self.language.set(language);
    }

    /// The number to call when nothing else works.
    #[must_use]
    pub fn hotline(self) -> String {
        self.own.with_untracked(|own| own.as_ref().map(|own| own.hotline.clone()).unwrap_or_default())
    }

    /// The server told what this device is.
    pub fn learn(self, told: KioskView) {
        own::keep(Kept::Kiosk, &told);
        if self.own.with_untracked(|own| own.as_ref() != Some(&told)) {
            let text = json::write(&told).ok();
            // Where it can't be kept, the plain storage has it.
            spawn_local(async move { _ = vault::keep_own(text.as_deref()).await });
        }
        self.own.set(Some(told));
        if matches!(self.page.get_untracked(), Page::Opening | Page::Enrol | Page::Revoked) {
            self.go(Page::Attract);
        }
    }

    /// The server said that this device is no kiosk, or none any more.
    pub fn shut(self, code: ProblemCode) {
        own::forget();
        spawn_local(async { _ = vault::keep_own(None).await });
        platform().camera_off();
        self.go(if code == ProblemCode::KioskRevoked { Page::Revoked } else { Page::Enrol });
    }

    /// Asks the server what this device is. Without a network it is what it was.
    async fn ask(self) {
        match api::get::<KioskView>(path::KIOSK).await {
            Ok(told) => self.learn(told),
            Err(fault) => match fault.code() {
                Some(code @ (ProblemCode::NotKiosk | ProblemCode::KioskRevoked)) => self.shut(code),
                _ => self.remember().await,
            },
        }
    }

    /// Nobody says what this device is: it is what it was. Where it was nothing, it is asked again and again.
    async fn remember(self) {
        if self.own.with_untracked(Option::is_none) {
            let kept = vault::own().await.and_then(|text| json::read(&text).ok());
            self.own.set(kept);
        }
        if self.own.with_untracked(Option::is_some) {
            self.go(Page::Attract);
        } else {
            self.go(Page::Enrol);
            set_timeout(move || self.ask_again(), Duration::from_secs(ASK_AGAIN_S));
        }
    }

    fn ask_again(self) {
        if self.own.with_untracked(Option::is_none) {
            spawn_local(async move {
                match api::get::<KioskView>(path::KIOSK).await {
                    Ok(told) => self.learn(told),
                    Err(fault) if fault.code().is_none() => {
                        set_timeout(move || self.ask_again(), Duration::from_secs(ASK_AGAIN_S));
                    }
                    // This device is none, and somebody has to enter a code.
                    Err(_) => {}
                }
            });
        }
    }

    /// Reads what the pages offer, for now and for when there is no network.
    pub fn read_city(self) {
        spawn_local(async move {
            if let Ok(all) = read::<Vec<CategoryView>>(path::CATEGORIES, Kept::Categories).await {
                self.categories.set(all);
            }
            if let Ok(city) = read::<CityView>(path::CITY, Kept::City).await {
                self.city.set(Some(city));
            }
        });
    }

    /// Whoever stood here is gone: everything of theirs is let go, and the page is loaded anew in its own place, so that memory and
    /// history are gone with it.
    pub fn end(self) {
        platform().camera_off();
        self.draft.let_go();
        self.outcome.set(None);
        aloud::be_quiet();
        own::wipe();
        // Where the browser would not, the page stays with nothing in it.
        if window().location().replace(path::KIOSK_PAGE).is_err() {
            self.go(Page::Attract);
        }
    }
}

async fn read<T: Serialize + DeserializeOwned>(address: &str, keep: Kept) -> Result<T, Fault> {
    let value = api::get::<T>(address).await?;
    own::keep(keep, &value);
    Ok(value)
}

/// Starts the program.
pub fn start() {
    messages::set_language(Language::Zh);
    page::set_root("lang", Some(messages::tag(Language::Zh)));
    // A second start finds the executor set; that is as good.
    let _ = any_spawner::Executor::init_wasm_bindgen();
    let owner = Owner::new();
    owner.with(|| {
        own::wipe();
        let kiosk = use_kiosk();
        let Some(place) = document().get_element_by_id("app") else { return };
        let root = el("div", "hollow").dynamic(move || {
            kiosk.language.track();
            Some(shell::shell())
        });
        El::of(place.unchecked_into()).fill(&root);
        woodlark_ui::el::effect(Box::new(move || {
            page::set_root("data-low", kiosk.low.get().then_some("on"));
        }));
        woodlark_ui::el::effect(Box::new(move || {
            if let Some(code) = kiosk.outbox.shut.get() {
                untrack(|| kiosk.shut(code));
            }
        }));
        platform().begin();
        idle::start(kiosk);
        aloud::follow(kiosk);
        health::start(kiosk);
        spawn_local(async move {
            kiosk.ask().await;
            kiosk.read_city();
        });
        page::set_root("data-app", Some("on"));
    });
    // It lives as long as the page.
    core::mem::forget(owner);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_of_a_report_leads_back_to_its_beginning() {
        let mut page = Page::Check;
        let mut way = vec![page.name()];
        while let Some(before) = page.before() {
            page = before;
            way.push(page.name());
        }
        assert_eq!(way, ["check", "place", "category", "say", "photo", "start"]);
        assert_eq!(Page::Result.before(), None, "what is sealed is not taken back");
        assert!(Page::Result.is_somebodys() && !Page::Attract.is_somebodys());
    }
}
