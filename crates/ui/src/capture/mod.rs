//! Photos made small and clean, covered where they must be, voice, and the hash that names each file.

pub mod mask;
pub mod photo;
pub mod voice;

use sha2::{Digest, Sha256};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::Blob;
use woodlark_domain::ContentHash;
use woodlark_wire::{AttachmentManifest, MediaRole};

/// A file's entry in the manifest: its hash in pure Rust, since plain HTTP has no `SubtleCrypto`.
///
/// # Errors
/// When its bytes cannot be read.
pub async fn describe(
    file: &Blob,
    role: MediaRole,
    media_type: &str,
    duration_ms: Option<u32>,
) -> Result<AttachmentManifest, JsValue> {
    let bytes = js_sys::Uint8Array::new(&JsFuture::from(file.array_buffer()).await?).to_vec();
    let hash = ContentHash::from_bytes(Sha256::digest(&bytes).into());
    let media_type = media_type.to_owned();
    Ok(AttachmentManifest { hash, role, media_type, bytes: bytes.len() as u64, duration_ms })
}
