//! Cases: who sees them, what is done to them, how they are listed.

use crate::fixture::*;
use std::sync::Arc;
use woodlark_domain::alike::Sought;
use woodlark_domain::case::{Actor, Command, CommandKind, Refusal, Stars, allowed};
use woodlark_domain::criterion::CriterionRef;
use woodlark_domain::report::{Intake, Reason};
use woodlark_domain::{CaseId, Kind, Position, Role, State, Timestamp, UserId, Visibility};
use woodlark_store::cases::{self, Commanded, Concern, Order};
use woodlark_store::media;

async fn order(ground: &Ground, case: CaseId, actor: Actor, command: Command, now: Timestamp) -> Commanded {
    let city = Arc::clone(&ground.city);
    write(ground, move |tx| {
        cases::command(tx, &Order { case, actor: &actor, command: command.clone(), now, city: &city })
    })
    .await
}

async fn view(ground: &Ground, case: CaseId, user: UserId) -> Option<cases::View> {
    let city = Arc::clone(&ground.city);
    ground.store.read(move |conn| cases::view(conn, case, user, &city)).await.unwrap()
}

const fn join(who: UserId) -> Command {
    Command::Join { who, merged: None }
}

both!(
    a_case_is_seen_by_its_reporter_and_joiners_and_by_no_other_resident,
    |ground: Arc<Ground>| async move {
        let ((reporter, _), (joiner, _), (stranger, _)) =
            (resident(&ground).await, resident(&ground).await, resident(&ground).await);
        let id = reported(&ground, reporter, lamp()).await.case_id;
        assert_eq!(view(&ground, id, reporter).await.unwrap().concern, Concern::Reporter);
        assert!(view(&ground, id, stranger).await.is_none());
        assert!(view(&ground, case_id(), reporter).await.is_none());
        let row = done(&ground, id, reader(joiner), join(joiner), NOON).await;
        assert_eq!(row.joiners, 1);
        assert_eq!(view(&ground, id, joiner).await.unwrap().concern, Concern::Joiner);
        assert_eq!(
            order(&ground, id, reader(joiner), join(joiner), NOON).await,
            Commanded::Refused(Refusal::AlreadyJoined)
        );
        assert_eq!(
            order(&ground, id, reader(reporter), join(reporter), NOON).await,
            Commanded::Refused(Refusal::OwnCase)
        );
        assert_eq!(order(&ground, id, reader(stranger), Command::Withdraw, NOON).await, Commanded::NotFound);
        assert_eq!(
            order(&ground, case_id(), reader(stranger), join(stranger), NOON).await,
            Commanded::NotFound
        );
        let private =
            reported(&ground, reporter, Intake { visibility: Visibility::Private, ..lamp() }).await.case_id;
        assert_eq!(
            order(&ground, private, reader(stranger), join(stranger), NOON).await,
            Commanded::NotFound
        );
        assert_sound(&ground).await;
    }
);

both!(a_reporter_takes_a_case_back_while_nobody_has_it, |ground: Arc<Ground>| async move {
    let (user, _) = resident(&ground).await;
    let id = reported(&ground, user, Intake { category: Some(code("C0102")), ..lamp() }).await.case_id;
    let city = Arc::clone(&ground.city);
    let seen = view(&ground, id, user).await.unwrap();
    assert!(allowed(&seen.case, &reader(user), NOON).contains(&CommandKind::Withdraw));
    assert_eq!(done(&ground, id, reader(user), Command::Withdraw, NOON).await.state, State::Withdrawn);
    assert_eq!(
        order(&ground, id, reader(user), Command::Withdraw, NOON).await,
        Commanded::Refused(Refusal::WrongState)
    );
    let sent = reported(&ground, user, lamp()).await.case_id;
    assert_eq!(
        order(&ground, sent, reader(user), Command::Withdraw, NOON).await,
        Commanded::Refused(Refusal::WrongState)
    );
    drop(city);
});

