//! A resident's report as an errand of the outbox: a manifest, and the files that it names.

pub mod sender;

use core::ops::{Deref, DerefMut};
use serde::{Deserialize, Serialize};
use woodlark_domain::{CaseId, ContentHash, Door, Kind, Language, Timestamp, Visibility};
use woodlark_outbox::{Errand, Stop};
use woodlark_ui::t;
use woodlark_wire::{Manifest, Receipt};

pub use woodlark_outbox::{Stage, shelf};

/// A report on this device.
pub type Record = woodlark_outbox::Record<Report>;
/// The reports on this device.
pub type Outbox = woodlark_outbox::Outbox<Report>;

/// What a report says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Report(pub Manifest);

impl Deref for Report {
    type Target = Manifest;

    fn deref(&self) -> &Manifest {
        &self.0
    }
}

impl DerefMut for Report {
    fn deref_mut(&mut self) -> &mut Manifest {
        &mut self.0
    }
}

impl Report {
    /// One that says nothing yet.
    #[must_use]
    pub const fn blank(kind: Kind, language: Language) -> Self {
        Self(Manifest {
            kind,
            words: String::new(),
            category: None,
            place: None,
            visibility: Visibility::Public,
            attachments: Vec::new(),
            reported_at: Timestamp(0),
            door: Door::Browser,
            entry: None,
            language,
        })
    }

    /// Whether there is anything in it worth keeping.
    #[must_use]
    pub fn has_content(&self) -> bool {
        let place = self.place.as_ref().is_some_and(|place| place.words.is_some());
        !self.words.trim().is_empty() || !self.attachments.is_empty() || place
    }
}

impl Errand for Report {
    type Receipt = Receipt;
    const SHELF: &'static str = "woodlark";

    fn files(&self) -> impl Iterator<Item = ContentHash> + '_ {
        self.attachments.iter().map(|file| file.hash)
    }

    fn give(&mut self, now: Timestamp) {
        self.reported_at = now;
    }

    fn spend(&mut self) {
        *self = Self::blank(self.kind, self.language);
    }

    fn lose_files(&mut self) {
        self.attachments.clear();
    }

    async fn carry(outbox: Outbox, record: &mut Record) -> Result<Receipt, Stop> {
        sender::send(outbox, record.id, &record.manifest).await
    }

    fn done(receipt: &Receipt) -> String {
        t().outbox_accepted(receipt.number.as_str())
    }
}

/// An empty draft.
#[must_use]
pub fn draft(id: CaseId, kind: Kind, language: Language, now: Timestamp) -> Record {
    Record::draft(id, Report::blank(kind, language), now)
}

/// The unfinished draft with something in it, the latest. Tracked.
#[must_use]
pub fn unfinished(outbox: Outbox) -> Option<Record> {
    let is_open = |record: &&Record| record.stage == Stage::Draft && record.manifest.has_content();
    outbox.records.with(|records| records.iter().rev().find(is_open).cloned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use woodlark_domain::{CaseNumber, State};

    #[test]
    fn a_report_that_is_a_case_keeps_its_kind_and_its_number_alone() {
        let mut record = draft(CaseId::from_bytes([1; 16]), Kind::Praise, Language::Zh, Timestamp(5));
        record.manifest.words = "谢谢".into();
        record.queue(Timestamp(9));
        assert_eq!(record.manifest.reported_at, Timestamp(9));
        record.accept(Receipt {
            case_id: record.id,
            number: CaseNumber::new("FX-20261123-00042").unwrap(),
            state: State::Received,
            received_at: Timestamp(7),
            promised_at: None,
        });
        assert_eq!((record.manifest.kind, record.manifest.words.as_str()), (Kind::Praise, ""));
        let text = serde_json::to_string(&record).unwrap();
        assert!(text.contains("FX-20261123-00042"), "{text}");
        assert_eq!(serde_json::from_str::<Record>(&text).unwrap(), record);
    }
}
