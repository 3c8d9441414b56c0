//! What can be asked of WeChat, and what can go wrong with it: each by name.

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Call {
    /// An access token.
    StableToken,
    /// The ticket of pages.
    GetTicket,
    /// A browser is sent to say who somebody is.
    Authorize,
    /// Who brought a code from a page.
    AccessToken,
    /// Who brought a code from the mini-program.
    JsCode2Session,
    /// A media.
    MediaGet,
    /// A message of the service account.
    BizSend,
    /// A message of the mini-program.
    Send,
    /// The page script.
    Sdk,
}

impl Call {
    /// Every call.
    pub const ALL: &'static [Self] = &[
        Self::StableToken,
        Self::GetTicket,
        Self::Authorize,
        Self::AccessToken,
        Self::JsCode2Session,
        Self::MediaGet,
        Self::BizSend,
        Self::Send,
        Self::Sdk,
    ];

    /// Its method and path.
    #[must_use]
    pub const fn route(self) -> (&'static str, &'static str) {
        match self {
            Self::StableToken => ("POST", "/cgi-bin/stable_token"),
            Self::GetTicket => ("GET", "/cgi-bin/ticket/getticket"),
            Self::Authorize => ("GET", "/connect/oauth2/authorize"),
            Self::AccessToken => ("GET", "/sns/oauth2/access_token"),
            Self::JsCode2Session => ("GET", "/sns/jscode2session"),
            Self::MediaGet => ("GET", "/cgi-bin/media/get"),
            Self::BizSend => ("POST", "/cgi-bin/message/subscribe/bizsend"),
            Self::Send => ("POST", "/cgi-bin/message/subscribe/send"),
            Self::Sdk => ("GET", "/jweixin-1.6.0.js"),
        }
    }
}

/// What the stand-in does wrong at the next call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fault {
    /// 40001: the token is not the newest; nothing was done.
    InvalidToken,
    /// 42001: the token is at its end; nothing was done.
    ExpiredToken,
    /// 45009: too many calls; nothing was done.
    TooOften,
    /// -1: busy; nothing was done.
    Busy,
    /// 500, and nothing was done.
    ServerError,
    /// The connection is cut, and nothing was done.
    Cut,
    /// Done, but the connection is cut in the middle of the answer.
    CutWithin,
    /// Done, but there is no answer until the stand-in is told to go on.
    Held,
    /// Done, and the answer is something else than JSON, photo, sound or script.
    Garbage,
    /// Done, and the answer is empty.
    Empty,
    /// Done, and the answer is longer than anyone reads.
    TooLong,
}

impl Fault {
    /// Every fault.
    pub const ALL: &'static [Self] = &[
        Self::InvalidToken,
        Self::ExpiredToken,
        Self::TooOften,
        Self::Busy,
        Self::ServerError,
        Self::Cut,
        Self::CutWithin,
        Self::Held,
        Self::Garbage,
        Self::Empty,
        Self::TooLong,
    ];

    /// The code that is answered; then nothing was done.
    #[must_use]
    pub const fn code(self) -> Option<i64> {
        match self {
            Self::InvalidToken => Some(40_001),
            Self::ExpiredToken => Some(42_001),
            Self::TooOften => Some(45_009),
            Self::Busy => Some(-1),
            Self::ServerError
            | Self::Cut
            | Self::CutWithin
            | Self::Held
            | Self::Garbage
            | Self::Empty
            | Self::TooLong => None,
        }
    }

    /// Whether what was asked for is done all the same.
    #[must_use]
    pub const fn is_done(self) -> bool {
        matches!(self, Self::CutWithin | Self::Held | Self::Garbage | Self::Empty | Self::TooLong)
    }
}
