//! `cargo xtask crash`: what the server acknowledged must outlive it. Writers send whole reports, photo included, while
//! the server is killed with -9 at random moments; after each restart everything acknowledged is asked for again.
#![expect(clippy::indexing_slicing, reason = "an index into JSON answers null where there is nothing")]

use crate::client::{Answer, Device, hash, manifest, new_id};
use crate::say::{root, say};
use crate::server::{self, Running, Scratch};
use crate::{Outcome, app};
use clap::Args;
use serde_json::json;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Flags of `crash`.
#[derive(Debug, Args)]
pub(crate) struct Crash {
    /// How many times the server is killed.
    #[arg(long, default_value_t = 20)]
    kills: u32,
    /// Residents that write at the same time.
    #[arg(long, default_value_t = 8)]
    writers: usize,
    /// One JSON object alone.
    #[arg(long)]
    json: bool,
}

/// A report that the server said it has.
struct Acknowledged {
    case: String,
    number: String,
    words: String,
}

/// A writer: its device, what it was told it has, and the report that it was in the middle of.
struct Writer {
    device: Device,
    acknowledged: Vec<Acknowledged>,
    unfinished: Option<(String, String)>,
}

#[derive(Default)]
struct Tally {
    lost: u64,
    torn: u64,
}

impl Crash {
    pub(crate) fn run(self) -> Outcome {
        app::build()?;
        let program = server::build()?;
        let scratch = Scratch::new("crash")?;
        server::run(&program, &scratch.0, &["seed", "--cases", "0"])?;
        let photo =
            std::fs::read(root().join("tests/photos/landscape_6.jpg")).map_err(|error| error.to_string())?;
        let photo = Arc::new(photo);
        let mut running = Running::start(&program, &scratch.0)?;
        let mut writers = Vec::new();
        for _ in 0..self.writers {
            let mut device = Device::new(&running.address);
            device.sign_in()?;
            writers.push(Writer { device, acknowledged: Vec::new(), unfinished: None });
        }
        let mut tally = Tally::default();
        for kill in 1..=self.kills {
            writers = write_until_killed(writers, &mut running, &photo)?;
            running = Running::start(&program, &scratch.0)?;
            for writer in &mut writers {
                writer.device.turn_to(&running.address);
                writer.finish(&photo)?;
            }
            let known: usize = writers.iter().map(|writer| writer.acknowledged.len()).sum();
            say(&format!("· kill {kill} of {}: {known} acknowledged so far", self.kills));
        }
        for writer in &mut writers {
            writer.look_for_all(&mut tally);
        }
        let doubled = doubled(&writers);
        drop(running);
        if let Err(error) = server::run(&program, &scratch.0, &["check"]) {
            say(&error);
            tally.torn += 1;
        }
        let acknowledged: usize = writers.iter().map(|writer| writer.acknowledged.len()).sum();
        let Tally { lost, torn } = tally;
        if self.json {
            println!(
                "{}",
                json!({ "kills": self.kills, "acknowledged": acknowledged, "lost": lost, "torn": torn, "doubled": doubled })
            );
        } else {
            println!(
                "{} kills, {acknowledged} acknowledged, {lost} lost, {torn} torn, {doubled} doubled",
                self.kills
            );
        }
        if lost + torn + doubled > 0 { Err("The server did not keep its word.".to_owned()) } else { Ok(()) }
    }
}

/// Lets every writer write until the server is gone.
fn write_until_killed(
    writers: Vec<Writer>,
    running: &mut Running,
    photo: &Arc<Vec<u8>>,
) -> Outcome<Vec<Writer>> {
    let stop = Arc::new(AtomicBool::new(false));
    let back = Arc::new(Mutex::new(Vec::new()));
    let threads: Vec<_> = writers
        .into_iter()
        .map(|mut writer| {
            let (stop, back, photo) = (Arc::clone(&stop), Arc::clone(&back), Arc::clone(photo));
            std::thread::spawn(move || {
                while !stop.load(Ordering::Relaxed) && writer.report(&photo) {}
                if let Ok(mut back) = back.lock() {
                    back.push(writer);
                }
            })
        })
        .collect();
    let mut dice = [0u8; 2];
    getrandom::fill(&mut dice).map_err(|error| error.to_string())?;
    std::thread::sleep(Duration::from_millis(150 + u64::from(u16::from_le_bytes(dice)) % 850));
    running.kill()?;
    stop.store(true, Ordering::Relaxed);
    for thread in threads {
        thread.join().map_err(|_| "a writer panicked".to_owned())?;
    }
    let mut back = back.lock().map_err(|_| "a writer panicked".to_owned())?;
    Ok(std::mem::take(&mut *back))
}

