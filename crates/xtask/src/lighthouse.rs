//! `cargo xtask lighthouse`: Google's Lighthouse over the release build, as a phone. Its throttling is reckoned, so another load on
//! this machine changes what it says: leave it alone meanwhile.

use crate::say::{root, say, target};
use crate::server::{self, Running, Scratch};
use crate::{Outcome, app, tools};
use clap::Args;
use serde_json::Value;
use std::path::Path;
use std::process::Command;

/// What is asked of each, of a hundred.
const WANTED: [(&str, f64); 3] = [("performance", 95.0), ("accessibility", 100.0), ("best-practices", 100.0)];
/// What is told of the first seconds.
const TOLD: [&str; 5] = [
    "first-contentful-paint",
    "largest-contentful-paint",
    "speed-index",
    "total-blocking-time",
    "cumulative-layout-shift",
];

/// Flags of `lighthouse`.
#[derive(Debug, Args)]
pub(crate) struct Lighthouse {
    /// The page that is opened.
    #[arg(default_value = "/")]
    path: String,
}

impl Lighthouse {
    pub(crate) fn run(self) -> Outcome {
        tools::for_tests()?;
        let program = tools::lighthouse()?;
        app::build()?;
        let server = server::build()?;
        let scratch = Scratch::new("lighthouse")?;
        server::run(&server, &scratch.0, &["seed", "--cases", "200"])?;
        let running = Running::start(&server, &scratch.0)?;
        let report = target().join("xtask/lighthouse.json");
        let address = [running.address.as_str(), &self.path].concat();
        say(&format!("· lighthouse looks at {}", self.path));
        look(&program, &address, &report)?;
        let text = std::fs::read_to_string(&report).map_err(|error| error.to_string())?;
        judge(&serde_json::from_str(&text).map_err(|error| error.to_string())?)
    }
}

fn look(program: &Path, address: &str, report: &Path) -> Outcome {
    let chromium = tools::on_path("chromium").ok_or("chromium is not here")?;
    let categories: Vec<&str> = WANTED.iter().map(|(name, _)| *name).collect();
    let output = Command::new(program)
        .arg(address)
        .arg(format!("--only-categories={}", categories.join(",")))
        .args(["--output=json", "--quiet", "--chrome-flags=--headless=new --no-sandbox --disable-gpu"])
        .arg(format!("--output-path={}", report.display()))
        .env("CHROME_PATH", chromium)
        .current_dir(root())
        .output()
        .map_err(|error| format!("lighthouse could not be started: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("lighthouse said:\n{}", String::from_utf8_lossy(&output.stderr)))
}

/// Prints what it found, and fails where less came than is asked for.
fn judge(report: &Value) -> Outcome {
    let at = |pointer: &str| report.pointer(pointer);
    let mut short = Vec::new();
    for (category, wanted) in WANTED {
        let score =
            at(&format!("/categories/{category}/score")).and_then(Value::as_f64).unwrap_or(0.0) * 100.0;
        println!("{category}: {score:.0} (asked: {wanted:.0})");
        if score + 0.5 < wanted {
            short.push(category);
        }
    }
    for audit in TOLD {
        let told = at(&format!("/audits/{audit}/displayValue")).and_then(Value::as_str).unwrap_or("not told");
        println!("  {audit}: {told}");
    }
    if short.is_empty() { Ok(()) } else { Err(format!("less than asked: {}", short.join(", "))) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn less_than_asked_fails_and_a_report_without_scores_too() {
        let report = |performance: f64| {
            json!({ "categories": {
                "performance": { "score": performance },
                "accessibility": { "score": 1 }, "best-practices": { "score": 1.0 },
            } })
        };
        assert_eq!(judge(&report(0.95)), Ok(()));
        assert_eq!(judge(&report(0.94)), Err("less than asked: performance".to_owned()));
        assert!(judge(&json!({})).is_err());
    }
}
