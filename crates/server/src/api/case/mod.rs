//! Cases as those see them whom they concern.

mod contest;
mod join;
mod list;
mod media;
mod notice;
mod put_photo;
mod rate;
mod shown;
mod view;
mod withdraw;

pub use contest::*;
pub use join::*;
pub(crate) use list::read_cursor;
pub use list::*;
pub use media::*;
pub(crate) use media::{file as media_file, recording};
pub use notice::*;
pub use put_photo::*;
pub use rate::*;
pub(crate) use shown::{
    area_name, area_path, category_name, department_name, label, photo_stage, public_step, show_case,
    show_promise, show_row,
};
pub use view::*;
pub use withdraw::*;
