//! What a callback has sealed: AES-256-GCM with the APIv3 key. A seal is opened only in what was verified before, since
//! anyone who learns the key could make one.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use serde::Deserialize;

/// The only way of sealing that is opened.
pub(crate) const ALGORITHM: &str = "AEAD_AES_256_GCM";

/// `resource` of a callback.
#[derive(Debug, Deserialize)]
pub(crate) struct Resource {
    pub(crate) algorithm: String,
    pub(crate) ciphertext: String,
    #[serde(default)]
    pub(crate) associated_data: Option<String>,
    pub(crate) nonce: String,
}

/// The key for these 32 bytes.
pub(crate) fn key(bytes: &[u8]) -> Option<LessSafeKey> {
    UnboundKey::new(&AES_256_GCM, bytes).ok().map(LessSafeKey::new)
}

/// What was sealed; none where the seal is broken or of another kind.
pub(crate) fn open(key: &LessSafeKey, resource: &Resource) -> Option<Vec<u8>> {
    if resource.algorithm != ALGORITHM {
        return None;
    }
    let nonce: [u8; NONCE_LEN] = resource.nonce.as_bytes().try_into().ok()?;
    let aad = Aad::from(resource.associated_data.as_deref().unwrap_or_default().as_bytes());
    let mut bytes = STANDARD.decode(&resource.ciphertext).ok()?;
    let length = key.open_in_place(Nonce::assume_unique_for_key(nonce), aad, &mut bytes).ok()?.len();
    bytes.truncate(length);
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const KEY: &[u8; 32] = b"0123456789abcdef0123456789abcdef";

    fn sealed(text: &[u8], nonce: [u8; NONCE_LEN], with: &str) -> Resource {
        let mut bytes = text.to_vec();
        let aad = Aad::from(with.as_bytes());
        key(KEY)
            .unwrap()
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), aad, &mut bytes)
            .unwrap();
        Resource {
            algorithm: ALGORITHM.into(),
            ciphertext: STANDARD.encode(bytes),
            associated_data: Some(with.into()),
            nonce: String::from_utf8(nonce.to_vec()).unwrap(),
        }
    }

    #[test]
    fn what_another_program_has_sealed_is_opened() {
        // Made with the cryptography package of Python: AESGCM(key).encrypt(b"wsSDmYr377VK", text, b"mch_payment").
        let resource = Resource {
            algorithm: ALGORITHM.into(),
            ciphertext: include_str!("seal.b64").trim().into(),
            associated_data: Some("mch_payment".into()),
            nonce: "wsSDmYr377VK".into(),
        };
        assert_eq!(open(&key(KEY).unwrap(), &resource).unwrap(), br#"{"state":"SUCCESS"}"#);
    }

    #[test]
    fn another_way_of_sealing_is_not_opened() {
        let right = sealed(b"x", *b"123456789012", "");
        assert!(open(&key(KEY).unwrap(), &right).is_some());
        assert!(open(&key(KEY).unwrap(), &Resource { algorithm: "AEAD_SM4_GCM".into(), ..right }).is_none());
    }

    proptest! {
        #[test]
        fn a_seal_opens_to_what_was_sealed_and_a_broken_one_not_at_all(
            text in proptest::collection::vec(any::<u8>(), 1..200),
            with in "[a-z_]{0,12}",
            at in any::<prop::sample::Index>(),
            flip in 1..=255_u8,
        ) {
            let key = key(KEY).unwrap();
            let resource = sealed(&text, *b"wsSDmYr377VK", &with);
            prop_assert_eq!(open(&key, &resource), Some(text));
            let mut bytes = STANDARD.decode(&resource.ciphertext).unwrap();
            let at = at.index(bytes.len());
            bytes[at] ^= flip;
            let broken = Resource { ciphertext: STANDARD.encode(bytes), ..resource };
            prop_assert_eq!(open(&key, &broken), None);
            let resource = sealed(b"x", *b"wsSDmYr377VK", &with);
            prop_assert_eq!(open(&key, &Resource { associated_data: Some(format!("{with}x")), ..resource }), None);
        }
    }
}
