//! Who somebody is: the way to WeChat, the way back, and what WeChat says of the code that they bring.
//!
//! Only `snsapi_base` is asked for, which nobody has to confirm and which says an openid. A page that WeChat shows as a mere
//! snapshot has a visitor who does not exist ([`Visitor::Snapshot`]): they are a guest, and nothing is kept of them.

use crate::account::App;
use crate::client::{ANSWER_BYTES_MAX, Ask, Client, read};
use crate::failure::{Failure, Reason};
use crate::js_sign::PageUrl;
use core::fmt;
use core::str::FromStr;
use form_urlencoded::Serializer;
use serde::Deserialize;
use woodlark_outward::{Came, plain};

/// A text that is no state, code, openid or unionid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{name} is {rule}: take it as it was given")]
pub struct NotPlain {
    name: &'static str,
    rule: &'static str,
}

/// One text with a rule. `Debug` says only how it begins, or nothing of it.
macro_rules! text {
    ($(#[$doc:meta])* $name:ident, $shown:literal, $rule:literal, $begin:literal, |$text:ident| $right:expr) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = NotPlain;
            fn from_str($text: &str) -> Result<Self, NotPlain> {
                if $right { Ok(Self($text.to_owned())) } else { Err(NotPlain { name: $shown, rule: $rule }) }
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({}…)"), self.0.chars().take($begin).collect::<String>())
            }
        }
    };
}

text!(
    /// What goes to WeChat and comes back, so that nobody else can send somebody here with a code of their own. Made for one
    /// browser, kept there, good once.
    State, "a state", "1 to 128 letters and digits", 0, |text| plain(text, 128, |_| false)
);
text!(
    /// What somebody brings back from WeChat: good once, for five minutes.
    Code, "a code", "1 to 512 letters, digits and signs", 0,
    |text| (1..=512).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic())
);
text!(
    /// A person as one of our accounts knows them.
    Openid, "an openid", "1 to 64 letters, digits, - and _", 4,
    |text| plain(text, 64, |c| c == '-' || c == '_')
);
text!(
    /// A person as all our accounts know them.
    Unionid, "a unionid", "1 to 64 letters, digits, - and _", 4,
    |text| plain(text, 64, |c| c == '-' || c == '_')
);

/// A person, by WeChat's word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// As this account knows them.
    pub openid: Openid,
    /// As all our accounts know them; only where they are joined on the open platform.
    pub unionid: Option<Unionid>,
}

/// Who brought a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Visitor {
    /// Somebody.
    Known(Identity),
    /// Nobody: WeChat showed a snapshot of the page, and its ids are made up. A guest, without an account and without an entry
    /// in any book.
    Snapshot,
}

/// Why nobody was made known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LoginError {
    /// The way back does not belong to the way there.
    #[error("this does not come back from where it was sent: begin anew")]
    State,
    /// They said no.
    #[error("nothing was allowed in WeChat: go on as a guest")]
    Denied,
    /// The code is used, too old, or none.
    #[error("the code was used or is too old: begin anew")]
    UsedCode,
    /// WeChat blocks the person as a risk.
    #[error("WeChat blocks this person as a risk: go on as a guest")]
    Blocked,
    /// WeChat gave no answer.
    #[error(transparent)]
    Failed(#[from] Failure),
}

/// What somebody came back with: the query of the address that WeChat sent them to. Without a code they said no.
///
/// # Errors
/// [`LoginError::State`] where it does not carry this state, once; [`LoginError::Denied`] where it carries no code.
pub fn returned(query: &str, expected: &State) -> Result<Code, LoginError> {
    let all = |name: &str| {
        let pairs = form_urlencoded::parse(query.as_bytes());
        pairs.filter(|(key, _)| key == name).map(|(_, value)| value.into_owned()).collect::<Vec<_>>()
    };
    match all("state").as_slice() {
        [state] if *state == expected.0 => {}
        _ => return Err(LoginError::State),
    }
    match all("code").as_slice() {
        [code] if !code.is_empty() => code.parse().map_err(|_| LoginError::UsedCode),
        [] | [_] => Err(LoginError::Denied),
        _ => Err(LoginError::State),
    }
}

/// What is read of an answer. It says more than this: `session_key`, tokens. They are not needed, and so not kept.
#[derive(Deserialize)]
struct Said {
    openid: String,
    unionid: Option<String>,
    is_snapshotuser: Option<i64>,
}

impl Said {
    fn identity(self) -> Result<Identity, Failure> {
        let openid = self.openid.parse().map_err(|_| Failure::Unreadable("its openid is none"))?;
        let unionid = self.unionid.filter(|unionid| !unionid.is_empty());
        let unionid = unionid.map(|unionid| unionid.parse()).transpose();
        Ok(Identity { openid, unionid: unionid.map_err(|_| Failure::Unreadable("its unionid is none"))? })
    }
}

