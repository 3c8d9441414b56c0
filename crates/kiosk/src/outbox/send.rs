//! Brings envelopes to the server, one after the other, piece by piece from where its bytes end. What it would not have for good
//! stays sealed, is counted, and holds up no other; what it could not have now is brought again, later each time.

use super::{Note, vault};
use core::cell::{Cell, RefCell};
use core::time::Duration;
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use web_sys::Blob;
use woodlark_domain::limits::CHUNK_BYTES;
use woodlark_domain::{CaseId, Timestamp};
use woodlark_ui::api::{Body, Call};
use woodlark_ui::page::forever;
use woodlark_ui::{Fault, RwSignal, api};
use woodlark_wire::{EnvelopeReceipt, ProblemCode, Receipt, path};

/// Milliseconds until a failed way is tried again, doubled each time up to five minutes.
const FIRST_MS: u32 = 1_000;
const LAST_MS: u32 = 300_000;

thread_local! {
    static BUSY: Cell<bool> = const { Cell::new(false) };
    static AGAIN_MS: Cell<u32> = const { Cell::new(FIRST_MS) };
    static NEXT: RefCell<Option<TimeoutHandle>> = const { RefCell::new(None) };
}

/// What waits on this device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Waiting {
    /// Envelopes to be brought.
    pub queue: u32,
    /// Since when the oldest waits.
    pub oldest_at: Option<Timestamp>,
    /// Envelopes that were refused for good.
    pub attention: u32,
}

/// The outbox.
#[derive(Clone, Copy)]
pub struct Outbox {
    /// What waits.
    pub waiting: RwSignal<Waiting>,
    /// The last case that the server has taken.
    pub taken: RwSignal<Option<Receipt>>,
    /// The last that it would not have.
    pub refused: RwSignal<Option<CaseId>>,
    /// The server said that this device is no kiosk any more.
    pub shut: RwSignal<Option<ProblemCode>>,
}

/// Why a way ended without a receipt.
enum Stop {
    /// Later again.
    Later,
    /// This envelope never, by this code.
    Never(String),
    /// No envelope of this device.
    Shut(ProblemCode),
}

impl Outbox {
    /// An outbox that begins to send at once and whenever there is a network again.
    #[must_use]
    pub fn start() -> Self {
        let outbox = Self {
            waiting: RwSignal::new(Waiting::default()),
            taken: RwSignal::new(None),
            refused: RwSignal::new(None),
            shut: RwSignal::new(None),
        };
        forever("online", move || outbox.wake());
        outbox.wake();
        outbox
    }

    /// Brings what waits, now.
    pub fn wake(self) {
        AGAIN_MS.set(FIRST_MS);
        self.turn();
    }

    /// Counts what waits.
    pub async fn count(self) {
        let Ok(notes) = vault::notes().await else { return };
        let attention = notes.iter().filter(|note| note.refused.is_some()).count();
        let bring = Note::to_bring(notes);
        self.waiting.set(Waiting {
            queue: u32::try_from(bring.len()).unwrap_or(u32::MAX),
            oldest_at: bring.first().map(|note| note.sealed_at),
            attention: u32::try_from(attention).unwrap_or(u32::MAX),
        });
    }

    fn turn(self) {
        if BUSY.replace(true) {
            return;
        }
        if let Some(timer) = NEXT.take() {
            timer.clear();
        }
        spawn_local(async move {
            let all = self.bring_all().await;
            self.count().await;
            BUSY.set(false);
            match all {
                Err(Stop::Later) => self.again(),
                Err(Stop::Shut(code)) => self.shut.set(Some(code)),
                // One may have been sealed while the last was on its way.
                Ok(()) if self.waiting.get_untracked().queue > 0 => self.turn(),
                Ok(()) | Err(Stop::Never(_)) => {}
            }
        });
    }

