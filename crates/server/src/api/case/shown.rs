//! From the store's rows to what a resident sees: departments by name, never a person; photos for their reporter alone
//! until an acceptor has approved them for everyone.

use woodlark_domain::case::{Actor, Command, CommandKind, Event, allowed};
use woodlark_domain::clock::{MoveCause, Promise};
use woodlark_domain::criterion::Name;
use woodlark_domain::place::AreaLevel;
use woodlark_domain::{AreaCode, CategoryCode, DepartmentCode, Door, Role, State, Timestamp, UserId};
use woodlark_store::cases::{Concern, Row, View};
use woodlark_store::city::City;
use woodlark_wire::{
    CaseRow, CaseView, Label, Party, PhotoStage, PhotoView, PromiseMove, PromiseView, Relation, Step,
    VoiceView,
};

/// A name in both languages.
pub(crate) fn label(name: &Name) -> Label {
    Label { zh: name.zh.clone(), en: name.en.clone() }
}

/// A case in its reader's list.
pub(crate) fn show_row(row: &Row, concern: Concern, city: &City) -> CaseRow {
    let place_words = row.place_words.as_ref().map(|words| Label { zh: words.clone(), en: words.clone() });
    CaseRow {
        id: row.id,
        number: row.number.clone(),
        kind: row.kind,
        state: row.state,
        words: row.words.clone(),
        category: category_name(row.category.as_ref(), row.filed_at, city),
        place: place_words.or_else(|| area_name(row.area.as_ref(), city)),
        photo: row.photo.filter(|_| concern == Concern::Reporter),
        relation: relation(concern),
        received_at: row.received_at,
        changed_at: row.changed_at,
        promised_at: row.promised_at.filter(|_| is_open(row.state)),
    }
}

/// A case, whole; `notices`: messages about it that its reader is still to get.
pub(crate) fn show_case(view: &View, notices: u32, reader: UserId, city: &City, now: Timestamp) -> CaseView {
    let row = &view.row;
    let report = view.events.first().map(|event| &event.what);
    let words = report.and_then(Command::words).unwrap_or("").to_owned();
    let actor = Actor::resident(reader, Door::Browser);
    CaseView {
        id: row.id,
        number: row.number.clone(),
        kind: row.kind,
        state: row.state,
        version: row.version,
        words,
        category: row.category.clone(),
        category_name: category_name(row.category.as_ref(), row.filed_at, city),
        area: row.area.clone(),
        area_name: area_name(row.area.as_ref(), city),
        place_words: row.place_words.clone(),
        position: row.position,
        accuracy_m: row.accuracy_m,
        visibility: row.visibility,
        relation: relation(view.concern),
        received_at: row.received_at,
        changed_at: row.changed_at,
        department: row.department.clone(),
        department_name: department_name(row.department.as_ref(), city),
        photos: photos(view, reader),
        voice: voice(view),
        promise: view.promise.as_ref().map(|promise| show_promise(promise, row.state, now)),
        steps: steps(view, reader, city),
        merged_into: row.merged_into,
        joiners: row.joiners,
        my_rating: view.case.ratings.iter().find(|rating| rating.user == reader).map(|mine| mine.stars.get()),
        allowed: allowed(&view.case, &actor, now)
            .into_iter()
            .map(|command| command.code().to_owned())
            .collect(),
        notices,
    }
}

fn relation(concern: Concern) -> Relation {
    match concern {
        Concern::Reporter => Relation::Reporter,
        Concern::Joiner => Relation::Joiner,
    }
}

pub(crate) fn is_open(state: State) -> bool {
    !state.is_final() && !matches!(state, State::Closed | State::Published)
}

/// What a category is called in a case that was filed at that moment.
pub(crate) fn category_name(
    code: Option<&CategoryCode>,
    filed_at: Option<Timestamp>,
    city: &City,
) -> Option<Label> {
    city.category_name(code?, filed_at).map(label)
}

pub(crate) fn department_name(code: Option<&DepartmentCode>, city: &City) -> Option<Label> {
    city.department_name(code?).map(label)
}

/// Town and community: the grid's own number says nothing to a resident.
pub(crate) fn area_name(code: Option<&AreaCode>, city: &City) -> Option<Label> {
    area_path(code, city, |level| matches!(level, AreaLevel::Town | AreaLevel::Community))
}

