//! A resident's own WeChat: linked, let go; WeChat's script for our pages and what it recorded; the way in from the mini-program. Without `--wechat` none of it is there.

mod config;
mod link;
mod media;
mod mini;
mod ticket;

pub use config::*;
pub use link::*;
pub use media::*;
pub use mini::*;
pub use ticket::*;
