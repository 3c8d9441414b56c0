//! An account that is to go: a week to think better of it, and after that nothing of it is left in any table.

use crate::fixture::*;
use crate::ledger::{assert_ledger, books, posted};
use crate::phones;
use crate::redeem::{generous, tried};
use std::sync::Arc;
use woodlark_domain::account::{DeletionRefusal, KEPT_FOR};
use woodlark_domain::case::{Actor, Command, Stars};
use woodlark_domain::report::{Intake, Reason, Words};
use woodlark_domain::{CaseId, ContentHash, Role, Timestamp, UserId};
use woodlark_ledger::EntryId;
use woodlark_store::approvals::{self, Approval, Shown};
use woodlark_store::deletion::{self, CarriedOut};
use woodlark_store::intake::{Role as FileRole, attachment_stored};
use woodlark_store::redeem::{self as spending, WechatAccount};
use woodlark_store::{WriteError, accounts, cases, media, notices, phones as codes, sweep, tickets};

async fn ask(ground: &Ground, user: UserId, now: Timestamp) -> Result<Timestamp, DeletionRefusal> {
    match ground.store.write(move |tx| deletion::ask(tx, user, now)).await {
        Ok(due_at) => Ok(due_at),
        Err(WriteError::Refused(refusal)) => Err(refusal),
        Err(error) => panic!("{error:?}"),
    }
}

async fn carry_out(ground: &Ground, user: UserId, now: Timestamp) -> CarriedOut {
    let fresh = hash();
    write(ground, move |tx| deletion::carry_out(tx, user, &fresh, now)).await
}

async fn due_at(ground: &Ground, user: UserId) -> Option<Timestamp> {
    ground.store.read(move |conn| deletion::due_at(conn, user)).await.unwrap()
}

async fn join(ground: &Ground, user: UserId, case: CaseId) {
    done(ground, case, reader(user), Command::Join { who: user, merged: None }, NOON).await;
}

/// Every place of every table in which one of these texts stands, as bytes or within a text.
fn places_of(ground: &Ground, ids: &[UserId]) -> Vec<String> {
    let postgres = ground.store.config().url.starts_with("postgres");
    let (mut found, mut table) = (Vec::new(), "");
    for line in include_str!("../../src/schema.rs").lines().map(str::trim) {
        if let Some((name, _)) = line.strip_suffix(") {").and_then(|line| line.split_once(" (")) {
            table = name;
        } else if let Some((column, kind)) = line.strip_suffix(',').and_then(|line| line.split_once(" -> ")) {
            for id in ids {
                let text = id.to_string();
                let hex = text.replace('-', "");
                let holds = match (kind.contains("Binary"), kind.contains("Text"), postgres) {
                    (true, _, true) => format!("encode({column}, 'hex') LIKE '%{hex}%'"),
                    (true, _, false) => format!("lower(hex({column})) LIKE '%{hex}%'"),
                    (_, true, _) => format!("{column} LIKE '%{text}%' OR {column} LIKE '%{hex}%'"),
                    _ => continue,
                };
                let asked = format!("SELECT '{table}.{column}' AS said FROM {table} WHERE {holds}");
                found.extend(ask_aside(ground, &asked));
            }
        }
    }
    found.dedup();
    found
}

/// A photo of afterwards that a handler has put.
async fn after(ground: &Ground) -> ContentHash {
    let kept = object();
    let hash = kept.hash;
    write(ground, move |tx| media::keep(tx, &kept, NOON)).await;
    hash
}

/// A report with a photo that is approved whole, one of which a copy is, one that nobody looked at, and a voice.
struct Pictured {
    case: CaseId,
    whole: ContentHash,
    covered: ContentHash,
    copy: ContentHash,
    names: [ContentHash; 4],
}