    /// Once more, after a while; not all kiosks of a city at the same moment.
    fn again(self) {
        let wait = AGAIN_MS.get();
        AGAIN_MS.set(wait.saturating_mul(2).min(LAST_MS));
        let jitter = js_sys::Math::random() * 0.25 * f64::from(wait);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "at most five minutes and a quarter"
        )]
        let wait = Duration::from_millis(u64::from(wait) + jitter as u64);
        NEXT.set(set_timeout_with_handle(move || self.turn(), wait).ok());
    }

    async fn bring_all(self) -> Result<(), Stop> {
        let notes = vault::notes().await.map_err(|_| Stop::Later)?;
        for mut note in Note::to_bring(notes) {
            match bring(&note).await {
                Ok(receipt) => {
                    // One that could not be let go is brought once more, and the server knows it.
                    let _ = vault::forget(note.case).await;
                    AGAIN_MS.set(FIRST_MS);
                    self.count().await;
                    self.taken.set(Some(receipt));
                }
                Err(Stop::Never(code)) => {
                    note.refused = Some(code);
                    vault::mark(&note).await.map_err(|_| Stop::Later)?;
                    self.refused.set(Some(note.case));
                }
                Err(stop) => return Err(stop),
            }
        }
        Ok(())
    }
}

async fn bring(note: &Note) -> Result<Receipt, Stop> {
    let envelope = vault::envelope(note.case).await.map_err(|_| Stop::Never("lost".to_owned()))?;
    let (mut offset, mut corrected) = (0_u64, false);
    loop {
        let end = offset.saturating_add(CHUNK_BYTES).min(note.bytes);
        let piece = slice(&envelope, offset, end).map_err(|_| Stop::Later)?;
        let address = path::envelope(note.case, note.bytes, note.hash);
        let call = Call {
            method: "PUT",
            path: &address,
            body: Body::File(&piece),
            key: None,
            offset: Some(offset),
            progress: None,
            header: None,
        };
        let said = match call.text().await {
            Ok(text) => api::read::<EnvelopeReceipt>(&text).map_err(|_| Stop::Later)?,
            Err(Fault::Problem(problem)) => match (problem.code, problem.received_bytes) {
                (ProblemCode::OffsetMismatch, Some(held)) if !corrected && held <= note.bytes => {
                    corrected = true;
                    offset = held;
                    continue;
                }
                (code, _) => return Err(judge(code, problem.status)),
            },
            Err(_) => return Err(Stop::Later),
        };
        match said.receipt {
            Some(receipt) => return Ok(receipt),
            // A server that holds no more than before is not asked again at once.
            None if said.received_bytes <= offset => return Err(Stop::Later),
            None => offset = said.received_bytes,
        }
    }
}

/// What a refusal means for an envelope.
fn judge(code: ProblemCode, status: u16) -> Stop {
    if matches!(code, ProblemCode::NotKiosk | ProblemCode::KioskRevoked) {
        return Stop::Shut(code);
    }
    // The bytes went wrong on the way and begin anew.
    let torn = matches!(code, ProblemCode::HashMismatch | ProblemCode::OffsetMismatch);
    if !torn && (400..500).contains(&status) && !matches!(status, 401 | 408 | 425 | 429) {
        Stop::Never(code.code().to_owned())
    } else {
        Stop::Later
    }
}

fn slice(file: &Blob, begin: u64, end: u64) -> Result<Blob, JsValue> {
    #[expect(clippy::cast_precision_loss, reason = "an envelope has at most some millions of bytes")]
    file.slice_with_f64_and_f64(begin as f64, end as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_can_never_be_taken_is_given_up() {
        assert!(
            matches!(judge(ProblemCode::PhotoUnreadable, 422), Stop::Never(code) if code == "photo_unreadable")
        );
        assert!(matches!(judge(ProblemCode::Invalid, 422), Stop::Never(_)));
        for (code, status) in [
            (ProblemCode::TooManyRequests, 429),
            (ProblemCode::Busy, 503),
            (ProblemCode::Internal, 500),
            (ProblemCode::HashMismatch, 422),
        ] {
            assert!(matches!(judge(code, status), Stop::Later), "{}", code.code());
        }
        assert!(matches!(judge(ProblemCode::KioskRevoked, 401), Stop::Shut(_)));
    }
}
