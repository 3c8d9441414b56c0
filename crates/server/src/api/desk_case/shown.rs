//! A case as staff see it: members of staff by name, residents never.

use super::offer::rule_offer;
use crate::api::case::{area_path, category_name, department_name, photo_stage, show_promise};
use crate::api::city::show_alike;
use crate::api::desk::show_post;
use crate::messages::say;
use std::collections::BTreeMap;
use woodlark_domain::case::{Actor, Command, CommandKind, Event, may};
use woodlark_domain::clock::{Overdue, clocks};
use woodlark_domain::dispatch::route_again;
use woodlark_domain::place::{AreaLevel, metres, to_wgs84};
use woodlark_domain::{AreaCode, Language, Role, State, Timestamp, UserId};
use woodlark_store::approvals::Shown;
use woodlark_store::cases::{Alike, Attachment, Escalation, Whole};
use woodlark_store::city::City;
use woodlark_store::staff::Post;
use woodlark_wire::{
    DeskAction, DeskCase, DeskEscalation, DeskPhoto, DeskRefusal, DeskStep, Label, PhotoApproval, PhotoShown,
    PhotoStage, StageClock, Suggestion, VoiceView,
};

/// Who reads.
pub(super) struct Reading<'a> {
    /// All that they may be.
    pub(super) posts: &'a [Post],
    /// As what they may see this case.
    pub(super) actors: &'a [Actor],
    /// The names of the staff who dealt with it.
    pub(super) names: &'a BTreeMap<UserId, String>,
    /// Whether they may listen to its voice.
    pub(super) listens: bool,
    /// Whether they may propose a rule of it, and nobody has.
    pub(super) proposes: bool,
}

/// What is no part of a case but stands beside it.
pub(super) struct Beside<'a> {
    /// Open cases like it.
    pub(super) alike: &'a [Alike],
    /// Whom the clock called to it.
    pub(super) escalations: &'a [Escalation],
}

/// A case, whole.
pub(super) fn show(
    whole: &Whole,
    reading: &Reading<'_>,
    beside: &Beside<'_>,
    city: &City,
    now: Timestamp,
) -> DeskCase {
    let (row, case) = (&whole.row, &whole.case);
    let words = whole.events.first().and_then(|event| event.what.words()).unwrap_or("").to_owned();
    let (actions, refusals) = actions(whole, reading, now);
    DeskCase {
        id: row.id,
        number: row.number.clone(),
        kind: row.kind,
        state: row.state,
        version: row.version,
        words,
        category: row.category.clone(),
        category_name: category_name(row.category.as_ref(), row.filed_at, city),
        area: row.area.clone(),
        area_name: place_name(row.area.as_ref(), city),
        place_words: row.place_words.clone(),
        position: row.position,
        accuracy_m: row.accuracy_m,
        visibility: row.visibility,
        door: row.door,
        entry: row.entry.clone(),
        received_at: row.received_at,
        changed_at: row.changed_at,
        department: row.department.clone(),
        department_name: department_name(row.department.as_ref(), city),
        photos: whole.attachments.iter().filter_map(|file| photo(whole, file)).collect(),
        voice: voice(whole).filter(|_| reading.listens),
        deferred_until: case.deferred_until,
        promise: whole.promise.as_ref().map(|promise| show_promise(promise, row.state, now)),
        clock: clock(whole, city, now),
        escalations: beside.escalations.iter().map(|call| escalation(call, city)).collect(),
        steps: (1..)
            .zip(&whole.events)
            .map(|(number, event)| step(number, event, reading.names, city))
            .collect(),
        joiners: row.joiners,
        returns: case.returns,
        reworks: case.reworks,
        extensions: case.extensions,
        contests: case.contests,
        forced: case.forced,
        suggestion: suggestion(whole, city),
        offer: reading.proposes.then(|| rule_offer(whole, city)).flatten(),
        actions,
        refusals,
        alike: beside.alike.iter().map(|alike| show_alike(alike, row.kind, city)).collect(),
    }
}

fn escalation(call: &Escalation, city: &City) -> DeskEscalation {
    DeskEscalation {
        at: call.at,
        due_at: call.due_at,
        twice: call.overdue == Overdue::Twice,
        role: call.role,
        department: department_name(call.department.as_ref(), city),
    }
}

/// What the reader may do now; and of what their roles are for, what a rule refuses, and which.
fn actions(whole: &Whole, reading: &Reading<'_>, now: Timestamp) -> (Vec<DeskAction>, Vec<DeskRefusal>) {
    let (mut actions, mut refusals) = (Vec::new(), Vec::new());
    for command in CommandKind::ALL.iter().filter(|command| is_of_the_desk(**command)) {
        let mut refused = None;
        let found = reading.actors.iter().find(|actor| match may(&whole.case, actor, *command, now) {
            Ok(()) => true,
            Err(refusal) => {
                // That another role or another state would be needed tells nobody anything.
                if refusal.is_telling() {
                    refused = Some(refusal);
                }
                false
            }
        });
        let command = command.code().to_owned();
        match (found, refused) {
            (Some(actor), _) => {
                let post = reading.posts.iter().find(|post| is_of(post, actor));
                actions.extend(post.map(|post| DeskAction { command, role: show_post(post) }));
            }
            (None, Some(refusal)) => {
                let words = |language| say(language, "refusal", refusal.code()).to_owned();
                let words = Label { zh: words(Language::Zh), en: words(Language::En) };
                refusals.push(DeskRefusal { command, refusal: refusal.code().to_owned(), words });
            }
            (None, None) => {}
        }
    }
    (actions, refusals)
}

