//! What can be set: flags, each with its twin in the environment.

use clap::{Args, Parser, Subcommand};
use std::num::NonZeroU32;
use std::path::PathBuf;

/// Woodlark 林百灵: the server of the centre. Started without a command it serves.
#[derive(Debug, Parser)]
#[command(name = "woodlark-server", version, about, max_term_width = 100)]
pub struct Cli {
    /// What is to be done; `serve` where nothing is said.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Where everything is kept.
    #[command(flatten)]
    pub keep: Keep,
    /// How it is served.
    #[command(flatten)]
    pub serve: Serve,
}

/// What can be done.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the app and its API until Ctrl-C (the default).
    Serve,
    /// Load the demonstration city, and past cases made for it. Loading the same city twice changes nothing.
    Seed(Seed),
    /// Copy the database and the media, while the server runs, into a new folder.
    Backup {
        /// The folder to make.
        into: PathBuf,
    },
    /// Put a backup where there is no data yet.
    Restore {
        /// The folder that `backup` made.
        from: PathBuf,
    },
    /// Look whether everything that must hold holds; says what does not, and exits with 1 then. Works while the server runs.
    Check,
}

/// Past cases for the demonstration.
#[derive(Debug, Args)]
pub struct Seed {
    /// How many past cases to make.
    #[arg(long, default_value_t = 200)]
    pub cases: u32,
    /// The same seed makes the same cases.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Let one resident have reported two hundred of them, and print that resident's session, for measuring.
    #[arg(long, hide = true)]
    pub bench: bool,
}

/// Where everything is kept.
#[derive(Debug, Clone, Args)]
pub struct Keep {
    /// The folder of the embedded database and the photos.
    #[arg(long, global = true, env = "WOODLARK_DATA", default_value = "data")]
    pub data: PathBuf,
    /// The district's six digits, under which every row is kept.
    #[arg(long, global = true, env = "WOODLARK_ADCODE", default_value = "310120")]
    pub adcode: String,
    /// Another database: postgres://user@host/name. Without it, SQLite in the data folder.
    #[arg(long, global = true, env = "WOODLARK_DATABASE", hide_env_values = true)]
    pub database: Option<String>,
}

/// How it is served.
#[derive(Debug, Clone, Args)]
pub struct Serve {
    /// The port.
    #[arg(long, env = "WOODLARK_PORT", default_value_t = 8080)]
    pub port: u16,
    /// The address to listen on; 0.0.0.0 lets phones on the network in.
    #[arg(long, env = "WOODLARK_HOST", default_value = "0.0.0.0")]
    pub host: std::net::IpAddr,
    /// The folder of the built app; without it, the one that this program carries.
    #[arg(long, env = "WOODLARK_APP")]
    pub app: Option<PathBuf>,
    /// Serve HTTPS, which phones need for camera, position and opening off line. Makes a certificate unless one is given.
    #[arg(long, env = "WOODLARK_TLS")]
    pub tls: bool,
    /// A certificate chain in PEM.
    #[arg(long, env = "WOODLARK_TLS_CERT", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,
    /// Its private key in PEM.
    #[arg(long, env = "WOODLARK_TLS_KEY", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
    /// Connections held at once.
    #[arg(long, env = "WOODLARK_CONNECTIONS", default_value_t = 10_000)]
    pub connections: usize,
    /// Reads a second from one address; ten times as many in a burst.
    #[arg(long, env = "WOODLARK_READS_PER_SECOND", default_value = "100")]
    pub reads_per_second: NonZeroU32,
    /// Writes a second from one address; ten times as many in a burst.
    #[arg(long, env = "WOODLARK_WRITES_PER_SECOND", default_value = "30")]
    pub writes_per_second: NonZeroU32,
    /// Reports that one account may begin in a day.
    #[arg(long, env = "WOODLARK_REPORTS_PER_DAY", default_value_t = 100)]
    pub reports_per_day: u32,
    /// Trust X-Forwarded-For of a reverse proxy on this machine.
    #[arg(long, env = "WOODLARK_BEHIND_PROXY")]
    pub behind_proxy: bool,
    /// Where the database holds no city yet, load the demonstration city with 200 past cases.
    #[arg(long, env = "WOODLARK_DEMO")]
    pub demo: bool,
    /// Show the one-time codes that were sent lately at /dev/codes, for developers; never on a public server.
    #[arg(long, env = "WOODLARK_DEV_CODES")]
    pub dev_codes: bool,
    /// Metrics for Prometheus on this port of the loopback address.
    #[arg(long, env = "WOODLARK_ADMIN_PORT")]
    pub admin_port: Option<u16>,
    /// The merchant that pays red packets through WeChat Pay: a TOML file, as crates/pay/README.md says. Without it none
    /// are offered.
    #[arg(long, env = "WOODLARK_PAY")]
    pub pay: Option<PathBuf>,
    /// Our service account at WeChat: a TOML file, as crates/wechat/README.md says. Without it no WeChat account can be
    /// linked.
    #[arg(long, env = "WOODLARK_WECHAT")]
    pub wechat: Option<PathBuf>,
    /// Log as JSON.
    #[arg(long, env = "WOODLARK_LOG_JSON")]
    pub log_json: bool,
}

impl Keep {
    /// The database's address.
    #[must_use]
    pub fn database_url(&self) -> String {
        self.database
            .clone()
            .unwrap_or_else(|| format!("sqlite://{}", self.data.join("woodlark.sqlite").display()))
    }

    /// The folder of photos and voice.
    #[must_use]
    pub fn media_folder(&self) -> PathBuf {
        self.data.join("media")
    }
}
