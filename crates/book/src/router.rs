//! The ledger's addresses.

use crate::app::use_book;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use woodlark_ui::RwSignal;
use woodlark_ui::el::{El, el};
use woodlark_ui::page::forever;
use woodlark_ui::sheet;

/// A page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Route {
    /// What the ledger comes to, and its entries.
    Overview,
    /// The check.
    Check,
    /// The table of points and its history.
    Points,
    /// What was published of each day.
    Roots,
    /// What points become.
    Thanks,
}

impl Route {
    /// Every page.
    pub const ALL: [Self; 5] = [Self::Overview, Self::Check, Self::Points, Self::Roots, Self::Thanks];

    /// The route of a path; an unknown one is the overview.
    #[must_use]
    pub fn parse(path: &str) -> Self {
        let path = path.trim_end_matches('/');
        Self::ALL.into_iter().find(|route| route.path() == path).unwrap_or(Self::Overview)
    }

    /// Its address.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::Overview => "/ledger",
            Self::Check => "/ledger/check",
            Self::Points => "/ledger/points",
            Self::Roots => "/ledger/roots",
            Self::Thanks => "/ledger/thanks",
        }
    }
}

/// The page of now, and the way to another.
#[derive(Clone, Copy)]
pub struct Router(RwSignal<Route>);

impl Router {
    /// Reads the address and follows Back and Forward.
    #[must_use]
    pub fn start() -> Self {
        let router = Self(RwSignal::new(here()));
        forever("popstate", move || {
            if !sheet::went_back() {
                router.0.set(here());
            }
        });
        router
    }

    /// The page of now.
    #[must_use]
    pub fn now(self) -> Route {
        self.0.get()
    }

    /// Takes the question out of the address of this page; answers what it was.
    #[must_use]
    pub fn take_query(self) -> String {
        let query = window().location().search().unwrap_or_default();
        if !query.is_empty()
            && let Ok(history) = window().history()
        {
            let path = self.0.get_untracked().path();
            let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(path));
        }
        query
    }

    /// Goes to a page.
    pub fn go(self, route: Route) {
        if let Ok(history) = window().history() {
            // Without a history the page still changes; only Back leaves the ledger.
            let _ = history.push_state_with_url(&JsValue::NULL, "", Some(route.path()));
        }
        self.0.set(route);
        window().scroll_to_with_x_and_y(0.0, 0.0);
    }
}

/// A link to a page: a real address, followed without a reload.
#[must_use]
pub fn link(class: &str, route: Route) -> El {
    el("a", class).attr("href", route.path()).on("click", move |event| {
        let event: web_sys::MouseEvent = event.unchecked_into();
        if !(event.ctrl_key() || event.meta_key() || event.shift_key()) {
            event.prevent_default();
            use_book().router.go(route);
        }
    })
}

fn here() -> Route {
    Route::parse(&window().location().pathname().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_route_comes_back_from_its_address() {
        for route in Route::ALL {
            assert_eq!(Route::parse(route.path()), route);
        }
        assert_eq!(Route::parse("/ledger/"), Route::Overview);
        assert_eq!(Route::parse("/ledger/nonsense"), Route::Overview);
    }
}