async fn pictured(ground: &Ground, user: UserId) -> Pictured {
    let id = case_id();
    let mut files: Vec<_> = (0..4).map(|_| photo()).collect();
    files[3].role = FileRole::Voice;
    let names = [files[0].hash, files[1].hash, files[2].hash, files[3].hash];
    let report = Intake { photos: vec![names[2], names[0], names[1]], voice: Some(names[3]), ..lamp() };
    begin(ground, id, user, report, files).await;
    let objects: Vec<_> = (0..4).map(|_| object()).collect();
    let copy = object();
    let (kept, spare) = (objects.clone(), copy.clone());
    write(ground, move |tx| {
        media::keep(tx, &spare, NOON)?;
        names
            .iter()
            .zip(&kept)
            .try_for_each(|(name, kept)| attachment_stored(tx, id, *name, kept, NOON).map(drop))
    })
    .await;
    complete(ground, id, user).await;
    let hidden = copy.hash;
    write(ground, move |tx| {
        let approval = |shown| Approval { shown, user: user_id(), at: NOON };
        approvals::put(tx, id, names[0], &approval(Shown::Whole))?;
        approvals::put(tx, id, names[1], &approval(Shown::Covered(hidden)))
    })
    .await;
    Pictured { case: id, whole: objects[0].hash, covered: objects[1].hash, copy: copy.hash, names }
}

both!(
    an_account_that_ends_leaves_its_cases_and_nothing_of_whose_they_were,
    |ground: Arc<Ground>| async move {
        let (other, _) = resident(&ground).await;
        let theirs = reported(&ground, other, lamp()).await.case_id;
        let (before, _) = resident(&ground).await;
        let number = hash();
        let (user, token) = resident(&ground).await;
        phones::link(&ground, user, number, NOON).await;
        let early = reported(&ground, before, lamp()).await.case_id;
        let minute = NOON.plus(Timestamp::MINUTE);
        assert_eq!(phones::link(&ground, before, number, minute).await, codes::Taken::Linked { user });
        let seen = pictured(&ground, user).await;
        join(&ground, user, theirs).await;
        join(&ground, other, seen.case).await;
        let unfinished = case_id();
        begin(
            &ground,
            unfinished,
            user,
            Intake { words: Words::new("还没写完").ok(), ..lamp() },
            vec![photo()],
        )
        .await;
        let account = WechatAccount { appid: "wx1", openid: "o1", unionid: Some("u1") };
        write(&ground, move |tx| spending::link_wechat(tx, user, &account, NOON).map(drop)).await;
        let (case, ticket) = (seen.case, hash());
        write(&ground, move |tx| {
            tickets::issue(tx, &account, user_id(), &ticket, NOON)?;
            notices::consent(tx, user, case, "wx1", "first", NOON).map(drop)
        })
        .await;
        assert_eq!(ask_aside(&ground, "SELECT state AS said FROM notice_consent"), ["open"]);
        posted(&ground, &ground).await;
        let book = books(&ground, user).await[0].clone();
        let read = |case| {
            let (city, reader) = (Arc::clone(&ground.city), other);
            let ground = Arc::clone(&ground);
            async move {
                ground.store.read(move |conn| cases::view(conn, case, reader, &city)).await.unwrap().unwrap()
            }
        };
        assert_eq!(read(seen.case).await.case.reporter, Some(user), "the story is kept by now");

        assert_eq!(ask(&ground, user, NOON).await, Ok(NOON.plus(KEPT_FOR)));
        assert_eq!(
            ask(&ground, user, minute).await,
            Ok(NOON.plus(KEPT_FOR)),
            "asked again it is the same day"
        );
        let over = NOON.plus(KEPT_FOR);
        assert_eq!(ground.store.read(move |conn| deletion::due(conn, over.plus(-1), 9)).await.unwrap(), []);
        assert_eq!(carry_out(&ground, user, over.plus(-1)).await, CarriedOut::Kept);
        assert_eq!(ground.store.read(move |conn| deletion::due(conn, over, 9)).await.unwrap(), [user]);
        assert_eq!(
            ground.store.read(move |conn| deletion::unfinished(conn, user)).await.unwrap(),
            Some(vec![unfinished])
        );
        assert!(!places_of(&ground, &[user, before]).is_empty());
        // Two servers take it up.
        let (one, two) =
            (carry_out(&ground, user, over).await, carry_out(&another(&ground), user, over).await);
        assert_eq!((one, two), (CarriedOut::Gone { cases: 3 }, CarriedOut::Kept));

        assert_eq!(places_of(&ground, &[user, before]), Vec::<String>::new());
        assert_eq!(ground.store.read(move |conn| accounts::find(conn, &token)).await.unwrap(), None);
        let left = read(seen.case).await;
        assert_eq!(left.row.photo, Some(seen.names[0]), "the first of those that are left");
        let files: Vec<_> = left.attachments.iter().map(|file| (file.hash, file.media.hash)).collect();
        assert_eq!(files, [(seen.names[0], seen.whole), (seen.names[1], seen.copy)]);
        let (reporter, joiner) = (left.case.reporter.unwrap(), read(theirs).await.case.joiners[0].user);
        assert!(reporter != joiner && reporter != user, "another in each case");
        assert_eq!(read(theirs).await.row.joiners, 1);
        let loose = ground.store.read(move |conn| sweep::unused_media(conn, over, 9)).await.unwrap();
        assert!(loose.len() == 3 && loose.contains(&seen.covered) && !loose.contains(&seen.copy));
        let left = ground
            .store
            .read(move |conn| woodlark_store::ledger::book(conn, book.id))
            .await
            .unwrap()
            .unwrap();
        assert_eq!((left.balances, left.head), (book.balances, book.head), "what was written stays");

        // The city goes on with it, and what comes of it is nobody's.
        let crew = Actor::staff(user_id(), Role::Handler).of(code("lamps"));
        done(&ground, early, crew.clone(), Command::Sign, over).await;
        let note = Reason::new("换了灯泡").unwrap();
        let photos = vec![after(&ground).await];
        let finish = Command::Finish { note, photos, verdict: None, fix: None };
        done(&ground, early, crew, finish, over).await;
        posted(&ground, &ground).await;
        assert_ledger(&ground).await;
        assert_sound(&ground).await;
    }
);

