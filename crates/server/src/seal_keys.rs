//! The keys that kiosks seal their reports to: a file beside the data with one private key a line, in 64 hexadecimal digits. The last
//! one is given to kiosks; all of them open, so that an envelope is opened that was sealed before another was added. Servers that
//! share a database share the file, as they do the secret.

use crate::clock::random;
use crate::start::StartError;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use woodlark_seal::{Bound, OpenError, PrivateKey, PublicKey, key_of, open};

/// The file's name in the data folder.
pub const FILE: &str = "kiosk.keys";

/// The keys, oldest first; there is always one.
#[derive(Debug, Clone)]
pub struct SealKeys {
    older: Vec<PrivateKey>,
    newest: PrivateKey,
}

impl SealKeys {
    /// The keys of these lines.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        let mut keys = lines.map(key).collect::<Option<Vec<_>>>()?;
        Some(Self { newest: keys.pop()?, older: keys })
    }

    /// Reads the file; the first start makes it, readable by its owner alone.
    ///
    /// # Errors
    /// [`StartError`]: a file that holds something else, and one that can be neither read nor made.
    pub fn read(data: &Path) -> Result<Self, StartError> {
        let path = data.join(FILE);
        let failed = |cause| StartError::Io { what: path.display().to_string(), cause };
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => make(&path).map_err(failed)?,
            Err(cause) => return Err(failed(cause)),
        };
        Self::parse(&text).ok_or_else(|| {
            StartError::Said(format!(
                "{} must hold keys of 64 hexadecimal digits, one a line",
                path.display()
            ))
        })
    }

    /// What kiosks seal to from now on, as it is told to them.
    #[must_use]
    pub fn public(&self) -> String {
        hex(&self.newest.public().to_bytes())
    }

    /// Opens an envelope with whichever key it was sealed to.
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn open(&self, bound: Bound, envelope: &[u8]) -> Result<Vec<u8>, OpenError> {
        let id = key_of(envelope).ok_or(OpenError::NoEnvelope)?;
        let mut keys = std::iter::once(&self.newest).chain(&self.older);
        let key = keys.find(|key| key.public().id() == id).ok_or(OpenError::NoEnvelope)?;
        open(key, bound, envelope)
    }
}

fn make(path: &Path) -> std::io::Result<String> {
    let text = loop {
        let bytes = random::<32>();
        if PrivateKey::from_random(bytes).is_some() {
            break format!("{}\n", hex(&bytes));
        }
    };
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    Ok(text)
}

fn key(line: &str) -> Option<PrivateKey> {
    PrivateKey::from_random(from_hex(line)?)
}

/// Bytes as hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// So many bytes from their hexadecimal digits.
#[must_use]
pub fn from_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    let (pairs, []) = text.as_bytes().as_chunks::<2>() else { return None };
    if pairs.len() != N {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(pairs) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(bytes)
}

/// A public key as a kiosk is told it.
#[must_use]
pub fn public_key(text: &str) -> Option<PublicKey> {
    PublicKey::from_bytes(&from_hex::<33>(text)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use woodlark_seal::seal;

    const BOUND: Bound = Bound { kiosk: [1; 16], case: [2; 16] };

    #[test]
    fn the_first_start_makes_a_key_that_stays() {
        let folder = tempfile::tempdir().unwrap();
        let made = SealKeys::read(folder.path()).unwrap().public();
        assert_eq!(SealKeys::read(folder.path()).unwrap().public(), made);
        std::fs::write(folder.path().join(FILE), "nonsense").unwrap();
        assert!(SealKeys::read(folder.path()).is_err());
        assert!(SealKeys::parse("").is_none());
    }

    #[test]
    fn an_envelope_opens_that_was_sealed_before_another_key_was_added() {
        let (old, new) = ("11".repeat(32), "22".repeat(32));
        let before = SealKeys::parse(&old).unwrap();
        let envelope = seal(&public_key(&before.public()).unwrap(), [9; 32], BOUND, b"words").unwrap();
        let after = SealKeys::parse(&format!("{old}\n{new}\n")).unwrap();
        assert_ne!(after.public(), before.public());
        assert_eq!(after.open(BOUND, &envelope).as_deref(), Ok(&b"words"[..]));
        let others = SealKeys::parse(&new).unwrap();
        assert_eq!(others.open(BOUND, &envelope), Err(OpenError::NoEnvelope));
    }
}
