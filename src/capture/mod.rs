//! What a report needs of the device's senses; shared with desk and kiosk.

pub use woodlark_ui::capture::{describe, mask, photo, voice};
