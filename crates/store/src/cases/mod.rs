//! Cases: their events, the row that lists show, and everything done to them.

mod alike;
mod append;
mod by_rules;
mod command;
mod district;
mod entries;
mod escalations;
mod file;
mod history;
mod list;
mod near;
mod pairs;
pub mod queue;
mod reckoned;
mod reporter;
mod story;
mod tick;
mod view;
mod wall;
mod whole;
mod wind;

pub use alike::{Alike, alike};
pub use append::MAX_WORDS_SHOWN;
pub use command::{Commanded, Order, command};
pub use district::{DistrictChange, changed_in_district};
pub use entries::entry_counts;
pub use escalations::{Escalation, escalations};
pub use file::Row;
pub use list::{Change, Cursor, Page, all_mine, changed_since, mine};
pub use near::{Edge as NearEdge, Near, Sought as NearSought, near};
pub use reporter::{Reporter, reporter};
pub use story::Story;
pub use tick::{Ticked, tick};
pub use view::{Attachment, Concern, View, concern, view};
pub use wall::{Praise, wall};
pub use whole::{Whole, moved, of_number, row, whole};
pub use wind::{Due, Wound, due, wind};

pub(crate) use append::{Begin, File, begin};
pub(crate) use by_rules::next_by_rules;
pub(crate) use file::CaseFile;
pub(crate) use history::History;
pub(crate) use pairs::{Letters, write_pairs};
pub(crate) use reckoned::{NO_CLOCK, Reckoned, UNWOUND};
pub(crate) use story::Stories;