both!(a_case_goes_all_the_way_and_its_row_follows, |ground: Arc<Ground>| async move {
    let (user, _) = resident(&ground).await;
    let id = reported(&ground, user, lamp()).await.case_id;
    let handler = || Actor::staff(UserId::new(1, [1; 10]), Role::Handler).of(code("lamps"));
    let verifier = Actor::staff(UserId::new(2, [2; 10]), Role::Verifier);
    let at = |hours: i64| NOON.plus(hours * Timestamp::HOUR);
    let note = Reason::new("换了灯泡").unwrap();
    assert_eq!(done(&ground, id, handler(), Command::Sign, at(1)).await.state, State::Handling);
    let after = object();
    let unknown = Command::Finish { note: note.clone(), photos: vec![after.hash], verdict: None, fix: None };
    assert_eq!(
        order(&ground, id, handler(), unknown.clone(), at(2)).await,
        Commanded::Refused(Refusal::PhotoUnknown)
    );
    write(&ground, move |tx| media::keep(tx, &after, NOON)).await;
    assert_eq!(done(&ground, id, handler(), unknown, at(2)).await.state, State::Verifying);
    let pass = Command::Pass { note: Some(note), photos: Vec::new(), fix: None };
    let row = done(&ground, id, verifier, pass, at(3)).await;
    assert_eq!((row.state, row.closed_at, row.version), (State::Closed, Some(at(3)), 6));
    let rate = Command::Rate { stars: Stars::new(5).unwrap(), words: None };
    done(&ground, id, reader(user), rate, at(4)).await;
    let row = done(&ground, id, Actor::system(), Command::Settle, at(5)).await;
    assert_eq!((row.state, row.changed_at), (State::Settled, at(5)));
    let seen = view(&ground, id, user).await.unwrap();
    assert_eq!((seen.attachments.len(), seen.attachments[0].seq), (1, 5));
    let mine = ground.store.read(move |conn| cases::changed_since(conn, user, at(4), 20)).await.unwrap();
    assert_eq!((mine.len(), mine[0].version, mine[0].state), (1, 8, State::Settled));
    let none = ground.store.read(move |conn| cases::changed_since(conn, user, at(5), 20)).await.unwrap();
    assert!(none.is_empty());
    assert_sound(&ground).await;
});

both!(the_reporter_of_a_merged_case_joins_the_other, |ground: Arc<Ground>| async move {
    let ((first, _), (second, _)) = (resident(&ground).await, resident(&ground).await);
    let unsure = || Intake { category: Some(code("C0102")), ..lamp() };
    let into = reported(&ground, first, unsure()).await.case_id;
    let merged = reported(&ground, second, unsure()).await.case_id;
    let acceptor = || Actor::staff(UserId::new(3, [3; 10]), Role::Acceptor);
    let unknown = Command::Merge { into: case_id() };
    assert_eq!(
        order(&ground, merged, acceptor(), unknown, NOON).await,
        Commanded::Refused(Refusal::MergeUnknown)
    );
    let row = done(&ground, merged, acceptor(), Command::Merge { into }, NOON).await;
    assert_eq!((row.state, row.merged_into), (State::Merged, Some(into)));
    assert_eq!(view(&ground, into, second).await.unwrap().concern, Concern::Joiner);
    assert_eq!(view(&ground, into, first).await.unwrap().row.joiners, 1);
    assert_sound(&ground).await;
});

both!(everyone_whom_a_merged_case_concerned_goes_on_with_the_other, |ground: Arc<Ground>| async move {
    let mut people = Vec::new();
    for _ in 0..4 {
        people.push(resident(&ground).await.0);
    }
    let unsure = || Intake { category: Some(code("C0102")), ..lamp() };
    let mut made = Vec::new();
    for user in people.iter().take(3) {
        made.push(reported(&ground, *user, unsure()).await.case_id);
    }
    done(&ground, made[0], reader(people[3]), join(people[3]), NOON).await;
    let acceptor = || Actor::staff(UserId::new(3, [3; 10]), Role::Acceptor);
    done(&ground, made[0], acceptor(), Command::Merge { into: made[1] }, NOON).await;
    done(&ground, made[1], acceptor(), Command::Merge { into: made[2] }, NOON).await;
    for (user, concern) in
        people.iter().zip([Concern::Joiner, Concern::Joiner, Concern::Reporter, Concern::Joiner])
    {
        assert_eq!(view(&ground, made[2], *user).await.unwrap().concern, concern);
    }
    assert_sound(&ground).await;
});

