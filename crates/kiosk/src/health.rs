//! Once a minute the kiosk says how it does, and hears what it is; a newer build is taken in when nobody is here.

use crate::app::{Kiosk, Page};
use crate::own::{self, Kept};
use core::cell::Cell;
use core::time::Duration;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;
use woodlark_domain::kiosk::HEALTH_SECONDS;
use woodlark_ui::device::new_id;
use woodlark_ui::{Fault, api, json};
use woodlark_wire::{KioskHealth, KioskView, ProblemCode, path};

thread_local! {
    /// Whether the camera worked when it was last asked for.
    static CAMERA: Cell<bool> = const { Cell::new(true) };
    /// How often the categories and the map were left as they were.
    static TURNS: Cell<u32> = const { Cell::new(0) };
}

/// Words between two readings of the city: an hour.
const CITY_TURNS: u32 = 60;

/// The camera worked, or it did not.
pub fn camera(works: bool) {
    CAMERA.set(works);
}

/// The build of this page.
fn build() -> String {
    let meta = document().query_selector("meta[name=build]").ok().flatten();
    meta.and_then(|meta| meta.get_attribute("content")).unwrap_or_default()
}

/// Says it now, and every minute from now on.
pub fn start(kiosk: Kiosk) {
    spawn_local(async move {
        if kiosk.own.with_untracked(Option::is_some) {
            kiosk.outbox.count().await;
            match say(kiosk).await {
                Ok(told) => hear(kiosk, told),
                Err(fault) => {
                    if let Some(code @ (ProblemCode::NotKiosk | ProblemCode::KioskRevoked)) = fault.code() {
                        kiosk.shut(code);
                    }
                }
            }
        }
        set_timeout(move || start(kiosk), Duration::from_secs(u64::from(HEALTH_SECONDS)));
    });
}

async fn say(kiosk: Kiosk) -> Result<KioskView, Fault> {
    let waiting = kiosk.outbox.waiting.get_untracked();
    let health = KioskHealth {
        version: build(),
        queue: waiting.queue,
        oldest_at: waiting.oldest_at,
        attention: waiting.attention,
        camera: CAMERA.get(),
    };
    let body = json::write(&health).map_err(|_| Fault::NotOurs)?;
    let said = api::send("POST", path::KIOSK_HEALTH, &new_id().to_string(), Some(&body)).await?;
    api::read(&said)
}

fn hear(kiosk: Kiosk, told: KioskView) {
    let newer = !told.build.is_empty() && told.build != build();
    let target = told.build.clone();
    kiosk.learn(told);
    if kiosk.outbox.waiting.get_untracked().queue > 0 {
        kiosk.outbox.wake();
    }
    let turns = TURNS.get().wrapping_add(1);
    TURNS.set(turns);
    if turns.is_multiple_of(CITY_TURNS) {
        kiosk.read_city();
    }
    if newer && kiosk.page.get_untracked() == Page::Attract {
        load_anew(&target);
    }
}

/// Loads the page anew, once for each build: where it comes out the same, the next minute would try for ever.
fn load_anew(build: &str) {
    if own::build().as_deref() != Some(build) {
        own::keep(Kept::Build, &build);
        // A page that can't be loaded anew goes on as it is.
        let _ = window().location().reload();
    }
}
