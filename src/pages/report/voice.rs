//! Saying it instead of writing it: up to a minute, with a level meter, to be heard again and done anew.

use super::form::Form;
use crate::capture::describe;
use crate::capture::voice::Recording;
use crate::outbox::shelf;
use crate::platform::platform;
use core::cell::RefCell;
use core::time::Duration;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::Url;
use woodlark_domain::limits::VOICE_SECONDS;
use woodlark_ui::parts::icon;
use woodlark_ui::t;
use woodlark_wire::MediaRole;

thread_local! {
    static RUNNING: RefCell<Option<Recording>> = const { RefCell::new(None) };
}

/// Milliseconds between two looks at the level.
const LOOK_MS: u64 = 100;

#[derive(Clone, Copy)]
struct Meter {
    going: RwSignal<bool>,
    level: RwSignal<f64>,
    left_s: RwSignal<u32>,
    denied: RwSignal<bool>,
}

/// The button, the meter and the player; nothing where the browser cannot record.
pub(super) fn section(form: Form) -> AnyView {
    if !platform().can_record() {
        return ().into_any();
    }
    let meter = Meter {
        going: RwSignal::new(false),
        level: RwSignal::new(0.0),
        left_s: RwSignal::new(VOICE_SECONDS),
        denied: RwSignal::new(false),
    };
    on_cleanup(|| {
        if let Some(recording) = RUNNING.take() {
            recording.release();
        }
    });
    let parts = move || {
        if meter.going.get() {
            return going(form, meter);
        }
        match form.voice.get() {
            Some(voice) => recorded(form, meter, voice.hash),
            None => view! {
                <button type="button" class="btn small ghost" data-test="voice" on:click=move |_| begin(form, meter)>
                    {icon("mic")}{t().report_voice_start}
                </button>
            }
            .into_any(),
        }
    };
    let denied = move || meter.denied.get().then(|| view! { <p class="soft">{t().report_voice_denied}</p> });
    view! { <div class="voice" role="group" aria-label=t().report_voice>{parts}{denied}</div> }.into_any()
}

fn going(form: Form, meter: Meter) -> AnyView {
    let left = move || t().report_voice_going(&meter.left_s.get().to_string());
    view! {
        <button type="button" class="btn small danger" data-test="voice-stop" on:click=move |_| end(form, meter)>
            {icon("stop")}{t().report_voice_stop}
        </button>
        <span class="voice-going">
            <meter min="0" max="1" prop:value=move || meter.level.get() aria-label=t().report_voice_level></meter>
            <span class="soft" role="timer">{left}</span>
        </span>
    }
    .into_any()
}

fn recorded(form: Form, meter: Meter, hash: woodlark_domain::ContentHash) -> AnyView {
    let url = RwSignal::new(None::<String>);
    spawn_local(async move {
        let address = shelf::file(hash).await.and_then(|file| Url::create_object_url_with_blob(&file).ok());
        let _ = url.try_set(address);
    });
    let again = move |_| {
        form.voice.set(None);
        begin(form, meter);
    };
    view! {
        <div class="voice-done">
            {move || url.get().map(|url| view! { <audio controls src=url data-test="voice-play"></audio> })}
            <span class="soft">{t().report_voice_private}</span>
            <button type="button" class="text-button" on:click=again>{t().report_voice_again}</button>
            <button type="button" class="text-button" on:click=move |_| form.voice.set(None)>{t().report_voice_remove}</button>
        </div>
    }
    .into_any()
}

fn begin(form: Form, meter: Meter) {
    meter.denied.set(false);
    spawn_local(async move {
        match Recording::begin().await {
            Ok(recording) => {
                RUNNING.set(Some(recording));
                let _ = meter.going.try_set(true);
                look(form, meter);
            }
            Err(_) => drop(meter.denied.try_set(true)),
        }
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
        let Ok(said) = recording.end().await else { return };
        let Ok(entry) = describe(&said.file, MediaRole::Voice, &said.media_type, Some(said.duration_ms)).await else {
            return;
        };
        let _ = shelf::keep_file(entry.hash, &said.file).await;
        let _ = form.voice.try_set(Some(entry));
    });
}
