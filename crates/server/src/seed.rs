//! Loads the demonstration city, and past cases made for it.

use crate::clock::random;
use crate::config::Seed;
use crate::edge::new_token;
use crate::media::{Blobs, CleanPhoto, clean_photo};
use crate::start::{StartError, now};
use std::collections::HashMap;
use std::io::IsTerminal as _;
use std::process::ExitCode;
use std::sync::Arc;
use woodlark_city::{PastCase, photo_bytes, photos, resident, try_demo};
use woodlark_domain::city::usual_rewards;
use woodlark_domain::redeem::usual_terms;
use woodlark_domain::{ContentHash, Door, Role, Timestamp, UserId};
use woodlark_store::city::{City, CityData, Department, Entry, Imported};
use woodlark_store::media::Media;
use woodlark_store::seed::Past;
use woodlark_store::staff::{self, Invite, Post, SignIn};
use woodlark_store::{Halt, Store, accounts, cases, city, seed};

/// Cases of one transaction.
const BATCH: usize = 2_000;
/// Cases that the measured resident has reported.
const MEASURED: u64 = 200;
/// The government's own hotline, the same in every Chinese city.
const HOTLINE: &str = "12345";

/// Loads the city, and so many past cases.
///
/// # Errors
/// [`StartError`].
pub async fn run(store: &Store, blobs: &Blobs, wanted: &Seed) -> Result<ExitCode, StartError> {
    let demo = try_demo().map_err(|error| StartError::Said(error.to_string()))?;
    let data = city_data(&demo);
    let imported = {
        let data = data.clone();
        let at = now();
        store.write(move |tx| city::import(tx, &data, None, at)).await.map_err(said)?
    };
    let (Imported::Version(version) | Imported::Unchanged(version)) = imported;
    eprintln!("{}: version {version} of the city's data", demo.name.en);
    let city = Arc::new(City::new(version, data));
    let kept = keep_photos(store, blobs).await?;
    let measured = if wanted.bench {
        sign_in_at_desk(store).await?;
        Some(sign_in(store).await?)
    } else {
        None
    };
    // Whole days, so that the same seed makes the same cases all day long.
    let until = Timestamp(now().0 - now().0.rem_euclid(Timestamp::DAY));
    let every = (u64::from(wanted.cases) / MEASURED).max(1);
    let past = woodlark_city::history(&demo, wanted.seed, u64::from(wanted.cases), until).zip(0_u64..).map(
        |(case, number)| {
            let reporter = measured.filter(|_| number % every == 0);
            to_past(case, reporter, &kept)
        },
    );
    make(store, &city, past, wanted.cases).await?;
    Ok(ExitCode::SUCCESS)
}

async fn make(
    store: &Store,
    city: &Arc<City>,
    mut past: impl Iterator<Item = Past>,
    all: u32,
) -> Result<(), StartError> {
    let (mut made, mut known) = (0, 0);
    loop {
        let batch: Vec<Past> = past.by_ref().take(BATCH).collect();
        if batch.is_empty() {
            break;
        }
        let of_city = Arc::clone(city);
        let (fresh, there) = store
            .write(move |tx| {
                let mut fresh = Vec::with_capacity(batch.len());
                for one in &batch {
                    let reporter = one.events.first().and_then(|event| event.by.user);
                    let there = match reporter {
                        Some(reporter) => cases::concern(tx, one.id, reporter)?.is_some(),
                        None => false,
                    };
                    if !there {
                        fresh.push(one.clone());
                    }
                }
                let there = batch.len() - fresh.len();
                let people: Vec<UserId> =
                    fresh.iter().flat_map(|one| &one.events).filter_map(|event| event.by.user).collect();
                seed::accounts(tx, &people, now())?;
                let seeded = seed::cases(tx, &fresh, &of_city)?;
                Ok::<_, Halt<std::convert::Infallible>>((seeded.cases, there))
            })
            .await
            .map_err(said)?;
        made += fresh;
        known += there;
        if std::io::stderr().is_terminal() {
            eprint!("\r{} of {all} past cases", made + known);
        }
    }
    eprintln!("\r{made} past cases made, {known} were there already");
    Ok(())
}

fn said(error: impl std::fmt::Display) -> StartError {
    StartError::Said(error.to_string())
}

