//! What points become, over the real store on both engines, against a pay system that does everything a pay system may do.

use crate::fixture::*;
use crate::ledger::{assert_ledger, books, points, posted};
use crate::phones::link;
use std::collections::BTreeMap;
use std::sync::Arc;
use woodlark_domain::city::Gift;
use woodlark_domain::criterion::Name;
use woodlark_domain::redeem::{GiftState, PayoutState, RedeemRefusal as R, Term, TermValue};
use woodlark_domain::{Role, Timestamp, UserId};
use woodlark_ledger::EntryId;
use woodlark_store::city::{City, CityData};
use woodlark_store::redeem::{self, Ask, Asked, Freeze, HandedOverBy, Heard, Honour, Payer, Payout, Word};
use woodlark_store::{Halt, Tx, WriteError};

/// The city with ten yuan for a report, one approval from ten yuan on and two from twenty.
pub(crate) fn generous() -> Arc<City> {
    let set = [
        (Term::FenPerPoint, 100),
        (Term::PayoutMostFen, 10_000),
        (Term::MonthlyFen, 20_000),
        (Term::ApprovalFromFen, 1_000),
        (Term::SecondApprovalFromFen, 2_000),
    ];
    let terms = set.into_iter().map(|(term, value)| TermValue { term, value }).collect();
    let gift = Gift {
        code: code("towel"),
        name: Name::new("毛巾", "Towel"),
        points: 10,
        station: code("kiosk"),
        stock: 1,
    };
    Arc::new(City::new(1, CityData { terms, gifts: vec![gift], ..city_data() }))
}

pub(crate) async fn tried<T: Send + 'static>(
    ground: &Ground,
    closure: impl Fn(&mut Tx) -> Result<T, Halt<R>> + Send + 'static,
) -> Result<T, R> {
    match ground.store.write(closure).await {
        Ok(done) => Ok(done),
        Err(WriteError::Refused(refusal)) => Err(refusal),
        Err(error) => panic!("{error:?}"),
    }
}

async fn fund(ground: &Ground, fen: i64) -> Result<(), R> {
    let decision = EntryId(hash()[..16].try_into().unwrap());
    tried(ground, move |tx| redeem::fund(tx, decision, fen, user_id(), "", NOON)).await
}

async fn ask(ground: &Ground, user: UserId, points: i64) -> Result<Payout, R> {
    let (id, city) = (EntryId(hash()[..16].try_into().unwrap()), generous());
    tried(ground, move |tx| redeem::ask(tx, &Ask { user, id, points, openid: "o1" }, &city, NOON)).await
}

async fn approve(ground: &Ground, id: EntryId, by: UserId) -> Result<Payout, R> {
    let city = generous();
    tried(ground, move |tx| redeem::approve(tx, id, by, &city, NOON)).await
}

async fn claim(ground: &Ground, now: Timestamp) -> Vec<redeem::Claimed> {
    claim_as(ground, "m1", now).await
}

async fn claim_as(ground: &Ground, merchant: &'static str, now: Timestamp) -> Vec<redeem::Claimed> {
    write(ground, move |tx| {
        let request = |one: &Payout| Some(one.id.0.to_vec());
        redeem::claim(tx, &Payer { merchant, request: &request }, now, 100)
    })
    .await
}

async fn hear(ground: &Ground, id: EntryId, asked: Option<Asked>, word: Word, now: Timestamp) -> Heard {
    write(ground, move |tx| redeem::heard(tx, id, asked, &word, now)).await
}

async fn state(ground: &Ground, id: EntryId) -> PayoutState {
    ground.store.read(move |conn| redeem::payout(conn, id)).await.unwrap().unwrap().state
}

/// A resident with so many reports that were filed: ten points each.
async fn kind_resident(ground: &Arc<Ground>, reports: usize) -> UserId {
    let (user, _) = resident(ground).await;
    for _ in 0..reports {
        reported(ground, user, lamp()).await;
    }
    posted(ground, ground).await;
    user
}

