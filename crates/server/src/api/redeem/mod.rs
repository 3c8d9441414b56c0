//! What points become: what a resident has, asks for and takes back; and the pay system's calls.

mod donation;
mod fund;
mod gift;
mod notice;
mod once;
mod payout;
mod read;
mod shown;

pub use donation::*;
pub use fund::*;
pub use gift::*;
pub use notice::*;
pub use payout::*;
pub use read::*;
pub(crate) use shown::{show as show_redeem, station};