fn is_of(post: &Post, actor: &Actor) -> bool {
    post.role == actor.role && post.department == actor.department && post.area == actor.area
}

/// Whether staff give this command; a merge makes the join.
const fn is_of_the_desk(command: CommandKind) -> bool {
    use CommandKind as C;
    match command {
        C::File
        | C::Decline
        | C::Merge
        | C::Dispatch
        | C::Sign
        | C::Return
        | C::Defer
        | C::Resume
        | C::Extend
        | C::Finish
        | C::Pass
        | C::Rework
        | C::ForceClose
        | C::Publish
        | C::Thank => true,
        C::Report | C::Withdraw | C::Rate | C::Contest | C::Settle | C::Join => false,
    }
}

/// Where: the town and the smallest area, whose name says what it lies in.
pub(crate) fn place_name(code: Option<&AreaCode>, city: &City) -> Option<Label> {
    let smallest = city.areas().get(code?).map(|area| area.level);
    area_path(code, city, |level| level == AreaLevel::Town || Some(level) == smallest)
}

fn photo(whole: &Whole, file: &Attachment) -> Option<DeskPhoto> {
    let (width, height) = file.media.size?;
    let event = whole.events.get(usize::try_from(file.seq).ok()?.checked_sub(1)?)?;
    let stage = photo_stage(event.kind())?;
    let stood = event.what.fix().filter(|_| stage == PhotoStage::After).map(to_wgs84);
    let approval = whole.approvals.get(&file.hash).map(|approval| match approval.shown {
        Shown::Nothing => PhotoApproval { shown: PhotoShown::Nothing, hash: None },
        Shown::Whole => PhotoApproval { shown: PhotoShown::Whole, hash: None },
        Shown::Covered(hash) => PhotoApproval { shown: PhotoShown::Covered, hash: Some(hash) },
    });
    Some(DeskPhoto {
        hash: file.hash,
        stage,
        width,
        height,
        at: event.at,
        metres: whole.case.position.zip(stood).map(|(place, stood)| metres(place, stood)),
        approval,
    })
}

fn voice(whole: &Whole) -> Option<VoiceView> {
    let file = whole.attachments.iter().find(|file| file.role == "voice")?;
    Some(VoiceView {
        hash: file.hash,
        media_type: file.media.media_type.clone(),
        duration_ms: file.duration_ms,
    })
}

fn clock(whole: &Whole, city: &City, now: Timestamp) -> Option<StageClock> {
    let steps = city.filed(&whole.case).unwrap_or_default();
    let running = clocks(&whole.case, steps, now, &city.data().calendar).stage?;
    let due_at = running.due?;
    Some(StageClock { since: running.start, due_at, late: now > due_at })
}

/// Whom the rules would send it to; a department that gave it back is passed over, unless nothing else is left.
fn suggestion(whole: &Whole, city: &City) -> Option<Suggestion> {
    let case = &whole.case;
    if !matches!(case.state, State::Received | State::Filed) {
        return None;
    }
    let (category, area) = (case.category.as_ref()?, case.area.as_ref()?);
    let rules = &city.data().rules;
    let rule = route_again(rules, category, area, &case.returned_by)
        .or_else(|| woodlark_domain::dispatch::route(rules, category, area))?;
    Some(Suggestion {
        department: rule.department.clone(),
        department_name: department_name(Some(&rule.department), city)?,
        rule: rule.code.clone(),
        category: category_name(rule.category.as_ref(), None, city),
        area: place_name(rule.area.as_ref(), city),
        automatic: rule.automatic,
        returned: case.returned_by.contains(&rule.department),
    })
}

fn step(number: u32, event: &Event, names: &BTreeMap<UserId, String>, city: &City) -> DeskStep {
    let staff = event.by.user.filter(|_| event.by.role != Role::Resident);
    let (mut to, mut by_rule, mut stars) = (None, None, None);
    if let Command::Dispatch { department, rule } = &event.what {
        to = department_name(Some(department), city);
        by_rule.clone_from(rule);
    } else if let Command::File { area, .. } = &event.what {
        to = place_name(Some(area), city);
    } else if let Command::Rate { stars: given, .. } = &event.what {
        stars = Some(given.get());
    }
    let words = event.what.words().filter(|_| !matches!(event.what, Command::Report(_)));
    DeskStep {
        number,
        command: event.kind().code().to_owned(),
        at: event.at,
        role: event.by.role,
        name: staff.and_then(|user| names.get(&user)).cloned(),
        department: department_name(event.by.department.as_ref(), city),
        to,
        rule: by_rule,
        words: words.map(str::to_owned),
        stars,
    }
}
