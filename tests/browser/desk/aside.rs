//! What staff do that is not what a test is about: written through the store, beside the running server.

use super::store;
use crate::stage::Stage;
use std::time::{SystemTime, UNIX_EPOCH};
use woodlark_domain::case::{Actor, Command};
use woodlark_domain::report::{Intake, Words};
use woodlark_domain::{CaseId, ContentHash, Datum, Door, Fix, FixSource, Kind, Position, Timestamp, UserId};
use woodlark_store::cases::{self, Commanded, Order};
use woodlark_store::{Halt, city, seed};

/// Now.
pub(super) fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    Timestamp(i64::try_from(since.as_micros()).unwrap())
}

/// Does this to a case; it must be allowed.
pub(super) async fn done(stage: &Stage, case: CaseId, actor: Actor, command: Command) {
    let store = store(stage);
    let city = store.read(city::load).await.unwrap().unwrap();
    let done = store.write(move |tx| {
        let order = Order { case, actor: &actor, command: command.clone(), now: now(), city: &city };
        Ok::<_, Halt<()>>(cases::command(tx, &order)?)
    });
    let done = done.await.unwrap();
    assert!(matches!(done, Commanded::Done(_)), "{done:?}");
}

/// An object that the case has already: what it shows is not what is looked at.
pub(super) async fn a_photo_of(stage: &Stage, case: CaseId) -> ContentHash {
    let store = store(stage);
    let city = store.read(city::load).await.unwrap().unwrap();
    let whole = store.read(move |conn| cases::whole(conn, case, &city)).await.unwrap().unwrap();
    whole.attachments[0].media.hash
}

/// A report of the middle of the district's first grid, `number` metres or so from the last.
fn intake(category: Option<&str>, words: &str, number: u32) -> Intake {
    let raw = Position::new(121.46 + f64::from(number) * 1e-5, 30.92).unwrap();
    let fix = Fix { raw, datum: Datum::Wgs84, source: FixSource::Device, accuracy_m: Some(8.0) };
    Intake {
        category: category.map(|code| code.parse().unwrap()),
        words: Words::new(words).ok(),
        fix: Some(fix),
        ..Intake::empty(Kind::Problem)
    }
}

fn id(number: u32) -> [u8; 10] {
    let mut bytes = [0x5A; 10];
    bytes[..4].copy_from_slice(&number.to_be_bytes());
    bytes
}

/// So many reports that nobody has looked at, the latest a minute old, each a minute after the one before.
pub(super) async fn reports(stage: &Stage, count: u32) {
    let store = store(stage);
    let city = store.read(city::load).await.unwrap().unwrap();
    let reporter = Actor::resident(UserId::new(1, id(0)), Door::Browser);
    let now = now();
    let past = (0..count).map(|number| {
        let at = now.plus(-i64::from(count - number) * Timestamp::MINUTE);
        let intake = intake(None, &format!("第{number}处"), number);
        let event = woodlark_domain::case::open(intake, &reporter, at).unwrap();
        let id = CaseId::new(u64::try_from(at.millis()).unwrap(), id(number));
        seed::Past { id, events: vec![event], photos: Vec::new() }
    });
    let past: Vec<seed::Past> = past.collect();
    let made = store.write(move |tx| Ok::<_, Halt<()>>(seed::cases(tx, &past, &city)?)).await.unwrap();
    assert_eq!(made.cases, count as usize);
}

/// A report of so many days ago that the rules filed and sent at once, and that nobody has touched since; gives its number
/// and its department.
pub(super) async fn neglected(stage: &Stage, category: &str, days: i64) -> (String, String) {
    use woodlark_store::intake::{self, Begin, Whole};
    let store = store(stage);
    let city = store.read(city::load).await.unwrap().unwrap();
    let report = intake(Some(category), "没人管的路灯", 0);
    let now = now().plus(-days * Timestamp::DAY);
    let taken = store.write(move |tx| {
        let new = Begin {
            id: CaseId::new(u64::try_from(now.millis()).unwrap(), id(1)),
            user: UserId::new(1, id(1)),
            door: Door::Browser,
            manifest: "{}",
            manifest_hash: [1; 32],
            report: &report,
            files: &[],
            now,
        };
        Ok::<_, Halt<()>>(intake::take_whole(tx, &new, &city)?)
    });
    match taken.await.unwrap() {
        Whole::Receipt(receipt) => {
            let case = receipt.case_id;
            let row = store.read(move |conn| cases::row(conn, case)).await.unwrap().unwrap();
            (receipt.number.to_string(), row.department.unwrap().to_string())
        }
        other @ (Whole::Known(_) | Whole::Refused(_)) => panic!("{other:?}"),
    }
}
