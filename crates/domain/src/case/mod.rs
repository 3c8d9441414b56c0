//! The case 案件: what can be done to it, what has been done, how it stands, and who may do what next.
//!
//! An [`Event`] is a [`Command`] that was accepted, with who did it, when and by which door. Events are only appended;
//! a [`Case`] is the fold of its events. [`decide`] is the one way to a new event; a [`Refusal`] says which rule held it.

mod actor;
mod command;
mod event;
mod fold;
mod outcome;
mod refusal;
mod rules;
mod state;

pub use actor::{Actor, Relation, Relations};
pub use command::{Command, CommandKind, Stars, StarsError, Verdict};
pub use event::{By, Event};
pub use fold::FoldError;
pub use outcome::{CameTo, Outcome, outcomes};
pub use refusal::Refusal;
pub use rules::{Facts, allowed, decide, may, open};
pub use state::{Case, Extension, Joiner, Rating};
