//! What a kiosk keeps of a person until the server has it: an envelope that nobody opens without the server's key, on the same
//! device and a minute later. Pure: randomness comes in as an argument, and both sides compile the same code.
//!
//! An envelope is [`MAGIC`], the id of the key it was sealed to (8 bytes), a public key made for it alone (33 bytes), and the
//! contents under AES-256-GCM with their tag. The key of the contents comes of both keys by ECDH on P-256 and HKDF-SHA-256. Kiosk
//! and case are authenticated with it: an envelope that another kiosk brings, or that is brought for another case, doesn't open.

mod parcel;

pub use parcel::{Torn, pack, unpack};

use aes_gcm::aead::{AeadInOut, KeyInit};
use aes_gcm::{Aes256Gcm, Nonce, Tag};
use p256::ecdh::diffie_hellman;
use p256::elliptic_curve::sec1::ToSec1Point;
use sha2::{Digest, Sha256};

/// What an envelope begins with.
pub const MAGIC: [u8; 4] = *b"WLK1";
/// Bytes before the contents.
const HEAD: usize = MAGIC.len() + KEY_ID + POINT;
const KEY_ID: usize = 8;
const POINT: usize = 33;
const TAG: usize = 16;
/// Bytes that an envelope has besides its contents.
pub const OVERHEAD: usize = HEAD + TAG;

/// Names a key: the beginning of the SHA-256 of its public half.
pub type KeyId = [u8; KEY_ID];

/// Whom and what an envelope is of, as the bytes of their ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bound {
    /// The kiosk.
    pub kiosk: [u8; 16],
    /// The case.
    pub case: [u8; 16],
}

/// Why an envelope was not opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// Not of this form.
    #[error("this is no envelope")]
    NoEnvelope,
    /// Altered, or of another kiosk, case or key.
    #[error("the envelope does not open")]
    Altered,
}

/// The key that envelopes are sealed to. Its bytes are a compressed point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey(p256::PublicKey);

impl PublicKey {
    /// The key of these bytes.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        p256::PublicKey::from_sec1_bytes(bytes).ok().filter(|_| bytes.len() == POINT).map(Self)
    }

    /// Its bytes.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; POINT] {
        let mut bytes = [0; POINT];
        let point = self.0.to_sec1_point(true);
        for (to, from) in bytes.iter_mut().zip(point.as_bytes()) {
            *to = *from;
        }
        bytes
    }

    /// What it is named by.
    #[must_use]
    pub fn id(&self) -> KeyId {
        let mut id = KeyId::default();
        for (to, from) in id.iter_mut().zip(Sha256::digest(self.to_bytes())) {
            *to = from;
        }
        id
    }
}

/// The key that opens. It is never printed.
#[derive(Clone)]
pub struct PrivateKey(p256::SecretKey);

impl core::fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("PrivateKey")
    }
}

impl PrivateKey {
    /// The key of these random bytes; none of one in 2³² draws, for which others must be drawn.
    #[must_use]
    pub fn from_random(bytes: [u8; 32]) -> Option<Self> {
        p256::SecretKey::from_slice(&bytes).ok().map(Self)
    }

    /// Its public half.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.public_key())
    }
}

/// The key of an envelope's contents, which both sides come to.
fn contents_key(
    own: &p256::SecretKey,
    other: &p256::PublicKey,
    head: &[u8],
    bound: Bound,
) -> Option<Aes256Gcm> {
    let shared = diffie_hellman(own.to_nonzero_scalar(), other.as_affine());
    let mut key = [0; 32];
    shared.extract::<Sha256>(Some(head)).expand(&said(head, bound), &mut key).ok()?;
    Aes256Gcm::new_from_slice(&key).ok()
}

/// What is authenticated beside the contents.
fn said(head: &[u8], bound: Bound) -> Vec<u8> {
    [head, &bound.kiosk, &bound.case].concat()
}

/// Seals contents to a key. `random` must be new for each envelope; none of one in 2³² draws, for which others must be drawn.
#[must_use]
pub fn seal(to: &PublicKey, random: [u8; 32], bound: Bound, contents: &[u8]) -> Option<Vec<u8>> {
    let own = p256::SecretKey::from_slice(&random).ok()?;
    let mut envelope = Vec::with_capacity(OVERHEAD + contents.len());
    envelope.extend_from_slice(&MAGIC);
    envelope.extend_from_slice(&to.id());
    envelope.extend_from_slice(&PublicKey(own.public_key()).to_bytes());
    let key = contents_key(&own, &to.0, &envelope, bound)?;
    let authenticated = said(&envelope, bound);
    envelope.extend_from_slice(contents);
    let (_, body) = envelope.split_at_mut_checked(HEAD)?;
    // The key is this envelope's alone, so its one number may be nought.
    let tag = key.encrypt_inout_detached(&Nonce::default(), &authenticated, body.into()).ok()?;
    envelope.extend_from_slice(&tag);
    Some(envelope)
}

