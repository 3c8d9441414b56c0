//! The outbox as pages see it: the records in memory are what the screen shows; each change is written through to
//! IndexedDB and told to the other tabs.

use crate::errand::{Errand, Stop};
use crate::record::{Record, Stage};
use crate::{lock, shelf};
use core::cell::{Cell, RefCell};
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::BroadcastChannel;
use woodlark_domain::{CaseId, ContentHash, Timestamp};
use woodlark_ui::page::{forever, on_sight};
use woodlark_ui::{RwSignal, device, t, when};

/// How many errands that are done are remembered.
const SENT_KEPT: usize = 50;

thread_local! {
    static OTHERS: RefCell<Option<BroadcastChannel>> = const { RefCell::new(None) };
    static RUNNING: Cell<bool> = const { Cell::new(false) };
    static TIMER: Cell<Option<TimeoutHandle>> = const { Cell::new(None) };
    /// Records that the shelf has not kept, or not yet: they are in memory alone.
    static UNKEPT: RefCell<Vec<CaseId>> = const { RefCell::new(Vec::new()) };
    /// Grows with each change of the records in memory.
    static CHANGES: Cell<u32> = const { Cell::new(0) };
}

/// The outbox of a program; there is one.
pub struct Outbox<E: Errand> {
    /// Every errand on this device, oldest first.
    pub records: RwSignal<Vec<Record<E>>>,
    /// How far each file has gone, 0 to 1.
    pub progress: RwSignal<Vec<(ContentHash, f64)>>,
    /// The device refused to keep something: it must be sent before the page is closed.
    pub full: RwSignal<bool>,
    /// Grows when an errand was accepted, so that lists read again.
    pub accepted: RwSignal<u32>,
    /// What the live region says.
    pub said: RwSignal<String>,
}

impl<E: Errand> Clone for Outbox<E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E: Errand> Copy for Outbox<E> {}

impl<E: Errand> Outbox<E> {
    /// Reads what is kept, and listens to the network, to the other tabs and to the page's return.
    #[must_use]
    pub fn start() -> Self {
        shelf::name(E::SHELF);
        let outbox = Self {
            records: RwSignal::new(Vec::new()),
            progress: RwSignal::new(Vec::new()),
            full: RwSignal::new(false),
            accepted: RwSignal::new(0),
            said: RwSignal::new(String::new()),
        };
        outbox.listen();
        spawn_local(async move {
            outbox.reload().await;
            outbox.sweep().await;
            outbox.pump();
        });
        outbox
    }

    /// Reads the records again, as another tab left them.
    pub async fn reload(self) {
        // The shelf gives them by their ids, which are in the order of their making. What this tab changed while it was
        // being read is newer than what was read: the shelf has it after the writes that are on their way.
        let mut kept = loop {
            let before = CHANGES.get();
            let kept = shelf::records::<E>().await;
            if before == CHANGES.get() {
                break kept;
            }
        };
        UNKEPT.with_borrow(|unkept| {
            let only_here = |record: &&Record<E>| {
                unkept.contains(&record.id) && kept.iter().all(|other| other.id != record.id)
            };
            let memory: Vec<_> =
                self.records.with_untracked(|all| all.iter().filter(only_here).cloned().collect());
            kept.extend(memory);
        });
        self.records.set(kept);
    }

    /// The errand with this id.
    #[must_use]
    pub fn find(self, id: CaseId) -> Option<Record<E>> {
        self.records.with_untracked(|records| records.iter().find(|record| record.id == id).cloned())
    }

    /// How many wait to be sent.
    #[must_use]
    pub fn waiting(self) -> usize {
        self.records.with(|records| records.iter().filter(|record| record.is_waiting()).count())
    }

    /// How many need a look from a person.
    #[must_use]
    pub fn attention(self) -> usize {
        self.records.with(|records| records.iter().filter(|r| r.stage == Stage::NeedsAttention).count())
    }

    /// Puts a record in its place: in memory at once, so that whoever asks next knows how it stands, then on the shelf.
    /// What the shelf refuses is in memory alone, and the person is told.
    pub async fn put(self, record: Record<E>) {
        self.change(|records| match records.iter_mut().find(|known| known.id == record.id) {
            Some(known) => *known = record.clone(),
            None => records.push(record.clone()),
        });
        UNKEPT.with_borrow_mut(|unkept| {
            if !unkept.contains(&record.id) {
                unkept.push(record.id);
            }
        });
        match shelf::keep(&record).await {
            Ok(()) => {
                UNKEPT.with_borrow_mut(|unkept| unkept.retain(|id| *id != record.id));
                tell_others();
            }
            Err(_) => self.full.set(true),
        }
    }

    /// Keeps a file that a record needs; the record is kept before it.
    pub async fn keep_file(self, hash: ContentHash, file: &web_sys::Blob) {
        if shelf::keep_file(hash, file).await.is_err() {
            self.full.set(true);
        }
    }

    /// Lets a record and its files go; what it held back goes on.
    pub async fn remove(self, id: CaseId) {
        self.change(|records| records.retain(|record| record.id != id));
        shelf::forget(id).await;
        self.sweep().await;
        tell_others();
        self.pump();
    }

    fn change(self, change: impl FnOnce(&mut Vec<Record<E>>)) {
        CHANGES.set(CHANGES.get().wrapping_add(1));
        self.records.update(change);
    }

