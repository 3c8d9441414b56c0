//! The real side: several servers over one database, with clocks that differ a little, and crashes.

use super::cast::afterwards;
use super::model::Model;
use crate::fixture::{Folder, NOON, city_data, config};
use crate::table::{Row, rows};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{channel, sync_channel};
use std::sync::{Arc, Mutex, OnceLock};
use woodlark_domain::Timestamp;
use woodlark_store::city::City;
use woodlark_store::{Fault, Halt, Store, Tx, WriteError, media};

/// What was found wrong, in words.
pub(crate) type Found<T = ()> = Result<T, String>;

/// Servers over the same database.
const SERVERS: usize = 3;
/// By how much their clocks are off.
const SKEW: [i64; SERVERS] = [0, 90 * Timestamp::SECOND, -40 * Timestamp::SECOND];

/// Where the database is.
enum Base {
    /// A file; after a power cut a copy of what was on the disk.
    Sqlite {
        folder: Folder,
        copies: u32,
    },
    Postgres(String),
}

/// A crash that the next write meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Crash {
    /// In the middle of the transaction: nothing of it is kept.
    Unkept,
    /// After the commit, before the answer: it is kept, and whoever asked asks again.
    Unanswered,
}

/// An answer; `repeated` where it is the second one, since the first was lost.
pub(crate) struct Written<T> {
    pub(crate) answer: T,
    pub(crate) repeated: bool,
}

/// The servers, the model, and the time that they share.
pub(crate) struct World {
    base: Base,
    servers: Vec<Store>,
    pub(crate) city: Arc<City>,
    pub(crate) table: Vec<Row>,
    pub(crate) model: Model,
    pub(crate) now: Timestamp,
    pub(crate) crash: Option<Crash>,
    pub(crate) sent: Vec<super::orders::Sent>,
    /// How often what was met: commands that were done, rules that refused, what the clock did, crashes.
    pub(crate) met: BTreeMap<String, u32>,
    /// Cases that something happened to since they were last compared.
    pub(crate) touched: BTreeSet<usize>,
    serial: u64,
}

/// An empty district with its city, made once and copied for each run.
fn template() -> &'static Path {
    static MADE: OnceLock<(Folder, PathBuf)> = OnceLock::new();
    let (_, file) = MADE.get_or_init(|| {
        let folder = in_memory();
        let path = folder.0.join("district.db");
        let store = Store::open(&config(path.to_string_lossy())).unwrap();
        furnish(&store);
        drop(store);
        (folder, path)
    });
    file
}

/// Nothing here is about disks: a folder in memory where the system has one.
fn in_memory() -> Folder {
    let memory = Path::new("/dev/shm");
    let named = Folder::new();
    if !memory.is_dir() {
        return named;
    }
    let folder = Folder(memory.join(named.0.file_name().unwrap()));
    match std::fs::create_dir_all(&folder.0) {
        Ok(()) => folder,
        Err(_) => named,
    }
}

fn furnish(store: &Store) {
    let after = afterwards();
    let made = store.write_blocking(move |tx| -> Result<(), Halt<()>> {
        woodlark_store::city::import(tx, &city_data(), None, NOON)
            .map_err(|error| Halt::Fault(Fault::Connection(format!("{error:?}"))))?;
        Ok(media::keep(tx, &after, NOON)?)
    });
    made.unwrap();
}

impl World {
    /// On a file of its own.
    pub(crate) fn on_sqlite() -> Self {
        let folder = in_memory();
        std::fs::copy(template(), folder.0.join("0.db")).unwrap();
        Self::of(Base::Sqlite { folder, copies: 0 }, false)
    }

    /// On a PostgreSQL database of its own.
    pub(crate) fn on_postgres() -> Self {
        Self::of(Base::Postgres(crate::cluster::database()), true)
    }

    fn of(base: Base, bare: bool) -> Self {
        let servers = open(&base);
        if bare {
            furnish(&servers[0]);
        }
        let city = servers[0].read_blocking(woodlark_store::city::load).unwrap().unwrap();
        Self {
            base,
            servers,
            city: Arc::new(city),
            table: rows(),
            model: Model::default(),
            now: NOON,
            crash: None,
            sent: Vec::new(),
            met: BTreeMap::new(),
            touched: BTreeSet::new(),
            serial: 0,
        }
    }

