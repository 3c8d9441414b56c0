//! Builds the server, and runs one of its own in a temporary folder for the tasks that measure it.

use crate::say::{quietly, root, target};
use crate::{Outcome, app};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

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
}

impl Running {
    /// Starts it on a free port of the loopback address and waits until it says that it serves.
    pub(crate) fn start(program: &Path, data: &Path) -> Outcome<Self> {
        let mut child = Command::new(program)
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
        Ok(Self { child, address })
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
