//! One case's life, step by step, each decided by the rules. It ends where `now` is.

use super::ground::Spot;
use super::intake::{Coming, coming};
use super::{PastCase, World};
use crate::random::Random;
use crate::staff::resident;
use woodlark_domain::case::{Actor, Case, Command, Event, Facts, Stars, Verdict, decide, open};
use woodlark_domain::clock::{Limit, deadline};
use woodlark_domain::criterion::CriterionRef;
use woodlark_domain::dispatch::route_again;
use woodlark_domain::report::{Intake, Words};
use woodlark_domain::{CaseId, Door, FixSource, Kind, Position, Role, State, Timestamp};

/// A life that is being led. Each step answers none when the case is left as it is: its time has not come, or it is over.
struct Life<'w, 'a> {
    world: &'w World<'a>,
    spot: &'w Spot<'a>,
    coming: Coming<'a>,
    random: &'w mut Random,
    case: Case,
    events: Vec<Event>,
    /// The moment that the story has come to.
    at: Timestamp,
    now: Timestamp,
    twin: Option<PastCase>,
}

/// A case that came in at `at`, and another that was merged into it, if there is one.
pub(super) fn live(
    world: &World<'_>,
    at: Timestamp,
    now: Timestamp,
    may_have_twin: bool,
    random: &mut Random,
) -> Option<(PastCase, Option<PastCase>)> {
    let spot = world.ground.spot(random)?;
    let coming = coming(world, spot, random)?;
    let event = open(coming.intake.clone(), &coming.actor, at).ok()?;
    let id = id(at, random);
    let case = Case::begin(id, &event).ok()?;
    let mut life = Life { world, spot, coming, random, case, events: vec![event], at, now, twin: None };
    let _ = match life.case.kind {
        Kind::Praise => life.praise(),
        Kind::Problem | Kind::Suggestion => life.matter(may_have_twin),
    };
    let Life { case, events, coming, twin, .. } = life;
    Some((PastCase { id, events, case, photos: coming.photos }, twin))
}

#[expect(clippy::cast_sign_loss, reason = "after 1970")]
fn id(at: Timestamp, random: &mut Random) -> CaseId {
    CaseId::new(at.millis().max(0) as u64, random.bytes())
}

impl Life<'_, '_> {
    /// Lets so much time of a limit go by.
    fn after(&mut self, limit: Limit) {
        self.at = deadline(self.at, limit, &self.world.city.calendar).plus(self.seconds(60));
    }

    /// Lets some work minutes go by, now and then far too many.
    #[expect(clippy::cast_possible_truncation, reason = "minutes of a few days")]
    fn after_minutes(&mut self, from: u64, until: u64) {
        let minutes = from + self.random.below(until - from);
        let minutes = if self.random.chance(0.05) { minutes * 8 } else { minutes };
        self.after(Limit::work_minutes(minutes as u32));
    }

