//! The stage of one test: a temporary folder, the real server, the network in between, and its browsers. Whatever
//! happens, everything that was started is ended and removed.

use crate::browser::{Browser, Device, Driver};
use crate::network::Network;
use crate::server::Server;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Condvar, Mutex};
use std::time::{Duration, Instant};

/// Tests that run at the same time.
const SEATS: u32 = 2;
/// How long anything may take that is waited for.
const PATIENCE: Duration = Duration::from_secs(150);

static TAKEN: Mutex<u32> = Mutex::new(0);
static FREED: Condvar = Condvar::new();

/// The stage.
pub(crate) struct Stage {
    /// Removed at the end.
    pub(crate) folder: PathBuf,
    /// The server.
    pub(crate) server: Server,
    /// Lies between the browsers and the server.
    pub(crate) network: Network,
    driver: Driver,
}

/// Plays a test on a stage of its own.
pub(crate) fn play(test: impl AsyncFnOnce(&Stage)) {
    play_beside(async |_, _| ((), Vec::new()), async |stage, ()| test(stage).await);
}

/// Plays a test on a stage of its own, beside something that was set up before in its folder, for the address that browsers open,
/// and that gives the server flags.
pub(crate) fn play_beside<T>(
    set_up: impl AsyncFnOnce(&Path, &str) -> (T, Vec<String>),
    test: impl AsyncFnOnce(&Stage, T),
) {
    let _seat = Seat::take();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let folder = new_folder("stage");
    let ended = {
        let (listener, address) = runtime.block_on(Network::place());
        let (beside, flags) = runtime.block_on(set_up(&folder, &address));
        let server = Server::start(&folder.join("data"), flags);
        let stage = Stage {
            network: runtime.block_on(async { Network::start(listener, server.port) }),
            driver: Driver::start(),
            folder: folder.clone(),
            server,
        };
        catch_unwind(AssertUnwindSafe(|| runtime.block_on(test(&stage, beside))))
    };
    runtime.shutdown_background();
    let _ = std::fs::remove_dir_all(&folder);
    if let Err(panic) = ended {
        resume_unwind(panic);
    }
}

impl Stage {
    /// A phone that has never been here.
    pub(crate) async fn browser(&self) -> Browser {
        self.browser_of(&new_name("phone"), "zh-CN").await
    }

    /// A phone that speaks this language.
    pub(crate) async fn browser_in(&self, language: &str) -> Browser {
        self.browser_of(&new_name("phone"), language).await
    }

    /// The phone of this name, with what it has kept.
    pub(crate) async fn browser_of(&self, name: &str, language: &str) -> Browser {
        let folder = self.folder.join(name);
        Browser::open(&self.driver, &self.network, (Device::Phone, &folder), language).await
    }

    /// A browser on a desk, wider than a phone, that has never been here.
    pub(crate) async fn screen(&self) -> Browser {
        let folder = self.folder.join(new_name("screen"));
        Browser::open(&self.driver, &self.network, (Device::Screen, &folder), "zh-CN").await
    }

    /// The kiosk of this name, with what it has kept.
    pub(crate) async fn kiosk_of(&self, name: &str) -> Browser {
        let folder = self.folder.join(name);
        Browser::open(&self.driver, &self.network, (Device::Kiosk, &folder), "zh-CN").await
    }

    /// Every file below the server's media folder.
    pub(crate) fn media(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut found = Vec::new();
        collect(&self.folder.join("data/media"), &mut found);
        found
    }
}

fn collect(folder: &Path, found: &mut Vec<(PathBuf, Vec<u8>)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, found);
        } else {
            let bytes = std::fs::read(&path).unwrap();
            found.push((path, bytes));
        }
    }
}

/// Asks again and again until there is an answer; minutes of none are a failure.
pub(crate) async fn until<T>(what: &str, ask: impl AsyncFn() -> Option<T>) -> T {
    let end = Instant::now() + PATIENCE;
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(Instant::now() < end, "waited in vain: {what}");
        tokio::time::sleep(Duration::from_millis(40)).await;
    }
}

/// Waits until something is true.
pub(crate) async fn until_true(what: &str, ask: impl AsyncFn() -> bool) {
    until(what, async || ask().await.then_some(())).await;
}

/// A new folder for this process.
pub(crate) fn new_folder(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(new_name(&format!("woodlark-{name}-{}", std::process::id())));
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).unwrap();
    path
}

fn new_name(what: &str) -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("{what}-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// The repository.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// One of the real photos.
pub(crate) fn photo(name: &str) -> PathBuf {
    root().join("tests/photos").join(name)
}

struct Seat;

impl Seat {
    fn take() -> Self {
        let mut taken = TAKEN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        while *taken >= SEATS {
            taken = FREED.wait(taken).unwrap_or_else(std::sync::PoisonError::into_inner);
        }
        *taken += 1;
        Self
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        *TAKEN.lock().unwrap_or_else(std::sync::PoisonError::into_inner) -= 1;
        FREED.notify_one();
    }
}
