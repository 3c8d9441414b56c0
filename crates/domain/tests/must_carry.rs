//! What each command must carry, and the days on which it is too early or too late.
#![expect(clippy::unwrap_used, reason = "a test says plainly what it expects")]

use woodlark_domain::case::{
    Actor, Case, Command, Event, Facts, FoldError, Refusal, Stars, Verdict, decide, open,
};
use woodlark_domain::clock::Limit;
use woodlark_domain::criterion::CriterionRef;
use woodlark_domain::report::{Intake, Reason, Words};
use woodlark_domain::{
    AreaCode, CaseId, CategoryCode, ContentHash, DepartmentCode, Door, Kind, Role, RuleCode, State,
    Timestamp, UserId, Visibility,
};

const START: Timestamp = Timestamp(1_790_000_000_000_000);

fn user(number: u8) -> UserId {
    UserId::from_bytes([number; 16])
}
fn photo(number: u8) -> ContentHash {
    ContentHash::from_bytes([number; 32])
}
fn reason() -> Reason {
    Reason::new("因为").unwrap()
}
fn dept(code: &str) -> DepartmentCode {
    DepartmentCode::new(code).unwrap()
}
fn staff(number: u8, role: Role) -> Actor {
    Actor::staff(user(number), role)
}
fn handler() -> Actor {
    staff(30, Role::Handler).of(dept("water"))
}
fn resident(number: u8) -> Actor {
    Actor::resident(user(number), Door::Browser)
}

/// A case and its events, driven by hand.
struct Story {
    case: Case,
    events: Vec<Event>,
    now: Timestamp,
}

impl Story {
    fn new(kind: Kind) -> Self {
        let mut intake = Intake::empty(kind);
        intake.words = Words::new("看见了").ok();
        intake.photos = vec![photo(1), photo(2)];
        let event = open(intake, &resident(1), START).unwrap();
        Self {
            case: Case::begin(CaseId::from_bytes([1; 16]), &event).unwrap(),
            events: vec![event],
            now: START,
        }
    }

    fn with(&mut self, actor: &Actor, command: Command, facts: &Facts<'_>) -> Result<(), Refusal> {
        let event = decide(&self.case, actor, command, facts)?;
        self.case.apply(&event).unwrap();
        self.events.push(event);
        Ok(())
    }

    fn does(&mut self, actor: &Actor, command: Command) -> Result<(), Refusal> {
        self.now = self.now.plus(Timestamp::MINUTE);
        self.with(actor, command, &Facts::at(self.now))
    }

    fn file(&mut self) {
        let code = if self.case.kind == Kind::Problem { "C0101" } else { "S01" };
        self.does(&staff(10, Role::Acceptor), file(code)).unwrap();
    }

    fn send(&mut self, to: &str) -> Result<(), Refusal> {
        let rule = RuleCode::new("r1").ok();
        self.does(&staff(20, Role::Dispatcher), Command::Dispatch { department: dept(to), rule })
    }

    fn handling(kind: Kind) -> Self {
        let mut story = Self::new(kind);
        story.file();
        story.send("water").unwrap();
        story.does(&handler(), Command::Sign).unwrap();
        story
    }

    fn closed() -> Self {
        let mut story = Self::handling(Kind::Problem);
        story.does(&handler(), finish(vec![photo(3)], None)).unwrap();
        story.does(&staff(40, Role::Verifier), pass()).unwrap();
        story
    }
}

fn file(code: &str) -> Command {
    Command::File {
        category: CategoryCode::new(code).unwrap(),
        area: AreaCode::new("310120001001").unwrap(),
        criterion: CriterionRef { version: 3, condition: 1 },
    }
}
fn finish(photos: Vec<ContentHash>, verdict: Option<Verdict>) -> Command {
    Command::Finish { note: reason(), photos, verdict, fix: None }
}
fn pass() -> Command {
    Command::Pass { note: Some(reason()), photos: Vec::new(), fix: None }
}
fn rate(stars: u8) -> Command {
    Command::Rate { stars: Stars::new(stars).unwrap(), words: None }
}
fn contest() -> Command {
    Command::Contest { reason: reason(), photos: Vec::new() }
}
fn join(number: u8) -> Command {
    Command::Join { who: user(number), merged: None }
}

#[test]
fn the_rules_file_only_what_is_certain_and_send_only_where_a_rule_lets_them() {
    let mut story = Story::new(Kind::Problem);
    assert_eq!(story.does(&Actor::system(), file("C0101")), Err(Refusal::NotCertain));
    let facts = Facts { certain: true, ..Facts::at(START) };
    assert_eq!(story.with(&Actor::system(), file("C0101"), &facts), Ok(()));
    assert!(story.case.filed_by_rules);
    let send = Command::Dispatch { department: dept("water"), rule: None };
    assert_eq!(story.does(&Actor::system(), send.clone()), Err(Refusal::NotAutomatic));
    let facts = Facts { automatic: true, ..Facts::at(START) };
    assert_eq!(story.with(&Actor::system(), send, &facts), Ok(()));
}

