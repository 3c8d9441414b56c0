//! A stand-in of WeChat Pay on this machine, for tests: WeChat Pay has no test system of its own. It holds each request to
//! its signature, signs its answers, keeps bills, counts how often money moved, and misbehaves when told to.
//!
//! What it does is what the documentation says, and where that is silent what was found in other programs; it was never
//! compared with WeChat Pay itself.

mod books;
mod fault;
mod keys;
mod post;
mod serve;

pub use crate::answer::Call;
pub use books::{CONFIRM_WITHIN, Unmovable};
pub use fault::{Effect, Fault};
pub use post::Push;

use crate::merchant::{Merchant, MerchantError};
use crate::transfer::{FailReason, State};
use books::Books;
use keys::{Keys, keys, private_pem, public_pem};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use woodlark_domain::Timestamp;
use woodlark_outward::standin::listen;

const APPID: &str = "wx0123456789abcdef";
const MCHID: &str = "1900000001";
const MERCHANT_SERIAL: &str = "5157F09EFDC096DE15EBE81A47057A7232F1B8E1";
const PLATFORM_KEY: &str = "PUB_KEY_ID_0119000000012026010100000000000001";
const API_KEY: &str = "a-key-for-tests-of-32-characters";
const PRIVATE_FILE: &str = "apiclient_key.pem";
const PUBLIC_FILE: &str = "pub_key.pem";

/// A running stand-in; it ends when it is dropped.
pub struct StandIn {
    shared: Arc<Shared>,
    address: SocketAddr,
    serving: JoinHandle<()>,
}

struct Shared {
    keys: &'static Keys,
    clock: Box<dyn Fn() -> Timestamp + Send + Sync>,
    /// How far its time is ahead of that clock.
    ahead: AtomicI64,
    inner: Mutex<Inner>,
    holding: Notify,
    released: Notify,
}

#[derive(Default)]
struct Inner {
    books: Books,
    faults: BTreeMap<Call, VecDeque<Fault>>,
    nonces: BTreeSet<String>,
    calls: Vec<(Call, String)>,
    turned_away: Vec<String>,
    held: Vec<serve::Held>,
    counter: u64,
}

impl Inner {
    /// A number that was not given before.
    fn next(&mut self) -> u64 {
        self.counter += 1;
        self.counter
    }
}

impl Shared {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> Timestamp {
        Timestamp((self.clock)().0.saturating_add(self.ahead.load(Ordering::SeqCst)))
    }
}

impl core::fmt::Debug for StandIn {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("StandIn").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl StandIn {
    /// Starts one for which it is this moment until it is told otherwise.
    ///
    /// # Errors
    /// Where no port is free or no key can be made.
    pub async fn start(now: Timestamp) -> io::Result<Self> {
        Self::start_by(move || now).await
    }

