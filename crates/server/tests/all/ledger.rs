//! The ledger, from a resident's report through the server's own jobs to what is published of the day.

use crate::harness::{Device, Server};
use crate::session::link;
use axum::http::{StatusCode, header};
use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};
use serde_json::{Value, json};
use std::path::Path;
use woodlark_domain::Timestamp;
use woodlark_domain::city::Deed;
use woodlark_ledger::bytes::{from_hex, from_hex_all};
use woodlark_ledger::chain::Broken;
use woodlark_ledger::check::{Found, Given, Inclusion, Part, Seen, check};
use woodlark_ledger::root::DayRoot;
use woodlark_ledger::tree::Sibling;
use woodlark_server::jobs;
use woodlark_store::ledger;
use woodlark_wire::{
    LedgerChain, LedgerDeeds, LedgerEntry, LedgerFile, LedgerRoot, LedgerView, Page, PointsView, path,
};

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
    let checked = server.app.store.read(woodlark_store::check::check).await.unwrap();
    assert!(checked.is_sound(), "{:?}", checked.problems);
}

/// What was followed up and posted by now.
async fn posted(server: &Server) {
    for _ in 0..2 {
        jobs::follow_up(server.app.clone()).await;
        jobs::post_deeds(server.app.clone()).await;
    }
}

/// Alters entries as nobody can whom the triggers hold.
fn alter(database: &Path, statement: &str) {
    let mut conn = SqliteConnection::establish(&database.display().to_string()).unwrap();
    conn.batch_execute("DROP TRIGGER IF EXISTS ledger_entry_refuses_update").unwrap();
    conn.batch_execute(statement).unwrap();
}

/// What the reader's browser finds of their book, with the code that it runs.
async fn found(device: &mut Device, seen: Option<Seen>) -> Found {
    let chain = chain(device, None).await;
    found_in(device, chain, seen).await
}

/// A whole chain as it is kept, which is one piece in these tests.
async fn chain(device: &mut Device, book: Option<&str>) -> LedgerChain {
    let answer = device.get(&path::ledger_chain(book, 0)).await;
    let chain: LedgerChain = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(chain.next, None);
    chain
}

async fn found_in(device: &mut Device, chain: LedgerChain, seen: Option<Seen>) -> Found {
    let newest = chain.proof.as_ref().map(|proof| proof.root.day);
    let roots = device.get("/api/v1/ledger/roots").await;
    let roots: Page<LedgerRoot> = serde_json::from_slice(&roots.body).unwrap();
    let roots: Vec<DayRoot> = roots
        .rows
        .iter()
        .rev()
        .map(|root| DayRoot {
            adcode: root.adcode.as_bytes().try_into().unwrap(),
            day: i32::try_from(root.day).unwrap(),
            books: root.books,
            entries: root.entries,
            tree: from_hex(&root.tree).unwrap(),
            before: from_hex(&root.before).unwrap(),
        })
        .collect();
    assert_eq!(newest, roots.last().map(|root| i64::from(root.day)));
    let inclusion = chain.proof.and_then(|proof| proof.inclusion).map(|one| Inclusion {
        day: i32::try_from(one.day).unwrap(),
        seq: one.seq,
        hash: from_hex(&one.hash).unwrap(),
        way: one
            .way
            .iter()
            .map(|one| Sibling { depth: one.depth, hash: from_hex(&one.hash).unwrap() })
            .collect(),
    });
    let bytes = from_hex_all(&chain.chain).unwrap();
    let given = Given {
        adcode: chain.adcode.as_bytes().try_into().unwrap(),
        book: chain.book.unwrap().parse().unwrap(),
        chain: &bytes,
        roots: &roots,
        inclusion: inclusion.as_ref(),
        offset_minutes: i32::try_from(chain.offset_minutes).unwrap(),
        seen,
    };
    check(&given, |_| {})
}

