//! The way to WeChat and back: the state that goes along, and the page that people come back to.

use crate::api::session::keyed_hash;
use crate::app::App;
use crate::edge::{ApiError, ApiResult, Visitor};
use axum::extract::{RawQuery, State as Shared};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;
use woodlark_domain::{Timestamp, UserId};
use woodlark_store::redeem::{self, WechatAccount};
use woodlark_store::{Halt, WriteError};
use woodlark_wechat::oauth::returned;
use woodlark_wechat::{
    Account, AccountError, Client, ClientError, Identity, Limits, LoginError, State, Visitor as Brought,
};
use woodlark_wire::path::THANKS_PAGE;

/// Where people come back to.
pub const RETURN: &str = "/wechat/return";
/// How long they may be away.
pub const AWAY: i64 = 10 * Timestamp::MINUTE;
/// Hexadecimal digits of a moment, before those of the hash.
const MOMENT_DIGITS: usize = 16;

/// Why nothing of WeChat is offered from here.
#[derive(Debug, thiserror::Error)]
pub enum WechatError {
    /// The account's file.
    #[error(transparent)]
    Account(#[from] AccountError),
    /// TLS.
    #[error(transparent)]
    Client(#[from] ClientError),
}

/// Reads the account's file.
///
/// # Errors
/// [`WechatError`].
pub fn read(path: &Path) -> Result<Client, WechatError> {
    Ok(Client::new(Arc::new(Account::read(path)?), Limits::default())?)
}

/// A state for one session: until when it is good, and a hash of both that only we can make. It needs no place in the database:
/// nobody but that session can use it, and each code that comes with it is good once by WeChat's own word.
pub(crate) fn new_state(app: &App, session: &[u8; 32]) -> Option<State> {
    state_until(app, session, app.clock.now().plus(AWAY))
}

fn state_until(app: &App, session: &[u8; 32], until: Timestamp) -> Option<State> {
    let hex = |bytes: &[u8]| {
        bytes.iter().fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
    };
    let until = hex(&until.0.to_be_bytes());
    let proof = keyed_hash(app, &["wechat state", &until, &hex(session)]);
    [until, hex(&proof)].concat().parse().ok()
}

/// The state that this session must bring, if what is brought is not too old.
fn expected(app: &App, session: &[u8; 32], query: &str) -> Option<State> {
    let brought = query.split('&').find_map(|pair| pair.strip_prefix("state="))?;
    let until = Timestamp(i64::from_str_radix(brought.get(..MOMENT_DIGITS)?, 16).ok()?);
    (app.clock.now() < until).then(|| state_until(app, session, until)).flatten()
}

/// How coming back ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Back {
    Linked,
    Denied,
    /// WeChat showed a snapshot of the page: whoever looks at it is nobody.
    Snapshot,
    Failed,
}

/// They come back from WeChat. Whatever comes of it, they go on to the page of thanks at once, so that neither code nor state
/// stays in an address.
pub async fn come_back(
    Shared(app): Shared<App>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> ApiResult<Response> {
    let client = app.wechat.as_deref().ok_or_else(ApiError::not_found)?;
    let query = query.unwrap_or_default();
    let back = match visitor.user.zip(visitor.token_hash) {
        Some((user, session)) => back(&app, client, (user, &session), &query).await,
        None => Back::Failed,
    };
    let word = match back {
        // A browser keeps the `#wechat_redirect` of the way there until a page writes its address anew, as that one does for this.
        Back::Linked => "?wechat=linked",
        Back::Denied => "?wechat=denied",
        Back::Snapshot => "?wechat=snapshot",
        Back::Failed => "?wechat=failed",
    };
    let headers = [
        (header::LOCATION, [THANKS_PAGE, word].concat()),
        (header::CACHE_CONTROL, "no-store".to_owned()),
        (header::REFERRER_POLICY, "no-referrer".to_owned()),
    ];
    Ok((StatusCode::SEE_OTHER, headers).into_response())
}

async fn back(app: &App, client: &Client, (user, session): (UserId, &[u8; 32]), query: &str) -> Back {
    let code = match expected(app, session, query).map(|state| returned(query, &state)) {
        Some(Ok(code)) => code,
        Some(Err(LoginError::Denied)) => return Back::Denied,
        Some(Err(_)) | None => return Back::Failed,
    };
    match client.login(&code).await {
        Ok(Brought::Known(identity)) => match link(app, client, user, identity).await {
            Ok(_) => Back::Linked,
            Err(error) => {
                tracing::warn!(%error, "a WeChat account could not be linked");
                Back::Failed
            }
        },
        Ok(Brought::Snapshot) => Back::Snapshot,
        // WeChat may come twice with one code; what the first did is done.
        Err(LoginError::UsedCode) if is_linked(app, client, user).await => Back::Linked,
        Err(error) => {
            tracing::warn!(%error, "WeChat did not say who came");
            Back::Failed
        }
    }
}

async fn is_linked(app: &App, client: &Client, user: UserId) -> bool {
    let appid = client.account().appid().to_owned();
    let linked = app.store.read(move |conn| redeem::linked_openid(conn, user, &appid)).await;
    linked.is_ok_and(|openid| openid.is_some())
}

async fn link(
    app: &App,
    client: &Client,
    user: UserId,
    identity: Identity,
) -> Result<UserId, WriteError<core::convert::Infallible>> {
    let (appid, now) = (client.account().appid().to_owned(), app.clock.now());
    app.store
        .write(move |tx| {
            let account = WechatAccount {
                appid: &appid,
                openid: identity.openid.as_str(),
                unionid: identity.unionid.as_ref().map(woodlark_wechat::Unionid::as_str),
            };
            Ok::<_, Halt<_>>(redeem::link_wechat(tx, user, &account, now)?)
        })
        .await
}
