//! What an outbox must know of an errand: its files, when it may go, and how it is carried.

use crate::outbox::Outbox;
use crate::record::Record;
use core::future::Future;
use serde::Serialize;
use serde::de::DeserializeOwned;
use woodlark_domain::{ContentHash, Timestamp};
use woodlark_ui::Fault;

/// What stopped an errand on its way.
pub enum Stop {
    /// The network or the server.
    Fault(Fault),
    /// The device no longer has a file.
    LostFile,
    /// Whoever gave it has to look, and this is what they are told.
    Refused(String),
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// Something to be carried to the server, exactly once, by whatever device it was given on.
pub trait Errand: Clone + Serialize + DeserializeOwned + 'static {
    /// The server's word that it is done.
    type Receipt: Clone + Serialize + DeserializeOwned + 'static;

    /// Names the database, the lock and the channel of its program on this device.
    const SHELF: &'static str;

    /// The files that it needs on this device.
    fn files(&self) -> impl Iterator<Item = ContentHash> + '_;

    /// It was given at this moment.
    fn give(&mut self, now: Timestamp);

    /// The server has it: everything is let go that no list shows any more.
    fn spend(&mut self);

    /// The device has lost its files: what can still be done without them stays.
    fn lose_files(&mut self);

    /// Whether it may go now, as far as this device knows.
    fn may_go(&self) -> bool {
        true
    }

    /// Whether it has to wait for another that was given before it.
    fn follows(&self, _earlier: &Self) -> bool {
        false
    }

    /// The one that it follows is done. True where that changed what it says.
    fn goes_on(&mut self, _earlier: &Self, _receipt: &Self::Receipt) -> bool {
        false
    }

    /// Carries it; every step may be repeated. What was reached on the way may be put back into the outbox.
    fn carry(
        outbox: Outbox<Self>,
        record: &mut Record<Self>,
    ) -> impl Future<Output = Result<Self::Receipt, Stop>>;

    /// What is said when the server has it.
    fn done(receipt: &Self::Receipt) -> String;
}
