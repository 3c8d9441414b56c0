//! All eight orientations that a camera may note come out upright, by the app and by the plain form.

use crate::browser::Browser;
use crate::journeys::{send, write_report};
use crate::plain::{old_phone, send_plain};
use crate::stage::{Stage, photo, play};
use image::imageops::FilterType;

/// Sides of the small pictures that are compared.
const SMALL: (u32, u32) = (24, 16);

fn small(bytes: &[u8]) -> Vec<u8> {
    let picture = image::load_from_memory(bytes).unwrap().to_rgb8();
    assert!(picture.width() > picture.height(), "{} × {} lies", picture.width(), picture.height());
    image::imageops::resize(&picture, SMALL.0, SMALL.1, FilterType::Triangle).into_raw()
}

/// The mean difference of two pictures, 0 to 255.
fn difference(one: &[u8], other: &[u8]) -> f64 {
    let sum: u32 = one.iter().zip(other).map(|(a, b)| u32::from(a.abs_diff(*b))).sum();
    f64::from(sum) / f64::from(u32::try_from(one.len()).unwrap())
}

/// The first photo of a case, as the server serves it to its reporter.
fn served(stage: &Stage, case: &serde_json::Value, index: usize, cookie: &str) -> Vec<u8> {
    let (id, hash) = (case["id"].as_str().unwrap(), case["photos"][index]["hash"].as_str().unwrap());
    let (status, bytes) =
        stage.server.ask("GET", &format!("/api/v1/cases/{id}/photos/{hash}/full"), cookie, None);
    assert_eq!(status, 200);
    bytes
}

fn assert_upright(name: &str, bytes: &[u8]) {
    let upright = small(&std::fs::read(photo("landscape_1.jpg")).unwrap());
    let came = small(bytes);
    let far = difference(&upright, &came);
    let picture = image::RgbImage::from_raw(SMALL.0, SMALL.1, upright).unwrap();
    for wrong in [
        image::imageops::flip_horizontal(&picture),
        image::imageops::flip_vertical(&picture),
        image::imageops::rotate180(&picture),
    ] {
        let wrong = difference(&wrong, &came);
        assert!(far * 2.0 < wrong, "{name} is turned: {far:.1} from landscape_1, {wrong:.1} from it turned");
    }
}

#[test]
fn all_eight_orientations_come_out_upright_through_the_app() {
    play(async |stage| {
        let browser = stage.browser().await;
        let files: Vec<_> = (1..=8).map(|n| photo(&format!("landscape_{n}.jpg"))).collect();
        let paths: Vec<_> = files.iter().map(AsRef::as_ref).collect();
        write_report(&browser, "八个方向", &paths).await;
        send(&browser).await;
        let cookie = browser.cookie().await;
        let case = stage.server.only_case(&cookie);
        assert_eq!(case["photos"].as_array().unwrap().len(), 8);
        for index in 0..8 {
            assert_upright(&format!("landscape_{}", index + 1), &served(stage, &case, index, &cookie));
        }
    });
}

#[test]
fn all_eight_orientations_come_out_upright_through_the_plain_form() {
    play(async |stage| {
        let browser = old_phone(stage, "/").await;
        for n in 1..=8 {
            browser.visit("/").await;
            let name = format!("landscape_{n}.jpg");
            let number = send_plain(&browser, &name, &photo(&name)).await;
            assert_plain(stage, &browser, &name, &number).await;
        }
    });
}

async fn assert_plain(stage: &Stage, browser: &Browser, name: &str, number: &str) {
    let cookie = browser.cookie().await;
    let rows = stage.server.cases(&cookie);
    let row = rows.iter().find(|row| row["number"] == number).unwrap();
    let case = stage.server.get(&format!("/api/v1/cases/{}", row["id"].as_str().unwrap()), &cookie);
    assert_upright(name, &served(stage, &case, 0, &cookie));
}
