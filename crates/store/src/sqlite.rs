//! SQLite: one thread writes, and commits a batch for each fsync; readers each have a connection of their own.

use crate::cases::Stories;
use crate::config::Config;
use crate::conn::{Conn, Tx};
use crate::fixed::{Begin, Commit, Release, Savepoint};
use crate::job::{Fate, Job, Ran};
use crate::{Fault, OpenError};
use std::cell::RefCell;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Weak};
use std::thread::JoinHandle;
use std::time::Duration;

/// How often a database that failed is tried again.
const PROBE_EVERY: Duration = Duration::from_millis(250);

/// The writing thread and the way to it.
pub(crate) struct Writer {
    queue: Option<SyncSender<Box<dyn Job>>>,
    read_only: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread on a connection that has been migrated.
    pub(crate) fn start(config: &Config, conn: Conn) -> Result<Self, OpenError> {
        let (queue, jobs) = sync_channel(config.queue.max(1));
        let read_only = Arc::new(AtomicBool::new(false));
        let (config, flag) = (config.clone(), Arc::clone(&read_only));
        let place = config.shown().into();
        let thread = std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || work(Tx(conn), &jobs, &config, &flag))
            .map_err(|error| OpenError::Io { place, error })?;
        Ok(Self { queue: Some(queue), read_only, thread: Some(thread) })
    }

    /// Puts a job in the queue, or answers it at once with why not.
    pub(crate) fn submit(&self, job: Box<dyn Job>) {
        if self.read_only.load(Ordering::Acquire) {
            return job.fail(Fate::ReadOnly);
        }
        match self.queue.as_ref().map(|queue| queue.try_send(job)) {
            Some(Ok(())) => {}
            Some(Err(TrySendError::Full(job))) => job.fail(Fate::Busy),
            Some(Err(TrySendError::Disconnected(job))) => job.fail(Fate::Closed),
            None => {}
        }
    }

    /// Whether writes are refused at present.
    pub(crate) fn is_read_only(&self) -> bool {
        self.read_only.load(Ordering::Acquire)
    }
}

impl Drop for Writer {
    /// Waits until everything that was queued is kept and answered.
    fn drop(&mut self) {
        drop(self.queue.take());
        if let Some(thread) = self.thread.take()
            && thread.thread().id() != std::thread::current().id()
        {
            let _ = thread.join();
        }
    }
}

/// The writing thread's life.
fn work(tx: Tx, jobs: &Receiver<Box<dyn Job>>, config: &Config, read_only: &AtomicBool) {
    let mut healthy = Some(tx);
    let mut habit = Habit::default();
    loop {
        if let Some(tx) = healthy.as_mut() {
            let Ok(first) = jobs.recv() else { return };
            if write_batch(tx, first, jobs, config.batch.max(1), &mut habit).is_err() {
                // Reopening also lets SQLite find out from its log what really was kept.
                healthy = None;
                read_only.store(true, Ordering::Release);
            }
            continue;
        }
        match jobs.recv_timeout(PROBE_EVERY) {
            Ok(job) => job.fail(Fate::ReadOnly),
            Err(RecvTimeoutError::Disconnected) => return,
            Err(RecvTimeoutError::Timeout) => {
                healthy = probe(config);
                read_only.store(healthy.is_none(), Ordering::Release);
            }
        }
    }
}

/// Opens the database anew and makes one commit that reaches the disk.
fn probe(config: &Config) -> Option<Tx> {
    let mut conn = Conn::open(config).ok()?;
    conn.run("BEGIN IMMEDIATE; UPDATE store_schema SET probes = probes + 1; COMMIT;").ok()?;
    Some(Tx(conn))
}

/// The connection has to be opened anew.
struct Broken;

/// Batches after one that had to be begun anew whose jobs each have a savepoint.
const CAREFUL_BATCHES: u32 = 64;

/// How batches are run. A savepoint copies each page that its job changes, a sixth of a write's whole work, and is needed
/// only where a job is undone, which is rare. So jobs run without one, until one of a batch has to be undone: then the batch
/// begins anew, this and the next few with savepoints. (A closure may be run more than once: so it is on PostgreSQL too.)
#[derive(Default)]
struct Habit {
    careful: u32,
}

