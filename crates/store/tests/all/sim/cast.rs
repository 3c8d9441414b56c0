//! Who and what there is to play with: residents and staff by number, what may be reported, where, and with which photos.

use crate::fixture::{code, fix};
use woodlark_domain::case::Actor;
use woodlark_domain::report::{Intake, Words};
use woodlark_domain::{ContentHash, Door, Kind, Role, UserId, Visibility};
use woodlark_store::intake::{Expected, Role as FileRole};
use woodlark_store::media::Media;

/// A post: a role, the department and the area that it is held in.
type Post = (Role, Option<&'static str>, Option<&'static str>);

/// What somebody may come as; the first is a resident, the last the rules themselves.
pub(crate) const POSTS: [Post; 17] = [
    (Role::Resident, None, None),
    (Role::Acceptor, None, None),
    (Role::Acceptor, None, Some("310120001")),
    (Role::Acceptor, None, Some("310120002")),
    (Role::Dispatcher, None, None),
    (Role::Dispatcher, None, Some("310120002")),
    (Role::Handler, Some("lamps"), None),
    (Role::Handler, Some("roads"), None),
    (Role::Handler, Some("roads"), Some("310120002")),
    (Role::Handler, None, None),
    (Role::Verifier, None, None),
    (Role::Verifier, Some("lamps"), None),
    (Role::Verifier, None, Some("310120002")),
    (Role::Supervisor, None, None),
    (Role::Supervisor, None, Some("310120001")),
    (Role::Admin, None, None),
    (Role::System, None, None),
];

fn person(sort: u8, number: u16) -> UserId {
    let [high, low] = number.to_be_bytes();
    UserId::new(1, [sort, high, low, 0, 0, 0, 0, sort, high, low])
}

/// A resident.
pub(crate) fn resident(number: u16) -> UserId {
    person(0xA0, number)
}

/// A member of staff: the same person may hold several posts.
pub(crate) fn staff(number: u16) -> UserId {
    person(0xB0, number)
}

/// Somebody in a post.
pub(crate) fn hand(number: u16, post: u8) -> Actor {
    let (role, department, area) = POSTS[usize::from(post) % POSTS.len()];
    let user = match role {
        Role::Resident => return Actor::resident(resident(number), Door::Browser),
        Role::System => return Actor::system(),
        Role::Acceptor
        | Role::Dispatcher
        | Role::Handler
        | Role::Verifier
        | Role::Supervisor
        | Role::Admin => staff(number),
    };
    let mut actor = Actor::staff(user, role);
    actor.department = department.map(code);
    actor.area = area.map(code);
    actor
}

/// A photo of a small drawer, so that several reports hold the same.
pub(crate) fn photo(number: u16) -> ContentHash {
    let mut bytes = [3; 32];
    bytes[..2].copy_from_slice(&(number % 7).to_be_bytes());
    ContentHash::from_bytes(bytes)
}

/// What is made of the bytes of a photo: always the same.
pub(crate) fn object(photo: ContentHash) -> Media {
    let made = |first| {
        let mut bytes = *photo.as_bytes();
        bytes[31] = first;
        ContentHash::from_bytes(bytes)
    };
    Media {
        hash: made(1),
        media_type: "image/jpeg".to_owned(),
        size: Some((1600, 1200)),
        bytes: 250_000,
        thumb: Some((made(2), 20_000)),
    }
}

/// The photo of afterwards that every handler has at hand.
pub(crate) fn afterwards() -> Media {
    let after = object(photo(0));
    let mut bytes = *after.hash.as_bytes();
    bytes[31] = 9;
    Media { hash: ContentHash::from_bytes(bytes), ..after }
}

/// A report as it is sent, and what the city makes of its place.
pub(crate) struct Form {
    pub(crate) intake: Intake,
    pub(crate) door: Door,
    pub(crate) files: Vec<Expected>,
    /// The area that holds the place, read off the map by hand.
    pub(crate) area: Option<&'static str>,
}

/// The report of a number: each number another mixture of kind, category, place, photos and so on.
pub(crate) fn form(number: u16) -> Form {
    let mut rest = number;
    let mut draw = |sides: u16| {
        let drawn = rest % sides;
        rest = (rest / sides).wrapping_mul(31).wrapping_add(number);
        drawn
    };
    let kind = match draw(10) {
        0..=5 => Kind::Problem,
        6..=8 => Kind::Suggestion,
        _ => Kind::Praise,
    };
    let category = match (kind, draw(4)) {
        (_, 0) => None,
        (Kind::Problem, 1) => Some("C0102"),
        (Kind::Problem, _) => Some("C0101"),
        (Kind::Suggestion, _) => Some("S01"),
        (Kind::Praise, _) => Some("P01"),
    };
    let (place, area) = match draw(6) {
        0 => (None, None),
        1 => (Some((100.0, 30.0)), None),
        2 => (Some((121.05, 30.55)), Some("310120")),
        3 => (Some((121.42, 30.82)), Some("310120001")),
        _ => (Some((121.46, 30.9)), Some("31012000100101")),
    };
    // Now and then the same photo twice among the reports, seldom none and no words: that is not a report.
    let photos: Vec<ContentHash> = (0..draw(4)).map(|n| photo(draw(7) + n)).collect();
    let mut photos = photos;
    photos.sort();
    photos.dedup();
    let words = if draw(9) == 0 { None } else { Words::new("路灯不亮").ok() };
    let visibility = if draw(6) == 0 { Visibility::Private } else { Visibility::Public };
    let files = photos.iter().map(|hash| Expected {
        hash: *hash,
        role: FileRole::Photo,
        media_type: "image/jpeg".to_owned(),
        bytes: 300_000,
        duration_ms: None,
    });
    let files = files.collect();
    let intake = Intake {
        category: category.map(code),
        words,
        photos,
        fix: place.map(|(lon, lat)| fix(lon, lat)),
        visibility,
        entry: (draw(3) == 0).then(|| code("xidu")),
        ..Intake::empty(kind)
    };
    let door = [Door::Browser, Door::Wechat, Door::Kiosk][usize::from(draw(3))];
    Form { intake, door, files, area }
}
