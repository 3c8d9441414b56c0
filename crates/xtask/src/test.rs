//! `cargo xtask test`: everything, on a fresh machine too.

use crate::say::{root, say};
use crate::{Outcome, app, tools};
use clap::Args;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

/// Flags of `test`.
#[derive(Debug, Args)]
pub(crate) struct Test {
    /// Leave out the tests that drive a browser.
    #[arg(long)]
    no_browser: bool,
    /// Only tests whose name contains this.
    filter: Option<String>,
}

#[derive(Default)]
struct Count {
    passed: u32,
    failed: u32,
    skipped: u32,
}

impl Test {
    pub(crate) fn run(self) -> Outcome {
        tools::for_tests()?;
        let mut count = Count::default();
        let mut broken = Vec::new();
        if !self.no_browser {
            app::build()?;
        }
        // The browser tests start the server's own program beside theirs.
        let build =
            Command::new("cargo").args(["build", "-p", "woodlark-server"]).current_dir(root()).status();
        if !build.is_ok_and(|status| status.success()) {
            return Err("the server does not build".to_owned());
        }
        let rest: &[&str] = &["--workspace", "--exclude", "woodlark"];
        let mut suites: Vec<(&str, Vec<&str>)> = vec![
            ("rules, wire, database, server", rest.to_vec()),
            ("the app's own rules", vec!["-p", "woodlark", "--lib", "--bins"]),
        ];
        if !self.no_browser {
            suites.push(("the whole, in a browser", vec!["-p", "woodlark", "--test", "browser"]));
        }
        for (what, arguments) in suites {
            say(&format!("\n· {what}"));
            if !self.suite(&arguments, &mut count)? {
                broken.push(what);
            }
        }
        println!("\n{} passed, {} failed, {} skipped", count.passed, count.failed, count.skipped);
        if broken.is_empty() && count.failed == 0 {
            return Ok(());
        }
        Err(format!("Not green: {}", broken.join("; ")))
    }

    /// Runs one suite with its words shown, adding up its closing lines.
    fn suite(&self, arguments: &[&str], count: &mut Count) -> Outcome<bool> {
        let axe = tools::npm_tools().ok().map(|home| home.join("node_modules/axe-core/axe.min.js"));
        let mut command = Command::new("cargo");
        command.arg("test").args(arguments).arg("--no-fail-fast").current_dir(root()).stdout(Stdio::piped());
        command.env("WOODLARK_APP", app::dist());
        if let Some(axe) = axe {
            command.env("WOODLARK_AXE", axe);
        }
        if let Some(filter) = &self.filter {
            command.args(["--", filter]);
        }
        let mut child = command.spawn().map_err(|error| format!("cargo could not be started: {error}"))?;
        let output = child.stdout.take().ok_or("cargo has no output")?;
        for line in BufReader::new(output).lines() {
            let line = line.map_err(|error| error.to_string())?;
            println!("{line}");
            if let Some(result) = line.strip_prefix("test result: ") {
                count.add(result);
            }
        }
        Ok(child.wait().map_err(|error| error.to_string())?.success())
    }
}

impl Count {
    /// Reads `ok. 5 passed; 0 failed; 1 ignored; …`.
    fn add(&mut self, result: &str) {
        let figures = result.split(". ").nth(1).unwrap_or(result);
        for part in figures.split(';') {
            let mut words = part.split_whitespace();
            let (Some(figure), Some(what)) =
                (words.next().and_then(|word| word.parse::<u32>().ok()), words.next())
            else {
                continue;
            };
            match what {
                "passed" => self.passed += figure,
                "failed" => self.failed += figure,
                "ignored" => self.skipped += figure,
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_lines_are_added_up() {
        let mut count = Count::default();
        count.add("ok. 5 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s");
        count.add("FAILED. 2 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s");
        assert_eq!((count.passed, count.failed, count.skipped), (7, 3, 1));
    }
}