/// Cases that appear twice, or two cases with one number, over everybody's own lists.
fn doubled(writers: &[Writer]) -> u64 {
    let mut numbers: HashMap<&str, u64> = HashMap::new();
    let mut words: HashMap<&str, u64> = HashMap::new();
    for case in writers.iter().flat_map(|writer| &writer.acknowledged) {
        *numbers.entry(&case.number).or_default() += 1;
        *words.entry(&case.words).or_default() += 1;
    }
    numbers.values().chain(words.values()).map(|count| count - 1).sum()
}

impl Writer {
    /// Sends one whole report; false once the server is silent.
    fn report(&mut self, photo: &[u8]) -> bool {
        let case = new_id();
        let words = format!("crash {case}");
        self.unfinished = Some((case.clone(), words.clone()));
        match send(&mut self.device, &case, &words, photo) {
            Some(number) => {
                self.acknowledged.push(Acknowledged { case, number, words });
                self.unfinished = None;
                true
            }
            None => false,
        }
    }

    /// Sends what was under way again, under its own id: whatever counted before must not count twice.
    fn finish(&mut self, photo: &[u8]) -> Outcome {
        let Some((case, words)) = self.unfinished.take() else { return Ok(()) };
        let number = send(&mut self.device, &case, &words, photo)
            .ok_or_else(|| format!("report {case} could not be finished after the restart"))?;
        self.acknowledged.push(Acknowledged { case, number, words });
        Ok(())
    }

    fn look_for_all(&mut self, tally: &mut Tally) {
        for case in &self.acknowledged {
            let Answer::Done(200, found) = self.device.get(&format!("/api/v1/cases/{}", case.case)) else {
                tally.lost += 1;
                continue;
            };
            let photos = found["photos"].as_array().map_or(&[][..], Vec::as_slice);
            let whole = found["number"] == case.number.as_str()
                && found["words"] == case.words.as_str()
                && found["steps"].as_array().is_some_and(|steps| !steps.is_empty())
                && matches!(photos, [photo] if self.device_has(&case.case, photo));
            if !whole {
                tally.torn += 1;
            }
        }
    }

    fn device_has(&self, case: &str, photo: &serde_json::Value) -> bool {
        let Some(hash) = photo["hash"].as_str() else { return false };
        self.device
            .bytes(&format!("/api/v1/cases/{case}/photos/{hash}/full"))
            .is_some_and(|bytes| bytes.starts_with(&[0xff, 0xd8]))
    }
}

/// Manifest, photo, completion. Each step may be repeated; the number comes with the last.
fn send(device: &mut Device, case: &str, words: &str, photo: &[u8]) -> Option<String> {
    let name = hash(photo);
    let body = manifest(words, &[(name.clone(), photo.len())]).to_string();
    let Answer::Done(200 | 201, intake) =
        device.send("PUT", &format!("/api/v1/reports/{case}"), None, body.as_bytes())
    else {
        return None;
    };
    let received = intake["attachments"][0]["received_bytes"].as_u64().unwrap_or(0);
    if intake["attachments"][0]["stored"] != true {
        let rest = photo.get(usize::try_from(received).ok()?..)?;
        let path = format!("/api/v1/reports/{case}/attachments/{name}");
        let Answer::Done(200 | 201, _) = device.send("PUT", &path, Some(received), rest) else { return None };
    }
    match device.send("POST", &format!("/api/v1/reports/{case}/complete"), None, b"{}") {
        Answer::Done(200 | 201, receipt) => receipt["number"].as_str().map(str::to_owned),
        Answer::Done(..) | Answer::Silence => None,
    }
}
