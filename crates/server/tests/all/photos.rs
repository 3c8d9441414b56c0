//! Photos fail closed: limits before decoding, upright, and nothing of the upload's bytes ever served.

use crate::harness::{Server, hash, manifest, new_id, photo};
use image::{GenericImageView, ImageFormat};
use std::io::Write as _;
use woodlark_server::media::{PhotoError, clean_photo};

/// What metadata and cameras leave in a file.
const TRACES: [&[u8]; 7] =
    [b"Exif", b"GPS", b"http://ns.adobe.com", b"Photoshop", b"NIKON", b"COOLPIX", b"ICC_PROFILE"];

#[tokio::test]
async fn no_byte_of_metadata_is_kept_or_served() {
    let server = Server::start().await;
    let mut device = server.resident().await;
    let originals = [photo("DSCN0010.jpg"), photo("image00971.jpg"), photo("landscape_5.jpg")];
    let pictures: Vec<&[u8]> = originals.iter().map(Vec::as_slice).collect();
    assert!(
        TRACES.iter().any(|trace| contains(&originals[0], trace)),
        "the test's photo has something to lose"
    );
    let (case, _) = device.report("照片", &pictures).await;
    for file in server.kept_files() {
        let bytes = std::fs::read(&file).unwrap();
        for trace in TRACES {
            assert!(
                !contains(&bytes, trace),
                "{} holds {:?}",
                file.display(),
                String::from_utf8_lossy(trace)
            );
        }
    }
    for (original, size) in pictures.iter().flat_map(|original| [(original, "full"), (original, "thumb")]) {
        let served = device.get(&format!("/api/v1/cases/{case}/photos/{}/{size}", hash(original))).await;
        assert_eq!(image::guess_format(&served.body).unwrap(), ImageFormat::Jpeg);
        assert!(TRACES.iter().all(|trace| !contains(&served.body, trace)));
        assert_eq!(served.headers["cache-control"], "private, max-age=86400, immutable");
    }
}

#[test]
fn all_eight_orientations_come_out_upright() {
    let upright = small(&clean_photo(&photo("landscape_1.jpg")).unwrap().full);
    for number in 2..=8 {
        let cleaned = clean_photo(&photo(&format!("landscape_{number}.jpg"))).unwrap();
        assert!(cleaned.width > cleaned.height, "landscape_{number} lies on its side");
        let seen = small(&cleaned.full);
        let right = apart(&upright, &seen);
        for wrong in [seen.fliph(), seen.flipv(), seen.rotate180()] {
            assert!(right * 2 < apart(&upright, &wrong), "landscape_{number} is mirrored or upside down");
        }
    }
}

fn small(jpeg: &[u8]) -> image::DynamicImage {
    image::load_from_memory(jpeg).unwrap().resize_exact(24, 18, image::imageops::FilterType::Triangle)
}

/// The sum of all differences in brightness.
fn apart(one: &image::DynamicImage, other: &image::DynamicImage) -> u64 {
    one.to_luma8().iter().zip(other.to_luma8().iter()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum()
}

#[test]
fn a_large_photo_is_kept_at_sixteen_hundred_pixels_with_a_thumbnail() {
    let large =
        image::RgbImage::from_fn(4_000, 3_000, |x, y| image::Rgb([(x % 251) as u8, (y % 241) as u8, 90]));
    let mut bytes = Vec::new();
    image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, 90).encode_image(&large).unwrap();
    let cleaned = clean_photo(&bytes).unwrap();
    assert_eq!((cleaned.width, cleaned.height), (1_600, 1_200));
    assert_eq!(image::load_from_memory(&cleaned.thumb).unwrap().dimensions(), (320, 240));
}

#[test]
fn broken_metadata_is_no_reason_to_refuse_a_picture() {
    for name in ["image00971.jpg", "image01551.jpg"] {
        assert!(clean_photo(&photo(name)).is_ok(), "{name}");
    }
}

#[test]
fn what_is_no_whole_picture_is_refused() {
    let whole = photo("landscape_1.jpg");
    for cut in [0, 1, 3, 200, 10_000, whole.len() / 2, whole.len() - 2] {
        assert_eq!(clean_photo(&whole[..cut]).err(), Some(PhotoError::Unreadable), "cut at {cut}");
    }
    for bad in [
        &b"not a picture at all"[..],
        b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
        b"GIF89a\x01\0\x01\0",
        b"BM",
    ] {
        assert_eq!(clean_photo(bad).err(), Some(PhotoError::Unreadable));
    }
    assert_eq!(clean_photo(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic").err(), Some(PhotoError::Heic));
}

#[test]
fn a_bomb_is_refused_before_it_is_unpacked() {
    for (width, height) in [(60_000, 60_000), (8_193, 10), (8_000, 8_000)] {
        assert_eq!(
            clean_photo(&png(width, height)).err(),
            Some(PhotoError::TooManyPixels),
            "{width} × {height}"
        );
    }
}

/// A PNG of so many pixels in a few kilobytes: all of them black.
fn png(width: u32, height: u32) -> Vec<u8> {
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut chunk = |kind: &[u8; 4], data: &[u8]| {
        file.extend_from_slice(&u32::try_from(data.len()).unwrap().to_be_bytes());
        let mut check = flate2::Crc::new();
        check.update(kind);
        check.update(data);
        file.extend_from_slice(kind);
        file.extend_from_slice(data);
        file.extend_from_slice(&check.sum().to_be_bytes());
    };
    let mut header = [width.to_be_bytes(), height.to_be_bytes()].concat();
    header.extend_from_slice(&[8, 2, 0, 0, 0]);
    chunk(b"IHDR", &header);
    let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(&vec![0; 1 << 20]).unwrap();
    chunk(b"IDAT", &packed.finish().unwrap());
    chunk(b"IEND", &[]);
    file
}

#[tokio::test]
async fn the_reader_is_told_what_is_wrong_with_a_photo_and_the_report_lives_on() {
    let server = Server::start().await;
    let mut device = server.resident().await;
    let whole = photo("landscape_2.jpg");
    let bad: [(&[u8], &str); 3] = [
        (&whole[..whole.len() / 2], "photo_unreadable"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "photo_heic"),
        (b"%PDF-1.7 calls itself a JPEG", "photo_unreadable"),
    ];
    for (bytes, code) in bad {
        let case = new_id();
        device.put_manifest(&case, &manifest("坏照片", &[bytes])).await;
        let refused = device.put_chunk(&case, &hash(bytes), 0, bytes).await;
        assert_eq!(refused.problem(), code);
        let seen = device.get(&format!("/api/v1/reports/{case}")).await.json();
        assert_eq!(seen["attachments"][0]["stored"], false);
        assert_eq!(device.complete(&case).await.problem(), "incomplete");
    }
    assert!(device.get("/api/v1/cases").await.json()["rows"].as_array().unwrap().is_empty());
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}
