//! Our own small router: an address is a route, and at most two levels lie between any page and home.

use crate::app::{forever, use_app};
use core::str::FromStr;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use woodlark_domain::{CaseId, Kind};
use woodlark_ui::RwSignal;
use woodlark_ui::el::{El, el};
use woodlark_ui::page::value;
use woodlark_ui::sheet;

/// A page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Route {
    /// The first page.
    Home,
    /// Writing a report, of this kind if one was tapped.
    Report(Option<Kind>),
    /// What became of a report just sent.
    Sent(CaseId),
    /// One case.
    Case(CaseId),
    /// One case as everyone may see it.
    Public(CaseId),
    /// What is open round me.
    Nearby,
    /// The lark wall.
    Wall,
    /// Everything I reported.
    Mine,
    /// Language, type, theme, phone.
    Settings,
}

impl Route {
    /// The route of a path and its query; an unknown one is home.
    #[must_use]
    pub fn parse(path: &str, query: &str) -> Self {
        let (head, tail) = path.trim_matches('/').split_once('/').unwrap_or((path.trim_matches('/'), ""));
        let with_id = |route: fn(CaseId) -> Self| CaseId::from_str(tail).map_or(Self::Mine, route);
        match head {
            "report" => Self::Report(value(query, "kind").and_then(Kind::from_code)),
            "sent" => with_id(Self::Sent),
            "cases" => with_id(Self::Case),
            "c" => CaseId::from_str(tail).map_or(Self::Nearby, Self::Public),
            "nearby" => Self::Nearby,
            "wall" => Self::Wall,
            "mine" => Self::Mine,
            "settings" => Self::Settings,
            _ => Self::Home,
        }
    }

    /// Its address.
    #[must_use]
    pub fn path(self) -> String {
        match self {
            Self::Home => "/".into(),
            Self::Report(None) => "/report".into(),
            Self::Report(Some(kind)) => format!("/report?kind={}", kind.code()),
            Self::Sent(id) => format!("/sent/{id}"),
            Self::Case(id) => format!("/cases/{id}"),
            Self::Public(id) => format!("/c/{id}"),
            Self::Nearby => "/nearby".into(),
            Self::Wall => "/wall".into(),
            Self::Mine => "/mine".into(),
            Self::Settings => "/settings".into(),
        }
    }

    /// Whether it replaces the page in the history: tabs lie beside each other, not behind.
    const fn replaces(self) -> bool {
        matches!(self, Self::Home | Self::Nearby | Self::Wall | Self::Mine | Self::Sent(_))
    }
}

/// The page of now, and the way to another.
#[derive(Clone, Copy)]
pub struct Router(RwSignal<Route>);

impl Router {
    /// Reads the address and follows Back and Forward; a dialog takes Back first.
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

    /// Goes to a page.
    pub fn go(self, route: Route) {
        self.enter(route, route.replaces() && self.0.get_untracked() != Route::Home);
    }

    /// Goes to a page in the place of this one.
    pub fn replace(self, route: Route) {
        self.enter(route, true);
    }

    fn enter(self, route: Route, replace: bool) {
        if let Ok(history) = window().history() {
            let address = route.path();
            let state = JsValue::from_str(if replace { "replaced" } else { "entered" });
            // Without a history the page still changes; only Back leaves the app.
            let _ = if replace {
                history.replace_state_with_url(&state, "", Some(&address))
            } else {
                history.push_state_with_url(&state, "", Some(&address))
            };
        }
        self.0.set(route);
        window().scroll_to_with_x_and_y(0.0, 0.0);
    }

    /// Back, or home where nothing of ours lies behind.
    pub fn back(self) {
        let entered =
            window().history().and_then(|history| history.state()).is_ok_and(|state| state == "entered");
        if entered && window().history().and_then(|history| history.back()).is_ok() {
            return;
        }
        self.replace(Route::Home);
    }
}

/// A link to a page: a real address, followed without a reload.
#[must_use]
pub fn link(class: &str, route: Route) -> El {
    el("a", class).attr("href", &route.path()).on("click", move |event| {
        let event: web_sys::MouseEvent = event.unchecked_into();
        if !(event.ctrl_key() || event.meta_key() || event.shift_key()) {
            event.prevent_default();
            use_app().router.go(route);
        }
    })
}

fn here() -> Route {
    let location = window().location();
    Route::parse(&location.pathname().unwrap_or_default(), &location.search().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_route_comes_back_from_its_address() {
        let id = CaseId::from_bytes([7; 16]);
        let all = [
            Route::Home,
            Route::Report(None),
            Route::Report(Some(Kind::Praise)),
            Route::Sent(id),
            Route::Case(id),
            Route::Public(id),
            Route::Nearby,
            Route::Wall,
            Route::Mine,
            Route::Settings,
        ];
        for route in all {
            let address = route.path();
            let (path, query) = address.split_once('?').unwrap_or((&address, ""));
            assert_eq!(Route::parse(path, query), route, "{address}");
        }
    }

    #[test]
    fn an_address_that_is_cut_short_leads_to_where_its_page_would_be_found() {
        assert_eq!(Route::parse("/cases/0192", ""), Route::Mine);
        assert_eq!(Route::parse("/nonsense/x", ""), Route::Home);
        assert_eq!(Route::parse("/report/", "?from=xidu&kind=problem"), Route::Report(Some(Kind::Problem)));
        assert_eq!(Route::parse("/report", "kind=bird"), Route::Report(None));
    }
}
