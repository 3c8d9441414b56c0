//! What the server says to WeChat's own servers: the token that all else needs, the signature that opens WeChat's script to a
//! page, who somebody is, what they recorded, and the messages about a case.
//!
//! Nothing of this may happen in a browser: secrets and tokens stay here. There is no clock and no randomness in it: now and a
//! [`Nonce`] come in with each call.
//!
//! | module | what |
//! | --- | --- |
//! | [`account`] | who we are at WeChat: the account's file, with the template of a progress message |
//! | [`client`] | one question and its answer, asked once more with another token where WeChat wants that |
//! | [`failure`] | why there is no answer: lost on the way, or WeChat's own code with what to do about it |
//! | `template` | the fields of such a message |
//! | [`token`] | a token or a ticket that is fetched once for all who ask |
//! | [`js_sign`] | pages of ours and their signature |
//! | [`oauth`] | the way to WeChat's word about who somebody is, and back |
//! | [`media`] | what was recorded or photographed inside WeChat |
//! | [`notify`] | the message about how a case goes on |
//! | `standin` | a stand-in of WeChat for tests; only with the feature of this name |

pub mod account;
pub mod client;
pub mod failure;
pub mod js_sign;
pub mod media;
pub mod notify;
pub mod oauth;
#[cfg(feature = "standin")]
pub mod standin;
mod template;
pub mod token;

pub use account::{Account, AccountError, App, MiniState};
pub use client::{Client, ClientError};
pub use failure::{Failure, Reason, Refusal};
pub use js_sign::{JsConfig, Nonce, PageError, PageUrl};
pub use media::{Media, MediaError, MediaId, MediaKind};
pub use notify::{Consent, MiniPage, NotSent, Phrase, Progress, To};
pub use oauth::{Code, Identity, LoginError, Openid, State, Unionid, Visitor};
pub use woodlark_outward::{Limits, Lost};
