//! One question and its answer. A question that needs a token is asked once more, with another token, where WeChat did not take
//! the first: then WeChat did nothing, so that nothing is done twice.

use crate::account::{Account, App, Keys};
use crate::failure::{Failure, Reason, checked};
use crate::token::{AsyncFetch, Fetched, Secret, Slot};
use bytes::Bytes;
use core::fmt;
use form_urlencoded::Serializer;
use http_body_util::Full;
use hyper::header::{ACCEPT, CONTENT_TYPE, USER_AGENT};
use hyper::{Method, Request};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::sync::Arc;
use tokio_rustls::rustls::{self, RootCertStore};
use woodlark_domain::Timestamp;
use woodlark_outward::{Came, Limits, Lost};

/// The most bytes of an answer that is no media.
pub const ANSWER_BYTES_MAX: usize = 64 * 1024;
/// The most characters of a token: WeChat asks for room for 512.
const TOKEN_MAX: usize = 1_024;
/// The longest that a token is believed to be good, in seconds.
const SECONDS_MAX: i64 = 24 * 3_600;

/// TLS can't be set up.
#[derive(Debug, thiserror::Error)]
#[error("TLS towards WeChat can't be set up: {0}")]
pub struct ClientError(#[from] rustls::Error);

/// Asks WeChat for our accounts. Copies of it share what they hold.
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
}

struct Shared {
    account: Arc<Account>,
    outward: woodlark_outward::Client,
    official: Slot,
    mini: Slot,
    ticket: Slot,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("account", &self.shared.account).finish_non_exhaustive()
    }
}

/// A question, but for its token.
pub(crate) struct Ask<'a> {
    pub(crate) path: &'static str,
    pub(crate) query: &'a [(&'static str, &'a str)],
    /// JSON that is posted; without it, it is only asked for.
    pub(crate) body: Option<Bytes>,
    /// The most bytes of an answer.
    pub(crate) longest: usize,
}

impl Client {
    /// A client that trusts the public authorities.
    ///
    /// # Errors
    /// [`ClientError`] where TLS can't be set up.
    pub fn new(account: Arc<Account>, limits: Limits) -> Result<Self, ClientError> {
        Ok(Self::by(account, woodlark_outward::Client::new(limits)?))
    }

    /// A client that trusts these authorities and no others: behind a proxy of one's own, and in tests.
    ///
    /// # Errors
    /// [`ClientError`] where TLS can't be set up.
    pub fn trusting(
        account: Arc<Account>,
        limits: Limits,
        roots: RootCertStore,
    ) -> Result<Self, ClientError> {
        Ok(Self::by(account, woodlark_outward::Client::trusting(limits, roots)?))
    }

    fn by(account: Arc<Account>, outward: woodlark_outward::Client) -> Self {
        let (official, mini, ticket) = Default::default();
        Self { shared: Arc::new(Shared { account, outward, official, mini, ticket }) }
    }

    /// Our accounts.
    #[must_use]
    pub fn account(&self) -> &Account {
        &self.shared.account
    }

    pub(crate) fn keys(&self, app: App) -> Result<&Keys, Failure> {
        self.account().keys(app).ok_or(Failure::NotSet("[mini]"))
    }

    /// The ticket that pages are signed with.
    pub(crate) async fn ticket(&self, now: Timestamp) -> Result<Secret, Failure> {
        #[derive(Deserialize)]
        struct Said {
            ticket: String,
            expires_in: i64,
        }
        let fetch = async {
            let ask = Ask {
                path: "/cgi-bin/ticket/getticket",
                query: &[("type", "jsapi")],
                body: None,
                longest: ANSWER_BYTES_MAX,
            };
            let said: Said = read(&self.ask_as(App::Official, &ask, now).await?, "it is no ticket")?;
            good(said.ticket, said.expires_in)
        };
        self.shared.ticket.get(now, fetch).await
    }

    /// Asks with an account's token, and once more with another where WeChat did not take the first.
    pub(crate) async fn ask_as(&self, app: App, ask: &Ask<'_>, now: Timestamp) -> Result<Came, Failure> {
        let fetch = Token { client: self, app };
        let slot = match app {
            App::Official => &self.shared.official,
            App::Mini => &self.shared.mini,
        };
        let token = slot.get(now, fetch.fetch(false)).await?;
        let first = self.ask(ask, Some(&token)).await;
        match first {
            Err(failure) if failure.reason() == Some(Reason::Token) => {
                match slot.other(now, &token, fetch).await? {
                    Some(other) => self.ask(ask, Some(&other)).await,
                    None => Err(failure),
                }
            }
            first => first,
        }
    }

    /// Asks once.
    pub(crate) async fn ask(&self, ask: &Ask<'_>, token: Option<&Secret>) -> Result<Came, Failure> {
        let request = ask.request(token)?;
        checked(self.shared.outward.send(&self.account().api, request, ask.longest).await?)
    }
}

impl Ask<'_> {
    /// The request: a token goes where WeChat wants it, into the address.
    fn request(&self, token: Option<&Secret>) -> Result<Request<Full<Bytes>>, Lost> {
        let mut query = Serializer::new(String::new());
        query.extend_pairs(token.map(|token| ("access_token", token.0.as_str())));
        query.extend_pairs(self.query);
        let query = query.finish();
        let mark = if query.is_empty() { "" } else { "?" };
        let mut request = Request::builder()
            .method(if self.body.is_some() { Method::POST } else { Method::GET })
            .uri(format!("{}{mark}{query}", self.path))
            .header(ACCEPT, "*/*")
            .header(USER_AGENT, concat!("woodlark-wechat/", env!("CARGO_PKG_VERSION")));
        if self.body.is_some() {
            request = request.header(CONTENT_TYPE, "application/json");
        }
        let body = Full::new(self.body.clone().unwrap_or_default());
        request.body(body).map_err(|_| Lost::NotMade("its address can't be written"))
    }
}

/// The token of an account, as it is fetched.
struct Token<'a> {
    client: &'a Client,
    app: App,
}

impl AsyncFetch for Token<'_> {
    async fn fetch(&self, force: bool) -> Result<Fetched, Failure> {
        #[derive(Deserialize)]
        struct Said {
            access_token: String,
            expires_in: i64,
        }
        let keys = self.client.keys(self.app)?;
        let body = serde_json::json!({
            "grant_type": "client_credential",
            "appid": keys.appid,
            "secret": keys.secret,
            "force_refresh": force,
        });
        let ask = Ask {
            path: "/cgi-bin/stable_token",
            query: &[],
            body: Some(body.to_string().into()),
            longest: ANSWER_BYTES_MAX,
        };
        let mut came = self.client.ask(&ask, None).await;
        // Where no token was sent, the code that else means the token means the secret.
        if let Err(Failure::Refused(refusal)) = &mut came
            && refusal.reason == Reason::Token
        {
            refusal.reason = Reason::Account;
        }
        let came = came?;
        let said: Said = read(&came, "it is no token")?;
        good(said.access_token, said.expires_in)
    }
}

/// A secret as it may be: neither empty nor without end.
fn good(text: String, seconds: i64) -> Result<Fetched, Failure> {
    let right = (1..=TOKEN_MAX).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
    if right && (1..=SECONDS_MAX).contains(&seconds) {
        Ok(Fetched { secret: Secret(text), seconds })
    } else {
        Err(Failure::Unreadable("its token or its time can't be used"))
    }
}

/// An answer in JSON.
pub(crate) fn read<T: DeserializeOwned>(came: &Came, not: &'static str) -> Result<T, Failure> {
    serde_json::from_slice(&came.body).map_err(|_| Failure::Unreadable(not))
}
