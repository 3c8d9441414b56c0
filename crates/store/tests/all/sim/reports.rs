//! Reports on their way in: manifests, pieces, completion, each once or more often, rightly or not.

use super::cast::{Form, form, object, resident};
use super::model::{Case, Happened, Intake};
use super::world::{Found, World};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use woodlark_domain::case::{Actor, Command, CommandKind};
use woodlark_domain::criterion::CriterionRef;
use woodlark_domain::{CaseId, ContentHash, Kind, Role, State, Timestamp, UserId, Visibility};
use woodlark_store::Halt;
use woodlark_store::intake::{self, Begin, Begun, Completed};

impl World {
    pub(super) fn report(&mut self, who: u16, number: u16, on: u8) -> Found {
        self.begin(who, number, on)?;
        let place = self.model.intakes.len() - 1;
        for file in self.model.intakes[place].files.clone().into_keys() {
            self.store_file(place, file, on)?;
        }
        self.complete_place(place, None, on)
    }

    pub(super) fn begin(&mut self, who: u16, number: u16, on: u8) -> Found {
        let now = self.clock(on);
        let mut random = [0; 10];
        random[2..].copy_from_slice(&self.next().to_be_bytes());
        let id = CaseId::new(u64::try_from(now.millis()).unwrap(), random);
        let begun = self.manifest((id, resident(who), number, number), on)?;
        let files = form(number).files.iter().map(|file| (file.hash, false)).collect();
        if !matches!(begun, Begun::Fresh(_) | Begun::Same(_)) {
            return Err(format!("a new manifest came to {begun:?}"));
        }
        self.model.intakes.push(Intake { id, who, form: number, since: now, files, receipt: None });
        Ok(())
    }

    /// Sends a manifest; `told` is the number that its hash is of.
    fn manifest(&mut self, (id, user, number, told): (CaseId, UserId, u16, u16), on: u8) -> Found<Begun> {
        let now = self.clock(on);
        let begun = self.write(on, move |tx| -> Result<Begun, Halt<()>> {
            let Form { intake: report, door, files, .. } = form(number);
            let mut manifest_hash = [0; 32];
            manifest_hash[..2].copy_from_slice(&told.to_be_bytes());
            let manifest = format!("{{\"form\":{number}}}");
            let (report, files) = (&report, files.as_slice());
            let new = Begin { id, user, door, manifest: &manifest, manifest_hash, report, files, now };
            Ok(intake::begin(tx, &new)?)
        });
        Ok(begun.map_err(|error| format!("a manifest: {error:?}"))?.answer)
    }

    pub(super) fn begin_again(&mut self, nth: u16, how: u8, on: u8) -> Found {
        let Some(place) = newest(self.model.intakes.len(), nth) else { return Ok(()) };
        let Intake { id, who, form, .. } = self.model.intakes[place];
        let (user, told) = match how % 3 {
            0 => (resident(who), form),
            1 => (resident(who), form.wrapping_add(1)),
            _ => (resident(who.wrapping_add(1)), form),
        };
        let begun = self.manifest((id, user, form, told), on)?;
        let intake = &self.model.intakes[place];
        let as_it_should = match (&begun, how % 3) {
            (Begun::Same(status), 0) => {
                let stored: Vec<bool> = status.files.iter().map(|file| file.media.is_some()).collect();
                status.receipt == intake.receipt
                    && stored == intake.files.values().copied().collect::<Vec<bool>>()
            }
            (Begun::Differs, 1) | (Begun::NotFound, 2) => true,
            _ => false,
        };
        if as_it_should { Ok(()) } else { Err(format!("manifest {how} of {intake:?} came to {begun:?}")) }
    }

    pub(super) fn piece(&mut self, nth: u16, file: u8, how: u8, on: u8) -> Found {
        let Some(place) = newest(self.model.intakes.len(), nth) else { return Ok(()) };
        let intake = &self.model.intakes[place];
        let id = intake.id;
        let Some(hash) = intake.files.keys().nth(usize::from(file) % intake.files.len().max(1)).copied()
        else {
            return Ok(());
        };
        match how {
            0 => {
                let begun = self
                    .write(on, move |tx| -> Result<(), Halt<()>> { Ok(intake::begin_anew(tx, id, hash)?) });
                begun.map(|_| ()).map_err(|error| format!("a file that begins anew: {error:?}"))
            }
            1 | 2 => {
                let held = self.write(on, move |tx| -> Result<Option<u64>, Halt<()>> {
                    Ok(intake::progress(tx, id, hash, 1_000 * u64::from(how))?)
                });
                let held = held.map_err(|error| format!("a piece: {error:?}"))?.answer;
                if held.is_some() { Ok(()) } else { Err(format!("a piece of {id} was for nothing")) }
            }
            _ => self.store_file(place, hash, on),
        }
    }

    fn store_file(&mut self, place: usize, hash: ContentHash, on: u8) -> Found {
        let (id, now) = (self.model.intakes[place].id, self.clock(on));
        let stored = self.write(on, move |tx| -> Result<bool, Halt<()>> {
            Ok(intake::attachment_stored(tx, id, hash, &object(hash), now)?)
        });
        if !stored.map_err(|error| format!("a file: {error:?}"))?.answer {
            return Err(format!("a file of {id} that the manifest names was unknown"));
        }
        self.model.intakes[place].files.insert(hash, true);
        Ok(())
    }

