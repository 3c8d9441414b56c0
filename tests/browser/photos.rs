//! All eight orientations that a camera may note come out upright, by the app and by the plain form; a large photo comes
//! out small, on the device already.

use crate::browser::Browser;
use crate::journeys::{assert_clean, send, write_report};
use crate::plain::{old_phone, send_plain};
use crate::stage::{Stage, photo, play};
use image::imageops::FilterType;
use woodlark_domain::limits::PHOTO_AIM_BYTES;

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

/// A phone's photo of 12 million pixels: as grainy as a phone's, lying on its side, with the note that turns it upright and
/// the place where it was taken.
fn large_photo() -> Vec<u8> {
    let upright = image::open(photo("landscape_1.jpg")).unwrap().to_rgb8();
    let mut large = image::imageops::resize(&upright, 4000, 3000, FilterType::Triangle);
    let mut chance = 1_u32;
    for part in large.iter_mut() {
        chance = chance.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        *part = part.saturating_add(u8::try_from(chance >> 28).unwrap());
    }
    let mut jpeg = std::io::Cursor::new(Vec::new());
    image::imageops::rotate270(&large).write_to(&mut jpeg, image::ImageFormat::Jpeg).unwrap();
    let jpeg = jpeg.into_inner();
    let exif = [&b"Exif\0\0"[..], &camera_notes()].concat();
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xff, 0xe1], &length, &exif, &jpeg[2..]].concat()
}

/// What a camera notes, as TIFF: its maker, to be turned by a quarter, north 30° 55' and east 121° 28'.
fn camera_notes() -> Vec<u8> {
    const PLACE: u32 = 8 + 2 + 3 * 12 + 4;
    const NUMBERS: u32 = PLACE + 2 + 4 * 12 + 4;
    let row = |tag: u16, kind: u16, count: u32, value: [u8; 4]| {
        [&tag.to_le_bytes()[..], &kind.to_le_bytes(), &count.to_le_bytes(), &value].concat()
    };
    let angle = |degrees: u32, minutes: u32| [degrees, 1, minutes, 1, 0, 1].map(u32::to_le_bytes).concat();
    let end = [0; 4];
    let maker = row(0x010f, 2, 4, *b"Sun\0");
    let turned = row(0x0112, 3, 1, [6, 0, 0, 0]);
    let place = row(0x8825, 4, 1, PLACE.to_le_bytes());
    let (north, east) = (row(1, 2, 2, *b"N\0\0\0"), row(3, 2, 2, *b"E\0\0\0"));
    let latitude = row(2, 5, 3, NUMBERS.to_le_bytes());
    let longitude = row(4, 5, 3, (NUMBERS + 24).to_le_bytes());
    [
        &b"II*\0\x08\0\0\0\x03\0"[..],
        &[maker, turned, place].concat(),
        &end,
        &4_u16.to_le_bytes(),
        &[north, latitude, east, longitude].concat(),
        &end,
        &angle(30, 55),
        &angle(121, 28),
    ]
    .concat()
}

/// The one file that is kept on the device.
async fn kept_file(browser: &Browser) -> Vec<u8> {
    let script = "const done = arguments[0];
        const opening = indexedDB.open('woodlark');
        opening.onsuccess = () => {
          const database = opening.result;
          const all = database.transaction('files').objectStore('files').getAll();
          all.onsuccess = async () => {
            database.close();
            const bytes = all.result.length === 1 ? new Uint8Array(await all.result[0].arrayBuffer()) : [];
            done([...bytes].map((byte) => String.fromCharCode(byte)).join(''));
          };
        }";
    let file = crate::stage::until("the photo is kept", async || {
        browser.js_later(script).await.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
    })
    .await;
    file.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap()).collect()
}

#[test]
fn b19_a_photo_of_12_megapixels_is_kept_small_upright_and_without_its_place() {
    play(async |stage| {
        let large = large_photo();
        let file = stage.folder.join("IMG_2026.jpg");
        std::fs::write(&file, &large).unwrap();
        let browser = stage.browser().await;
        write_report(&browser, "", &[&file]).await;
        let kept = kept_file(&browser).await;
        assert!(kept.len() as u64 <= PHOTO_AIM_BYTES, "{} bytes", kept.len());
        let picture = image::load_from_memory(&kept).unwrap();
        assert_eq!((picture.width(), picture.height()), (1600, 1200));
        assert_upright("the photo on the device", &kept);
        assert_clean(&file, &kept);
        send(&browser).await;
        let cookie = browser.cookie().await;
        let case = stage.server.only_case(&cookie);
        assert_upright("the photo on the server", &served(stage, &case, 0, &cookie));
        for (name, bytes) in stage.media() {
            assert_clean(&name, &bytes);
        }
    });
}
