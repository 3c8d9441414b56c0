//! One case at the desk: seen by those whose role, area and department let them, each look at what is private recorded.

mod approval;
mod load;
mod media;
mod offer;
mod order;
mod put_photo;
mod reporter;
mod shown;
mod view;

pub use approval::*;
pub(crate) use load::load_in;
pub use media::*;
pub(crate) use offer::rule_offer;
pub use order::*;
pub use put_photo::*;
pub use reporter::*;
pub(crate) use shown::place_name;
pub use view::*;
