//! The store is what the model is: every case, everyone's list, every notice, every deed, the figures.

use super::model::Case;
use super::world::{Found, World};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use woodlark_domain::case::CommandKind;
use woodlark_domain::clock::{Day, Overdue};
use woodlark_domain::figures::Dimension;
use woodlark_domain::{Kind, Role, State, Timestamp, UserId};
use woodlark_store::{cases, check, figures, trail};

fn same<T: PartialEq + std::fmt::Debug>(what: &str, found: T, wanted: T) -> Found {
    if found == wanted { Ok(()) } else { Err(format!("{what}: found {found:?}, wanted {wanted:?}")) }
}

impl World {
    /// What something happened to since the last time.
    pub(super) fn compare_touched(&mut self) -> Found {
        for place in std::mem::take(&mut self.touched) {
            let case = &self.model.cases[place];
            self.compare_case(case).map_err(|why| format!("{why}; {case:#?}"))?;
        }
        Ok(())
    }

    /// Everything.
    pub(super) fn compare_all(&mut self) -> Found {
        self.touched = (0..self.model.cases.len()).collect();
        self.compare_touched()?;
        self.compare_lists()?;
        self.compare_errands()?;
        self.compare_numbers()?;
        self.compare_sessions()?;
        self.follow_up(0, false, usize::MAX)?;
        self.compare_errands()?;
        self.compare_figures()?;
        let checked = self.server(2).read_blocking(check::check).map_err(|error| error.to_string())?;
        same("what the check finds", &checked.problems, &Vec::new())?;
        same("cases in the store", checked.cases, self.model.cases.len() as u64)?;
        same("events", checked.events, self.model.cases.iter().map(|case| u64::from(case.version())).sum())
    }

    fn compare_case(&self, case: &Case) -> Found {
        let (id, city) = (case.id, Arc::clone(&self.city));
        let read = move |conn: &mut _| {
            let deeds = trail::of_subject(conn, &id.to_string())?;
            Ok((cases::whole(conn, id, &city)?, deeds, cases::escalations(conn, id)?))
        };
        let read = self.server(1).read_blocking(read).map_err(|error| error.to_string())?;
        let (Some(whole), deeds, calls) = read else { return Err("it is not there".to_owned()) };
        let row = &whole.row;
        same("its number", row.number.as_str(), &case.number)?;
        same("state and version", (row.state, row.version), (case.state, case.version()))?;
        same("department", &row.department, &case.department)?;
        same("category and area", (&row.category, &row.area), (&case.category, &case.area))?;
        same("since and until", (row.changed_at, row.closed_at), (case.last_at(), case.closed_at))?;
        same("filed, merged", (row.filed_at, row.merged_into), (case.filed_at, case.merged_into))?;
        same("joiners in its row", row.joiners as usize, case.joiners.len())?;
        let joiners: BTreeSet<UserId> = whole.case.joiners.iter().map(|joiner| joiner.user).collect();
        same("joiners", &joiners, &case.joiners)?;
        let happened =
            |event: &woodlark_domain::case::Event| (event.kind(), event.at, event.by.user, event.by.role);
        let told: Vec<_> = case.happened.iter().map(|one| (one.what, one.at, one.by, one.role)).collect();
        same("events", &whole.events.iter().map(happened).collect::<Vec<_>>(), &told)?;
        let approved = whole.approvals.iter().map(|(photo, one)| (*photo, one.shown.code())).collect();
        same("approvals", &case.approvals, &approved)?;
        compare_deeds(case, &deeds, &calls)?;
        never_broken(case)?;
        self.compare_views(case)
    }

    /// It is shown to those whom it concerns and to nobody else.
    fn compare_views(&self, case: &Case) -> Found {
        let stranger = super::cast::resident(60_000);
        for user in case.concerned().chain([stranger]) {
            let (id, city) = (case.id, Arc::clone(&self.city));
            let view = self.server(0).read_blocking(move |conn| cases::view(conn, id, user, &city));
            let view = view.map_err(|error| error.to_string())?;
            let seen = view.map(|view| (view.concern, view.row.version, view.case.state));
            let concern =
                if user == case.reporter { cases::Concern::Reporter } else { cases::Concern::Joiner };
            let wanted = (user != stranger).then_some((concern, case.version(), case.state));
            same(&format!("seen by {user}"), seen, wanted)?;
        }
        Ok(())
    }

