//! Builds the server, and runs one of its own in a temporary folder for the tasks that measure it.

use crate::client::Device;
use crate::say::{quietly, root, target};
use crate::{Outcome, app};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// How often it is asked whether a server has come to rest: every half second for ten minutes.
const RESTS: u32 = 1_200;

/// Builds the server for release and answers with its program.
pub(crate) fn build() -> Outcome<PathBuf> {
    let program = target().join("release/woodlark-server");
    let what = "cargo builds the server (release)";
    quietly(
        what,
        Command::new("cargo").args(["build", "--release", "-p", "woodlark-server"]).current_dir(root()),
    )?;
    Ok(program)
}

/// A server under measurement; it ends with this value.
pub(crate) struct Running {
    child: Child,
    /// `http://127.0.0.1:PORT`.
    pub(crate) address: String,
    metrics: u16,
}

impl Running {
    /// Starts it on a free port of the loopback address and waits until it says that it serves.
    pub(crate) fn start(program: &Path, data: &Path) -> Outcome<Self> {
        let metrics = free_port()?;
        let mut child = Command::new(program)
            .args(["--admin-port", &metrics.to_string()])
            .args([
                "--host",
                "127.0.0.1",
                "--port",
                "0",
                "--reads-per-second",
                "100000000",
                "--writes-per-second",
                "100000000",
                // One resident sends all of a bench's reports in one day.
                "--reports-per-day",
                "1000000000",
            ])
            .arg("--data")
            .arg(data)
            .arg("--app")
            .arg(app::dist())
            .env("RUST_LOG", "error")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("{} could not be started: {error}", program.display()))?;
        let output = child.stdout.take().ok_or("the server has no output")?;
        let mut lines = BufReader::new(output).lines();
        let address = loop {
            let Some(Ok(line)) = lines.next() else {
                let _ = child.kill();
                return Err("the server ended before it served; start it by hand to see why".to_owned());
            };
            if let Some(address) = line.split_whitespace().find(|word| word.starts_with("http://127.0.0.1")) {
                break address.trim_end_matches('/').to_owned();
            }
        };
        // Its pipe is read to the end, so that it never waits for us.
        std::thread::spawn(move || lines.for_each(drop));
        Ok(Self { child, address, metrics })
    }

    /// Waits until it has done what its data left to do: the clock's calls to cases long overdue, errands of changes.
    /// Otherwise the first half minute measures those.
    pub(crate) fn rest(&self) -> Outcome {
        let device = Device::new(&format!("http://127.0.0.1:{}", self.metrics));
        for _ in 0..RESTS {
            if let Some(bytes) = device.bytes("/metrics") {
                let text = String::from_utf8_lossy(&bytes);
                let of = |name: &str| -> Option<f64> {
                    text.lines().find_map(|line| line.strip_prefix(name)?.trim().parse().ok())
                };
                let still = |name| of(name).is_some_and(|waiting| waiting < 1.0);
                if still("woodlark_clock_due") && still("woodlark_follow_up_waiting") {
                    return Ok(());
                }
            }
            std::thread::sleep(Duration::from_millis(500));
        }
        Err("the server did not come to rest in ten minutes".to_owned())
    }

    /// kill -9: nothing of it gets to tidy up.
    pub(crate) fn kill(&mut self) -> Outcome {
        self.child.kill().and_then(|()| self.child.wait()).map(drop).map_err(|error| error.to_string())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.kill();
    }
}

/// A folder for one run, removed with this value.
pub(crate) struct Scratch(pub(crate) PathBuf);

impl Scratch {
    /// A new folder below cargo's own.
    pub(crate) fn new(name: &str) -> Outcome<Self> {
        let path = target().join("xtask").join(format!("{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(Self(path))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Runs one of the server's own commands on a data folder.
pub(crate) fn run(program: &Path, data: &Path, arguments: &[&str]) -> Outcome<String> {
    let output = Command::new(program)
        .args(arguments)
        .arg("--data")
        .arg(data)
        .output()
        .map_err(|error| format!("{}: {error}", program.display()))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() {
        Ok(text)
    } else {
        Err(format!("{text}{}\n`{}` failed", String::from_utf8_lossy(&output.stderr), arguments.join(" ")))
    }
}

/// A port of the loopback address that is free now.
fn free_port() -> Outcome<u16> {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0));
    let address = listener.and_then(|listener| listener.local_addr());
    address.map(|address| address.port()).map_err(|error| format!("no port is free: {error}"))
}
