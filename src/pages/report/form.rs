//! What is being written, as signals, and the draft that keeps it: saved as it is typed, found again after a crash.

use crate::app::{App, on_sight, use_app};
use crate::device::{self, Setting};
use crate::outbox::{self, Record, Report, Stage, shelf};
use crate::platform::{Platform, platform};
use core::cell::{Cell, RefCell};
use core::time::Duration;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Blob, Url};
use woodlark_domain::limits::{PLACE_WORDS_CHARS, WORDS_CHARS};
use woodlark_domain::{CaseId, CategoryCode, ContentHash, EntryCode, Fix, Kind, Visibility};
use woodlark_ui::RwSignal;
use woodlark_ui::el::effect;
use woodlark_ui::{messages, t, when};
use woodlark_wire::{AttachmentManifest, Manifest, MediaRole, Place};

/// Milliseconds of quiet after which the draft is saved.
const SAVE_MS: u64 = 600;

thread_local! {
    static SAVE: Cell<Option<TimeoutHandle>> = const { Cell::new(None) };
    static LEAVING: Cell<Option<Form>> = const { Cell::new(None) };
    static FIRST_WORDS: RefCell<String> = const { RefCell::new(String::new()) };
}

/// The next form that is opened with nothing said in it begins with these words.
pub(crate) fn begin_with(words: String) {
    FIRST_WORDS.set(words);
}

/// Saves what is being written at once when the page is left; called once, at the start.
pub(crate) fn save_on_leaving() {
    on_sight(false, || {
        if let (Some(pending), Some(form)) = (SAVE.take(), LEAVING.get()) {
            pending.clear();
            untrack(|| spawn_local(form.save(form.record())));
        }
    });
}

/// A photo in the form.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tile {
    /// Tells tiles apart while they have no hash yet.
    pub(super) key: u32,
    /// The address of its picture in this page.
    pub(super) url: Option<String>,
    /// How far it is.
    pub(super) state: TileState,
}

/// How far a photo in the form is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum TileState {
    /// Being made small and clean.
    Busy,
    /// Ready to be sent.
    Ready(AttachmentManifest),
    /// Could not be read, and why.
    Bad(&'static str),
}

/// Looking for the device's position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Locating {
    /// Not asked yet, or done.
    Idle,
    /// Asked.
    Finding,
    /// The device or the person would not tell.
    Denied,
}

/// The form.
#[derive(Clone, Copy)]
pub(super) struct Form {
    /// Becomes the case's id.
    pub(super) id: RwSignal<CaseId>,
    /// Problem, suggestion or praise.
    pub(super) kind: RwSignal<Kind>,
    /// What is said.
    pub(super) words: RwSignal<String>,
    /// Where the resident chose one.
    pub(super) category: RwSignal<Option<CategoryCode>>,
    /// Where it is.
    pub(super) fix: RwSignal<Option<Fix>>,
    /// Where it is, in words.
    pub(super) place: RwSignal<String>,
    /// Who may see it.
    pub(super) visibility: RwSignal<Visibility>,
    /// The photos, in order.
    pub(super) tiles: RwSignal<Vec<Tile>>,
    /// The voice.
    pub(super) voice: RwSignal<Option<AttachmentManifest>>,
    /// Whether the position is being looked for.
    pub(super) locating: RwSignal<Locating>,
    /// Everything typed so far is on the shelf.
    pub(super) saved: RwSignal<bool>,
    /// It was found again from before.
    pub(super) restored: RwSignal<bool>,
    app: App,
}

impl Form {
    /// The unfinished draft, or an empty form. What was tapped on the way here chooses the kind.
    pub(super) fn open(kind: Option<Kind>) -> Self {
        let app = use_app();
        let kept = untrack(|| outbox::unfinished(app.outbox));
        let restored = kept.is_some();
        let fresh = || outbox::draft(device::new_id(), Kind::Problem, messages::language(), when::now());
        let record = kept.unwrap_or_else(fresh);
        let form = Self::of(app, &record);
        form.restored.set(restored);
        if let Some(kind) = kind {
            form.kind.set(kind);
        }
        let first = FIRST_WORDS.take();
        if form.words.with_untracked(String::is_empty) {
            form.words.set(first);
        }
        form.autosave();
        form
    }

    fn of(app: App, record: &Record) -> Self {
        let manifest = &record.manifest;
        let place = manifest.place.clone().unwrap_or_default();
        let voice = manifest.attachments.iter().find(|file| file.role == MediaRole::Voice);
        let form = Self {
            id: RwSignal::new(record.id),
            kind: RwSignal::new(manifest.kind),
            words: RwSignal::new(manifest.words.clone()),
            category: RwSignal::new(manifest.category.clone()),
            fix: RwSignal::new(place.fix),
            place: RwSignal::new(place.words.unwrap_or_default()),
            visibility: RwSignal::new(manifest.visibility),
            tiles: RwSignal::new(Vec::new()),
            voice: RwSignal::new(voice.cloned()),
            locating: RwSignal::new(Locating::Idle),
            saved: RwSignal::new(true),
            restored: RwSignal::new(false),
            app,
        };
        let photos = manifest.attachments.iter().filter(|file| file.role == MediaRole::Photo);
        for (file, key) in photos.zip(0..) {
            let file = file.clone();
            form.tiles
                .update(|tiles| tiles.push(Tile { key, url: None, state: TileState::Ready(file.clone()) }));
            spawn_local(async move {
                let url = shelf::file(file.hash)
                    .await
                    .and_then(|blob| Url::create_object_url_with_blob(&blob).ok());
                form.tiles.try_update(|tiles| {
                    if let Some(tile) = tiles.iter_mut().find(|tile| tile.key == key) {
                        tile.state = if url.is_some() {
                            TileState::Ready(file)
                        } else {
                            TileState::Bad(t().report_photo_bad)
                        };
                        tile.url = url;
                    }
                });
            });
        }
        form
    }

