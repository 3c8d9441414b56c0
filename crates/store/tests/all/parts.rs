//! The parts of the city's data: each change is a version, what was filed before keeps what it was filed under.

use crate::fixture::*;
use std::sync::Arc;
use woodlark_domain::city::{CategoryEntry, Content, Department, Part, Purpose, Template, Used};
use woodlark_domain::clock::Limit;
use woodlark_domain::criterion::Name;
use woodlark_domain::{CaseId, ProposalId, Role, Timestamp, UserId};
use woodlark_store::city::{
    self, Applying, NotApplied, PartVersion, Proposal, ProposalState, content, parts, versions,
};
use woodlark_store::staff::{self, Invite, Post};
use woodlark_store::{WriteError, cases};

const LATER: Timestamp = Timestamp(NOON.0 + Timestamp::HOUR);

async fn apply(
    ground: &Ground,
    content: Content,
    base: u32,
    now: Timestamp,
) -> Result<PartVersion, WriteError<NotApplied>> {
    let by = UserId::from_bytes([3; 16]);
    let write = ground.store.write(move |tx| {
        let new = Applying { content: &content, base, note: "改一改", by, now, restored: None };
        city::apply(tx, &new)
    });
    write.await
}

async fn refused(ground: &Ground, content: Content, base: u32) -> NotApplied {
    match apply(ground, content, base, LATER).await {
        Err(WriteError::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

async fn now_stands(ground: &Ground) -> Ground {
    let city = ground.store.read(city::load).await.unwrap().unwrap();
    Ground { store: ground.store.clone(), city: Arc::new(city) }
}

fn departments(codes: &[&str]) -> Content {
    let one = |text: &&str| Department { code: code(text), name: Name::new(*text, *text) };
    Content::Departments(codes.iter().map(one).collect())
}

async fn categories(ground: &Ground, number: u32) -> Vec<CategoryEntry> {
    let read = ground.store.read(move |conn| content(conn, Part::Categories, number)).await.unwrap();
    let Some(Content::Categories(entries)) = read else { panic!("{read:?}") };
    entries
}

both!(a_part_has_versions_of_its_own_and_keeps_every_one, |ground: Arc<Ground>| async move {
    let standing = ground.store.read(parts).await.unwrap();
    assert_eq!(standing.iter().map(|one| one.part).collect::<Vec<_>>(), Part::ALL);
    assert!(standing.iter().all(|one| one.number == 1));
    let made = apply(&ground, departments(&["lamps", "roads", "greens"]), 1, LATER).await.unwrap();
    assert_eq!((made.number, made.rows, made.note.as_str(), made.restored), (2, 3, "改一改", None));
    assert_eq!(refused(&ground, departments(&["lamps"]), 1).await, NotApplied::Moved);
    assert_eq!(refused(&ground, departments(&["lamps", "roads", "greens"]), 2).await, NotApplied::Unchanged);
    let all = ground.store.read(|conn| versions(conn, Part::Departments)).await.unwrap();
    assert_eq!(all.iter().map(|one| one.number).collect::<Vec<_>>(), [2, 1]);
    let first = ground.store.read(|conn| content(conn, Part::Departments, 1)).await.unwrap();
    assert_eq!(first, Some(Content::Departments(city_data().departments)));
    assert_eq!(ground.store.read(|conn| content(conn, Part::Departments, 3)).await.unwrap(), None);
    let standing = ground.store.read(parts).await.unwrap();
    let numbers: Vec<(Part, u32)> = standing.iter().map(|one| (one.part, one.number)).collect();
    assert!(numbers.contains(&(Part::Departments, 2)) && numbers.contains(&(Part::Areas, 1)));
    let newer = now_stands(&ground).await;
    assert_eq!((newer.city.version(), newer.city.data().departments.len()), (2, 3));
    assert_eq!(newer.city.data().areas, city_data().areas, "the other parts stay as they are");
    assert_sound(&newer).await;
});

both!(nothing_of_a_version_can_be_altered_or_removed, |ground: Arc<Ground>| async move {
    apply(&ground, departments(&["lamps"]), 1, LATER).await.unwrap();
    for table in ["city_part", "city_made_of", "former_name"] {
        for sql in [format!("UPDATE {table} SET part = 'x'"), format!("DELETE FROM {table}")] {
            let error = try_aside(&ground, &sql).expect_err(&sql);
            assert!(error.contains("append-only"), "{sql}: {error}");
        }
    }
});

both!(
    an_old_case_keeps_its_limit_and_its_name_and_a_new_one_gets_the_new,
    |ground: Arc<Ground>| async move {
        let (user, _) = resident(&ground).await;
        let old = reported(&ground, user, lamp()).await;
        let mut entries = categories(&ground, 1).await;
        entries[0].category.name = Name::new("照明设施", "Lighting");
        entries[0].conditions[0].steps = vec![Limit::urgent_hours(2)];
        apply(&ground, Content::Categories(entries), 1, LATER).await.unwrap();
        let newer = now_stands(&ground).await;
        let new = reported_at(&newer, user, lamp(), LATER.plus(Timestamp::MINUTE)).await;
        let shown = async |id: CaseId| {
            let city = Arc::clone(&newer.city);
            let view =
                newer.store.read(move |conn| cases::view(conn, id, user, &city)).await.unwrap().unwrap();
            let category = view.row.category.clone().unwrap();
            let name = newer.city.category_name(&category, view.row.filed_at).unwrap().en.clone();
            (name, newer.city.filed(&view.case).unwrap().to_vec(), view.row.promised_at)
        };
        let (name, limits, promised) = shown(old.case_id).await;
        assert_eq!((name.as_str(), limits.as_slice()), ("C0101", &[Limit::work_days(2)][..]));
        assert_eq!(promised, old.promised_at);
        let (name, limits, _) = shown(new.case_id).await;
        assert_eq!((name.as_str(), limits.as_slice()), ("Lighting", &[Limit::urgent_hours(2)][..]));
        assert_sound(&newer).await;
    }
);

both!(what_is_gone_keeps_its_last_name_and_comes_back_as_it_was, |ground: Arc<Ground>| async move {
    let (user, _) = resident(&ground).await;
    let old = reported(&ground, user, lamp()).await;
    let entries = categories(&ground, 1).await;
    let rest = entries.iter().filter(|entry| entry.category.code.as_str() != "C0101").cloned().collect();
    apply(&ground, Content::Categories(rest), 1, LATER).await.unwrap();
    let without = now_stands(&ground).await;
    assert!(without.city.category(&code("C0101")).is_none());
    assert_eq!(without.city.category_name(&code("C0101"), None).map(|name| name.en.as_str()), Some("C0101"));
    let city = Arc::clone(&without.city);
    let id = old.case_id;
    let view = without.store.read(move |conn| cases::view(conn, id, user, &city)).await.unwrap().unwrap();
    assert_eq!(without.city.filed(&view.case), Some(&[Limit::work_days(2)][..]));
    assert_sound(&without).await;
    let by = UserId::from_bytes([3; 16]);
    let back = without.store.write(move |tx| {
        let content = content(tx, Part::Categories, 1)?.unwrap();
        let new = Applying { content: &content, base: 2, note: "", by, now: LATER, restored: Some(1) };
        city::apply(tx, &new)
    });
    let back = back.await.unwrap();
    assert_eq!((back.number, back.restored), (3, Some(1)));
    let first = without.store.read(|conn| versions(conn, Part::Categories)).await.unwrap().pop().unwrap();
    assert_eq!(first.hash, back.hash, "the same content has the same hash");
    assert_eq!(now_stands(&without).await.city.data(), &city_data(), "no criterion was numbered anew");
});

both!(a_city_that_is_older_than_the_parts_is_read_and_taken_over, |ground: Arc<Ground>| async move {
    run_aside(
        &ground,
        "INSERT INTO city (adcode, version, hash, letters, name_zh, name_en, hotline, offset_minutes, work_spans, imported_at) \
         SELECT adcode, 2, hash, letters, name_zh, name_en, hotline, offset_minutes, work_spans, imported_at FROM city; \
         INSERT INTO department (adcode, version, code, name_zh, name_en) VALUES ('310120', 2, 'lamps', '路灯所', 'Lamps');",
    );
    let old = now_stands(&ground).await;
    assert_eq!((old.city.version(), old.city.data().departments.len()), (2, 1));
    assert!(ground.store.read(parts).await.unwrap().is_empty());
    write(&ground, city::adopt).await;
    write(&ground, city::adopt).await;
    let standing = ground.store.read(parts).await.unwrap();
    let departments_of = standing.iter().find(|one| one.part == Part::Departments).unwrap();
    assert_eq!((standing.len(), departments_of.rows), (Part::ALL.len(), 1));
    let taken = now_stands(&ground).await;
    assert_eq!((taken.city.version(), taken.city.data()), (2, old.city.data()));
    let base = departments_of.number;
    assert_eq!(apply(&ground, departments(&["lamps", "roads"]), base, LATER).await.unwrap().number, base + 1);
});

both!(what_hangs_on_the_data_is_counted, |ground: Arc<Ground>| async move {
    let (user, _) = resident(&ground).await;
    reported(&ground, user, lamp()).await;
    reported(&ground, user, lamp()).await;
    let posts = [Post { role: Role::Handler, department: Some(code("lamps")), area: None }];
    write(&ground, move |tx| {
        let new = Invite {
            user: user_id(),
            login: "lin",
            name: "林",
            posts: &posts,
            token_hash: hash(),
            totp_secret: &[1; 20],
            now: NOON,
        };
        staff::invite(tx, &new)
    })
    .await;
    let used: Used = ground.store.read(city::used).await.unwrap();
    assert_eq!((used.open, used.departments["lamps"], used.categories["C0101"]), (2, 2, 2));
    assert_eq!((used.areas["31012000100101"], used.members["lamps"], used.late.len()), (2, 1, 2));
});

fn proposed(case: CaseId) -> Proposal {
    Proposal {
        id: ProposalId::new(1, random()),
        category: Some(code("C0101")),
        area: None,
        department: code("roads"),
        automatic: true,
        case,
        by: UserId::from_bytes([3; 16]),
        at: NOON,
        state: ProposalState::Open,
    }
}

both!(a_correction_is_proposed_once_and_decided_once, |ground: Arc<Ground>| async move {
    let case = case_id();
    let (first, second) = (proposed(case), proposed(case));
    let kept = first.clone();
    assert!(write(&ground, move |tx| city::propose(tx, &first, Role::Acceptor)).await);
    assert!(!write(&ground, move |tx| city::propose(tx, &second, Role::Acceptor)).await, "one of a case");
    assert_eq!(ground.store.read(city::open_proposals).await.unwrap(), std::slice::from_ref(&kept));
    let (id, by) = (kept.id, kept.by);
    assert!(ground.store.read(move |conn| city::has_proposal(conn, case)).await.unwrap());
    assert!(write(&ground, move |tx| city::decide(tx, id, ProposalState::Declined, by, LATER)).await);
    assert!(!write(&ground, move |tx| city::decide(tx, id, ProposalState::Applied, by, LATER)).await);
    assert!(ground.store.read(city::open_proposals).await.unwrap().is_empty());
    let found = ground.store.read(move |conn| city::proposal(conn, id)).await.unwrap().unwrap();
    assert_eq!(found.state, ProposalState::Declined);
});

both!(templates_are_data_like_the_rest, |ground: Arc<Ground>| async move {
    let template = Template {
        code: code("outside"),
        purpose: Purpose::Decline,
        words: Name::new("不在本区范围内", "It lies outside the district"),
    };
    let content = Content::Templates(vec![template.clone()]);
    apply(&ground, content, 1, LATER).await.unwrap();
    assert_eq!(now_stands(&ground).await.city.data().templates, [template]);
});
