//! What is in the ZIP, file by file. The cases are read a few at a time, and each file of theirs by itself.

use super::archive::Archive;
use super::contents::{self, Named};
use crate::api::case::show_case;
use crate::api::ledger::{csv_table, file_of};
use crate::api::redeem::show_redeem;
use crate::app::App;
use crate::edge::{ApiError, ApiResult};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use std::io;
use woodlark_domain::{CaseId, ContentHash, Language, Timestamp, UserId, limits};
use woodlark_store::quota::{Quota, Spent, spend};
use woodlark_store::{Fault, Halt, accounts, cases, deletion, media, notices};
use woodlark_wire::{AccountView, CaseView, DeviceView, LedgerFile, PhotoStage, ProblemCode, RedeemView};

/// Cases that are read at once.
const TOGETHER: usize = 20;
/// So often, and not twice at once.
const EXPORTS: Quota = Quota {
    kind: "export",
    most: limits::EXPORTS_PER_DAY,
    window: Timestamp::DAY,
    gap: 5 * Timestamp::SECOND,
};

/// What is read before the first byte is sent.
pub(super) struct Known {
    pub(super) account: AccountView,
    pub(super) redeem: RedeemView,
    pub(super) ledger: LedgerFile,
    pub(super) made_at: Timestamp,
    cases: Vec<CaseId>,
}

impl Known {
    /// Whether there is no case.
    pub(super) const fn has_no_case(&self) -> bool {
        self.cases.is_empty()
    }
}

/// Everything that is kept of a resident. That it was fetched is in the audit before anything is sent.
///
/// # Errors
/// `too_many_requests`; the store's.
pub(crate) async fn download(app: &App, user: UserId, language: Language) -> ApiResult<Response> {
    let now = app.clock.now();
    let granted = app.store.write(move |tx| {
        let spent = spend(tx, &EXPORTS, &[user.as_bytes()], now)?;
        if let Spent::Granted { .. } = spent {
            deletion::note_export(tx, user, now)?;
        }
        Ok::<_, Halt<ApiError>>(spent)
    });
    if let Spent::Refused { again_at } = granted.await? {
        let seconds = again_at.0.saturating_sub(now.0) / Timestamp::SECOND + 1;
        let seconds = u32::try_from(seconds).unwrap_or(u32::MAX);
        return Err(ApiError::wait(ProblemCode::TooManyRequests, seconds));
    }
    let known = known(app, user, now).await?;
    let (mut archive, pieces) = Archive::new();
    let app = app.clone();
    tokio::spawn(async move {
        match write(&app, user, &known, language, &mut archive).await {
            Ok(()) => drop(archive.finish().await),
            Err(error) => {
                if error.kind() != io::ErrorKind::BrokenPipe {
                    tracing::warn!(%error, "what is kept of a resident could not be sent whole");
                }
                archive.break_off(error).await;
            }
        }
    });
    let headers = [
        (header::CONTENT_TYPE, "application/zip"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"woodlark-my-data.zip\""),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, pieces.into_body()).into_response())
}

async fn known(app: &App, user: UserId, made_at: Timestamp) -> ApiResult<Known> {
    let reader = app.clone();
    let read = move |conn: &mut woodlark_store::Conn| {
        let Some(about) = accounts::about(conn, user)? else { return Ok(None) };
        let devices = about.devices.iter().map(|device| DeviceView {
            door: device.door,
            created_at: device.created_at,
            seen_at: device.seen_at,
        });
        let account = AccountView {
            user_id: user,
            created_at: about.created_at,
            phone: about.phone.clone(),
            wechat: about.wechat,
            deletion_at: deletion::due_at(conn, user)?,
            devices: devices.collect(),
        };
        let (redeem, ledger) = (show_redeem(conn, user, &reader)?, file_of(conn, user, made_at)?);
        Ok::<_, Fault>(Some(Known { account, redeem, ledger, made_at, cases: cases::all_mine(conn, user)? }))
    };
    app.store.read(read).await?.ok_or_else(|| ProblemCode::NotSignedIn.into())
}

