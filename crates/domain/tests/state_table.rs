//! Every state × command × role × relation × kind, generated, against a table written by hand.
//!
//! The table says what the city wants, row by row; it is not derived from the code that it checks.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test says plainly what it expects")]

mod table;

use table::{rows, wanted};
use woodlark_domain::case::{
    Actor, Case, Command, CommandKind, Event, Facts, Joiner, Refusal, Stars, Verdict, allowed, decide, open,
};
use woodlark_domain::clock::Limit;
use woodlark_domain::criterion::CriterionRef;
use woodlark_domain::report::{Intake, Reason, Words};
use woodlark_domain::{
    AreaCode, CaseId, CategoryCode, ContentHash, DepartmentCode, Door, Kind, Role, State, Timestamp, UserId,
};

const NOW: Timestamp = Timestamp(1_790_000_000_000_000);
/// The relations generated: one at a time, and none.
const RELATIONS: [&str; 6] = ["stranger", "reporter", "joiner", "department", "handled", "passed"];

fn user(number: u8) -> UserId {
    UserId::from_bytes([number; 16])
}
fn photo() -> ContentHash {
    ContentHash::from_bytes([9; 32])
}
fn reason() -> Reason {
    Reason::new("因为").unwrap()
}
fn department(code: &str) -> DepartmentCode {
    DepartmentCode::new(code).unwrap()
}
fn category(kind: Kind) -> CategoryCode {
    CategoryCode::new(match kind {
        Kind::Problem => "C0101",
        Kind::Suggestion => "S01",
        Kind::Praise => "P01",
    })
    .unwrap()
}

/// A case of this kind in this state, as it would stand there, whether or not the kind ever gets there.
fn case(kind: Kind, state: State) -> Case {
    let mut intake = Intake::empty(kind);
    intake.words = Words::new("看见了").ok();
    intake.photos = vec![photo()];
    let at = NOW.plus(-Timestamp::DAY);
    let event = open(intake, &Actor::resident(user(1), Door::Browser), at).unwrap();
    let mut case = Case::begin(CaseId::from_bytes([1; 16]), &event).unwrap();
    case.state = state;
    case.area = AreaCode::new("310120001001").ok();
    case.department = Some(department("water"));
    case.filed_at = Some(at);
    case.joiners = vec![Joiner { user: user(2), at }];
    case.handled_by = vec![user(3)];
    case.passed_by = vec![user(4)];
    case.closed_at = Some(at);
    case.deferred_until = Some(at);
    case
}

fn actor(role: Role, relation: &str) -> Actor {
    let number = match relation {
        "reporter" => 1,
        "joiner" => 2,
        "handled" => 3,
        "passed" => 4,
        _ => 5,
    };
    let user = (role != Role::System).then(|| user(number));
    let department = department(if relation == "department" { "water" } else { "lamps" });
    Actor { user, role, department: Some(department), area: None, door: Door::Staff }
}

/// A command that carries all it must.
fn command(kind: CommandKind, case: &Case, actor: &Actor) -> Command {
    match kind {
        CommandKind::Report => Command::Report(Box::new(Intake::empty(case.kind))),
        CommandKind::File => Command::File {
            category: category(case.kind),
            area: AreaCode::new("310120001001").unwrap(),
            criterion: CriterionRef { version: 1, condition: 0 },
        },
        CommandKind::Decline => Command::Decline { reason: reason() },
        CommandKind::Merge => Command::Merge { into: CaseId::from_bytes([2; 16]) },
        CommandKind::Withdraw => Command::Withdraw,
        CommandKind::Dispatch => Command::Dispatch { department: department("water"), rule: None },
        CommandKind::Sign => Command::Sign,
        CommandKind::Return => Command::Return { reason: reason() },
        CommandKind::Defer => Command::Defer { reason: reason(), until: NOW.plus(Timestamp::DAY) },
        CommandKind::Resume => Command::Resume { reason: None },
        CommandKind::Extend => Command::Extend { reason: reason(), limit: Limit::work_days(1) },
        CommandKind::Finish => Command::Finish {
            note: reason(),
            photos: vec![photo()],
            verdict: (case.kind == Kind::Suggestion).then_some(Verdict::Adopted),
            fix: None,
        },
        CommandKind::Pass => Command::Pass { note: Some(reason()), photos: Vec::new(), fix: None },
        CommandKind::Rework => Command::Rework { reason: reason() },
        CommandKind::Rate => Command::Rate { stars: Stars::new(5).unwrap(), words: None },
        CommandKind::Contest => Command::Contest { reason: reason(), photos: Vec::new() },
        CommandKind::Settle => Command::Settle,
        CommandKind::ForceClose => Command::ForceClose { reason: reason() },
        CommandKind::Publish => Command::Publish { photos: vec![photo()] },
        CommandKind::Thank => Command::Thank { note: None },
        CommandKind::Join => match actor.user.filter(|_| actor.role == Role::Resident) {
            Some(who) => Command::Join { who, merged: None },
            None => Command::Join { who: user(8), merged: Some(CaseId::from_bytes([2; 16])) },
        },
    }
}

