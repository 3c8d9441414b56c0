//! The same write asked for again gets the same answer, byte for byte; the same key with another body is refused.

use crate::column::{At, Hash, bytes};
use crate::conn::Tx;
use crate::schema::idempotency;
use crate::{Fault, Halt};
use diesel::prelude::*;
use woodlark_domain::{Timestamp, UserId};

/// Who asks, under which key, for what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Whose key it is: two people may use the same text.
    pub user: UserId,
    /// The text of the `Idempotency-Key`.
    pub key: String,
    /// Of the method, the path and the body.
    pub request_hash: Hash,
}

/// What was, or is now, answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It was done now.
    Fresh {
        /// The HTTP status.
        status: u16,
        /// The body.
        body: Vec<u8>,
    },
    /// It had been done; this was said then.
    Replay {
        /// The HTTP status.
        status: u16,
        /// The body.
        body: Vec<u8>,
    },
    /// The key stands for another request; nothing was done.
    KeyReused,
}

/// Does something once: the effect and its answer are kept together. A refusal is not kept, so that the same key may
/// try again.
///
/// # Errors
/// What `effect` halted with, or a [`Fault`].
pub fn once<E>(
    tx: &mut Tx,
    key: &Key,
    now: Timestamp,
    effect: impl FnOnce(&mut Tx) -> Result<(u16, Vec<u8>), Halt<E>>,
) -> Result<Answer, Halt<E>> {
    if let Some(answer) = get(tx, key)? {
        return Ok(answer);
    }
    let (status, body) = effect(tx)?;
    put(tx, key, status, &body, now)?;
    Ok(Answer::Fresh { status, body })
}

/// What was answered under this key.
///
/// # Errors
/// [`Fault`].
pub fn get(tx: &mut Tx, key: &Key) -> Result<Option<Answer>, Fault> {
    let found = idempotency::table
        .find((bytes(key.user.as_bytes()), key.key.as_str()))
        .select((idempotency::request_hash, idempotency::status, idempotency::response))
        .first::<(Vec<u8>, i64, Vec<u8>)>(&mut tx.engine)
        .optional()?;
    let Some((request_hash, status, body)) = found else { return Ok(None) };
    if request_hash != key.request_hash {
        return Ok(Some(Answer::KeyReused));
    }
    Ok(Some(Answer::Replay { status: At("idempotency", "status").number(status)?, body }))
}

/// Keeps an answer under its key.
///
/// # Errors
/// [`Fault`], also where the key is taken.
pub fn put(tx: &mut Tx, key: &Key, status: u16, body: &[u8], now: Timestamp) -> Result<(), Fault> {
    let row = (
        idempotency::user_id.eq(bytes(key.user.as_bytes())),
        idempotency::idem_key.eq(key.key.as_str()),
        idempotency::request_hash.eq(bytes(&key.request_hash)),
        idempotency::status.eq(i64::from(status)),
        idempotency::response.eq(body.to_vec()),
        idempotency::created_at.eq(now.0),
    );
    diesel::insert_into(idempotency::table).values(row).execute(&mut tx.engine)?;
    Ok(())
}
