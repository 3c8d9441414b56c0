//! The code of a gift that was ordered. It comes of the order and the server's key, so that it is kept nowhere: its owner is
//! shown it anew each time, and the database has a keyed hash to find the order by.

use crate::app::App;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use woodlark_ledger::EntryId;

/// Letters and digits that nobody takes for one another: no I, L, O and U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Characters of a code: fifty bits.
const CHARS: usize = 10;

/// HMAC-SHA-256 of something under the server's key, for one purpose.
pub(crate) fn keyed(app: &App, what: &[u8], of: &[u8]) -> [u8; 32] {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&app.secret) else { return [0; 32] };
    mac.update(what);
    mac.update(&[0]);
    mac.update(of);
    mac.finalize().into_bytes().into()
}

/// The code of an order, in two groups: `7K3QM-0ZXVB`.
#[must_use]
pub fn gift_code(app: &App, order: EntryId) -> String {
    let hash = keyed(app, b"gift-code", &order.0);
    let mut code = String::with_capacity(CHARS + 1);
    for (at, byte) in hash.iter().take(CHARS).enumerate() {
        if at == CHARS / 2 {
            code.push('-');
        }
        code.push(char::from(ALPHABET.get(usize::from(byte % 32)).copied().unwrap_or(b'0')));
    }
    code
}

/// What the database finds an order by. Hyphens, spaces, small letters, and what people take for a digit don't matter; none
/// where it can be no code.
#[must_use]
pub fn gift_code_hash(app: &App, typed: &str) -> Option<[u8; 32]> {
    let mut code = String::with_capacity(CHARS);
    for letter in typed.chars().filter(|letter| !letter.is_whitespace() && *letter != '-') {
        code.push(match letter.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            letter if letter.is_ascii() && ALPHABET.contains(&(letter as u8)) => letter,
            _ => return None,
        });
    }
    (code.len() == CHARS).then(|| keyed(app, b"gift-code-hash", code.as_bytes()))
}
