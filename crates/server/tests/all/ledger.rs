//! The ledger, from a resident's report through the server's own jobs to what is published of the day.

use crate::harness::Server;
use woodlark_domain::Timestamp;
use woodlark_server::jobs;
use woodlark_store::check::check;
use woodlark_store::ledger;

#[tokio::test]
async fn a_reported_problem_becomes_an_entry_and_the_day_is_published_once() {
    let server = Server::start().await;
    let mut resident = server.resident().await;
    resident.report("井盖松动", &[]).await;
    resident.report("又一个井盖", &[]).await;
    resident.uncertain_report("还没立案", &[]).await;
    let roots = || async { server.app.store.read(|conn| ledger::roots(conn, None, 10)).await.unwrap() };
    jobs::post_deeds(server.app.clone()).await;
    jobs::publish_ledger(server.app.clone()).await;
    assert_eq!(roots().await, [], "nothing was followed up yet, and the day is not over");
    for _ in 0..2 {
        jobs::follow_up(server.app.clone()).await;
        jobs::post_deeds(server.app.clone()).await;
    }
    server.clock.advance(Timestamp::DAY);
    for _ in 0..2 {
        jobs::publish_ledger(server.app.clone()).await;
    }
    let published = roots().await;
    let told: Vec<_> = published.iter().map(|one| (one.root.books, one.root.entries)).collect();
    assert_eq!(told, [(1, 2)], "two problems were filed; what waits confirms nothing");
    server.clock.advance(3 * Timestamp::DAY);
    jobs::publish_ledger(server.app.clone()).await;
    let published = roots().await;
    assert_eq!(published.len(), 4, "days without a server are published when there is one again");
    assert!(published.windows(2).all(|pair| pair[0].root.follows(&pair[1].root)));
    let checked = server.app.store.read(check).await.unwrap();
    assert!(checked.is_sound(), "{:?}", checked.problems);
}
