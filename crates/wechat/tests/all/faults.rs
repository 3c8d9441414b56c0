//! Every fault at every call: what the client makes of it, and whether it was done.

use crate::login::get;
use crate::{World, notify};
use woodlark_wechat::standin::{Call, Fault, StandIn, voice};
use woodlark_wechat::{
    App, Client, Consent, Failure, LoginError, Lost, MediaError, MediaKind, NotSent, Reason,
};

/// What came of a call, whatever it was.
#[derive(Debug, PartialEq)]
enum Came {
    Done,
    Failed(Failure),
    /// The media was something else.
    OtherKind,
    /// The media was too long.
    TooLong,
}

/// Calls that a client makes.
const CALLS: &[Call] = &[
    Call::StableToken,
    Call::GetTicket,
    Call::AccessToken,
    Call::JsCode2Session,
    Call::MediaGet,
    Call::BizSend,
    Call::Send,
];

async fn call(world: &World, call: Call) -> Came {
    let of_login = |error| match error {
        LoginError::Failed(failure) => Came::Failed(failure),
        other @ (LoginError::State | LoginError::Denied | LoginError::UsedCode | LoginError::Blocked) => {
            panic!("{other}")
        }
    };
    let code = |app| world.wechat.code(app).parse().unwrap();
    match call {
        Call::StableToken | Call::GetTicket => {
            world.js_config().await.map_or_else(Came::Failed, |_| Came::Done)
        }
        Call::AccessToken => {
            world.client.login(&code(App::Official)).await.map_or_else(of_login, |_| Came::Done)
        }
        Call::JsCode2Session => {
            world.client.mini_login(&code(App::Mini)).await.map_or_else(of_login, |_| Came::Done)
        }
        Call::MediaGet => {
            let id = world.wechat.store_media(MediaKind::Amr, voice()).parse().unwrap();
            match world.client.media(&id, 10_000, world.wechat.now()).await {
                Ok(_) => Came::Done,
                Err(MediaError::Failed(failure)) => Came::Failed(failure),
                Err(MediaError::Kind(_)) => Came::OtherKind,
                Err(MediaError::TooLong(_)) => Came::TooLong,
                Err(MediaError::Expired) => panic!("it is there"),
            }
        }
        Call::BizSend => of_message(notify::send_official(world).await),
        Call::Send => of_message(notify::send_mini(world).await),
        Call::Authorize | Call::Sdk => panic!("a browser asks for it"),
    }
}

fn of_message(result: Result<(), NotSent>) -> Came {
    match result {
        Ok(()) => Came::Done,
        Err(error) => {
            let consent = error.consent();
            let NotSent::Failed(failure) = error else { panic!("{error}") };
            // A message that may have been sent is never said not to be.
            assert_eq!(consent == Consent::Kept, failure.is_certain(), "{failure}");
            Came::Failed(failure)
        }
    }
}

/// One call, which may be held; a held one is given up after its time.
async fn call_with(world: &World, kind: Call, fault: Fault) -> Came {
    world.wechat.misbehave(kind, fault);
    if fault != Fault::Held {
        return call(world, kind).await;
    }
    let held = async {
        world.wechat.holds().await;
        // Nothing else is going on: the clock goes on to the client's own limit.
        tokio::time::pause();
    };
    let (came, ()) = tokio::join!(call(world, kind), held);
    tokio::time::resume();
    world.wechat.release();
    came
}

/// Whether this is what this fault must come to.
fn is_right(call: Call, fault: Fault, came: &Came) -> bool {
    let with_token = matches!(call, Call::GetTicket | Call::MediaGet | Call::BizSend | Call::Send);
    let refused = |reason| matches!(came, Came::Failed(failure) if failure.reason() == Some(reason));
    let media = call == Call::MediaGet;
    match fault {
        Fault::InvalidToken | Fault::ExpiredToken if with_token => *came == Came::Done,
        Fault::InvalidToken | Fault::ExpiredToken if call == Call::StableToken => refused(Reason::Account),
        Fault::InvalidToken | Fault::ExpiredToken => refused(Reason::Token),
        Fault::TooOften => refused(Reason::TooOften),
        Fault::Busy => refused(Reason::Busy),
        Fault::ServerError => *came == Came::Failed(Failure::Status(500)),
        Fault::Cut | Fault::CutWithin => matches!(came, Came::Failed(Failure::Lost(Lost::Cut(_)))),
        Fault::Held => *came == Came::Failed(Failure::Lost(Lost::TimedOut)),
        Fault::Garbage if media => *came == Came::OtherKind,
        Fault::TooLong if media => *came == Came::TooLong,
        Fault::Garbage | Fault::Empty => matches!(came, Came::Failed(Failure::Unreadable(_))),
        Fault::TooLong => matches!(came, Came::Failed(Failure::Lost(Lost::TooLong(_)))),
    }
}

#[tokio::test]
async fn each_fault_at_each_call_is_told_for_what_it_is_and_the_next_call_goes_well() {
    for &kind in CALLS {
        for &fault in Fault::ALL {
            let world = World::new().await;
            let came = call_with(&world, kind, fault).await;
            assert!(is_right(kind, fault, &came), "{kind:?}, {fault:?}: {came:?}");
            if matches!(kind, Call::BizSend | Call::Send) {
                let sent = fault.is_done() || came == Came::Done;
                assert_eq!(world.wechat.messages().len(), usize::from(sent), "{kind:?}, {fault:?}");
            }
            assert_eq!(call(&world, kind).await, Came::Done, "{kind:?}, {fault:?}");
            assert!(world.wechat.turned_away().is_empty(), "{kind:?}, {fault:?}");
        }
    }
}

#[tokio::test]
async fn each_fault_is_met_by_a_browser_too() {
    for call in [Call::Authorize, Call::Sdk] {
        let world = World::new().await;
        let url = format!("{}{}", world.wechat.origin(), call.route().1);
        world.wechat.misbehave(call, Fault::ServerError);
        world.wechat.misbehave(call, Fault::Garbage);
        assert_eq!(get(&world, &url).await.status, 500);
        assert_eq!(&get(&world, &url).await.body[..], b"<html>");
        assert_eq!(world.wechat.called(call), 2);
    }
}

#[tokio::test]
async fn what_wechat_has_not_is_turned_away_and_remembered() {
    let world = World::new().await;
    let came = get(&world, &format!("{}/cgi-bin/token?x=1", world.wechat.origin())).await;
    assert_eq!(came.status, 404);
    assert_eq!(world.wechat.turned_away(), ["GET /cgi-bin/token"]);
}

#[test]
fn every_call_and_every_fault_is_listed_once() {
    for (n, fault) in Fault::ALL.iter().enumerate() {
        assert_eq!(Fault::ALL.iter().position(|other| other == fault), Some(n), "{fault:?}");
    }
    for (n, call) in Call::ALL.iter().enumerate() {
        assert_eq!(Call::ALL.iter().position(|other| other.route() == call.route()), Some(n), "{call:?}");
    }
}

/// Clients and stand-ins go from task to task.
#[test]
fn a_client_may_be_shared_between_tasks() {
    fn shared<T: Send + Sync + 'static>() {}
    fn sent(_: impl Send) {}
    shared::<Client>();
    shared::<StandIn>();
    sent(async |world: World| (world.js_config().await, notify::send_official(&world).await));
    let whole = async {
        let world = World::new().await;
        call(&world, Call::MediaGet).await
    };
    sent(whole);
}
