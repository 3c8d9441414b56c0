//! What must be so: small, slow and written by hand. It shares the words of the domain (states, commands, ids) and none of
//! its rules: those are in `judge`, out of a table.

use std::collections::{BTreeMap, BTreeSet};
use woodlark_domain::case::{Actor, Command, CommandKind};
use woodlark_domain::{
    AreaCode, CaseId, CategoryCode, ContentHash, DepartmentCode, Door, Kind, Role, State, Timestamp, UserId,
};
use woodlark_store::intake::Receipt;

/// What a person thinks of the outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rated {
    pub(crate) stars: u8,
    pub(crate) first_at: Timestamp,
    pub(crate) at: Timestamp,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Happened {
    pub(crate) what: CommandKind,
    pub(crate) at: Timestamp,
    pub(crate) by: Option<UserId>,
    pub(crate) role: Role,
    /// Its resident's account has ended since: in the audit it is nobody's.
    pub(crate) is_forgotten: bool,
}

/// The clock of a stage, known roughly: never over before so many minutes of any kind have gone, always once that many of
/// work have gone even with weekends between.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Clock {
    pub(crate) start: Timestamp,
    pub(crate) work_minutes: i64,
    /// It waited or got more time: no telling when it is over at the latest.
    pub(crate) soft: bool,
    /// How far over people were called: 0, 1 or 2.
    pub(crate) raised: u8,
}

/// A case.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    pub(crate) id: CaseId,
    pub(crate) number: String,
    pub(crate) day: i64,
    pub(crate) kind: Kind,
    pub(crate) state: State,
    pub(crate) private: bool,
    pub(crate) reporter: UserId,
    pub(crate) door: Door,
    pub(crate) photos: Vec<ContentHash>,
    pub(crate) category: Option<CategoryCode>,
    pub(crate) area: Option<AreaCode>,
    pub(crate) department: Option<DepartmentCode>,
    pub(crate) happened: Vec<Happened>,
    pub(crate) joiners: BTreeSet<UserId>,
    pub(crate) ratings: BTreeMap<UserId, Rated>,
    pub(crate) handled: BTreeSet<UserId>,
    pub(crate) passed: BTreeSet<UserId>,
    pub(crate) returned: BTreeSet<DepartmentCode>,
    pub(crate) filed_at: Option<Timestamp>,
    pub(crate) dispatched: bool,
    pub(crate) finished: bool,
    pub(crate) closed_at: Option<Timestamp>,
    pub(crate) waits_until: Option<Timestamp>,
    pub(crate) merged_into: Option<CaseId>,
    pub(crate) returns: u32,
    pub(crate) reworks: u32,
    pub(crate) contests: u32,
    pub(crate) forced: bool,
    pub(crate) clock: Option<Clock>,
    pub(crate) approvals: BTreeMap<ContentHash, &'static str>,
    /// Looks and decisions: when, who, as what, which.
    pub(crate) looked: BTreeSet<(Timestamp, UserId, Role, String)>,
    /// Events that were not followed up yet.
    pub(crate) uncounted: BTreeSet<usize>,
}

/// A report on its way in, or arrived.
#[derive(Debug, Clone)]
pub(crate) struct Intake {
    pub(crate) id: CaseId,
    pub(crate) who: u16,
    pub(crate) form: u16,
    pub(crate) since: Timestamp,
    /// Its files, and whether each is whole.
    pub(crate) files: BTreeMap<ContentHash, bool>,
    pub(crate) receipt: Option<Receipt>,
}

/// Everything.
#[derive(Debug, Clone, Default)]
pub(crate) struct Model {
    pub(crate) intakes: Vec<Intake>,
    pub(crate) cases: Vec<Case>,
    /// Cases of a day so far.
    pub(crate) numbers: BTreeMap<i64, u32>,
    /// What was answered under which key, and when it was kept.
    pub(crate) answers: BTreeMap<(UserId, String), (Vec<u8>, Timestamp)>,
    /// Tokens that are signed in, whose they are and since when.
    pub(crate) sessions: BTreeMap<[u8; 32], (UserId, Timestamp)>,
    pub(crate) accounts: BTreeSet<UserId>,
    /// Acknowledged reports of people whose account has ended.
    pub(crate) forgotten_reports: usize,
}

impl Model {
    /// Where a case stands in the list.
    pub(crate) fn place(&self, id: CaseId) -> Option<usize> {
        self.cases.iter().position(|case| case.id == id)
    }

    /// The number of the next case of a moment, and its day: days begin at midnight in China.
    pub(crate) fn next_number(&self, now: Timestamp) -> (i64, String) {
        let day = now.plus(8 * Timestamp::HOUR).0.div_euclid(Timestamp::DAY);
        let count = self.numbers.get(&day).copied().unwrap_or(0) + 1;
        (day, format!("FX-{}-{count:05}", date(day)))
    }
}

