//! A write on its way to a connection: a closure that may be run more than once, and the future that waits for it.

use crate::{Fault, Halt, Tx, WriteError};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;
use tokio::sync::oneshot;

/// When a full queue asks its caller to come back.
pub(crate) const RETRY_AFTER: Duration = Duration::from_secs(1);

/// What a run asks of the transaction round it.
pub(crate) enum Ran {
    /// Keep the changes.
    Keep,
    /// Undo them.
    Undo,
    /// Undo them, and run once more.
    Again,
    /// Undo them; the connection is gone.
    Gone,
}

/// Why a job that ran well comes to nothing all the same.
#[derive(Clone, Copy)]
pub(crate) enum Fate {
    /// Its commit failed.
    CommitFailed,
    /// Writes are refused at present.
    ReadOnly,
    /// Too many repeats.
    Busy,
    /// The store is closing.
    Closed,
}

/// A job without its types.
pub(crate) trait Job: Send {
    /// Runs the closure; a panic in it is held here.
    fn run(&mut self, tx: &mut Tx) -> Ran;
    /// Sends what the last run came to.
    fn answer(self: Box<Self>);
    /// Sends why it came to nothing.
    fn fail(self: Box<Self>, fate: Fate);
}

/// Where a job's answer comes out.
pub(crate) type Answer<T, E> = oneshot::Receiver<Result<T, WriteError<E>>>;

/// A job with its types.
pub(crate) struct Write<T, E, F> {
    closure: F,
    outcome: Option<Result<T, WriteError<E>>>,
    reply: oneshot::Sender<Result<T, WriteError<E>>>,
}

impl<T, E, F> Write<T, E, F>
where
    T: Send + 'static,
    E: Send + 'static,
    F: Fn(&mut Tx) -> Result<T, Halt<E>> + Send + 'static,
{
    /// The job, and where its answer comes out.
    pub(crate) fn job(closure: F) -> (Box<dyn Job>, Answer<T, E>) {
        let (reply, answer) = oneshot::channel();
        (Box::new(Self { closure, outcome: None, reply }), answer)
    }
}

impl<T, E, F> Job for Write<T, E, F>
where
    T: Send + 'static,
    E: Send + 'static,
    F: Fn(&mut Tx) -> Result<T, Halt<E>> + Send + 'static,
{
    fn run(&mut self, tx: &mut Tx) -> Ran {
        // The transaction is undone after a panic, so that no half-made change is seen: unwinding is safe here.
        let ran = catch_unwind(AssertUnwindSafe(|| (self.closure)(tx)));
        let (outcome, wish) = match ran {
            Ok(Ok(value)) => (Ok(value), Ran::Keep),
            Ok(Err(Halt::Refused(refusal))) => (Err(WriteError::Refused(refusal)), Ran::Undo),
            Ok(Err(Halt::Fault(fault))) => {
                let wish = if fault.is_disconnected() {
                    Ran::Gone
                } else if fault.is_retriable() {
                    Ran::Again
                } else {
                    Ran::Undo
                };
                (Err(WriteError::Failed(fault)), wish)
            }
            Err(_) => (Err(WriteError::Failed(Fault::Panicked)), Ran::Undo),
        };
        self.outcome = Some(outcome);
        wish
    }

    fn answer(self: Box<Self>) {
        let outcome = self.outcome.unwrap_or(Err(WriteError::Failed(Fault::Closed)));
        // Whoever asked may have gone; what was written stays written.
        let _ = self.reply.send(outcome);
    }

    fn fail(self: Box<Self>, fate: Fate) {
        let error = match (fate, self.outcome) {
            // What refused itself was undone before the commit: its own answer holds.
            (Fate::CommitFailed, Some(Err(error @ WriteError::Refused(_)))) => error,
            (Fate::CommitFailed, _) => WriteError::Failed(Fault::Commit),
            (Fate::ReadOnly, _) => WriteError::ReadOnly,
            (Fate::Busy, _) => WriteError::Busy { retry_after: RETRY_AFTER },
            (Fate::Closed, _) => WriteError::Failed(Fault::Closed),
        };
        let _ = self.reply.send(Err(error));
    }
}
