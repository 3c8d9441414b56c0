//! An errand on this device and the states it goes through: draft → queued → sending → accepted, or needs attention.
//! Pure: time and chance come in as arguments.

use crate::errand::Errand;
use serde::{Deserialize, Serialize};
use woodlark_domain::{CaseId, ContentHash, Timestamp};
use woodlark_ui::Fault;
use woodlark_wire::ProblemCode;

/// The first wait after a failure.
const FIRST_WAIT: i64 = Timestamp::SECOND;
/// The longest wait between two tries.
const LONGEST_WAIT: i64 = 5 * Timestamp::MINUTE;

/// Where an errand stands on this device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
    /// Being written.
    Draft,
    /// Waits for its turn; may still be taken back and changed.
    Queued,
    /// Its first byte may have left: what it says is frozen.
    Sending,
    /// The server said that it has it.
    Accepted,
    /// The server refused it; whoever gave it decides.
    NeedsAttention,
}

/// Why a try failed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Trouble {
    /// What happened and what to do, in the language it was met in.
    pub words: String,
    /// Its id was used otherwise already, or its files are gone: only a new draft helps.
    pub spent: bool,
}

/// An errand on this device.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(bound = "E: Errand")]
pub struct Record<E: Errand> {
    /// Names the errand, also to the server: a report's becomes the case's id.
    pub id: CaseId,
    /// Where it stands here.
    pub stage: Stage,
    /// What it says; emptied once accepted.
    pub manifest: E,
    /// When it was last changed by a person.
    pub touched_at: Timestamp,
    /// Tries that failed in a row.
    pub failures: u32,
    /// Not before this moment, unless somebody asks.
    pub next_at: Timestamp,
    /// Why the last try failed.
    pub trouble: Option<Trouble>,
    /// The server's word.
    pub receipt: Option<E::Receipt>,
}

/// What a failure means for a record.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// Try again by itself; not before so many seconds, where the server said so.
    Later(Option<u32>),
    /// Whoever gave it has to look.
    Attention {
        /// Only a new draft helps.
        spent: bool,
    },
}

/// What a failure means: the network and the server's bad moments pass, a refusal does not.
#[must_use]
pub fn verdict(fault: &Fault) -> Verdict {
    let (code, status, wait) = match fault {
        Fault::NoNetwork | Fault::NotOurs | Fault::Timeout => return Verdict::Later(None),
        Fault::Status(status) => (None, *status, None),
        Fault::Problem(problem) => (Some(problem.code), problem.status, problem.retry_after_s),
    };
    let passes = matches!(
        code,
        Some(ProblemCode::OffsetMismatch | ProblemCode::Incomplete | ProblemCode::HashMismatch)
    );
    if passes || status >= 500 || matches!(status, 401 | 408 | 425 | 429) {
        return Verdict::Later(wait);
    }
    Verdict::Attention { spent: code == Some(ProblemCode::ManifestDiffers) }
}

impl<E: Errand> Record<E> {
    /// A draft.
    #[must_use]
    pub fn draft(id: CaseId, manifest: E, now: Timestamp) -> Self {
        Self {
            id,
            stage: Stage::Draft,
            manifest,
            touched_at: now,
            failures: 0,
            next_at: Timestamp::default(),
            trouble: None,
            receipt: None,
        }
    }

    /// Whether it waits to be sent, or is being sent.
    #[must_use]
    pub const fn is_waiting(&self) -> bool {
        matches!(self.stage, Stage::Queued | Stage::Sending)
    }

    /// Whether its turn has come.
    #[must_use]
    pub fn is_due(&self, now: Timestamp) -> bool {
        self.is_waiting() && self.next_at <= now
    }

    /// Somebody pressed send, or asks to try again.
    pub fn queue(&mut self, now: Timestamp) {
        match self.stage {
            Stage::Draft => {
                self.manifest.give(now);
                self.stage = Stage::Queued;
            }
            Stage::NeedsAttention => self.stage = Stage::Queued,
            Stage::Queued | Stage::Sending => {}
            Stage::Accepted => return,
        }
        self.trouble = None;
        self.failures = 0;
        self.next_at = Timestamp::default();
    }

    /// The first byte is about to leave: from here on what it says is frozen.
    pub fn begin(&mut self) {
        if self.stage == Stage::Queued {
            self.stage = Stage::Sending;
        }
    }

    /// A try failed. `chance` is between 0 and 1 and spreads the devices of a whole city over time.
    pub fn fail(&mut self, fault: &Fault, now: Timestamp, chance: f64) {
        if !self.is_waiting() {
            return;
        }
        match verdict(fault) {
            Verdict::Later(seconds) => {
                let asked = seconds.map_or(0, |seconds| i64::from(seconds) * Timestamp::SECOND);
                self.next_at = now.plus(backoff(self.failures, chance).max(asked));
                self.failures = self.failures.saturating_add(1);
                self.trouble = Some(Trouble { words: fault.words(), spent: false });
            }
            Verdict::Attention { spent } => self.give_up(fault.words(), spent),
        }
    }

