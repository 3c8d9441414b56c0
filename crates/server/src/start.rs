//! From flags to a running server, or to one of its other commands.

use crate::app::{App, Inner};
use crate::assets::{Assets, AssetsError};
use crate::clock::{Clock, SystemClock, new_user_id, random};
use crate::config::{Cli, Command, Keep, Serve};
use crate::edge::{self, RateLimits, Rates, security_headers};
use crate::live::LiveHub;
use crate::media::{BlobError, Blobs};
use crate::pay::{Pay, PayError};
use crate::seal_keys::SealKeys;
use crate::sender::LogSender;
use crate::serve::{Listen, serve};
use crate::tls::TlsError;
use crate::wechat::{self, WechatError};
use crate::{jobs, keep, router, seed, tls};
use std::convert::Infallible;
use std::io::Write as _;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::Path;
use std::process::ExitCode;
use std::sync::{Arc, RwLock};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use woodlark_domain::{AreaCode, Role};
use woodlark_store::{Config, Fault, Halt, OpenError, Store, city, staff};

/// Photos decoded at once: each may take 128 MiB and a whole core.
const DECODING: usize = 2;
/// Mebibytes that plain forms may hold in memory together: three of the largest, or hundreds of usual ones.
const FORM_ROOM: usize = 600;

/// Why the server does not start, in words for whoever started it.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The database, later.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// The media folder.
    #[error(transparent)]
    Blobs(#[from] BlobError),
    /// The built app.
    #[error(transparent)]
    Assets(#[from] AssetsError),
    /// The certificate.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The merchant that pays.
    #[error(transparent)]
    Pay(#[from] PayError),
    /// Our account at WeChat.
    #[error(transparent)]
    Wechat(#[from] WechatError),
    /// The port.
    #[error(
        "cannot listen on {address}: {cause}; another program may have the port (choose one with --port)"
    )]
    Listen {
        /// Where.
        address: SocketAddr,
        /// Why.
        cause: std::io::Error,
    },
    /// The data folder.
    #[error("{what}: {cause}")]
    Io {
        /// Which file or folder.
        what: String,
        /// Why.
        cause: std::io::Error,
    },
    /// No city was loaded.
    #[error(
        "the database holds no city yet: run `woodlark-server seed` for the demonstration city, or start with --demo"
    )]
    NoCity,
    /// Something said in its own words.
    #[error("{0}")]
    Said(String),
}

/// Says what happens on the error stream; `RUST_LOG` chooses how much.
pub fn log_to_stderr(json: bool) {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info,tower_http=warn"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let set = if json { log.json().try_init() } else { log.with_target(false).try_init() };
    if let Err(error) = set {
        eprintln!("the log could not be set up: {error}");
    }
}

/// Does what the command says.
///
/// # Errors
/// [`StartError`], in words for whoever started it.
pub async fn run(cli: Cli) -> Result<ExitCode, StartError> {
    match cli.command {
        None | Some(Command::Serve) => {
            serve_until_stopped(&cli.keep, &cli.serve).await.map(|()| ExitCode::SUCCESS)
        }
        Some(Command::Seed(wanted)) => seed::run(&open(&cli.keep)?, &blobs(&cli.keep)?, &wanted).await,
        Some(Command::Backup { into }) => keep::backup(&open(&cli.keep)?, &cli.keep, &into),
        Some(Command::Restore { from }) => keep::restore(&cli.keep, &config(&cli.keep)?, &from),
        Some(Command::Check) => keep::check(&open(&cli.keep)?, &blobs(&cli.keep)?).await,
    }
}

/// How the store is opened.
///
/// # Errors
/// [`StartError::Said`] where the district is no six digits.
pub fn config(keep: &Keep) -> Result<Config, StartError> {
    let adcode =
        AreaCode::new(keep.adcode.clone()).map_err(|error| StartError::Said(format!("--adcode: {error}")))?;
    Ok(Config::new(keep.database_url(), adcode))
}

fn open(keep: &Keep) -> Result<Store, StartError> {
    std::fs::create_dir_all(&keep.data).map_err(|cause| io(&keep.data, cause))?;
    Ok(Store::open(&config(keep)?)?)
}

