//! What people do: whose turn it is and what for; and what anybody may think of.

use super::cast::{POSTS, afterwards, hand, resident};
use super::model::Case;
use super::reports::newest;
use super::world::{Found, World};
use crate::fixture::code;
use crate::table::Row;
use woodlark_domain::case::{Actor, Command, CommandKind, Stars, Verdict};
use woodlark_domain::clock::Limit;
use woodlark_domain::criterion::CriterionRef;
use woodlark_domain::report::Reason;
use woodlark_domain::{CaseId, ContentHash, Door, Kind, State, Timestamp, UserId};

// Posts by their place in the cast.
const ACCEPTOR: u8 = 1;
const DISPATCHER: u8 = 4;
const LAMPS: u8 = 6;
const ROADS: u8 = 7;
const VERIFIER: u8 = 10;
const SUPERVISOR: u8 = 13;

fn reason() -> Reason {
    Reason::new("因为").unwrap()
}

fn stars(dice: u16) -> Command {
    Command::Rate { stars: Stars::new(1 + u8::try_from(dice % 5).unwrap()).unwrap(), words: None }
}

impl World {
    pub(super) fn further(&mut self, nth: u16, person: u16, dice: u16, on: u8) -> Found {
        let Some(place) = newest(self.model.cases.len(), nth) else { return Ok(()) };
        let (actor, command) = self.turn_of(place, person, dice);
        self.order(place, actor, command, 0, on)
    }

    pub(super) fn twice(&mut self, nth: u16, person: u16, dice: u16) -> Found {
        let Some(place) = newest(self.model.cases.len(), nth) else { return Ok(()) };
        let (actor, command) = self.turn_of(place, person, dice);
        self.tap_twice(place, actor, command)
    }

    pub(super) fn two_at_once(&mut self, nth: u16, (one, other): (u16, u16), dice: u16) -> Found {
        let Some(place) = newest(self.model.cases.len(), nth) else { return Ok(()) };
        let orders = [self.turn_of(place, one, dice), self.turn_of(place, other, dice / 7)];
        self.race(place, orders)
    }

    pub(super) fn join(&mut self, nth: u16, who: u16, on: u8) -> Found {
        let Some(place) = newest(self.model.cases.len(), nth) else { return Ok(()) };
        let who = resident(who);
        self.order(place, Actor::resident(who, Door::Browser), Command::Join { who, merged: None }, 0, on)
    }

    pub(super) fn any_order(
        &mut self,
        nth: u16,
        (person, post): (u16, u8),
        (deed, more): (u8, u16),
        stale: u8,
        on: u8,
    ) -> Found {
        let Some(place) = newest(self.model.cases.len(), nth) else { return Ok(()) };
        let (kind, post) = self.deed_and_post(place, deed, post, more);
        let actor = hand(person, post);
        let Some(command) = self.anything(kind, place, &actor, more, on) else { return Ok(()) };
        self.order(place, actor, command, stale, on)
    }

    /// Mostly something that can be done where the case stands, and mostly by somebody whose role it is: what is wrong all
    /// the same is then what the finer rules are for.
    fn deed_and_post(&self, place: usize, deed: u8, post: u8, more: u16) -> (CommandKind, u8) {
        let case = &self.model.cases[place];
        let fits = |row: &&Row| {
            row.kinds.contains(&case.kind) && row.steps.iter().any(|(from, _)| *from == case.state)
        };
        let fitting: Vec<&Row> = self.table.iter().filter(fits).collect();
        if fitting.is_empty() || deed < 4 {
            return (CommandKind::ALL[usize::from(deed) % CommandKind::ALL.len()], post);
        }
        let row = fitting[usize::from(deed) % fitting.len()];
        let posts: Vec<u8> = (0..)
            .zip(POSTS)
            .filter(|(_, (role, ..))| row.roles.contains(role))
            .map(|(post, _)| post)
            .collect();
        let theirs = !more.is_multiple_of(5) && !posts.is_empty();
        (row.command, if theirs { posts[usize::from(post) % posts.len()] } else { post })
    }