both!(a_payout_goes_its_way_and_each_rule_holds, |ground: Arc<Ground>| async move {
    let user = kind_resident(&ground, 5).await;
    assert_eq!(ask(&ground, user, 20).await.unwrap_err(), R::BudgetSpent);
    fund(&ground, 3_000).await.unwrap();
    assert_eq!(fund(&ground, -3_001).await.unwrap_err(), R::BudgetSpent);
    let one = ask(&ground, user, 20).await.unwrap();
    assert_eq!((one.state, one.fen, points(&ground, user).await), (PayoutState::Waiting, 2_000, 30));
    assert_eq!(fund(&ground, -1_001).await.unwrap_err(), R::BudgetSpent, "what is promised stays");
    assert_eq!(claim(&ground, NOON).await, [], "nobody approved it");
    let (ann, bob) = (user_id(), user_id());
    assert_eq!(approve(&ground, one.id, ann).await.unwrap().state, PayoutState::Waiting);
    assert_eq!(approve(&ground, one.id, ann).await.unwrap_err(), R::SamePerson);
    assert_eq!(approve(&ground, one.id, user).await.unwrap_err(), R::SamePerson);
    assert_eq!(approve(&ground, one.id, bob).await.unwrap().state, PayoutState::Sending);
    assert_eq!(approve(&ground, one.id, user_id()).await.unwrap_err(), R::TooLate);
    let claimed = claim(&ground, NOON).await;
    assert_eq!((claimed.len(), claimed[0].ask), (1, Asked::Transfer));
    assert_eq!(claim(&ground, NOON).await, [], "another server leaves it alone");
    let later = NOON.plus(3 * Timestamp::MINUTE);
    assert_eq!(claim(&ground, later).await[0].ask, Asked::Query, "after a power cut it is asked about first");
    let (id, asked) = (one.id, Some(Asked::Query));
    assert_eq!(hear(&ground, id, asked, Word::NotFound, later).await, Heard::Ask(Asked::Transfer));
    hear(&ground, id, Some(Asked::Transfer), Word::Confirm(Some("p".to_owned())), later).await;
    assert_eq!(state(&ground, id).await, PayoutState::Confirming);
    assert_eq!(hear(&ground, id, None, Word::Paid, later).await, Heard::Noted);
    assert_eq!(hear(&ground, id, None, Word::Paid, later).await, Heard::Over, "told twice");
    assert_eq!(hear(&ground, id, None, Word::Failed(String::new()), later).await, Heard::Contradicts);
    let book = books(&ground, user).await.remove(0);
    assert_eq!((book.balances.points, book.balances.cash_due, book.balances.cash_paid), (30, 0, 2_000));
    let totals = ground.store.read(redeem::totals).await.unwrap();
    assert_eq!((totals.budget, totals.granted, totals.promised, totals.paid), (1_000, 3_000, 0, 2_000));
    assert_ledger(&ground).await;
    let gone = try_aside(&ground, "UPDATE payout SET state = 'sending'");
    assert!(gone.is_err_and(|said| said.contains("over")), "what is over stays so");
    assert!(try_aside(&ground, "DELETE FROM payout").is_err());
    assert!(try_aside(&ground, "DELETE FROM payout_approval").is_err());
});

both!(what_comes_to_nothing_gives_the_points_back, |ground: Arc<Ground>| async move {
    let user = kind_resident(&ground, 5).await;
    fund(&ground, 100_000).await.unwrap();
    let declined = ask(&ground, user, 10).await.unwrap().id;
    tried(&ground, move |tx| redeem::decline(tx, declined, user_id(), "因为", NOON)).await.unwrap();
    let taken_back = ask(&ground, user, 10).await.unwrap().id;
    let stranger = resident(&ground).await.0;
    let theirs = tried(&ground, move |tx| redeem::withdraw(tx, stranger, taken_back, NOON)).await;
    assert_eq!(theirs.unwrap_err(), R::TooLate);
    tried(&ground, move |tx| redeem::withdraw(tx, user, taken_back, NOON)).await.unwrap();
    let lapsed = ask(&ground, user, 10).await.unwrap().id;
    let three_days = NOON.plus(72 * Timestamp::HOUR);
    claim(&ground, three_days).await;
    assert_eq!(points(&ground, user).await, 50);
    for (id, end) in [
        (declined, PayoutState::Declined),
        (taken_back, PayoutState::Withdrawn),
        (lapsed, PayoutState::Lapsed),
    ] {
        assert_eq!(state(&ground, id).await, end);
    }
    // Sent, and taken back then: the pay system decides, and one that knows nothing is believed once nothing can arrive.
    let sent = ask(&ground, user, 10).await.unwrap().id;
    approve(&ground, sent, user_id()).await.unwrap();
    claim(&ground, NOON).await;
    let taken = tried(&ground, move |tx| redeem::withdraw(tx, user, sent, NOON)).await.unwrap();
    assert_eq!(taken.state, PayoutState::Sending);
    let asked = Some(Asked::Query);
    hear(&ground, sent, asked, Word::NotFound, NOON.plus(Timestamp::MINUTE)).await;
    assert_eq!(state(&ground, sent).await, PayoutState::Sending, "what was signed may still arrive");
    assert_eq!(hear(&ground, sent, asked, Word::Underway, NOON).await, Heard::Ask(Asked::Cancel));
    hear(&ground, sent, Some(Asked::Cancel), Word::Refused("BUSY".to_owned()), NOON).await;
    assert_eq!(state(&ground, sent).await, PayoutState::Sending);
    hear(&ground, sent, asked, Word::NotFound, NOON.plus(11 * Timestamp::MINUTE)).await;
    assert_eq!((state(&ground, sent).await, points(&ground, user).await), (PayoutState::Withdrawn, 50));
    // Another merchant is never asked about it, and a frozen account is not paid.
    let held = ask(&ground, user, 10).await.unwrap().id;
    approve(&ground, held, user_id()).await.unwrap();
    let book = books(&ground, user).await[0].id;
    let freeze = |frozen, reason: &'static str| {
        let (reason, by) = (reason.to_owned(), user_id());
        write(&ground, move |tx| {
            redeem::freeze(tx, &Freeze { book, at: NOON, by, frozen, reason: reason.clone() })
        })
    };
    assert!(freeze(true, "看一看").await);
    assert!(!freeze(true, "again").await);
    assert_eq!(claim(&ground, NOON).await, []);
    assert_eq!(ask(&ground, user, 10).await.unwrap_err(), R::Frozen);
    assert!(freeze(false, "没事").await);
    let later = NOON.plus(31 * Timestamp::MINUTE);
    assert_eq!(claim(&ground, later).await.len(), 1);
    let other = later.plus(Timestamp::HOUR);
    assert_eq!(claim_as(&ground, "m2", other).await, []);
    assert_eq!(state(&ground, held).await, PayoutState::Held);
    tried(&ground, move |tx| redeem::resume(tx, held, user_id(), other)).await.unwrap();
    assert_eq!(claim(&ground, other).await[0].ask, Asked::Query);
    assert_ledger(&ground).await;
});