/// Runs what is waiting, at most `limit` jobs, and commits once for all of them.
fn write_batch(
    tx: &mut Tx,
    first: Box<dyn Job>,
    jobs: &Receiver<Box<dyn Job>>,
    limit: usize,
    habit: &mut Habit,
) -> Result<(), Broken> {
    if let Err(error) = tx.run("BEGIN IMMEDIATE") {
        let locked = Fault::from(error).to_string().contains("locked");
        first.fail(if locked { Fate::Busy } else { Fate::ReadOnly });
        return if locked { Ok(()) } else { Err(Broken) };
    }
    let mut careful = habit.careful > 0;
    habit.careful = habit.careful.saturating_sub(1);
    let mut done = Vec::new();
    let mut next = Some(first);
    let mut sound = true;
    while let Some(mut job) = next.take() {
        let kept = if careful { in_savepoint(tx, job.as_mut()).is_ok() } else { is_kept(&job.run(tx)) };
        done.push(job);
        sound = kept || !careful && begin_anew(tx, &mut done).is_ok();
        if !kept {
            careful = true;
            habit.careful = CAREFUL_BATCHES;
        }
        if sound && done.len() < limit {
            next = jobs.try_recv().ok();
        }
    }
    if sound && tx.run("COMMIT").is_ok() {
        done.into_iter().for_each(Job::answer);
        return Ok(());
    }
    let _ = tx.run("ROLLBACK");
    done.into_iter().for_each(|job| job.fail(Fate::CommitFailed));
    Err(Broken)
}

const fn is_kept(ran: &Ran) -> bool {
    matches!(ran, Ran::Keep)
}

/// Undoes a batch and runs its jobs once more, so that those that are to be undone are so alone.
fn begin_anew(tx: &mut Tx, jobs: &mut [Box<dyn Job>]) -> Result<(), Fault> {
    // A full disk may have undone everything already.
    let _ = tx.run("ROLLBACK");
    tx.run("BEGIN IMMEDIATE")?;
    jobs.iter_mut().try_for_each(|job| in_savepoint(tx, job.as_mut()))
}

/// Runs one job so that undoing it leaves the rest of the batch alone.
fn in_savepoint(tx: &mut Tx, job: &mut dyn Job) -> Result<(), Fault> {
    tx.run_fixed(Savepoint)?;
    match job.run(tx) {
        Ran::Keep => tx.run_fixed(Release)?,
        Ran::Undo | Ran::Again | Ran::Gone => tx.run("ROLLBACK TO job; RELEASE job")?,
    }
    Ok(())
}

thread_local! {
    /// This thread's reading connections, each with the store that it belongs to: known by its stories, which it has alone.
    static READERS: RefCell<Vec<(Weak<Stories>, Conn)>> = const { RefCell::new(Vec::new()) };
}

/// Runs a read on this thread's own connection, in one snapshot.
pub(crate) fn read<T>(
    config: &Config,
    stories: &Arc<Stories>,
    closure: impl Fn(&mut Conn) -> Result<T, Fault>,
) -> Result<T, Fault> {
    let taken = READERS.with_borrow_mut(|readers| {
        readers.retain(|(store, _)| store.strong_count() > 0);
        let place =
            readers.iter().position(|(store, _)| std::ptr::eq(store.as_ptr(), Arc::as_ptr(stories)))?;
        Some(readers.swap_remove(place).1)
    });
    // Taken out while in use: a read within a read gets another connection, and one that panics is not used again.
    let mut conn = match taken {
        Some(conn) => conn,
        None => Conn::open_reader(config).map_err(|error| Fault::Connection(error.to_string()))?,
    };
    conn.stories = Some(Arc::clone(stories));
    conn.run_fixed(Begin)?;
    let outcome = closure(&mut conn);
    if conn.run_fixed(Commit).is_ok() {
        // At rest it holds nothing of the store, so that the store can end.
        conn.stories = None;
        READERS.with_borrow_mut(|readers| readers.push((Arc::downgrade(stories), conn)));
    }
    outcome
}
