//! From a manifest as it arrived to a report that the rules can take: every limit held, every text parsed.

use crate::edge::{ApiError, ApiResult};
use woodlark_domain::place::to_wgs84;
use woodlark_domain::report::{Intake, PlaceWords, Words};
use woodlark_domain::{AreaCode, limits};
use woodlark_store::city::City;
use woodlark_wire::{Manifest, MediaRole, ProblemCode};

/// What a good manifest comes to. Photos and voice are named by the hashes of the upload until they are stored.
#[derive(Debug, Clone)]
pub(crate) struct CheckedReport {
    /// For the rules.
    pub(crate) intake: Intake,
}

/// Holds a manifest to every limit.
///
/// # Errors
/// `invalid` with the fields, `too_many` or `too_large` with the limit.
pub(crate) fn check_manifest(manifest: &Manifest, city: &City) -> ApiResult<CheckedReport> {
    let of_role = |role: MediaRole| manifest.attachments.iter().filter(move |file| file.role == role);
    if of_role(MediaRole::Photo).count() > limits::PHOTOS_PER_REPORT {
        return Err(ApiError::over(ProblemCode::TooMany, limits::PHOTOS_PER_REPORT as u64));
    }
    if of_role(MediaRole::Voice).count() > 1 {
        return Err(ApiError::over(ProblemCode::TooMany, 1));
    }
    for (position, file) in manifest.attachments.iter().enumerate() {
        let limit = match file.role {
            MediaRole::Photo => limits::PHOTO_BYTES,
            MediaRole::Voice => limits::VOICE_BYTES,
        };
        if file.bytes > limit {
            return Err(ApiError::over(ProblemCode::TooLarge, limit));
        }
        let twice = manifest.attachments.iter().take(position).any(|other| other.hash == file.hash);
        if file.bytes == 0
            || twice
            || file.duration_ms.is_some_and(|ms| ms > limits::VOICE_SECONDS * 1000 + 2000)
        {
            return Err(ApiError::field(format!("attachments.{position}"), "attachments"));
        }
    }
    let words = match manifest.words.trim() {
        "" => None,
        text => Some(Words::new(text).map_err(|_| ApiError::field("words", "words"))?),
    };
    let place = manifest.place.clone().unwrap_or_default();
    let place_words = match place.words.as_deref().map_or("", str::trim) {
        "" => None,
        text => Some(PlaceWords::new(text).map_err(|_| ApiError::field("place.words", "place_words"))?),
    };
    // One that is gone since somebody chose it, perhaps without a network, is no mistake of theirs: a person files it.
    if let Some(category) = &manifest.category
        && city.category_name(category, None).is_none()
    {
        return Err(ApiError::field("category", "category"));
    }
    let intake = Intake {
        kind: manifest.kind,
        category: manifest.category.clone(),
        words,
        photos: of_role(MediaRole::Photo).map(|file| file.hash).collect(),
        voice: of_role(MediaRole::Voice).map(|file| file.hash).next(),
        fix: place.fix,
        place_words,
        area: area_of(manifest, city),
        visibility: manifest.visibility,
        entry: manifest.entry.clone(),
    };
    intake.check().map_err(|error| match error.code() {
        "category_of_other_kind" => ApiError::field("category", "category"),
        _ => ApiError::field("words", "words"),
    })?;
    Ok(CheckedReport { intake })
}

/// The deepest area that holds the position; else one that the reporter chose by name, if there is such.
fn area_of(manifest: &Manifest, city: &City) -> Option<AreaCode> {
    let place = manifest.place.as_ref()?;
    let by_position =
        place.fix.as_ref().and_then(|fix| city.areas().find(to_wgs84(fix))).map(|area| area.code.clone());
    by_position.or_else(|| place.area.clone().filter(|code| city.areas().get(code).is_some()))
}
