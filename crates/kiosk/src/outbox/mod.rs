//! What this device has to hand in: envelopes that it can't open itself. [`seal`] makes one, [`vault`] keeps it through a power cut,
//! [`send`] brings it to the server and lets go of it only on the server's word.

pub mod note;
pub mod seal;
pub mod send;
pub mod vault;

pub use note::Note;
pub use send::{Outbox, Waiting};