    /// Lets some hours go by, day and night.
    fn after_hours(&mut self, from: f64, until: f64) {
        self.at = self.at.plus(self.hours(from, until));
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "hours of a year")]
    fn hours(&mut self, from: f64, until: f64) -> i64 {
        (self.random.between(from, until) * Timestamp::HOUR as f64) as i64
    }

    #[expect(clippy::cast_possible_wrap, reason = "small")]
    fn seconds(&mut self, until: u64) -> i64 {
        self.random.below(until) as i64 * Timestamp::SECOND
    }

    /// Now and then nobody looks for days or weeks.
    fn lie(&mut self, share: f64) {
        if self.chance(share) {
            self.after_hours(24.0 * 2.0, 24.0 * 50.0);
        }
    }

    fn chance(&mut self, share: f64) -> bool {
        self.random.chance(share)
    }

    fn step(&mut self, actor: &Actor, command: Command) -> Option<()> {
        self.step_with(actor, command, false)
    }

    fn step_with(&mut self, actor: &Actor, command: Command, by_rules: bool) -> Option<()> {
        if self.at > self.now {
            return None;
        }
        let facts = Facts { certain: by_rules, automatic: by_rules, ..Facts::at(self.at) };
        let event = decide(&self.case, actor, command, &facts).ok()?;
        self.case.apply(&event).ok()?;
        self.events.push(event);
        Some(())
    }

    fn staff(&mut self, role: Role) -> Option<Actor> {
        self.world.ground.staff(role, self.random)
    }

    fn note(&mut self, key: &str) -> Option<woodlark_domain::report::Reason> {
        self.world.phrases.note(key, self.random)
    }

    fn praise(&mut self) -> Option<()> {
        self.after_minutes(2, 40);
        let acceptor = self.staff(Role::Acceptor)?;
        if self.chance(0.04) {
            let reason = self.note("decline")?;
            return self.step(&acceptor, Command::Decline { reason });
        }
        let photos = self.case.photos.clone();
        self.step(&acceptor, Command::Publish { photos })?;
        self.after_hours(3.0, 90.0);
        let note = if self.chance(0.6) { self.note("thank") } else { None };
        self.step(&acceptor, Command::Thank { note })
    }

    /// A problem or a suggestion.
    fn matter(&mut self, may_have_twin: bool) -> Option<()> {
        self.file()?;
        if may_have_twin && self.case.kind == Kind::Problem && self.chance(0.015) {
            self.twin()?;
        }
        self.joiners(0.12)?;
        self.send_until_signed()?;
        self.handle()?;
        self.verified()?;
        self.afterwards()
    }

    fn file(&mut self) -> Option<()> {
        let category = self.coming.category;
        let criterion = CriterionRef { version: 1, condition: 0 };
        let area = self.spot.grid.code.clone();
        let command = Command::File { category: category.code.clone(), area, criterion };
        if category.certain && self.case.category.is_some() {
            self.at = self.at.plus(2 * Timestamp::SECOND);
            return self.step_with(&Actor::system(), command, true);
        }
        if self.chance(0.01) && self.case.reporter.is_some() {
            self.at = self.at.plus(self.seconds(300));
            let reporter = self.coming.actor.clone();
            return self.step(&reporter, Command::Withdraw).and(None);
        }
        self.lie(0.006);
        self.after_minutes(1, 15);
        let acceptor = self.staff(Role::Acceptor)?;
        if self.chance(0.04) {
            let reason = self.note("decline")?;
            return self.step(&acceptor, Command::Decline { reason }).and(None);
        }
        self.step(&acceptor, command)
    }

    /// Another resident reports the same, close by; an acceptor merges it into this case.
    fn twin(&mut self) -> Option<()> {
        self.at = self.at.plus(5 * Timestamp::MINUTE);
        if self.at.plus(8 * Timestamp::MINUTE) > self.now {
            return None;
        }
        let who = resident(self.random.below(self.world.residents));
        if Some(who) == self.case.reporter {
            return Some(());
        }
        let mut intake: Intake = self.coming.intake.clone();
        intake.photos.clear();
        intake.words = Words::new("我也看到了，就在这里").ok();
        let near = Position::new(self.coming.place.lon() + 0.000_1, self.coming.place.lat()).ok()?;
        let source = FixSource::Device;
        let datum = woodlark_domain::Datum::Wgs84;
        intake.fix = Some(woodlark_domain::Fix { raw: near, datum, source, accuracy_m: Some(12.0) });
        let reported = open(intake, &Actor::resident(who, Door::Browser), self.at).ok()?;
        let id = id(self.at, self.random);
        let mut case = Case::begin(id, &reported).ok()?;
        self.after_minutes(2, 8);
        let acceptor = self.staff(Role::Acceptor)?;
        let facts = Facts { merge_into: Some(&self.case), ..Facts::at(self.at) };
        if self.at > self.now {
            return None;
        }
        let merged = decide(&case, &acceptor, Command::Merge { into: self.case.id }, &facts).ok()?;
        case.apply(&merged).ok()?;
        self.twin = Some(PastCase { id, events: vec![reported, merged], case, photos: Vec::new() });
        self.step(&acceptor, Command::Join { who, merged: Some(id) })
    }

    fn joiners(&mut self, share: f64) -> Option<()> {
        while self.chance(share) {
            self.at = self.at.plus(self.seconds(1_200));
            let who = resident(self.random.below(self.world.residents));
            // Who reported it, or joined before, or may not see it, is refused; that is no end of the story.
            let _ = self.step(&Actor::resident(who, Door::Wechat), Command::Join { who, merged: None });
        }
        Some(())
    }

    fn send_until_signed(&mut self) -> Option<()> {
        for _ in 0..3 {
            self.send()?;
            self.lie(0.012);
            self.after_minutes(3, 50);
            let handler = self.handler()?;
            if self.case.returns < 2 && self.chance(0.04) {
                let reason = self.note("return")?;
                self.step(&handler, Command::Return { reason })?;
                continue;
            }
            return self.step(&handler, Command::Sign);
        }
        None
    }

    fn send(&mut self) -> Option<()> {
        let (category, area) = (self.case.category.clone()?, self.case.area.clone()?);
        let rule = route_again(&self.world.city.rules, &category, &area, &self.case.returned_by);
        let rule = rule?;
        let command =
            Command::Dispatch { department: rule.department.clone(), rule: Some(rule.code.clone()) };
        if rule.automatic {
            self.at = self.at.plus(3 * Timestamp::SECOND);
            return self.step_with(&Actor::system(), command, true);
        }
        self.lie(0.01);
        self.after_minutes(1, 15);
        let dispatcher = self.staff(Role::Dispatcher)?;
        self.step(&dispatcher, command)
    }

    fn handler(&mut self) -> Option<Actor> {
        let department = self.case.department.as_ref()?;
        self.world.ground.handler(department.as_str(), self.random)
    }

    fn handle(&mut self) -> Option<()> {
        let limit = self.limit();
        if self.chance(0.025) {
            self.defer()?;
        } else if self.chance(0.03) {
            self.part_of(limit, 0.3, 0.9);
            let (dispatcher, reason) = (self.staff(Role::Dispatcher)?, self.note("extend")?);
            self.step(&dispatcher, Command::Extend { reason, limit })?;
        } else if self.chance(0.003) {
            self.after_hours(24.0 * 20.0, 24.0 * 40.0);
            let (supervisor, reason) = (self.staff(Role::Supervisor)?, self.note("force")?);
            return self.step(&supervisor, Command::ForceClose { reason });
        }
        self.joiners(0.06)?;
        match self.random.share() {
            // Left lying for weeks, done late, done in time.
            share if share < 0.05 => self.after_hours(24.0 * 15.0, 24.0 * 150.0),
            share if share < 0.11 => self.part_of(limit, 1.05, 2.6),
            _ => self.part_of(limit, 0.05, 0.85),
        }
        self.finish()
    }

    fn limit(&self) -> Limit {
        let category = &self.coming.category.code;
        let criterion = self.world.city.criteria.iter().find(|criterion| criterion.category == *category);
        let last = criterion.and_then(|criterion| criterion.conditions.first()?.steps.last().copied());
        last.unwrap_or(Limit::work_days(1))
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "minutes of a limit")]
    fn part_of(&mut self, limit: Limit, from: f64, until: f64) {
        let share = self.random.between(from, until);
        self.after(Limit { minutes: (f64::from(limit.minutes) * share) as u32, ..limit });
    }

    fn defer(&mut self) -> Option<()> {
        self.after_minutes(30, 400);
        let (dispatcher, reason) = (self.staff(Role::Dispatcher)?, self.note("defer")?);
        let until = self.at.plus(self.hours(48.0, 24.0 * 45.0));
        self.step(&dispatcher, Command::Defer { reason, until })?;
        self.at = until;
        self.step(&Actor::system(), Command::Resume { reason: None })
    }

    fn finish(&mut self) -> Option<()> {
        let handler = self.handler()?;
        let (key, verdict) = match (self.case.kind, self.chance(0.6)) {
            (Kind::Suggestion, true) => ("adopt", Some(Verdict::Adopted)),
            (Kind::Suggestion, false) => ("not_adopt", Some(Verdict::NotAdopted)),
            (Kind::Problem | Kind::Praise, _) => ("finish", None),
        };
        let note = self.note(key)?;
        let photo = self.random.pick(&self.world.photos).map(|photo| photo.hash);
        let photos = if verdict.is_none() { photo.into_iter().collect() } else { Vec::new() };
        self.step(&handler, Command::Finish { note, photos, verdict, fix: None })
    }

    /// Somebody else looks, and perhaps sends it back once or twice.
    fn verified(&mut self) -> Option<()> {
        while self.case.state == State::Verifying {
            self.lie(0.008);
            self.after_minutes(5, 45);
            let taken: Vec<_> = self.case.passed_by.clone();
            let verifier = self.spot.verifier(&taken, self.random)?;
            if self.case.reworks < 2 && self.chance(0.05) {
                let reason = self.note("rework")?;
                self.step(&verifier, Command::Rework { reason })?;
                // What was ended by force before anybody had it starts anew, and stays there.
                if self.case.state != State::Handling {
                    return None;
                }
                let limit = self.limit();
                self.part_of(limit, 0.1, 0.6);
                self.finish()?;
                continue;
            }
            let note = self.note("pass");
            self.step(&verifier, Command::Pass { note, photos: Vec::new(), fix: None })?;
        }
        Some(())
    }

    /// Ratings, perhaps a contest, and the end.
    fn afterwards(&mut self) -> Option<()> {
        if self.case.reporter.is_some() && self.chance(0.02) {
            self.after_hours(2.0, 120.0);
            let (reporter, reason) = (self.coming.actor.clone(), self.note("contest")?);
            self.step(&reporter, Command::Contest { reason, photos: Vec::new() })?;
            self.verified()?;
        }
        let joiners: Vec<_> = self.case.joiners.iter().map(|joiner| joiner.user).collect();
        let people = self.case.reporter.into_iter().chain(joiners);
        let raters: Vec<_> = people.filter(|_| self.random.chance(0.55)).collect();
        let rest = self.case.closed_at?.plus(7 * Timestamp::DAY + Timestamp::MINUTE);
        for user in raters {
            self.after_hours(0.2, 30.0);
            if self.at >= rest {
                break;
            }
            self.rate(&Actor::resident(user, Door::Wechat))?;
            if self.case.all_content() {
                self.at = self.at.plus(Timestamp::SECOND);
                return self.step(&Actor::system(), Command::Settle);
            }
        }
        self.at = rest;
        self.step(&Actor::system(), Command::Settle)
    }

    fn rate(&mut self, actor: &Actor) -> Option<()> {
        let share = self.random.share();
        let by_share = [(0.70, 5), (0.945, 4), (0.97, 3), (0.985, 2)];
        let stars = by_share.iter().find(|(until, _)| share < *until).map_or(1, |(_, stars)| *stars);
        let said = if self.chance(0.3) {
            Words::new(self.world.phrases.rating(stars, self.random)).ok()
        } else {
            None
        };
        self.step(actor, Command::Rate { stars: Stars::new(stars).ok()?, words: said })
    }
}