impl Client {
    /// Where somebody is sent so that WeChat says who they are. They come back to this page, with a code and this state, or with
    /// the state alone.
    #[must_use]
    pub fn authorize_url(&self, back_to: &PageUrl, state: &State) -> String {
        let account = self.account();
        let query = Serializer::new(String::new())
            .append_pair("appid", account.appid())
            .append_pair("redirect_uri", back_to.as_str())
            .append_pair("response_type", "code")
            .append_pair("scope", "snsapi_base")
            .append_pair("state", state.as_str())
            .finish();
        // WeChat opens nothing without this end.
        format!("{}/connect/oauth2/authorize?{query}#wechat_redirect", account.open.origin())
    }

    /// Who brought this code from a page in WeChat.
    ///
    /// # Errors
    /// [`LoginError`]; after silence the code may be used up, so that they begin anew.
    pub async fn login(&self, code: &Code) -> Result<Visitor, LoginError> {
        let said: Said = self.exchange(App::Official, "/sns/oauth2/access_token", "code", code).await?;
        // Whatever else stands there: ids of a snapshot are nobody's.
        if said.is_snapshotuser.is_some_and(|is| is != 0) {
            return Ok(Visitor::Snapshot);
        }
        Ok(Visitor::Known(said.identity()?))
    }

    /// Who brought this code from the mini-program.
    ///
    /// # Errors
    /// [`LoginError`]; after silence the code may be used up, so that they begin anew.
    pub async fn mini_login(&self, code: &Code) -> Result<Identity, LoginError> {
        let said: Said = self.exchange(App::Mini, "/sns/jscode2session", "js_code", code).await?;
        Ok(said.identity()?)
    }

    async fn exchange(
        &self,
        app: App,
        path: &'static str,
        name: &'static str,
        code: &Code,
    ) -> Result<Said, LoginError> {
        let keys = self.keys(app)?;
        let query = [
            ("appid", keys.appid.as_str()),
            ("secret", &keys.secret),
            (name, code.as_str()),
            ("grant_type", "authorization_code"),
        ];
        let ask = Ask { path, query: &query, body: None, longest: ANSWER_BYTES_MAX };
        let came: Result<Came, Failure> = self.ask(&ask, None).await;
        match came {
            Ok(came) => Ok(read(&came, "it names nobody")?),
            Err(failure) => Err(match failure.reason() {
                Some(Reason::UsedCode) => LoginError::UsedCode,
                Some(Reason::Blocked) => LoginError::Blocked,
                _ => LoginError::Failed(failure),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn back(query: &str) -> Result<Code, LoginError> {
        returned(query, &"S1".parse().unwrap())
    }

    #[test]
    fn the_way_back_needs_its_own_state_once() {
        assert_eq!(back("code=C1&state=S1").unwrap().as_str(), "C1");
        for wrong in [
            "",
            "code=C1",
            "code=C1&state=",
            "code=C1&state=S2",
            "state=S1&code=C1&state=S1",
            "code=a&code=b&state=S1",
        ] {
            assert_eq!(back(wrong), Err(LoginError::State), "{wrong}");
        }
    }

    #[test]
    fn a_state_without_a_code_is_a_no() {
        for denied in ["state=S1", "code=&state=S1"] {
            assert_eq!(back(denied), Err(LoginError::Denied), "{denied}");
        }
        assert_eq!(back("code=%0a&state=S1"), Err(LoginError::UsedCode));
    }

    #[test]
    fn ids_codes_and_states_are_not_printed() {
        let openid: Openid = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o".parse().unwrap();
        assert_eq!(format!("{openid:?}"), "Openid(oUpF…)");
        assert_eq!(format!("{:?}", "hush".parse::<Code>().unwrap()), "Code(…)");
        assert_eq!(format!("{:?}", "hush".parse::<State>().unwrap()), "State(…)");
        assert!("a b".parse::<Openid>().unwrap_err().to_string().contains("letters"));
    }

    proptest! {
        #[test]
        fn a_state_is_one_to_a_hundred_and_twenty_eight_letters_and_digits(text in "[0-9a-zA-Z_é-]{0,4}[0-9a-z]{0,126}") {
            let right = (1..=128).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric());
            prop_assert_eq!(text.parse::<State>().is_ok(), right);
        }

        #[test]
        fn whatever_comes_back_is_read_without_harm(query in "[ -~]{0,60}") {
            let _ = back(&query);
        }

        #[test]
        fn any_code_comes_through_an_address(code in "[!-~]{1,80}") {
            let query: String = form_urlencoded::Serializer::new(String::new())
                .append_pair("code", &code).append_pair("state", "S1").finish();
            prop_assert_eq!(back(&query).unwrap().0, code);
        }
    }
}
