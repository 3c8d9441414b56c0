//! Accounts that end. The model learns from the store who somebody has become in each of their cases, and holds that to be
//! nobody whom anybody knows.

use super::cast::resident;
use super::world::{Found, World};
use std::collections::BTreeSet;
use std::sync::Arc;
use woodlark_domain::account::KEPT_FOR;
use woodlark_domain::{Role, UserId};
use woodlark_store::deletion::{self, CarriedOut};
use woodlark_store::{Halt, cases};

impl World {
    /// The account of this resident ends; whoever has none makes one for it.
    pub(super) fn forget(&mut self, who: u16, on: u8) -> Found {
        let user = resident(who);
        if !self.model.accounts.contains(&user) {
            self.sign_in(who, on)?;
        }
        let concerned: Vec<usize> = (0..self.model.cases.len())
            .filter(|place| self.model.cases[*place].concerned().any(|one| one == user))
            .collect();
        let (now, mut fresh) = (self.clock(on), [8; 32]);
        fresh[..8].copy_from_slice(&self.next().to_be_bytes());
        let ended = self.write(on, move |tx| -> Result<CarriedOut, Halt<()>> {
            deletion::ask(tx, user, now.plus(-KEPT_FOR)).map_err(|halt| halt.map(drop))?;
            Ok(deletion::carry_out(tx, user, &fresh, now)?)
        });
        let ended = ended.map_err(|error| format!("the end of {user}: {error:?}"))?;
        let wanted = if ended.repeated { 0 } else { concerned.len() };
        if ended.answer != (CarriedOut::Gone { cases: wanted }) {
            return Err(format!("the end of {user} came to {:?}, not {wanted} cases", ended.answer));
        }
        self.meet("forgotten");
        for place in concerned {
            self.become_somebody(place, user)?;
        }
        let reports = self.model.intakes.iter().filter(|intake| intake.who == who);
        self.model.forgotten_reports += reports.filter(|intake| intake.receipt.is_some()).count();
        self.model.intakes.retain(|intake| intake.who != who);
        self.model.sessions.retain(|_, (of, _)| *of != user);
        self.model.answers.retain(|(of, _), _| *of != user);
        self.model.accounts.remove(&user);
        self.forget_sent(user);
        Ok(())
    }

    fn become_somebody(&mut self, place: usize, user: UserId) -> Found {
        let (id, city) = (self.model.cases[place].id, Arc::clone(&self.city));
        let whole = self.server(0).read_blocking(move |conn| cases::whole(conn, id, &city));
        let whole = whole.map_err(|error| error.to_string())?.ok_or("a case is gone with its reporter")?;
        let known: BTreeSet<UserId> =
            self.model.cases.iter().flat_map(super::model::Case::concerned).collect();
        let people =
            whole.case.reporter.into_iter().chain(whole.case.joiners.iter().map(|joiner| joiner.user));
        let new: Vec<UserId> = people.filter(|one| !known.contains(one)).collect();
        let [somebody] = new[..] else {
            return Err(format!("in {id} {user} has become {new:?}"));
        };
        let case = &mut self.model.cases[place];
        if case.reporter == user {
            case.reporter = somebody;
        }
        if case.joiners.remove(&user) {
            case.joiners.insert(somebody);
        }
        if let Some(rated) = case.ratings.remove(&user) {
            case.ratings.insert(somebody, rated);
        }
        for one in &mut case.happened {
            if one.by == Some(user) && one.role == Role::Resident {
                one.by = Some(somebody);
                one.is_forgotten = true;
            }
        }
        self.touched.insert(place);
        Ok(())
    }
}
