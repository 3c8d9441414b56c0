//! `cargo xtask bench`: reads and durable writes as ratios to this server's own hello route in the same run, and with a
//! million cases against ten thousand. Load comes from wrk on this machine; the server shares its cores with it.
#![expect(clippy::indexing_slicing, reason = "an index into JSON answers null where there is nothing")]

mod listeners;
mod wrk;

use crate::client::{Answer, Device};
use crate::say::say;
use crate::server::{self, Running, Scratch};
use crate::{Outcome, app, tools};
use clap::Args;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use wrk::{Seen, wrk};

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
    /// How many listen at once for what is live.
    #[arg(long, default_value_t = 1_000)]
    listeners: usize,
    /// One JSON object alone.
    #[arg(long)]
    json: bool,
}

/// What is asked for by two connections, so that what is measured is the answer and not the queue before it.
const QUIET: [&str; 6] = ["list", "alike", "nearby", "queue", "search", "figures"];

/// One city's figures.
struct City {
    hello: Seen,
    read: Seen,
    write: Seen,
    quiet: BTreeMap<&'static str, Seen>,
    live: Value,
}

impl Bench {
    pub(crate) fn run(self) -> Outcome {
        tools::for_bench()?;
        app::build()?;
        let program = server::build()?;
        let small = self.city(&program, self.small)?;
        let large = self.city(&program, self.large)?;
        let mut ratios = json!({
            "write_64": small.write.per_second / small.hello.per_second,
            "read": small.read.per_second / small.hello.per_second,
            "write_64_1m": large.write.per_second / large.hello.per_second,
            "read_1m": large.read.per_second / large.hello.per_second,
        });
        for name in QUIET {
            if let (Some(small), Some(large)) = (small.quiet.get(name), large.quiet.get(name)) {
                ratios[format!("{name}_1m")] = json!(large.p99_ms / small.p99_ms);
            }
        }
        let raw = |city: &City| {
            let mut raw = json!({
                "hello": city.hello.json(), "read": city.read.json(), "write_64": city.write.json(), "live": city.live,
            });
            for (name, seen) in &city.quiet {
                raw[*name] = seen.json();
            }
            raw
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
        let token = |of: &str| {
            let found = made.lines().find_map(|line| line.strip_prefix(of)?.strip_prefix(' '));
            found.ok_or_else(|| format!("seed gave no {of}"))
        };
        let mine = format!("woodlark_session={}", token("session")?);
        let cookie = format!("{mine}; woodlark_desk={}", token("desk")?);
        let running = Running::start(program, &scratch.0)?;
        let lists = lists(&running, &cookie, &scratch.0)?;
        running.rest()?;
        let run = |connections, name: &str| {
            wrk(
                &running,
                (connections, self.seconds),
                &cookie,
                "read.lua",
                lists.get(name).map(PathBuf::as_path),
            )
        };
        // One script asks for hello and for all the rest: wrk without a script is quicker than wrk with one, and that
        // difference is none of the server's. Before and after, for whatever else the machine does meanwhile.
        let before = run(64, "hello")?;
        let read = run(64, "read")?;
        let mut quiet = BTreeMap::new();
        for name in QUIET {
            quiet.insert(name, run(2, name)?);
        }
        let live = listeners::listeners(&running, &mine, self.listeners)?;
        say(&format!("  live: {live}"));
        let write = wrk(&running, (64, self.seconds), &cookie, "write.lua", None)?;
        let hello = before.mean(run(64, "hello")?);
        Ok(City { hello, read, write, quiet, live })
    }
}

/// The addresses to ask for, a file for each measurement. Point reads are of the resident's own cases: two hundred, so that
/// all but the first read of each finds its story in memory; one that is told anew takes about twice as many instructions.
fn lists(running: &Running, cookie: &str, folder: &Path) -> Outcome<BTreeMap<&'static str, PathBuf>> {
    let mut device = Device::new(&running.address);
    device.remember(cookie);
    let (points, list) = pages(&mut device, "/api/v1/cases", 10)?;
    let points: Vec<String> =
        points.iter().map(|row| format!("/api/v1/cases/{}", text(&row["id"]))).collect();
    let (rows, queue) = pages(&mut device, "/api/v1/desk/queues/handle", 20)?;
    // Two letters of what somebody said, and a name of an area: as people look for things.
    let mut search: Vec<String> = Vec::new();
    for row in rows.iter().take(60) {
        let words: String = text(&row["words"]).chars().take(2).collect();
        if words.chars().count() == 2 {
            search.push(format!("/api/v1/desk/queues/all?text={}", percent(&words)));
        }
    }
    let places =
        (0..200).map(|step| (121.40 + f64::from(step % 20) * 0.008, 30.88 + f64::from(step / 20) * 0.008));
    let alike = places
        .clone()
        .map(|(lon, lat)| format!("/api/v1/alike?kind=problem&category=C0110&lon={lon}&lat={lat}"));
    let nearby = places.map(|(lon, lat)| format!("/api/v1/nearby?lon={lon}&lat={lat}&radius_m=500"));
    let days = ["2026-01-01", "2026-06-01", "2026-10-01"];
    let figures = ["area", "department", "category", "door", "kind"]
        .into_iter()
        .flat_map(|by| days.map(|from| format!("/api/v1/desk/figures?by={by}&from={from}&to=2026-12-31")));
    let all = [
        ("hello", vec!["/hello".to_owned()]),
        ("read", points),
        ("list", list),
        ("alike", alike.collect()),
        ("nearby", nearby.collect()),
        ("queue", queue),
        ("search", search),
        ("figures", figures.collect()),
    ];
    let mut files = BTreeMap::new();
    for (name, lines) in all {
        if lines.is_empty() {
            return Err(format!("there is nothing to ask for {name}"));
        }
        let file = folder.join(format!("{name}.txt"));
        std::fs::write(&file, lines.join("\n") + "\n").map_err(|error| error.to_string())?;
        files.insert(name, file);
    }
    Ok(files)
}

/// The rows of the first pages of a list, and those pages' addresses.
fn pages(device: &mut Device, first: &str, most: usize) -> Outcome<(Vec<Value>, Vec<String>)> {
    let (mut rows, mut addresses) = (Vec::new(), vec![first.to_owned()]);
    loop {
        let address = addresses.last().cloned().unwrap_or_default();
        let Answer::Done(200, body) = device.get(&address) else {
            return Err(format!("{address} could not be read"));
        };
        rows.extend(body["rows"].as_array().into_iter().flatten().cloned());
        match body["next"].as_str() {
            Some(next) if addresses.len() < most => addresses.push(format!("{first}?after={next}")),
            _ => return Ok((rows, addresses)),
        }
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// Text for a query.
fn percent(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