both!(gifts_are_honoured_once_and_the_fund_grows, |ground: Arc<Ground>| async move {
    let user = kind_resident(&ground, 3).await;
    let city = generous();
    let order = |hash: u8, id: u8| {
        let city = Arc::clone(&city);
        tried(&ground, move |tx| {
            redeem::order_gift(tx, user, EntryId([id; 16]), &code("towel"), &[hash; 32], &city, NOON)
        })
    };
    assert_eq!(order(1, 1).await.unwrap().state, GiftState::Kept);
    assert_eq!(order(2, 2).await.unwrap_err(), R::OutOfStock);
    tried(&ground, move |tx| redeem::return_gift(tx, user, EntryId([1; 16]), NOON)).await.unwrap();
    assert_eq!(order(2, 2).await.unwrap().state, GiftState::Kept, "what was given back is there again");
    let hand_over = |hash: u8, now: Timestamp| {
        tried(&ground, move |tx| {
            redeem::honour(
                tx,
                &Honour { code_hash: &[hash; 32], by: HandedOverBy::Staff(user_id(), Role::Acceptor), now },
            )
        })
    };
    assert_eq!(hand_over(1, NOON).await.unwrap_err(), R::TooLate, "it was given back");
    assert_eq!(hand_over(9, NOON).await.unwrap_err(), R::GiftGone, "no such code");
    let both = tokio::join!(hand_over(2, NOON), hand_over(2, NOON));
    assert_eq!(usize::from(both.0.is_ok()) + usize::from(both.1.is_ok()), 1, "{both:?}");
    assert_eq!(hand_over(2, NOON).await.unwrap_err(), R::HonouredAlready);
    assert_eq!(points(&ground, user).await, 20);
    fund(&ground, 100_000).await.unwrap();
    let given = {
        let city = Arc::clone(&city);
        tried(&ground, move |tx| redeem::donate(tx, user, EntryId([7; 16]), 20, &city, NOON)).await.unwrap()
    };
    assert_eq!((given.fen, given.total_fen, points(&ground, user).await), (2_000, 2_000, 0));
    let late = NOON.plus(15 * Timestamp::DAY);
    assert_eq!(write(&ground, move |tx| redeem::lapse_gifts(tx, late, 10)).await, 0);
    assert_ledger(&ground).await;
});