/// The date of a day since 1970, found by counting years and months off.
fn date(day: i64) -> String {
    let leap = |year: i64| (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let (mut left, mut year, mut month) = (day, 1970, 1);
    while left >= 365 + i64::from(leap(year)) {
        left -= 365 + i64::from(leap(year));
        year += 1;
    }
    let lengths = [31, 28 + i64::from(leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    for length in lengths {
        if left < length {
            break;
        }
        left -= length;
        month += 1;
    }
    format!("{year:04}{month:02}{:02}", left + 1)
}

/// Work minutes of accepting and dispatching, and of verifying.
const QUARTER: i64 = 15;
const HALF_HOUR: i64 = 30;
/// Minutes of a work day.
const WORK_DAY: i64 = 8 * 60;

impl Case {
    /// Events so far.
    pub(crate) fn version(&self) -> u32 {
        u32::try_from(self.happened.len()).unwrap()
    }

    /// When the last of them happened.
    pub(crate) fn last_at(&self) -> Timestamp {
        self.happened.last().unwrap().at
    }

    /// Everyone whom it concerns.
    pub(crate) fn concerned(&self) -> impl Iterator<Item = UserId> {
        std::iter::once(self.reporter).chain(self.joiners.iter().copied())
    }

    /// Whether everyone whom it concerns is content with how it was closed.
    pub(crate) fn all_content(&self) -> bool {
        let Some(closed) = self.closed_at else { return false };
        let content = |rated: &Rated| rated.stars >= 3 && rated.at >= closed;
        self.concerned().all(|user| self.ratings.get(&user).is_some_and(content))
    }

    /// Whether there was anything after a version that staff must have seen before they give an order.
    pub(crate) fn has_moved(&self, seen: u32) -> bool {
        let quiet = [CommandKind::Join, CommandKind::Rate];
        self.happened.iter().skip(seen as usize).any(|event| !quiet.contains(&event.what))
    }

    /// The work minutes of handling: two, five or ten days by what it was filed as.
    fn handling(&self) -> i64 {
        match self.category.as_ref().map(CategoryCode::as_str) {
            Some("C0101") => 2 * WORK_DAY,
            Some("C0102") => 5 * WORK_DAY,
            _ => 10 * WORK_DAY,
        }
    }

    /// Takes an event in that the judge has let through; `to` is where the table leads.
    pub(crate) fn take(&mut self, actor: &Actor, command: &Command, to: State, at: Timestamp) {
        let what = command.kind();
        self.uncounted.insert(self.happened.len() + 1);
        self.happened.push(Happened { what, at, by: actor.user, role: actor.role, is_forgotten: false });
        self.note(actor, command, at);
        if to != self.state {
            self.enter(to, at);
        }
        if what == CommandKind::Rework && self.department.is_some() {
            self.clock = Some(Clock { start: at, work_minutes: self.handling(), soft: false, raised: 0 });
        }
    }

    fn enter(&mut self, to: State, at: Timestamp) {
        let fresh = |work_minutes| Some(Clock { start: at, work_minutes, soft: false, raised: 0 });
        match to {
            State::Received | State::Filed => self.clock = fresh(QUARTER),
            State::Verifying => self.clock = fresh(HALF_HOUR),
            State::Dispatched => self.clock = fresh(self.handling()),
            // Their clock began when it was sent.
            State::Handling | State::Deferred => {}
            State::Closed => {
                self.clock = None;
                self.closed_at = Some(at);
            }
            State::Settled
            | State::Declined
            | State::Merged
            | State::Withdrawn
            | State::Published
            | State::Thanked => self.clock = None,
        }
        self.state = to;
    }

    fn soften(&mut self) {
        if let Some(clock) = &mut self.clock {
            clock.soft = true;
        }
    }

    fn note(&mut self, actor: &Actor, command: &Command, at: Timestamp) {
        match command {
            Command::File { category, area, .. } => {
                self.category = Some(category.clone());
                self.area = Some(area.clone());
                self.filed_at = Some(at);
            }
            Command::Merge { into } => self.merged_into = Some(*into),
            Command::Dispatch { department, .. } => {
                self.department = Some(department.clone());
                self.dispatched = true;
            }
            Command::Sign => self.handled.extend(actor.user),
            Command::Return { .. } => {
                self.handled.extend(actor.user);
                self.returned.extend(self.department.take());
                self.returns += 1;
            }
            Command::Defer { until, .. } => {
                self.waits_until = Some(*until);
                self.soften();
            }
            Command::Resume { .. } => {
                self.waits_until = None;
                self.soften();
            }
            Command::Extend { .. } => self.soften(),
            Command::Finish { .. } => {
                self.handled.extend(actor.user);
                self.finished = true;
            }
            Command::Pass { .. } => self.passed.extend(actor.user),
            Command::Rework { .. } => self.reworks += 1,
            Command::Rate { stars, .. } => {
                let first_at =
                    actor.user.and_then(|user| self.ratings.get(&user)).map_or(at, |rated| rated.first_at);
                let rated = Rated { stars: stars.get(), first_at, at };
                self.ratings.extend(actor.user.map(|user| (user, rated)));
            }
            Command::Contest { .. } => {
                self.closed_at = None;
                self.contests += 1;
            }
            Command::ForceClose { .. } => {
                self.waits_until = None;
                self.forced = true;
            }
            Command::Join { who, .. } => {
                self.joiners.insert(*who);
            }
            Command::Report(_)
            | Command::Decline { .. }
            | Command::Withdraw
            | Command::Settle
            | Command::Publish { .. }
            | Command::Thank { .. } => {}
        }
    }
}
