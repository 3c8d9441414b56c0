//! Runs programs and says so: one line for what is being done, the program's own words only when it fails.

use crate::Outcome;
use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// The workspace's folder.
pub(crate) fn root() -> PathBuf {
    // Cargo names the package's folder; two up is the workspace.
    let package = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).unwrap_or_default();
    package.ancestors().nth(2).map_or_else(|| PathBuf::from("."), PathBuf::from)
}

/// The folder that cargo builds into.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// One line on the error stream, so that `--json` keeps the output to itself.
pub(crate) fn say(line: &str) {
    eprintln!("{line}");
}

/// Runs a program to its end, its words hidden; they are shown if it fails. What it does is said with the time it took.
pub(crate) fn quietly(what: &str, command: &mut Command) -> Outcome<String> {
    let log = target().join("xtask");
    std::fs::create_dir_all(&log).map_err(|error| format!("{}: {error}", log.display()))?;
    let log = log.join(format!(
        "{}.log",
        what.split_whitespace().take(3).collect::<Vec<_>>().join("-").replace('/', "-")
    ));
    let file = std::fs::File::create(&log).map_err(|error| format!("{}: {error}", log.display()))?;
    let errors = file.try_clone().map_err(|error| error.to_string())?;
    let started = Instant::now();
    let mut child = command.stdin(Stdio::null()).stdout(file).stderr(errors).spawn().map_err(|error| {
        format!("{what}: {} could not be started: {error}", command.get_program().display())
    })?;
    let terminal = std::io::stderr().is_terminal();
    if !terminal {
        eprint!("· {what} …");
    }
    let status = loop {
        if let Some(status) = child.try_wait().map_err(|error| error.to_string())? {
            break status;
        }
        if terminal {
            eprint!("\r· {what} … {:>4} s  {}\x1b[K", started.elapsed().as_secs(), last_line(&log, 60));
            let _ = std::io::stderr().flush();
        }
        std::thread::sleep(Duration::from_millis(200));
    };
    let text = std::fs::read_to_string(&log).unwrap_or_default();
    let seconds = started.elapsed().as_secs_f32();
    if terminal {
        eprint!("\r\x1b[K· {what}");
    }
    if status.success() {
        eprintln!(" done in {seconds:.1} s");
        return Ok(text);
    }
    eprintln!(" failed after {seconds:.1} s");
    let tail: Vec<&str> = text.lines().rev().take(60).collect();
    let tail: Vec<&str> = tail.into_iter().rev().collect();
    Err(format!("{}\n\n{what} failed; its last words are above.", tail.join("\n")))
}

/// Runs a program to its end with its words shown.
pub(crate) fn aloud(what: &str, command: &mut Command) -> Outcome {
    say(&format!("· {what}"));
    let status = command.status().map_err(|error| {
        format!("{what}: {} could not be started: {error}", command.get_program().display())
    })?;
    if status.success() { Ok(()) } else { Err(format!("{what} failed.")) }
}

fn last_line(log: &std::path::Path, width: usize) -> String {
    std::fs::read_to_string(log)
        .ok()
        .and_then(|text| text.lines().rev().find(|line| !line.trim().is_empty()).map(str::to_owned))
        .map(|line| line.trim().chars().take(width).collect())
        .unwrap_or_default()
}