fn blobs(keep: &Keep) -> Result<Blobs, StartError> {
    Ok(Blobs::in_folder(&keep.media_folder())?)
}

async fn serve_until_stopped(keep: &Keep, flags: &Serve) -> Result<(), StartError> {
    let assets = assets(flags)?;
    let store = open(keep)?;
    let blobs = blobs(keep)?;
    if flags.demo && store.read(city::version).await?.is_none() {
        say("loading the demonstration city: Fengxian, with 200 past cases");
        seed::run(&store, &blobs, &crate::config::Seed { cases: 200, seed: 1, bench: false }).await?;
    }
    // A city that was imported before its parts had versions of their own gets the first of each.
    let adopted = store.write(|tx| Ok::<_, Halt<std::convert::Infallible>>(city::adopt(tx)?)).await;
    adopted.map_err(|error| StartError::Said(error.to_string()))?;
    let city = store.read(city::load).await?.ok_or(StartError::NoCity)?;
    let wechat = flags.wechat.as_deref().map(wechat::read).transpose()?.map(Arc::new);
    let sdk = wechat.as_deref().map(|client| client.account().sdk());
    let headers = security_headers(&assets.script_hashes, sdk, flags.tls);
    let sender = Arc::new(LogSender::default());
    let (stopping, stop) = watch::channel(false);
    let app = App::new(Inner {
        stop: stop.clone(),
        store,
        blobs,
        clock: Arc::new(SystemClock),
        live: LiveHub::default(),
        desk_feed: jobs::DeskFeed::default(),
        dev_codes: flags.dev_codes.then(|| Arc::clone(&sender)),
        sender,
        secret: secret(&keep.data)?,
        seal_keys: SealKeys::read(&keep.data)?,
        pay: flags.pay.as_deref().map(Pay::read).transpose()?.map(Arc::new),
        wechat,
        assets,
        secure: flags.tls,
        reports_per_day: flags.reports_per_day,
        city: RwLock::new(Arc::new(city)),
        decoding: Arc::new(Semaphore::new(DECODING)),
        form_room: Arc::new(Semaphore::new(FORM_ROOM)),
    });
    let rates = Rates::new(RateLimits { reads: flags.reads_per_second, writes: flags.writes_per_second });
    let address = SocketAddr::new(flags.host, flags.port);
    let listener = TcpListener::bind(address).await.map_err(|cause| StartError::Listen { address, cause })?;
    let address = listener.local_addr().map_err(|cause| StartError::Listen { address, cause })?;
    let addresses = addresses(address.ip());
    let given = flags.tls_cert.as_deref().zip(flags.tls_key.as_deref());
    let tls = if flags.tls { Some(tls::acceptor(given, &keep.data, &addresses)?) } else { None };
    let live = app.live.clone();
    tokio::spawn(async move {
        stopped().await;
        say("stopping: what is under way is let end");
        let _ = stopping.send(true);
        // Whoever listens looks up and sees that it is over.
        live.look_now();
    });
    let jobs = jobs::start(&app, &rates, stop.clone());
    if let Some(port) = flags.admin_port {
        crate::metrics::serve(port, stop.clone()).await?;
    }
    let invitation = first_administrator(&app).await?;
    announce(flags.tls, &addresses, address.port(), invitation.as_deref());
    let router = router::router(app, rates, headers);
    serve(
        Listen { listener, tls, connections: flags.connections, behind_proxy: flags.behind_proxy },
        router,
        stop,
    )
    .await;
    jobs.ended().await;
    say("stopped");
    Ok(())
}

fn assets(flags: &Serve) -> Result<Assets, StartError> {
    match &flags.app {
        Some(folder) => Ok(Assets::from_folder(folder)?),
        #[cfg(feature = "embed-app")]
        None => Ok(Assets::embedded()?),
        #[cfg(not(feature = "embed-app"))]
        None => Ok(Assets::from_folder(Path::new("dist"))?),
    }
}