async fn view(device: &mut Device) -> LedgerView {
    serde_json::from_slice(&device.get("/api/v1/ledger").await.body).unwrap()
}

#[tokio::test]
async fn a_resident_reads_their_own_book_and_nobody_elses() {
    let server = Server::start().await;
    let (mut resident, mut other) = (server.resident().await, server.resident().await);
    let (case, receipt) = resident.report("井盖松动", &[]).await;
    posted(&server).await;
    let mine = view(&mut resident).await;
    assert_eq!((mine.account, mine.points, mine.seq, mine.year), (true, 10, 1, 2026));
    assert_eq!(mine.deeds, [LedgerDeeds { deed: Deed::ProblemFiled, count: 1, points: 10 }]);
    assert_eq!((mine.months.len(), mine.months[11].month, mine.months[11].points), (12, 202_611, 10));
    assert_eq!((mine.badges[0].level, mine.badges[0].next, mine.badges[1].level), (1, Some(10), 0));
    let entry = &mine.entries[0];
    assert_eq!((entry.cause.as_str(), entry.points, entry.worth), ("deed", 10, Some(10)));
    let of = entry.case.as_ref().unwrap();
    assert_eq!((of.id.to_string(), &of.words), (case, &"井盖松动".to_owned()));
    assert_eq!(receipt["number"], of.number);
    assert_eq!((mine.next, mine.years), (None, vec![2026]));

    let book = mine.book.unwrap();
    let theirs = view(&mut other).await;
    assert_eq!(
        (theirs.account, theirs.book.clone(), theirs.points, theirs.entries.len()),
        (true, None, 0, 0)
    );
    assert_eq!(theirs.badges.len(), 4, "what there is to be reached is shown");
    let foreign = other.get(&path::ledger_chain(Some(&book), 0)).await;
    assert_eq!((foreign.status, foreign.problem()), (StatusCode::NOT_FOUND, "not_found".to_owned()));
    let foreign = other.get(&path::ledger_entries(Some(&format!("{book}_9")))).await;
    assert_eq!((foreign.status, foreign.json()["rows"].clone()), (StatusCode::OK, json!([])));
    let file = other.get(path::LEDGER_JSON).await;
    assert_eq!((file.status, file.json()["books"].clone()), (StatusCode::OK, json!([])));
    let statement = other.get(path::LEDGER_STATEMENT).await.text();
    assert!(!statement.contains(&of.number) && statement.contains("class=\"none\""), "{statement}");
    assert!(!view(&mut server.device()).await.account);
    assert!(other.get("/api/v1/ledger/entries?before=1").await.status.is_client_error());
}

#[tokio::test]
async fn entries_are_turned_page_by_page_and_none_is_left_out() {
    let server = Server::start().await;
    let mut resident = server.resident().await;
    for number in 1..=41 {
        resident.report(&format!("第{number}件"), &[]).await;
    }
    posted(&server).await;
    let first = view(&mut resident).await;
    assert_eq!((first.seq, first.points, first.entries.len()), (41, 200, 20));
    assert_eq!((first.entries[0].points, first.entries[0].worth), (0, Some(10)), "the month gives no more");
    let mut seen: Vec<u64> = first.entries.iter().map(|entry| entry.seq).collect();
    let mut next = first.next;
    while let Some(cursor) = next {
        let page = resident.get(&path::ledger_entries(Some(&cursor))).await;
        let page: Page<LedgerEntry> = serde_json::from_slice(&page.body).unwrap();
        seen.extend(page.rows.iter().map(|entry| entry.seq));
        next = page.next;
    }
    assert_eq!(seen, (1..=41).rev().collect::<Vec<_>>());
}