both!(a_gift_of_a_frozen_account_stays_where_it_is_and_what_nobody_fetched_goes_back, |ground: Arc<
    Ground,
>| async move {
    let user = kind_resident(&ground, 1).await;
    let city = generous();
    tried(&ground, move |tx| {
        redeem::order_gift(tx, user, EntryId([1; 16]), &code("towel"), &[1; 32], &city, NOON)
    })
    .await
    .unwrap();
    let book = books(&ground, user).await[0].id;
    let turn = |frozen| {
        let by = user_id();
        write(&ground, move |tx| {
            redeem::freeze(tx, &Freeze { book, at: NOON, by, frozen, reason: "看一看".to_owned() })
        })
    };
    assert!(turn(true).await);
    let fetch = || {
        tried(&ground, move |tx| {
            let honour =
                Honour { code_hash: &[1; 32], by: HandedOverBy::Staff(user_id(), Role::Acceptor), now: NOON };
            redeem::honour(tx, &honour)
        })
    };
    assert_eq!(fetch().await.unwrap_err(), R::Frozen);
    let due = |at: Timestamp| ground.store.read(move |conn| redeem::is_due(conn, at));
    let late = NOON.plus(14 * Timestamp::DAY);
    assert_eq!((due(NOON).await.unwrap(), due(late).await.unwrap()), (false, true));
    assert_eq!(write(&ground, move |tx| redeem::lapse_gifts(tx, late, 10)).await, 1);
    assert_eq!((points(&ground, user).await, due(late).await.unwrap()), (10, false));
    assert!(turn(false).await);
    assert_eq!(fetch().await.unwrap_err(), R::TooLate);
    assert_ledger(&ground).await;
});

both!(what_nobody_decides_lapses_where_nobody_pays_behind_whatever_waits_to_be_sent, |ground: Arc<
    Ground,
>| async move {
    let user = kind_resident(&ground, 5).await;
    fund(&ground, 100_000).await.unwrap();
    for _ in 0..3 {
        assert_eq!(ask(&ground, user, 5).await.unwrap().state, PayoutState::Sending);
    }
    let waiting = ask(&ground, user, 10).await.unwrap().id;
    let late = NOON.plus(72 * Timestamp::HOUR);
    assert_eq!(write(&ground, move |tx| redeem::lapse_undecided(tx, late, 1)).await, 1);
    assert_eq!((state(&ground, waiting).await, points(&ground, user).await), (PayoutState::Lapsed, 35));
    assert_ledger(&ground).await;
});

both!(
    a_payout_goes_on_in_the_book_of_whoever_the_person_turned_out_to_be,
    |ground: Arc<Ground>| async move {
        let (phone, first) = (hash(), kind_resident(&ground, 3).await);
        let second = kind_resident(&ground, 1).await;
        fund(&ground, 100_000).await.unwrap();
        link(&ground, second, phone, NOON).await;
        let one = ask(&ground, first, 10).await.unwrap().id;
        approve(&ground, one, user_id()).await.unwrap();
        link(&ground, first, phone, NOON.plus(2 * Timestamp::MINUTE)).await;
        assert_ledger(&ground).await;
        claim(&ground, NOON).await;
        hear(&ground, one, Some(Asked::Transfer), Word::Failed("X".to_owned()), NOON).await;
        assert_eq!(points(&ground, second).await, 40, "all of both");
        assert_ledger(&ground).await;
    }
);

/// A pay system: what it knows of each number, and how often it paid it.
#[derive(Default)]
struct PaySystem {
    bills: BTreeMap<EntryId, (Word, u32)>,
}

impl PaySystem {
    /// Does what it is asked, unless the question got lost; and answers, unless the answer does.
    fn asked(&mut self, id: EntryId, ask: Asked, luck: u64) -> Word {
        if luck.is_multiple_of(7) {
            return Word::Doubt("lost on the way".to_owned());
        }
        match ask {
            Asked::Transfer if luck.is_multiple_of(11) => return Word::NotEnough,
            Asked::Transfer if luck.is_multiple_of(13) => return Word::Refused("PARAM_ERROR".to_owned()),
            Asked::Transfer => {
                self.bills.entry(id).or_insert((Word::Confirm(Some("package".to_owned())), 0));
            }
            Asked::Cancel => {
                if let Some((word @ (Word::Confirm(_) | Word::Underway), _)) = self.bills.get_mut(&id) {
                    *word = Word::Cancelled;
                }
            }
            Asked::Query => {}
        }
        if luck.is_multiple_of(5) {
            return Word::Doubt("no answer".to_owned());
        }
        match self.bills.get(&id) {
            // Only the answer to the order holds the package.
            Some((Word::Confirm(_), _)) if ask != Asked::Transfer => Word::Confirm(None),
            Some((word, _)) => word.clone(),
            None => Word::NotFound,
        }
    }

