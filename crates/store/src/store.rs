//! The store: opened once, cloned freely, written and read from any task.

use crate::cases::Stories;
use crate::config::{Config, Place};
use crate::conn::{Conn, Tx};
use crate::job::{Answer, Job, Write};
use crate::postgres::{Pool, Purpose};
use crate::sqlite::{self, Writer};
use crate::{Fault, Halt, OpenError, WriteError, migrate};
use std::convert::Infallible;
use std::sync::Arc;
use tokio::sync::oneshot;

/// The database of a district. A clone is the same store; the last one dropped waits for what is queued.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    config: Config,
    running: Running,
}

enum Running {
    Sqlite { writer: Writer, stories: Arc<Stories> },
    Postgres { writers: Pool, readers: Pool },
}

impl Store {
    /// Opens the database, makes it if it isn't there, and brings its schema up to date.
    ///
    /// # Errors
    /// [`OpenError`] says what stands in the way and what to do.
    pub fn open(config: &Config) -> Result<Self, OpenError> {
        if config.adcode.as_str().len() != 6 {
            return Err(OpenError::District(config.adcode.to_string()));
        }
        if let Place::Sqlite(path) = config.place()
            && let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty())
        {
            std::fs::create_dir_all(folder).map_err(|error| OpenError::Io { place: folder.into(), error })?;
        }
        let mut conn = Conn::open(config)
            .map_err(|error| OpenError::Connect { place: config.shown(), detail: error.to_string() })?;
        migrate::run(&mut conn)?;
        let running = match config.place() {
            Place::Sqlite(_) => {
                Running::Sqlite { writer: Writer::start(config, conn)?, stories: Arc::default() }
            }
            Place::Postgres(_) => Running::Postgres {
                writers: Pool::start(config, &Purpose::Write)?,
                readers: Pool::start(config, &Purpose::Read(Arc::default()))?,
            },
        };
        Ok(Self { inner: Arc::new(Inner { config: config.clone(), running }) })
    }

    /// What it was opened with.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.inner.config
    }

    /// Whether writes are refused at present, after a commit that failed.
    #[must_use]
    pub fn is_read_only(&self) -> bool {
        match &self.inner.running {
            Running::Sqlite { writer, .. } => writer.is_read_only(),
            Running::Postgres { .. } => false,
        }
    }

    /// Runs a transaction and answers once it is on the disk. Either engine may ask for it more than once, so the closure
    /// changes nothing but the database. A fault that the closure meets must be passed on, never swallowed.
    ///
    /// # Errors
    /// [`WriteError::Refused`] carries the closure's own refusal; nothing was changed in any case but
    /// [`Fault::Commit`].
    pub async fn write<T, E, F>(&self, closure: F) -> Result<T, WriteError<E>>
    where
        T: Send + 'static,
        E: Send + 'static,
        F: Fn(&mut Tx) -> Result<T, Halt<E>> + Send + 'static,
    {
        self.submit(closure).await.unwrap_or(Err(WriteError::Failed(Fault::Closed)))
    }

    /// The same for a program without a runtime.
    ///
    /// # Errors
    /// As [`Store::write`].
    pub fn write_blocking<T, E, F>(&self, closure: F) -> Result<T, WriteError<E>>
    where
        T: Send + 'static,
        E: Send + 'static,
        F: Fn(&mut Tx) -> Result<T, Halt<E>> + Send + 'static,
    {
        self.submit(closure).blocking_recv().unwrap_or(Err(WriteError::Failed(Fault::Closed)))
    }

    /// Reads from one snapshot that no writer disturbs. On SQLite it runs at once, on this thread.
    ///
    /// # Errors
    /// [`Fault`], for the log.
    pub async fn read<T, F>(&self, closure: F) -> Result<T, Fault>
    where
        T: Send + 'static,
        F: Fn(&mut Conn) -> Result<T, Fault> + Send + 'static,
    {
        match &self.inner.running {
            Running::Sqlite { stories, .. } => sqlite::read(&self.inner.config, stories, closure),
            Running::Postgres { readers, .. } => settled(ask(readers, closure).await),
        }
    }

    /// The same for a program without a runtime.
    ///
    /// # Errors
    /// As [`Store::read`].
    pub fn read_blocking<T, F>(&self, closure: F) -> Result<T, Fault>
    where
        T: Send + 'static,
        F: Fn(&mut Conn) -> Result<T, Fault> + Send + 'static,
    {
        match &self.inner.running {
            Running::Sqlite { stories, .. } => sqlite::read(&self.inner.config, stories, closure),
            Running::Postgres { readers, .. } => settled(ask(readers, closure).blocking_recv()),
        }
    }

    fn submit<T, E, F>(&self, closure: F) -> Answer<T, E>
    where
        T: Send + 'static,
        E: Send + 'static,
        F: Fn(&mut Tx) -> Result<T, Halt<E>> + Send + 'static,
    {
        let (job, answer): (Box<dyn Job>, _) = Write::job(closure);
        match &self.inner.running {
            Running::Sqlite { writer, .. } => writer.submit(job),
            Running::Postgres { writers, .. } => writers.submit(job),
        }
        answer
    }
}

type Asked<T> = Result<T, WriteError<Infallible>>;

/// Gives a read to a pool.
fn ask<T, F>(readers: &Pool, closure: F) -> Answer<T, Infallible>
where
    T: Send + 'static,
    F: Fn(&mut Conn) -> Result<T, Fault> + Send + 'static,
{
    let (job, answer) = Write::job(move |tx: &mut Tx| closure(tx).map_err(Halt::Fault));
    readers.submit(job);
    answer
}

/// A read's answer: what would be a write's refusal is a fault here.
fn settled<T>(answer: Result<Asked<T>, oneshot::error::RecvError>) -> Result<T, Fault> {
    match answer {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(WriteError::Failed(fault))) => Err(fault),
        Ok(Err(WriteError::Busy { .. })) => Err(Fault::Connection("too many readers wait".to_owned())),
        Ok(Err(WriteError::ReadOnly)) => Err(Fault::Connection("the server does not answer".to_owned())),
        Ok(Err(WriteError::Refused(never))) => match never {},
        Err(_) => Err(Fault::Closed),
    }
}
