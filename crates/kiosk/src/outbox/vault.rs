//! Where envelopes lie on this device: IndexedDB, written so that a power cut the moment after loses nothing.

use super::Note;
use crate::js;
use core::cell::RefCell;
use js_sys::{Array, Object, Promise, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, IdbDatabase, IdbRequest, IdbTransaction};
use woodlark_domain::CaseId;

const NAME: &str = "woodlark-kiosk";
const ENVELOPES: &str = "envelopes";
const NOTES: &str = "notes";
/// One row: what this device is. The browser writes its plain storage down only after a while.
const OWN: &str = "own";

thread_local! {
    static DATABASE: RefCell<Option<IdbDatabase>> = const { RefCell::new(None) };
}

/// Keeps an envelope and its note, and comes back once both are on the disk.
///
/// # Errors
/// Where the device has no room or keeps nothing.
pub async fn keep(note: &Note, envelope: &[u8]) -> Result<(), JsValue> {
    let transaction = writing().await?;
    let key = JsValue::from(note.case.to_string());
    let file = Blob::new_with_u8_array_sequence(&Array::of1(&Uint8Array::from(envelope)))?;
    transaction.object_store(ENVELOPES)?.put_with_key(&file, &key)?;
    transaction.object_store(NOTES)?.put_with_key(&note.line().into(), &key)?;
    ended(&transaction).await
}

/// Writes a note anew.
///
/// # Errors
/// As [`keep`].
pub async fn mark(note: &Note) -> Result<(), JsValue> {
    let transaction = writing().await?;
    let key = JsValue::from(note.case.to_string());
    transaction.object_store(NOTES)?.put_with_key(&note.line().into(), &key)?;
    ended(&transaction).await
}

/// Lets an envelope go.
///
/// # Errors
/// Where it could not be taken away; it is then brought once more, and the server knows it.
pub async fn forget(case: CaseId) -> Result<(), JsValue> {
    let transaction = writing().await?;
    let key = JsValue::from(case.to_string());
    transaction.object_store(ENVELOPES)?.delete(&key)?;
    transaction.object_store(NOTES)?.delete(&key)?;
    ended(&transaction).await
}

/// Every note.
///
/// # Errors
/// Where the browser keeps nothing.
pub async fn notes() -> Result<Vec<Note>, JsValue> {
    let store = database().await?.transaction_with_str(NOTES)?.object_store(NOTES)?;
    let rows = answer(&store.get_all()?).await?;
    Ok(Array::from(&rows).iter().filter_map(|row| Note::read(&row.as_string()?)).collect())
}

/// An envelope.
///
/// # Errors
/// Where it is not there.
pub async fn envelope(case: CaseId) -> Result<Blob, JsValue> {
    let store = database().await?.transaction_with_str(ENVELOPES)?.object_store(ENVELOPES)?;
    answer(&store.get(&case.to_string().into())?).await?.dyn_into()
}

/// Keeps what this device is; nothing is that it is none.
///
/// # Errors
/// As [`keep`].
pub async fn keep_own(text: Option<&str>) -> Result<(), JsValue> {
    let transaction = writing().await?;
    let store = transaction.object_store(OWN)?;
    match text {
        Some(text) => store.put_with_key(&text.into(), &OWN.into())?,
        None => store.delete(&OWN.into())?,
    };
    ended(&transaction).await
}

/// What this device is, as it was kept.
pub async fn own() -> Option<String> {
    let store = database().await.ok()?.transaction_with_str(OWN).ok()?.object_store(OWN).ok()?;
    answer(&store.get(&OWN.into()).ok()?).await.ok()?.as_string()
}

/// A transaction that is over only once it is on the disk: browsers say so sooner unless they are asked.
async fn writing() -> Result<IdbTransaction, JsValue> {
    let options = Object::new();
    js::set(&options, "durability", &"strict".into());
    let stores = Array::of3(&ENVELOPES.into(), &NOTES.into(), &OWN.into());
    let with = [stores.into(), "readwrite".into(), options.into()];
    let database = JsValue::from(database().await?);
    js::call(&database, "transaction", &with)?.dyn_into()
}

async fn ended(transaction: &IdbTransaction) -> Result<(), JsValue> {
    let done = Promise::new(&mut |done, failed| {
        transaction.set_oncomplete(Some(&done));
        transaction.set_onerror(Some(&failed));
        transaction.set_onabort(Some(&failed));
    });
    JsFuture::from(done).await.map(drop)
}

async fn answer(request: &IdbRequest) -> Result<JsValue, JsValue> {
    let answered = Promise::new(&mut |done, failed| {
        request.set_onsuccess(Some(&done));
        request.set_onerror(Some(&failed));
    });
    JsFuture::from(answered).await?;
    request.result()
}

async fn database() -> Result<IdbDatabase, JsValue> {
    if let Some(database) = DATABASE.with_borrow(Option::clone) {
        return Ok(database);
    }
    let factory = leptos::prelude::window().indexed_db()?.ok_or(JsValue::NULL)?;
    let request = factory.open_with_u32(NAME, 1)?;
    let opening = request.clone();
    let upgrade = Closure::once(move || {
        let Ok(Ok(database)) = opening.result().map(JsCast::dyn_into::<IdbDatabase>) else { return };
        for store in [ENVELOPES, NOTES, OWN] {
            // Fails only where it exists already.
            let _ = database.create_object_store(store);
        }
    });
    request.set_onupgradeneeded(Some(upgrade.as_ref().unchecked_ref()));
    let database: IdbDatabase = answer(&request).await?.dyn_into()?;
    DATABASE.set(Some(database.clone()));
    Ok(database)
}
