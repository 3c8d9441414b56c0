//! Why there is no answer: it was lost on the way, it can't be read, or WeChat refused with a code. Each code that is known has
//! one reason, and each reason says what to do.

use core::fmt;
use serde::Deserialize;
use woodlark_outward::{Came, Lost, short};

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// It was lost on the way: what was asked for may have been done or not.
    #[error("WeChat: {0}")]
    Lost(#[from] Lost),
    /// Neither an answer nor a refusal.
    #[error("WeChat answered {0}: ask again later")]
    Status(u16),
    /// An answer that is not what was expected.
    #[error("WeChat's answer can't be read: {0}")]
    Unreadable(&'static str),
    /// WeChat's word that it did not do it.
    #[error("WeChat refused: {0}")]
    Refused(Refusal),
    /// The file has no such account, or no template for this.
    #[error("{0} is not in WeChat's file: add it, or do not ask for this")]
    NotSet(&'static str),
}

impl Failure {
    /// Why WeChat refused; none where it did not.
    #[must_use]
    pub const fn reason(&self) -> Option<Reason> {
        match self {
            Self::Refused(refusal) => Some(refusal.reason),
            Self::Lost(_) | Self::Status(_) | Self::Unreadable(_) | Self::NotSet(_) => None,
        }
    }

    /// Whether it is certain that WeChat did nothing.
    #[must_use]
    pub const fn is_certain(&self) -> bool {
        match self {
            Self::Refused(_) | Self::NotSet(_) | Self::Lost(Lost::NotReached(_) | Lost::NotMade(_)) => true,
            Self::Lost(Lost::Cut(_) | Lost::TimedOut | Lost::TooLong(_))
            | Self::Status(_)
            | Self::Unreadable(_) => false,
        }
    }
}

/// WeChat's refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// `errcode`.
    pub code: i64,
    /// `errmsg`, WeChat's own words for the log: 200 characters at most.
    pub message: String,
    /// What the code means here.
    pub reason: Reason,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}). {}", self.code, self.message, self.reason.advice())
    }
}

/// Why WeChat refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// WeChat is busy.
    Busy,
    /// The token is not one, no longer one, or not the newest.
    Token,
    /// AppID or AppSecret are not right.
    Account,
    /// This machine's address is not on the account's list.
    Address,
    /// Too many requests.
    TooOften,
    /// The account may not do this.
    NotAllowed,
    /// A code that was used, is too old, or never was one.
    UsedCode,
    /// The person is blocked as a risk.
    Blocked,
    /// A media that is no longer there, or never was.
    Media,
    /// An openid of another account, or none.
    Openid,
    /// A template that is not this account's.
    Template,
    /// A page that can't be opened.
    Page,
    /// The person did not consent, or their consent is used up.
    NoConsent,
    /// What was sent is not as the template wants it.
    Data,
    /// Anything else.
    Other,
}