    /// Somebody for whom it waits, and what they do; if it waits for nobody, somebody tries all the same.
    fn turn_of(&self, place: usize, person: u16, dice: u16) -> (Actor, Command) {
        let case = &self.model.cases[place];
        // Somebody who had it in their hands before comes as a verifier: they may not.
        let meddler = case.handled.iter().chain(&case.passed).nth(usize::from(person) % 3).copied();
        let lamps = case.department.as_ref().is_some_and(|department| department.as_str() == "lamps");
        let handler = || hand(person, if lamps { LAMPS } else { ROADS });
        let concerned: Vec<UserId> = case.concerned().collect();
        let one_of_them = Actor::resident(concerned[usize::from(person) % concerned.len()], Door::Browser);
        let reporter = Actor::resident(case.reporter, Door::Browser);
        let into = self.other(place, dice / 16);
        match (case.state, dice % 16) {
            (State::Received, 0) => (hand(person, ACCEPTOR), Command::Decline { reason: reason() }),
            (State::Received, 1) | (State::Filed, 0) => (reporter, Command::Withdraw),
            (State::Received, 2..=4) | (State::Filed, 1 | 2) => {
                (hand(person, ACCEPTOR), Command::Merge { into })
            }
            (State::Received, _) if case.kind == Kind::Praise => {
                (hand(person, ACCEPTOR), Command::Publish { photos: case.photos.clone() })
            }
            (State::Received, _) => (hand(person, ACCEPTOR), rightly_filed(case, dice / 16)),
            (State::Filed, _) => {
                let department = code(if dice & 16 == 0 { "lamps" } else { "roads" });
                let post = if dice & 96 == 0 { SUPERVISOR } else { DISPATCHER };
                (hand(person, post), Command::Dispatch { department, rule: None })
            }
            (State::Dispatched, 0..=2) | (State::Handling, 0) => {
                (handler(), Command::Return { reason: reason() })
            }
            (State::Dispatched, _) => (handler(), Command::Sign),
            (State::Handling, 1 | 2) => {
                let until = self.now.plus(i64::from(1 + dice / 16 % 9) * Timestamp::DAY);
                (hand(person, DISPATCHER), Command::Defer { reason: reason(), until })
            }
            (State::Handling, 3) => {
                let limit = Limit::work_days(u32::from(1 + dice / 16 % 3));
                (hand(person, DISPATCHER), Command::Extend { reason: reason(), limit })
            }
            (State::Handling, _) => (handler(), finished(case)),
            (State::Deferred, 0..=4) => (hand(person, DISPATCHER), Command::Resume { reason: None }),
            (State::Deferred, _) => (hand(person, SUPERVISOR), Command::ForceClose { reason: reason() }),
            (State::Verifying, 0..=3) if meddler.is_some() => {
                let verifier = Actor { user: meddler, ..hand(person, VERIFIER) };
                (verifier, Command::Pass { note: Some(reason()), photos: Vec::new(), fix: None })
            }
            (State::Verifying, 0..=6) => (hand(person, VERIFIER), Command::Rework { reason: reason() }),
            (State::Verifying, _) => (
                hand(person, VERIFIER),
                Command::Pass { note: Some(reason()), photos: Vec::new(), fix: None },
            ),
            (State::Closed, 0..=3) => {
                (one_of_them, Command::Contest { reason: reason(), photos: Vec::new() })
            }
            (State::Closed | State::Settled, _) => (one_of_them, stars(dice / 16)),
            (State::Published, _) => (hand(person, ACCEPTOR), Command::Thank { note: None }),
            (State::Declined | State::Merged | State::Withdrawn | State::Thanked, _) => {
                (one_of_them, stars(dice / 16))
            }
        }
    }

    /// Another case; the same where there is no other; seldom none that is there.
    fn other(&self, place: usize, dice: u16) -> CaseId {
        if dice % 64 == 63 {
            return CaseId::new(1, [1; 10]);
        }
        let near = usize::from(dice) % 4 + 1;
        self.model.cases
            [(place + self.model.cases.len() - near % self.model.cases.len()) % self.model.cases.len()]
        .id
    }