async fn write(
    app: &App,
    user: UserId,
    known: &Known,
    language: Language,
    archive: &mut Archive,
) -> io::Result<()> {
    let city = app.city();
    let city_name = match language {
        Language::Zh => &city.data().name.zh,
        Language::En => &city.data().name.en,
    };
    let page = contents::Page::new(language, city.data().calendar.offset_minutes(), city_name);
    archive.begin("index.html").await?;
    archive.write(page.head(known).as_bytes()).await?;
    for some in known.cases.chunks(TOGETHER) {
        for case in shown(app, user, some).await? {
            archive.write(page.case(&case).as_bytes()).await?;
        }
    }
    archive.write(page.tail(known).as_bytes()).await?;
    write_json(app, user, known, archive).await?;
    archive.begin("ledger.csv").await?;
    let entries: Vec<_> = known.ledger.books.iter().flat_map(|book| &book.entries).cloned().collect();
    archive.write(csv_table(&entries, language, page.offset_minutes()).as_bytes()).await?;
    for some in known.cases.chunks(TOGETHER) {
        for case in shown(app, user, some).await? {
            for file in files(&case) {
                write_file(app, user, &case, &file, archive).await?;
            }
        }
    }
    Ok(())
}

/// The same as [`woodlark_wire::MyData`], case by case.
async fn write_json(app: &App, user: UserId, known: &Known, archive: &mut Archive) -> io::Result<()> {
    archive.begin("data.json").await?;
    let head = format!(
        "{{\"made_at\":{},\"account\":{},\"redeem\":{},\"ledger\":{},\"cases\":[",
        json(&known.made_at)?,
        json(&known.account)?,
        json(&known.redeem)?,
        json(&known.ledger)?,
    );
    archive.write(head.as_bytes()).await?;
    let mut first = true;
    for some in known.cases.chunks(TOGETHER) {
        for case in shown(app, user, some).await? {
            let comma = if std::mem::take(&mut first) { "\n" } else { ",\n" };
            archive.write([comma, &json(&case)?].concat().as_bytes()).await?;
        }
    }
    archive.write(b"]}\n").await
}

fn json(value: &impl serde::Serialize) -> io::Result<String> {
    Ok(serde_json::to_string(value)?)
}

/// Cases as their reader sees them; one that concerns them no more is left out.
async fn shown(app: &App, user: UserId, ids: &[CaseId]) -> io::Result<Vec<CaseView>> {
    let (city, now, ids) = (app.city(), app.clock.now(), ids.to_vec());
    let read = app.store.read(move |conn| {
        let mut shown = Vec::with_capacity(ids.len());
        for id in &ids {
            if let Some(view) = cases::view(conn, *id, user, &city)? {
                shown.push(show_case(&view, notices::open(conn, *id, user)?, user, &city, now));
            }
        }
        Ok(shown)
    });
    read.await.map_err(io::Error::other)
}

/// The files that the reader sent with a case: what others took is theirs.
pub(super) fn files(case: &CaseView) -> Vec<Named> {
    let own = |stage| matches!(stage, PhotoStage::Before | PhotoStage::Contested);
    let photos = case.photos.iter().filter(|photo| own(photo.stage)).zip(1..).map(|(photo, number)| Named {
        name: format!("photos/{}-{number}.jpg", case.number),
        hash: photo.hash,
        is_voice: false,
    });
    let voice = case.voice.iter().map(|voice| {
        let kind = voice.media_type.split(';').next().unwrap_or("").rsplit('/').next().unwrap_or("");
        let end = if kind.is_empty() { "bin" } else { kind };
        Named { name: format!("voices/{}.{end}", case.number), hash: voice.hash, is_voice: true }
    });
    photos.chain(voice).collect()
}

async fn write_file(
    app: &App,
    user: UserId,
    case: &CaseView,
    file: &Named,
    archive: &mut Archive,
) -> io::Result<()> {
    let (id, hash): (CaseId, ContentHash) = (case.id, file.hash);
    let found = app.store.read(move |conn| media::of_case(conn, id, hash, user)).await;
    let Some(found) = found.map_err(io::Error::other)? else { return Ok(()) };
    let bytes = app.blobs.read(found.hash).await.map_err(io::Error::other)?;
    archive.begin(&file.name).await?;
    archive.write(&bytes).await
}
