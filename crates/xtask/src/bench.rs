//! `cargo xtask bench`: reads and durable writes as ratios to this server's own hello route in the same run, and with a
//! million cases against ten thousand. Load comes from wrk on this machine; the server shares its cores with it.
#![expect(clippy::indexing_slicing, reason = "an index into JSON answers null where there is nothing")]

use crate::client::{Answer, Device};
use crate::say::{root, say};
use crate::server::{self, Running, Scratch};
use crate::{Outcome, app, tools};
use clap::Args;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Flags of `bench`.
#[derive(Debug, Args)]
pub(crate) struct Bench {
    /// Seconds for each measurement.
    #[arg(long, default_value_t = 8)]
    seconds: u32,
    /// Cases of the smaller city.
    #[arg(long, default_value_t = 10_000)]
    small: u32,
    /// Cases of the larger city.
    #[arg(long, default_value_t = 1_000_000)]
    large: u32,
    /// One JSON object alone.
    #[arg(long)]
    json: bool,
}

/// What wrk saw.
#[derive(Debug, Clone, Copy, Default)]
struct Seen {
    per_second: f64,
    p50_ms: f64,
    p99_ms: f64,
    errors: u32,
}

impl Seen {
    /// Half of each.
    fn mean(self, other: Self) -> Self {
        Self {
            per_second: f64::midpoint(self.per_second, other.per_second),
            p50_ms: f64::midpoint(self.p50_ms, other.p50_ms),
            p99_ms: f64::midpoint(self.p99_ms, other.p99_ms),
            errors: self.errors + other.errors,
        }
    }

    fn json(self) -> serde_json::Value {
        json!({ "per_second": self.per_second, "p50_ms": self.p50_ms, "p99_ms": self.p99_ms, "errors": self.errors })
    }
}

/// One city's figures.
struct City {
    hello: Seen,
    read: Seen,
    write: Seen,
    list: Seen,
    alike: Seen,
}

impl Bench {
    pub(crate) fn run(self) -> Outcome {
        tools::for_bench()?;
        app::build()?;
        let program = server::build()?;
        let small = self.city(&program, self.small)?;
        let large = self.city(&program, self.large)?;
        let ratios = json!({
            "write_64": small.write.per_second / small.hello.per_second,
            "read": small.read.per_second / small.hello.per_second,
            "write_64_1m": large.write.per_second / large.hello.per_second,
            "read_1m": large.read.per_second / large.hello.per_second,
            "list_1m": large.list.p99_ms / small.list.p99_ms,
            "alike_1m": large.alike.p99_ms / small.alike.p99_ms,
        });
        let raw = |city: &City| {
            json!({
                "hello": city.hello.json(), "read": city.read.json(), "write_64": city.write.json(),
                "list": city.list.json(), "alike": city.alike.json(),
            })
        };
        let all = json!({
            "ratios": ratios,
            "cases": { "small": self.small, "large": self.large },
            "small": raw(&small), "large": raw(&large),
        });
        if self.json {
            println!("{all}");
        } else {
            println!("{}", serde_json::to_string_pretty(&all).map_err(|error| error.to_string())?);
        }
        Ok(())
    }

