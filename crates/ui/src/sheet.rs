//! The half-screen dialog, and Back: opening one pushes a state, Back closes just the dialog.

use crate::messages::t;
use core::cell::RefCell;
use leptos::html::Dialog;
use leptos::prelude::*;
use wasm_bindgen::JsValue;

thread_local! {
    static OPEN: RefCell<Vec<RwSignal<bool>>> = const { RefCell::new(Vec::new()) };
}

/// Opens a dialog: Back will close it.
pub fn open(sheet: RwSignal<bool>) {
    if sheet.get_untracked() {
        return;
    }
    OPEN.with_borrow_mut(|stack| stack.push(sheet));
    if let Ok(history) = window().history() {
        // A refused state only means that Back leaves the page instead of closing the dialog.
        let _ = history.push_state_with_url(&JsValue::TRUE, "", None);
    }
    sheet.set(true);
}

/// Closes the topmost dialog as Back would.
pub fn close() {
    if OPEN.with_borrow(Vec::is_empty) {
        return;
    }
    if window().history().and_then(|history| history.back()).is_err() {
        went_back();
    }
}

/// For the router, on `popstate`: closes the topmost dialog and says that it did.
pub fn went_back() -> bool {
    let top = OPEN.with_borrow_mut(Vec::pop);
    // A dialog of a page that is gone has nothing to close any more.
    top.is_some_and(|sheet| sheet.try_set(false).is_none())
}

/// A dialog at the lower edge of the screen. The browser traps the focus, returns it, and closes on Escape.
#[component]
pub fn Sheet(
    /// Whether it is open; set by [`open`] and [`close`] only.
    shown: RwSignal<bool>,
    /// Its heading.
    title: &'static str,
    /// Fills the whole screen.
    #[prop(optional)]
    full: bool,
    /// What it holds, made anew at each opening.
    children: ChildrenFn,
) -> impl IntoView {
    let node = NodeRef::<Dialog>::new();
    Effect::new(move |_| {
        let open = shown.get();
        let Some(dialog) = node.get() else { return };
        if open == dialog.open() {
            return;
        }
        if !open {
            dialog.close();
        } else if dialog.show_modal().is_err() {
            // Before Safari 15.4 there is no modal dialog: it stands open in its place.
            dialog.set_open(true);
        }
    });
    let cancel = move |event: leptos::ev::Event| {
        event.prevent_default();
        close();
    };
    let outside = move |event: leptos::ev::MouseEvent| {
        // The dialog itself is hit only beside its panel.
        if event.target() == event.current_target() {
            close();
        }
    };
    view! {
        <dialog node_ref=node class="sheet" class:sheet-full=full aria-label=title on:cancel=cancel on:click=outside>
            <div class="sheet-panel">
                <header class="sheet-head">
                    <h2>{title}</h2>
                    <button type="button" class="icon-button" aria-label=t().app_close on:click=move |_| close()>
                        {crate::parts::icon("cross")}
                    </button>
                </header>
                {move || shown.get().then(|| children())}
            </div>
        </dialog>
    }
    .into_any()
}
