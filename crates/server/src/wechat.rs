//! The way to WeChat and back: the state that goes along, and the pages that people come back to.

use crate::api::session::keyed_hash;
use crate::app::App;
use crate::edge::{ApiError, ApiResult, Visitor};
use axum::extract::{RawQuery, State as Shared};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::path::Path;
use std::sync::Arc;
use woodlark_domain::{CaseId, Timestamp, UserId};
use woodlark_ledger::bytes::{from_hex, to_hex};
use woodlark_store::redeem::{self, WechatAccount};
use woodlark_store::{Halt, WriteError};
use woodlark_wechat::oauth::returned;
use woodlark_wechat::{
    Account, AccountError, Client, ClientError, Identity, Limits, LoginError, State, Visitor as Brought,
};
use woodlark_wire::path::{SETTINGS_PAGE, THANKS_PAGE, case_page, sent_page};
use woodlark_wire::{WechatBack, WechatLink};

/// Where people come back to.
pub const RETURN: &str = "/wechat/return";
/// How long they may be away.
pub const AWAY: i64 = 10 * Timestamp::MINUTE;
/// Hexadecimal digits of a moment, before those of the hash.
const MOMENT_DIGITS: usize = 16;
/// Hexadecimal digits of that hash; behind them stands the page.
const PROOF_DIGITS: usize = 64;

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

/// What is kept of a ticket of the mini-program.
pub(crate) fn ticket_hash(app: &App, ticket: &str) -> [u8; 32] {
    keyed_hash(app, &["wechat ticket", ticket])
}

/// A page of ours that people come back to: no other address can stand in a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Page {
    Thanks,
    Settings,
    Sent(CaseId),
    Case(CaseId),
}

impl Page {
    /// The page that was asked for; none where it lacks its case.
    pub(crate) fn asked(link: &WechatLink) -> Option<Self> {
        Some(match (link.back, link.case) {
            (WechatBack::Thanks, _) => Self::Thanks,
            (WechatBack::Settings, _) => Self::Settings,
            (WechatBack::Sent, case) => Self::Sent(case?),
            (WechatBack::Case, case) => Self::Case(case?),
        })
    }

    /// As it stands in a state: letters and digits.
    fn code(self) -> String {
        match self {
            Self::Thanks => "t".to_owned(),
            Self::Settings => "s".to_owned(),
            Self::Sent(case) => ["n", &to_hex(case.as_bytes())].concat(),
            Self::Case(case) => ["c", &to_hex(case.as_bytes())].concat(),
        }
    }

    fn read(code: &str) -> Option<Self> {
        let case = || from_hex(code.get(1..)?).map(CaseId::from_bytes);
        match code.get(..1)? {
            "t" if code.len() == 1 => Some(Self::Thanks),
            "s" if code.len() == 1 => Some(Self::Settings),
            "n" => Some(Self::Sent(case()?)),
            "c" => Some(Self::Case(case()?)),
            _ => None,
        }
    }

    fn address(self) -> String {
        match self {
            Self::Thanks => THANKS_PAGE.to_owned(),
            Self::Settings => SETTINGS_PAGE.to_owned(),
            Self::Sent(case) => sent_page(case),
            Self::Case(case) => case_page(case),
        }
    }
}

/// A state for one session: until when it is good, a hash that only we can make, and where its owner goes on. It needs no place in
/// the database: nobody but that session can use it, and each code that comes with it is good once by WeChat's own word.
pub(crate) fn new_state(app: &App, session: &[u8; 32], back: Page) -> Option<State> {
    state_until(app, session, app.clock.now().plus(AWAY), back)
}

fn state_until(app: &App, session: &[u8; 32], until: Timestamp, back: Page) -> Option<State> {
    let (until, back) = (to_hex(&until.0.to_be_bytes()), back.code());
    let proof = keyed_hash(app, &["wechat state", &until, &to_hex(session), &back]);
    [until, to_hex(&proof), back].concat().parse().ok()
}

/// What was brought back, if it is this session's own.
struct Returned {
    state: State,
    back: Page,
    in_time: bool,
}

fn own_state(app: &App, session: &[u8; 32], query: &str) -> Option<Returned> {
    let brought = query.split('&').find_map(|pair| pair.strip_prefix("state="))?;
    let until = Timestamp(i64::from_str_radix(brought.get(..MOMENT_DIGITS)?, 16).ok()?);
    let back = Page::read(brought.get(MOMENT_DIGITS + PROOF_DIGITS..)?)?;
    let state = state_until(app, session, until, back)?;
    (state.as_str() == brought).then(|| Returned { state, back, in_time: app.clock.now() < until })
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

/// They come back from WeChat. Whatever comes of it, they go on to the page that they left at once, so that neither code nor state
/// stays in an address. Whose state is not their own goes to the page of thanks.
pub async fn come_back(
    Shared(app): Shared<App>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> ApiResult<Response> {
    let client = app.wechat.as_deref().ok_or_else(ApiError::not_found)?;
    let query = query.unwrap_or_default();
    let own = visitor.user.zip(visitor.token_hash);
    let own = own.and_then(|(user, session)| Some((user, own_state(&app, &session, &query)?)));
    let (page, back) = match own {
        Some((user, returned)) => (returned.back, back(&app, client, user, &returned, &query).await),
        None => (Page::Thanks, Back::Failed),
    };
    let word = match back {
        // A browser keeps the `#wechat_redirect` of the way there until a page writes its address anew, as each of these does.
        Back::Linked => "?wechat=linked",
        Back::Denied => "?wechat=denied",
        Back::Snapshot => "?wechat=snapshot",
        Back::Failed => "?wechat=failed",
    };
    let headers = [
        (header::LOCATION, [page.address().as_str(), word].concat()),
        (header::CACHE_CONTROL, "no-store".to_owned()),
        (header::REFERRER_POLICY, "no-referrer".to_owned()),
    ];
    Ok((StatusCode::SEE_OTHER, headers).into_response())
}

async fn back(app: &App, client: &Client, user: UserId, own: &Returned, query: &str) -> Back {
    if !own.in_time {
        return Back::Failed;
    }
    let code = match returned(query, &own.state) {
        Ok(code) => code,
        Err(LoginError::Denied) => return Back::Denied,
        Err(_) => return Back::Failed,
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
