//! Taking the last order back: which order would, and why it can't be given where it can't. Pure: what was given, the case
//! as it stands and the time come in as arguments.

use woodlark_domain::case::CommandKind;
use woodlark_domain::{CaseId, CaseNumber, Timestamp};
use woodlark_wire::{DeskCase, DeskCommand};

/// An order that was given at this desk, and what would take it back.
#[derive(Debug, Clone, PartialEq)]
pub struct Given {
    /// The order in the outbox; none for one that went without it.
    pub order: Option<CaseId>,
    /// The case that it was given to.
    pub case: CaseId,
    /// Its number.
    pub number: CaseNumber,
    /// What was ordered.
    pub command: CommandKind,
    /// What takes it back; none where nothing does.
    pub back: Option<DeskCommand>,
}

/// How far an order has gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gone {
    /// It waits on this device.
    Waits,
    /// It was carried out; which version of the case came of it, where its giver may still see the case.
    Done(Option<u32>),
    /// It came back, or is known no more.
    Back,
}

/// Why the last order isn't taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// None was given.
    Nothing,
    /// It has not been carried out yet.
    Waits,
    /// Nothing takes this one back.
    Final(CommandKind),
    /// Something else has happened to the case since.
    Moved,
    /// The rules don't let this person give the order that would take it back.
    NotTheirs,
    /// The day that it was to wait until has come.
    DayPast,
}

impl Given {
    /// What was given, to a case as its giver saw it before.
    #[must_use]
    pub fn of(order: Option<CaseId>, command: &DeskCommand, case: &DeskCase) -> Self {
        let kind = command.kind();
        let back = kind.taken_back_by().and_then(|back| taking_back(back, case));
        Self { order, case: case.id, number: case.number.clone(), command: kind, back }
    }

    /// Whether there is any use in asking how the case stands.
    ///
    /// # Errors
    /// [`Why`] not.
    pub const fn look(&self, gone: Gone) -> Result<u32, Why> {
        match (gone, &self.back) {
            (Gone::Back, _) => Err(Why::Nothing),
            (Gone::Waits, _) => Err(Why::Waits),
            (Gone::Done(_), None) => Err(Why::Final(self.command)),
            (Gone::Done(None), Some(_)) => Err(Why::NotTheirs),
            (Gone::Done(Some(version)), Some(_)) => Ok(version),
        }
    }

    /// The order that takes it back, for a case that stands as it was left and a person who may give it.
    ///
    /// # Errors
    /// [`Why`] it can't be.
    pub fn take_back(&self, version: u32, case: &DeskCase, now: Timestamp) -> Result<DeskCommand, Why> {
        let back = self.back.as_ref().ok_or(Why::Final(self.command))?;
        if case.id != self.case || case.version != version {
            return Err(Why::Moved);
        }
        if !case.actions.iter().any(|action| action.command == back.kind().code()) {
            return Err(Why::NotTheirs);
        }
        match back {
            DeskCommand::Defer { until, .. } if *until <= now => Err(Why::DayPast),
            DeskCommand::File { .. }
            | DeskCommand::Decline { .. }
            | DeskCommand::Merge { .. }
            | DeskCommand::Dispatch { .. }
            | DeskCommand::Sign
            | DeskCommand::Return { .. }
            | DeskCommand::Defer { .. }
            | DeskCommand::Resume { .. }
            | DeskCommand::Extend { .. }
            | DeskCommand::Finish { .. }
            | DeskCommand::Pass { .. }
            | DeskCommand::Rework { .. }
            | DeskCommand::ForceClose { .. }
            | DeskCommand::Publish
            | DeskCommand::Thank { .. } => Ok(back.clone()),
        }
    }
}