#[test]
fn a_case_is_filed_under_a_category_of_its_own_kind_and_keeps_the_criterion() {
    let mut story = Story::new(Kind::Problem);
    let acceptor = staff(10, Role::Acceptor);
    assert_eq!(story.does(&acceptor, file("S01")), Err(Refusal::CategoryOfOtherKind));
    let elsewhere = staff(10, Role::Acceptor).within(AreaCode::new("310120002").unwrap());
    assert_eq!(story.does(&elsewhere, file("C0101")), Err(Refusal::OutsideArea));
    assert_eq!(story.does(&acceptor, file("E0101")), Ok(()));
    assert_eq!(story.case.criterion, Some(CriterionRef { version: 3, condition: 1 }));
}

#[test]
fn a_merge_needs_an_open_case_of_the_same_kind_that_is_another() {
    let acceptor = staff(10, Role::Acceptor);
    let (mut story, mut target) = (Story::new(Kind::Problem), Story::handling(Kind::Problem));
    target.case.id = CaseId::from_bytes([2; 16]);
    let try_with = |story: &mut Story, into: u8, target: Option<&Case>| {
        let facts = Facts { merge_into: target, ..Facts::at(START) };
        story.with(&acceptor, Command::Merge { into: CaseId::from_bytes([into; 16]) }, &facts)
    };
    assert_eq!(try_with(&mut story, 1, None), Err(Refusal::MergeItself));
    assert_eq!(try_with(&mut story, 2, None), Err(Refusal::MergeUnknown));
    assert_eq!(try_with(&mut story, 3, Some(&target.case)), Err(Refusal::MergeUnknown));
    let other = Case { kind: Kind::Suggestion, ..target.case.clone() };
    assert_eq!(try_with(&mut story, 2, Some(&other)), Err(Refusal::MergeOtherKind));
    let over = Case { state: State::Closed, ..target.case.clone() };
    assert_eq!(try_with(&mut story, 2, Some(&over)), Err(Refusal::MergeNotOpen));
    assert_eq!(try_with(&mut story, 2, Some(&target.case)), Ok(()));
    assert_eq!(story.case.merged_into, Some(target.case.id));
    // Its reporter becomes a joiner there.
    let joins = Command::Join { who: user(5), merged: Some(story.case.id) };
    assert_eq!(target.does(&acceptor, joins), Ok(()));
    assert_eq!(target.case.joiners.len(), 1);
}

#[test]
fn a_department_that_gave_it_back_gets_it_again_from_a_supervisor_only() {
    let mut story = Story::handling(Kind::Problem);
    story.does(&handler(), Command::Return { reason: reason() }).unwrap();
    assert_eq!(
        (story.case.returns, story.case.department.as_ref(), story.case.rule.as_ref()),
        (1, None, None)
    );
    assert_eq!(story.send("water"), Err(Refusal::ReturnedBefore));
    let again = Command::Dispatch { department: dept("water"), rule: None };
    let facts = Facts { automatic: true, ..Facts::at(START) };
    assert_eq!(story.with(&Actor::system(), again.clone(), &facts), Err(Refusal::ReturnedBefore));
    assert_eq!(story.does(&staff(50, Role::Supervisor), again), Ok(()));
}

#[test]
fn waiting_needs_a_day_to_come_and_ends_by_a_dispatcher_or_on_that_day() {
    let mut story = Story::handling(Kind::Problem);
    let dispatcher = staff(20, Role::Dispatcher);
    let until = START.plus(10 * Timestamp::DAY);
    assert_eq!(
        story.does(&dispatcher, Command::Defer { reason: reason(), until: START }),
        Err(Refusal::DatePast)
    );
    story.does(&dispatcher, Command::Defer { reason: reason(), until }).unwrap();
    assert_eq!(story.does(&Actor::system(), Command::Resume { reason: None }), Err(Refusal::DateNotCome));
    assert_eq!(story.with(&Actor::system(), Command::Resume { reason: None }, &Facts::at(until)), Ok(()));
    assert_eq!(story.case.pauses.len(), 1);
    let again = until.plus(Timestamp::DAY);
    story.now = until;
    story.does(&dispatcher, Command::Defer { reason: reason(), until: again }).unwrap();
    assert_eq!(
        story.does(&dispatcher, Command::Resume { reason: None }),
        Ok(()),
        "a dispatcher needn't wait"
    );
    assert_eq!(story.case.pauses[0].until, Some(until));
    assert_eq!(
        story.does(&dispatcher, Command::Extend { reason: reason(), limit: Limit::work_days(0) }),
        Err(Refusal::NoTime)
    );
}

