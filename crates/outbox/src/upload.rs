//! One file, piece by piece, from where the server's bytes end.

use crate::errand::{Errand, Stop};
use crate::outbox::Outbox;
use crate::shelf;
use woodlark_domain::ContentHash;
use woodlark_domain::limits::CHUNK_BYTES;
use woodlark_ui::Fault;
use woodlark_ui::api::{self, Body, Call};
use woodlark_wire::{AttachmentReceipt, ProblemCode};

/// Sends what is missing of one file; an empty piece asks the server to finish one whose bytes it has.
///
/// # Errors
/// [`Stop`] says what it stopped at.
pub async fn upload<E: Errand>(
    outbox: Outbox<E>,
    address: &str,
    file: &AttachmentReceipt,
) -> Result<(), Stop> {
    let blob = shelf::file(file.hash).await.ok_or(Stop::LostFile)?;
    let mut from = file.received_bytes;
    let mut stuck = 0;
    loop {
        let to = (from + CHUNK_BYTES).min(file.bytes);
        let reached = match chunk(outbox, address, file.hash, &blob, (from, to)).await {
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

async fn chunk<E: Errand>(
    outbox: Outbox<E>,
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
