//! What happens when nothing goes wrong, and when people change their minds.

use crate::{NOW, OPENID, World, doubt, order, refused, said};
use woodlark_domain::Timestamp;
use woodlark_pay::standin::{Call, Unmovable};
use woodlark_pay::{Doubt, FailReason, RefusalCode, State, TransferRequest};

fn waiting() -> State {
    State::WaitUserConfirm { package: None }
}

#[tokio::test]
async fn a_transfer_waits_for_its_recipient_and_is_paid_once_they_confirm() {
    let world = World::new().await;
    let bill = said(world.transfer("A1").await);
    let State::WaitUserConfirm { package: Some(package) } = bill.state else { panic!("{:?}", bill.state) };
    assert!(!package.is_empty());
    assert!(bill.transfer_bill_no.is_some());
    assert_eq!(said(world.query("A1").await).state, waiting());
    assert_eq!((world.pay.paid("A1"), world.pay.paid_to(OPENID)), (0, 0));
    world.pay.confirm("A1").unwrap();
    assert_eq!(said(world.query("A1").await).state, State::Success);
    assert_eq!((world.pay.paid("A1"), world.pay.paid_to(OPENID)), (1, 500));
    assert_eq!(world.pay.confirm("A1"), Err(Unmovable::From("SUCCESS")));
    assert_eq!(world.pay.paid("A1"), 1);
    let calls: Vec<Call> = world.pay.calls().into_iter().map(|(call, _)| call).collect();
    assert_eq!(calls, [Call::Transfer, Call::Query, Call::Query]);
    assert!(world.pay.turned_away().is_empty());
}

#[tokio::test]
async fn the_same_asked_again_is_the_same_bill_with_the_same_package() {
    let world = World::new().await;
    let first = said(world.transfer("A1").await);
    assert_eq!(said(world.transfer("A1").await), first);
    assert_eq!(world.pay.bills(), 1);
    let kept = TransferRequest::kept(order("A1"), world.request("A1").body().to_vec()).unwrap();
    assert_eq!(said(world.client.transfer(&kept, world.moment()).await), first);
}

#[tokio::test]
async fn another_body_under_a_number_that_is_taken_is_refused() {
    let world = World::new().await;
    said(world.transfer("A1").await);
    let other = String::from_utf8(world.request("A1").body().to_vec()).unwrap().replace("谢谢", "感谢");
    let other = TransferRequest::kept(order("A1"), other.into_bytes()).unwrap();
    let refusal = refused(world.client.transfer(&other, world.moment()).await);
    assert_eq!((refusal.status, refusal.code), (400, RefusalCode::InvalidRequest));
    assert_eq!(world.pay.bills(), 1);
}

#[tokio::test]
async fn a_number_that_was_never_asked_for_is_not_found() {
    let world = World::new().await;
    let refusal = refused(world.query("A1").await);
    assert_eq!((refusal.status, refusal.code), (404, RefusalCode::NotFound));
    assert_eq!(refused(world.cancel("A1").await).code, RefusalCode::NotFound);
}

#[tokio::test]
async fn what_nobody_confirms_within_a_day_fails_and_pays_nothing() {
    let world = World::new().await;
    said(world.transfer("A1").await);
    world.pay.set_now(Timestamp(NOW.0 + Timestamp::DAY - 1));
    assert_eq!(said(world.query("A1").await).state, waiting());
    world.pay.set_now(Timestamp(NOW.0 + Timestamp::DAY));
    let state = said(world.query("A1").await).state;
    assert_eq!(state, State::Fail { reason: FailReason::new(FailReason::EXPIRED) });
    assert!(state.frees_number());
    assert_eq!(world.pay.confirm("A1"), Err(Unmovable::From("FAIL")));
    assert_eq!(world.pay.paid("A1"), 0);
}

#[tokio::test]
async fn a_recipient_may_decline_and_a_transfer_may_fail() {
    let world = World::new().await;
    for number in ["A1", "A2"] {
        said(world.transfer(number).await);
    }
    world.pay.decline("A1").unwrap();
    world.pay.fail("A2", "PAYEE_ACCOUNT_ABNORMAL").unwrap();
    assert!(said(world.query("A1").await).state.frees_number());
    let reason = FailReason::new("PAYEE_ACCOUNT_ABNORMAL");
    assert_eq!(said(world.query("A2").await).state, State::Fail { reason });
    assert_eq!(world.pay.paid_to(OPENID), 0);
}

#[tokio::test]
async fn a_bill_that_is_taken_back_can_no_longer_be_confirmed() {
    let world = World::new().await;
    said(world.transfer("A1").await);
    let state = said(world.cancel("A1").await).state;
    assert_eq!(state, State::Canceling);
    assert!(!state.frees_number(), "it is not through yet");
    assert_eq!(world.pay.confirm("A1"), Err(Unmovable::From("CANCELING")));
    assert_eq!(said(world.cancel("A1").await).state, State::Canceling);
    world.pay.finish_cancel("A1").unwrap();
    assert!(said(world.query("A1").await).state.frees_number());
    assert_eq!(world.pay.paid("A1"), 0);
}

#[tokio::test]
async fn a_bill_that_was_paid_is_not_taken_back() {
    let world = World::new().await;
    said(world.transfer("A1").await);
    world.pay.confirm("A1").unwrap();
    assert_eq!(refused(world.cancel("A1").await).code, RefusalCode::InvalidRequest);
    assert_eq!(said(world.query("A1").await).state, State::Success);
}

#[tokio::test]
async fn every_state_is_told_as_it_is() {
    let world = World::new().await;
    let states = [
        State::Accepted,
        State::Processing,
        waiting(),
        State::Transfering,
        State::Canceling,
        State::Cancelled,
        State::Success,
        State::Fail { reason: FailReason::new("TRANSFER_RISK") },
    ];
    for (n, state) in states.into_iter().enumerate() {
        let number = format!("A{n}");
        said(world.transfer(&number).await);
        world.pay.put(&number, state.clone()).unwrap();
        assert_eq!(said(world.query(&number).await).state, state);
    }
}

#[tokio::test]
async fn what_was_only_accepted_is_moved_on_by_asking_again() {
    let world = World::new().await;
    said(world.transfer("A1").await);
    world.pay.put("A1", State::Accepted).unwrap();
    let state = said(world.transfer("A1").await).state;
    assert!(matches!(state, State::WaitUserConfirm { package: Some(_) }), "{state:?}");
}

#[tokio::test]
async fn nobody_there_is_doubt() {
    let world = World::new().await;
    let client = world.client.clone();
    let (order, moment) = (order("A1"), world.moment());
    let address = world.pay.address();
    drop(world);
    // The stand-in's task ends at the next turn of the runtime, and its port with it.
    while std::net::TcpStream::connect(address).is_ok() {
        tokio::task::yield_now().await;
    }
    assert!(matches!(doubt(client.query(&order, moment).await), Doubt::NotReached(_)));
}
