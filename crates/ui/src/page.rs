//! The page that a program runs in: events of the window, attributes of the root, what the address and the browser say.

use crate::device::Setting;
use leptos::prelude::{document, window};
use wasm_bindgen::prelude::*;
use woodlark_domain::Language;

/// Listens to an event of the window for as long as the page lives.
pub fn forever(event: &str, act: impl Fn() + 'static) {
    let closure = Closure::<dyn Fn()>::new(act);
    // Adding a listener cannot fail.
    let _ = window().add_event_listener_with_callback(event, closure.as_ref().unchecked_ref());
    closure.forget();
}

/// Runs something when the page is looked at again (`true`) or left (`false`).
pub fn on_sight(back: bool, act: impl Fn() + 'static) {
    let closure = Closure::<dyn Fn()>::new(move || {
        if document().hidden() != back {
            act();
        }
    });
    // Adding a listener cannot fail.
    let _ = document().add_event_listener_with_callback("visibilitychange", closure.as_ref().unchecked_ref());
    closure.forget();
}

/// Sets or removes an attribute of the page's root, where the style looks.
pub fn set_root(name: &str, value: Option<&str>) {
    if let Some(root) = document().document_element() {
        // Attribute names are ours: they cannot be refused.
        let _ = match value {
            Some(value) => root.set_attribute(name, value),
            None => root.remove_attribute(name),
        };
    }
}

/// Whether an attribute of the page's root is this.
#[must_use]
pub fn root_is(name: &str, value: &str) -> bool {
    document().document_element().and_then(|root| root.get_attribute(name)).is_some_and(|is| is == value)
}

/// `?lang=`, then what was chosen before, then what the browser speaks; Chinese where none says.
#[must_use]
pub fn first_language() -> Language {
    let query = window().location().search().unwrap_or_default();
    if let Some(language) = value(&query, "lang").and_then(Language::from_code) {
        Setting::Language.set(Some(language.code()));
        return language;
    }
    let spoken =
        || window().navigator().language().filter(|tag| !tag.starts_with("zh")).map(|_| Language::En);
    Setting::Language
        .get()
        .and_then(|code| Language::from_code(&code))
        .or_else(spoken)
        .unwrap_or(Language::Zh)
}

/// A value of a query string, as it stands there.
#[must_use]
pub fn value<'a>(query: &'a str, key: &str) -> Option<&'a str> {
    query
        .trim_start_matches('?')
        .split('&')
        .find_map(|pair| pair.split_once('=').filter(|(k, _)| *k == key))
        .map(|(_, v)| v)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_of_a_query_is_found_by_its_whole_key() {
        assert_eq!(value("?lang=en&language=zh", "lang"), Some("en"));
        assert_eq!(value("", "lang"), None);
    }
}