/// The key under which phone numbers and codes are hashed: made once, kept beside the data, readable by its owner alone.
fn secret(data: &Path) -> Result<[u8; 32], StartError> {
    let path = data.join("secret.key");
    match std::fs::read(&path) {
        Ok(bytes) => {
            bytes.try_into().map_err(|_| StartError::Said(format!("{} must hold 32 bytes", path.display())))
        }
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => {
            let secret = random();
            let mut options = std::fs::OpenOptions::new();
            options.write(true).create_new(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            options
                .open(&path)
                .and_then(|mut file| file.write_all(&secret).and_then(|()| file.sync_all()))
                .map_err(|cause| io(&path, cause))?;
            Ok(secret)
        }
        Err(cause) => Err(io(&path, cause)),
    }
}

/// Where this machine can be reached: as asked for, or on its loopback and its network.
fn addresses(listening: IpAddr) -> Vec<IpAddr> {
    if !listening.is_unspecified() {
        return vec![listening];
    }
    let loopback = IpAddr::V4(Ipv4Addr::LOCALHOST);
    // Connecting a datagram socket sends nothing; it only asks which of our addresses would be used.
    let network = std::net::UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0))
        .and_then(|socket| {
            socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9)).and_then(|()| socket.local_addr())
        })
        .map(|address| address.ip());
    std::iter::once(loopback)
        .chain(network.ok().filter(|ip| !ip.is_loopback() && !ip.is_unspecified()))
        .collect()
}

/// Where nobody works at the desk yet, the path of a link that makes whoever opens it the first administrator. Each start
/// makes another; the one before holds no more.
async fn first_administrator(app: &App) -> Result<Option<String>, StartError> {
    if !app.store.read(staff::is_empty).await? {
        return Ok(None);
    }
    let now = app.clock.now();
    let (token, token_hash) = edge::new_token(random());
    let (user, totp_secret) = (new_user_id(now), random::<20>());
    let made = app
        .store
        .write(move |tx| {
            let posts = [staff::Post { role: Role::Admin, department: None, area: None }];
            let invite = staff::Invite {
                user,
                login: "admin",
                name: "Administrator 管理员",
                posts: &posts,
                token_hash,
                totp_secret: &totp_secret,
                now,
            };
            Ok::<_, Halt<Infallible>>(staff::invite(tx, &invite)?)
        })
        .await
        .map_err(|error| {
            StartError::Said(format!("the first administrator could not be invited: {error}"))
        })?;
    Ok(made.then(|| format!("desk/invitation#{token}")))
}

/// The address, and the same as a QR code for a phone; and the first administrator's link.
fn announce(tls: bool, addresses: &[IpAddr], port: u16, invitation: Option<&str>) {
    let scheme = if tls { "https" } else { "http" };
    let urls: Vec<String> =
        addresses.iter().map(|address| format!("{scheme}://{}/", SocketAddr::new(*address, port))).collect();
    for url in &urls {
        println!("Woodlark 林百灵 serves at {url}");
    }
    if let (Some(invitation), Some(url)) = (invitation, urls.first()) {
        println!(
            "The desk has no administrator yet. Whoever opens this link first becomes one: {url}{invitation}"
        );
    }
    if let (true, Some(url)) = (std::io::IsTerminal::is_terminal(&std::io::stdout()), urls.last())
        && let Ok(code) = qrcode::QrCode::new(url.as_bytes())
    {
        println!("{}", code.render::<qrcode::render::unicode::Dense1x2>().build());
        if !tls {
            println!(
                "Phones allow camera, position and opening off line over HTTPS only: start with --tls for these."
            );
        }
    }
    let _ = std::io::stdout().flush();
}

async fn stopped() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        let Ok(mut terminate) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
        else {
            let _ = interrupt.await;
            return;
        };
        tokio::select! {
            _ = interrupt => {}
            _ = terminate.recv() => {}
        }
    }
    #[cfg(not(unix))]
    let _ = interrupt.await;
}

fn say(line: &str) {
    eprintln!("{line}");
}

fn io(path: &Path, cause: std::io::Error) -> StartError {
    StartError::Io { what: path.display().to_string(), cause }
}

/// The moment of a command.
pub(crate) fn now() -> woodlark_domain::Timestamp {
    SystemClock.now()
}
