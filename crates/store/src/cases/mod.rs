//! Cases: their events, the row that lists show, and everything done to them.

mod alike;
mod append;
mod command;
mod entries;
mod file;
mod history;
mod list;
mod view;

pub use alike::{Alike, alike};
pub use append::MAX_WORDS_SHOWN;
pub use command::{Commanded, Order, command};
pub use entries::entry_counts;
pub use file::Row;
pub use list::{Change, Cursor, Page, changed_since, mine};
pub use view::{Attachment, Concern, View, concern, view};

pub(crate) use append::{Begin, File, begin};
pub(crate) use file::{CaseFile, promised};
pub(crate) use history::History;
