//! From what somebody said to an envelope: sealed to the server's key, which this device has and can't open with.

use super::Note;
use crate::js;
use js_sys::Uint8Array;
use sha2::{Digest, Sha256};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::Blob;
use woodlark_domain::kiosk::LetterCode;
use woodlark_domain::{CaseId, ContentHash};
use woodlark_seal::{Bound, PublicKey, pack, seal};
use woodlark_ui::{json, when};
use woodlark_wire::{KioskView, Manifest, SealedReport};

/// What somebody gets besides their case: its code, and what takes it to their phone.
#[derive(Debug, Clone)]
pub struct Given {
    /// The code.
    pub code: LetterCode,
    /// 32 hexadecimal digits.
    pub hand_over: String,
}

/// A sealed report.
pub struct Sealed {
    /// What is written beside it.
    pub note: Note,
    /// The envelope.
    pub envelope: Vec<u8>,
    /// What its reporter gets.
    pub given: Given,
}

/// Seals a report with its files, in the manifest's order.
///
/// # Errors
/// Where the kiosk's key is none, the browser has no randomness, or a file cannot be read.
pub async fn report(
    kiosk: &KioskView,
    case: CaseId,
    manifest: Manifest,
    files: &[Blob],
) -> Result<Sealed, JsValue> {
    let key = public_key(&kiosk.key).ok_or(JsValue::NULL)?;
    let given =
        Given { code: LetterCode::from_random(js::random()?), hand_over: digits(&js::random::<16>()?) };
    let says = SealedReport { manifest, code: given.code.clone(), hand_over: given.hand_over.clone() };
    let says = json::write(&says).map_err(|_| JsValue::NULL)?;
    let mut pieces = vec![says.into_bytes()];
    for file in files {
        pieces.push(Uint8Array::new(&JsFuture::from(file.array_buffer()).await?).to_vec());
    }
    let pieces: Vec<&[u8]> = pieces.iter().map(Vec::as_slice).collect();
    let contents = pack(&pieces);
    let bound = Bound { kiosk: *kiosk.id.as_bytes(), case: *case.as_bytes() };
    let envelope = loop {
        // One draw in 2³² is no key.
        if let Some(envelope) = seal(&key, js::random()?, bound, &contents) {
            break envelope;
        }
    };
    let note = Note {
        case,
        sealed_at: when::now(),
        bytes: envelope.len() as u64,
        hash: ContentHash::from_bytes(Sha256::digest(&envelope).into()),
        refused: None,
    };
    Ok(Sealed { note, envelope, given })
}

fn public_key(text: &str) -> Option<PublicKey> {
    let (pairs, []) = text.as_bytes().as_chunks::<2>() else { return None };
    let byte = |pair: &[u8; 2]| u8::from_str_radix(core::str::from_utf8(pair).ok()?, 16).ok();
    PublicKey::from_bytes(&pairs.iter().map(byte).collect::<Option<Vec<u8>>>()?)
}

fn digits(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from_digit(u32::from(half), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}