#[test]
fn every_combination_does_what_the_table_says() {
    let rows = rows();
    let mut counted = 0;
    for kind in Kind::ALL.iter().copied() {
        let mut other = case(kind, State::Handling);
        other.id = CaseId::from_bytes([2; 16]);
        let facts = Facts { now: NOW, certain: true, automatic: true, merge_into: Some(&other) };
        for state in State::ALL.iter().copied() {
            for kind_of_command in CommandKind::ALL.iter().copied() {
                for role in Role::ALL.iter().copied() {
                    for relation in RELATIONS {
                        let mut case = case(kind, state);
                        if kind_of_command == CommandKind::Settle {
                            case.closed_at = Some(NOW.plus(-8 * Timestamp::DAY));
                        }
                        let actor = actor(role, relation);
                        let wanted = wanted(&rows, kind, state, kind_of_command, role, &[relation]);
                        let done = decide(&case, &actor, command(kind_of_command, &case, &actor), &facts);
                        let done = done.map(|event| {
                            case.apply(&event).unwrap();
                            case.state
                        });
                        let what = format!("{kind:?} {state:?} {kind_of_command:?} {role:?} {relation}");
                        assert_eq!(done.map_err(Refusal::code), wanted, "{what}");
                        counted += 1;
                    }
                }
            }
        }
    }
    assert_eq!(counted, 3 * 13 * 21 * 8 * 6);
}

#[test]
fn a_page_is_offered_exactly_what_the_table_says() {
    let rows = rows();
    for kind in Kind::ALL.iter().copied() {
        for state in State::ALL.iter().copied() {
            for role in Role::ALL.iter().copied() {
                for relation in RELATIONS {
                    let mut case = case(kind, state);
                    case.closed_at = Some(NOW.plus(-7 * Timestamp::DAY));
                    let offered =
                        allowed(&case, &actor(role, relation), NOW.plus(i64::from(role == Role::System)));
                    let wanted: Vec<CommandKind> = CommandKind::ALL
                        .iter()
                        .copied()
                        .filter(|command| wanted(&rows, kind, state, *command, role, &[relation]).is_ok())
                        .collect();
                    assert_eq!(offered, wanted, "{kind:?} {state:?} {role:?} {relation}");
                }
            }
        }
    }
}

#[test]
fn every_row_of_the_table_can_happen_and_every_state_but_the_first_is_reached_by_one() {
    let rows = rows();
    for state in State::ALL.iter().copied().filter(|state| *state != State::Received) {
        let reached = rows.iter().flat_map(|row| &row.steps).any(|(from, to)| *to == state && *from != state);
        assert!(reached, "{state:?}");
        let left = rows.iter().flat_map(|row| &row.steps).any(|(from, to)| *from == state && *to != state);
        assert_eq!(left, !state.is_final(), "{state:?}");
    }
}

#[test]
fn somebody_from_outside_the_area_is_refused_and_one_from_within_is_not() {
    let case = case(Kind::Problem, State::Received);
    let acceptor = |area: &str| Actor::staff(user(7), Role::Acceptor).within(AreaCode::new(area).unwrap());
    let decline = |actor: &Actor| {
        let event = decide(&case, actor, Command::Decline { reason: reason() }, &Facts::at(NOW));
        event.map(|event: Event| event.kind())
    };
    assert_eq!(decline(&acceptor("310120001")), Ok(CommandKind::Decline));
    assert_eq!(decline(&acceptor("310120002")), Err(Refusal::OutsideArea));
}

#[test]
fn what_takes_a_command_back_leads_to_where_the_case_stood_and_may_be_given_by_the_same_role() {
    let mut pairs = 0;
    for kind in Kind::ALL.iter().copied() {
        for state in State::ALL.iter().copied() {
            let before = case(kind, state);
            for command in CommandKind::ALL.iter().copied() {
                let (Some(after), Some(back)) = (before.next(command), command.taken_back_by()) else {
                    continue;
                };
                assert_eq!(case(kind, after).next(back), Some(state), "{command:?} of {kind:?} in {state:?}");
                assert_eq!(back.taken_back_by(), Some(command), "and that can be taken back again");
                pairs += 1;
            }
        }
    }
    assert!(pairs >= 4, "both ways, of problems and suggestions: {pairs}");
}
