//! How fast the store is on this machine: writes by 64 clients in batches and one by one, reads and the desk's questions
//! beside a growing number of past cases. `cargo run --release -p woodlark-store --example measure -- [URL] [cases …]`
//!
//! Without a URL the databases are files that are removed at the end; a folder in its place is kept, and what is there
//! already is only read. Of reads the quickest of five counts, for others use the machine too.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement for people, run by hand")]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use woodlark_domain::alike::Sought;
use woodlark_domain::case::{Actor, Case, Command, Event, Facts, decide, open};
use woodlark_domain::clock::{Calendar, Limit};
use woodlark_domain::criterion::{Category, Condition, Criterion, CriterionRef, Name};
use woodlark_domain::dispatch::Rule;
use woodlark_domain::place::{Area, AreaLevel};
use woodlark_domain::queue::Queue;
use woodlark_domain::report::{Intake, Reason, Words};
use woodlark_domain::search::{SoughtNumber, SoughtWords};
use woodlark_domain::{
    AreaCode, CaseId, ContentHash, Datum, Door, Fix, FixSource, Kind, Position, Role, Timestamp, UserId,
};
use woodlark_store::cases::queue::{self, Ask, Filter};
use woodlark_store::city::{City, CityData, Department};
use woodlark_store::intake::{Begin, begin, complete};
use woodlark_store::seed::{self, Past};
use woodlark_store::{Config, Halt, Store, cases};

const NOW: Timestamp = Timestamp(1_795_579_200_000_000);
static NEXT: AtomicU64 = AtomicU64::new(1);

fn random() -> [u8; 10] {
    let n = NEXT.fetch_add(1, Ordering::Relaxed);
    let [a, b, c, d, e, f, g, h] = n.wrapping_mul(0x9E37_79B9_7F4A_7C15).to_be_bytes();
    [a, b, c, d, e, f, g, h, 0, 0]
}

fn millis(at: Timestamp) -> u64 {
    u64::try_from(at.millis()).unwrap()
}

fn city() -> CityData {
    let name = || Name::new("百灵", "Lark");
    CityData {
        letters: "FX".to_owned(),
        name: name(),
        hotline: "12345".to_owned(),
        areas: vec![Area {
            code: "310120".parse().unwrap(),
            level: AreaLevel::County,
            name: name(),
            parent: None,
            shape: None,
            label: None,
        }],
        departments: vec![Department { code: "lamps".parse().unwrap(), name: name() }],
        categories: vec![Category {
            code: "C0101".parse().unwrap(),
            name: name(),
            certain: true,
            keywords: Vec::new(),
        }],
        criteria: vec![Criterion {
            category: "C0101".parse().unwrap(),
            version: 1,
            conditions: vec![Condition { name: name(), steps: vec![Limit::work_days(2)], closes_by: name() }],
        }],
        rules: vec![Rule {
            code: "all".parse().unwrap(),
            category: None,
            area: None,
            department: "lamps".parse().unwrap(),
            automatic: true,
        }],
        calendar: Calendar::china(Vec::new()),
        entries: Vec::new(),
        templates: Vec::new(),
        rewards: Vec::new(),
        terms: Vec::new(),
        gifts: Vec::new(),
    }
}

fn report(n: u64) -> Intake {
    let (east, north) =
        (f64::from(u32::try_from(n % 4_000).unwrap()), f64::from(u32::try_from(n / 4_000 % 4_000).unwrap()));
    let raw = Position::new(121.2 + east * 0.000_1, 30.7 + north * 0.000_1).unwrap();
    Intake {
        category: Some("C0101".parse().unwrap()),
        words: Words::new(&format!(
            "路灯不亮，晚上看不清路，{}门{:03x}号杆",
            if n.is_multiple_of(2) { '东' } else { '西' },
            n % 4_096
        ))
        .ok(),
        fix: Some(Fix { raw, datum: Datum::Wgs84, source: FixSource::Device, accuracy_m: Some(9.5) }),
        area: Some("310120".parse().unwrap()),
        ..Intake::empty(Kind::Problem)
    }
}

