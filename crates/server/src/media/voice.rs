//! A voice recording is kept as it came; what it is, is read from its first bytes and never taken on trust.

/// Why a recording is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a recording in MP4, WebM, Ogg or AMR")]
pub struct VoiceError;

/// The media type that the bytes themselves show.
///
/// # Errors
/// [`VoiceError`] for anything but the four containers that browsers and WeChat record.
pub fn check_voice(bytes: &[u8]) -> Result<&'static str, VoiceError> {
    match bytes {
        [0x1a, 0x45, 0xdf, 0xa3, ..] => Ok("audio/webm"),
        [b'O', b'g', b'g', b'S', ..] => Ok("audio/ogg"),
        [b'#', b'!', b'A', b'M', b'R', ..] => Ok("audio/amr"),
        [_, _, _, _, b'f', b't', b'y', b'p', rest @ ..] if !super::photo::is_heic_brand(rest) => {
            Ok("audio/mp4")
        }
        _ => Err(VoiceError),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_container_is_told_by_its_bytes() {
        assert_eq!(check_voice(b"\x1a\x45\xdf\xa3rest"), Ok("audio/webm"));
        assert_eq!(check_voice(b"\0\0\0\x20ftypisom"), Ok("audio/mp4"));
        assert_eq!(check_voice(b"#!AMR\nxx"), Ok("audio/amr"));
        for bad in [&b""[..], b"RIFF", b"\0\0\0\x20ftypheic", b"\xff\xd8\xff\xe0"] {
            assert_eq!(check_voice(bad), Err(VoiceError));
        }
    }
}
