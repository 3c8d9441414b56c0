//! What servers do of themselves: the clock's turn and the following up of changes, on one server or on two at once. The
//! model knows what must have been done after a turn, and of deadlines only between which moments they lie.

use super::model::{Case, Clock};
use super::world::{Found, World, insist};
use std::sync::Arc;
use woodlark_domain::case::{Actor, Command};
use woodlark_domain::clock::Overdue;
use woodlark_domain::{CaseId, State, Timestamp};
use woodlark_store::cases::{self, Ticked};
use woodlark_store::trail::Errand;
use woodlark_store::{Halt, Store, follow_up};

/// What the clock must do with a case by a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Duty {
    Resume,
    Settle,
}

impl Case {
    fn duty(&self, now: Timestamp) -> Option<Duty> {
        let week_over = self.closed_at.is_some_and(|at| now.0 - at.0 > 7 * Timestamp::DAY);
        let day_has_come = self.waits_until.is_some_and(|until| now >= until);
        let all_content = self.all_content() && now >= self.last_at();
        if self.state == State::Deferred && day_has_come {
            Some(Duty::Resume)
        } else if self.state == State::Closed && (week_over || all_content) {
            Some(Duty::Settle)
        } else {
            None
        }
    }
}

impl Clock {
    /// Not before so many minutes have gone, if each of them were work.
    fn earliest(&self, times: i64) -> Timestamp {
        self.start.plus(times * self.work_minutes * Timestamp::MINUTE)
    }

    /// Once the work days have gone, and a weekend for every five of them that are begun, and a day at either end.
    fn latest(&self, times: i64) -> Timestamp {
        let days = (times * self.work_minutes + 479) / 480;
        self.start.plus((days + 2 * (days / 5 + 1) + 2) * Timestamp::DAY)
    }
}

impl World {
    /// A server's clock looks at all that is due, until nothing is.
    pub(super) fn turn(&mut self, on: u8, at_once: bool) -> Found {
        let now = self.clock(on);
        for _ in 0..20 {
            let due = self.server(on).read_blocking(move |conn| cases::due(conn, now, None, 10_000));
            let due = due.map_err(|error| format!("what is due: {error}"))?;
            if due.is_empty() {
                return self.nothing_is_left(now);
            }
            for one in due {
                let ticked =
                    if at_once { self.tick_at_once(one.case, now) } else { self.tick(on, one.case, now) };
                self.follow_tick(one.case, ticked?, now)?;
            }
        }
        Err("the clock finds something to do over and over".to_owned())
    }

    /// What a tick came to; none where its answer was lost.
    fn tick(&mut self, on: u8, case: CaseId, now: Timestamp) -> Found<Option<Ticked>> {
        let city = Arc::clone(&self.city);
        let ticked =
            self.write(on, move |tx| -> Result<Ticked, Halt<()>> { Ok(cases::tick(tx, case, &city, now)?) });
        let ticked = ticked.map_err(|error| format!("a tick of {case}: {error:?}"))?;
        if ticked.repeated && ticked.answer != Ticked::Nothing {
            return Err(format!("a tick that was repeated came to {:?}", ticked.answer));
        }
        Ok((!ticked.repeated).then_some(ticked.answer))
    }

    /// Two servers at once: one does it, the other finds it done.
    fn tick_at_once(&mut self, case: CaseId, now: Timestamp) -> Found<Option<Ticked>> {
        let threads = [0, 1].map(|on| {
            let (store, city) = (self.server(on), Arc::clone(&self.city));
            std::thread::spawn(move || {
                insist(&store, move |tx| -> Result<Ticked, Halt<()>> {
                    Ok(cases::tick(tx, case, &city, now)?)
                })
            })
        });
        let [one, other] = threads.map(|thread| thread.join().unwrap());
        match (one, other) {
            (Ok(Ticked::Nothing), Ok(ticked)) | (Ok(ticked), Ok(Ticked::Nothing)) => Ok(Some(ticked)),
            (one, other) => Err(format!("two ticks of {case} at once came to {one:?} and {other:?}")),
        }
    }

