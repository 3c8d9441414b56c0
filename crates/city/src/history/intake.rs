//! How a report comes in: by which door, from where, with which words and photos.

use super::World;
use super::ground::Spot;
use crate::data::Photo;
use crate::random::Random;
use crate::staff::resident;
use woodlark_domain::case::Actor;
use woodlark_domain::criterion::Category;
use woodlark_domain::place::from_wgs84;
use woodlark_domain::report::{Intake, PlaceWords, Words};
use woodlark_domain::{CategoryCode, Datum, Door, Fix, FixSource, Kind, Position, Role, Visibility};

/// A report about to be made.
pub(super) struct Coming<'a> {
    pub(super) actor: Actor,
    pub(super) intake: Intake,
    pub(super) photos: Vec<Photo>,
    pub(super) category: &'a Category,
    pub(super) place: Position,
}

/// How many times a category is in the hat.
pub(super) fn weight(code: &CategoryCode) -> usize {
    match code.as_str() {
        "E0101" | "E0504" | "E0503" | "C0110" => 14,
        "C0209" | "C0210" | "C0303" | "E0103" | "E0108" | "E0201" | "E0502" => 8,
        "C0302" | "C0307" | "C0401" | "C0405" | "E0105" | "E0107" | "E0301" | "E0501" | "C0104" => 5,
        _ => 2,
    }
}

pub(super) fn coming<'a>(world: &World<'a>, spot: &Spot<'a>, random: &mut Random) -> Option<Coming<'a>> {
    let [problems, suggestions, praises] = &world.categories;
    let share = random.share();
    let of = if share < 0.84 {
        problems
    } else if share < 0.94 {
        suggestions
    } else {
        praises
    };
    let category = random.pick(of).copied()?;
    let kind = category.code.kind();
    let place = spot.somewhere(random)?;
    let (said, place_words) = world.phrases.report(&category.code, &spot.streets, random);
    let door = door(random);
    let actor = actor(world, spot, door, random)?;
    let photos = photos(world, kind, random);
    let mut intake = Intake::empty(kind);
    intake.words = if photos.is_empty() || random.chance(0.93) { Words::new(&said).ok() } else { None };
    intake.photos = photos.iter().map(|photo| photo.hash).collect();
    intake.category = random.chance(0.85).then(|| category.code.clone());
    intake.fix = Some(fix(place, door, random));
    intake.place_words = if random.chance(0.6) { PlaceWords::new(&place_words).ok() } else { None };
    intake.area = Some(spot.grid.code.clone());
    let private = kind != Kind::Praise && random.chance(0.07);
    intake.visibility = if private { Visibility::Private } else { Visibility::Public };
    intake.entry = spot.entry(door, random).map(|entry| entry.code.clone());
    Some(Coming { actor, intake, photos, category, place })
}

fn door(random: &mut Random) -> Door {
    let share = random.share();
    let doors = [
        (0.36, Door::Browser),
        (0.78, Door::Wechat),
        (0.83, Door::Form),
        (0.91, Door::Kiosk),
        (0.93, Door::Open311),
    ];
    doors.iter().find(|(until, _)| share < *until).map_or(Door::Staff, |(_, door)| *door)
}

/// A resident, one with no account at a kiosk or another system, or a grid worker who reports what they saw.
fn actor(world: &World<'_>, spot: &Spot<'_>, door: Door, random: &mut Random) -> Option<Actor> {
    if door == Door::Staff {
        return spot.verifier(&[], random);
    }
    let nameless = match door {
        Door::Open311 => random.chance(0.5),
        Door::Form | Door::Kiosk => random.chance(0.2),
        Door::Browser | Door::Wechat | Door::Staff => false,
    };
    // A few residents report much: the smaller number of two.
    let number = random.below(world.residents).min(random.below(world.residents));
    let user = (!nameless).then(|| resident(number));
    Some(Actor { user, role: Role::Resident, department: None, area: None, door })
}

fn photos(world: &World<'_>, kind: Kind, random: &mut Random) -> Vec<Photo> {
    let chance = match kind {
        Kind::Problem => 0.8,
        Kind::Praise => 0.5,
        Kind::Suggestion => 0.2,
    };
    if !random.chance(chance) {
        return Vec::new();
    }
    let mut photos: Vec<Photo> =
        (0..=random.below(3)).filter_map(|_| random.pick(&world.photos).copied()).collect();
    photos.dedup();
    photos
}

/// The position as the door's source gives it: WeChat in GCJ-02, the others in WGS-84.
fn fix(place: Position, door: Door, random: &mut Random) -> Fix {
    let datum = if door == Door::Wechat { Datum::Gcj02 } else { Datum::Wgs84 };
    let source = match door {
        Door::Kiosk => FixSource::Map,
        Door::Open311 => FixSource::Other,
        Door::Browser | Door::Form | Door::Wechat | Door::Staff => {
            let sources = [FixSource::Device, FixSource::Device, FixSource::Photo, FixSource::Map];
            random.pick(&sources).copied().unwrap_or(FixSource::Device)
        }
    };
    let accuracy_m = (source == FixSource::Device).then(|| random.between(4.0, 60.0).round());
    Fix { raw: from_wgs84(place, datum), datum, source, accuracy_m }
}
