//! How long the city and so many past cases take: `cargo run --release -p woodlark-city --example stream -- 1000000`.
#![expect(clippy::print_stdout, reason = "it says what it measured")]

use std::time::Instant;
use woodlark_domain::Timestamp;

fn main() {
    let count = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(100_000);
    let start = Instant::now();
    let city = woodlark_city::demo();
    println!("city: {} areas, map {} bytes, {:?}", city.areas.len(), city.map.len(), start.elapsed());
    let start = Instant::now();
    let (mut cases, mut events) = (0_u32, 0_usize);
    for past in woodlark_city::history(&city, 1, count, Timestamp(1_795_428_000_000_000)) {
        cases += 1;
        events += past.events.len();
    }
    let took = start.elapsed();
    println!(
        "{cases} cases, {events} events, {took:?}, {:.0} cases a second",
        f64::from(cases) / took.as_secs_f64()
    );
}
