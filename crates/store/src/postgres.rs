//! PostgreSQL: a few threads, each with a connection of its own, that take jobs from one queue. A transaction is
//! serializable; where the server asks for it, the closure is run once more.

use crate::cases::Stories;
use crate::config::Config;
use crate::conn::{Conn, Tx};
use crate::job::{Fate, Job, Ran};
use crate::{Fault, OpenError};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::thread::JoinHandle;
use std::time::Duration;

/// Runs of one closure before its caller is told to come back.
const RUNS: u32 = 40;
/// Runs after which a pause is made: then it is another program that is in the way.
const RUNS_WITHOUT_PAUSE: u32 = 3;
/// Tries to connect anew before a job is given up.
const CONNECTS: u32 = 3;

/// What a pool is for.
#[derive(Clone)]
pub(crate) enum Purpose {
    /// Transactions that change something.
    Write,
    /// Snapshots, and what was read of cases before.
    Read(Arc<Stories>),
}

impl Purpose {
    const fn begin(&self) -> &'static str {
        match self {
            Self::Write => "BEGIN ISOLATION LEVEL SERIALIZABLE",
            Self::Read(_) => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        }
    }

    fn connect(&self, config: &Config) -> Result<Tx, Fault> {
        let conn = match self {
            Self::Write => Conn::open(config),
            Self::Read(stories) => {
                Conn::open_reader(config).map(|conn| Conn { stories: Some(Arc::clone(stories)), ..conn })
            }
        };
        conn.map(Tx).map_err(|error| Fault::Connection(error.to_string()))
    }
}

/// The threads and the way to them.
pub(crate) struct Pool {
    queue: Option<SyncSender<Box<dyn Job>>>,
    threads: Vec<JoinHandle<()>>,
}

impl Pool {
    /// Starts `config.connections` threads.
    pub(crate) fn start(config: &Config, purpose: &Purpose) -> Result<Self, OpenError> {
        let (queue, jobs) = sync_channel(config.queue.max(1));
        let jobs = Arc::new(Mutex::new(jobs));
        let turns = Arc::new(RwLock::new(()));
        let mut threads = Vec::new();
        for _ in 0..config.connections.max(1) {
            let (config, purpose) = (config.clone(), purpose.clone());
            let (jobs, turns) = (Arc::clone(&jobs), Arc::clone(&turns));
            let place = config.shown().into();
            let thread = std::thread::Builder::new()
                .name("store-postgres".to_owned())
                .spawn(move || work(&config, &purpose, &jobs, &turns))
                .map_err(|error| OpenError::Io { place, error })?;
            threads.push(thread);
        }
        Ok(Self { queue: Some(queue), threads })
    }

    /// Puts a job in the queue, or answers it at once with why not.
    pub(crate) fn submit(&self, job: Box<dyn Job>) {
        match self.queue.as_ref().map(|queue| queue.try_send(job)) {
            Some(Ok(())) | None => {}
            Some(Err(TrySendError::Full(job))) => job.fail(Fate::Busy),
            Some(Err(TrySendError::Disconnected(job))) => job.fail(Fate::Closed),
        }
    }
}

impl Drop for Pool {
    /// Waits until everything that was queued is answered.
    fn drop(&mut self) {
        drop(self.queue.take());
        let here = std::thread::current().id();
        for thread in self.threads.drain(..).filter(|thread| thread.thread().id() != here) {
            let _ = thread.join();
        }
    }
}

/// One thread's life. It connects when the first job comes, and anew whenever the connection was lost.
fn work(config: &Config, purpose: &Purpose, jobs: &Mutex<Receiver<Box<dyn Job>>>, turns: &RwLock<()>) {
    let mut connection = None;
    loop {
        let next = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(mut job) = next else { return };
        match run(config, purpose, (&mut connection, turns), job.as_mut()) {
            Ok(()) => job.answer(),
            Err(fate) => job.fail(fate),
        }
    }
}

/// First runs go side by side; whoever has to repeat goes alone. Otherwise those that want the same row, such as the
/// day's counter of cases, would keep undoing each other, and the unluckiest would never come through.
enum Turn<'a> {
    SideBySide(#[expect(dead_code, reason = "held, not read")] std::sync::RwLockReadGuard<'a, ()>),
    Alone(#[expect(dead_code, reason = "held, not read")] std::sync::RwLockWriteGuard<'a, ()>),
}

impl<'a> Turn<'a> {
    fn take(turns: &'a RwLock<()>, runs: u32) -> Self {
        if runs == 0 {
            Self::SideBySide(turns.read().unwrap_or_else(PoisonError::into_inner))
        } else {
            Self::Alone(turns.write().unwrap_or_else(PoisonError::into_inner))
        }
    }
}

/// Runs one job in a transaction until it is kept, refused, or hopeless.
fn run(
    config: &Config,
    purpose: &Purpose,
    (connection, turns): (&mut Option<Tx>, &RwLock<()>),
    job: &mut dyn Job,
) -> Result<(), Fate> {
    let (mut runs, mut connects) = (0, 0);
    loop {
        let Some(tx) = connection.as_mut() else {
            connects += 1;
            match purpose.connect(config) {
                Ok(tx) => *connection = Some(tx),
                Err(_) if connects < CONNECTS => std::thread::sleep(Duration::from_millis(200)),
                Err(_) => return Err(Fate::ReadOnly),
            }
            continue;
        };
        let turn = Turn::take(turns, runs);
        if tx.run(purpose.begin()).is_err() {
            *connection = None;
            if connects >= CONNECTS {
                return Err(Fate::ReadOnly);
            }
            continue;
        }
        runs += 1;
        match job.run(tx) {
            // In a transaction that has failed already, SAVEPOINT says so, where COMMIT alone would quietly undo.
            Ran::Keep => match tx.run("SAVEPOINT kept; COMMIT").map_err(Fault::from) {
                Ok(()) => return Ok(()),
                Err(fault) => {
                    let again = fault.is_retriable();
                    roll_back(connection);
                    if !again {
                        return Err(Fate::CommitFailed);
                    }
                }
            },
            Ran::Undo => {
                roll_back(connection);
                return Ok(());
            }
            Ran::Again => roll_back(connection),
            Ran::Gone => *connection = None,
        }
        drop(turn);
        if runs >= RUNS {
            return Err(Fate::Busy);
        }
        if runs > RUNS_WITHOUT_PAUSE {
            std::thread::sleep(pause(runs));
        }
    }
}

/// Undoes the transaction; a connection that cannot even do that is given up.
fn roll_back(connection: &mut Option<Tx>) {
    if connection.as_mut().is_some_and(|tx| tx.run("ROLLBACK").is_err()) {
        *connection = None;
    }
}

/// A pause that grows with the runs and differs between threads, so that two that met do not meet again.
fn pause(runs: u32) -> Duration {
    use std::hash::{BuildHasher, RandomState};
    let ceiling_us = 500_u64 << runs.min(6);
    Duration::from_micros(RandomState::new().hash_one(runs) % ceiling_us)
}