    /// Nothing but a person can help now.
    pub fn give_up(&mut self, words: String, spent: bool) {
        self.stage = Stage::NeedsAttention;
        self.trouble = Some(Trouble { words, spent });
    }

    /// The server said that it has it: all that no list shows any more is let go.
    pub fn accept(&mut self, receipt: E::Receipt) {
        self.stage = Stage::Accepted;
        self.manifest.spend();
        self.trouble = None;
        self.receipt = Some(receipt);
    }

    /// The same content under a new id, to be changed and sent anew.
    #[must_use]
    pub fn renewed(&self, id: CaseId, now: Timestamp) -> Self {
        Self::draft(id, self.manifest.clone(), now)
    }

    /// The files that it needs on this device.
    pub fn files(&self) -> impl Iterator<Item = ContentHash> + '_ {
        self.manifest.files()
    }

    /// Whether nothing but time keeps it among these, which are in the order of their making: it waits, it may go, and none
    /// before it has to be done or decided on first.
    #[must_use]
    pub fn is_free(&self, all: &[Self]) -> bool {
        let holds_back = |earlier: &Self| {
            (earlier.is_waiting() || earlier.stage == Stage::NeedsAttention)
                && self.manifest.follows(&earlier.manifest)
        };
        let mut earlier = all.iter().take_while(|other| other.id != self.id);
        self.is_waiting() && self.manifest.may_go() && !earlier.any(holds_back)
    }
}

