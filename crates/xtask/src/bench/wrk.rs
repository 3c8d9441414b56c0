//! Load by wrk, and what it saw.

use crate::Outcome;
use crate::say::{root, say};
use crate::server::Running;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What wrk saw.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Seen {
    pub(super) per_second: f64,
    pub(super) p50_ms: f64,
    pub(super) p99_ms: f64,
    pub(super) errors: u32,
}

impl Seen {
    /// Half of each.
    pub(super) fn mean(self, other: Self) -> Self {
        Self {
            per_second: f64::midpoint(self.per_second, other.per_second),
            p50_ms: f64::midpoint(self.p50_ms, other.p50_ms),
            p99_ms: f64::midpoint(self.p99_ms, other.p99_ms),
            errors: self.errors + other.errors,
        }
    }

    /// The middle of each.
    pub(super) fn median(of: impl Iterator<Item = Self> + Clone) -> Self {
        let middle = |figure: fn(Self) -> f64| super::median(of.clone().map(figure));
        Self {
            per_second: middle(|seen| seen.per_second),
            p50_ms: middle(|seen| seen.p50_ms),
            p99_ms: middle(|seen| seen.p99_ms),
            errors: of.clone().map(|seen| seen.errors).sum(),
        }
    }

    pub(super) fn json(self) -> serde_json::Value {
        json!({ "per_second": self.per_second, "p50_ms": self.p50_ms, "p99_ms": self.p99_ms, "errors": self.errors })
    }
}

/// One measurement: so many connections for so many seconds, by a script, with the addresses of a list.
pub(super) fn wrk(
    running: &Running,
    (connections, seconds): (u32, u32),
    cookie: &str,
    script: &str,
    list: Option<&Path>,
) -> Outcome<Seen> {
    let script = script_path(script);
    let mut command = Command::new("wrk");
    command.args(["--latency", "-t", "2", "-c", &connections.to_string(), "-d", &format!("{seconds}s")]);
    command.args(["-H", &format!("Cookie: {cookie}")]).arg("-s").arg(&script).arg(&running.address);
    if let Some(list) = list {
        command.arg("--").arg(list);
    }
    let output = command.output().map_err(|error| format!("wrk could not be started: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let seen = read_wrk(&text)
        .ok_or_else(|| format!("wrk said:\n{text}{}", String::from_utf8_lossy(&output.stderr)))?;
    if f64::from(seen.errors) > seen.per_second * f64::from(seconds) / 1000.0 {
        return Err(format!(
            "more than one answer in a thousand was a refusal, so this measures nothing: {seen:?}"
        ));
    }
    say(&format!(
        "  {}: {seen:?}",
        list.unwrap_or(&script).file_stem().unwrap_or_default().to_string_lossy()
    ));
    Ok(seen)
}

fn script_path(name: &str) -> PathBuf {
    root().join("crates/xtask/bench").join(name)
}

/// Reads wrk's report: requests a second, the latency table, and what was not 2xx or 3xx.
fn read_wrk(text: &str) -> Option<Seen> {
    let mut seen = Seen::default();
    for line in text.lines() {
        let mut words = line.split_whitespace();
        match (words.next(), words.next()) {
            (Some("Requests/sec:"), Some(figure)) => seen.per_second = figure.parse().ok()?,
            (Some("50%"), Some(time)) => seen.p50_ms = milliseconds(time)?,
            (Some("99%"), Some(time)) => seen.p99_ms = milliseconds(time)?,
            (Some("Non-2xx"), _) => seen.errors = line.rsplit(' ').next()?.parse().ok()?,
            _ => {}
        }
    }
    (seen.per_second > 0.0).then_some(seen)
}

fn milliseconds(time: &str) -> Option<f64> {
    let figure = |unit: &str| time.strip_suffix(unit).and_then(|figure| figure.parse::<f64>().ok());
    figure("us").map(|us| us / 1000.0).or_else(|| figure("ms")).or_else(|| figure("s").map(|s| s * 1000.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_report_of_wrk_is_read() {
        let seen = read_wrk(
            "  Latency Distribution\n     50%  610.00us\n     99%    1.20ms\n  Non-2xx or 3xx responses: 7\nRequests/sec:  98413.22\n",
        );
        let seen = seen.unwrap();
        assert!((seen.p50_ms - 0.61).abs() < 1e-9 && (seen.p99_ms - 1.2).abs() < 1e-9);
        assert_eq!(seen.errors, 7);
    }
}
