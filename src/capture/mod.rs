//! What only a resident's report needs of the device's senses; photos are shared with the desk.

pub mod voice;

pub use woodlark_ui::capture::{describe, mask, photo};