/// Microseconds to wait after so many failures before this one: 1 s, 2 s, 4 s … 5 min, each times 0.75 to 1.25.
fn backoff(failures: u32, chance: f64) -> i64 {
    let whole = FIRST_WAIT.saturating_mul(1 << failures.min(20)).min(LONGEST_WAIT);
    #[expect(clippy::cast_possible_truncation, reason = "a per cent figure between 75 and 125")]
    let percent = 75 + (chance.clamp(0.0, 1.0) * 50.0) as i64;
    whole / 100 * percent
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::errand::Stop;
    use crate::outbox::Outbox;
    use woodlark_wire::Problem;

    /// Words about some matter; what is said of one matter goes in its order.
    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    struct Note {
        matter: u32,
        words: String,
        given_at: Timestamp,
    }

    impl Errand for Note {
        type Receipt = u32;
        const SHELF: &'static str = "test";

        fn files(&self) -> impl Iterator<Item = ContentHash> + '_ {
            core::iter::empty()
        }
        fn give(&mut self, now: Timestamp) {
            self.given_at = now;
        }
        fn spend(&mut self) {
            self.words.clear();
        }
        fn lose_files(&mut self) {}
        fn may_go(&self) -> bool {
            self.words != "不许走"
        }
        fn follows(&self, earlier: &Self) -> bool {
            self.matter == earlier.matter
        }
        async fn carry(_: Outbox<Self>, _: &mut Record<Self>) -> Result<u32, Stop> {
            Err(Stop::LostFile)
        }
        fn done(receipt: &u32) -> String {
            receipt.to_string()
        }
    }

    fn record() -> Record<Note> {
        about(1, 1)
    }

    fn about(id: u8, matter: u32) -> Record<Note> {
        let note = Note { matter, words: "井盖松动".into(), given_at: Timestamp(0) };
        Record::draft(CaseId::from_bytes([id; 16]), note, Timestamp(5))
    }

    fn problem(code: ProblemCode) -> Fault {
        Fault::Problem(Box::new(Problem {
            kind: String::new(),
            code,
            status: code.status(),
            title: "说明".into(),
            detail: None,
            fields: Vec::new(),
            limit: None,
            received_bytes: None,
            refusal: None,
            retry_after_s: None,
            request_id: None,
        }))
    }

    #[test]
    fn a_draft_is_queued_with_the_moment_of_sending_and_frozen_by_the_first_byte() {
        let mut record = record();
        assert!(!record.is_due(Timestamp(9)));
        record.queue(Timestamp(9));
        assert_eq!((record.stage, record.manifest.given_at), (Stage::Queued, Timestamp(9)));
        record.begin();
        assert_eq!(record.stage, Stage::Sending);
        record.queue(Timestamp(99));
        assert_eq!((record.stage, record.manifest.given_at), (Stage::Sending, Timestamp(9)));
    }

    #[test]
    fn a_dead_network_and_a_busy_server_only_make_it_wait() {
        for fault in [
            Fault::NoNetwork,
            Fault::NotOurs,
            Fault::Timeout,
            Fault::Status(502),
            Fault::Status(429),
            problem(ProblemCode::NotSignedIn),
            problem(ProblemCode::Busy),
            problem(ProblemCode::OffsetMismatch),
            problem(ProblemCode::Incomplete),
        ] {
            let mut record = record();
            record.queue(Timestamp(0));
            record.begin();
            record.fail(&fault, Timestamp(0), 0.5);
            assert_eq!((record.stage, record.failures), (Stage::Sending, 1), "{fault:?}");
            assert!(!record.is_due(Timestamp(0)) && record.is_due(Timestamp(2 * Timestamp::SECOND)));
        }
    }

    #[test]
    fn a_refusal_needs_a_look_and_is_never_deleted_by_itself() {
        for code in
            [ProblemCode::Invalid, ProblemCode::TooLarge, ProblemCode::PhotoUnreadable, ProblemCode::NotFound]
        {
            let mut record = record();
            record.queue(Timestamp(0));
            record.fail(&problem(code), Timestamp(0), 0.5);
            assert_eq!(record.stage, Stage::NeedsAttention, "{code:?}");
            assert_eq!(record.trouble, Some(Trouble { words: "说明".into(), spent: false }));
            assert_eq!(record.manifest.words, "井盖松动");
            record.queue(Timestamp(1));
            assert!(record.is_due(Timestamp(1)));
        }
        let mut record = record();
        record.queue(Timestamp(0));
        record.fail(&problem(ProblemCode::ManifestDiffers), Timestamp(0), 0.5);
        assert!(record.trouble.is_some_and(|trouble| trouble.spent));
    }

    #[test]
    fn waits_double_from_a_second_to_five_minutes_and_differ_from_device_to_device() {
        assert_eq!(backoff(0, 0.5), Timestamp::SECOND);
        assert_eq!(backoff(3, 0.5), 8 * Timestamp::SECOND);
        assert_eq!(backoff(40, 0.5), LONGEST_WAIT);
        assert_eq!(backoff(2, 0.0), 3 * Timestamp::SECOND);
        assert_eq!(backoff(2, 1.0), 5 * Timestamp::SECOND);
    }

    #[test]
    fn the_servers_own_wait_is_kept_where_it_is_longer() {
        let mut record = record();
        record.queue(Timestamp(0));
        let Fault::Problem(mut busy) = problem(ProblemCode::TooManyRequests) else { panic!() };
        busy.retry_after_s = Some(60);
        record.fail(&Fault::Problem(busy), Timestamp(0), 0.5);
        assert_eq!(record.next_at, Timestamp(60 * Timestamp::SECOND));
    }

    #[test]
    fn only_the_receipt_makes_it_sent_and_then_its_words_are_let_go() {
        let mut record = record();
        record.queue(Timestamp(0));
        record.begin();
        record.accept(42);
        assert_eq!((record.stage, record.manifest.words.as_str()), (Stage::Accepted, ""));
        record.fail(&Fault::NoNetwork, Timestamp(8), 0.5);
        record.queue(Timestamp(9));
        assert_eq!(record.stage, Stage::Accepted);
    }

    #[test]
    fn an_edited_refusal_goes_out_under_a_new_id() {
        let mut record = record();
        record.queue(Timestamp(0));
        record.give_up("x".into(), false);
        let draft = record.renewed(CaseId::from_bytes([2; 16]), Timestamp(3));
        assert_eq!((draft.stage, draft.manifest.words.as_str()), (Stage::Draft, "井盖松动"));
        assert_ne!(draft.id, record.id);
    }

    #[test]
    fn a_record_comes_back_from_its_json() {
        let record = record();
        let text = serde_json::to_string(&record).unwrap();
        assert_eq!(serde_json::from_str::<Record<Note>>(&text).unwrap(), record);
    }

    #[test]
    fn what_follows_another_waits_until_that_is_done_or_let_go() {
        let mut all = vec![about(1, 7), about(2, 7), about(3, 8)];
        for record in &mut all {
            record.queue(Timestamp(0));
        }
        let free = |all: &[Record<Note>]| all.iter().map(|one| one.is_free(all)).collect::<Vec<_>>();
        assert_eq!(free(&all), [true, false, true]);
        all[0].give_up("x".into(), false);
        assert_eq!(free(&all), [false, false, true], "it waits for somebody to decide");
        all[0].queue(Timestamp(1));
        all[0].accept(1);
        assert_eq!(free(&all), [false, true, true]);
        all[1].manifest.words = "不许走".into();
        assert_eq!(free(&all), [false, false, true]);
    }
}