/// Which key an envelope was sealed to, where it has the form of one.
#[must_use]
pub fn key_of(envelope: &[u8]) -> Option<KeyId> {
    let rest = envelope.strip_prefix(&MAGIC).filter(|_| envelope.len() >= OVERHEAD)?;
    rest.first_chunk().copied()
}

/// Opens an envelope.
///
/// # Errors
/// [`OpenError`].
pub fn open(key: &PrivateKey, bound: Bound, envelope: &[u8]) -> Result<Vec<u8>, OpenError> {
    if key_of(envelope) != Some(key.public().id()) {
        return Err(OpenError::NoEnvelope);
    }
    let (head, rest) = envelope.split_at_checked(HEAD).ok_or(OpenError::NoEnvelope)?;
    let (body, tag) = rest.split_last_chunk::<TAG>().ok_or(OpenError::NoEnvelope)?;
    let (_, point) = head.split_last_chunk::<POINT>().ok_or(OpenError::NoEnvelope)?;
    let theirs = PublicKey::from_bytes(point).ok_or(OpenError::NoEnvelope)?;
    let cipher = contents_key(&key.0, &theirs.0, head, bound).ok_or(OpenError::Altered)?;
    let mut contents = body.to_vec();
    let tag = Tag::from(*tag);
    cipher
        .decrypt_inout_detached(&Nonce::default(), &said(head, bound), contents.as_mut_slice().into(), &tag)
        .map_err(|_| OpenError::Altered)?;
    Ok(contents)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key(seed: u8) -> PrivateKey {
        PrivateKey::from_random([seed; 32]).unwrap()
    }

    const BOUND: Bound = Bound { kiosk: [1; 16], case: [2; 16] };

    #[test]
    fn what_was_sealed_opens_with_the_key_and_with_nothing_else() {
        let envelope = seal(&key(7).public(), [9; 32], BOUND, b"words and a photo").unwrap();
        assert_eq!(key_of(&envelope), Some(key(7).public().id()));
        assert_eq!(open(&key(7), BOUND, &envelope).as_deref(), Ok(&b"words and a photo"[..]));
        assert_eq!(open(&key(8), BOUND, &envelope), Err(OpenError::NoEnvelope), "another key");
        for other in [Bound { kiosk: [3; 16], ..BOUND }, Bound { case: [3; 16], ..BOUND }] {
            assert_eq!(open(&key(7), other, &envelope), Err(OpenError::Altered), "{other:?}");
        }
        assert!(!envelope.windows(5).any(|five| five == b"words"));
    }

    #[test]
    fn no_byte_of_an_envelope_can_be_altered_or_taken_away() {
        let envelope = seal(&key(7).public(), [9; 32], BOUND, b"short").unwrap();
        for at in 0..envelope.len() {
            let mut altered = envelope.clone();
            altered[at] ^= 1;
            assert!(open(&key(7), BOUND, &altered).is_err(), "byte {at}");
            assert!(open(&key(7), BOUND, &envelope[..at]).is_err(), "cut at {at}");
        }
        assert!(open(&key(7), BOUND, &[&envelope[..], &[0]].concat()).is_err());
    }

    #[test]
    fn a_public_key_comes_back_from_its_bytes_and_nonsense_is_none() {
        let public = key(7).public();
        assert_eq!(PublicKey::from_bytes(&public.to_bytes()), Some(public.clone()));
        assert_eq!(PublicKey::from_bytes(&[0; 33]), None);
        assert_eq!(PublicKey::from_bytes(&public.to_bytes()[..32]), None);
        assert_eq!(format!("{:?}", key(7)), "PrivateKey");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn anything_comes_back(contents: Vec<u8>, random in proptest::array::uniform32(1_u8..255)) {
            let envelope = seal(&key(7).public(), random, BOUND, &contents).unwrap();
            prop_assert_eq!(envelope.len(), contents.len() + OVERHEAD);
            prop_assert_eq!(open(&key(7), BOUND, &envelope), Ok(contents));
        }

        #[test]
        fn nonsense_never_opens(nonsense: Vec<u8>) {
            prop_assert!(open(&key(7), BOUND, &nonsense).is_err());
        }
    }
}
