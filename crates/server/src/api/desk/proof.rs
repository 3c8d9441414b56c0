//! What a member of staff proves themselves by: a password, kept as argon2id, and the codes of an authenticator
//! (RFC 6238: SHA-1, six digits, thirty seconds, one step either way for clocks that differ).

use crate::app::App;
use crate::edge::{ApiError, ApiResult};
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use std::sync::{Arc, LazyLock};
use totp_rs::{Builder, Totp};
use woodlark_domain::Timestamp;

/// Bytes of an authenticator's secret: what RFC 4226 recommends.
pub(super) const SECRET_BYTES: usize = 20;
/// Characters that a password has at least.
const PASSWORD_CHARS: usize = 10;
/// Bytes that one has at most: more is no safer, and takes long.
const PASSWORD_BYTES: usize = 1024;

/// A password that nobody has, hashed as all are: an unknown login takes as long as a wrong password.
static NOBODYS: LazyLock<String> = LazyLock::new(|| hash("nobody's password").unwrap_or_default());

/// Whether a password will do.
pub(super) fn is_good(password: &str, login: &str) -> bool {
    password.chars().count() >= PASSWORD_CHARS && password.len() <= PASSWORD_BYTES && password != login
}

fn hash(password: &str) -> Result<String, argon2::password_hash::Error> {
    Argon2::default().hash_password(password.as_bytes()).map(|hash| hash.to_string())
}

fn verify(password: &str, kept: &str) -> bool {
    PasswordHash::new(kept)
        .is_ok_and(|kept| Argon2::default().verify_password(password.as_bytes(), &kept).is_ok())
}

/// A password as it is kept. Hashing takes 19 MiB and some time on purpose: it waits for its place in the pool.
pub(super) async fn hash_password(app: &App, password: String) -> ApiResult<String> {
    in_pool(app, move || hash(&password)).await?.map_err(|error| ApiError::internal(&error))
}

/// Whether a password is the one that is kept; without one the answer is no, as slowly.
pub(super) async fn check_password(app: &App, password: String, kept: Option<String>) -> ApiResult<bool> {
    let checked = move || {
        let known = kept.is_some();
        let right = verify(&password, kept.as_deref().unwrap_or(&NOBODYS));
        known && right
    };
    in_pool(app, checked).await
}

async fn in_pool<T: Send + 'static>(app: &App, work: impl FnOnce() -> T + Send + 'static) -> ApiResult<T> {
    let seat = Arc::clone(&app.decoding).acquire_owned().await.map_err(|error| ApiError::internal(&error))?;
    let done = tokio::task::spawn_blocking(move || {
        let done = work();
        drop(seat);
        done
    });
    done.await.map_err(|error| ApiError::internal(&error))
}

/// The authenticator of a secret.
pub(super) fn authenticator(secret: &[u8], login: &str, issuer: &str) -> ApiResult<Totp> {
    Builder::new()
        .with_secret(secret)
        .with_account_name(login)
        // A colon would end the issuer's name in the address.
        .with_issuer(Some(issuer.replace(':', " ")))
        .build()
        .map_err(|error| ApiError::internal(&error))
}

/// The time step of a code that is right now.
pub(super) fn step_of(totp: &Totp, code: &str, now: Timestamp) -> Option<i64> {
    let seconds = u64::try_from(now.millis() / 1000).ok()?;
    let code: String = code.chars().filter(char::is_ascii_digit).collect();
    totp.check(&code, seconds).and_then(|step| i64::try_from(step).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codes_are_those_of_rfc_6238() {
        let totp = authenticator(b"12345678901234567890", "wang", "Woodlark").unwrap();
        // Appendix B, SHA-1, the last six of its eight digits.
        for (seconds, code) in [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924")] {
            let now = Timestamp(seconds * Timestamp::SECOND);
            assert_eq!(step_of(&totp, code, now), Some(seconds / 30));
            assert_eq!(step_of(&totp, code, now.plus(Timestamp::MINUTE + Timestamp::MINUTE)), None);
        }
    }

    #[test]
    fn a_password_is_kept_as_argon2id_and_known_again() {
        let kept = hash("correct horse").unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
        assert!(verify("correct horse", &kept) && !verify("correct hors", &kept));
        assert!(!verify("", "") && !verify("x", "$argon2id$nonsense"));
        assert_ne!(kept, hash("correct horse").unwrap(), "each with a salt of its own");
    }

    #[test]
    fn short_passwords_and_the_login_itself_will_not_do() {
        assert!(is_good("一二三四五六七八九十", "wang"));
        for bad in ["", "123456789", "wang.xiaoming"] {
            assert!(!is_good(bad, "wang.xiaoming"), "{bad}");
        }
        assert!(!is_good(&"x".repeat(1025), "wang"));
    }
}
