//! Looking for words, against a look at every case.

use crate::fixture::*;
use crate::generated::{Dice, Known, is_meant, many, words};
use crate::queues::{actors, all};
use std::sync::Arc;
use woodlark_domain::Role;
use woodlark_domain::case::Actor;
use woodlark_domain::queue::Queue;
use woodlark_domain::report::{Intake, Words};
use woodlark_domain::search::SoughtWords;
use woodlark_domain::{CaseId, Kind};
use woodlark_store::cases::queue::{Ask, Filter};

both!(what_is_looked_for_is_what_a_look_at_every_case_finds, |ground: Arc<Ground>| async move {
    let known = many(&ground, 300, 0x5EA_4C4).await;
    let mut dice = Dice(5);
    let (mut tried, mut hits) = (0, 0);
    while tried < 120 {
        // A part of what was said somewhere, or letters by chance.
        let text = if dice.below(3) > 0 {
            let said = &known[usize::try_from(dice.below(known.len() as u64)).unwrap()];
            let from = usize::try_from(dice.below(40)).unwrap();
            let length = usize::try_from(2 + dice.below(5)).unwrap();
            said.words.chars().skip(from).take(length).collect()
        } else {
            words(&mut dice, 2, 5)
        };
        let Ok(sought) = SoughtWords::new(&text) else { continue };
        tried += 1;
        let actor = &actors()[usize::try_from(dice.below(8)).unwrap()];
        let queue = dice.pick(&[Queue::All, Queue::All, Queue::Handle, Queue::Overdue]);
        let kind = dice.pick(&[None, None, Some(Kind::Problem)]);
        let filter = Filter { words: Some(sought), kind, ..Filter::default() };
        let ask = Ask { actors: std::slice::from_ref(actor), queue, filter: &filter, now: NOON };
        let mut wanted: Vec<CaseId> =
            known.iter().filter(|known: &&Known| is_meant(known, &ask)).map(|known| known.case.id).collect();
        wanted.sort();
        wanted.reverse();
        let found: Vec<CaseId> =
            all(&ground, actor, queue, &filter, 6).await.iter().map(|row| row.id).collect();
        assert_eq!(found, wanted, "{text:?} {queue:?} {actor:?}");
        hits += found.len();
    }
    assert!(hits > 300, "{hits}");
});

both!(
    words_that_are_everywhere_and_never_meet_are_gone_through_page_by_page,
    |ground: Arc<Ground>| async move {
        let (user, _) = resident(&ground).await;
        let say = |words: &str| Intake { words: Words::new(words).ok(), ..lamp() };
        for n in 0..40 {
            reported(&ground, user, say(if n % 2 == 0 { "路灯不亮" } else { "井盖坏了" })).await;
        }
        let both = reported(&ground, user, say("井盖坏了，路灯不亮")).await.case_id;
        let acceptor = Actor::staff(user_id(), Role::Acceptor);
        let filter = Filter { words: SoughtWords::new("路灯 井盖").ok(), ..Filter::default() };
        let found = all(&ground, &acceptor, Queue::All, &filter, 5).await;
        assert_eq!(found.iter().map(|row| row.id).collect::<Vec<_>>(), [both]);
        let filter = Filter { words: SoughtWords::new("灯盖").ok(), ..Filter::default() };
        assert_eq!(all(&ground, &acceptor, Queue::All, &filter, 5).await, []);
    }
);

both!(a_case_is_found_before_it_was_followed_up_half_way_and_after, |ground: Arc<Ground>| async move {
    let (user, _) = resident(&ground).await;
    let mut lamps = Vec::new();
    for n in 0..24 {
        let words = Words::new(if n % 3 == 0 { "井盖坏了" } else { "路灯不亮" }).ok();
        let id = reported(&ground, user, Intake { words, ..lamp() }).await.case_id;
        if n % 3 > 0 {
            lamps.push(id);
        }
    }
    lamps.reverse();
    let acceptor = Actor::staff(user_id(), Role::Acceptor);
    let filter = Filter { words: SoughtWords::new("路灯").ok(), ..Filter::default() };
    for waiting in [24, 14, 4, 0] {
        for page in [3, 50] {
            let found = all(&ground, &acceptor, Queue::All, &filter, page).await;
            assert_eq!(found.iter().map(|row| row.id).collect::<Vec<_>>(), lamps, "{waiting} wait");
        }
        assert_sound(&ground).await;
        assert_eq!(follow_up_some(&ground, 10).await, waiting.min(10));
    }
    follow_up(&ground).await;
    let pairs = "SELECT pair AS said FROM case_pair";
    assert_eq!(ask_aside(&ground, pairs).len(), 24 * 3, "once each");
});