    fn follow_tick(&mut self, id: CaseId, ticked: Option<Ticked>, now: Timestamp) -> Found {
        let place = self.model.place(id).ok_or("the clock looks at no case")?;
        self.meet(format!("clock: {ticked:?}"));
        let case = &mut self.model.cases[place];
        let duty = case.duty(now);
        let at = now.max(case.last_at());
        let act = |case: &mut Case| match duty {
            Some(Duty::Resume) => {
                case.take(&Actor::system(), &Command::Resume { reason: None }, State::Handling, at);
            }
            Some(Duty::Settle) => case.take(&Actor::system(), &Command::Settle, State::Settled, at),
            None => {}
        };
        let wrong =
            Err(format!("a tick of {id} at {now:?} should be {duty:?} and was {ticked:?}; {case:#?}"));
        match (&ticked, duty) {
            (Some(Ticked::Resumed), Some(Duty::Resume)) | (Some(Ticked::Settled), Some(Duty::Settle)) => {
                act(case)
            }
            (Some(Ticked::Nothing), None) => {}
            (Some(Ticked::Raised(level)), None) => {
                let Some(clock) = &mut case.clock else { return wrong };
                let level = if *level == Overdue::Twice { 2 } else { 1 };
                if now < clock.earliest(i64::from(level)) || (level <= clock.raised && !clock.soft) {
                    return wrong;
                }
                clock.raised = level;
            }
            // Whether anybody was called besides is not known any more.
            (None, _) => {
                if let Some(clock) = &mut case.clock {
                    clock.soft = true;
                }
                act(case);
            }
            _ => return wrong,
        }
        self.touched.insert(place);
        Ok(())
    }

    /// After a turn nothing waits that was due.
    fn nothing_is_left(&self, now: Timestamp) -> Found {
        for case in &self.model.cases {
            if let Some(duty) = case.duty(now) {
                return Err(format!("after a turn at {now:?} {duty:?} is left to do: {case:#?}"));
            }
            if let Some(clock) = case.clock.filter(|clock| !clock.soft)
                && (1..=2).any(|times| now > clock.latest(times) && i64::from(clock.raised) < times)
            {
                return Err(format!("after a turn at {now:?} nobody was called to {case:#?}"));
            }
        }
        Ok(())
    }

    /// A server follows up changes, or two the same at once.
    pub(super) fn follow_up(&mut self, on: u8, at_once: bool, most: usize) -> Found {
        let errands = self.errands(on, most)?;
        let (city, servers) = (Arc::clone(&self.city), [self.server(on), self.server(on + 1)]);
        let (some, now) = (errands.iter().map(|(errand, ..)| errand.clone()).collect::<Vec<_>>(), self.now);
        let one = move |tx: &mut woodlark_store::Tx| -> Result<(), Halt<()>> {
            match follow_up::follow_up(tx, &some, &city, now)?.as_slice() {
                [] => Ok(()),
                unsound => panic!("{unsound:?}"),
            }
        };
        let done = if at_once { both_at_once(servers, one) } else { self.write(on, one).map(|_| ()) };
        done.map_err(|error| format!("following up: {error:?}"))?;
        for (_, case, seq) in errands {
            let place = self.model.place(case).ok_or("an errand of no case")?;
            if !self.model.cases[place].uncounted.remove(&seq) {
                return Err(format!("event {seq} of {case} has an errand and is followed up already"));
            }
        }
        Ok(())
    }

    /// The errands that wait, each with its case and the first event that it is of.
    pub(super) fn errands(&self, on: u8, most: usize) -> Found<Vec<(Errand, CaseId, usize)>> {
        let due = move |conn: &mut _| follow_up::waiting(conn, Timestamp(i64::MAX), most);
        let due = self.server(on).read_blocking(due).map_err(|error| format!("errands: {error}"))?;
        let read = |errand: Errand| {
            let id = errand.body.split('"').nth(3).and_then(|id| id.parse().ok());
            let seq = errand.body.split("\"seq\":").nth(1).and_then(|rest| rest.split('}').next());
            match (id, seq.and_then(|seq| seq.parse().ok())) {
                (Some(id), Some(seq)) => Ok((errand, id, seq)),
                _ => Err(format!("an errand names no event: {}", errand.body)),
            }
        };
        due.into_iter().map(read).collect()
    }
}

fn both_at_once<F>(servers: [Store; 2], one: F) -> Result<(), woodlark_store::WriteError<()>>
where
    F: Fn(&mut woodlark_store::Tx) -> Result<(), Halt<()>> + Clone + Send + 'static,
{
    let threads = servers.map(|store| {
        let one = one.clone();
        std::thread::spawn(move || insist(&store, one))
    });
    threads.into_iter().try_for_each(|thread| thread.join().unwrap())
}