/// So many whole reports (manifest and completion, two writes each) by 64 clients; writes a second.
async fn writes(store: &Store, city: &Arc<City>, reports: u64) -> (f64, Duration) {
    let start = Instant::now();
    let clients: Vec<_> = (0..64)
        .map(|_| {
            let (store, city) = (store.clone(), Arc::clone(city));
            tokio::spawn(async move {
                let mut took = Vec::new();
                let user = UserId::new(millis(NOW), random());
                for n in 0..reports / 64 {
                    let (id, report) = (CaseId::new(millis(NOW), random()), report(n));
                    let one = Instant::now();
                    let begun = store.write(move |tx| -> Result<(), Halt<()>> {
                        let new = Begin {
                            id,
                            user,
                            door: Door::Browser,
                            manifest: "{}",
                            manifest_hash: [0; 32],
                            report: &report,
                            files: &[],
                            now: NOW,
                        };
                        begin(tx, &new)?;
                        Ok(())
                    });
                    begun.await.unwrap();
                    took.push(one.elapsed());
                    let (one, city) = (Instant::now(), Arc::clone(&city));
                    let completed = store.write(move |tx| -> Result<(), Halt<()>> {
                        complete(tx, id, user, &city, NOW)?;
                        Ok(())
                    });
                    completed.await.unwrap();
                    took.push(one.elapsed());
                }
                took
            })
        })
        .collect();
    let mut took = Vec::new();
    for client in clients {
        took.extend(client.await.unwrap());
    }
    took.sort();
    let p99 = took.get(took.len() * 99 / 100).copied().unwrap_or_default();
    let count = f64::from(u32::try_from(took.len()).unwrap());
    (count / start.elapsed().as_secs_f64(), p99)
}

/// The newest of each batch of cases are open, however many are over: what waits does not grow with the years.
const OPEN: u64 = 5_000;
/// Seconds from one case to the next: two thousand a day.
const APART: i64 = 43;

/// Case number `n` of `size`, the last of which came in now.
fn past(n: u64, size: u64, users: &[UserId]) -> Past {
    let ago = i64::try_from(size - n).unwrap() * APART;
    let at = NOW.plus(-ago * Timestamp::SECOND);
    let id = CaseId::new(millis(at), random());
    let user = users.get(usize::try_from(n).unwrap() % users.len()).copied().unwrap();
    let mut events: Vec<Event> = vec![open(report(n), &Actor::resident(user, Door::Browser), at).unwrap()];
    let area: AreaCode = "310120".parse().unwrap();
    let criterion = CriterionRef { version: 1, condition: 0 };
    let file = Command::File { category: "C0101".parse().unwrap(), area, criterion };
    let department = if n.is_multiple_of(9) { "roads" } else { "lamps" };
    let dispatch = Command::Dispatch { department: department.parse().unwrap(), rule: "all".parse().ok() };
    let mut steps = vec![(Actor::system(), file), (Actor::system(), dispatch)];
    let staff = |role, random| Actor::staff(UserId::new(1, [random; 10]), role);
    let reason = || Reason::new("修好了").unwrap();
    if size - n > OPEN {
        let (handler, verifier) = (staff(Role::Handler, 1), staff(Role::Verifier, 2));
        let handler = handler.of(department.parse().unwrap());
        let photos = vec![ContentHash::from_bytes([7; 32])];
        steps.push((handler.clone(), Command::Sign));
        steps.push((handler, Command::Finish { note: reason(), photos, verdict: None, fix: None }));
        steps.push((verifier, Command::Pass { note: Some(reason()), photos: Vec::new(), fix: None }));
        steps.push((Actor::system(), Command::Settle));
    } else if n.is_multiple_of(4) {
        // A quarter of what is open waits to be dispatched.
        steps.pop();
    }
    for (actor, command) in steps {
        let case = Case::fold(id, &events).unwrap();
        let late = if command == Command::Settle { at.plus(8 * Timestamp::DAY) } else { at };
        let facts = Facts { certain: true, automatic: true, ..Facts::at(late) };
        events.push(decide(&case, &actor, command, &facts).unwrap());
    }
    Past { id, events, photos: Vec::new() }
}

/// The middle time of a read, and the time that one in a hundred exceeds, over a thousand of them.
#[derive(Debug)]
#[expect(dead_code, reason = "printed")]
struct Took {
    p50: Duration,
    p99: Duration,
}

async fn middle<F, W>(mut one: F) -> Took
where
    F: FnMut(usize) -> W,
    W: Future<Output = ()>,
{
    let mut took = Vec::new();
    for n in 0..1_000 {
        let mut quickest = Duration::MAX;
        for _ in 0..5 {
            let start = Instant::now();
            one(n).await;
            quickest = quickest.min(start.elapsed());
        }
        took.push(quickest);
    }
    took.sort();
    let at = |share: usize| took.get(took.len() * share / 100).copied().unwrap_or_default();
    Took { p50: at(50), p99: at(99) }
}

