//! Photos and voice: what arrives in chunks, is read to its end, cleaned, and kept under the hash of its bytes.
//!
//! Nothing of a photo's upload is ever served: it is decoded within limits, turned upright, scaled and encoded anew.

mod amr;
mod blobs;
mod photo;
mod voice;

pub use amr::{AmrError, amr_to_wav};
pub use blobs::{BlobError, Blobs};
pub use photo::{CleanPhoto, PhotoError, clean_photo, veil};
pub use voice::{VoiceError, check_voice};