impl Reason {
    /// Every reason.
    pub const ALL: &'static [Self] = &[
        Self::Busy,
        Self::Token,
        Self::Account,
        Self::Address,
        Self::TooOften,
        Self::NotAllowed,
        Self::UsedCode,
        Self::Blocked,
        Self::Media,
        Self::Openid,
        Self::Template,
        Self::Page,
        Self::NoConsent,
        Self::Data,
        Self::Other,
    ];

    /// The reason of a code.
    #[must_use]
    pub const fn of(code: i64) -> Self {
        match code {
            -1 => Self::Busy,
            40_001 | 40_014 | 41_001 | 42_001 => Self::Token,
            40_002 | 40_013 | 40_125 | 40_243 | 41_002 | 41_004 => Self::Account,
            40_164 | 61_004 => Self::Address,
            45_009 | 45_011 | 45_047 => Self::TooOften,
            43_107 | 48_001 | 48_004 | 50_002 => Self::NotAllowed,
            40_029 | 40_163 | 41_008 | 42_003 => Self::UsedCode,
            40_226 => Self::Blocked,
            40_007 | 41_006 => Self::Media,
            40_003 | 43_004 => Self::Openid,
            40_037 => Self::Template,
            40_048 | 41_030 => Self::Page,
            43_101 => Self::NoConsent,
            45_168 | 47_001 | 47_003 => Self::Data,
            _ => Self::Other,
        }
    }

    /// What to do.
    #[must_use]
    pub const fn advice(self) -> &'static str {
        match self {
            Self::Busy => "Ask again in a moment",
            Self::Token => {
                "See that no other program takes tokens for this account in the old way (/cgi-bin/token)"
            }
            Self::Account => "Compare appid and secret in WeChat's file with those on WeChat's platform",
            Self::Address => "Add this server's address to the account's IP白名单 on WeChat's platform",
            Self::TooOften => "Wait; the account's limits stand on WeChat's platform",
            Self::NotAllowed => {
                "See on WeChat's platform whether the account has this right and is not restricted"
            }
            Self::UsedCode => "Let the person begin anew: each code is good once, for five minutes",
            Self::Blocked => "Let the person go on without WeChat: it blocks them as a risk",
            Self::Media => "Let the person send it again: WeChat keeps a media for three days",
            Self::Openid => "Use the openid that this account was given: each account has others",
            Self::Template => "Compare the template's id in WeChat's file with that on WeChat's platform",
            Self::Page => "See that the page exists and lies on an address that is set on WeChat's platform",
            Self::NoConsent => "Send no more until the person consents again",
            Self::Data => "Compare the template's fields in WeChat's file with those on WeChat's platform",
            Self::Other => "Look the code up in WeChat's list of 全局返回码",
        }
    }
}

/// What an answer refuses with, if it is a refusal: WeChat says so with status 200.
pub(crate) fn refusal(body: &[u8]) -> Option<Refusal> {
    #[derive(Deserialize)]
    struct Said {
        errcode: i64,
        #[serde(default)]
        errmsg: String,
    }
    let said: Said = serde_json::from_slice(body).ok()?;
    let reason = Reason::of(said.errcode);
    (said.errcode != 0).then(|| Refusal { code: said.errcode, message: short(&said.errmsg, 200), reason })
}

/// The answer, once it is neither a refusal nor of another status.
pub(crate) fn checked(came: Came) -> Result<Came, Failure> {
    if came.status != hyper::StatusCode::OK {
        return Err(Failure::Status(came.status.as_u16()));
    }
    refusal(&came.body).map_or(Ok(came), |refusal| Err(Failure::Refused(refusal)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reason_has_an_advice_of_its_own_and_a_code() {
        for (n, reason) in Reason::ALL.iter().enumerate() {
            let same = Reason::ALL.iter().position(|other| other.advice() == reason.advice());
            assert_eq!(same, Some(n), "{reason:?}");
            assert!((-1..70_000).any(|code| Reason::of(code) == *reason), "{reason:?}");
        }
    }

    #[test]
    fn a_refusal_is_a_code_that_is_not_zero() {
        let token = refusal(br#"{"errcode":40001,"errmsg":"invalid\ncredential"}"#).unwrap();
        assert_eq!((token.code, token.message.as_str()), (40_001, "invalid credential"));
        assert!(token.to_string().contains("/cgi-bin/token"), "{token}");
        for not in
            [&br#"{"errcode":0,"errmsg":"ok"}"#[..], b"{}", b"", b"\xff\xd8\xff", br#"{"errcode":"40001"}"#]
        {
            assert_eq!(refusal(not), None);
        }
    }

    #[test]
    fn only_what_was_never_sent_or_was_refused_is_certain() {
        assert!(Failure::Lost(Lost::NotReached(String::new())).is_certain());
        let refusal = Refusal { code: 43_101, message: String::new(), reason: Reason::NoConsent };
        assert!(Failure::Refused(refusal).is_certain());
        for doubt in
            [Failure::Lost(Lost::TimedOut), Failure::Lost(Lost::Cut(String::new())), Failure::Status(500)]
        {
            assert!(!doubt.is_certain(), "{doubt}");
        }
    }
}
