//! What somebody is saying, in memory alone: it is never written anywhere before it is sealed.

use crate::app::Outcome;
use crate::app::{Kiosk, Page};
use crate::messages::k;
use crate::outbox::{seal, vault};
use crate::platform::{Platform, platform};
use wasm_bindgen::JsValue;
use web_sys::{Blob, Url};
use woodlark_domain::limits::WORDS_CHARS;
use woodlark_domain::{CategoryCode, Datum, Fix, FixSource, Kind, Position, Visibility};
use woodlark_ui::capture::{describe, photo};
use woodlark_ui::device::new_id;
use woodlark_ui::{RwSignal, messages, when};
use woodlark_wire::{KioskView, Manifest, MediaRole, Place};

/// A photo, and the address of its picture in this page.
#[derive(Debug, Clone, PartialEq)]
pub struct Shot {
    /// The photo.
    pub file: Blob,
    /// Its address, until it is let go.
    pub url: String,
}

/// What was said, and the address of its sound in this page.
#[derive(Debug, Clone, PartialEq)]
pub struct Spoken {
    /// The sound.
    pub file: Blob,
    /// Its address, until it is let go.
    pub url: String,
    /// Its container.
    pub media_type: String,
    /// How long, in milliseconds.
    pub duration_ms: u32,
}

/// Where it is, as it was chosen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Where {
    /// Near the station.
    Here,
    /// A tap on the map.
    Map(Option<Position>),
    /// They can't say.
    Unknown,
}

/// The report.
#[derive(Clone, Copy)]
pub struct Draft {
    /// Problem, suggestion or praise.
    pub kind: RwSignal<Kind>,
    /// The photos, in order.
    pub shots: RwSignal<Vec<Shot>>,
    /// The voice.
    pub spoken: RwSignal<Option<Spoken>>,
    /// The words.
    pub words: RwSignal<String>,
    /// The category.
    pub category: RwSignal<Option<CategoryCode>>,
    /// Where.
    pub place: RwSignal<Where>,
    /// Where, in words.
    pub place_words: RwSignal<String>,
    /// For the staff alone.
    pub private: RwSignal<bool>,
}

impl Default for Draft {
    fn default() -> Self {
        Self::new()
    }
}

impl Draft {
    /// One with nothing in it.
    #[must_use]
    pub fn new() -> Self {
        Self {
            kind: RwSignal::new(Kind::Problem),
            shots: RwSignal::new(Vec::new()),
            spoken: RwSignal::new(None),
            words: RwSignal::new(String::new()),
            category: RwSignal::new(None),
            place: RwSignal::new(Where::Here),
            place_words: RwSignal::new(String::new()),
            private: RwSignal::new(false),
        }
    }

    /// Whether there is enough to be sent. Tracked.
    #[must_use]
    pub fn has_content(self) -> bool {
        !self.words.with(|words| words.trim().is_empty())
            || !self.shots.with(Vec::is_empty)
            || self.spoken.with(Option::is_some)
    }

    /// By how many characters the words are too long. Tracked.
    #[must_use]
    pub fn over(self) -> usize {
        self.words.with(|words| words.trim().chars().count()).saturating_sub(WORDS_CHARS)
    }

    /// Takes a photo in.
    pub fn keep(self, file: Blob) -> Option<String> {
        let url = Url::create_object_url_with_blob(&file).ok()?;
        let shot = Shot { file, url: url.clone() };
        self.shots.update(|shots| shots.push(shot));
        Some(url)
    }

    /// Lets a photo go.
    pub fn remove(self, url: &str) {
        revoke(url);
        self.shots.update(|shots| shots.retain(|shot| shot.url != url));
    }

    /// Another voice, or none; the one before is let go.
    pub fn say(self, spoken: Option<Spoken>) {
        if let Some(before) = self.spoken.get_untracked() {
            revoke(&before.url);
        }
        self.spoken.set(spoken);
    }

    /// Lets everything go, object addresses included.
    pub fn let_go(self) {
        for shot in self.shots.get_untracked() {
            revoke(&shot.url);
        }
        self.say(None);
        self.shots.set(Vec::new());
        self.words.set(String::new());
        self.category.set(None);
        self.place.set(Where::Here);
        self.place_words.set(String::new());
        self.private.set(false);
    }

    async fn place(self) -> Option<Place> {
        let fix = match self.place.get_untracked() {
            Where::Here => platform().locate().await,
            Where::Map(at) => {
                at.map(|raw| Fix { raw, datum: Datum::Wgs84, source: FixSource::Map, accuracy_m: None })
            }
            Where::Unknown => None,
        };
        let words = self.place_words.get_untracked().trim().to_owned();
        let words = Some(words).filter(|words| !words.is_empty());
        (fix.is_some() || words.is_some()).then_some(Place { fix, words, area: None })
    }

    /// What is to be sealed, and its files in order.
    async fn manifest(self, own: &KioskView) -> Result<(Manifest, Vec<Blob>), JsValue> {
        let (mut attachments, mut files) = (Vec::new(), Vec::new());
        for shot in self.shots.get_untracked() {
            let named = describe(&shot.file, MediaRole::Photo, photo::JPEG, None).await?;
            // The same picture twice is one file.
            if !attachments.contains(&named) {
                attachments.push(named);
                files.push(shot.file);
            }
        }
        if let Some(spoken) = self.spoken.get_untracked() {
            let duration = Some(spoken.duration_ms);
            attachments.push(describe(&spoken.file, MediaRole::Voice, &spoken.media_type, duration).await?);
            files.push(spoken.file);
        }
        let manifest = Manifest {
            kind: self.kind.get_untracked(),
            words: self.words.get_untracked().trim().to_owned(),
            category: self.category.get_untracked(),
            place: self.place().await,
            visibility: if self.private.get_untracked() { Visibility::Private } else { Visibility::Public },
            attachments,
            reported_at: when::now(),
            door: platform().door(),
            entry: own.entry.clone(),
            language: messages::language(),
        };
        Ok((manifest, files))
    }

    /// Seals it and keeps the envelope; only then is what was said let go. From there it is brought to the server, now or later.
    ///
    /// # Errors
    /// What went wrong, in words; everything that was said is still there.
    pub async fn hand_in(self, kiosk: Kiosk) -> Result<(), String> {
        let failed = |_: JsValue| k().check_failed(&kiosk.hotline());
        let own = kiosk.own.get_untracked().ok_or(JsValue::NULL).map_err(failed)?;
        let case = new_id();
        let (manifest, files) = self.manifest(&own).await.map_err(failed)?;
        let sealed = seal::report(&own, case, manifest, &files).await.map_err(failed)?;
        vault::keep(&sealed.note, &sealed.envelope).await.map_err(failed)?;
        self.let_go();
        kiosk.outcome.set(Some(Outcome { case, given: sealed.given }));
        kiosk.go(Page::Result);
        kiosk.outbox.wake();
        Ok(())
    }
}

fn revoke(url: &str) {
    // An address that is no more is as good.
    let _ = Url::revoke_object_url(url);
}