both!(whoever_thinks_better_of_it_keeps_everything, |ground: Arc<Ground>| async move {
    let (user, _) = resident(&ground).await;
    reported(&ground, user, lamp()).await;
    ask(&ground, user, NOON).await.unwrap();
    write(&ground, move |tx| deletion::take_back(tx, user, NOON.plus(1))).await;
    write(&ground, move |tx| deletion::take_back(tx, user, NOON.plus(2))).await;
    assert_eq!(due_at(&ground, user).await, None);
    assert_eq!(carry_out(&ground, user, NOON.plus(KEPT_FOR)).await, CarriedOut::Kept);
    let asked = ask_aside(
        &ground,
        "SELECT action AS said FROM audit WHERE action LIKE '%deletion' OR action LIKE 'keep%'",
    );
    assert_eq!(asked.len(), 2, "{asked:?}");
    // One that becomes another's account stays with that.
    let number = hash();
    let (main, _) = resident(&ground).await;
    phones::link(&ground, main, number, NOON).await;
    ask(&ground, user, NOON).await.unwrap();
    phones::link(&ground, user, number, NOON.plus(Timestamp::MINUTE)).await;
    assert_eq!((due_at(&ground, user).await, due_at(&ground, main).await), (None, None));
    assert_sound(&ground).await;
});