    /// The resident confirms, refuses or lets it run out.
    fn goes_on(&mut self, luck: u64) -> Option<(EntryId, Word)> {
        let open = self.bills.iter_mut().filter(|(_, (word, _))| matches!(word, Word::Confirm(_)));
        let (id, (word, paid)) = open.into_iter().next()?;
        if luck.is_multiple_of(3) {
            *word = Word::Failed("EXPIRED".to_owned());
        } else {
            *word = Word::Paid;
            *paid += 1;
        }
        Some((*id, word.clone()))
    }
}

both!(under_any_order_of_faults_nobody_is_paid_twice_and_nothing_is_lost, |ground: Arc<Ground>| async move {
    let other = another(&ground);
    let mut people = Vec::new();
    for _ in 0..3 {
        people.push(kind_resident(&ground, 6).await);
    }
    let staff = [user_id(), user_id(), user_id()];
    fund(&ground, 12_000).await.unwrap();
    let (mut pay, mut ids, mut now) = (PaySystem::default(), Vec::<EntryId>::new(), NOON);
    let mut seed = 0x5eed_u64;
    let mut luck = move || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        seed >> 33
    };
    for step in 0..300 {
        let server = if luck().is_multiple_of(2) { &ground } else { &other };
        let person = people[usize::try_from(luck() % 3).unwrap()];
        let by = staff[usize::try_from(luck() % 3).unwrap()];
        let some = |luck: u64, ids: &[EntryId]| {
            (!ids.is_empty()).then(|| ids[usize::try_from(luck).unwrap() % ids.len()])
        };
        match luck() % 12 {
            0 | 1 => ids
                .extend(ask(server, person, 5 + i64::try_from(luck() % 20).unwrap()).await.map(|one| one.id)),
            2 | 3 => {
                if let Some(id) = some(luck(), &ids) {
                    let _ = approve(server, id, by).await;
                }
            }
            4 => {
                if let Some(id) = some(luck(), &ids) {
                    let at = now;
                    let _ = tried(server, move |tx| redeem::withdraw(tx, person, id, at)).await;
                }
            }
            5 => {
                if let Some(id) = some(luck(), &ids) {
                    let at = now;
                    let _ = tried(server, move |tx| redeem::resume(tx, id, by, at)).await;
                }
            }
            6 => {
                if let Some((id, word)) = pay.goes_on(luck()) {
                    // It calls, it calls twice, or the call gets lost.
                    for _ in 0..luck() % 3 {
                        hear(server, id, None, word.clone(), now).await;
                    }
                }
            }
            _ => {
                now = now.plus(Timestamp::MINUTE * i64::try_from(luck() % 20).unwrap());
                for claimed in claim(server, now).await {
                    let (id, mut ask) = (claimed.payout.id, claimed.ask);
                    loop {
                        let word = pay.asked(id, ask, luck());
                        // The power fails: the answer is never taken down.
                        if luck().is_multiple_of(6) {
                            break;
                        }
                        match hear(server, id, Some(ask), word, now).await {
                            Heard::Ask(next) => ask = next,
                            Heard::Contradicts => panic!("step {step}: {id:?}"),
                            Heard::Noted | Heard::Over | Heard::Unknown => break,
                        }
                    }
                }
            }
        }
        assert!(pay.bills.values().all(|(_, paid)| *paid <= 1));
        if step % 50 == 0 {
            assert_ledger(&ground).await;
        }
    }
    // Then everything works, and what is open comes to an end.
    for _ in 0..200 {
        now = now.plus(Timestamp::HOUR);
        for id in ids.clone() {
            let _ = tried(&ground, move |tx| redeem::resume(tx, id, user_id(), now)).await;
        }
        for claimed in claim(&ground, now).await {
            let (id, mut ask) = (claimed.payout.id, claimed.ask);
            // One is a luck by which nothing goes wrong.
            while let Heard::Ask(next) = hear(&ground, id, Some(ask), pay.asked(id, ask, 1), now).await {
                ask = next;
            }
        }
        if let Some((id, word)) = pay.goes_on(luck()) {
            hear(&ground, id, None, word, now).await;
        }
    }
    let mut ends: BTreeMap<PayoutState, u32> = BTreeMap::new();
    for id in &ids {
        let state = state(&ground, *id).await;
        assert!(state.is_over(), "{state:?}");
        let paid = pay.bills.get(id).map_or(0, |(_, paid)| *paid);
        assert_eq!(
            paid == 1,
            state == PayoutState::Paid,
            "what was paid is known as paid, and nothing else: {state:?}"
        );
        *ends.entry(state).or_default() += 1;
    }
    assert!(ends.len() >= 3 && ends.get(&PayoutState::Paid) > Some(&4), "{ends:?}");
    assert_ledger(&ground).await;
});
