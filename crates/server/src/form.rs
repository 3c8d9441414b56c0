//! The plain form of the first screen: a whole report in one `multipart/form-data`, for browsers without WebAssembly and
//! for moments when the program has not arrived. Its answer is a page with the case number, at an address that stays.

use crate::api::case::show_case;
use crate::api::report::{NewReport, complete_in, store_file, tell_of_report};
use crate::api::session::NewAccount;
use crate::app::App;
use crate::clock::new_case_id;
use crate::edge::{ApiError, ApiResult, ReadPath, Reader, Resident, Visitor};
use crate::messages::say;
use crate::pages::{self, CasePage};
use axum::extract::{FromRequest, Multipart, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use bytes::{Bytes, BytesMut};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use woodlark_domain::{CaseId, ContentHash, Door, EntryCode, Kind, Language, Timestamp, Visibility, limits};
use woodlark_store::cases;
use woodlark_wire::{AttachmentManifest, CaseView, Manifest, MediaRole, Place, ProblemCode, path};

/// Bytes of one text field.
const TEXT_BYTES: usize = 8 * 1024;
/// Fields of one form.
const FIELDS: usize = 32;

/// What the form says.
struct Form {
    case: CaseId,
    language: Option<Language>,
    manifest: Manifest,
    photos: Vec<Bytes>,
}

/// Takes a form in. Sent twice, it is one report: its id came with the page.
pub async fn submit(State(app): State<App>, reader: Reader, visitor: Visitor, request: Request) -> Response {
    let mut language = reader.language;
    match take_in(&app, &mut language, visitor, request).await {
        Ok(response) => response,
        Err(error) => {
            let status =
                StatusCode::from_u16(error.code().status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            let body = pages::refusal_page(language, &error.sentences(language));
            let title = say(language, "page", "problem_title");
            let page = pages::page(language, title, app.assets.style().as_deref(), &body);
            (status, [(header::CACHE_CONTROL, "no-store")], Html(page)).into_response()
        }
    }
}

async fn take_in(
    app: &App,
    language: &mut Language,
    visitor: Visitor,
    request: Request,
) -> ApiResult<Response> {
    // Each form is held in memory whole: it waits for as much room as it says that it needs.
    let most = limits::PHOTO_BYTES * limits::PHOTOS_PER_REPORT as u64;
    let _room = app.room(request.headers(), most).await?;
    let form = read_form(app, request, *language).await?;
    *language = form.language.unwrap_or(*language);
    let account = visitor.user.is_none().then(|| NewAccount::new(app, Door::Form));
    let cookie = account.as_ref().map(|account| account.cookie.clone());
    let Some(user) = visitor.user.or(account.as_ref().map(|account| account.user)) else {
        return Err(ProblemCode::NotSignedIn.into());
    };
    let report = NewReport::check(app, form.case, &form.manifest)?;
    let (case, city, now) = (form.case, app.city(), app.clock.now());
    // What needs no photo is one transaction: account, report and case. A form that is refused leaves nothing.
    let mut files = app
        .store
        .write(move |tx| {
            if let Some(account) = &account {
                account.create(tx)?;
            }
            report.take(tx, user, &city, now)
        })
        .await?;
    if let missing = files.iter_mut().filter(|file| file.media.is_none()).collect::<Vec<_>>()
        && !missing.is_empty()
    {
        for file in missing {
            let photo = form.photos.iter().find(|bytes| hash_of(bytes) == file.file.hash);
            let bytes = photo.cloned().ok_or_else(|| ApiError::from(ProblemCode::Incomplete))?;
            store_file(app, case, file, bytes.into()).await?;
        }
        let (city, now) = (app.city(), app.clock.now());
        app.store.write(move |tx| complete_in(tx, user, case, &city, now)).await?;
    }
    tell_of_report(app);
    let mut response =
        (StatusCode::SEE_OTHER, [(header::LOCATION, progress_path(form.case))]).into_response();
    if let Some(cookie) = cookie {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

async fn read_form(app: &App, request: Request, language: Language) -> ApiResult<Form> {
    let now = app.clock.now();
    let mut form =
        Form { case: new_case_id(now), language: None, manifest: blank(language), photos: Vec::new() };
    let mut place = Place::default();
    let mut parts = Multipart::from_request(request, app)
        .await
        .map_err(|_| ApiError::from(ProblemCode::UnsupportedMediaType))?;
    let mut fields = 0;
    while let Some(field) = parts.next_field().await.map_err(|_| ApiError::from(ProblemCode::Unreadable))? {
        fields += 1;
        if fields > FIELDS {
            return Err(ApiError::over(ProblemCode::TooMany, FIELDS as u64));
        }
        let name = field.name().unwrap_or("").to_owned();
        let limit = if name == "photo" {
            usize::try_from(limits::PHOTO_BYTES).unwrap_or(usize::MAX)
        } else {
            TEXT_BYTES
        };
        let bytes = read_field(field, limit).await?;
        if name == "photo" {
            form.add_photo(bytes)?;
            continue;
        }
        let text = String::from_utf8(bytes.to_vec()).map_err(|_| ApiError::from(ProblemCode::Unreadable))?;
        let text = text.trim().to_owned();
        match name.as_str() {
            "case_id" => form.case = text.parse().unwrap_or(form.case),
            "kind" => {
                form.manifest.kind = Kind::from_code(&text).ok_or_else(|| ApiError::field("kind", "kind"))?
            }
            "words" => form.manifest.words = text,
            "place_words" => place.words = Some(text).filter(|text| !text.is_empty()),
            "visibility" => {
                form.manifest.visibility = Visibility::from_code(&text).unwrap_or(Visibility::Public)
            }
            "language" => form.language = Language::from_code(&text),
            // An entry that is none is no reason to lose a report.
            "from" => form.manifest.entry = EntryCode::new(text).ok(),
            _ => {}
        }
    }
    form.manifest.place = place.words.is_some().then_some(place);
    form.manifest.language = form.language.unwrap_or(language);
    // A form that is sent twice must say the same twice: the page was made when its case's id was.
    form.manifest.reported_at = form.case.made_at();
    Ok(form)
}

fn blank(language: Language) -> Manifest {
    Manifest {
        kind: Kind::Problem,
        words: String::new(),
        category: None,
        place: None,
        visibility: Visibility::Public,
        attachments: Vec::new(),
        reported_at: Timestamp::default(),
        door: Door::Form,
        entry: None,
        language,
    }
}

impl Form {
    fn add_photo(&mut self, bytes: Bytes) -> ApiResult<()> {
        // A file input that was left empty sends an empty file.
        if bytes.is_empty() {
            return Ok(());
        }
        let hash = hash_of(&bytes);
        if self.manifest.attachments.iter().any(|file| file.hash == hash) {
            return Ok(());
        }
        if self.photos.len() >= limits::PHOTOS_PER_REPORT {
            return Err(ApiError::over(ProblemCode::TooMany, limits::PHOTOS_PER_REPORT as u64));
        }
        self.manifest.attachments.push(AttachmentManifest {
            hash,
            role: MediaRole::Photo,
            media_type: "image/jpeg".to_owned(),
            bytes: bytes.len() as u64,
            duration_ms: None,
        });
        self.photos.push(bytes);
        Ok(())
    }
}

async fn read_field(mut field: axum::extract::multipart::Field<'_>, limit: usize) -> ApiResult<Bytes> {
    let mut bytes = BytesMut::new();
    while let Some(chunk) = field.chunk().await.map_err(|_| ApiError::from(ProblemCode::Unreadable))? {
        if bytes.len() + chunk.len() > limit {
            return Err(ApiError::over(ProblemCode::TooLarge, limit as u64));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.freeze())
}

fn hash_of(bytes: &[u8]) -> ContentHash {
    ContentHash::from_bytes(Sha256::digest(bytes).into())
}

fn progress_path(case: CaseId) -> String {
    format!("/plain/cases/{case}")
}

/// How a case of mine stands, without the program.
pub async fn progress(
    State(app): State<App>,
    reader: Reader,
    resident: Resident,
    ReadPath(case): ReadPath<CaseId>,
) -> ApiResult<Response> {
    let (user, city) = (resident.user, app.city());
    let known = Arc::clone(&city);
    let view = app.store.read(move |conn| cases::view(conn, case, user, &known)).await?;
    let view = view.ok_or_else(ApiError::not_found)?;
    let shown = show_case(&view, 0, user, &city, app.clock.now());
    let offset_minutes = city.data().calendar.offset_minutes();
    let body = pages::case_page(reader.language, &plain_case(&shown, reader.language, offset_minutes));
    let page = pages::page(reader.language, shown.number.as_str(), app.assets.style().as_deref(), &body);
    let mut response = Html(page).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

fn plain_case(case: &CaseView, language: Language, offset_minutes: i32) -> CasePage {
    let local = |at| local_time(at, offset_minutes);
    CasePage {
        number: case.number.to_string(),
        state: say(language, "state", case.state.code()).to_owned(),
        promised: case.promise.as_ref().map(|promise| local(promise.at)),
        steps: case
            .steps
            .iter()
            .map(|step| {
                let to = step
                    .to
                    .as_ref()
                    .or(step.by.department.as_ref())
                    .map_or("", |name| name.in_language(language));
                (
                    say(language, "step", &step.command).to_owned(),
                    format!("{} {to}", local(step.at)).trim().to_owned(),
                )
            })
            .collect(),
        photos: case
            .photos
            .iter()
            .map(|photo| path::photo(case.id, photo.hash, path::PhotoSize::Thumb))
            .collect(),
        own: progress_path(case.id),
    }
}

/// `2026-11-23 18:05` in the city's own zone.
pub(crate) fn local_time(at: Timestamp, offset_minutes: i32) -> String {
    use chrono::{Datelike, Timelike};
    let local = at.plus(i64::from(offset_minutes) * Timestamp::MINUTE);
    chrono::DateTime::from_timestamp_micros(local.0).map_or_else(String::new, |time| {
        format!(
            "{}-{:02}-{:02} {:02}:{:02}",
            time.year(),
            time.month(),
            time.day(),
            time.hour(),
            time.minute()
        )
    })
}
