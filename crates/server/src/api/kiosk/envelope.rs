//! `PUT /api/v1/kiosk/envelopes/{case}`: a sealed report, piece by piece. What is in it is trusted no more than any report: it is
//! held to the same limits, and its photos are decoded and encoded anew.

use super::{case_code_hash, hand_over_hash};
use crate::api::report::{NewReport, complete_in, offset_of, show_receipt, store_file, tell_of_report};
use crate::app::App;
use crate::clock::new_user_id;
use crate::edge::{ApiError, ApiResult, AtKiosk, ReadPath, ReadQuery, read_body};
use crate::media::BlobError;
use crate::seal_keys::from_hex;
use axum::Json;
use axum::extract::{Request, State};
use sha2::{Digest, Sha256};
use woodlark_domain::kiosk::{ENVELOPE_BYTES, REPORTS_PER_DAY};
use woodlark_domain::{CaseId, ContentHash, Door, FixSource, KioskId, Timestamp, limits};
use woodlark_seal::{Bound, OVERHEAD, unpack};
use woodlark_store::intake::Receipt;
use woodlark_store::kiosks::{self, Arriving, Envelope, Kept, Kiosk};
use woodlark_store::quota::{self, Quota, Spent};
use woodlark_store::{Halt, accounts, intake};
use woodlark_wire::{EnvelopeAsked, EnvelopeReceipt, ProblemCode, SealedReport};

/// Bytes of what an envelope says before its files.
const SAID_BYTES: usize = 64 * 1024;
/// What a kiosk may hand in.
const REPORTS: Quota = Quota { kind: "kiosk_report", most: REPORTS_PER_DAY, window: Timestamp::DAY, gap: 0 };

/// The next piece of an envelope, at most 512 KiB, beginning where the server's bytes end (`upload-offset`). With its last piece it is opened and becomes a case. Sent again, the answer is
/// the same receipt.
#[utoipa::path(put, path = "/api/v1/kiosk/envelopes/{case}", tag = "kiosk",
    params(("case" = CaseId, Path), ("upload-offset" = u64, Header), EnvelopeAsked),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, body = EnvelopeReceipt)))]
pub async fn put_envelope(
    State(app): State<App>,
    AtKiosk(kiosk): AtKiosk,
    ReadPath(case): ReadPath<CaseId>,
    ReadQuery(EnvelopeAsked { bytes, hash }): ReadQuery<EnvelopeAsked>,
    request: Request,
) -> ApiResult<Json<EnvelopeReceipt>> {
    let offset = offset_of(&request)?;
    if bytes > ENVELOPE_BYTES {
        return Err(ApiError::over(ProblemCode::TooLarge, ENVELOPE_BYTES));
    }
    if bytes < OVERHEAD as u64 {
        return Err(ProblemCode::EnvelopeAltered.into());
    }
    let named = Envelope { case, kiosk: kiosk.id, hash, bytes };
    let id = kiosk.id;
    let known = app.store.read(move |conn| kiosks::receipt(conn, case, id)).await?;
    if let Some(receipt) = known {
        return Ok(Json(shown(&receipt, bytes)));
    }
    let piece = read_body(request, usize::try_from(limits::CHUNK_BYTES).unwrap_or(usize::MAX)).await?;
    let arriving = begin(&app, named).await?;
    if offset != arriving.received_bytes {
        return Err(ApiError::offset(arriving.received_bytes));
    }
    let end = offset.saturating_add(piece.len() as u64);
    if end > bytes {
        return Err(ApiError::over(ProblemCode::TooLarge, bytes));
    }
    let mut received_bytes = arriving.received_bytes;
    if !piece.is_empty() {
        // Bytes first, then the row: what the row counts is always there.
        app.blobs.keep_chunk(case, hash, offset, piece).await?;
        received_bytes =
            app.store.write(move |tx| Ok::<_, Halt<ApiError>>(kiosks::progress(tx, case, end)?)).await?;
    }
    if received_bytes < bytes {
        return Ok(Json(EnvelopeReceipt { case_id: case, received_bytes, receipt: None }));
    }
    let receipt = finish(&app, &kiosk, &arriving).await?;
    tell_of_report(&app);
    Ok(Json(shown(&receipt, bytes)))
}

fn shown(receipt: &Receipt, bytes: u64) -> EnvelopeReceipt {
    EnvelopeReceipt { case_id: receipt.case_id, received_bytes: bytes, receipt: Some(show_receipt(receipt)) }
}

/// How far it has come, from now on at least to its beginning. The first piece counts against what a kiosk may hand in.
async fn begin(app: &App, named: Envelope) -> ApiResult<Arriving> {
    let now = app.clock.now();
    let arriving = app
        .store
        .write(move |tx| {
            if let Some(known) = kiosks::arriving(tx, named.case)? {
                return Ok(known);
            }
            match quota::spend(tx, &REPORTS, &[named.kiosk.as_bytes()], now)? {
                Spent::Granted { .. } => {}
                Spent::Refused { again_at } => {
                    return Err(Halt::Refused(super::locked(again_at, now)));
                }
            }
            Ok::<_, Halt<ApiError>>(kiosks::begin(tx, &named, now)?)
        })
        .await?;
    match arriving.envelope {
        known if known.kiosk != named.kiosk => Err(ApiError::not_found()),
        known if known != named => Err(ProblemCode::ManifestDiffers.into()),
        _ => Ok(arriving),
    }
}