    /// What would be sent now.
    pub(super) fn manifest(self) -> Manifest {
        let words = Some(self.place.get().trim().to_owned()).filter(|words| !words.is_empty());
        let fix = self.fix.get();
        let has_place = fix.is_some() || words.is_some();
        let ready = |tile: &Tile| match &tile.state {
            TileState::Ready(file) => Some(file.clone()),
            TileState::Busy | TileState::Bad(_) => None,
        };
        let mut attachments: Vec<_> = self.tiles.with(|tiles| tiles.iter().filter_map(ready).collect());
        attachments.extend(self.voice.get());
        Manifest {
            kind: self.kind.get(),
            words: self.words.get().trim().to_owned(),
            category: self.category.get(),
            place: has_place.then_some(Place { fix, words, area: None }),
            visibility: self.visibility.get(),
            attachments,
            reported_at: when::now(),
            door: platform().door(),
            entry: Setting::Entry.get().and_then(|entry| EntryCode::new(entry).ok()),
            language: messages::language(),
        }
    }

    fn record(self) -> Record {
        Record::draft(self.id.get(), Report(self.manifest()), when::now())
    }

    /// Saves what is typed after a moment of quiet, and at once when the page is left.
    fn autosave(self) {
        let mut first = true;
        effect(Box::new(move || {
            let record = self.record();
            if core::mem::take(&mut first) {
                return;
            }
            self.saved.set(false);
            if let Some(old) = SAVE.take() {
                old.clear();
            }
            let save = move || spawn_local(self.save(record));
            SAVE.set(set_timeout_with_handle(save, Duration::from_millis(SAVE_MS)).ok());
        }));
        on_cleanup(move || {
            if let Some(pending) = SAVE.take() {
                pending.clear();
                untrack(|| spawn_local(self.save(self.record())));
            }
        });
        LEAVING.set(Some(self));
    }

    /// Keeps a file that the form has just taken in, after the draft that needs it.
    pub(super) async fn keep(self, hash: ContentHash, file: &Blob) {
        shelf::hold(hash, file);
        self.save(untrack(|| self.record())).await;
        self.app.outbox.keep_file(hash, file).await;
    }

    async fn save(self, record: Record) {
        let known = self.app.outbox.find(record.id);
        // What was queued meanwhile is no draft any more.
        let still_draft = known.as_ref().is_none_or(|known| known.stage == Stage::Draft);
        if still_draft && (record.manifest.has_content() || known.is_some()) {
            self.app.outbox.put(record).await;
        }
        let _ = self.saved.try_set(true);
    }

    /// What keeps it from being sent: the field's id and what to do.
    pub(super) fn faults(self) -> Vec<(&'static str, String)> {
        let mut faults = Vec::new();
        let manifest = self.manifest();
        if self.tiles.with(|tiles| tiles.iter().any(|tile| tile.state == TileState::Busy)) {
            faults.push(("photos", t().report_error_busy.into()));
        }
        if manifest.words.is_empty() && manifest.attachments.is_empty() && faults.is_empty() {
            faults.push(("words", t().report_error_empty.into()));
        }
        let over = manifest.words.chars().count().saturating_sub(WORDS_CHARS);
        if over > 0 {
            faults.push(("words", t().report_error_words(&over.to_string())));
        }
        if self.place.with(|place| place.trim().chars().count()) > PLACE_WORDS_CHARS {
            faults.push(("place-words", t().report_error_place.into()));
        }
        faults
    }

    /// Puts it in the queue; it is sent from there, now or later.
    pub(super) async fn send(self) -> CaseId {
        if let Some(pending) = SAVE.take() {
            pending.clear();
        }
        let record = untrack(|| self.record());
        let id = record.id;
        // Pressed twice, it is in the queue already.
        if self.app.outbox.find(id).is_none_or(|known| known.stage == Stage::Draft) {
            self.app.outbox.queue(record).await;
        }
        id
    }

    /// Lets it go, and begins afresh.
    pub(super) async fn discard(self) {
        if let Some(pending) = SAVE.take() {
            pending.clear();
        }
        let id = self.id.get_untracked();
        self.tiles.set(Vec::new());
        self.voice.set(None);
        self.words.set(String::new());
        self.place.set(String::new());
        self.category.set(None);
        self.fix.set(None);
        self.restored.set(false);
        self.id.set(device::new_id());
        self.app.outbox.remove(id).await;
    }

    /// Asks where the device is, once, on a tap: at the shutter, or on the button.
    pub(super) fn locate(self, again: bool) {
        let locating = self.locating.get_untracked();
        if locating == Locating::Finding
            || (!again && (self.fix.get_untracked().is_some() || locating == Locating::Denied))
        {
            return;
        }
        self.locating.set(Locating::Finding);
        spawn_local(async move {
            let fix = platform().locate().await;
            let _ = self.locating.try_set(if fix.is_some() { Locating::Idle } else { Locating::Denied });
            if fix.is_some() {
                let _ = self.fix.try_set(fix);
            }
        });
    }
}
