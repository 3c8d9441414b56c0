//! What the tests stand on: a store on either engine, a small city, people and reports.

use crate::cluster;
use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, RunQueryDsl as _};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use woodlark_domain::case::{Actor, Command};
use woodlark_domain::clock::{Calendar, Limit};
use woodlark_domain::criterion::{Category, Condition, Criterion, Name};
use woodlark_domain::dispatch::Rule;
use woodlark_domain::place::{Area, AreaLevel, Shape};
use woodlark_domain::report::{Intake, Words};
use woodlark_domain::{
    AreaCode, CaseId, CategoryCode, ContentHash, Datum, DepartmentCode, Door, EntryCode, Fix, FixSource,
    Kind, Position, RuleCode, Timestamp, UserId,
};
use woodlark_store::city::{City, CityData, Department, Entry};
use woodlark_store::intake::{Begin, Begun, Completed, Expected, Receipt, Role};
use woodlark_store::media::Media;
use woodlark_store::{Config, Fault, Halt, Hash, Store, accounts, cases, follow_up, intake};

/// One body, two tests.
macro_rules! both {
    ($(#[$meta:meta])* $name:ident, $body:expr) => {
        $(#[$meta])*
        mod $name {
            use super::*;

            #[test]
            fn on_sqlite() {
                crate::fixture::on_sqlite($body);
            }

            #[test]
            fn on_postgres() {
                crate::fixture::on_postgres($body);
            }
        }
    };
}
pub(crate) use both;

pub(crate) const NOON: Timestamp = Timestamp(1_795_579_200_000_000); // 2026-11-25 12:00 in China, a Wednesday

static NEXT: AtomicU64 = AtomicU64::new(1);

fn next() -> u64 {
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// A folder that goes when it is dropped.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        let folder = std::env::temp_dir().join(format!("woodlark-store-{}-{}", std::process::id(), next()));
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub(crate) fn config(url: impl Into<String>) -> Config {
    Config { connections: 4, ..Config::new(url, AreaCode::new("310120").unwrap()) }
}

pub(crate) fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

/// A test's ground: an open store with the city in it.
pub(crate) struct Ground {
    pub(crate) store: Store,
    pub(crate) city: Arc<City>,
}

fn ground(store: Store) -> Ground {
    store.write_blocking(|tx| woodlark_store::city::import(tx, &city_data(), None, NOON)).unwrap();
    let city = store.read_blocking(woodlark_store::city::load).unwrap().unwrap();
    Ground { store, city: Arc::new(city) }
}

pub(crate) fn on_sqlite<F: Future<Output = ()>>(body: impl FnOnce(Arc<Ground>) -> F) {
    let folder = Folder::new();
    let path = folder.0.join("district.db").to_string_lossy().into_owned();
    let ground = Arc::new(ground(Store::open(&config(path)).unwrap()));
    runtime().block_on(body(ground));
}

pub(crate) fn on_postgres<F: Future<Output = ()>>(body: impl FnOnce(Arc<Ground>) -> F) {
    let ground = Arc::new(ground(Store::open(&config(cluster::database())).unwrap()));
    runtime().block_on(body(ground));
}

pub(crate) fn code<T: std::str::FromStr>(text: &str) -> T
where
    T::Err: std::fmt::Debug,
{
    text.parse().unwrap()
}

fn square(west: f64, south: f64, side: f64) -> Option<Shape> {
    let (east, north) = (west + side, south + side);
    Some(Shape::simple(vec![[west, south], [east, south], [east, north], [west, north]]))
}

fn area(text: &str, level: AreaLevel, parent: Option<&str>, shape: Option<Shape>) -> Area {
    let (code, parent) = (code(text), parent.map(code::<AreaCode>));
    Area { code, level, name: Name::new(text, text), parent, shape, label: Position::new(121.5, 30.9).ok() }
}

fn category(text: &str, certain: bool) -> Category {
    Category { code: code(text), name: Name::new(text, text), certain, keywords: vec!["ld".to_owned()] }
}

pub(crate) fn criterion(text: &str, version: u32, limit: Limit) -> Criterion {
    let name = Name::new("损坏", "broken");
    let closes_by = Name::new("修复", "repaired");
    Criterion {
        category: code(text),
        version,
        conditions: vec![Condition { name, steps: vec![limit], closes_by }],
    }
}

pub(crate) fn city_data() -> CityData {
    let rule = |name: &str, category: &str, department: &str, automatic| Rule {
        code: code::<RuleCode>(name),
        category: Some(code(category)),
        area: None,
        department: code(department),
        automatic,
    };
    CityData {
        letters: "FX".to_owned(),
        name: Name::new("百灵区", "Lark District"),
        hotline: "12345".to_owned(),
        areas: vec![
            area("310120", AreaLevel::County, None, square(121.0, 30.5, 1.0)),
            area("310120001", AreaLevel::Town, Some("310120"), square(121.4, 30.8, 0.2)),
            area("31012000100101", AreaLevel::Grid, Some("310120001"), square(121.45, 30.88, 0.05)),
        ],
        departments: vec![
            Department {
                code: code::<DepartmentCode>("lamps"),
                name: Name::new("路灯所", "Street Lighting"),
            },
            Department { code: code("roads"), name: Name::new("道路所", "Roads") },
        ],
        categories: vec![
            category("C0101", true),
            category("C0102", false),
            category("P01", false),
            category("S01", false),
        ],
        criteria: vec![
            criterion("C0101", 1, Limit::work_days(2)),
            criterion("C0102", 1, Limit::work_days(5)),
            criterion("S01", 1, Limit::work_days(10)),
        ],
        rules: vec![rule("lamps-first", "C0101", "lamps", true), rule("roads-then", "C01", "roads", false)],
        calendar: Calendar::china(Vec::new()),
        entries: vec![Entry {
            code: code::<EntryCode>("xidu"),
            door: Door::Wechat,
            name: Name::new("西渡", "Xidu"),
            position: None,
        }],
        templates: Vec::new(),
        rewards: Vec::new(),
        terms: Vec::new(),
        gifts: Vec::new(),
    }
}

pub(crate) fn random() -> [u8; 10] {
    let mut bytes = [7; 10];
    bytes[..8].copy_from_slice(&next().to_be_bytes());
    bytes
}

pub(crate) fn user_id() -> UserId {
    UserId::new(u64::try_from(NOON.millis()).unwrap(), random())
}

pub(crate) fn case_id() -> CaseId {
    CaseId::new(u64::try_from(NOON.millis()).unwrap(), random())
}

pub(crate) fn hash() -> Hash {
    let mut bytes = [9; 32];
    bytes[..8].copy_from_slice(&next().to_be_bytes());
    bytes
}

/// A resident with an account, and the hash of their token.
pub(crate) async fn resident(ground: &Ground) -> (UserId, Hash) {
    let (user, token) = (user_id(), hash());
    let made = ground.store.write(move |tx| -> Result<(), Halt<()>> {
        Ok(accounts::create(tx, user, &token, Door::Browser, NOON)?)
    });
    made.await.unwrap();
    (user, token)
}

pub(crate) fn fix(lon: f64, lat: f64) -> Fix {
    let raw = Position::new(lon, lat).unwrap();
    Fix { raw, datum: Datum::Wgs84, source: FixSource::Device, accuracy_m: Some(8.0) }
}

/// A street lamp that is out, in the middle of the grid.
pub(crate) fn lamp() -> Intake {
    Intake {
        category: Some(code::<CategoryCode>("C0101")),
        words: Words::new("路灯不亮").ok(),
        fix: Some(fix(121.46, 30.9)),
        entry: Some(code("xidu")),
        ..Intake::empty(Kind::Problem)
    }
}

pub(crate) fn photo() -> Expected {
    Expected {
        hash: ContentHash::from_bytes(hash()),
        role: Role::Photo,
        media_type: "image/jpeg".to_owned(),
        bytes: 300_000,
        duration_ms: None,
    }
}

pub(crate) fn object() -> Media {
    Media {
        hash: ContentHash::from_bytes(hash()),
        media_type: "image/jpeg".to_owned(),
        size: Some((1600, 1200)),
        bytes: 250_000,
        thumb: Some((ContentHash::from_bytes(hash()), 20_000)),
    }
}

pub(crate) async fn begin(
    ground: &Ground,
    id: CaseId,
    user: UserId,
    report: Intake,
    files: Vec<Expected>,
) -> Begun {
    begin_as(ground, id, user, report, files, "{}").await
}

pub(crate) async fn begin_as(
    ground: &Ground,
    id: CaseId,
    user: UserId,
    report: Intake,
    files: Vec<Expected>,
    manifest: &'static str,
) -> Begun {
    let mut manifest_hash = [0; 32];
    manifest_hash[..manifest.len().min(32)].copy_from_slice(&manifest.as_bytes()[..manifest.len().min(32)]);
    let write = ground.store.write(move |tx| -> Result<Begun, Halt<()>> {
        let new = Begin {
            id,
            user,
            door: Door::Browser,
            manifest,
            manifest_hash,
            report: &report,
            files: &files,
            now: NOON,
        };
        Ok(intake::begin(tx, &new)?)
    });
    write.await.unwrap()
}

pub(crate) async fn complete(ground: &Ground, id: CaseId, user: UserId) -> Completed {
    complete_at(ground, id, user, NOON).await
}

pub(crate) async fn complete_at(ground: &Ground, id: CaseId, user: UserId, now: Timestamp) -> Completed {
    let city = Arc::clone(&ground.city);
    let write = ground
        .store
        .write(move |tx| -> Result<Completed, Halt<()>> { Ok(intake::complete(tx, id, user, &city, now)?) });
    write.await.unwrap()
}

/// A report that has become a case.
pub(crate) async fn reported(ground: &Ground, user: UserId, report: Intake) -> Receipt {
    reported_at(ground, user, report, NOON).await
}

pub(crate) async fn reported_at(ground: &Ground, user: UserId, report: Intake, now: Timestamp) -> Receipt {
    let id = case_id();
    begin(ground, id, user, report, Vec::new()).await;
    match complete_at(ground, id, user, now).await {
        Completed::Receipt(receipt) => receipt,
        refused @ (Completed::Incomplete(_) | Completed::NotFound | Completed::Refused(_)) => {
            panic!("{refused:?}")
        }
    }
}

/// Runs a write that cannot be refused.
pub(crate) async fn write<T: Send + 'static>(
    ground: &Ground,
    closure: impl Fn(&mut woodlark_store::Tx) -> Result<T, Fault> + Send + 'static,
) -> T {
    ground.store.write(move |tx| closure(tx).map_err(Halt::<()>::Fault)).await.unwrap()
}

/// Nothing is wrong with any row.
pub(crate) async fn assert_sound(ground: &Ground) {
    let checked = ground.store.read(woodlark_store::check::check).await.unwrap();
    assert!(checked.is_sound(), "{:?}", checked.problems);
}

/// What the engine says to statements past the store.
pub(crate) fn try_aside(ground: &Ground, sql: &str) -> Result<(), String> {
    let url = &ground.store.config().url;
    let said = if url.starts_with("postgres") {
        diesel::PgConnection::establish(url).unwrap().batch_execute(sql)
    } else {
        diesel::SqliteConnection::establish(url).unwrap().batch_execute(sql)
    };
    said.map_err(|error| error.to_string())
}

/// Runs statements past the store, on a connection of its own.
pub(crate) fn run_aside(ground: &Ground, sql: &str) {
    try_aside(ground, sql).unwrap();
}

#[derive(diesel::QueryableByName)]
struct Said {
    #[diesel(sql_type = diesel::sql_types::Text)]
    said: String,
}

/// What a query says past the store: its column `said`.
pub(crate) fn ask_aside(ground: &Ground, sql: &str) -> Vec<String> {
    let (url, query) = (&ground.store.config().url, diesel::sql_query(sql));
    let rows: Vec<Said> = if url.starts_with("postgres") {
        query.load(&mut diesel::PgConnection::establish(url).unwrap()).unwrap()
    } else {
        query.load(&mut diesel::SqliteConnection::establish(url).unwrap()).unwrap()
    };
    rows.into_iter().map(|row| row.said).collect()
}

/// A second store on the same database, as another server has it.
pub(crate) fn another(ground: &Ground) -> Arc<Ground> {
    let store = Store::open(ground.store.config()).unwrap();
    Arc::new(Ground { store, city: Arc::clone(&ground.city) })
}

/// What somebody does to a case, and must be allowed to.
pub(crate) async fn done(
    ground: &Ground,
    case: CaseId,
    actor: Actor,
    command: Command,
    now: Timestamp,
) -> cases::Row {
    let city = Arc::clone(&ground.city);
    let commanded = write(ground, move |tx| {
        cases::command(tx, &cases::Order { case, actor: &actor, command: command.clone(), now, city: &city })
    });
    match commanded.await {
        cases::Commanded::Done(row) => *row,
        refused @ (cases::Commanded::NotFound | cases::Commanded::Refused(_)) => panic!("{refused:?}"),
    }
}

pub(crate) fn reader(user: UserId) -> Actor {
    Actor::resident(user, Door::Browser)
}

/// Follows up what was done to cases, `most` errands, as the server's job does; says how many there were.
pub(crate) async fn follow_up_some(ground: &Ground, most: usize) -> usize {
    let errands = ground
        .store
        .read(move |conn| follow_up::waiting(conn, NOON.plus(Timestamp::DAY), most))
        .await
        .unwrap();
    let (count, city) = (errands.len(), Arc::clone(&ground.city));
    let unsound = write(ground, move |tx| follow_up::follow_up(tx, &errands, &city, NOON)).await;
    assert_eq!(unsound, Vec::<String>::new());
    count
}

/// Follows up all of it.
pub(crate) async fn follow_up(ground: &Ground) {
    while follow_up_some(ground, 100).await > 0 {}
}
