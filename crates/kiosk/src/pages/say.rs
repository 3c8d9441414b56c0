//! Saying what it is, up to a minute, or writing it. Neither is needed where there is a photo.

use super::photo::k_next;
use super::{framed, on};
use crate::app::{Page, use_kiosk};
use crate::draft::Spoken;
use crate::messages::k;
use crate::platform::{Platform, Station, platform};
use core::cell::RefCell;
use core::time::Duration;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::Url;
use woodlark_domain::Kind;
use woodlark_domain::limits::{VOICE_SECONDS, WORDS_CHARS};
use woodlark_ui::RwSignal;
use woodlark_ui::capture::voice::Recording;
use woodlark_ui::el::{El, button, el};
use woodlark_ui::parts::icon;

thread_local! {
    static RUNNING: RefCell<Option<<Station as Platform>::Voice>> = const { RefCell::new(None) };
}

/// Milliseconds between two looks at the level.
const LOOK_MS: u64 = 150;

#[derive(Clone, Copy)]
struct Meter {
    going: RwSignal<bool>,
    level: RwSignal<f64>,
    left_s: RwSignal<u32>,
    denied: RwSignal<bool>,
    /// The last recording came to nothing.
    nothing: RwSignal<bool>,
}

/// The page.
#[must_use]
pub fn page() -> El {
    let kiosk = use_kiosk();
    let draft = kiosk.draft;
    let meter = Meter {
        going: RwSignal::new(false),
        level: RwSignal::new(0.0),
        left_s: RwSignal::new(VOICE_SECONDS),
        denied: RwSignal::new(!platform().can_record()),
        nothing: RwSignal::new(false),
    };
    on_cleanup(|| {
        if let Some(recording) = RUNNING.take() {
            recording.release();
        }
    });
    let voice = move || {
        Some(match draft.spoken.get() {
            _ if meter.denied.get() => {
                el("p", "note").attr("role", "status").child(icon("alert")).text(k().say_denied)
            }
            _ if meter.going.get() => going(meter),
            Some(spoken) => recorded(meter, &spoken),
            None => el("div", "record")
                .child(
                    button("record-button", move || begin(meter))
                        .test("record")
                        .child(icon("mic"))
                        .text(k().say_record),
                )
                .maybe(meter.nothing.get().then(|| {
                    el("p", "note")
                        .attr("role", "status")
                        .test("nothing")
                        .child(icon("alert"))
                        .text(k().say_nothing)
                }))
                .child(el("p", "soft").text(k().say_private)),
        })
    };
    let words = el("textarea", "")
        .attr("id", "words")
        .attr("rows", "3")
        .attr("placeholder", k().say_words_hint)
        .attr("autocomplete", "off")
        .test("words")
        .prop("value", move || draft.words.get().into())
        .typed(move |text| draft.words.set(text));
    let over = move || {
        let over = draft.over();
        (over > 0).then(|| el("p", "trouble").attr("role", "alert").text(&k().say_over(&over.to_string())))
    };
    let count = move || {
        [&draft.words.with(|words| words.trim().chars().count()).to_string(), " / ", &WORDS_CHARS.to_string()]
            .concat()
    };
    let written = el("div", "stack")
        .child(el("label", "label").attr("for", "words").text(k().say_words))
        .child(words)
        .child(el("p", "soft counted").says(count))
        .dynamic(over);
    let title = if draft.kind.get_untracked() == Kind::Praise { k().say_title_praise } else { k().say_title };
    let next = on(k_next(), "next", move || {
        if untrack(|| draft.over()) == 0 {
            kiosk.go(Page::Category);
        }
    });
    let body = el("div", "stack").child(el("div", "card voice-card").dynamic(voice)).child(written);
    framed(title, k().say_lead, body, Some(next))
}

fn going(meter: Meter) -> El {
    let level = el("meter", "")
        .attr("min", "0")
        .attr("max", "1")
        .attr("aria-label", k().say_stop)
        .prop("value", move || meter.level.get().into());
    el("div", "record")
        .child(
            button("record-button going", move || end(meter))
                .test("stop")
                .child(icon("stop"))
                .text(k().say_stop),
        )
        .child(level)
        .child(
            el("p", "soft").attr("role", "timer").says(move || k().say_left(&meter.left_s.get().to_string())),
        )
}

fn recorded(meter: Meter, spoken: &Spoken) -> El {
    let draft = use_kiosk().draft;
    let again = move || {
        draft.say(None);
        begin(meter);
    };
    let seconds = (spoken.duration_ms.div_ceil(1_000)).to_string();
    el("div", "record")
        .child(el("b", "").test("heard").text(&k().say_heard(&seconds)))
        .child(
            el("audio", "").flag("controls", true).attr("src", &spoken.url).attr("aria-label", k().say_play),
        )
        .child(
            el("div", "camera-ways")
                .child(button("btn ghost", again).test("record-again").text(k().say_again))
                .child(button("btn ghost", move || draft.say(None)).test("unsay").text(k().say_remove)),
        )
        .child(el("p", "soft").text(k().say_private))
}

fn begin(meter: Meter) {
    spawn_local(async move {
        let _ = meter.nothing.try_set(false);
        let Some(recording) = platform().record().await else {
            let _ = meter.denied.try_set(true);
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
        look(meter);
    });
}

/// Looks at the level until the recording ends or its minute is over.
fn look(meter: Meter) {
    let seen = RUNNING.with_borrow(|running| running.as_ref().map(|r| (r.loudness(), r.elapsed_ms())));
    let Some((level, elapsed_ms)) = seen else { return };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a minute")]
    let left = VOICE_SECONDS.saturating_sub((elapsed_ms / 1000.0) as u32);
    let _ = meter.level.try_set(level.unwrap_or_default());
    let _ = meter.left_s.try_set(left);
    if left == 0 {
        end(meter);
    } else {
        // Whoever speaks is there.
        crate::idle::touched();
        set_timeout(move || look(meter), Duration::from_millis(LOOK_MS));
    }
}

fn end(meter: Meter) {
    let Some(recording) = RUNNING.take() else { return };
    let _ = meter.going.try_set(false);
    let draft = use_kiosk().draft;
    spawn_local(async move {
        let Ok(said) = recording.end().await else {
            let _ = meter.nothing.try_set(true);
            return;
        };
        let Ok(url) = Url::create_object_url_with_blob(&said.file) else { return };
        draft.say(Some(Spoken {
            file: said.file,
            url,
            media_type: said.media_type,
            duration_ms: said.duration_ms,
        }));
    });
}
