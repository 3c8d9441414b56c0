//! Every fault at every call: what the client makes of it, and that asking on under the same number pays once.

use crate::careful::settle;
use crate::{World, order, said};
use woodlark_pay::standin::{Call, Effect, Fault};
use woodlark_pay::{Answer, Client, Doubt, RefusalCode, TransferRequest, Unverified};

const NUMBER: &str = "F1";

/// One call, which may be held; a held one is given up after its time.
async fn call(world: &World, call: Call, fault: Fault) -> Answer {
    let client: Client = world.client.clone();
    let (order, moment) = (order(NUMBER), world.moment());
    let request = TransferRequest::new(&world.merchant, order.clone());
    let asking = async move {
        match call {
            Call::Transfer => client.transfer(&request, moment).await,
            Call::Query => client.query(&order, moment).await,
            Call::Cancel => client.cancel(&order, moment).await,
        }
    };
    if !fault.holds() {
        return asking.await;
    }
    let asked = tokio::spawn(asking);
    world.pay.holds().await;
    // Nothing else is going on: the clock goes on to the client's own limit.
    tokio::time::pause();
    let answer = asked.await.unwrap();
    tokio::time::resume();
    answer
}

/// Whether this answer is the one that this fault must come to.
fn is_right(call: Call, fault: Fault, answer: &Answer) -> bool {
    match (fault, answer) {
        (Fault::ServerErrorBefore | Fault::ServerErrorAfter, Answer::Doubt(Doubt::Status(500)))
        | (Fault::Redirect, Answer::Doubt(Doubt::Status(302)))
        | (Fault::CutBefore | Fault::CutAfter | Fault::CutWithin, Answer::Doubt(Doubt::Cut(_)))
        | (Fault::HeldBefore | Fault::HeldAfter, Answer::Doubt(Doubt::TimedOut))
        | (Fault::Garbage | Fault::Empty, Answer::Doubt(Doubt::Unreadable(_)))
        | (Fault::TooLong, Answer::Doubt(Doubt::TooLong))
        | (Fault::WrongNumber, Answer::Doubt(Doubt::Mismatch("out_bill_no")))
        | (Fault::WrongAmount, Answer::Doubt(Doubt::Mismatch("transfer_amount")))
        | (Fault::WrongMerchant, Answer::Doubt(Doubt::Mismatch("mch_id")))
        | (Fault::TooOften, Answer::Doubt(Doubt::TooOften)) => true,
        (Fault::Unsigned | Fault::ForgedRefusal, Answer::Doubt(Doubt::Unverified { why, .. })) => {
            matches!(why, Unverified::Header(_))
        }
        (Fault::BadlySigned, Answer::Doubt(Doubt::Unverified { why, .. })) => *why == Unverified::Signature,
        (Fault::UnknownKey, Answer::Doubt(Doubt::Unverified { why, .. })) => {
            *why == Unverified::UnknownKey("PUB_KEY_ID_OTHER".to_owned())
        }
        (Fault::Stale | Fault::Ahead, Answer::Doubt(Doubt::Unverified { why, .. })) => {
            *why == Unverified::Stale
        }
        (Fault::UnknownState, Answer::Doubt(Doubt::UnknownState(state))) => state == "SOMETHING_NEW",
        (
            Fault::UnknownCodeBefore | Fault::UnknownCodeAfter,
            Answer::Doubt(Doubt::UnknownCode { status: 400, code }),
        ) => code == "SOMETHING_NEW",
        (Fault::NotEnough, Answer::Refused(refusal)) => {
            call == Call::Transfer && refusal.code == RefusalCode::NotEnough
        }
        // Nobody who asks after a bill lacks the money for it.
        (Fault::NotEnough, Answer::Doubt(Doubt::UnknownCode { code, .. })) => {
            call != Call::Transfer && code == "NOT_ENOUGH"
        }
        (Fault::ParamError, Answer::Refused(refusal)) => refusal.code == RefusalCode::ParamError,
        (Fault::NotFound, Answer::Refused(refusal)) => {
            call != Call::Transfer && refusal.code == RefusalCode::NotFound
        }
        (Fault::NotFound, Answer::Doubt(Doubt::UnknownCode { code, .. })) => {
            call == Call::Transfer && code == "NOT_FOUND"
        }
        _ => false,
    }
}

#[tokio::test]
async fn each_fault_at_each_call_is_told_for_what_it_is_and_pays_at_most_once() {
    for &kind in Call::ALL {
        for &fault in Fault::ALL {
            let world = World::new().await;
            if kind != Call::Transfer {
                said(world.transfer(NUMBER).await);
            }
            world.pay.misbehave(kind, fault);
            let answer = call(&world, kind, fault).await;
            assert!(is_right(kind, fault, &answer), "{kind:?}, {fault:?}: {answer:?}");
            let code = world.pay.state(NUMBER).map(|state| state.code());
            let done = fault.effect() == Effect::Done;
            let expected = match kind {
                Call::Transfer => done.then_some("WAIT_USER_CONFIRM"),
                Call::Query => Some("WAIT_USER_CONFIRM"),
                Call::Cancel => Some(if done { "CANCELING" } else { "WAIT_USER_CONFIRM" }),
            };
            assert_eq!(code, expected, "{kind:?}, {fault:?}");
            world.pay.release();
            // Whatever it was, the careful caller goes on under the same number to the end.
            let cancelled = world.pay.state(NUMBER).is_some_and(|state| state.code() == "CANCELING");
            if cancelled {
                world.pay.finish_cancel(NUMBER).unwrap();
            }
            let state = settle(&world, &world.request(NUMBER), 1).await;
            assert_eq!(state.frees_number(), cancelled, "{kind:?}, {fault:?}");
            assert_eq!(world.pay.paid(NUMBER), u32::from(!cancelled), "{kind:?}, {fault:?}");
            assert_eq!(world.pay.bills(), 1, "{kind:?}, {fault:?}");
            assert!(world.pay.turned_away().is_empty(), "{kind:?}, {fault:?}");
        }
    }
}

#[tokio::test]
async fn a_late_request_that_a_query_did_not_find_arrives_after_all_and_is_paid_once() {
    let world = World::new().await;
    world.pay.misbehave(Call::Transfer, Fault::HeldBefore);
    assert_eq!(call(&world, Call::Transfer, Fault::HeldBefore).await, Answer::Doubt(Doubt::TimedOut));
    assert!(
        matches!(world.query(NUMBER).await, Answer::Refused(refusal) if refusal.code == RefusalCode::NotFound)
    );
    said(world.transfer(NUMBER).await);
    world.pay.release();
    world.pay.confirm(NUMBER).unwrap();
    assert_eq!((world.pay.paid(NUMBER), world.pay.bills()), (1, 1));
}

#[test]
fn every_fault_is_listed_once_and_each_effect_has_one() {
    for (n, fault) in Fault::ALL.iter().enumerate() {
        assert_eq!(Fault::ALL.iter().position(|other| other == fault), Some(n), "{fault:?}");
    }
    for effect in [Effect::None, Effect::Done, Effect::Later] {
        assert!(Fault::ALL.iter().any(|fault| fault.effect() == effect), "{effect:?}");
    }
}
