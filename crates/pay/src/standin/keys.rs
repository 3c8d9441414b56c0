//! The keys of the stand-in's world, made once for each test run: there is no private key in the repository. They sign and
//! verify by other code than the client's, so that the two check each other.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use core::convert::Infallible;
use ring::rand::{SecureRandom, SystemRandom};
use rsa::pkcs8::{EncodePrivateKey, EncodePublicKey, LineEnding};
use rsa::rand_core::{TryCryptoRng, TryRng};
use rsa::sha2::{Digest, Sha256};
use rsa::{Pkcs1v15Sign, PrivateKey};
use std::io;
use std::sync::OnceLock;

/// Both keys.
pub(super) struct Keys {
    /// The merchant's.
    pub(super) merchant: PrivateKey,
    /// WeChat Pay's, that of the stand-in.
    pub(super) platform: PrivateKey,
}

static KEYS: OnceLock<Keys> = OnceLock::new();

/// The keys of this process.
pub(super) fn keys() -> io::Result<&'static Keys> {
    if let Some(keys) = KEYS.get() {
        return Ok(keys);
    }
    let made = || PrivateKey::new(&mut Dice(SystemRandom::new()), 2048).map_err(io::Error::other);
    let keys = Keys { merchant: made()?, platform: made()? };
    // Where two made them at once, the first are those of all.
    Ok(KEYS.get_or_init(|| keys))
}

/// The private key in PEM.
pub(super) fn private_pem(key: &PrivateKey) -> io::Result<String> {
    key.to_pkcs8_pem(LineEnding::LF).map(|pem| pem.to_string()).map_err(io::Error::other)
}

/// The public key in PEM.
pub(super) fn public_pem(key: &PrivateKey) -> io::Result<String> {
    key.to_public_key().to_public_key_pem(LineEnding::LF).map_err(io::Error::other)
}

/// A signature in base64.
pub(super) fn sign(key: &PrivateKey, bytes: &[u8]) -> io::Result<String> {
    let signature = key.sign(Pkcs1v15Sign::new::<Sha256>(), &Sha256::digest(bytes));
    signature.map(|signature| STANDARD.encode(signature)).map_err(io::Error::other)
}

/// Whether a signature in base64 is of this key and these bytes.
pub(super) fn is_signed(key: &PrivateKey, bytes: &[u8], signature: &str) -> bool {
    STANDARD.decode(signature).is_ok_and(|signature| {
        let digest = Sha256::digest(bytes);
        key.to_public_key().verify(Pkcs1v15Sign::new::<Sha256>(), &digest, &signature).is_ok()
    })
}

/// The operating system's randomness, as the maker of keys wants it.
struct Dice(SystemRandom);

impl TryRng for Dice {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        // It fails on no system that tests run on, and a test's key may be poor.
        let _ = self.0.fill(bytes);
        Ok(())
    }
}

impl TryCryptoRng for Dice {}