#[test]
fn a_problem_is_finished_with_a_photo_and_a_suggestion_with_a_verdict() {
    let mut problem = Story::handling(Kind::Problem);
    assert_eq!(problem.does(&handler(), finish(Vec::new(), None)), Err(Refusal::PhotoNeeded));
    assert_eq!(
        problem.does(&handler(), finish(vec![photo(3)], Some(Verdict::Adopted))),
        Err(Refusal::VerdictUnwanted)
    );
    assert_eq!(problem.does(&handler(), finish(vec![photo(3); 10], None)), Err(Refusal::TooManyPhotos));
    let mut suggestion = Story::handling(Kind::Suggestion);
    assert_eq!(suggestion.does(&handler(), finish(Vec::new(), None)), Err(Refusal::VerdictNeeded));
    suggestion.does(&handler(), finish(Vec::new(), Some(Verdict::NotAdopted))).unwrap();
    assert_eq!((suggestion.case.state, suggestion.case.verdict), (State::Closed, Some(Verdict::NotAdopted)));
}

#[test]
fn a_pass_needs_a_note_or_a_photo_and_two_hands() {
    let mut story = Story::handling(Kind::Problem);
    story.does(&handler(), finish(vec![photo(3)], None)).unwrap();
    let bare = Command::Pass { note: None, photos: Vec::new(), fix: None };
    assert_eq!(story.does(&staff(40, Role::Verifier), bare), Err(Refusal::NoteOrPhotoNeeded));
    assert_eq!(story.does(&staff(30, Role::Verifier), pass()), Err(Refusal::HandledIt));
    assert_eq!(
        story.does(&staff(41, Role::Verifier).of(dept("water")), pass()),
        Err(Refusal::SameDepartment)
    );
    assert_eq!(story.does(&staff(40, Role::Verifier), pass()), Ok(()));
}

#[test]
fn a_closed_case_is_contested_for_seven_days_and_not_by_the_same_hand_passed_again() {
    let mut story = Story::closed();
    let closed = story.case.closed_at.unwrap();
    let last = closed.plus(7 * Timestamp::DAY);
    let late = decide(&story.case, &resident(1), contest(), &Facts::at(last.plus(1)));
    assert_eq!(late.map(|event| event.at), Err(Refusal::ContestOver));
    assert_eq!(story.with(&resident(1), contest(), &Facts::at(last)), Ok(()));
    assert_eq!((story.case.state, story.case.closed_at, story.case.contests), (State::Verifying, None, 1));
    assert_eq!(story.does(&staff(40, Role::Verifier), pass()), Err(Refusal::PassedIt));
    assert_eq!(story.does(&staff(42, Role::Verifier), pass()), Ok(()));
    assert_eq!(story.case.first_closed_at, Some(closed));
}

#[test]
fn a_case_settles_after_seven_days_or_when_all_who_were_there_are_content() {
    let mut story = Story::closed();
    story.does(&resident(2), join(2)).unwrap();
    let closed = story.case.closed_at.unwrap();
    let settle =
        |story: &Story, now| decide(&story.case, &Actor::system(), Command::Settle, &Facts::at(now)).err();
    assert_eq!(settle(&story, closed.plus(7 * Timestamp::DAY)), Some(Refusal::TooEarly));
    assert_eq!(settle(&story, closed.plus(7 * Timestamp::DAY + 1)), None);
    story.does(&resident(1), rate(5)).unwrap();
    assert_eq!(settle(&story, story.now), Some(Refusal::TooEarly), "the joiner hasn't rated");
    story.does(&resident(2), rate(2)).unwrap();
    assert_eq!(settle(&story, story.now), Some(Refusal::TooEarly), "the joiner isn't content");
    story.does(&resident(2), rate(3)).unwrap();
    assert_eq!(settle(&story, story.now), None);
    assert_eq!(story.case.ratings.len(), 2, "each once");
    // What was said before it was contested doesn't count for what was done after.
    story.does(&resident(2), contest()).unwrap();
    story.does(&staff(42, Role::Verifier), pass()).unwrap();
    assert_eq!(settle(&story, story.now), Some(Refusal::TooEarly));
}

#[test]
fn a_rating_is_changed_for_thirty_days_even_after_settling() {
    let mut story = Story::closed();
    story.does(&resident(1), rate(4)).unwrap();
    let said = story.now;
    story.does(&Actor::system(), Command::Settle).unwrap();
    let in_time = Facts::at(said.plus(30 * Timestamp::DAY));
    assert_eq!(story.with(&resident(1), rate(1), &in_time), Ok(()));
    let late = Facts::at(said.plus(30 * Timestamp::DAY + 1));
    assert_eq!(story.with(&resident(1), rate(5), &late), Err(Refusal::RatingOver));
    assert_eq!(story.case.ratings[0].stars.get(), 1);
}