/// What the desk asks: pages of queues, counts, words.
async fn desk(store: &Store) {
    let of = |role| Actor::staff(UserId::new(1, [9; 10]), role);
    let handler = of(Role::Handler).of("roads".parse().unwrap());
    let none = Filter::default;
    let filtered = Filter { category: "C01".parse().ok(), area: "310120".parse().ok(), ..none() };
    let sought = |text: &str| Filter { words: SoughtWords::new(text).ok(), ..none() };
    let asks = [
        ("queue handle", of(Role::Dispatcher), Queue::Handle, none()),
        ("queue overdue", of(Role::Supervisor), Queue::Overdue, none()),
        ("queue handle of a department", handler, Queue::Handle, none()),
        ("queue handle, filtered", of(Role::Dispatcher), Queue::Handle, filtered),
        ("all", of(Role::Acceptor), Queue::All, none()),
        ("search, everywhere", of(Role::Acceptor), Queue::All, sought("路灯不亮")),
        ("search, one in 4096", of(Role::Acceptor), Queue::All, sought("东门 3a6")),
        ("search, nowhere", of(Role::Acceptor), Queue::All, sought("井盖")),
        (
            "number",
            of(Role::Acceptor),
            Queue::All,
            Filter { number: SoughtNumber::new("FX-2026112"), ..none() },
        ),
    ];
    for (name, actor, queue, filter) in asks {
        let first = {
            let (actor, filter) = (actor.clone(), filter.clone());
            store
                .read(move |conn| {
                    queue::page(
                        conn,
                        &Ask { actors: std::slice::from_ref(&actor), queue, filter: &filter, now: NOW },
                        None,
                        20,
                    )
                })
                .await
                .unwrap()
        };
        let after = first.next;
        let took = middle(|n| {
            let (store, actor, filter) = (store.clone(), actor.clone(), filter.clone());
            let after = after.filter(|_| n % 2 == 1);
            async move {
                let page = store.read(move |conn| {
                    queue::page(
                        conn,
                        &Ask { actors: std::slice::from_ref(&actor), queue, filter: &filter, now: NOW },
                        after,
                        20,
                    )
                });
                drop(page.await.unwrap());
            }
        });
        println!("  {name}: {} rows, {:?}", first.rows.len(), took.await);
    }
    for (name, actor) in [
        ("counts of a supervisor", of(Role::Supervisor)),
        ("counts of a handler", of(Role::Handler).of("roads".parse().unwrap())),
    ] {
        let took = middle(|_| {
            let (store, actor) = (store.clone(), actor.clone());
            async move {
                drop(
                    store
                        .read(move |conn| queue::counts(conn, std::slice::from_ref(&actor), NOW))
                        .await
                        .unwrap(),
                )
            }
        });
        let counts = store
            .read({
                let actor = actor.clone();
                move |conn| queue::counts(conn, std::slice::from_ref(&actor), NOW)
            })
            .await
            .unwrap();
        println!(
            "  {name}: {:?}, {:?}",
            counts.iter().map(|(_, count)| *count).collect::<Vec<_>>(),
            took.await
        );
    }
}

/// Winds up what an older schema left, in batches as the server does.
fn wind(store: &Store, city: &Arc<City>) {
    let (start, mut after, mut wound) = (Instant::now(), None, 0);
    loop {
        let city = Arc::clone(city);
        let batch = store
            .write_blocking(move |tx| -> Result<_, Halt<()>> { Ok(cases::wind(tx, &city, after, 100)?) });
        let batch = batch.unwrap();
        wound += batch.cases;
        after = batch.last;
        if after.is_none() {
            break;
        }
    }
    if wound > 0 {
        println!("  {wound} cases of an older schema wound in {:?}", start.elapsed());
    }
}

/// Commands to open cases, one after another: what an event costs.
async fn commands(store: &Store, city: &Arc<City>, ids: &[(CaseId, UserId)]) {
    let (mut took, mut done) = (Vec::new(), 0);
    for (case, _) in ids.iter().rev().take(1_000).copied() {
        let (start, city) = (Instant::now(), Arc::clone(city));
        let joiner = UserId::new(millis(NOW), random());
        let joined = store.write(move |tx| -> Result<_, Halt<()>> {
            let (actor, command) =
                (Actor::resident(joiner, Door::Browser), Command::Join { who: joiner, merged: None });
            Ok(cases::command(tx, &cases::Order { case, actor: &actor, command, now: NOW, city: &city })?)
        });
        done += usize::from(matches!(joined.await.unwrap(), cases::Commanded::Done(_)));
        took.push(start.elapsed());
    }
    took.sort();
    let at = |share: usize| took.get(took.len() * share / 100).copied().unwrap_or_default();
    println!("  a join, one at a time: {:?} ({done} done)", Took { p50: at(50), p99: at(99) });
}

