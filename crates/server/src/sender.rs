//! One-time codes on their way to a phone. A city plugs in its SMS gateway here; the embedded default writes to the
//! server's log and, for developers only, to a page of their own.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use woodlark_domain::Language;
use woodlark_domain::report::Phone;

/// How many sent codes the developers' page shows.
const SHOWN: usize = 20;

/// Sends a one-time code.
pub trait Sender: Send + Sync {
    /// Hands the code over; what becomes of it is not awaited.
    fn send(&self, phone: &Phone, code: &str, language: Language);
}

/// The embedded default.
#[derive(Debug, Default)]
pub struct LogSender {
    sent: Mutex<VecDeque<(String, String)>>,
}

impl LogSender {
    /// Masked numbers and their codes, newest first.
    #[must_use]
    pub fn sent(&self) -> Vec<(String, String)> {
        self.sent.lock().map(|sent| sent.iter().cloned().collect()).unwrap_or_default()
    }
}

impl Sender for LogSender {
    fn send(&self, phone: &Phone, code: &str, _: Language) {
        tracing::info!(phone = %phone.masked(), code, "one-time code");
        if let Ok(mut sent) = self.sent.lock() {
            sent.push_front((phone.masked(), code.to_owned()));
            sent.truncate(SHOWN);
        }
    }
}

/// A shared sender.
pub type SharedSender = Arc<dyn Sender>;
