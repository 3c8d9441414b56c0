//! What waits on this device: each report with what it says, how far each file is, and what can be done.

use super::mine::picture;
use crate::app::use_app;
use crate::outbox::{Record, Stage, shelf};
use crate::router::Route;
use wasm_bindgen_futures::spawn_local;
use web_sys::Url;
use woodlark_ui::RwSignal;
use woodlark_ui::el::{El, button, el, span};
use woodlark_ui::parts::{icon, tone_pill};
use woodlark_ui::{messages, sheet, t, when};
use woodlark_wire::{AttachmentManifest, MediaRole};

/// Everything that waits, or needs a look.
#[must_use]
pub fn list() -> Option<El> {
    let app = use_app();
    let shown: Vec<El> = app.outbox.records.with(|records| {
        let mine = |record: &&Record| record.is_waiting() || record.stage == Stage::NeedsAttention;
        records.iter().filter(mine).map(card).collect()
    });
    let head = el("h2", "").attr("id", "waiting").text(t().outbox_title);
    (!shown.is_empty())
        .then(|| el("section", "stack").attr("aria-labelledby", "waiting").child(head).each(shown))
}

/// One report that waits.
#[must_use]
pub fn card(record: &Record) -> El {
    let app = use_app();
    let id = record.id;
    let (tone, words, code) = match record.stage {
        Stage::Sending if record.trouble.is_none() => ("open", t().outbox_sending, "sending"),
        Stage::NeedsAttention => ("bad", t().outbox_attention, "needs_attention"),
        Stage::Draft | Stage::Queued | Stage::Sending | Stage::Accepted => {
            ("open", t().outbox_queued, "queued")
        }
    };
    let said = if record.manifest.words.is_empty() { t().outbox_untitled } else { &record.manifest.words };
    let about =
        [messages::kind_short(record.manifest.kind), " · ", &when::ago(record.manifest.reported_at)].concat();
    let asked = RwSignal::new(false);
    let delete = move || spawn_local(app.outbox.remove(id));
    let files = record.manifest.attachments.iter().enumerate().map(|(index, one)| file(index, one));
    el("article", "card waiting")
        .test("waiting-card")
        .attr("data-state", code)
        .child(el("div", "card-head").child(tone_pill(tone, words)).child(span("soft", &about)))
        .child(el("p", "said").text(said))
        .child(el("ul", "files").each(files))
        .maybe(trouble(record))
        .child(actions(record, asked))
        .child(sheet::confirm(
            asked,
            t().outbox_delete_ask,
            t().outbox_delete_body,
            t().outbox_delete,
            delete,
        ))
}

fn trouble(record: &Record) -> Option<El> {
    let trouble = record.trouble.as_ref()?;
    let next = (record.stage != Stage::NeedsAttention)
        .then(|| span("soft", &[" ", &t().sent_next_try(&when::moment(record.next_at))].concat()));
    Some(el("p", "trouble").child(icon("alert")).child(span("", &trouble.words).maybe(next)))
}

fn actions(record: &Record, asked: RwSignal<bool>) -> El {
    let app = use_app();
    let stuck = record.stage == Stage::NeedsAttention;
    let spent = record.trouble.as_ref().is_some_and(|trouble| trouble.spent);
    let kept = record.clone();
    let again = button("btn small", move || {
        if stuck {
            spawn_local(app.outbox.queue(kept.clone()));
        } else {
            app.outbox.wake();
        }
    });
    let kept = record.clone();
    let edit = button("btn small ghost", move || {
        let record = kept.clone();
        spawn_local(async move {
            app.outbox.renew(&record).await;
            app.router.go(Route::Report(Some(record.manifest.kind)));
        });
    });
    let delete = button("btn small plain", move || sheet::open(asked)).text(t().outbox_delete);
    let row = el("div", "row-end");
    let row = if stuck { row.child(delete).child(edit.test("edit").text(t().outbox_edit)) } else { row };
    let words = if stuck { t().outbox_again } else { t().sent_now };
    row.maybe((!spent).then(|| again.test("send-now").text(words)))
}

/// How far one file has gone.
fn file(index: usize, file: &AttachmentManifest) -> El {
    let progress = use_app().outbox.progress;
    let (hash, role) = (file.hash, file.role);
    let part = move || {
        progress.with(|all| all.iter().find(|(known, _)| *known == hash).map_or(0.0, |(_, part)| *part))
    };
    let url = RwSignal::new(None::<String>);
    if role == MediaRole::Photo {
        spawn_local(async move {
            let address =
                shelf::file(hash).await.and_then(|file| Url::create_object_url_with_blob(&file).ok());
            let _ = url.try_set(address);
        });
    }
    let words = move || {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 100")]
        let percent = ((part() * 100.0) as u32).min(100).to_string();
        match role {
            MediaRole::Photo => t().outbox_photo(&(index + 1).to_string(), &percent),
            MediaRole::Voice => t().outbox_voice(&percent),
        }
    };
    let bar =
        el("progress", "").attr("max", "1").attr("aria-hidden", "true").prop("value", move || part().into());
    el("li", "file")
        .test("file")
        .dynamic(move || url.get().map(|url| picture("thumb tiny", &url)))
        .child(span("grow", "").child(span("soft", "").says(words)).child(bar))
}
