//! The reader of an answer: their language, and the name of their request in the log.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr};
use woodlark_domain::Language;

/// The address that the connection came from. Behind a proxy that is trusted by configuration, what it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ClientAddress(pub IpAddr);

impl Default for ClientAddress {
    fn default() -> Self {
        Self(IpAddr::V4(Ipv4Addr::UNSPECIFIED))
    }
}

/// Who reads the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reader {
    /// In which language.
    pub language: Language,
}

impl Reader {
    /// From `Accept-Language`: the first of our languages that it names; Chinese where it names none.
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Self {
        let accepted =
            headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or("");
        let language = accepted
            .split(',')
            .filter_map(|range| match range.trim_start().get(..2)?.to_ascii_lowercase().as_str() {
                "zh" => Some(Language::Zh),
                "en" => Some(Language::En),
                _ => None,
            })
            .next()
            .unwrap_or(Language::Zh);
        Self { language }
    }
}

impl<S: Sync> FromRequestParts<S> for Reader {
    type Rejection = Infallible;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.headers))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_known_language_wins_and_chinese_is_the_default() {
        let read = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_LANGUAGE, text.parse().unwrap());
            Reader::of(&headers).language
        };
        assert_eq!(read("fr-FR,en;q=0.8,zh;q=0.5"), Language::En);
        assert_eq!(read("zh-CN,zh;q=0.9"), Language::Zh);
        assert_eq!(read("fr"), Language::Zh);
        assert_eq!(Reader::of(&HeaderMap::new()).language, Language::Zh);
    }
}