/// The names of an area and of those round it, of these levels.
pub(crate) fn area_path(
    code: Option<&AreaCode>,
    city: &City,
    named: impl Fn(AreaLevel) -> bool,
) -> Option<Label> {
    let named: Vec<&Name> =
        city.areas().path(code?).filter(|area| named(area.level)).map(|area| &area.name).collect();
    // The path leads upwards. 中文 begins with the larger place, English with the smaller.
    let Some((smallest, larger)) = named.split_first() else {
        // An area that is gone is called what it was.
        return city.former_area_name(code?).map(label);
    };
    Some(larger.iter().fold(label(smallest), |whole, name| Label {
        zh: format!("{} {}", name.zh, whole.zh),
        en: format!("{}, {}", whole.en, name.en),
    }))
}

fn photos(view: &View, reader: UserId) -> Vec<PhotoView> {
    if view.concern != Concern::Reporter {
        return Vec::new();
    }
    view.attachments
        .iter()
        .filter_map(|file| {
            let (width, height) = file.media.size?;
            let event = view.events.get(usize::try_from(file.seq).ok()?.checked_sub(1)?)?;
            let stage = photo_stage(event.kind())?;
            // What another resident took to contest with is theirs alone.
            let theirs = stage == PhotoStage::Contested && event.by.user != Some(reader);
            (!theirs).then_some(PhotoView { hash: file.hash, stage, width, height })
        })
        .collect()
}

/// When a photo was taken, by the event that brought it.
pub(crate) const fn photo_stage(brought: CommandKind) -> Option<PhotoStage> {
    match brought {
        CommandKind::Report => Some(PhotoStage::Before),
        CommandKind::Contest => Some(PhotoStage::Contested),
        CommandKind::Finish | CommandKind::Pass => Some(PhotoStage::After),
        // No other step brings a photo of its own.
        CommandKind::File
        | CommandKind::Decline
        | CommandKind::Merge
        | CommandKind::Withdraw
        | CommandKind::Dispatch
        | CommandKind::Sign
        | CommandKind::Return
        | CommandKind::Defer
        | CommandKind::Resume
        | CommandKind::Extend
        | CommandKind::Rework
        | CommandKind::Rate
        | CommandKind::Settle
        | CommandKind::ForceClose
        | CommandKind::Publish
        | CommandKind::Thank
        | CommandKind::Join => None,
    }
}

fn voice(view: &View) -> Option<VoiceView> {
    let file =
        view.attachments.iter().find(|file| file.role == "voice" && view.concern == Concern::Reporter)?;
    Some(VoiceView {
        hash: file.hash,
        media_type: file.media.media_type.clone(),
        duration_ms: file.duration_ms,
    })
}

/// A promise, to a case in this state now.
pub(crate) fn show_promise(promise: &Promise, state: State, now: Timestamp) -> PromiseView {
    PromiseView {
        at: promise.by,
        overdue: is_open(state) && now > promise.by,
        moves: promise
            .moved
            .iter()
            .map(|moved| PromiseMove {
                moved_at: moved.at,
                from: moved.from,
                to: moved.to,
                by: cause(moved.cause).to_owned(),
                reason: moved.reason.as_ref().map(ToString::to_string),
            })
            .collect(),
    }
}

/// The command that moved it, by its code.
const fn cause(cause: MoveCause) -> &'static str {
    match cause {
        MoveCause::Filed => "file",
        MoveCause::Deferred => "defer",
        MoveCause::Resumed => "resume",
        MoveCause::Extended => "extend",
        MoveCause::Reworked => "rework",
        MoveCause::Contested => "contest",
    }
}

fn steps(view: &View, reader: UserId, city: &City) -> Vec<Step> {
    (1..).zip(&view.events).map(|(number, event)| step(number, event, Some(reader), city)).collect()
}

/// A step as everyone may see it: nothing that a resident said.
pub(crate) fn public_step(number: u32, event: &Event, city: &City) -> Step {
    let step = step(number, event, None, city);
    Step { words: step.words.filter(|_| event.by.role != Role::Resident), ..step }
}

fn step(number: u32, event: &Event, reader: Option<UserId>, city: &City) -> Step {
    let to = if let Command::Dispatch { department, .. } = &event.what {
        department_name(Some(department), city)
    } else {
        None
    };
    // What one resident says of a case is not for another to read; what staff say to the resident is. The words of the
    // report itself stand above the timeline.
    let own = reader.is_some() && event.by.user == reader;
    let theirs = event.by.role != Role::Resident || own;
    let is_report = matches!(event.what, Command::Report(_));
    let words = event.what.words().filter(|_| theirs && !is_report).map(str::to_owned);
    Step {
        number,
        command: event.kind().code().to_owned(),
        at: event.at,
        by: Party {
            role: event.by.role,
            you: own,
            department: department_name(event.by.department.as_ref(), city),
        },
        to,
        words,
    }
}
