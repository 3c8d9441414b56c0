//! The kiosk's own texts, beside those that it shares with the residents' app.

use woodlark_domain::Language;
use woodlark_ui::messages::{fill, language};

include!(concat!(env!("OUT_DIR"), "/messages.rs"));

/// The kiosk's texts in the language of now.
#[must_use]
pub fn k() -> &'static Messages {
    match language() {
        Language::Zh => &ZH,
        Language::En => &EN,
    }
}
