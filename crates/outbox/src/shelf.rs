//! Where records and files lie on this device: IndexedDB, with the memory as a second place for what it refuses.
//!
//! A record is kept as its JSON text under its id, a file as a Blob under its hash. Requests become promises
//! without a closure each: the promise's own functions are the handlers.

use crate::errand::Errand;
use crate::record::Record;
use core::cell::{Cell, RefCell};
use core::future::Future;
use core::pin::Pin;
use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, IdbDatabase, IdbObjectStore, IdbRequest, IdbTransactionMode};
use woodlark_domain::{CaseId, ContentHash};
use woodlark_ui::json;

const RECORDS: &str = "records";
const FILES: &str = "files";
/// One row, the lease of the tab that sends.
pub(crate) const LEASE: &str = "lease";

/// What the desk saw last, for when there is no network; the residents' app keeps nothing there.
pub const SEEN: &str = "seen";

/// Milliseconds that the database may take to open. A browser whose page was left in the middle of the first opening may never
/// answer again until it is started anew; then this page keeps its things in memory and says so.
const OPEN_MS: i32 = 4_000;

thread_local! {
    /// It did not open in time: nobody waits for it again in this page.
    static SILENT: Cell<bool> = const { Cell::new(false) };
    /// One program, one shelf: it is named when its outbox starts.
    static NAME: Cell<&'static str> = const { Cell::new("woodlark") };
    static DATABASE: RefCell<Option<IdbDatabase>> = const { RefCell::new(None) };
    /// A handful: a map would only weigh more.
    static IN_MEMORY: RefCell<Vec<(ContentHash, Blob)>> = const { RefCell::new(Vec::new()) };
}

/// Names the shelf; before anything is read from it.
pub(crate) fn name(shelf: &'static str) {
    NAME.set(shelf);
}

/// What the shelf is called, and its lock and channel after it.
pub(crate) fn called() -> String {
    [NAME.get(), "-outbox"].concat()
}

/// Everything that is kept, or nothing where the browser keeps nothing.
pub async fn records<E: Errand>() -> Vec<Record<E>> {
    let Ok(rows) = read(RECORDS, Box::new(move |store| store.get_all())).await else { return Vec::new() };
    parse(&rows)
}

fn parse<E: Errand>(rows: &JsValue) -> Vec<Record<E>> {
    js_sys::Array::from(rows).iter().filter_map(|row| json::read(&row.as_string()?).ok()).collect()
}

/// Keeps a record.
///
/// # Errors
/// When the device has no room or keeps nothing.
pub async fn keep<E: Errand>(record: &Record<E>) -> Result<(), JsValue> {
    let text = json::write(record).map_err(|_| JsValue::NULL)?;
    let key = record.id.to_string();
    write(RECORDS, Box::new(move |store| store.put_with_key(&text.as_str().into(), &key.as_str().into())))
        .await
}

/// Lets a record go.
pub async fn forget(id: CaseId) {
    let key = id.to_string();
    // A record that cannot be deleted comes back at the next start; nothing is lost by that.
    let _ = write(RECORDS, Box::new(move |store| store.delete(&key.as_str().into()))).await;
}

/// Holds a file in memory, so that it can be sent before it is kept, and where it cannot be.
pub fn hold(hash: ContentHash, file: &Blob) {
    IN_MEMORY.with_borrow_mut(|memory| {
        memory.retain(|(known, _)| *known != hash);
        memory.push((hash, file.clone()));
    });
}

/// Keeps a file. The record that needs it is kept before, so that no tab ever sees a file that nobody needs yet and
/// sweeps it away.
///
/// # Errors
/// When only the memory holds it.
pub async fn keep_file(hash: ContentHash, file: &Blob) -> Result<(), JsValue> {
    let (key, file) = (hash.to_string(), file.clone());
    write(FILES, Box::new(move |store| store.put_with_key(&file, &key.as_str().into()))).await
}

/// A file by its hash.
pub async fn file(hash: ContentHash) -> Option<Blob> {
    let kept = |memory: &Vec<(ContentHash, Blob)>| {
        memory.iter().find(|(known, _)| *known == hash).map(|(_, file)| file.clone())
    };
    if let Some(file) = IN_MEMORY.with_borrow(kept) {
        return Some(file);
    }
    let key = hash.to_string();
    read(FILES, Box::new(move |store| store.get(&key.as_str().into()))).await.ok()?.dyn_into().ok()
}