    pub(super) fn complete(&mut self, nth: u16, stranger: bool, on: u8) -> Found {
        let Some(place) = newest(self.model.intakes.len(), nth) else { return Ok(()) };
        let who = self.model.intakes[place].who.wrapping_add(1);
        self.complete_place(place, stranger.then(|| resident(who)), on)
    }

    fn complete_place(&mut self, place: usize, stranger: Option<UserId>, on: u8) -> Found {
        let (now, city) = (self.clock(on), Arc::clone(&self.city));
        let Intake { id, who, form: number, files, receipt, .. } = self.model.intakes[place].clone();
        let user = stranger.unwrap_or_else(|| resident(who));
        let completed = self.write(on, move |tx| -> Result<Completed, Halt<()>> {
            Ok(intake::complete(tx, id, user, &city, now)?)
        });
        let completed = completed.map_err(|error| format!("a completion: {error:?}"))?.answer;
        let missing: Vec<ContentHash> =
            files.iter().filter(|(_, whole)| !**whole).map(|(hash, _)| *hash).collect();
        let Form { intake: report, .. } = form(number);
        let nothing = report.words.is_none() && report.photos.is_empty();
        let wrong = |why: &str| Err(format!("a completion of {id}: {why}: {completed:?}"));
        match (&completed, receipt) {
            (Completed::NotFound, _) if stranger.is_some() => Ok(()),
            _ if stranger.is_some() => wrong("a stranger's"),
            (Completed::Receipt(given), Some(first)) if *given == first => Ok(()),
            (_, Some(first)) => wrong(&format!("not the first receipt {first:?}")),
            (Completed::Incomplete(told), None) if *told == missing && !missing.is_empty() => Ok(()),
            (Completed::Refused(refusal), None) if nothing && missing.is_empty() => {
                if refusal.code() == "bad_report" { Ok(()) } else { wrong("another rule") }
            }
            (Completed::Receipt(given), None) if !nothing && missing.is_empty() => {
                let case = self.new_case(place, now);
                if (given.case_id, given.number.as_str(), given.state, given.received_at)
                    != (case.id, case.number.as_str(), case.state, now)
                {
                    return wrong(&format!("number {} in state {:?}", case.number, case.state));
                }
                if given.promised_at.is_none_or(|promised| promised <= now) {
                    return wrong("nothing is promised");
                }
                self.model.intakes[place].receipt = Some(given.clone());
                *self.model.numbers.entry(case.day).or_default() += 1;
                self.touched.insert(self.model.cases.len());
                self.model.cases.push(case);
                Ok(())
            }
            (_, None) => wrong("neither missing nor there"),
        }
    }

    /// The case that this report becomes: filed by the rules where its category is certain and its place known, and then
    /// sent where a rule may.
    fn new_case(&self, place: usize, now: Timestamp) -> Case {
        let Intake { id, who, form: number, .. } = self.model.intakes[place];
        let Form { intake: report, door, area, .. } = form(number);
        let (day, number) = self.model.next_number(now);
        let reporter = resident(who);
        let first = Happened {
            what: CommandKind::Report,
            at: now,
            by: Some(reporter),
            role: Role::Resident,
            is_forgotten: false,
        };
        let mut case = Case {
            id,
            number,
            day,
            kind: report.kind,
            state: State::Received,
            private: report.visibility == Visibility::Private,
            reporter,
            door,
            photos: report.photos,
            category: report.category.clone(),
            area: area.map(crate::fixture::code),
            department: None,
            happened: vec![first],
            joiners: BTreeSet::new(),
            ratings: BTreeMap::new(),
            handled: BTreeSet::new(),
            passed: BTreeSet::new(),
            returned: BTreeSet::new(),
            filed_at: None,
            dispatched: false,
            finished: false,
            closed_at: None,
            waits_until: None,
            merged_into: None,
            returns: 0,
            reworks: 0,
            contests: 0,
            forced: false,
            clock: Some(super::model::Clock { start: now, work_minutes: 15, soft: false, raised: 0 }),
            approvals: BTreeMap::new(),
            looked: BTreeSet::new(),
            uncounted: BTreeSet::new(),
        };
        if case.kind == Kind::Problem
            && let (Some(category), Some(area)) = (&case.category, &case.area)
            && category.as_str() == "C0101"
        {
            let criterion = CriterionRef { version: 1, condition: 0 };
            let file = Command::File { category: category.clone(), area: area.clone(), criterion };
            case.take(&Actor::system(), &file, State::Filed, now);
            send_by_rule(&mut case, now);
        }
        // All that a case begins with is followed up as one.
        case.uncounted = BTreeSet::from([1]);
        case
    }
}

/// Where a rule may send a case without a person, it goes once it is filed: lamps do.
pub(super) fn send_by_rule(case: &mut Case, at: Timestamp) {
    let lamps = crate::fixture::code("lamps");
    if case.category.as_ref().is_some_and(|category| category.as_str() == "C0101")
        && case.department.is_none()
        && !case.returned.contains(&lamps)
    {
        let dispatch =
            Command::Dispatch { department: lamps, rule: Some(crate::fixture::code("lamps-first")) };
        case.take(&Actor::system(), &dispatch, State::Dispatched, at);
    }
}

/// The nth of a list from its end, round and round.
pub(super) fn newest(count: usize, nth: u16) -> Option<usize> {
    (count > 0).then(|| count - 1 - usize::from(nth) % count)
}