#[test]
fn one_joins_for_oneself_once_and_never_ones_own_or_a_private_case() {
    let mut story = Story::new(Kind::Problem);
    assert_eq!(story.does(&resident(1), join(1)), Err(Refusal::OwnCase));
    assert_eq!(story.does(&resident(2), join(3)), Err(Refusal::NotOneself));
    assert_eq!(story.does(&resident(2), join(2)), Ok(()));
    assert_eq!(story.does(&resident(2), join(2)), Err(Refusal::AlreadyJoined));
    let merged = Command::Join { who: user(2), merged: Some(CaseId::from_bytes([7; 16])) };
    assert_eq!(story.does(&staff(10, Role::Acceptor), merged), Err(Refusal::AlreadyJoined));
    assert_eq!(story.does(&staff(10, Role::Acceptor), join(4)), Err(Refusal::NotOneself));
    story.case.visibility = Visibility::Private;
    assert_eq!(story.does(&resident(3), join(3)), Err(Refusal::Private));
}

#[test]
fn praise_goes_on_the_wall_with_approved_photos_of_its_own_and_is_passed_on() {
    let mut story = Story::new(Kind::Praise);
    let acceptor = staff(10, Role::Acceptor);
    assert_eq!(
        story.does(&acceptor, Command::Publish { photos: vec![photo(7)] }),
        Err(Refusal::PhotoUnknown)
    );
    story.does(&acceptor, Command::Publish { photos: vec![photo(2)] }).unwrap();
    story.does(&acceptor, Command::Thank { note: None }).unwrap();
    assert_eq!(story.case.state, State::Thanked);
}

#[test]
fn an_end_by_force_is_flagged_and_what_had_no_department_goes_back_to_where_it_was() {
    let mut story = Story::new(Kind::Problem);
    story.does(&staff(50, Role::Supervisor), Command::ForceClose { reason: reason() }).unwrap();
    assert!(story.case.forced);
    story.does(&resident(1), contest()).unwrap();
    story.does(&staff(40, Role::Verifier), Command::Rework { reason: reason() }).unwrap();
    assert_eq!(story.case.state, State::Received);
}

#[test]
fn a_report_needs_somebody_who_may_make_it_and_something_in_it() {
    let mut intake = Intake::empty(Kind::Problem);
    assert_eq!(open(intake.clone(), &resident(1), START).err(), Some(Refusal::BadReport));
    intake.voice = Some(photo(1));
    assert_eq!(open(intake.clone(), &Actor::system(), START).err(), Some(Refusal::WrongRole));
    let nobody = Actor { user: None, ..staff(1, Role::Acceptor) };
    assert_eq!(open(intake.clone(), &nobody, START).err(), Some(Refusal::NoPerson));
    let guest = Actor { user: None, ..resident(1) };
    assert!(open(intake, &guest, START).is_ok(), "a resident needs no account");
}

#[test]
fn impossible_events_are_an_error_and_leave_the_case_as_it_was() {
    let id = CaseId::from_bytes([1; 16]);
    assert_eq!(Case::fold(id, &[]), Err(FoldError::Empty));
    let story = Story::closed();
    let wrong: Vec<Event> = story.events.iter().skip(1).cloned().collect();
    assert!(matches!(Case::fold(id, &wrong), Err(FoldError::NotReported(_))));
    let doubled: Vec<Event> = story.events.iter().chain(&story.events).cloned().collect();
    assert!(matches!(Case::fold(id, &doubled), Err(FoldError::OutOfOrder { state: State::Closed, .. })));
}

#[test]
fn an_event_as_json_stays_as_it_is() {
    let story = Story::closed();
    let text = serde_json::to_string(&story.events[1]).unwrap();
    let wanted = concat!(
        r#"{"at":1790000060000000,"by":{"user":"0a0a0a0a-0a0a-0a0a-0a0a-0a0a0a0a0a0a","role":"acceptor"},"door":"staff","#,
        r#""what":{"command":"file","category":"C0101","area":"310120001001","criterion":{"version":3,"condition":1}}}"#
    );
    assert_eq!(text, wanted);
    let back: Vec<Event> = serde_json::from_str(&serde_json::to_string(&story.events).unwrap()).unwrap();
    assert_eq!(back, story.events);
}

#[test]
fn a_clock_that_runs_behind_makes_no_event_older_than_the_one_before() {
    let mut story = Story::handling(Kind::Problem);
    let before = story.case.last_at;
    story.with(&handler(), finish(vec![photo(3)], None), &Facts::at(START.plus(-Timestamp::DAY))).unwrap();
    assert_eq!(story.events.last().map(|event| event.at), Some(before));
}
