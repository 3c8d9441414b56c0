//! One sender over all tabs: the browser's Web Locks, or a lease in IndexedDB where it has none (iOS before 15.4).

use crate::shelf;
use core::future::Future;
use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::IdbTransactionMode;

/// A tab that has not renewed its lease for so long is gone, in milliseconds.
const LEASE_MS: f64 = 120_000.0;

/// Runs the work if no other tab is at it; otherwise that tab does the work and this one returns at once.
pub(crate) async fn alone(work: impl Future<Output = ()> + 'static) {
    let navigator = leptos::prelude::window().navigator();
    match Reflect::get(&navigator, &"locks".into()) {
        Ok(locks) if locks.is_object() => {
            // A refused lock is a lock held elsewhere.
            let _ = locked(&locks, work).await;
        }
        _ => leased(work).await,
    }
}

async fn locked(locks: &JsValue, work: impl Future<Output = ()> + 'static) -> Result<(), JsValue> {
    let request: Function = Reflect::get(locks, &"request".into())?.dyn_into()?;
    let options = Object::new();
    Reflect::set(&options, &"ifAvailable".into(), &JsValue::TRUE)?;
    let mut work = Some(work);
    let run = Closure::once(move |lock: JsValue| -> Promise {
        match work.take() {
            Some(work) if !lock.is_null() => future_to_promise(async {
                work.await;
                Ok(JsValue::UNDEFINED)
            }),
            _ => Promise::resolve(&JsValue::UNDEFINED),
        }
    });
    let done = request.call3(locks, &shelf::called().into(), &options, run.as_ref())?;
    JsFuture::from(Promise::resolve(&done)).await.map(drop)
}

async fn leased(work: impl Future<Output = ()>) {
    if take().await.unwrap_or(true) {
        work.await;
        // A lease that cannot be given back runs out.
        let _ = shelf::write(shelf::LEASE, Box::new(|store| store.delete(&shelf::called().into()))).await;
    }
}

/// Takes the lease in one transaction, unless another tab's still runs.
async fn take() -> Result<bool, JsValue> {
    let mode = IdbTransactionMode::Readwrite;
    let store = shelf::database()
        .await?
        .transaction_with_str_and_mode(shelf::LEASE, mode)?
        .object_store(shelf::LEASE)?;
    let until = shelf::answer(&store.get(&shelf::called().into())?).await?.as_f64().unwrap_or(0.0);
    let now = js_sys::Date::now();
    if until > now {
        return Ok(false);
    }
    shelf::answer(&store.put_with_key(&(now + LEASE_MS).into(), &shelf::called().into())?).await?;
    Ok(true)
}