/// All bytes are there: opens it and makes it a case.
async fn finish(app: &App, kiosk: &Kiosk, arriving: &Arriving) -> ApiResult<Receipt> {
    let Envelope { case, hash, bytes, .. } = arriving.envelope;
    // Envelope, contents and photos lie in memory together.
    let _room = app.room_for(bytes.saturating_mul(3)).await?;
    let whole = match app.blobs.assemble(case, hash, bytes).await {
        Ok(whole) if ContentHash::from_bytes(Sha256::digest(&whole).into()) == hash => whole,
        Ok(_) | Err(BlobError::Missing) => {
            app.store.write(move |tx| Ok::<_, Halt<ApiError>>(kiosks::begin_anew(tx, case)?)).await?;
            app.blobs.forget_chunks(case, Some(hash)).await?;
            return Err(ProblemCode::HashMismatch.into());
        }
        Err(error) => return Err(error.into()),
    };
    let done = take_in(app, kiosk, arriving, &whole).await;
    let for_good = done.is_ok()
        || done.as_ref().is_err_and(|error| matches!(error.code().status(), 400 | 404..=407 | 409..=424));
    if for_good {
        // The device keeps what was refused; here nothing of it is needed any more.
        if let Err(error) = app.blobs.forget_chunks(case, Some(hash)).await {
            tracing::warn!(%error, "chunks could not be removed");
        }
        app.store.write(move |tx| Ok::<_, Halt<ApiError>>(kiosks::forget(tx, case)?)).await?;
    }
    done
}

/// What is in an envelope: what it says, and its files.
struct Opened {
    report: SealedReport,
    token: [u8; 16],
    files: Vec<(ContentHash, Vec<u8>)>,
}

fn open(app: &App, kiosk: &Kiosk, case: CaseId, envelope: &[u8]) -> ApiResult<Opened> {
    let altered = || ApiError::from(ProblemCode::EnvelopeAltered);
    let bound = Bound { kiosk: *kiosk.id.as_bytes(), case: *case.as_bytes() };
    let contents = app.seal_keys.open(bound, envelope).map_err(|_| altered())?;
    let most = limits::PHOTOS_PER_REPORT + 2;
    let pieces = unpack(&contents, most).map_err(|_| altered())?;
    let (says, files) = pieces.split_first().ok_or_else(altered)?;
    if says.len() > SAID_BYTES {
        return Err(ApiError::over(ProblemCode::TooLarge, SAID_BYTES as u64));
    }
    let mut report: SealedReport = serde_json::from_slice(says).map_err(|_| altered())?;
    let token = from_hex(&report.hand_over).ok_or_else(|| ApiError::field_text("hand_over", "32 digits"))?;
    let manifest = &mut report.manifest;
    // A kiosk has no position of its own but its station's: what else it may know was tapped on a map.
    let fix = manifest.place.as_ref().and_then(|place| place.fix.as_ref());
    if fix.is_some_and(|fix| !matches!(fix.source, FixSource::Station | FixSource::Map)) {
        return Err(ApiError::field_text("place.fix.source", "station or map"));
    }
    manifest.door = Door::Kiosk;
    manifest.entry = kiosk.entry.clone();
    if files.len() != manifest.attachments.len() {
        return Err(altered());
    }
    let mut found = Vec::with_capacity(files.len());
    for (named, file) in manifest.attachments.iter().zip(files) {
        let hash = ContentHash::from_bytes(Sha256::digest(file).into());
        if hash != named.hash || file.len() as u64 != named.bytes {
            return Err(altered());
        }
        found.push((hash, file.to_vec()));
    }
    Ok(Opened { report, token, files: found })
}

async fn take_in(app: &App, kiosk: &Kiosk, arriving: &Arriving, envelope: &[u8]) -> ApiResult<Receipt> {
    let case = arriving.envelope.case;
    let Opened { report, token, files } = open(app, kiosk, case, envelope)?;
    let new = NewReport::check(app, case, &report.manifest)?;
    let now = app.clock.now();
    let (known, fresh) = (arriving.user, new_user_id(now));
    let user = known.unwrap_or(fresh);
    // An account of its own, which nobody is signed in to: it goes to whoever takes the case to their phone.
    let (_, status) = app
        .store
        .write(move |tx| {
            if known.is_none() {
                accounts::make(tx, user, now)?;
                kiosks::made_for(tx, case, user)?;
            }
            new.begin(tx, user, now)
        })
        .await?;
    for mut file in status.files.into_iter().filter(|file| file.media.is_none()) {
        let bytes = files.iter().find(|(hash, _)| *hash == file.file.hash).map(|(_, bytes)| bytes.clone());
        let bytes = bytes.ok_or_else(|| ApiError::from(ProblemCode::Incomplete))?;
        store_file(app, case, &mut file, bytes).await?;
    }
    let (code, token) = (case_code_hash(app, case, &report.code), hand_over_hash(app, case, &token));
    let (city, now, id): (_, _, KioskId) = (app.city(), app.clock.now(), kiosk.id);
    let receipt = app.store.write(move |tx| {
        let receipt = complete_in(tx, user, case, &city, now)?;
        kiosks::keep(tx, &Kept { case, kiosk: id, code_hash: &code, token_hash: &token }, now)?;
        Ok::<intake::Receipt, Halt<ApiError>>(receipt)
    });
    Ok(receipt.await?)
}
