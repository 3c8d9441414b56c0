//! The rules of Woodlark: the case and its commands, the clocks, place and datum, dispatch and likeness, who may see what.
//!
//! Both sides compile this crate. The server enforces it; the app draws only the actions that it allows.
//! It has no I/O, no clock and no randomness of its own: time and ids come in as arguments.

pub mod account;
pub mod alike;
pub mod audit;
pub mod case;
pub mod city;
pub mod clock;
mod code;
pub mod criterion;
pub mod dispatch;
pub mod figures;
mod id;
pub mod kind;
pub mod kiosk;
pub mod limits;
pub mod place;
pub mod policy;
pub mod position;
pub mod queue;
pub mod reconcile;
pub mod redeem;
pub mod report;
pub mod search;
pub mod staff;
pub mod time;

pub use code::{
    AreaCode, CaseNumber, CategoryCode, CodeError, DepartmentCode, EntryCode, GiftCode, RuleCode,
    TemplateCode,
};
pub use id::{CaseId, ContentHash, EventId, IdError, KioskId, ProposalId, UserId};
pub use kind::{Door, Kind, Language, Role, State, Visibility};
pub use position::{Datum, Fix, FixSource, Position, PositionError};
pub use time::Timestamp;
