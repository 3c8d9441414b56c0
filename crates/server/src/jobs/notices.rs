//! Tells residents in WeChat what their cases came to, once for each consent. Whichever server takes a message up has written down
//! that it may be on its way before it is.

use crate::app::App;
use crate::messages::say;
use std::convert::Infallible;
use woodlark_domain::Language;
use woodlark_store::notices::{self, Going, Word};
use woodlark_store::{Halt, WriteError};
use woodlark_wechat::{Client, Consent, NotSent, Openid, PageUrl, Phrase, Progress, To};
use woodlark_wire::path::case_page;

/// Messages of one turn.
const TOGETHER: usize = 50;

/// One turn: sends what is to go. Without a template nothing goes.
pub async fn turn(app: App) {
    let Some((wechat, appid)) = app.wechat.clone().zip(app.tells_by()) else { return };
    let now = app.clock.now();
    match app.store.read(move |conn| notices::is_due(conn, now)).await {
        Ok(true) => {}
        Ok(false) => return,
        Err(error) => return tracing::warn!(%error, "what is to be told in WeChat could not be read"),
    }
    let claim = move |tx: &mut _| Ok::<_, Halt<Infallible>>(notices::claim(tx, &appid, now, TOGETHER)?);
    let going = match app.store.write(claim).await {
        Ok(going) => going,
        Err(error) => return tracing::warn!(%error, "what is to be told in WeChat could not be taken up"),
    };
    for one in going {
        let word = send(&app, &wechat, &one).await;
        if let Err(error) = take_down(&app, one.id, word).await {
            tracing::warn!(%error, "what became of a message could not be kept; it is not sent again");
        }
    }
}

/// Sends one. What can't even be written is certainly not sent.
async fn send(app: &App, wechat: &Client, one: &Going) -> Word {
    let account = wechat.account();
    // The template's own words are Chinese, whatever the reader's language.
    let words = |section, key| say(Language::Zh, section, key);
    let code = one.outcome.code();
    let (Ok(openid), Ok(state)) = (one.openid.parse::<Openid>(), words("state", code).parse::<Phrase>())
    else {
        return Word::Gone;
    };
    let page = PageUrl::new(account, &[account.site(), case_page(one.case)].concat()).ok();
    let city = app.city();
    let category = one.category.as_ref().and_then(|category| city.category_name(category, one.filed_at));
    let title = category.map_or(words("kind", one.kind.code()), |name| name.zh.as_str());
    let progress = Progress { case: &one.number, title, state, at: one.at, note: words("news", code) };
    let to = To::Official { openid: &openid, page: page.as_ref() };
    match wechat.notify(to, &progress, app.clock.now()).await {
        Ok(()) => Word::Sent,
        Err(error) => {
            tracing::warn!(case = %one.case, %error, "a resident was not told in WeChat");
            word(&error)
        }
    }
}

const fn word(error: &NotSent) -> Word {
    match error.consent() {
        Consent::Kept => Word::Kept,
        Consent::Gone => Word::Gone,
        Consent::Unknown => Word::Unknown,
    }
}

async fn take_down(app: &App, id: Vec<u8>, word: Word) -> Result<(), WriteError<Infallible>> {
    let now = app.clock.now();
    app.store.write(move |tx| Ok::<_, Halt<Infallible>>(notices::heard(tx, &id, word, now)?)).await
}