/// The order of this kind that puts a case back as it stands now; none where it would need what nobody has written.
fn taking_back(kind: CommandKind, case: &DeskCase) -> Option<DeskCommand> {
    if kind == CommandKind::Resume {
        return Some(DeskCommand::Resume { reason: None });
    }
    if kind == CommandKind::Defer {
        // It waits again for the same, and as long.
        let deferred = |code: &str| code == CommandKind::Defer.code();
        let step = case.steps.iter().rev().find(|step| deferred(&step.command))?;
        return Some(DeskCommand::Defer { reason: step.words.clone()?, until: case.deferred_until? });
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use woodlark_domain::State;

    const NOW: Timestamp = Timestamp(1_795_579_200_000_000);

    /// A case on hold until an hour from now, at version 5, that its reader may `command`.
    fn case(version: u32, commands: &[&str]) -> DeskCase {
        let actions: Vec<String> = commands
            .iter()
            .map(|command| format!(r#"{{"command":"{command}","role":{{"role":"dispatcher"}}}}"#))
            .collect();
        let text = format!(
            r#"{{"id":"01981fd2-0000-7000-8000-000000000001","number":"FX-20261123-00042","kind":"problem",
            "state":"deferred","version":{version},"words":"","visibility":"public","door":"browser",
            "received_at":1,"changed_at":1,"photos":[],"deferred_until":{},"escalations":[],
            "steps":[{{"number":4,"command":"defer","at":1,"role":"dispatcher","words":"等材料"}},
                     {{"number":5,"command":"join","at":1,"role":"resident"}}],
            "joiners":0,"returns":0,"reworks":0,"extensions":0,"contests":0,"forced":false,
            "actions":[{}],"refusals":[],"alike":[]}}"#,
            NOW.plus(Timestamp::HOUR).0,
            actions.join(",")
        );
        serde_json::from_str(&text).unwrap()
    }

    fn resume() -> DeskCommand {
        DeskCommand::Resume { reason: None }
    }

    fn defer() -> DeskCommand {
        DeskCommand::Defer { reason: "等材料".to_owned(), until: NOW.plus(Timestamp::HOUR) }
    }

    #[test]
    fn a_hold_is_taken_back_by_going_on_and_going_on_by_the_same_hold_as_before() {
        let seen = case(5, &[]);
        assert_eq!(seen.state, State::Deferred);
        let held = Given::of(None, &defer(), &seen);
        assert_eq!(held.take_back(6, &case(6, &["resume"]), NOW), Ok(resume()));
        let went_on = Given::of(None, &resume(), &seen);
        assert_eq!(went_on.take_back(6, &case(6, &["defer"]), NOW), Ok(defer()));
    }

    #[test]
    fn an_order_that_waits_or_came_back_is_not_taken_back_nor_one_that_nothing_takes_back() {
        let given = Given::of(None, &defer(), &case(5, &[]));
        assert_eq!(given.look(Gone::Waits), Err(Why::Waits));
        assert_eq!(given.look(Gone::Back), Err(Why::Nothing));
        assert_eq!(given.look(Gone::Done(None)), Err(Why::NotTheirs), "whoever can't see the case any more");
        assert_eq!(given.look(Gone::Done(Some(6))), Ok(6));
        let signed = Given::of(None, &DeskCommand::Sign, &case(5, &[]));
        assert_eq!(signed.look(Gone::Done(Some(6))), Err(Why::Final(CommandKind::Sign)));
        assert_eq!(signed.look(Gone::Waits), Err(Why::Waits));
    }

    #[test]
    fn nothing_is_taken_back_over_what_happened_since_or_against_the_rules_or_the_day() {
        let held = Given::of(None, &defer(), &case(5, &[]));
        assert_eq!(held.take_back(6, &case(7, &["resume"]), NOW), Err(Why::Moved));
        assert_eq!(held.take_back(6, &case(6, &["extend"]), NOW), Err(Why::NotTheirs));
        let went_on = Given::of(None, &resume(), &case(5, &[]));
        let late = NOW.plus(Timestamp::HOUR);
        assert_eq!(went_on.take_back(6, &case(6, &["defer"]), late), Err(Why::DayPast));
    }
}
