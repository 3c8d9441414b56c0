//! A resident's own WeChat: linked, let go; and WeChat's script for our pages. Without `--wechat` none of it is there.

mod config;
mod link;

pub use config::*;
pub use link::*;