#[tokio::test]
async fn a_browser_checks_the_book_before_and_after_the_day_is_published() {
    let server = Server::start().await;
    let (mut resident, mut poorer) = (server.resident().await, server.resident().await);
    resident.report("井盖松动", &[]).await;
    resident.report("又一个", &[]).await;
    poorer.report("路灯不亮", &[]).await;
    posted(&server).await;
    let before = found(&mut resident, None).await;
    assert_eq!((before.entries, before.broken, before.included), (2, None, Part::Nothing));
    assert_eq!((before.balances.points, before.roots), (20, Part::Nothing));
    let share = resident.get(path::LEDGER_SHARE).await.json();
    assert_eq!(share["ahead_of"], Value::Null, "nothing is published yet");

    server.clock.advance(Timestamp::DAY);
    jobs::publish_ledger(server.app.clone()).await;
    resident.report("第二天", &[]).await;
    posted(&server).await;
    let whole = chain(&mut resident, None).await;
    let rest: LedgerChain =
        serde_json::from_slice(&resident.get(&path::ledger_chain(whole.book.as_deref(), 1)).await.body)
            .unwrap();
    assert!(!rest.chain.is_empty() && rest.chain.len() < whole.chain.len());
    assert!(whole.chain.ends_with(&rest.chain) && rest.proof.is_none(), "a piece is the rest of the whole");
    let seen = Seen { seq: before.head.seq, hash: before.head.hash, day: 0, root: [0; 32] };
    let after = found(&mut resident, Some(seen)).await;
    assert!(after.sound(), "{after:?}");
    assert!(matches!(after.included, Part::Holds((_, 2))), "the third is of today: {after:?}");
    assert_eq!((after.entries, after.roots, after.unchanged), (3, Part::Holds(1), Part::Holds(2)));
    let share = resident.get(path::LEDGER_SHARE).await.json();
    assert!(share["ahead_of"].as_u64().is_some_and(|share| share > 0 && share <= 100), "{share}");
    let roots = server.device().get(path::LEDGER_ROOTS).await.json();
    assert_eq!((&roots["rows"][0]["books"], &roots["rows"][0]["entries"]), (&json!(2), &json!(3)));
    assert_eq!(roots["rows"][0]["date"], "2026-11-23");
}

#[tokio::test]
async fn the_check_names_the_entry_that_somebody_altered_in_the_database() {
    let server = Server::start().await;
    let mut resident = server.resident().await;
    for words in ["一", "二", "三"] {
        resident.report(words, &[]).await;
    }
    posted(&server).await;
    assert_eq!(found(&mut resident, None).await.broken, None);
    // Ten points of the second become a hundred and ten, as somebody would do it who has the database in hand.
    let path = server.data.path().join("woodlark.sqlite");
    alter(
        &path,
        "UPDATE ledger_entry SET body = unhex(replace(hex(body), '00000000000A', '00000000006E')) WHERE seq = 2",
    );
    let broken = found(&mut resident, None).await;
    assert_eq!((broken.entries, broken.broken), (1, Some((2, Broken::Altered))));
    assert!(!broken.sound());
    let shown = view(&mut resident).await;
    let second = shown.entries.iter().find(|entry| entry.seq == 2).unwrap();
    assert_eq!(second.points, 110, "the page shows what is kept; it is the check that finds it");
    // Bytes that are no entry any more hide none of the others.
    alter(&path, "UPDATE ledger_entry SET body = x'00' WHERE seq = 2");
    let shown = view(&mut resident).await;
    let told: Vec<_> = shown.entries.iter().map(|entry| entry.cause.as_str()).collect();
    assert_eq!(told, ["deed", "unreadable", "deed"]);
    assert_eq!(found(&mut resident, None).await.broken, Some((2, Broken::Unreadable)));
}

