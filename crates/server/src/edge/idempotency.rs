//! The key that names a write: the same key gets the same answer, and never does anything twice.

use super::problem::ApiError;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use sha2::{Digest, Sha256};
use woodlark_domain::UserId;
use woodlark_store::idempotency::Key;
use woodlark_wire::ProblemCode;
use woodlark_wire::path::IDEMPOTENCY_KEY;

/// Characters of a key.
const KEY_CHARS: usize = 64;

/// The `Idempotency-Key` header: 1 to 64 visible characters.
#[derive(Debug, Clone)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// Its text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The store's key for this user and request.
    #[must_use]
    pub fn of(self, user: UserId, request: &[u8]) -> Key {
        Key { user, key: self.0, request_hash: Sha256::digest(request).into() }
    }
}

impl<S: Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = ApiError;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let key = parts.headers.get(IDEMPOTENCY_KEY).and_then(|value| value.to_str().ok()).unwrap_or("");
        let good = (1..=KEY_CHARS).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
        if good { Ok(Self(key.to_owned())) } else { Err(ProblemCode::KeyMissing.into()) }
    }
}
