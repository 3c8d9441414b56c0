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
const QUIET: [&str; 7] = ["list", "alike", "nearby", "nearby_500m", "queue", "search", "figures"];

/// How often the two cities are asked in turn. What else the machine does then falls on both; of each city, and of the
/// ratios, the median counts.
const ROUNDS: usize = 5;

/// One city under measurement.
struct City {
    running: Running,
    /// The cookie of a resident, and with it that of somebody at the desk.
    mine: String,
    cookie: String,
    lists: BTreeMap<&'static str, PathBuf>,
    /// Last, so that its data go after its server.
    _scratch: Scratch,
}

/// One city's figures.
struct Figures {
    hello: Seen,
    read: Seen,
    write: Seen,
    live: Value,
}

impl Bench {
    pub(crate) fn run(self) -> Outcome {
        tools::for_bench()?;
        app::build()?;
        let program = server::build()?;
        let small = City::make(&program, self.small)?;
        let large = City::make(&program, self.large)?;
        let mut quiet = BTreeMap::new();
        for name in QUIET {
            let mut rounds = Vec::new();
            for _ in 0..ROUNDS {
                rounds.push([small.ask(2, self.seconds, name)?, large.ask(2, self.seconds, name)?]);
            }
            quiet.insert(name, rounds);
        }
        let (of_small, of_large) = (self.figures(&small)?, self.figures(&large)?);
        let mut ratios = json!({
            "write_64": of_small.write.per_second / of_small.hello.per_second,
            "read": of_small.read.per_second / of_small.hello.per_second,
            "write_64_1m": of_large.write.per_second / of_large.hello.per_second,
            "read_1m": of_large.read.per_second / of_large.hello.per_second,
        });
        for (name, rounds) in &quiet {
            ratios[format!("{name}_1m")] =
                json!(median(rounds.iter().map(|[small, large]| large.p99_ms / small.p99_ms)));
        }
        let raw = |figures: &Figures, which: usize| {
            let mut raw = json!({
                "hello": figures.hello.json(), "read": figures.read.json(), "write_64": figures.write.json(),
                "live": figures.live,
            });
            for (name, rounds) in &quiet {
                raw[*name] = Seen::median(rounds.iter().map(|round| round[which])).json();
            }
            raw
        };
        let all = json!({
            "ratios": ratios,
            "cases": { "small": self.small, "large": self.large },
            "rounds": ROUNDS,
            "small": raw(&of_small, 0), "large": raw(&of_large, 1),
        });
        if self.json {
            println!("{all}");
        } else {
            println!("{}", serde_json::to_string_pretty(&all).map_err(|error| error.to_string())?);
        }
        Ok(())
    }

    fn figures(&self, city: &City) -> Outcome<Figures> {
        // One script asks for hello and for all the rest: wrk without a script is quicker than wrk with one, and that
        // difference is none of the server's. Before and after, for whatever else the machine does meanwhile.
        let before = city.ask(64, self.seconds, "hello")?;
        let read = city.ask(64, self.seconds, "read")?;
        let live = listeners::listeners(&city.running, &city.mine, self.listeners)?;
        say(&format!("  live: {live}"));
        let write = wrk(&city.running, (64, self.seconds), &city.cookie, "write.lua", None)?;
        let hello = before.mean(city.ask(64, self.seconds, "hello")?);
        Ok(Figures { hello, read, write, live })
    }
}

impl City {
    /// Makes it, and starts its server.
    fn make(program: &Path, cases: u32) -> Outcome<Self> {
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
        Ok(Self { running, mine, cookie, lists, _scratch: scratch })
    }

    /// One measurement: so many connections, for so many seconds.
    fn ask(&self, connections: u32, seconds: u32, name: &str) -> Outcome<Seen> {
        let list = self.lists.get(name).map(PathBuf::as_path);
        wrk(&self.running, (connections, seconds), &self.cookie, "read.lua", list)
    }
}

/// The one in the middle.
fn median(of: impl Iterator<Item = f64>) -> f64 {
    let mut all: Vec<f64> = of.collect();
    all.sort_by(f64::total_cmp);
    all.get(all.len() / 2).copied().unwrap_or(f64::NAN)
}

/// The addresses to ask for, a file for each measurement. Point reads are of the resident's own cases: two hundred, so that
/// all but the first read of each finds its story in memory; one that is told anew takes about twice as many instructions.
/// Of the queue both cities are asked for as many pages: the smaller has no more.
fn lists(running: &Running, cookie: &str, folder: &Path) -> Outcome<BTreeMap<&'static str, PathBuf>> {
    let mut device = Device::new(&running.address);
    device.remember(cookie);
    let (points, list) = pages(&mut device, "/api/v1/cases", 10)?;
    let points: Vec<String> =
        points.iter().map(|row| format!("/api/v1/cases/{}", text(&row["id"]))).collect();
    let (rows, queue) = pages(&mut device, "/api/v1/desk/queues/handle", 5)?;
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
    // As far as the app lets people look; and the nearest of it alone, where the smaller city has hardly anything to show.
    let nearby = |radii: &'static [u32]| {
        places.clone().flat_map(move |(lon, lat)| {
            radii.iter().map(move |radius| format!("/api/v1/nearby?lon={lon}&lat={lat}&radius_m={radius}"))
        })
    };
    let days = ["2026-01-01", "2026-06-01", "2026-10-01"];
    let figures = ["area", "department", "category", "door", "kind"]
        .into_iter()
        .flat_map(|by| days.map(|from| format!("/api/v1/desk/figures?by={by}&from={from}&to=2026-12-31")));
    let all = [
        ("hello", vec!["/hello".to_owned()]),
        ("read", points),
        ("list", list),
        ("alike", alike.collect()),
        ("nearby", nearby(&[500, 1_000, 2_000, 5_000]).collect()),
        ("nearby_500m", nearby(&[500]).collect()),
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
