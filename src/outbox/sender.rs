//! Carries one report to the server: account, manifest, each file from where the server's bytes end, completion.
//! Every step may be repeated; the server answers with what is still missing.

use super::{Outbox, shelf};
use crate::app::App;
use crate::device::{self, Setting};
use crate::router::Route;
use woodlark_domain::limits::CHUNK_BYTES;
use woodlark_domain::{CaseId, ContentHash};
use woodlark_ui::Fault;
use woodlark_ui::api::{self, Body, Call};
use woodlark_ui::{json, t};
use woodlark_wire::{AttachmentReceipt, Intake, Manifest, ProblemCode, Receipt, path};

/// Rounds over the files before the next wait: more means that the server and this device disagree.
const ROUNDS: u32 = 3;

/// What stopped a report on its way.
pub(super) enum Stop {
    /// The network or the server.
    Fault(Fault),
    /// The device no longer has a file.
    LostFile,
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// Sends a report; only the receipt means that it is a case.
pub(super) async fn send(outbox: Outbox, id: CaseId, manifest: &Manifest) -> Result<Receipt, Stop> {
    let body = json::write(manifest).map_err(|_| Fault::NotOurs)?;
    let address = path::report(id);
    let key = format!("{id}-manifest");
    if Setting::Account.get().is_none() {
        sign_in().await?;
    }
    let answer = match api::send("PUT", &address, &key, Some(&body)).await {
        Err(fault) if fault.code() == Some(ProblemCode::NotSignedIn) => {
            sign_in().await?;
            api::send("PUT", &address, &key, Some(&body)).await?
        }
        answer => answer?,
    };
    let mut intake: Intake = api::read(&answer)?;
    for _ in 0..ROUNDS {
        if let Some(receipt) = intake.receipt {
            return Ok(receipt);
        }
        for file in intake.attachments.iter().filter(|file| !file.stored) {
            upload(outbox, id, file).await?;
        }
        match api::send("POST", &path::complete(id), &format!("{id}-complete"), None).await {
            Ok(answer) => return Ok(api::read(&answer)?),
            Err(fault) if fault.code() == Some(ProblemCode::Incomplete) => {
                intake = api::get(&address).await?
            }
            Err(fault) => return Err(fault.into()),
        }
    }
    Err(Fault::Status(500).into())
}

/// Joins a case and opens it; the account of this device is made if it has none yet.
///
/// # Errors
/// [`Fault`] when it was not joined.
pub async fn join(app: App, id: CaseId) -> Result<(), Fault> {
    let address = path::join(id);
    let key = format!("{id}-join");
    match api::send("POST", &address, &key, None).await {
        Err(fault) if fault.code() == Some(ProblemCode::NotSignedIn) => {
            sign_in().await?;
            api::send("POST", &address, &key, None).await?
        }
        answer => answer?,
    };
    app.outbox.said.set(t().report_alike_joined.into());
    app.live.notice();
    app.router.replace(Route::Case(id));
    Ok(())
}

/// Makes the account of this device.
pub async fn sign_in() -> Result<(), Fault> {
    let key = device::new_id().to_string();
    api::send("POST", path::SESSION, &key, None).await?;
    Setting::Account.set(Some("1"));
    Ok(())
}

/// Sends what is missing of one file; an empty piece asks the server to finish one whose bytes it has.
async fn upload(outbox: Outbox, id: CaseId, file: &AttachmentReceipt) -> Result<(), Stop> {
    let blob = shelf::file(file.hash).await.ok_or(Stop::LostFile)?;
    let address = path::attachment(id, file.hash);
    let mut from = file.received_bytes;
    let mut stuck = 0;
    loop {
        let to = (from + CHUNK_BYTES).min(file.bytes);
        let reached = match chunk(outbox, &address, file.hash, &blob, (from, to)).await {
            Ok(receipt) if receipt.stored => break,
            Ok(receipt) => receipt.received_bytes,
            Err(Fault::Problem(problem)) if problem.code == ProblemCode::OffsetMismatch => {
                problem.received_bytes.unwrap_or(0)
            }
            Err(fault) => return Err(fault.into()),
        };
        // Bytes that do not grow mean trouble between here and there: wait rather than send for hours.
        stuck = if reached > from { 0 } else { stuck + 1 };
        if stuck > 2 {
            return Err(Fault::Status(500).into());
        }
        from = reached;
    }
    outbox.went(file.hash, 1.0);
    Ok(())
}

async fn chunk(
    outbox: Outbox,
    address: &str,
    hash: ContentHash,
    blob: &web_sys::Blob,
    (from, to): (u64, u64),
) -> Result<AttachmentReceipt, Fault> {
    #[expect(clippy::cast_precision_loss, reason = "a photo has far fewer than 2^53 bytes")]
    let (start, end, whole) = (from as f64, to as f64, blob.size());
    let piece = blob.slice_with_f64_and_f64(start, end).map_err(|_| Fault::NotOurs)?;
    let call = Call {
        method: "PUT",
        path: address,
        body: Body::File(&piece),
        key: Some(&format!("{hash}-{from}")),
        offset: Some(from),
        progress: Some(Box::new(move |sent| outbox.went(hash, (start + sent) / whole))),
        header: None,
    };
    api::read(&call.text().await?)
}
