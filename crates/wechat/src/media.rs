//! What was recorded or photographed inside WeChat. A page gets only its id; WeChat keeps the thing for three days, and the
//! server fetches it from there.

use crate::account::App;
use crate::client::{Ask, Client};
use crate::failure::{Failure, Reason};
use bytes::Bytes;
use core::str::FromStr;
use hyper::header::CONTENT_TYPE;
use woodlark_domain::Timestamp;
use woodlark_outward::{Came, Lost, plain, short};

/// An id that is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the id of a media is 1 to 256 letters, digits, - and _: take it as WeChat's script gave it (serverId)"
)]
pub struct NotMediaId;

/// What WeChat's script gives for what it uploaded: `serverId`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MediaId(String);

impl MediaId {
    /// The id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for MediaId {
    type Err = NotMediaId;
    fn from_str(text: &str) -> Result<Self, NotMediaId> {
        if plain(text, 256, |c| c == '-' || c == '_') { Ok(Self(text.to_owned())) } else { Err(NotMediaId) }
    }
}

/// What a media is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MediaKind {
    /// A photo.
    Jpeg,
    /// A picture.
    Png,
    /// A picture.
    Gif,
    /// A recording, AMR at 8 kHz.
    Amr,
    /// A recording, WeChat's own Speex at 16 kHz.
    Speex,
}

impl MediaKind {
    /// Every kind.
    pub const ALL: &'static [Self] = &[Self::Jpeg, Self::Png, Self::Gif, Self::Amr, Self::Speex];

    /// Its content type, as we name it.
    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Gif => "image/gif",
            Self::Amr => "audio/amr",
            Self::Speex => "audio/speex",
        }
    }

    /// The kind that an answer says it is.
    fn said(content_type: &str) -> Option<Self> {
        let bare = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        Some(match bare.as_str() {
            "image/jpeg" | "image/jpg" => Self::Jpeg,
            "image/png" => Self::Png,
            "image/gif" => Self::Gif,
            "audio/amr" | "voice/amr" => Self::Amr,
            "audio/speex" | "audio/x-speex" | "voice/speex" => Self::Speex,
            _ => return None,
        })
    }

    /// Whether the bytes begin as those of this kind do. WeChat's Speex has no beginning of its own.
    fn fits(self, bytes: &[u8]) -> bool {
        match self {
            Self::Jpeg => bytes.starts_with(b"\xff\xd8\xff"),
            Self::Png => bytes.starts_with(b"\x89PNG\r\n\x1a\n"),
            Self::Gif => bytes.starts_with(b"GIF8"),
            Self::Amr => bytes.starts_with(b"#!AMR"),
            Self::Speex => true,
        }
    }
}

/// What was fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Media {
    /// What it is: as WeChat says, and as it begins.
    pub kind: MediaKind,
    /// Its bytes. They are a stranger's: whoever decodes them sets limits.
    pub bytes: Bytes,
}

/// Why nothing was fetched.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MediaError {
    /// WeChat no longer has it, or never had.
    #[error("WeChat has nothing of this id any more: let the person send it again within three days")]
    Expired,
    /// It is longer than allowed.
    #[error("it is longer than {0} bytes: let the person send something shorter")]
    TooLong(usize),
    /// It is something else than a photo or a recording.
    #[error("it is neither a photo nor a recording, but {0}: let the person send one of these")]
    Kind(String),
    /// WeChat gave no answer.
    #[error(transparent)]
    Failed(#[from] Failure),
}

impl Client {
    /// Fetches what a page of ours has uploaded, up to so many bytes.
    ///
    /// # Errors
    /// [`MediaError`].
    pub async fn media(&self, id: &MediaId, longest: usize, now: Timestamp) -> Result<Media, MediaError> {
        let ask =
            Ask { path: "/cgi-bin/media/get", query: &[("media_id", id.as_str())], body: None, longest };
        match self.ask_as(App::Official, &ask, now).await {
            Ok(came) => media(came),
            Err(Failure::Lost(Lost::TooLong(longest))) => Err(MediaError::TooLong(longest)),
            Err(failure) if failure.reason() == Some(Reason::Media) => Err(MediaError::Expired),
            Err(failure) => Err(MediaError::Failed(failure)),
        }
    }
}

/// What came, if it is what it says. Refusals in JSON were told apart before.
fn media(came: Came) -> Result<Media, MediaError> {
    if came.body.is_empty() {
        return Err(MediaError::Failed(Failure::Unreadable("it is empty")));
    }
    let said = came.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    match MediaKind::said(said).filter(|kind| kind.fits(&came.body)) {
        Some(kind) => Ok(Media { kind, bytes: came.body }),
        None => Err(MediaError::Kind(short(said, 64))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hyper::header::HeaderValue;
    use hyper::{HeaderMap, StatusCode};
    use proptest::prelude::*;

    fn came(content_type: &'static str, body: &'static [u8]) -> Result<Media, MediaError> {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        media(Came { status: StatusCode::OK, headers, body: Bytes::from_static(body) })
    }

    #[test]
    fn a_media_is_what_it_says_and_how_it_begins() {
        for (said, body, kind) in [
            ("image/jpeg", &b"\xff\xd8\xff\xe0"[..], MediaKind::Jpeg),
            ("image/jpg", b"\xff\xd8\xff\xe0", MediaKind::Jpeg),
            ("Image/PNG; x=y", b"\x89PNG\r\n\x1a\n", MediaKind::Png),
            ("image/gif", b"GIF89a", MediaKind::Gif),
            ("audio/amr", b"#!AMR\n", MediaKind::Amr),
            ("voice/speex", b"\0", MediaKind::Speex),
        ] {
            assert_eq!(came(said, body).map(|media| media.kind), Ok(kind), "{said}");
            assert_eq!(MediaKind::said(kind.content_type()), Some(kind));
        }
        for (said, body) in [
            ("image/jpeg", &b"#!AMR\n"[..]),
            ("audio/amr", b"\xff\xd8\xff"),
            ("text/plain", br#"{"video_url":"http://v.example"}"#),
            ("", b"\xff\xd8\xff"),
        ] {
            assert!(matches!(came(said, body), Err(MediaError::Kind(_))), "{said}");
        }
        assert!(matches!(came("audio/speex", b""), Err(MediaError::Failed(_))));
    }

    proptest! {
        #[test]
        fn an_id_is_letters_digits_and_two_signs(text in "[0-9A-Za-z_é&=-]{0,8}[a-z]{0,252}") {
            let right = (1..=256).contains(&text.len())
                && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
            prop_assert_eq!(text.parse::<MediaId>().is_ok(), right);
        }
    }
}
