//! Several pieces of bytes in one: what a report says, then each of its files. Each piece has its length before it, in four bytes.

/// What should be a parcel is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the contents are not whole")]
pub struct Torn;

/// Puts pieces together. A piece of four gigabytes or more is left out with all that follow: nothing of ours comes near.
#[must_use]
pub fn pack(pieces: &[&[u8]]) -> Vec<u8> {
    let mut whole = Vec::with_capacity(pieces.iter().map(|piece| piece.len() + 4).sum());
    for piece in pieces {
        let Ok(length) = u32::try_from(piece.len()) else { break };
        whole.extend_from_slice(&length.to_be_bytes());
        whole.extend_from_slice(piece);
    }
    whole
}

/// Takes pieces apart again, at most so many.
///
/// # Errors
/// [`Torn`] where a piece is cut short, or there are more.
pub fn unpack(whole: &[u8], most: usize) -> Result<Vec<&[u8]>, Torn> {
    let (mut pieces, mut rest) = (Vec::new(), whole);
    while !rest.is_empty() {
        let (length, after) = rest.split_first_chunk::<4>().ok_or(Torn)?;
        let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| Torn)?;
        let (piece, after) = after.split_at_checked(length).ok_or(Torn)?;
        if pieces.len() >= most {
            return Err(Torn);
        }
        pieces.push(piece);
        rest = after;
    }
    Ok(pieces)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_come_back_in_order_and_a_torn_parcel_is_refused() {
        let whole = pack(&[b"{}", b"", b"photo"]);
        assert_eq!(unpack(&whole, 3), Ok(vec![&b"{}"[..], b"", b"photo"]));
        assert_eq!(unpack(&whole, 2), Err(Torn), "more than may be");
        for cut in 1..5 {
            assert_eq!(unpack(whole.get(..whole.len() - cut).unwrap_or_default(), 3), Err(Torn));
        }
        assert_eq!(unpack(&[0, 0, 0, 9, 1], 3), Err(Torn));
        assert_eq!(unpack(&[], 3), Ok(Vec::new()));
    }
}