#[tokio::test]
async fn a_ledger_is_exported_as_a_table_a_file_and_a_statement() {
    let server = Server::start().await;
    let mut resident = server.resident().await;
    let (_, receipt) = resident.report("=井盖,松动", &[]).await;
    posted(&server).await;
    let number = receipt["number"].as_str().unwrap();
    let csv = resident.get(&format!("{}?lang=en", path::LEDGER_CSV)).await;
    assert_eq!(csv.headers[header::CONTENT_TYPE], "text/csv; charset=utf-8");
    let text = csv.text();
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].starts_with("\u{feff}\"No.\",\"When\",\"What\"") && lines.len() == 2, "{text}");
    assert!(
        lines[1].starts_with("1,\"2026-11-23 10:00\",\"Problem filed\",10,0.00,0.00,")
            && lines[1].contains(number),
        "{text}"
    );
    assert!(lines[1].contains("\"'=井盖,松动\""), "no formula: {text}");
    let json = resident.get(path::LEDGER_JSON).await;
    assert!(json.headers[header::CONTENT_DISPOSITION].to_str().unwrap().starts_with("attachment"));
    let file: LedgerFile = serde_json::from_slice(&json.body).unwrap();
    assert_eq!((file.books.len(), file.books[0].points, file.books[0].entries.len()), (1, 10, 1));
    let chain = resident.get(path::LEDGER_CHAIN).await.json();
    assert_eq!(chain["chain"], file.books[0].chain, "the very bytes that the check reads");
    for (address, has) in [(path::LEDGER_STATEMENT.to_owned(), true), (path::ledger_statement(2025), false)] {
        let page = resident.get(&address).await;
        assert_eq!(page.status, StatusCode::OK);
        assert_eq!(page.text().contains(number), has, "{address}");
    }
    for nobodys in [path::LEDGER_CSV, path::LEDGER_JSON] {
        assert_eq!(server.device().get(nobodys).await.problem(), "not_signed_in");
    }
}

#[tokio::test]
async fn anyone_reads_the_table_of_points_and_what_it_was() {
    let server = Server::start().await;
    let points: PointsView =
        serde_json::from_slice(&server.device().get(path::LEDGER_POINTS).await.body).unwrap();
    let worth = |deed| points.rewards.iter().find(|one| one.deed == deed).map(|one| one.points);
    assert_eq!(
        (points.monthly_cap, worth(Deed::ProblemFiled), worth(Deed::Joined)),
        (200, Some(10), Some(1))
    );
    assert_eq!(points.versions.first().map(|one| one.rewards.clone()), Some(points.rewards));
}

#[tokio::test]
async fn whoever_brings_a_second_account_along_has_both_books_and_all_their_entries() {
    let server = Server::start().await;
    let (mut old, mut new) = (server.resident().await, server.resident().await);
    for words in ["一", "二"] {
        old.report(words, &[]).await;
    }
    new.report("三", &[]).await;
    posted(&server).await;
    server.clock.advance(Timestamp::DAY);
    jobs::publish_ledger(server.app.clone()).await;
    for device in [&mut new, &mut old] {
        assert_eq!(link(&server, device, "13812345678").await, StatusCode::OK);
        server.clock.advance(Timestamp::HOUR);
    }
    let view = view(&mut old).await;
    assert_eq!((view.points, view.badges[0].deeds, view.deeds[0].count), (30, 3, 3), "as one");
    let causes: Vec<_> = view.entries.iter().map(|entry| entry.cause.as_str()).collect();
    assert_eq!(causes, ["carried_in", "deed", "carried_out", "deed", "deed"], "book after book");
    assert_eq!(view.next, None);
    let books = chain(&mut old, None).await.books;
    assert_eq!((books.len(), books.first()), (2, view.book.as_ref()));
    for book in &books {
        let chain = chain(&mut old, Some(book)).await;
        let found = found_in(&mut old, chain, None).await;
        assert!(found.sound() && matches!(found.included, Part::Holds(_)), "{found:?}");
    }
    let page = old.get(&path::ledger_entries(Some(&format!("{}_2", books[0])))).await.json();
    assert_eq!(page["rows"].as_array().unwrap().len(), 4, "it goes on in the book before");
    assert!(old.get(path::LEDGER_STATEMENT).await.text().contains(&books[1]));
}
