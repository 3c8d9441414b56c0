//! The check finds what is wrong, and nothing where nothing is; past cases in bulk are as sound as any.

use crate::fixture::*;
use diesel::Connection;
use diesel::connection::SimpleConnection;
use std::sync::Arc;
use woodlark_domain::case::{Actor, Command, Event, Facts, decide, open};
use woodlark_domain::criterion::CriterionRef;
use woodlark_domain::{Door, Timestamp, UserId};
use woodlark_store::cases;
use woodlark_store::seed::{self, Past, Seeded};

/// A case of the past: reported, filed, and joined by somebody.
fn past(reporter: UserId, joiner: UserId, at: Timestamp) -> Past {
    let id = case_id();
    let mut events: Vec<Event> = vec![open(lamp(), &Actor::resident(reporter, Door::Browser), at).unwrap()];
    let file = Command::File {
        category: code("C0101"),
        area: code("310120001"),
        criterion: CriterionRef { version: 1, condition: 0 },
    };
    let join = Command::Join { who: joiner, merged: None };
    for (actor, command) in [(Actor::system(), file), (reader(joiner), join)] {
        let case = woodlark_domain::case::Case::fold(id, &events).unwrap();
        let facts = Facts { certain: true, ..Facts::at(at.plus(Timestamp::MINUTE)) };
        events.push(decide(&case, &actor, command, &facts).unwrap());
    }
    Past { id, events, photos: Vec::new() }
}

async fn seed(ground: &Ground, cases: Vec<Past>) -> Seeded {
    let city = Arc::clone(&ground.city);
    write(ground, move |tx| seed::cases(tx, &cases, &city)).await
}

both!(
    past_cases_in_bulk_are_numbered_by_their_day_and_live_on_as_others_do,
    |ground: Arc<Ground>| async move {
        let (user, _) = resident(&ground).await;
        let joiner = user_id();
        let other = user_id();
        write(&ground, move |tx| seed::accounts(tx, &[user, joiner, other], NOON)).await;
        reported(&ground, user, lamp()).await;
        let yesterday = NOON.plus(-Timestamp::DAY);
        let cases: Vec<Past> = (0..700)
            .map(|n| {
                past(user, joiner, if n % 2 == 0 { yesterday } else { NOON.plus(n * Timestamp::SECOND) })
            })
            .collect();
        let one = cases[0].id;
        assert_eq!(seed(&ground, cases).await, Seeded { cases: 700, events: 2100 });
        assert_sound(&ground).await;
        assert_eq!(reported(&ground, user, lamp()).await.number.as_str(), "FX-20261125-00352");
        seed(&ground, vec![past(user, joiner, yesterday)]).await;
        let city = Arc::clone(&ground.city);
        let joined = write(&ground, move |tx| {
            let command = Command::Join { who: other, merged: None };
            cases::command(
                tx,
                &cases::Order { case: one, actor: &reader(other), command, now: NOON, city: &city },
            )
        });
        assert!(matches!(joined.await, cases::Commanded::Done(row) if row.joiners == 2));
        assert_sound(&ground).await;
    }
);

both!(what_is_wrong_is_told, |ground: Arc<Ground>| async move {
    let (user, _) = resident(&ground).await;
    let ids = [reported(&ground, user, lamp()).await, reported(&ground, user, lamp()).await];
    assert_sound(&ground).await;
    let url = ground.store.config().url.clone();
    let mut run: Box<dyn FnMut(&str)> = if url.starts_with("postgres") {
        let mut conn = diesel::PgConnection::establish(&url).unwrap();
        Box::new(move |sql| conn.batch_execute(sql).unwrap())
    } else {
        let mut conn = diesel::SqliteConnection::establish(&url).unwrap();
        Box::new(move |sql| conn.batch_execute(sql).unwrap())
    };
    run("UPDATE case_file SET state = 'closed' WHERE number LIKE '%00001'");
    run("UPDATE counter SET n = 1");
    run("INSERT INTO joiner SELECT adcode, id, reporter, 1 FROM case_file WHERE number LIKE '%00002'");
    run(
        "INSERT INTO case_attachment SELECT adcode, id, 1, 0, id, 'photo', id, NULL FROM case_file WHERE number LIKE '%00002'",
    );
    let checked = ground.store.read(woodlark_store::check::check).await.unwrap();
    assert_eq!((checked.cases, checked.wrong), (2, 4), "{:?}", checked.problems);
    for (needle, id) in [
        ("its row", Some(ids[0].case_id)),
        ("its joiners", Some(ids[1].case_id)),
        ("without its object", Some(ids[1].case_id)),
        ("counter", None),
    ] {
        let told = checked
            .problems
            .iter()
            .any(|problem| problem.contains(needle) && id.is_none_or(|id| problem.contains(&id.to_string())));
        assert!(told, "{needle}: {:?}", checked.problems);
    }
    run(
        "UPDATE case_file SET state = 'dispatched'; UPDATE counter SET n = 2; DELETE FROM joiner; DELETE FROM case_attachment",
    );
    assert_sound(&ground).await;
    for (wrong, right) in [
        ("UPDATE case_file SET due_at = due_at + 1", "UPDATE case_file SET due_at = due_at - 1"),
        ("UPDATE case_file SET wakes_at = wakes_at + 1", "UPDATE case_file SET wakes_at = wakes_at - 1"),
        ("UPDATE case_file SET overdue = 1", "UPDATE case_file SET overdue = 0"),
    ] {
        run(wrong);
        let checked = ground.store.read(woodlark_store::check::check).await.unwrap();
        assert_eq!(checked.wrong, 2, "{wrong}: {:?}", checked.problems);
        run(right);
    }
    follow_up(&ground).await;
    assert_sound(&ground).await;
    run("INSERT INTO case_pair SELECT adcode, '??', id FROM case_file");
    let checked = ground.store.read(woodlark_store::check::check).await.unwrap();
    assert!(checked.problems[0].contains("pairs of letters"), "{:?}", checked.problems);
    run("DELETE FROM case_pair WHERE pair = '??'");
    assert_sound(&ground).await;
    run("DELETE FROM case_file WHERE number LIKE '%00002'");
    let checked = ground.store.read(woodlark_store::check::check).await.unwrap();
    assert!(checked.problems.iter().any(|problem| problem.contains("is no case")), "{:?}", checked.problems);
});
