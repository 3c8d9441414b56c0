//! As much of DER as is needed to take an RSA key out of a public key file: the file says `SubjectPublicKeyInfo`, ring
//! wants the `RSAPublicKey` in it.

/// `rsaEncryption` with its empty parameters, as it stands in each RSA key's file.
const RSA: &[u8] = &[0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];
const SEQUENCE: u8 = 0x30;
const BIT_STRING: u8 = 0x03;
const INTEGER: u8 = 0x02;

/// The `RSAPublicKey` of a `SubjectPublicKeyInfo`, and how many bytes its modulus has.
pub(crate) fn rsa_public_key(spki: &[u8]) -> Option<(&[u8], usize)> {
    let (info, []) = element(SEQUENCE, spki)? else { return None };
    let (algorithm, rest) = element(SEQUENCE, info)?;
    let (bits, []) = element(BIT_STRING, rest)? else { return None };
    let (0, key) = bits.split_first()? else { return None };
    if algorithm != RSA {
        return None;
    }
    let (parts, []) = element(SEQUENCE, key)? else { return None };
    let (modulus, rest) = element(INTEGER, parts)?;
    let (_exponent, []) = element(INTEGER, rest)? else { return None };
    let modulus = if let [0, rest @ ..] = modulus { rest } else { modulus };
    Some((key, modulus.len()))
}

/// The content of the element at the front, which must be of this kind, and what comes after it.
fn element(tag: u8, bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (&found, rest) = bytes.split_first()?;
    let (&short, rest) = rest.split_first()?;
    if found != tag {
        return None;
    }
    let (length, rest) = match short {
        0..=0x7f => (usize::from(short), rest),
        // A length of one or two bytes: no key is longer.
        0x81 | 0x82 => {
            let (long, rest) = rest.split_at_checked(usize::from(short & 0x7f))?;
            (long.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)), rest)
        }
        _ => return None,
    };
    rest.split_at_checked(length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_bytes_break_the_reader(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            prop_assert!(rsa_public_key(&bytes).is_none());
        }
    }

    /// A key file with this algorithm, this modulus and something after it.
    fn file(algorithm: &[u8], modulus: &[u8], after: &[u8]) -> Vec<u8> {
        let wrap = |tag: u8, parts: &[&[u8]]| {
            let content = parts.concat();
            [&[tag, u8::try_from(content.len()).unwrap()], &content[..]].concat()
        };
        let key = wrap(SEQUENCE, &[&wrap(INTEGER, &[modulus]), &wrap(INTEGER, &[&[1, 0, 1]])]);
        let bits = wrap(BIT_STRING, &[&[0], &key]);
        [&wrap(SEQUENCE, &[&wrap(SEQUENCE, &[algorithm]), &bits]), after].concat()
    }

    #[test]
    fn a_key_is_told_with_its_length_and_nothing_else_is_taken_for_one() {
        assert_eq!(rsa_public_key(&file(RSA, &[0, 0xc1, 0xd2], &[])).unwrap().1, 2);
        assert!(rsa_public_key(&file(RSA, &[0, 0xc1, 0xd2], &[0])).is_none());
        let elliptic = [0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
        assert!(rsa_public_key(&file(&elliptic, &[0, 0xc1, 0xd2], &[])).is_none());
    }
}