both!(money_under_way_is_neither_lost_nor_in_the_way_for_ever, |ground: Arc<Ground>| async move {
    let (user, _) = resident(&ground).await;
    for _ in 0..3 {
        reported(&ground, user, lamp()).await;
    }
    posted(&ground, &ground).await;
    let city = generous();
    let order = |number: u8, at| {
        let city = Arc::clone(&city);
        tried(&ground, move |tx| {
            spending::order_gift(tx, user, EntryId([number; 16]), &code("towel"), &[number; 32], &city, at)
        })
    };
    order(1, NOON).await.unwrap();
    assert_eq!(ask(&ground, user, NOON).await, Err(DeletionRefusal::GiftNotFetched));
    tried(&ground, move |tx| spending::return_gift(tx, user, EntryId([1; 16]), NOON)).await.unwrap();
    let grant = move |tx: &mut _| spending::fund(tx, EntryId([9; 16]), 100_000, user_id(), "", NOON);
    tried(&ground, grant).await.unwrap();
    let pay = || {
        let (id, city) = (EntryId(hash()[..16].try_into().unwrap()), Arc::clone(&city));
        let asked = spending::Ask { user, id, points: 10, openid: "o1" };
        let ground = Arc::clone(&ground);
        async move { tried(&ground, move |tx| spending::ask(tx, &asked, &city, NOON)).await.unwrap().id }
    };
    let first = pay().await;
    assert_eq!(ask(&ground, user, NOON).await, Err(DeletionRefusal::PayoutUnderWay));
    tried(&ground, move |tx| spending::withdraw(tx, user, first, NOON)).await.unwrap();
    let over = ask(&ground, user, NOON).await.unwrap();
    // What is asked for during the week.
    let second = pay().await;
    order(2, NOON).await.unwrap();
    assert_eq!(carry_out(&ground, user, over).await, CarriedOut::Waits);
    let decline = move |tx: &mut _| spending::decline(tx, second, user_id(), "", over).map(drop);
    let halted = ground.store.write(decline).await;
    if halted.is_err() {
        // Nobody decided in time: it has lapsed by then.
        write(&ground, move |tx| spending::lapse_undecided(tx, over, 9).map(drop)).await;
    }
    let book = books(&ground, user).await[0].id;
    assert_eq!(carry_out(&ground, user, over).await, CarriedOut::Gone { cases: 3 });
    let left =
        ground.store.read(move |conn| woodlark_store::ledger::book(conn, book)).await.unwrap().unwrap();
    assert_eq!(left.balances.points, 30, "the towel went back to its shelf");
    let orders = ground.store.read(move |conn| spending::gift_orders(conn, book, 9)).await.unwrap();
    assert!(orders.iter().all(|order| order.state == woodlark_domain::redeem::GiftState::Returned));
    assert_ledger(&ground).await;
    assert_sound(&ground).await;
});

both!(who_somebody_was_gives_way_to_nobody_and_to_nothing_else, |ground: Arc<Ground>| async move {
    let (user, _) = resident(&ground).await;
    let case = reported(&ground, user, lamp()).await.case_id;
    let (other, _) = resident(&ground).await;
    join(&ground, other, case).await;
    let (of_user, new) = (user.to_string(), user_id().to_string());
    let swap = format!("UPDATE event SET body = replace(body, '{of_user}', '{new}')");
    let refused = |sql: &str| try_aside(&ground, sql).is_err_and(|said| said.contains("append-only"));
    assert!(refused(&swap), "nobody asked for it");
    ask(&ground, user, NOON).await.unwrap();
    for sql in [
        "UPDATE event SET body = replace(body, '路灯', '井盖')".to_owned(),
        format!("UPDATE event SET body = replace(body, '{other}', '{new}')"),
        "UPDATE event SET body = body".to_owned(),
        "DELETE FROM event".to_owned(),
        "UPDATE audit SET user_id = NULL".to_owned(),
        "UPDATE audit SET detail = '' WHERE action = 'report'".to_owned(),
        "DELETE FROM audit".to_owned(),
    ] {
        assert!(refused(&sql), "{sql}");
    }
    assert_sound(&ground).await;
});

both!(a_case_that_was_rated_is_counted_as_before, |ground: Arc<Ground>| async move {
    let (user, _) = resident(&ground).await;
    let case = reported(&ground, user, lamp()).await.case_id;
    let crew = Actor::staff(user_id(), Role::Handler).of(code("lamps"));
    done(&ground, case, crew.clone(), Command::Sign, NOON).await;
    let note = Reason::new("换了灯泡").unwrap();
    let photos = vec![after(&ground).await];
    done(&ground, case, crew, Command::Finish { note: note.clone(), photos, verdict: None, fix: None }, NOON)
        .await;
    let pass = Command::Pass { note: Some(note), photos: Vec::new(), fix: None };
    done(&ground, case, Actor::staff(user_id(), Role::Verifier), pass, NOON).await;
    let rate = Command::Rate { stars: Stars::new(5).unwrap(), words: None };
    done(&ground, case, reader(user), rate, NOON).await;
    posted(&ground, &ground).await;
    let over = ask(&ground, user, NOON).await.unwrap();
    assert_eq!(carry_out(&ground, user, over).await, CarriedOut::Gone { cases: 1 });
    posted(&ground, &ground).await;
    assert_ledger(&ground).await;
    assert_sound(&ground).await;
});