    /// Starts one that goes by this clock: for whoever pays goes by a real one.
    ///
    /// # Errors
    /// Where no port is free or no key can be made.
    pub async fn start_by(clock: impl Fn() -> Timestamp + Send + Sync + 'static) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            keys: keys()?,
            clock: Box::new(clock),
            ahead: AtomicI64::new(0),
            inner: Mutex::default(),
            holding: Notify::new(),
            released: Notify::new(),
        });
        let world = Arc::clone(&shared);
        let serving = tokio::spawn(async move {
            let _ = listen(listener, move |request| serve::serve(Arc::clone(&world), request)).await;
        });
        Ok(Self { shared, address, serving })
    }

    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The merchant's file for it, with the names of the key files that it wants beside it.
    #[must_use]
    pub fn merchant_file(&self) -> String {
        format!(
            r#"base = "http://{address}"
appid = "{APPID}"
mchid = "{MCHID}"
serial = "{MERCHANT_SERIAL}"
private_key = "{PRIVATE_FILE}"
apiv3_key = "{API_KEY}"
scene = "1000"
activity = "林百灵热心账本"
reward = "随手拍问题获受理"
perception = "活动奖励"
remark = "谢谢您的热心"
notify_url = "https://woodlark.example/wechat/pay"

[platform_keys]
{PLATFORM_KEY} = "{PUBLIC_FILE}"
"#,
            address = self.address
        )
    }

    /// The key files of [`StandIn::merchant_file`]: name and content.
    ///
    /// # Errors
    /// Where a key can't be written as PEM.
    pub fn key_files(&self) -> io::Result<[(&'static str, String); 2]> {
        let Keys { merchant, platform } = self.shared.keys;
        Ok([(PRIVATE_FILE, private_pem(merchant)?), (PUBLIC_FILE, public_pem(platform)?)])
    }

    /// Writes the merchant's file and its keys into a folder; gives back the file's path.
    ///
    /// # Errors
    /// Where that folder can't be written.
    pub fn write_merchant(&self, folder: &Path) -> io::Result<PathBuf> {
        for (name, pem) in self.key_files()? {
            std::fs::write(folder.join(name), pem)?;
        }
        let path = folder.join("merchant.toml");
        std::fs::write(&path, self.merchant_file())?;
        Ok(path)
    }

    /// The merchant that it knows.
    ///
    /// # Errors
    /// Where its own file can't be read, which would be a fault of the stand-in.
    pub fn merchant(&self) -> Result<Merchant, MerchantError> {
        let failed = |path: &Path, cause| MerchantError::File { path: path.to_owned(), cause };
        let no_file = || io::Error::from(io::ErrorKind::NotFound);
        Merchant::from_toml(&self.merchant_file(), |path| {
            let files = self.key_files().map_err(|cause| failed(path, cause))?;
            let file = files.into_iter().find(|(name, _)| Path::new(name) == path);
            file.map(|(_, pem)| pem).ok_or_else(|| failed(path, no_file()))
        })
    }

    /// What time it is for the stand-in.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.shared.now()
    }

    /// Makes it this moment; what nobody confirmed within 24 hours expires.
    pub fn set_now(&self, now: Timestamp) {
        let clock = (self.shared.clock)();
        self.shared.ahead.store(now.0.saturating_sub(clock.0), Ordering::SeqCst);
        self.shared.inner().books.expire(now);
    }

    /// Lets the next call of this kind meet a fault; several are met one after the other.
    pub fn misbehave(&self, call: Call, fault: Fault) {
        self.shared.inner().faults.entry(call).or_default().push_back(fault);
    }

    /// Waits until a request is held.
    pub async fn holds(&self) {
        self.shared.holding.notified().await;
    }

    /// Goes on with whatever is held: does what is still undone and answers.
    pub fn release(&self) {
        self.shared.release();
    }

    /// How a bill stands.
    #[must_use]
    pub fn state(&self, number: &str) -> Option<State> {
        let now = self.now();
        let mut inner = self.shared.inner();
        inner.books.expire(now);
        inner.books.get(number).map(|bill| bill.state.clone())
    }

    /// How often money moved for this number.
    #[must_use]
    pub fn paid(&self, number: &str) -> u32 {
        self.shared.inner().books.get(number).map_or(0, |bill| bill.paid)
    }

    /// How much a recipient was paid under all numbers, in fen.
    #[must_use]
    pub fn paid_to(&self, openid: &str) -> i64 {
        let inner = self.shared.inner();
        inner
            .books
            .all()
            .filter(|bill| bill.openid == openid)
            .map(|bill| bill.amount * i64::from(bill.paid))
            .sum()
    }

    /// How many bills there are.
    #[must_use]
    pub fn bills(&self) -> usize {
        self.shared.inner().books.all().count()
    }

    /// Every signed request so far and the number it spoke of, in order.
    #[must_use]
    pub fn calls(&self) -> Vec<(Call, String)> {
        self.shared.inner().calls.clone()
    }

    /// Why requests were turned away at the door: each is a fault of the client, or of a forger.
    #[must_use]
    pub fn turned_away(&self) -> Vec<String> {
        self.shared.inner().turned_away.clone()
    }

    /// The recipient confirms, and is paid.
    ///
    /// # Errors
    /// [`Unmovable`] unless the bill waits for that.
    pub fn confirm(&self, number: &str) -> Result<(), Unmovable> {
        self.go(number, State::Success, |from| {
            matches!(from, State::WaitUserConfirm { .. } | State::Transfering)
        })
    }

    /// The recipient declines. The documentation has no word for it; a caller must bear any.
    ///
    /// # Errors
    /// [`Unmovable`] unless the bill waits for them.
    pub fn decline(&self, number: &str) -> Result<(), Unmovable> {
        let reason = FailReason::new("USER_DECLINED");
        self.go(number, State::Fail { reason }, |from| matches!(from, State::WaitUserConfirm { .. }))
    }

    /// The transfer fails.
    ///
    /// # Errors
    /// [`Unmovable`] where it has come to its end.
    pub fn fail(&self, number: &str, reason: &str) -> Result<(), Unmovable> {
        self.put(number, State::Fail { reason: FailReason::new(reason) })
    }

    /// A cancellation that was asked for is through.
    ///
    /// # Errors
    /// [`Unmovable`] unless one was asked for.
    pub fn finish_cancel(&self, number: &str) -> Result<(), Unmovable> {
        self.go(number, State::Cancelled, |from| *from == State::Canceling)
    }

    /// Puts a bill into any state; money moves where that is [`State::Success`].
    ///
    /// # Errors
    /// [`Unmovable`] where it has come to its end.
    pub fn put(&self, number: &str, state: State) -> Result<(), Unmovable> {
        self.go(number, state, |from| !from.is_final())
    }

    fn go(&self, number: &str, to: State, from: impl Fn(&State) -> bool) -> Result<(), Unmovable> {
        let now = self.now();
        let mut inner = self.shared.inner();
        inner.books.expire(now);
        inner.books.go(number, to, from)
    }
}