/// Lets the files go that no record needs any more: none of this tab's, which are told by `needed_here`, and none on the
/// shelf. Records and files are read in one transaction, or another tab's new photo might be taken for nobody's.
///
/// # Errors
/// When the shelf cannot be read; what stays behind is swept next time.
pub async fn sweep<E: Errand>(needed_here: impl Fn(ContentHash) -> bool) -> Result<(), JsValue> {
    IN_MEMORY.with_borrow_mut(|memory| memory.retain(|(hash, _)| needed_here(*hash)));
    let stores = js_sys::Array::of2(&RECORDS.into(), &FILES.into());
    let both =
        database().await?.transaction_with_str_sequence_and_mode(&stores, IdbTransactionMode::Readwrite)?;
    let files = both.object_store(FILES)?;
    let kept = parse::<E>(&answer(&both.object_store(RECORDS)?.get_all()?).await?);
    let needed =
        |hash| needed_here(hash) || kept.iter().any(|record| record.files().any(|file| file == hash));
    for key in js_sys::Array::from(&answer(&files.get_all_keys()?).await?).iter() {
        if !key.as_string().and_then(|text| text.parse().ok()).is_some_and(needed) {
            files.delete(&key)?;
        }
    }
    Ok(())
}

/// What is asked of a store; boxed, so that asking is compiled once.
pub type Ask = Box<dyn FnOnce(&IdbObjectStore) -> Result<IdbRequest, JsValue>>;
/// An answer on its way.
pub type Coming<T> = Pin<Box<dyn Future<Output = Result<T, JsValue>>>>;

/// Reads from a store.
pub fn read(store: &'static str, ask: Ask) -> Coming<JsValue> {
    Box::pin(async move {
        let shelf = database().await?.transaction_with_str(store)?.object_store(store)?;
        answer(&ask(&shelf)?).await
    })
}

/// Writes to a store and waits until it is durable.
pub fn write(store: &'static str, ask: Ask) -> Coming<()> {
    Box::pin(async move {
        let transaction =
            database().await?.transaction_with_str_and_mode(store, IdbTransactionMode::Readwrite)?;
        ask(&transaction.object_store(store)?)?;
        let done = Promise::new(&mut |done, failed| {
            transaction.set_oncomplete(Some(&done));
            transaction.set_onerror(Some(&failed));
            transaction.set_onabort(Some(&failed));
        });
        JsFuture::from(done).await.map(drop)
    })
}

/// The answer of one request.
pub(crate) async fn answer(request: &IdbRequest) -> Result<JsValue, JsValue> {
    let answered = Promise::new(&mut |done, failed| {
        request.set_onsuccess(Some(&done));
        request.set_onerror(Some(&failed));
    });
    JsFuture::from(answered).await?;
    request.result()
}

/// Opens the database once.
pub(crate) async fn database() -> Result<IdbDatabase, JsValue> {
    if let Some(database) = DATABASE.with_borrow(Option::clone) {
        return Ok(database);
    }
    if SILENT.get() {
        return Err(JsValue::NULL);
    }
    let window = leptos::prelude::window();
    let factory = window.indexed_db()?.ok_or(JsValue::NULL)?;
    let request = factory.open_with_u32(NAME.get(), 1)?;
    let opening = request.clone();
    let upgrade = Closure::once(move || {
        let Ok(Ok(database)) = opening.result().map(JsCast::dyn_into::<IdbDatabase>) else { return };
        for store in [RECORDS, FILES, LEASE, SEEN] {
            // Fails only where it exists already.
            let _ = database.create_object_store(store);
        }
    });
    request.set_onupgradeneeded(Some(upgrade.as_ref().unchecked_ref()));
    let opened = Promise::new(&mut |done, failed| {
        request.set_onsuccess(Some(&done));
        request.set_onerror(Some(&failed));
        // Where there is no timer there is no waiting either, and then the request alone decides.
        let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(&failed, OPEN_MS);
    });
    if let Err(why) = JsFuture::from(opened).await {
        SILENT.set(true);
        // Opened too late it still gets its stores, for the next page.
        upgrade.forget();
        return Err(why);
    }
    let database: IdbDatabase = request.result()?.dyn_into()?;
    DATABASE.set(Some(database.clone()));
    Ok(database)
}