both!(who_was_merged_joins_a_case_that_lies_in_the_next_area, |ground: Arc<Ground>| async move {
    let ((first, _), (second, _)) = (resident(&ground).await, resident(&ground).await);
    let outside = Intake { category: None, fix: Some(fix(121.05, 30.55)), ..lamp() };
    let into = reported(&ground, first, outside).await.case_id;
    let merged = reported(&ground, second, Intake { category: None, ..lamp() }).await.case_id;
    let acceptor = Actor::staff(UserId::new(3, [3; 10]), Role::Acceptor).within(code("310120001"));
    done(&ground, merged, acceptor, Command::Merge { into }, NOON).await;
    assert_eq!(view(&ground, into, second).await.unwrap().concern, Concern::Joiner);
    assert_sound(&ground).await;
});

both!(filing_keeps_the_criterion_and_the_promise_moves_with_it, |ground: Arc<Ground>| async move {
    let (user, _) = resident(&ground).await;
    let receipt = reported(&ground, user, Intake { category: None, ..lamp() }).await;
    let acceptor = Actor::staff(UserId::new(3, [3; 10]), Role::Acceptor);
    let file = Command::File {
        category: code("C0102"),
        area: code("310120001"),
        criterion: CriterionRef { version: 1, condition: 0 },
    };
    let row = done(&ground, receipt.case_id, acceptor, file, NOON).await;
    assert_eq!((row.state, row.criterion), (State::Filed, Some(1)));
    assert!(row.promised_at > receipt.promised_at);
    let seen = view(&ground, receipt.case_id, user).await.unwrap();
    assert_eq!(seen.promise.as_ref().unwrap().moved.len(), 1);
});

both!(my_cases_come_newest_change_first_page_by_page, |ground: Arc<Ground>| async move {
    let ((user, _), (other, _)) = (resident(&ground).await, resident(&ground).await);
    let mut expected = Vec::new();
    for n in 0..12 {
        let now = NOON.plus(n / 2 * Timestamp::SECOND);
        let id = if n % 3 == 0 {
            let id = reported_at(&ground, other, lamp(), now).await.case_id;
            done(&ground, id, reader(user), join(user), now).await;
            id
        } else {
            reported_at(&ground, user, lamp(), now).await.case_id
        };
        expected.push((now, id));
    }
    expected.sort();
    expected.reverse();
    let (mut found, mut after, mut pages) = (Vec::new(), None, 0);
    loop {
        let page = ground.store.read(move |conn| cases::mine(conn, user, after, 5)).await.unwrap();
        found.extend(page.rows.iter().map(|(row, _)| (row.changed_at, row.id)));
        pages += 1;
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!((found, pages), (expected, 3));
});

both!(alike_cases_are_near_of_the_same_class_and_recent_and_private_ones_stay_hidden, |ground: Arc<
    Ground,
>| async move {
    let ((user, _), (other, _)) = (resident(&ground).await, resident(&ground).await);
    let at = |lon, lat| Intake { fix: Some(fix(lon, lat)), ..lamp() };
    let near = reported(&ground, user, at(121.4601, 30.9)).await.case_id;
    let nearer = reported(&ground, user, Intake { category: Some(code("C0102")), ..at(121.460_01, 30.9) })
        .await
        .case_id;
    reported(&ground, user, at(121.47, 30.9)).await;
    reported(&ground, user, Intake { kind: Kind::Suggestion, category: None, ..at(121.46, 30.9) }).await;
    reported_at(&ground, user, at(121.46, 30.9), NOON.plus(-31 * Timestamp::DAY)).await;
    let private =
        reported(&ground, user, Intake { visibility: Visibility::Private, ..at(121.46, 30.9) }).await.case_id;
    let look = |reader: Option<UserId>| {
        let sought = Sought {
            kind: Kind::Problem,
            category: Some(code("C0101")),
            position: Position::new(121.46, 30.9).unwrap(),
        };
        let ground = Arc::clone(&ground);
        async move {
            let found =
                ground.store.read(move |conn| cases::alike(conn, &sought, reader, NOON, 10)).await.unwrap();
            found.into_iter().map(|alike| (alike.id, alike.mine)).collect::<Vec<_>>()
        }
    };
    assert_eq!(look(Some(other)).await, [(near, false), (nearer, false)]);
    assert_eq!(look(None).await, [(near, false), (nearer, false)]);
    assert_eq!(look(Some(user)).await, [(private, true), (near, true), (nearer, true)]);
    done(&ground, near, reader(other), join(other), NOON).await;
    assert_eq!(look(Some(other)).await, [(near, true), (nearer, false)]);
});