    /// Everyone's own list holds all that concerns them, as it stands.
    fn compare_lists(&self) -> Found {
        let mut lists: BTreeMap<UserId, BTreeSet<String>> = BTreeMap::new();
        for case in &self.model.cases {
            for user in case.concerned() {
                let concern = if user == case.reporter { "Reporter" } else { "Joiner" };
                let line = format!("{} {} {} {concern}", case.id, case.state.code(), case.version());
                lists.entry(user).or_default().insert(line);
            }
        }
        for (user, wanted) in lists {
            let found = self.list_of(user)?;
            same(&format!("cases of {user}"), found.len(), wanted.len())?;
            same(&format!("cases of {user}"), found.into_iter().collect(), wanted)?;
        }
        Ok(())
    }

    /// What was not followed up yet has an errand each, and nothing else has.
    fn compare_errands(&self) -> Found {
        let mut waiting: BTreeMap<_, BTreeSet<usize>> = BTreeMap::new();
        for (_, case, seq) in self.errands(2, usize::MAX)? {
            waiting.entry(case).or_default().insert(seq);
        }
        let open = self.model.cases.iter().filter(|case| !case.uncounted.is_empty());
        let wanted: BTreeMap<_, _> = open.map(|case| (case.id, case.uncounted.clone())).collect();
        same("errands", waiting, wanted)
    }

    /// Days count from one, without gaps, each number once: one for each report that was acknowledged.
    fn compare_numbers(&self) -> Found {
        let mut given: BTreeMap<i64, BTreeSet<&str>> = BTreeMap::new();
        for case in &self.model.cases {
            given.entry(case.day).or_default().insert(&case.number);
        }
        for (day, numbers) in &given {
            let last = numbers.last().and_then(|last| last.rsplit('-').next());
            let last = last.and_then(|last| last.parse::<usize>().ok());
            same(&format!("numbers of day {day}"), last, Some(numbers.len()))?;
        }
        let acknowledged = self.model.intakes.iter().filter(|intake| intake.receipt.is_some()).count()
            + self.model.forgotten_reports;
        same("cases of acknowledged reports", self.model.cases.len(), acknowledged)
    }

    /// Once every errand is done, each figure is the sum over the model's cases.
    fn compare_figures(&self) -> Found {
        for by in Dimension::ALL.iter().copied() {
            let mut wanted: BTreeMap<String, [i64; 13]> = BTreeMap::new();
            for case in &self.model.cases {
                let sums = wanted.entry(key(case, by)).or_default();
                sums.iter_mut().zip(counts(case)).for_each(|(sum, count)| *sum += count);
            }
            let from = Day::from_count(20_000);
            let found = self
                .server(0)
                .read_blocking(move |conn| figures::figures(conn, by, from, Day::from_count(40_000)));
            let found = found.map_err(|error| error.to_string())?.into_iter();
            let found: BTreeMap<String, [i64; 13]> =
                found.map(|(key, counts)| (key, without_promise(counts.0))).collect();
            same(&format!("figures by {}", by.code()), found, wanted)?;
        }
        Ok(())
    }
}

/// All but the one that hangs on the promise, which the model does not know.
fn without_promise(all: [i64; 14]) -> [i64; 13] {
    let [a, b, c, d, e, _on_time, g, h, i, j, k, l, m, n] = all;
    [a, b, c, d, e, g, h, i, j, k, l, m, n]
}

fn counts(case: &Case) -> [i64; 13] {
    let published = matches!(case.state, State::Published | State::Thanked);
    let closed = case.closed_at.filter(|_| matches!(case.state, State::Closed | State::Settled));
    let reported = case.happened[0].at;
    let day = |at: Timestamp| (at.0 + 8 * Timestamp::HOUR).div_euclid(Timestamp::DAY);
    let happy = case.ratings.values().filter(|rated| rated.stars >= 4).count();
    [
        1,
        i64::from(published || case.filed_at.is_some()),
        i64::from(case.dispatched),
        i64::from(case.finished),
        i64::from(closed.is_some()),
        i64::from(closed.is_some_and(|at| day(at) == day(reported))),
        closed.map_or(0, |at| (at.0 - reported.0) / Timestamp::MINUTE),
        i64::from(case.returns),
        i64::from(case.reworks),
        i64::from(case.contests),
        i64::from(case.forced),
        i64::try_from(case.ratings.len()).unwrap(),
        i64::try_from(happy).unwrap(),
    ]
}

