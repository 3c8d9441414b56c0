//! Orders: given as the server gives them (under a key, on a version that was seen), judged by the model beforehand.

use super::judge::judge;
use super::model::Case;
use super::reports::{newest, send_by_rule};
use super::world::{Found, World, Written, insist};
use std::sync::Arc;
use woodlark_domain::case::{Actor, Command};
use woodlark_domain::{CaseId, State, Timestamp, UserId};
use woodlark_store::cases::{self, Commanded};
use woodlark_store::city::City;
use woodlark_store::idempotency::{self, Answer, Key};
use woodlark_store::{Halt, Tx, WriteError};

/// An order that was sent.
#[derive(Debug, Clone)]
pub(crate) struct Sent {
    key: Key,
    case: CaseId,
    actor: Actor,
    command: Command,
    /// The version that its giver had before them; residents and the rules need not say.
    seen: Option<u32>,
}

/// What an order came to.
type Came = Result<Answer, WriteError<String>>;

impl World {
    /// Sends an order for the first time.
    pub(super) fn order(&mut self, place: usize, actor: Actor, command: Command, stale: u8, on: u8) -> Found {
        let sent = self.put_down(place, actor, command, stale);
        self.sent.push(sent.clone());
        self.send(&sent, on)
    }

    /// What somebody sent who is gone is sent no more.
    pub(super) fn forget_sent(&mut self, user: UserId) {
        self.sent.retain(|sent| sent.key.user != user);
    }

    fn put_down(&mut self, place: usize, actor: Actor, command: Command, stale: u8) -> Sent {
        let case = &self.model.cases[place];
        let seen = matches!(actor.role, woodlark_domain::Role::Resident | woodlark_domain::Role::System);
        let seen = (!seen).then(|| case.version().saturating_sub(u32::from(stale)));
        let case = case.id;
        let number = self.next();
        let user = actor.user.unwrap_or_else(|| UserId::new(1, [0; 10]));
        let mut request_hash = [0; 32];
        request_hash[..8].copy_from_slice(&number.to_be_bytes());
        Sent { key: Key { user, key: format!("o{number}"), request_hash }, case, actor, command, seen }
    }

    /// Sends what was sent before, or something else under its key.
    pub(super) fn again(&mut self, back: u16, other: bool, on: u8) -> Found {
        let Some(place) = newest(self.sent.len(), back) else { return Ok(()) };
        let mut sent = self.sent[place].clone();
        if !other {
            return self.send(&sent, on);
        }
        sent.key.request_hash[31] = 1;
        if !self.model.answers.contains_key(&(sent.key.user, sent.key.key.clone())) {
            return Ok(());
        }
        let (now, city) = (self.clock(on), Arc::clone(&self.city));
        let came = self.write(on, move |tx| carry_out(tx, &sent, now, &city));
        match came.map(|written| written.answer) {
            Ok(Answer::KeyReused) => Ok(()),
            came => Err(format!("something else under a key came to {came:?}")),
        }
    }

    /// Sends an order to one server and compares what it came to.
    fn send(&mut self, sent: &Sent, on: u8) -> Found {
        let (now, city, order) = (self.clock(on), Arc::clone(&self.city), sent.clone());
        let expected = self.expect(sent, now);
        let came = self.write(on, move |tx| carry_out(tx, &order, now, &city));
        let (came, repeated) = match came {
            Ok(Written { answer, repeated }) => (Ok(answer), repeated),
            Err(error) => (Err(error), false),
        };
        self.settle(sent, expected, came, repeated, now)
    }

    /// What the model says that an order will come to.
    fn expect(&self, sent: &Sent, now: Timestamp) -> Result<Expected, String> {
        let known = self.model.answers.get(&(sent.key.user, sent.key.key.clone()));
        if let Some((body, _)) = known {
            return Ok(Expected::Replay(body.clone()));
        }
        let place = self.model.place(sent.case).ok_or("an order to no case")?;
        let case = &self.model.cases[place];
        if sent.seen.is_some_and(|seen| case.has_moved(seen)) {
            return Ok(Expected::Refused("moved"));
        }
        Ok(match judge(&self.table, &self.model, case, &sent.actor, &sent.command, now) {
            Ok(to) => Expected::Done(to),
            Err(code) => Expected::Refused(code),
        })
    }

    /// Holds what an order came to against what was expected, and follows it in the model.
    fn settle(
        &mut self,
        sent: &Sent,
        expected: Result<Expected, String>,
        came: Came,
        repeated: bool,
        now: Timestamp,
    ) -> Found {
        let expected = expected?;
        self.meet(match &expected {
            Expected::Replay(_) => "repeated".to_owned(),
            Expected::Done(_) => format!("done: {}", sent.command.kind().code()),
            Expected::Refused(code) => format!("refused: {code}"),
        });
        let agree = match (&expected, &came) {
            (Expected::Replay(body), Ok(Answer::Replay { body: told, .. })) => body == told,
            (Expected::Refused(code), Err(WriteError::Refused(told))) => code == told,
            (Expected::Done(to), Ok(Answer::Fresh { body, .. })) if !repeated => {
                return self.follow(sent, *to, body, now);
            }
            (Expected::Done(to), Ok(Answer::Replay { body, .. })) if repeated => {
                return self.follow(sent, *to, body, now);
            }
            _ => false,
        };
        if agree {
            return Ok(());
        }
        let case = self.model.place(sent.case).map(|place| &self.model.cases[place]);
        let came = came.map(|answer| format!("{answer:?}"));
        Err(format!("{sent:?} should be {expected:?} and came to {came:?} (repeated: {repeated}); {case:#?}"))
    }

