//! What stands round every handler: who asks, in which language, how often, and how a refusal is told.

mod headers;
mod idempotency;
mod json;
mod kiosk;
mod path;
mod problem;
mod range;
mod rate;
mod reader;
mod session;
mod staff;

pub use headers::{SecurityHeaders, security_headers, set as set_security_headers};
pub use idempotency::IdempotencyKey;
pub use json::{MayReadJson, ReadJson, ReadQuery, SendJson, read_body};
pub use kiosk::{AtKiosk, KIOSK_COOKIE, kiosk_cookie, kiosk_of};
pub use path::ReadPath;
pub use problem::{ApiError, ApiResult, render_problems};
pub use range::ranged;
pub use rate::{RateLimits, Rates, limit_rates};
pub use reader::{ClientAddress, Reader};
pub use session::{
    Resident, SESSION_COOKIE, Token, Visitor, clear_cookie, hash_token, new_token, session_cookie, token_in,
};
pub use staff::{BOARD_COOKIE, DESK_COOKIE, Staff, board_cookie, clear_desk_cookie, desk_cookie};