    fn city(&self, program: &Path, cases: u32) -> Outcome<City> {
        let scratch = Scratch::new(&format!("bench-{cases}"))?;
        say(&format!("· making {cases} past cases"));
        let made = server::run(program, &scratch.0, &["seed", "--cases", &cases.to_string(), "--bench"])?;
        let token = made
            .lines()
            .find_map(|line| line.strip_prefix("session "))
            .ok_or("seed gave no session")?
            .to_owned();
        let running = Running::start(program, &scratch.0)?;
        let cookie = format!("woodlark_session={token}");
        let cases = scratch.0.join("cases.txt");
        let alike = scratch.0.join("alike.txt");
        let list = scratch.0.join("list.txt");
        self.paths(&running, &cookie, &cases, &list, &alike)?;
        running.rest()?;
        let hello = scratch.0.join("hello.txt");
        std::fs::write(&hello, "/hello\n").map_err(|error| error.to_string())?;
        // One script asks for hello and for all the rest: wrk without a script is quicker than wrk with one, and that
        // difference is none of the server's. Before and after, for whatever else the machine does meanwhile.
        let read = script("read.lua");
        let before = self.wrk(&running, 64, &cookie, &read, Some(&hello))?;
        let city = City {
            read: self.wrk(&running, 64, &cookie, &read, Some(&cases))?,
            list: self.wrk(&running, 2, &cookie, &read, Some(&list))?,
            alike: self.wrk(&running, 2, &cookie, &read, Some(&alike))?,
            write: self.wrk(&running, 64, &cookie, &script("write.lua"), None)?,
            hello: before.mean(self.wrk(&running, 64, &cookie, &read, Some(&hello))?),
        };
        Ok(city)
    }

    /// The addresses to ask for: point reads of the resident's own cases, pages of their list, neighbourhoods. The cases are
    /// two hundred, so that all but the first read of each finds its story in memory; one that is told anew takes about twice
    /// as many instructions.
    fn paths(&self, running: &Running, cookie: &str, cases: &Path, list: &Path, alike: &Path) -> Outcome {
        let mut device = Device::new(&running.address);
        device.remember(cookie);
        let (mut points, mut pages, mut near) = (Vec::new(), vec!["/api/v1/cases".to_owned()], Vec::new());
        while pages.len() < 10 {
            let page = pages.last().cloned().unwrap_or_default();
            let Answer::Done(200, body) = device.get(&page) else {
                return Err("the list could not be read".to_owned());
            };
            for row in body["rows"].as_array().into_iter().flatten() {
                points.push(format!("/api/v1/cases/{}", row["id"].as_str().unwrap_or_default()));
            }
            match body["next"].as_str() {
                Some(next) => pages.push(format!("/api/v1/cases?after={next}")),
                None => break,
            }
        }
        for step in 0..200 {
            let (lon, lat) = (121.40 + f64::from(step % 20) * 0.008, 30.88 + f64::from(step / 20) * 0.008);
            near.push(format!("/api/v1/alike?kind=problem&category=C0110&lon={lon}&lat={lat}"));
        }
        for (file, lines) in [(cases, points), (list, pages), (alike, near)] {
            std::fs::write(file, lines.join("\n") + "\n").map_err(|error| error.to_string())?;
        }
        Ok(())
    }

    fn wrk(
        &self,
        running: &Running,
        connections: u32,
        cookie: &str,
        script: &Path,
        list: Option<&Path>,
    ) -> Outcome<Seen> {
        let mut command = Command::new("wrk");
        command.args([
            "--latency",
            "-t",
            "2",
            "-c",
            &connections.to_string(),
            "-d",
            &format!("{}s", self.seconds),
        ]);
        command.args(["-H", &format!("Cookie: {cookie}")]);
        command.arg("-s").arg(script).arg(&running.address);
        if let Some(list) = list {
            command.arg("--").arg(list);
        }
        let output = command.output().map_err(|error| format!("wrk could not be started: {error}"))?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let seen = read_wrk(&text)
            .ok_or_else(|| format!("wrk said:\n{text}{}", String::from_utf8_lossy(&output.stderr)))?;
        if f64::from(seen.errors) > seen.per_second * f64::from(self.seconds) / 1000.0 {
            return Err(format!(
                "more than one answer in a thousand was a refusal, so this measures nothing: {seen:?}"
            ));
        }
        say(&format!(
            "  {}: {seen:?}",
            list.unwrap_or(script).file_stem().unwrap_or_default().to_string_lossy()
        ));
        Ok(seen)
    }
}

fn script(name: &str) -> PathBuf {
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