async fn reads(store: &Store, city: &Arc<City>, users: &Arc<Vec<UserId>>, ids: &Arc<Vec<(CaseId, UserId)>>) {
    let user = |n: usize| users.get(n * 7 % users.len()).copied().unwrap();
    let mine = middle(|n| {
        let (store, user) = (store.clone(), user(n));
        async move { drop(store.read(move |conn| cases::mine(conn, user, None, 20)).await.unwrap()) }
    });
    let mine = mine.await;
    let view = middle(|n| {
        let (store, city) = (store.clone(), Arc::clone(city));
        let (id, user) = ids.get(n * 31 % ids.len()).copied().unwrap();
        async move { drop(store.read(move |conn| cases::view(conn, id, user, &city)).await.unwrap().unwrap()) }
    });
    let view = view.await;
    let alike = middle(|n| {
        let store = store.clone();
        let position = Position::new(121.2 + f64::from(u32::try_from(n).unwrap()) * 0.000_3, 30.71).unwrap();
        async move {
            let sought = Sought { kind: Kind::Problem, category: "C0101".parse().ok(), position };
            drop(store.read(move |conn| cases::alike(conn, &sought, None, NOW, 10)).await.unwrap());
        }
    });
    let alike = alike.await;
    println!("  mine {mine:?}, view {view:?}, alike {alike:?}");
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let mut folder = std::env::temp_dir().join(format!("woodlark-measure-{}", std::process::id()));
    let mut url = arguments.next().unwrap_or_else(|| "sqlite".to_owned());
    let kept = url != "sqlite" && !url.starts_with("postgres");
    if kept {
        folder = url.into();
        url = "sqlite".to_owned();
    }
    let sizes: Vec<u64> = arguments.map(|size| size.parse().unwrap()).collect();
    let sizes = if sizes.is_empty() { vec![10_000, 100_000] } else { sizes };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let open = |name: &str, batch: usize| {
        let place =
            if url == "sqlite" { folder.join(name).to_string_lossy().into_owned() } else { url.clone() };
        let store = Store::open(&Config { batch, ..Config::new(place, "310120".parse().unwrap()) }).unwrap();
        store.write_blocking(|tx| woodlark_store::city::import(tx, &city(), None, NOW)).unwrap();
        let city = Arc::new(store.read_blocking(woodlark_store::city::load).unwrap().unwrap());
        (store, city)
    };
    let writing = if kept { &[][..] } else { &[("batched", 512), ("one-by-one", 1)] };
    for (name, batch) in writing.iter().copied() {
        let (store, city) = open(name, batch);
        let (rate, p99) = runtime.block_on(writes(&store, &city, 6_400));
        println!("{name}: {rate:.0} writes a second by 64 clients, p99 {p99:?}");
    }
    let users: Arc<Vec<UserId>> = Arc::new((0..5_000).map(|_| UserId::new(millis(NOW), random())).collect());
    for size in sizes {
        let (there, opening) = (folder.join(format!("grown-{size}")).exists(), Instant::now());
        let (store, city) = open(&format!("grown-{size}"), 512);
        if there {
            println!("{size} past cases, opened in {:?}:", opening.elapsed());
            wind(&store, &city);
            runtime.block_on(desk(&store));
            continue;
        }
        let (mut ids, mut so_far) = (Vec::new(), 0);
        let start = Instant::now();
        while so_far < size {
            let upto = size.min(so_far + 2_000);
            let chunk: Arc<Vec<Past>> = Arc::new((so_far..upto).map(|n| past(n, size, &users)).collect());
            ids.extend(
                chunk.iter().step_by(7).filter_map(|past| Some((past.id, past.events.first()?.by.user?))),
            );
            let city = Arc::clone(&city);
            store
                .write_blocking(move |tx| -> Result<_, Halt<()>> { Ok(seed::cases(tx, &chunk, &city)?) })
                .unwrap();
            so_far = upto;
        }
        let rate = f64::from(u32::try_from(so_far).unwrap()) / start.elapsed().as_secs_f64();
        println!("{so_far} past cases ({rate:.0} a second to write):");
        runtime.block_on(async {
            reads(&store, &city, &users, &Arc::new(ids.clone())).await;
            desk(&store).await;
            commands(&store, &city, &ids).await;
        });
    }
    if !kept {
        let _ = std::fs::remove_dir_all(folder);
    }
}
