//! What the server does by itself as time goes by: its clock is the one that it was given.

use crate::harness::{Server, photo, post};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use woodlark_domain::{Role, Timestamp};
use woodlark_server::edge::{RateLimits, Rates};
use woodlark_server::jobs;

#[tokio::test]
async fn a_closed_case_settles_by_itself_once_nobody_may_contest_it_any_more() {
    let server = Server::start().await;
    let mut device = server.resident().await;
    let (case, _) = server.closed(&mut device).await;
    server.clock.advance(7 * Timestamp::DAY);
    jobs::turn_the_clock(server.app.clone()).await;
    assert_eq!(device.view(&case).await["state"], "closed");
    server.clock.advance(1);
    for _ in 0..2 {
        jobs::turn_the_clock(server.app.clone()).await;
        let view = device.view(&case).await;
        assert_eq!(view["state"], "settled");
        assert_eq!(
            view["steps"].as_array().unwrap().iter().filter(|step| step["command"] == "settle").count(),
            1
        );
    }
}

#[tokio::test]
async fn what_lies_for_weeks_is_raised_and_stays_what_it_is() {
    let server = Server::start().await;
    let mut device = server.resident().await;
    let (case, _) = device.report("井盖松动", &[&photo("landscape_1.jpg")]).await;
    server.clock.advance(60 * Timestamp::DAY);
    jobs::turn_the_clock(server.app.clone()).await;
    let due = server.app.store.read(|conn| woodlark_store::cases::due(conn, Timestamp(i64::MAX), None, 10));
    assert_eq!(due.await.unwrap(), [], "a supervisor was called, and nothing more is to be done");
    assert_eq!(device.view(&case).await["state"], "dispatched");
    let mut chief = server.staff(&[post(Role::Supervisor)]).await;
    let calls = chief.desk_case(&case).await["escalations"].clone();
    let called = |twice: bool| -> Vec<&str> {
        let of = calls.as_array().unwrap().iter().filter(|call| call["twice"] == twice);
        of.map(|call| call["role"].as_str().unwrap()).collect()
    };
    assert_eq!(called(false), ["dispatcher", "handler"], "{calls}");
    assert_eq!(called(true), ["supervisor"], "{calls}");
    assert!(calls[0]["department"].is_null() && calls[1]["department"]["zh"].is_string(), "{calls}");
    assert!(server.app.store.read(woodlark_store::check::check).await.unwrap().is_sound());
}

#[tokio::test]
async fn the_jobs_end_when_the_server_is_to_stop() {
    let server = Server::start().await;
    let some = NonZeroU32::new(10).unwrap();
    let rates = Rates::new(RateLimits { reads: some, writes: some });
    let (stopping, stop) = watch::channel(false);
    let jobs = jobs::start(&server.app, &Arc::clone(&rates), stop);
    stopping.send(true).unwrap();
    tokio::time::timeout(Duration::from_secs(10), jobs.ended()).await.unwrap();
}
