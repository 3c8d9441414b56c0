//! What is posted to us: the right ones are read, the rest refused with a status, and no kind of wrongness gets through.

use crate::{NOW, World, order, said};
use woodlark_domain::Timestamp;
use woodlark_pay::standin::Push;
use woodlark_pay::{CallbackError, Doubt, FailReason, State, Unverified, callback};

async fn world() -> World {
    let world = World::new().await;
    said(world.transfer("C1").await);
    world.pay.confirm("C1").unwrap();
    world
}

#[tokio::test]
async fn a_callback_tells_which_bill_came_to_which_end() {
    let world = world().await;
    said(world.transfer("C2").await);
    world.pay.fail("C2", "PAYEE_ACCOUNT_ABNORMAL").unwrap();
    for (number, state) in
        [("C1", State::Success), ("C2", State::Fail { reason: FailReason::new("PAYEE_ACCOUNT_ABNORMAL") })]
    {
        let (headers, body) = world.pay.push(number, Push::Right).unwrap();
        let notice = callback(&headers, &body, &world.merchant, NOW).unwrap();
        assert_eq!(notice.of(&order(number)).unwrap().state, state);
        assert_eq!(notice.bill.number.as_str(), number);
        assert_eq!(notice.amount, 500);
    }
}

#[tokio::test]
async fn a_repeated_callback_is_another_signature_and_the_same_event() {
    let world = world().await;
    let (first, body) = world.pay.push("C1", Push::Right).unwrap();
    let (second, again) = world.pay.push("C1", Push::Right).unwrap();
    assert_ne!(first, second);
    let read = |headers, body: &[u8]| callback(headers, body, &world.merchant, NOW).unwrap();
    assert_eq!(read(&first, &body), read(&second, &again));
}

#[tokio::test]
async fn each_wrong_callback_is_refused_for_what_is_wrong_with_it() {
    let world = world().await;
    for &push in Push::ALL {
        let (headers, body) = world.pay.push("C1", push).unwrap();
        let result = callback(&headers, &body, &world.merchant, NOW);
        let right = match push {
            Push::Right => result.is_ok(),
            // It is WeChat Pay's, but not about what we owe.
            Push::WrongAmount => {
                result.clone().unwrap().of(&order("C1")) == Err(Doubt::Mismatch("transfer_amount"))
            }
            Push::BadlySigned | Push::Probe => result == Err(Unverified::Signature.into()),
            Push::Unsigned => matches!(result, Err(CallbackError::Unverified(Unverified::Header(_)))),
            Push::UnknownKey => matches!(result, Err(CallbackError::Unverified(Unverified::UnknownKey(_)))),
            Push::Stale => result == Err(Unverified::Stale.into()),
            Push::Tampered | Push::OtherSeal => result == Err(CallbackError::Sealed),
            Push::OtherMerchant => result == Err(CallbackError::OtherMerchant),
            Push::UnknownState => result == Err(CallbackError::UnknownState("SOMETHING_NEW".to_owned())),
            Push::OtherEvent => result == Err(CallbackError::OtherEvent("TRANSACTION.SUCCESS".to_owned())),
            Push::Garbage => matches!(result, Err(CallbackError::Unreadable(_))),
        };
        assert!(right, "{push:?}: {result:?}");
        if let Err(error) = result {
            assert!((400..500).contains(&error.status()), "{push:?}");
        }
    }
}

#[tokio::test]
async fn a_callback_holds_for_less_than_five_minutes_either_way() {
    let world = world().await;
    let (headers, body) = world.pay.push("C1", Push::Right).unwrap();
    for (aside, right) in
        [(-300, false), (-299, true), (0, true), (299, true), (300, false), (i64::MAX, false)]
    {
        let now = Timestamp(NOW.0.saturating_add(Timestamp::SECOND.saturating_mul(aside)));
        let result = callback(&headers, &body, &world.merchant, now);
        assert_eq!(result.is_ok(), right, "{aside}: {result:?}");
    }
}

#[tokio::test]
async fn a_notice_of_another_order_proves_nothing_about_this_one() {
    let world = world().await;
    let (headers, body) = world.pay.push("C1", Push::Right).unwrap();
    let notice = callback(&headers, &body, &world.merchant, NOW).unwrap();
    assert_eq!(notice.of(&order("C2")), Err(Doubt::Mismatch("out_bill_no")));
}

#[tokio::test]
async fn no_byte_of_a_callback_may_differ_and_no_header_stand_there_twice() {
    let world = world().await;
    let (headers, body) = world.pay.push("C1", Push::Right).unwrap();
    for at in (0..body.len()).step_by(17) {
        let mut other = body.clone();
        other[at] ^= 1;
        let result = callback(&headers, &other, &world.merchant, NOW);
        assert_eq!(result, Err(Unverified::Signature.into()), "byte {at}");
    }
    for name in ["wechatpay-timestamp", "wechatpay-nonce", "wechatpay-serial", "wechatpay-signature"] {
        let mut twice = headers.clone();
        twice.append(name, headers[name].clone());
        let mut without = headers.clone();
        without.remove(name);
        for headers in [twice, without] {
            let result = callback(&headers, &body, &world.merchant, NOW);
            assert!(
                matches!(result, Err(CallbackError::Unverified(Unverified::Header(_)))),
                "{name}: {result:?}"
            );
        }
    }
    let mut scheme = headers;
    scheme.insert("wechatpay-signature-type", "WECHATPAY2-SM2-WITH-SM3".parse().unwrap());
    assert_eq!(callback(&scheme, &body, &world.merchant, NOW), Err(Unverified::Scheme.into()));
}

#[tokio::test]
async fn a_callback_that_is_too_long_is_not_read() {
    let world = world().await;
    let (headers, _) = world.pay.push("C1", Push::Right).unwrap();
    let error = callback(&headers, &vec![b' '; 64 * 1024 + 1], &world.merchant, NOW).unwrap_err();
    assert_eq!((error.status(), error), (413, CallbackError::TooLong));
}
