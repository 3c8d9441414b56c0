//! What the resident's app and the desk share: messages, the API client, times as the browser writes them, the
//! dialog, live notices, the drawn parts (icon, pill, timeline, map), and what differs from place to place. Nothing here knows a page.

pub mod api;
pub mod capture;
pub mod device;
pub mod el;
pub mod json;
pub mod live;
pub mod locate;
pub mod map;
pub mod messages;
pub mod money;
pub mod page;
pub mod parts;
pub mod place;
pub mod platform;
pub mod projection;
pub mod sheet;
pub mod signal;
pub mod slider;
pub mod when;

pub use api::Fault;
pub use messages::t;
pub use signal::RwSignal;