    /// A server by its number.
    pub(crate) fn server(&self, on: u8) -> Store {
        self.servers[usize::from(on) % SERVERS].clone()
    }

    /// What time it is by that server's clock.
    pub(crate) fn clock(&self, on: u8) -> Timestamp {
        self.now.plus(SKEW[usize::from(on) % SERVERS])
    }

    /// A number that was never given before.
    pub(crate) const fn next(&mut self) -> u64 {
        self.serial += 1;
        self.serial
    }

    /// Notes that something was met.
    pub(crate) fn meet(&mut self, what: impl Into<String>) {
        *self.met.entry(what.into()).or_default() += 1;
    }

    /// Writes on a server; where a crash is due it happens now, and the write is asked for once more.
    pub(crate) fn write<T, E, F>(&mut self, on: u8, closure: F) -> Result<Written<T>, WriteError<E>>
    where
        T: Send + 'static,
        E: Send + 'static,
        F: Fn(&mut Tx) -> Result<T, Halt<E>> + Clone + Send + 'static,
    {
        let crash = self.crash.take();
        match crash {
            None => {}
            Some(Crash::Unkept) => {
                self.meet("crash: unkept");
                self.cut_power(on, closure.clone());
            }
            Some(Crash::Unanswered) => {
                // A refusal or a fault is no news that could be lost: it left nothing.
                let _lost = insist(&self.server(on), closure.clone())?;
                self.meet("crash: unanswered");
                self.reopen();
            }
        }
        let answer = insist(&self.server(on), closure)?;
        Ok(Written { answer, repeated: crash == Some(Crash::Unanswered) })
    }

    /// Everything stops in the middle of this write; what the disk holds at that moment is what goes on.
    fn cut_power<T, E, F>(&mut self, on: u8, closure: F)
    where
        T: Send + 'static,
        E: Send + 'static,
        F: Fn(&mut Tx) -> Result<T, Halt<E>> + Send + 'static,
    {
        let store = self.server(on);
        match &mut self.base {
            Base::Postgres(_) => {
                let _undone = store.write_blocking(move |tx| -> Result<(), Halt<()>> {
                    let _ = closure(tx);
                    Err(Halt::Refused(()))
                });
            }
            Base::Sqlite { folder, copies } => {
                let (inside, arrived) = sync_channel(1);
                let (on_with_it, wait) = channel::<()>();
                let wait = Mutex::new(wait);
                let hanging = std::thread::spawn(move || {
                    let _undone = store.write_blocking(move |tx| -> Result<(), Halt<()>> {
                        let _ = closure(tx);
                        let _ = inside.try_send(());
                        let _ = wait.lock().unwrap().recv();
                        Err(Halt::Refused(()))
                    });
                });
                arrived.recv().unwrap();
                let file = |copy: u32, end: &str| folder.0.join(format!("{copy}.db{end}"));
                for end in ["", "-wal"] {
                    let (from, to) = (file(*copies, end), file(*copies + 1, end));
                    if from.exists() {
                        std::fs::copy(from, to).unwrap();
                    }
                }
                *copies += 1;
                drop(on_with_it);
                hanging.join().unwrap();
            }
        }
        self.reopen();
    }

    /// All servers go and come again.
    fn reopen(&mut self) {
        self.servers.clear();
        self.servers = open(&self.base);
    }
}

fn open(base: &Base) -> Vec<Store> {
    let url = match base {
        Base::Sqlite { folder, copies } => {
            folder.0.join(format!("{copies}.db")).to_string_lossy().into_owned()
        }
        Base::Postgres(url) => url.clone(),
    };
    let config = woodlark_store::Config { connections: 2, ..config(url) };
    (0..SERVERS).map(|_| Store::open(&config).unwrap()).collect()
}

/// Writes; asks again where the store asks for it.
pub(crate) fn insist<T, E, F>(store: &Store, closure: F) -> Result<T, WriteError<E>>
where
    T: Send + 'static,
    E: Send + 'static,
    F: Fn(&mut Tx) -> Result<T, Halt<E>> + Clone + Send + 'static,
{
    for _ in 0..50 {
        match store.write_blocking(closure.clone()) {
            Err(WriteError::Busy { .. }) => {}
            answer => return answer,
        }
    }
    store.write_blocking(closure)
}
