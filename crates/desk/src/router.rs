//! The desk's addresses: a queue with its filter and the case beside it, and the pages round them.

use crate::app::use_desk;
use core::str::FromStr;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use woodlark_domain::CaseId;
use woodlark_domain::city::Part;
use woodlark_domain::queue::Queue;
use woodlark_ui::RwSignal;
use woodlark_ui::el::{El, el};
use woodlark_ui::page::forever;
use woodlark_ui::sheet;

/// A page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Route {
    /// A queue, and the case that is open beside it.
    Work(Option<Queue>, Option<CaseId>),
    /// Taking an invitation up.
    Invitation,
    /// The figures.
    Figures,
    /// The figures on a wall.
    Board,
    /// Who did and saw what.
    Audit,
    /// The city's data: every part, or one of them.
    City(Option<Part>),
    /// Thanks: all of it, or one book.
    Rewards(Option<u128>),
    /// Kiosks at service stations.
    Kiosks,
    /// Who works here.
    Staff,
    /// Oneself: browsers signed in, language, look.
    Me,
}

impl Route {
    /// The route of a path; an unknown one is the first queue.
    #[must_use]
    pub fn parse(path: &str) -> Self {
        let mut parts = path.trim_matches('/').split('/').skip(1);
        match (parts.next(), parts.next(), parts.next()) {
            (Some("queue"), queue, case) => Self::Work(
                queue.and_then(Queue::from_code),
                case.and_then(|case| CaseId::from_str(case).ok()),
            ),
            (Some("cases"), Some(case), _) => Self::Work(Some(Queue::All), CaseId::from_str(case).ok()),
            (Some("invitation"), ..) => Self::Invitation,
            (Some("figures"), ..) => Self::Figures,
            (Some("board"), ..) => Self::Board,
            (Some("audit"), ..) => Self::Audit,
            (Some("city"), part, _) => Self::City(part.and_then(Part::from_code)),
            (Some("rewards"), book, _) => {
                Self::Rewards(book.and_then(|book| u128::from_str_radix(book, 16).ok()))
            }
            (Some("kiosks"), ..) => Self::Kiosks,
            (Some("staff"), ..) => Self::Staff,
            (Some("me"), ..) => Self::Me,
            _ => Self::Work(None, None),
        }
    }

    /// Its address, without a query.
    #[must_use]
    pub fn path(self) -> String {
        match self {
            Self::Work(None, _) => "/desk".into(),
            Self::Work(Some(queue), None) => ["/desk/queue/", queue.code()].concat(),
            Self::Work(Some(queue), Some(case)) => {
                ["/desk/queue/", queue.code(), "/", &case.to_string()].concat()
            }
            Self::Invitation => "/desk/invitation".into(),
            Self::Figures => "/desk/figures".into(),
            Self::Board => "/desk/board".into(),
            Self::Audit => "/desk/audit".into(),
            Self::City(None) => "/desk/city".into(),
            Self::City(Some(part)) => ["/desk/city/", part.code()].concat(),
            Self::Rewards(None) => "/desk/rewards".into(),
            Self::Rewards(Some(book)) => format!("/desk/rewards/{book:032x}"),
            Self::Kiosks => "/desk/kiosks".into(),
            Self::Staff => "/desk/staff".into(),
            Self::Me => "/desk/me".into(),
        }
    }
}

/// The page of now and its query, and the way to another.
#[derive(Clone, Copy)]
pub struct Router {
    route: RwSignal<Route>,
    query: RwSignal<String>,
}

impl Router {
    /// Reads the address and follows Back and Forward; a dialog takes Back first.
    #[must_use]
    pub fn start() -> Self {
        let router = Self { route: RwSignal::new(here()), query: RwSignal::new(query_here()) };
        forever("popstate", move || {
            if !sheet::went_back() {
                router.query.set(query_here());
                router.route.set(here());
            }
        });
        router
    }

    /// The page of now.
    #[must_use]
    pub fn now(self) -> Route {
        self.route.get()
    }

    /// What the list of now is narrowed to, without the question mark.
    #[must_use]
    pub fn query(self) -> String {
        self.query.get()
    }

    /// Goes to a page, keeping the query only between a queue and its own cases.
    pub fn go(self, route: Route) {
        let keep = match (self.route.get_untracked(), route) {
            (Route::Work(from, _), Route::Work(to, _)) => from == to,
            _ => false,
        };
        if !keep {
            self.query.set(String::new());
        }
        self.enter(route, false);
    }

    /// Narrows the list of now, in the place of the present address.
    pub fn narrow(self, query: String) {
        self.query.set(query);
        self.enter(self.route.get_untracked(), true);
    }

    fn enter(self, route: Route, replace: bool) {
        if let Ok(history) = window().history() {
            let query = self.query.get_untracked();
            let address = if query.is_empty() { route.path() } else { [&route.path(), "?", &query].concat() };
            // Without a history the page still changes; only Back leaves the desk.
            let _ = if replace {
                history.replace_state_with_url(&JsValue::NULL, "", Some(&address))
            } else {
                history.push_state_with_url(&JsValue::NULL, "", Some(&address))
            };
        }
        if self.route.get_untracked() != route {
            self.route.set(route);
        }
    }
}

/// A link to a page: a real address, followed without a reload.
#[must_use]
pub fn link(class: &str, route: Route) -> El {
    el("a", class).attr("href", &route.path()).on("click", move |event| {
        let event: web_sys::MouseEvent = event.unchecked_into();
        if !(event.ctrl_key() || event.meta_key() || event.shift_key()) {
            event.prevent_default();
            use_desk().router.go(route);
        }
    })
}

fn here() -> Route {
    Route::parse(&window().location().pathname().unwrap_or_default())
}

fn query_here() -> String {
    known(&window().location().search().unwrap_or_default())
}

/// What of a query narrows a list; the rest of it is not the server's business.
fn known(query: &str) -> String {
    const KEYS: [&str; 9] = ["text", "kind", "state", "category", "area", "department", "door", "from", "to"];
    let pairs = query.trim_start_matches('?').split('&');
    let kept = pairs.filter(|pair| pair.split_once('=').is_some_and(|(key, _)| KEYS.contains(&key)));
    kept.collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_narrows_a_list_is_asked_of_the_server() {
        assert_eq!(known("?lang=zh&kind=problem&text=%E4%BA%95&x"), "kind=problem&text=%E4%BA%95");
        assert_eq!(known(""), "");
    }

    #[test]
    fn every_route_comes_back_from_its_address() {
        let case = CaseId::from_bytes([7; 16]);
        for route in [
            Route::Work(None, None),
            Route::Work(Some(Queue::Accept), None),
            Route::Work(Some(Queue::All), Some(case)),
            Route::Invitation,
            Route::Figures,
            Route::Audit,
            Route::City(None),
            Route::City(Some(Part::Categories)),
            Route::Kiosks,
            Route::Staff,
            Route::Me,
        ] {
            assert_eq!(Route::parse(&route.path()), route);
        }
        assert_eq!(Route::parse(&format!("/desk/cases/{case}")), Route::Work(Some(Queue::All), Some(case)));
        assert_eq!(Route::parse("/desk/nonsense"), Route::Work(None, None));
    }
}
