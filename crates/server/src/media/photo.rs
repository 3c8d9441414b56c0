//! From whatever a camera sent to two clean JPEGs: limits first, then decode, orient, scale, encode.

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};
use sha2::{Digest, Sha256};
use std::io::Cursor;
use woodlark_domain::{ContentHash, limits};
use woodlark_store::media::Media;

/// JPEG quality of the picture that is kept, and of its thumbnail.
const FULL_QUALITY: u8 = 84;
const THUMB_QUALITY: u8 = 78;

/// Why a picture is not taken. Each has its own sentence for the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PhotoError {
    /// Not a picture, cut off, or damaged.
    #[error("the picture cannot be read to its end")]
    Unreadable,
    /// HEIC or another picture of its family: no decoder that we would run on strangers' bytes reads it.
    #[error("HEIC cannot be read here")]
    Heic,
    /// More pixels than allowed.
    #[error("more than {} px a side or {} px in all", limits::PHOTO_SIDE_PIXELS, limits::PHOTO_PIXELS)]
    TooManyPixels,
}

/// What is kept of a photo.
#[derive(Debug, Clone)]
pub struct CleanPhoto {
    /// The upright JPEG, at most 1,600 px a side.
    pub full: Vec<u8>,
    /// SHA-256 of `full`: its name from now on.
    pub hash: ContentHash,
    /// The small JPEG, at most 320 px a side.
    pub thumb: Vec<u8>,
    /// SHA-256 of `thumb`.
    pub thumb_hash: ContentHash,
    /// Pixels across `full`.
    pub width: u32,
    /// Pixels down `full`.
    pub height: u32,
}

impl CleanPhoto {
    /// Its row in the store.
    #[must_use]
    pub fn object(&self) -> Media {
        Media {
            hash: self.hash,
            media_type: "image/jpeg".to_owned(),
            size: Some((self.width, self.height)),
            bytes: self.full.len() as u64,
            thumb: Some((self.thumb_hash, self.thumb.len() as u64)),
        }
    }
}

/// A picture of a few dots, in which nobody is known again; none where the bytes are no picture of ours.
#[must_use]
pub fn veil(thumb: &[u8]) -> Option<Vec<u8>> {
    /// Dots of the longer side.
    const DOTS: u32 = 9;
    let picture = image::load_from_memory_with_format(thumb, ImageFormat::Jpeg).ok()?;
    let mut bytes = Vec::new();
    let small = picture.resize(DOTS, DOTS, FilterType::Triangle).into_rgb8();
    small.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, 60)).ok()?;
    Some(bytes)
}

/// Reads a picture to its end and makes the two clean ones. Slow: run it in the decoding pool.
///
/// # Errors
/// [`PhotoError`]; nothing is kept then.
pub fn clean_photo(bytes: &[u8]) -> Result<CleanPhoto, PhotoError> {
    let picture = decode_upright(bytes)?;
    let full = shrink(&picture, limits::PHOTO_KEPT_SIDE_PIXELS, FilterType::Triangle);
    let thumb = shrink(&full, limits::THUMB_SIDE_PIXELS, FilterType::Triangle);
    let (width, height) = (full.width(), full.height());
    let full = encode(&full, FULL_QUALITY)?;
    let thumb = encode(&thumb, THUMB_QUALITY)?;
    Ok(CleanPhoto { hash: sha256(&full), thumb_hash: sha256(&thumb), full, thumb, width, height })
}

/// Whether what follows `ftyp` names a HEIF or AVIF picture.
pub(super) fn is_heic_brand(brand: &[u8]) -> bool {
    matches!(
        brand.get(..4),
        Some(b"heic" | b"heix" | b"hevc" | b"heim" | b"heis" | b"mif1" | b"msf1" | b"avif" | b"avis")
    )
}