/// The demonstration's data as the database takes it.
fn city_data(demo: &woodlark_city::City) -> CityData {
    CityData {
        letters: demo.letters.to_owned(),
        name: demo.name.clone(),
        hotline: HOTLINE.to_owned(),
        areas: demo.areas.clone(),
        departments: demo
            .departments
            .iter()
            .map(|department| Department { code: department.code.clone(), name: department.name.clone() })
            .collect(),
        categories: demo.categories.clone(),
        criteria: demo.criteria.clone(),
        rules: demo.rules.clone(),
        calendar: demo.calendar.clone(),
        entries: demo
            .entries
            .iter()
            .map(|entry| Entry {
                code: entry.code.clone(),
                door: entry.door,
                name: entry.name.clone(),
                position: None,
            })
            .collect(),
        templates: demo.templates.clone(),
        rewards: usual_rewards(),
        terms: usual_terms(),
        gifts: demo.gifts.clone(),
    }
}

/// Cleans the demonstration's photos as any other, and keeps them: the camera's name of each, and the object's.
async fn keep_photos(store: &Store, blobs: &Blobs) -> Result<HashMap<ContentHash, ContentHash>, StartError> {
    let mut kept = HashMap::new();
    for photo in photos().map_err(said)? {
        let Some(bytes) = photo_bytes(photo.hash) else { continue };
        let CleanPhoto { full, hash, thumb, thumb_hash, width, height } = clean_photo(bytes).map_err(said)?;
        let object = Media {
            hash,
            media_type: "image/jpeg".to_owned(),
            size: Some((width, height)),
            bytes: full.len() as u64,
            thumb: Some((thumb_hash, thumb.len() as u64)),
        };
        blobs.keep(hash, full).await?;
        blobs.keep(thumb_hash, thumb).await?;
        let at = now();
        store
            .write(move |tx| {
                Ok::<_, Halt<std::convert::Infallible>>(woodlark_store::media::keep(tx, &object, at)?)
            })
            .await
            .map_err(said)?;
        kept.insert(photo.hash, hash);
    }
    Ok(kept)
}

/// A past case as the store takes it; another resident in the place of its reporter, where one is wanted.
fn to_past(case: PastCase, reporter: Option<UserId>, kept: &HashMap<ContentHash, ContentHash>) -> Past {
    let mut events = case.events;
    if let (Some(new), Some(old)) = (reporter, case.case.reporter) {
        for event in &mut events {
            if event.by.user == Some(old) {
                event.by.user = Some(new);
            }
        }
    }
    let photos = case.photos.iter().filter_map(|photo| Some((photo.hash, *kept.get(&photo.hash)?))).collect();
    Past { id: case.id, events, photos }
}

/// The measured resident, signed in; the session is printed for whoever measures.
async fn sign_in(store: &Store) -> Result<UserId, StartError> {
    let user = resident(u64::MAX);
    let (token, hash) = new_token(random());
    let at = now();
    store
        .write(move |tx| {
            Ok::<_, Halt<std::convert::Infallible>>(accounts::create(tx, user, &hash, Door::Browser, at)?)
        })
        .await
        .map_err(said)?;
    println!("session {token}");
    Ok(user)
}

/// A supervisor who is measured, signed in at the desk; nobody can sign in as them again.
async fn sign_in_at_desk(store: &Store) -> Result<(), StartError> {
    let (user, at) = (resident(u64::MAX - 1), now());
    let (token, token_hash) = new_token(random());
    let post = Post { role: Role::Supervisor, department: None, area: None };
    store
        .write(move |tx| {
            let posts = std::slice::from_ref(&post);
            // No password has this for its hash, and the secret is in nobody's authenticator.
            let (login, name, totp_secret) = ("measured", "measured", random::<20>());
            let invite = Invite { user, login, name, posts, token_hash, totp_secret: &totp_secret, now: at };
            staff::invite(tx, &invite)?;
            staff::accept(tx, &token_hash, "none", 0, at)?;
            let seat = SignIn { user, totp_step: 1, token_hash, address: "", agent: "bench", now: at };
            Ok::<_, Halt<std::convert::Infallible>>(staff::sign_in(tx, &seat)?)
        })
        .await
        .map_err(said)?;
    println!("desk {token}");
    Ok(())
}
