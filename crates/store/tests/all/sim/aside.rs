//! What happens beside the cases' own way: looks at what is private, decisions on photos, devices that come and go, upkeep.

use super::cast::{hand, resident};
use super::judge::may_look;
use super::reports::newest;
use super::world::{Found, World};
use woodlark_domain::audit::AuditAction;
use woodlark_domain::policy::{Action, Subject, permits};
use woodlark_domain::{ContentHash, Door, Timestamp, UserId};
use woodlark_store::approvals::{self, Approval, Shown};
use woodlark_store::trail::{Deed, record};
use woodlark_store::{Halt, accounts, cases, sweep};

const LOOKS: [Action; 5] = [
    Action::ReadCase,
    Action::LookAtOriginal,
    Action::ListenToVoice,
    Action::ReadReporter,
    Action::ApprovePhoto,
];

/// How long an answer is kept, and a report waited for.
const WEEK: i64 = 7 * Timestamp::DAY;
/// How long a device stays signed in that is not used.
const UNUSED: i64 = 400 * Timestamp::DAY;

impl World {
    pub(super) fn look(&mut self, nth: u16, (person, post): (u16, u8), action: u8, on: u8) -> Found {
        let action = LOOKS[usize::from(action) % 4];
        self.look_as(nth, (person, post), action, None, on)
    }

    pub(super) fn approve(
        &mut self,
        nth: u16,
        photo: u8,
        (person, post): (u16, u8),
        shown: u8,
        on: u8,
    ) -> Found {
        let Some(place) = newest(self.model.cases.len(), nth) else { return Ok(()) };
        let photos = &self.model.cases[place].photos;
        let Some(photo) = photos.get(usize::from(photo) % photos.len().max(1)).copied() else {
            return Ok(());
        };
        let shown = [Shown::Nothing, Shown::Whole, Shown::Covered(photo)][usize::from(shown) % 3];
        self.look_as(nth, (person, post), Action::ApprovePhoto, Some((photo, shown)), on)
    }

    /// Asked of the policy with the row in hand, and written down before it is done, as the server does.
    fn look_as(
        &mut self,
        nth: u16,
        (person, post): (u16, u8),
        action: Action,
        decides: Option<(ContentHash, Shown)>,
        on: u8,
    ) -> Found {
        let Some(place) = newest(self.model.cases.len(), nth) else { return Ok(()) };
        let actor = hand(person, post);
        let Some(user) = actor.user.filter(|_| actor.role != woodlark_domain::Role::Resident) else {
            return Ok(());
        };
        let (id, now, city, looker) =
            (self.model.cases[place].id, self.clock(on), self.city.clone(), actor.clone());
        let looked = self.write(on, move |tx| -> Result<bool, Halt<()>> {
            let Some(whole) = cases::whole(tx, id, &city)? else { return Err(Halt::Refused(())) };
            if !permits(&looker, action, &Subject::of(&whole.case, &looker)) {
                return Ok(false);
            }
            if let Some((photo, shown)) = decides {
                approvals::put(tx, id, photo, &Approval { shown, user, at: now })?;
            }
            let Some(action) = AuditAction::from_code(action.code()) else { return Err(Halt::Refused(())) };
            let (role, subject) = (looker.role, id.to_string());
            record(tx, &Deed { at: now, user: Some(user), role, action, subject: &subject, detail: "{}" })?;
            Ok(true)
        });
        let looked = looked.map_err(|error| format!("a look at {id}: {error:?}"))?.answer;
        let case = &mut self.model.cases[place];
        if looked != may_look(case, &actor, action.code()) {
            return Err(format!("{actor:?} and {}: {looked}; {case:#?}", action.code()));
        }
        if looked {
            case.looked.insert((now, user, actor.role, action.code().to_owned()));
            case.approvals.extend(decides.map(|(photo, shown)| (photo, shown.code())));
            self.touched.insert(place);
        }
        Ok(())
    }

    pub(super) fn sign_in(&mut self, who: u16, on: u8) -> Found {
        let (user, now) = (resident(who), self.clock(on));
        let mut token = [5; 32];
        token[..8].copy_from_slice(&self.next().to_be_bytes());
        let known = self.model.accounts.contains(&user);
        // A device that hears no answer begins with another token: no crash here.
        let crash = self.crash.take();
        let made = self.write(on, move |tx| -> Result<(), Halt<()>> {
            if known {
                accounts::sign_in(tx, user, &token, Door::Browser, now)?;
            } else {
                accounts::create(tx, user, &token, Door::Browser, now)?;
            }
            Ok(())
        });
        self.crash = crash;
        made.map_err(|error| format!("a device of {user}: {error:?}"))?;
        self.model.accounts.insert(user);
        self.model.sessions.insert(token, (user, now));
        Ok(())
    }

    pub(super) fn sign_out(&mut self, nth: u16, on: u8) -> Found {
        let Some(place) = newest(self.model.sessions.len(), nth) else { return Ok(()) };
        let Some((token, _)) = self.model.sessions.pop_first().filter(|_| place > 0) else { return Ok(()) };
        let gone = self.write(on, move |tx| -> Result<bool, Halt<()>> { Ok(accounts::revoke(tx, &token)?) });
        let gone = gone.map_err(|error| format!("signing out: {error:?}"))?;
        let found = self.server(on + 1).read_blocking(move |conn| accounts::find(conn, &token));
        match found {
            Ok(None) if gone.answer != gone.repeated => Ok(()),
            found => Err(format!("signed out ({}): {found:?}", gone.answer)),
        }
    }

    /// Every token that is signed in is found, and whose it is.
    pub(super) fn compare_sessions(&self) -> Found {
        for (token, (user, _)) in &self.model.sessions {
            let token = *token;
            let found = self.server(0).read_blocking(move |conn| accounts::find(conn, &token));
            let found = found.map_err(|error| error.to_string())?.map(|session| session.user);
            if found != Some(*user) {
                return Err(format!("a device of {user} is one of {found:?}"));
            }
        }
        Ok(())
    }

    /// Answers of a week ago are forgotten, and so are reports that never came.
    pub(super) fn sweep(&mut self, on: u8) -> Found {
        let now = self.clock(on);
        let swept = self.write(on, move |tx| -> Result<(), Halt<()>> {
            sweep::outdated(tx, now)?;
            for id in sweep::expired_intakes(tx, now, 10_000)? {
                if !sweep::give_up(tx, id, now)? {
                    return Err(Halt::Refused(()));
                }
            }
            Ok(())
        });
        swept.map_err(|error| format!("a sweep: {error:?}"))?;
        let is_new = |at: Timestamp| at.0 >= now.0 - WEEK;
        self.model.answers.retain(|_, (_, at)| is_new(*at));
        self.model.sessions.retain(|_, (_, since)| since.0 >= now.0 - UNUSED);
        self.model.intakes.retain(|intake| intake.receipt.is_some() || intake.since.0 > now.0 - WEEK);
        Ok(())
    }

    /// Whether a person is told of all their cases.
    pub(super) fn list_of(&self, user: UserId) -> Found<Vec<String>> {
        let mut listed = Vec::new();
        let mut after = None;
        loop {
            let page = self.server(1).read_blocking(move |conn| cases::mine(conn, user, after, 20));
            let page = page.map_err(|error| error.to_string())?;
            listed.extend(page.rows.iter().map(|(row, concern)| {
                format!("{} {} {} {concern:?}", row.id, row.state.code(), row.version)
            }));
            after = page.next;
            if after.is_none() {
                return Ok(listed);
            }
        }
    }
}
