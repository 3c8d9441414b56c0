//! How somebody pays who does it right: one number, asked after until there is a word that ends it. Over any series of
//! faults this pays once, and it does come to its end.

use crate::{OPENID, World};
use proptest::prelude::*;
use woodlark_domain::Timestamp;
use woodlark_pay::standin::{Call, Fault};
use woodlark_pay::{Answer, Remedy, State, TransferRequest};

/// What becomes of a bill that waits for its recipient.
#[derive(Debug, Clone, Copy)]
enum Then {
    Confirms,
    Declines,
    Forgets,
    TakenBack,
}

/// Asks on until the bill has come to its end; its recipient confirms whenever they are asked to. At most so many calls go
/// wrong on the way.
pub(crate) async fn settle(world: &World, request: &TransferRequest, faults: usize) -> State {
    settle_as(world, request, faults, Then::Confirms).await
}

async fn settle_as(world: &World, request: &TransferRequest, faults: usize, then: Then) -> State {
    let number = request.order().number().as_str();
    let order = request.order();
    // Each fault costs a turn, each step to the end a few more.
    for _ in 0..faults + 8 {
        let answer = world.client.query(order, world.moment()).await;
        let again = match answer {
            Answer::Said(bill) if bill.state.is_final() => return bill.state,
            Answer::Said(bill) => {
                if matches!(bill.state, State::WaitUserConfirm { .. }) {
                    match then {
                        Then::Confirms => world.pay.confirm(number).unwrap(),
                        Then::Declines => world.pay.decline(number).unwrap(),
                        Then::Forgets => {
                            world.pay.set_now(Timestamp(world.pay.now().0 + Timestamp::DAY));
                        }
                        Then::TakenBack => drop(world.client.cancel(order, world.moment()).await),
                    }
                }
                if bill.state == State::Canceling {
                    world.pay.finish_cancel(number).unwrap();
                }
                bill.state == State::Accepted
            }
            Answer::Refused(refusal) => refusal.code.remedy() == Remedy::SameAgain,
            Answer::Doubt(_) => false,
        };
        if again {
            let _ = world.client.transfer(request, world.moment()).await;
        }
    }
    panic!("it has not come to its end: {:?}", world.pay.state(number));
}

/// Any fault but those that hold: they take the test's own clock and are tried one by one.
fn fault() -> impl Strategy<Value = Fault> {
    let quick: Vec<Fault> = Fault::ALL.iter().copied().filter(|fault| !fault.holds()).collect();
    prop::sample::select(quick)
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn over_any_series_of_faults_it_is_paid_once(
        transfers in prop::collection::vec(fault(), 0..6),
        queries in prop::collection::vec(fault(), 0..6),
    ) {
        runtime().block_on(async {
            let world = World::new().await;
            for fault in &transfers {
                world.pay.misbehave(Call::Transfer, *fault);
            }
            for fault in &queries {
                world.pay.misbehave(Call::Query, *fault);
            }
            let _ = world.transfer("P1").await;
            let state = settle(&world, &world.request("P1"), transfers.len() + queries.len()).await;
            assert_eq!(state, State::Success);
            assert_eq!((world.pay.paid("P1"), world.pay.bills(), world.pay.paid_to(OPENID)), (1, 1, 500));
        });
    }

    #[test]
    fn over_several_numbers_nobody_is_paid_twice(
        lives in prop::collection::vec(
            (
                prop::sample::select(&[Then::Confirms, Then::Declines, Then::Forgets, Then::TakenBack][..]),
                prop::collection::vec((prop::sample::select(Call::ALL), fault()), 0..4),
            ),
            1..4,
        ),
    ) {
        runtime().block_on(async {
            let world = World::new().await;
            let mut owed = true;
            for (n, (then, faults)) in lives.iter().enumerate() {
                for (call, fault) in faults {
                    world.pay.misbehave(*call, *fault);
                }
                let request = world.request(&format!("P{n}"));
                let _ = world.client.transfer(&request, world.moment()).await;
                // A fault that was waited for in vain is met under a later number.
                let state = settle_as(&world, &request, lives.len() * 4, *then).await;
                if !state.frees_number() {
                    owed = false;
                    break;
                }
            }
            assert_eq!(owed, lives.iter().all(|(then, _)| !matches!(then, Then::Confirms)));
            assert_eq!(world.pay.paid_to(OPENID), if owed { 0 } else { 500 });
        });
    }
}