    /// The order was done: the model does it too.
    fn follow(&mut self, sent: &Sent, to: State, body: &[u8], now: Timestamp) -> Found {
        let place = self.model.place(sent.case).ok_or("an order to no case")?;
        let case = &mut self.model.cases[place];
        let at = now.max(case.last_at());
        case.take(&sent.actor, &sent.command, to, at);
        if matches!(sent.command, Command::File { .. }) && case.state == State::Filed {
            send_by_rule(case, at);
        }
        let told = said(case.state, case.version(), case.joiners.len());
        if told.as_bytes() != body {
            let body = String::from_utf8_lossy(body);
            return Err(format!("{sent:?} was done; the case is {told:?} and not {body:?}"));
        }
        self.touched.insert(place);
        let merged = case.clone();
        let key = (sent.key.user, sent.key.key.clone());
        self.model.answers.insert(key, (body.to_vec(), now));
        if let Command::Merge { into } = sent.command {
            self.follow_merge(&merged, into, &sent.actor, now);
        }
        Ok(())
    }

    /// Everyone whom a merged case concerned goes on as a joiner of the other.
    fn follow_merge(&mut self, merged: &Case, into: CaseId, actor: &Actor, now: Timestamp) {
        let Some(place) = self.model.place(into) else { return };
        let other = &mut self.model.cases[place];
        for who in merged.concerned() {
            if who != other.reporter && !other.joiners.contains(&who) {
                let join = Command::Join { who, merged: Some(merged.id) };
                let (state, at) = (other.state, now.max(other.last_at()));
                other.take(actor, &join, state, at);
            }
        }
        self.touched.insert(place);
    }

    /// The same order to two servers at once: one does it, the other gives the same answer.
    pub(super) fn tap_twice(&mut self, place: usize, actor: Actor, command: Command) -> Found {
        let sent = self.put_down(place, actor, command, 0);
        let now = self.clock(0);
        let expected = self.expect(&sent, now);
        let [one, other] = self.at_once(&sent, &sent, now);
        let (first, second) = match (one, other) {
            (one @ Ok(Answer::Fresh { .. }), other) => (one, other),
            (one, other) => (other, one),
        };
        self.settle(&sent, expected, first, false, now)?;
        let expected = self.expect(&sent, now);
        self.settle(&sent, expected, second, false, now)?;
        self.sent.push(sent);
        Ok(())
    }

    /// Two orders to the same case at once, of two servers: whichever came first, each is answered as if they had come one
    /// after the other.
    pub(super) fn race(&mut self, place: usize, orders: [(Actor, Command); 2]) -> Found {
        let [one, other] = orders.map(|(actor, command)| self.put_down(place, actor, command, 0));
        let now = self.clock(0);
        let [first, second] = self.at_once(&one, &other, now);
        let told = |came: &Came| match came {
            Ok(answer) => Ok(answer.clone()),
            Err(WriteError::Refused(code)) => Err(code.clone()),
            Err(error) => Err(format!("{error:?}")),
        };
        let (first, second) = (told(&first), told(&second));
        let mut wrong = String::new();
        for swapped in [false, true] {
            let (before, touched) = (self.model.clone(), self.touched.clone());
            let mut order = [(&one, &first), (&other, &second)];
            if swapped {
                order.reverse();
            }
            let mut tried = Ok(());
            for (sent, came) in order {
                let expected = self.expect(sent, now);
                let came = came.clone().map_err(WriteError::Refused);
                tried = tried.and_then(|()| self.settle(sent, expected, came, false, now));
            }
            match tried {
                Ok(()) => {
                    self.sent.extend([one, other]);
                    return Ok(());
                }
                Err(why) => {
                    (self.model, self.touched) = (before, touched);
                    wrong = why;
                }
            }
        }
        Err(format!("at once, in neither order: {first:?} and {second:?}; {wrong}"))
    }

    fn at_once(&mut self, one: &Sent, other: &Sent, now: Timestamp) -> [Came; 2] {
        let came = [(0, one), (1, other)].map(|(on, sent)| {
            let (store, city, sent) = (self.server(on), Arc::clone(&self.city), sent.clone());
            std::thread::spawn(move || insist(&store, move |tx| carry_out(tx, &sent, now, &city)))
        });
        came.map(|thread| thread.join().unwrap())
    }
}

/// What an order is expected to come to.
#[derive(Debug)]
enum Expected {
    Replay(Vec<u8>),
    Done(State),
    Refused(&'static str),
}

/// What is answered to an order that was done.
fn said(state: State, version: u32, joiners: usize) -> String {
    format!("{} {version} {joiners}", state.code())
}

/// Carries an order out in a transaction, once for its key.
fn carry_out(tx: &mut Tx, sent: &Sent, now: Timestamp, city: &City) -> Result<Answer, Halt<String>> {
    idempotency::once(tx, &sent.key, now, |tx| {
        let Sent { case, actor, command, seen, .. } = sent;
        if let Some(seen) = seen
            && cases::moved(tx, *case, *seen)?
        {
            return Err(Halt::Refused("moved".to_owned()));
        }
        let order = cases::Order { case: *case, actor, command: command.clone(), now, city };
        match cases::command(tx, &order)? {
            Commanded::Done(row) => {
                Ok((200, said(row.state, row.version, row.joiners as usize).into_bytes()))
            }
            Commanded::NotFound => Err(Halt::Refused("not_found".to_owned())),
            Commanded::Refused(refusal) => Err(Halt::Refused(refusal.code().to_owned())),
        }
    })
}