    async fn sweep(self) {
        let needed = move |hash| {
            self.records
                .with_untracked(|all| all.iter().any(|record| record.files().any(|file| file == hash)))
        };
        // What could not be swept is swept next time.
        let _ = shelf::sweep::<E>(needed).await;
    }

    /// Puts a draft in the queue, or one that failed back into it, and sends.
    pub async fn queue(self, mut record: Record<E>) {
        record.queue(when::now());
        self.put(record).await;
        ask_to_persist();
        self.pump();
    }

    /// Makes a new draft of one that was refused.
    pub async fn renew(self, record: &Record<E>) {
        self.put(record.renewed(device::new_id(), when::now())).await;
        self.remove(record.id).await;
    }

    /// A person or the network asks: nothing waits for its time any more.
    pub fn wake(self) {
        self.records.update(|records| {
            records
                .iter_mut()
                .filter(|record| record.is_waiting())
                .for_each(|r| r.next_at = Timestamp::default());
        });
        self.pump();
    }

    /// A file has gone so far.
    pub fn went(self, hash: ContentHash, part: f64) {
        self.progress.update(|all| match all.iter_mut().find(|(known, _)| *known == hash) {
            Some((_, known)) => *known = part,
            None => all.push((hash, part)),
        });
    }

    /// Starts the sender unless it runs, here or in another tab.
    pub fn pump(self) {
        if self.next().is_none() || RUNNING.replace(true) {
            return self.set_timer();
        }
        spawn_local(async move {
            lock::alone(self.send_all()).await;
            RUNNING.set(false);
            self.set_timer();
        });
    }

    /// The first whose turn has come and that nothing else keeps.
    fn next(self) -> Option<Record<E>> {
        let now = when::now();
        self.records.with_untracked(|all| all.iter().find(|one| one.is_due(now) && one.is_free(all)).cloned())
    }

    async fn send_all(self) {
        while let Some(record) = self.next() {
            self.send_one(record).await;
        }
    }

    async fn send_one(self, mut record: Record<E>) {
        record.begin();
        self.put(record.clone()).await;
        match E::carry(self, &mut record).await {
            Ok(receipt) => {
                self.said.set(E::done(&receipt));
                self.let_follow(&record, &receipt).await;
                record.accept(receipt);
                self.put(record).await;
                self.forget_oldest().await;
                self.sweep().await;
                self.full.set(false);
                self.accepted.update(|count| *count += 1);
            }
            Err(stop) => {
                match stop {
                    Stop::Fault(fault) => record.fail(&fault, when::now(), js_sys::Math::random()),
                    Stop::Refused(words) => record.give_up(words, false),
                    Stop::LostFile => {
                        record.manifest.lose_files();
                        record.give_up(t().outbox_lost_media.into(), true);
                    }
                }
                self.said
                    .set(record.trouble.as_ref().map(|trouble| trouble.words.clone()).unwrap_or_default());
                self.put(record).await;
            }
        }
    }

    /// What follows an errand goes on from what the server said of it.
    async fn let_follow(self, done: &Record<E>, receipt: &E::Receipt) {
        let follows =
            |one: &&Record<E>| one.id > done.id && one.is_waiting() && one.manifest.follows(&done.manifest);
        let following: Vec<Record<E>> =
            self.records.with_untracked(|all| all.iter().filter(follows).cloned().collect());
        for mut one in following {
            if one.manifest.goes_on(&done.manifest, receipt) {
                self.put(one).await;
            }
        }
    }

    async fn forget_oldest(self) {
        let sent: Vec<CaseId> = self.records.with_untracked(|records| {
            records.iter().filter(|record| record.stage == Stage::Accepted).map(|record| record.id).collect()
        });
        for id in sent.iter().take(sent.len().saturating_sub(SENT_KEPT)) {
            self.remove(*id).await;
        }
    }

    /// Wakes the sender when the next record's time comes.
    fn set_timer(self) {
        let next = self.records.with_untracked(|records| {
            records.iter().filter(|one| one.is_free(records)).map(|one| one.next_at.millis()).min()
        });
        if let Some(old) = TIMER.take() {
            old.clear();
        }
        let Some(next) = next else { return };
        let wait = u64::try_from(next - when::now().millis()).unwrap_or(0).clamp(500, 300_000);
        let timer = set_timeout_with_handle(move || self.pump(), core::time::Duration::from_millis(wait));
        TIMER.set(timer.ok());
    }

    fn listen(self) {
        forever("online", move || self.wake());
        on_sight(true, move || self.wake());
        let Ok(channel) = BroadcastChannel::new(&shelf::called()) else { return };
        let heard = Closure::<dyn Fn()>::new(move || spawn_local(self.reload()));
        channel.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        heard.forget();
        OTHERS.set(Some(channel));
    }
}

/// The other tabs read the records again.
fn tell_others() {
    OTHERS.with_borrow(|channel| {
        if let Some(channel) = channel {
            // A channel that is closed has nobody to tell.
            let _ = channel.post_message(&JsValue::NULL);
        }
    });
}

/// Asks the browser not to clear this site's storage; it may say no.
fn ask_to_persist() {
    let navigator = window().navigator();
    let Ok(storage) = js_sys::Reflect::get(&navigator, &"storage".into()) else { return };
    if let Ok(persist) = js_sys::Reflect::get(&storage, &"persist".into())
        && let Some(persist) = persist.dyn_ref::<js_sys::Function>()
    {
        // A hint, no promise: nothing here depends on the answer.
        let _ = persist.call0(&storage);
    }
}