    /// Any command, with something to carry that may or may not do.
    fn anything(&self, kind: CommandKind, place: usize, actor: &Actor, more: u16, on: u8) -> Option<Command> {
        let case = &self.model.cases[place];
        let photos = |right: bool| match (right, more % 5) {
            (_, 0) => Vec::new(),
            (_, 1) => vec![ContentHash::from_bytes([0xEE; 32])],
            _ => vec![afterwards().hash],
        };
        let note = (more & 32 == 0).then(reason);
        Some(match kind {
            CommandKind::Report => return None,
            CommandKind::File => {
                let category = code(["C0101", "C0102", "S01", "P01"][usize::from(more % 4)]);
                let areas = ["310120001", "31012000100101", "310120002", "310120"];
                let area = code(areas[usize::from(more / 4 % 4)]);
                Command::File { category, area, criterion: CriterionRef { version: 1, condition: 0 } }
            }
            CommandKind::Decline => Command::Decline { reason: reason() },
            CommandKind::Merge => {
                let into = if more.is_multiple_of(8) { case.id } else { self.other(place, more) };
                Command::Merge { into }
            }
            CommandKind::Withdraw => Command::Withdraw,
            CommandKind::Dispatch => Command::Dispatch {
                department: code(if more & 1 == 0 { "lamps" } else { "roads" }),
                rule: (more & 2 == 0).then(|| code("lamps-first")),
            },
            CommandKind::Sign => Command::Sign,
            CommandKind::Return => Command::Return { reason: reason() },
            CommandKind::Defer => {
                let until = self.clock(on).plus((i64::from(more % 6) - 1) * Timestamp::DAY);
                Command::Defer { reason: reason(), until }
            }
            CommandKind::Resume => Command::Resume { reason: None },
            CommandKind::Extend => {
                Command::Extend { reason: reason(), limit: Limit::work_days(u32::from(more % 3)) }
            }
            CommandKind::Finish => {
                let verdict = (more & 64 == 0).then_some(Verdict::NotAdopted);
                Command::Finish { note: reason(), photos: photos(true), verdict, fix: None }
            }
            CommandKind::Pass => Command::Pass { note, photos: photos(false), fix: None },
            CommandKind::Rework => Command::Rework { reason: reason() },
            CommandKind::Rate => stars(more),
            CommandKind::Contest => Command::Contest { reason: reason(), photos: photos(false) },
            CommandKind::Settle => Command::Settle,
            CommandKind::ForceClose => Command::ForceClose { reason: reason() },
            CommandKind::Publish => {
                let photos = if more & 1 == 0 { case.photos.clone() } else { photos(false) };
                Command::Publish { photos }
            }
            CommandKind::Thank => Command::Thank { note },
            CommandKind::Join => {
                let who = actor.user.filter(|_| more & 1 == 0).unwrap_or_else(|| resident(more % 8));
                Command::Join { who, merged: (more & 2 == 0).then(|| self.other(place, more)) }
            }
        })
    }
}

/// Filed as what it is, where it is or where an acceptor puts it.
fn rightly_filed(case: &Case, dice: u16) -> Command {
    let category = match case.kind {
        Kind::Problem if dice & 1 == 0 => "C0101",
        Kind::Problem => "C0102",
        Kind::Suggestion => "S01",
        Kind::Praise => "P01",
    };
    let area =
        case.area.clone().unwrap_or_else(|| code(if dice & 2 == 0 { "310120001" } else { "310120002" }));
    Command::File { category: code(category), area, criterion: CriterionRef { version: 1, condition: 0 } }
}

fn finished(case: &Case) -> Command {
    let verdict = (case.kind == Kind::Suggestion).then_some(Verdict::Adopted);
    Command::Finish { note: reason(), photos: vec![afterwards().hash], verdict, fix: None }
}
