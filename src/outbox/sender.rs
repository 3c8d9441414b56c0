//! Carries one report to the server: account, manifest, each file from where the server's bytes end, completion.
//! Every step may be repeated; the server answers with what is still missing.

use super::Outbox;
use crate::app::App;
use crate::device::{self, Setting};
use crate::router::Route;
use woodlark_domain::CaseId;
use woodlark_outbox::{Stop, upload};
use woodlark_ui::Fault;
use woodlark_ui::api;
use woodlark_ui::{json, t};
use woodlark_wire::{Intake, Manifest, ProblemCode, Receipt, path};

/// Rounds over the files before the next wait: more means that the server and this device disagree.
const ROUNDS: u32 = 3;

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
            upload(outbox, &path::attachment(id, file.hash), file).await?;
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