fn key(case: &Case, by: Dimension) -> String {
    match by {
        Dimension::Area => {
            case.area.as_ref().and_then(|area| area.as_str().get(..9)).unwrap_or("").to_owned()
        }
        Dimension::Department => case.department.as_ref().map(ToString::to_string).unwrap_or_default(),
        Dimension::Category => {
            case.category.as_ref().map(|category| category.as_str()[..3].to_owned()).unwrap_or_default()
        }
        Dimension::Door => case.door.code().to_owned(),
        Dimension::Kind => case.kind.code().to_owned(),
    }
}

/// Every event and every look has its row in the audit, and nothing else has; who was called, was called once.
fn compare_deeds(case: &Case, deeds: &[trail::Recorded], calls: &[cases::Escalation]) -> Found {
    let raised = deeds.iter().filter(|deed| deed.action == "raise").count();
    let mut found: Vec<_> = deeds
        .iter()
        .filter(|deed| deed.action != "raise")
        .map(|deed| (deed.at, deed.user, deed.role, deed.action.clone()))
        .collect();
    let who = |one: &super::model::Happened| one.by.filter(|_| !one.is_forgotten);
    let events = case.happened.iter().map(|one| (one.at, who(one), one.role, one.what.code().to_owned()));
    let looks = case.looked.iter().map(|(at, who, role, action)| (*at, Some(*who), *role, action.clone()));
    let mut wanted: Vec<_> = events.chain(looks).collect();
    found.sort();
    wanted.sort();
    same("deeds in the audit", found, wanted)?;
    let levels: BTreeSet<_> = calls.iter().map(|call| (call.due_at, call.overdue)).collect();
    // Two stages may run out at the same moment.
    if raised < levels.len() || raised > calls.len() {
        return Err(format!("{raised} deeds of the clock for {calls:?}"));
    }
    for call in calls {
        let rightly = match call.overdue {
            Overdue::No => false,
            Overdue::Over => call.role == Role::Dispatcher || call.department.is_some(),
            Overdue::Twice => call.role == Role::Supervisor,
        };
        if !rightly || call.at <= call.due_at {
            return Err(format!("called wrongly: {call:?}"));
        }
    }
    Ok(())
}

/// What no way through the rules may break, read off what happened.
fn never_broken(case: &Case) -> Found {
    let mut handled = BTreeSet::new();
    let mut passed = BTreeSet::new();
    let mut closed_at = None;
    for one in &case.happened {
        let is = |what: &[CommandKind]| what.contains(&one.what);
        let since = |closed: Option<Timestamp>| closed.map_or(i64::MAX, |closed| one.at.0 - closed.0);
        let by_own_hand = is(&[CommandKind::Pass]) && (handled.contains(&one.by) || !passed.insert(one.by));
        let too_late = is(&[CommandKind::Contest]) && since(closed_at) > WEEK + SKEW;
        let too_early = is(&[CommandKind::Settle]) && since(closed_at) <= WEEK && !case.all_had_rated(one.at);
        if by_own_hand || too_late || too_early {
            return Err(format!("{one:?} breaks what never may be broken"));
        }
        if is(&[CommandKind::Sign, CommandKind::Return, CommandKind::Finish]) {
            handled.insert(one.by);
        }
        let replied = is(&[CommandKind::Finish]) && case.kind == Kind::Suggestion;
        if replied || is(&[CommandKind::ForceClose, CommandKind::Pass]) {
            closed_at = Some(one.at);
        }
    }
    Ok(())
}

/// The days of contesting.
const WEEK: i64 = 7 * Timestamp::DAY;
/// By how much two servers' clocks may differ.
const SKEW: i64 = 3 * Timestamp::MINUTE;

impl Case {
    /// Whether everyone had rated it by then, as far as can still be seen: ratings may have changed since.
    fn all_had_rated(&self, at: Timestamp) -> bool {
        self.concerned().all(|user| self.ratings.get(&user).is_some_and(|rated| rated.first_at <= at))
    }
}