fn decode_upright(bytes: &[u8]) -> Result<DynamicImage, PhotoError> {
    if let Some((b"ftyp", brand)) = bytes.get(4..).and_then(|rest| rest.split_at_checked(4))
        && is_heic_brand(brand)
    {
        return Err(PhotoError::Heic);
    }
    let format = image::guess_format(bytes).map_err(|_| PhotoError::Unreadable)?;
    let known = matches!(format, ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP);
    // The JPEG decoder fills what is missing with grey; a photo that was cut off is refused instead.
    if !known || (format == ImageFormat::Jpeg && !reaches_its_end(bytes)) {
        return Err(PhotoError::Unreadable);
    }
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut allowed = Limits::default();
    allowed.max_image_width = Some(limits::PHOTO_SIDE_PIXELS);
    allowed.max_image_height = Some(limits::PHOTO_SIDE_PIXELS);
    allowed.max_alloc = Some(limits::PHOTO_DECODED_BYTES);
    reader.limits(allowed);
    let mut decoder = reader.into_decoder().map_err(|error| refusal(&error))?;
    let (width, height) = decoder.dimensions();
    if width > limits::PHOTO_SIDE_PIXELS
        || height > limits::PHOTO_SIDE_PIXELS
        || u64::from(width) * u64::from(height) > limits::PHOTO_PIXELS
        || decoder.total_bytes() > limits::PHOTO_DECODED_BYTES
    {
        return Err(PhotoError::TooManyPixels);
    }
    if width == 0 || height == 0 {
        return Err(PhotoError::Unreadable);
    }
    // Broken metadata is no reason to refuse a picture: it is thrown away all the same.
    let orientation = decoder.orientation().unwrap_or(image::metadata::Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|error| refusal(&error))?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the decoder's errors are open-ended; only its limits differ"
)]
fn refusal(error: &ImageError) -> PhotoError {
    match error {
        ImageError::Limits(_) => PhotoError::TooManyPixels,
        _ => PhotoError::Unreadable,
    }
}

/// Walks a JPEG's segments to its end-of-image marker.
fn reaches_its_end(bytes: &[u8]) -> bool {
    let mut at = 2;
    while let Some(&[0xff, marker]) = bytes.get(at..at + 2).and_then(|pair| <&[u8; 2]>::try_from(pair).ok()) {
        match marker {
            0xd9 => return true,
            0xff => at += 1,
            0x01 | 0xd0..=0xd8 => at += 2,
            _ => {
                let Some(&[high, low]) =
                    bytes.get(at + 2..at + 4).and_then(|pair| <&[u8; 2]>::try_from(pair).ok())
                else {
                    return false;
                };
                at += 2 + usize::from(u16::from_be_bytes([high, low]));
                if marker == 0xda {
                    at = next_marker(bytes, at);
                }
            }
        }
    }
    false
}

/// The next marker after entropy-coded data, where FF 00 and restart markers are part of the data.
fn next_marker(bytes: &[u8], from: usize) -> usize {
    let data = bytes.get(from..).unwrap_or_default();
    data.windows(2)
        .position(|pair| matches!(pair, [0xff, marker] if !matches!(marker, 0x00 | 0xd0..=0xd7 | 0xff)))
        .map_or(bytes.len(), |position| from + position)
}

fn shrink(picture: &DynamicImage, side: u32, filter: FilterType) -> DynamicImage {
    if picture.width().max(picture.height()) <= side {
        return picture.clone();
    }
    // A camera's picture is first thinned to near its size: averaging is quick and keeps edges for the filter.
    let near = if picture.width().max(picture.height()) > side * 3 {
        picture.thumbnail(side * 2, side * 2)
    } else {
        picture.clone()
    };
    near.resize(side, side, filter)
}

fn encode(picture: &DynamicImage, quality: u8) -> Result<Vec<u8>, PhotoError> {
    let mut bytes = Vec::new();
    // Transparency becomes white, as on paper.
    let flat = flatten(picture);
    JpegEncoder::new_with_quality(&mut bytes, quality)
        .encode_image(&flat)
        .map_err(|_| PhotoError::Unreadable)?;
    Ok(bytes)
}

fn flatten(picture: &DynamicImage) -> image::RgbImage {
    if !picture.color().has_alpha() {
        return picture.to_rgb8();
    }
    let source = picture.to_rgba8();
    image::RgbImage::from_fn(source.width(), source.height(), |x, y| {
        let image::Rgba([red, green, blue, alpha]) = *source.get_pixel(x, y);
        let over = |ink: u8| {
            let (ink, alpha) = (u16::from(ink), u16::from(alpha));
            u8::try_from((ink * alpha + 255 * (255 - alpha)) / 255).unwrap_or(u8::MAX)
        };
        image::Rgb([over(red), over(green), over(blue)])
    })
}

fn sha256(bytes: &[u8]) -> ContentHash {
    ContentHash::from_bytes(Sha256::digest(bytes).into())
}
