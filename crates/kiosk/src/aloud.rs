//! Reading aloud: by the browser's own voice where it has one of the language, else by a sound that was made beforehand. Where
//! neither comes out the text stands on the screen anyway, and nothing is said of it.

use crate::app::{Kiosk, Page};
use crate::js;
use crate::messages::k;
use core::cell::RefCell;
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use woodlark_domain::Language;
use woodlark_ui::el::effect;
use woodlark_ui::messages::{language, tag};

thread_local! {
    static PLAYING: RefCell<Option<JsValue>> = const { RefCell::new(None) };
}

/// The name of what is read on a page, and the words; none where nothing is.
fn prompt(kiosk: Kiosk, page: Page) -> Option<(&'static str, &'static str)> {
    let k = k();
    Some(match page {
        Page::Opening | Page::Enrol | Page::Revoked => return None,
        Page::Attract => ("attract", k.aloud_attract),
        Page::Start => ("start", k.aloud_start),
        Page::Photo => ("photo", k.aloud_photo),
        Page::Say => ("say", k.aloud_say),
        Page::Category => ("category", k.aloud_category),
        Page::Place => ("place", k.aloud_place),
        Page::Check => ("check", k.aloud_check),
        // Which of the two it is shows itself a moment later; what is said then is true of both until then.
        Page::Result if kiosk.outbox.taken.with_untracked(Option::is_some) => ("result", k.aloud_result),
        Page::Result if window().navigator().on_line() => ("result", k.aloud_result),
        Page::Result => ("kept", k.aloud_kept),
        Page::LookUp => ("look_up", k.aloud_look_up),
        Page::Gift => ("gift", k.aloud_gift),
    })
}

/// Reads each page when it comes, while reading is on.
pub fn follow(kiosk: Kiosk) {
    effect(Box::new(move || {
        let (page, on) = (kiosk.page.get(), kiosk.aloud.get());
        kiosk.language.track();
        let asked = kiosk.asked.with(Option::is_some);
        be_quiet();
        if !on {
            return;
        }
        let what = if asked { Some(("idle", k().aloud_idle)) } else { untrack(|| prompt(kiosk, page)) };
        if let Some((name, words)) = what {
            read(name, words);
        }
    }));
}

/// Stops whatever is being read.
pub fn be_quiet() {
    if let Some(sound) = PLAYING.take() {
        let _ = js::call(&sound, "pause", &[]);
    }
    let _ = js::call(&js::get(&window(), "speechSynthesis"), "cancel", &[]);
}

fn read(name: &'static str, words: &str) {
    if speak(words).is_err() {
        play(name);
    }
}

/// By the browser's own voice.
fn speak(words: &str) -> Result<(), JsValue> {
    let speech = js::get(&window(), "speechSynthesis");
    let voices: js_sys::Array = js::call(&speech, "getVoices", &[])?.dyn_into()?;
    let wanted = match language() {
        Language::Zh => "zh",
        Language::En => "en",
    };
    let of_language =
        |voice: &JsValue| js::get(voice, "lang").as_string().is_some_and(|tag| tag.starts_with(wanted));
    let voice = voices.iter().find(of_language).ok_or(JsValue::NULL)?;
    let said = js::new("SpeechSynthesisUtterance", &[words.into()])?;
    js::set(&said, "voice", &voice);
    js::set(&said, "lang", &tag(language()).into());
    js::set(&said, "rate", &0.9.into());
    js::call(&speech, "speak", &[said]).map(drop)
}

/// By the sound that was made beforehand. A sound that does not come is nobody's trouble.
fn play(name: &str) {
    let address = ["/kiosk/speech/", language().code(), "-", name, ".ogg"].concat();
    let Ok(sound) = js::new("Audio", &[address.into()]) else { return };
    PLAYING.set(Some(sound.clone()));
    if let Ok(started) = js::call(&sound, "play", &[]) {
        spawn_local(async move {
            let _ = JsFuture::from(js_sys::Promise::resolve(&started)).await;
        });
    }
}
