//! Saying it instead of writing it: up to a minute, with a level meter, to be heard again and done anew.

use super::form::Form;
use crate::outbox::shelf;
use crate::platform::{Here, Platform, platform};
use core::cell::RefCell;
use core::time::Duration;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::Url;
use woodlark_domain::limits::VOICE_SECONDS;
use woodlark_ui::RwSignal;
use woodlark_ui::capture::describe;
use woodlark_ui::capture::voice::Recording;
use woodlark_ui::el::{El, button, el, span};
use woodlark_ui::parts::icon;
use woodlark_ui::t;
use woodlark_wire::MediaRole;

thread_local! {
    static RUNNING: RefCell<Option<<Here as Platform>::Voice>> = const { RefCell::new(None) };
}

/// Milliseconds between two looks at the level.
const LOOK_MS: u64 = 100;

#[derive(Clone, Copy)]
struct Meter {
    going: RwSignal<bool>,
    level: RwSignal<Option<f64>>,
    left_s: RwSignal<u32>,
    /// Why there is no recording, in words; empty while there is no reason.
    trouble: RwSignal<&'static str>,
}

/// The button, the meter and the player; nothing where the browser cannot record.
pub(super) fn section(form: Form) -> Option<El> {
    if !platform().can_record() {
        return None;
    }
    let meter = Meter {
        going: RwSignal::new(false),
        level: RwSignal::new(Some(0.0)),
        left_s: RwSignal::new(VOICE_SECONDS),
        trouble: RwSignal::new(""),
    };
    on_cleanup(|| {
        if let Some(recording) = RUNNING.take() {
            recording.release();
        }
    });
    let parts = move || {
        Some(match form.voice.get() {
            _ if meter.going.get() => going(form, meter),
            Some(voice) => recorded(form, meter, voice.hash),
            None => {
                let start = button("btn small ghost", move || begin(form, meter)).test("voice");
                start.child(icon("mic")).text(t().report_voice_start)
            }
        })
    };
    let trouble = move || {
        let why = meter.trouble.get();
        (!why.is_empty()).then(|| el("p", "soft").attr("role", "status").test("voice-trouble").text(why))
    };
    let group = el("div", "voice").attr("role", "group").attr("aria-label", t().report_voice);
    Some(group.dynamic(parts).dynamic(trouble))
}

fn going(form: Form, meter: Meter) -> El {
    let level = el("meter", "")
        .attr("min", "0")
        .attr("max", "1")
        .attr("aria-label", t().report_voice_level)
        .prop("value", move || meter.level.get().unwrap_or_default().into())
        .bind("hidden", move || meter.level.get().is_none().then(String::new));
    let left = span("soft", "")
        .attr("role", "timer")
        .says(move || t().report_voice_going(&meter.left_s.get().to_string()));
    let stop = button("btn small danger", move || end(form, meter)).test("voice-stop");
    span("voice-going", "")
        .child(stop.child(icon("stop")).text(t().report_voice_stop))
        .child(level)
        .child(left)
}

fn recorded(form: Form, meter: Meter, hash: woodlark_domain::ContentHash) -> El {
    let url = RwSignal::new(None::<String>);
    spawn_local(async move {
        let address = shelf::file(hash).await.and_then(|file| Url::create_object_url_with_blob(&file).ok());
        let _ = url.try_set(address);
    });
    let again = move || {
        form.voice.set(None);
        begin(form, meter);
    };
    let player = move || {
        if let Some(replayer) = platform().replayer() {
            return Some(replayer);
        }
        url.get().map(|url| el("audio", "").flag("controls", true).attr("src", &url).test("voice-play"))
    };
    el("div", "voice-done")
        .dynamic(player)
        .child(span("soft", t().report_voice_private))
        .child(button("text-button", again).text(t().report_voice_again))
        .child(button("text-button", move || form.voice.set(None)).text(t().report_voice_remove))
}

fn begin(form: Form, meter: Meter) {
    meter.trouble.set("");
    spawn_local(async move {
        let Some(recording) = platform().record().await else {
            let _ = meter.trouble.try_set(t().report_voice_denied);
            return;
        };
        if meter.going.try_set(true).is_some() {
            // The page was left meanwhile.
            recording.release();
            return;
        }
        // Asked for twice, the first is let go.
        if let Some(before) = RUNNING.replace(Some(recording)) {
            before.release();
        }
        look(form, meter);
    });
}

/// Looks at the level until the recording ends or its minute is over.
fn look(form: Form, meter: Meter) {
    let seen = RUNNING.with_borrow(|running| running.as_ref().map(|r| (r.loudness(), r.elapsed_ms())));
    let Some((level, elapsed_ms)) = seen else { return };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a minute")]
    let left = VOICE_SECONDS.saturating_sub((elapsed_ms / 1000.0) as u32);
    let _ = meter.level.try_set(level);
    let _ = meter.left_s.try_set(left);
    if left == 0 {
        end(form, meter);
    } else {
        set_timeout(move || look(form, meter), Duration::from_millis(LOOK_MS));
    }
}

fn end(form: Form, meter: Meter) {
    let Some(recording) = RUNNING.take() else { return };
    let _ = meter.going.try_set(false);
    spawn_local(async move {
        let Ok(said) = recording.end().await else {
            let _ = meter.trouble.try_set(t().report_voice_nothing);
            return;
        };
        let Ok(entry) =
            describe(&said.file, MediaRole::Voice, &said.media_type, Some(said.duration_ms)).await
        else {
            return;
        };
        let hash = entry.hash;
        if form.voice.try_set(Some(entry)).is_none() {
            form.keep(hash, &said.file).await;
        }
    });
}
