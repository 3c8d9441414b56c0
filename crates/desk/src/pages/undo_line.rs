//! The line that says that the last order can be taken back, or why it can't; and what its key does.

use crate::app::{Desk, Seat, use_desk};
use crate::messages::{self, d};
use crate::order::{Order, Record};
use crate::undo::{Given, Gone, Why};
use wasm_bindgen_futures::spawn_local;
use woodlark_domain::case::CommandKind;
use woodlark_outbox::Stage;
use woodlark_ui::device::new_id;
use woodlark_ui::el::{El, button, effect, el, span};
use woodlark_ui::parts::icon;
use woodlark_ui::{Fault, RwSignal, api, t, when};
use woodlark_wire::{DeskCase, DeskCommand, ProblemCode, path};

/// The last order of this desk, and what is said of it.
#[derive(Clone, Copy)]
pub struct LastOrder {
    given: RwSignal<Option<Given>>,
    line: RwSignal<Option<Line>>,
    /// It was said once that it can be taken back.
    told: RwSignal<bool>,
    /// An undoing is on its way: pressed twice it is done once.
    busy: RwSignal<bool>,
}

/// What the line says.
#[derive(Debug, Clone, PartialEq)]
struct Line {
    words: String,
    /// Whether the order can be taken back.
    can: bool,
}

impl LastOrder {
    /// None yet.
    #[must_use]
    pub fn none() -> Self {
        let new = || RwSignal::new(false);
        Self { given: RwSignal::new(None), line: RwSignal::new(None), told: new(), busy: new() }
    }

    /// Keeps an order that was given just now, to a case as its giver saw it.
    pub fn keep(self, given: Given) {
        self.line.set(None);
        self.told.set(false);
        self.given.set(Some(given));
    }

    /// Forgets it: another sits at the desk.
    pub fn forget(self) {
        self.line.set(None);
        self.given.set(None);
    }

    /// Says once the order is carried out that it can be taken back, where it can.
    fn watch(self) {
        let Some(given) = self.given.get() else { return };
        use_desk().outbox.records.track();
        if !self.told.get_untracked() && given.look(gone(&given)).is_ok() {
            self.told.set(true);
            let words = d().undo_hint(ordered(given.command), given.number.as_str());
            self.line.set(Some(Line { words, can: true }));
            // An order that was given by the key has no form that would look again.
            use_desk().live.notice();
        }
    }

    /// Takes the last order back, or says why not.
    fn undo(self) {
        if self.busy.get_untracked() {
            return;
        }
        let Some(given) = self.given.get_untracked() else { return self.say(Why::Nothing, None) };
        let version = match given.look(gone(&given)) {
            Ok(version) => version,
            Err(why) => return self.say(why, Some(&given)),
        };
        self.busy.set(true);
        spawn_local(async move {
            let said = match api::get::<DeskCase>(&path::desk_case(given.case)).await {
                Ok(case) => match given.take_back(version, &case, when::now()) {
                    Ok(command) => give(self, &case, &command).await.err().map(|fault| fault.words()),
                    Err(why) => Some(words(why, Some(&given))),
                },
                Err(fault) if fault.code() == Some(ProblemCode::NotFound) => {
                    Some(words(Why::NotTheirs, Some(&given)))
                }
                Err(fault) => Some(use_desk().heard(&fault)),
            };
            self.busy.set(false);
            if let Some(words) = said {
                self.line.set(Some(Line { words, can: false }));
            }
        });
    }

    fn say(self, why: Why, given: Option<&Given>) {
        self.line.set(Some(Line { words: words(why, given), can: false }));
    }
}

/// Puts the order that takes the last one back into the outbox, like any other; it can be taken back in its turn.
async fn give(last: LastOrder, case: &DeskCase, command: &DeskCommand) -> Result<(), Fault> {
    let desk = use_desk();
    let Seat::Taken(me) = desk.seat.get_untracked() else { return Err(Fault::NotOurs) };
    let order = Order {
        giver: me.user_id,
        case: case.id,
        number: case.number.clone(),
        version: case.version,
        command: command.kind().code().to_owned(),
        text: serde_json::to_string(command).map_err(|_| Fault::NotOurs)?,
        words: String::new(),
        photos: Vec::new(),
        given_at: when::now(),
    };
    let record = Record::draft(new_id(), order, when::now());
    last.keep(Given::of(Some(record.id), command, case));
    desk.outbox.queue(record).await;
    Ok(())
}

/// How far the order has gone. What went without the outbox is done, and nobody knows which version came of it.
fn gone(given: &Given) -> Gone {
    let Some(order) = given.order else { return Gone::Done(None) };
    match use_desk().outbox.find(order) {
        Some(record) if record.stage == Stage::Accepted => {
            Gone::Done(record.receipt.and_then(|receipt| receipt.version))
        }
        Some(record) if record.stage != Stage::NeedsAttention => Gone::Waits,
        Some(_) | None => Gone::Back,
    }
}

fn ordered(command: CommandKind) -> &'static str {
    messages::order(command.code()).map_or("", |(words, _)| words)
}

fn words(why: Why, given: Option<&Given>) -> String {
    let number = given.map(|given| given.number.to_string()).unwrap_or_default();
    match why {
        Why::Nothing => d().undo_nothing.to_owned(),
        Why::Waits => d().undo_waits(&number),
        Why::Final(command) => d().undo_final(ordered(command), &number),
        Why::Moved => d().undo_moved(&number),
        Why::NotTheirs => d().undo_not_theirs(&number),
        Why::DayPast => d().undo_day_past(&number),
    }
}

/// Follows the last order for as long as somebody sits at the desk.
pub fn follow(desk: Desk) {
    effect(Box::new(move || desk.last.watch()));
    // What was said holds where it was said.
    effect(Box::new(move || {
        let _ = desk.router.now();
        desk.last.line.set(None);
    }));
}

/// The button that the key presses.
#[must_use]
pub fn key_button() -> El {
    let last = use_desk().last;
    button("desk-link desk-keys", move || last.undo())
        .attr("data-key", "z")
        .test("undo-key")
        .child(crate::widget::key("z"))
        .child(span("", d().undo_title))
}

/// The line; whoever has no keyboard taps its button.
#[must_use]
pub fn line() -> El {
    let last = use_desk().last;
    let shown = move || {
        last.line.get().map(|line| {
            let undo = line
                .can
                .then(|| button("btn small ghost", move || last.undo()).test("undo").text(d().undo_button));
            let close = button("icon-button", move || last.line.set(None))
                .attr("aria-label", t().app_close)
                .child(icon("cross"));
            el("div", "note undo-line")
                .test("undo-line")
                .flag("data-can", line.can)
                .child(span("grow", &line.words))
                .maybe(undo)
                .child(close)
        })
    };
    el("div", "hollow").attr("role", "status").dynamic(shown)
}
