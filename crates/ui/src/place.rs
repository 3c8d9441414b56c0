//! Which place a program runs in, told from what it says of itself: the only such question that is asked anywhere.

use woodlark_domain::Door;

/// A place that the app runs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A browser, and any webview as far as the plain web goes in it.
    Browser,
    /// A page inside WeChat.
    Wechat,
    /// A mini-program's web-view inside WeChat.
    MiniProgram,
    /// A device at a service station, enrolled by an administrator.
    Kiosk,
}

/// What a place shows of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Signs<'a> {
    /// The device was enrolled as a kiosk: a token says so, never what the browser calls itself.
    pub enrolled: bool,
    /// What the browser calls itself.
    pub agent: &'a str,
    /// What WeChat's bridge says the surrounding is, once it is there. Outside mini-programs iOS says `browser`.
    pub bridge: Option<&'a str>,
    /// The address's query: the shell of our mini-program opens us with `from=mp`.
    pub query: &'a str,
}

impl Place {
    /// Which place shows these signs. The order matters: Enterprise WeChat calls itself WeChat as well.
    #[must_use]
    pub fn of(signs: &Signs<'_>) -> Self {
        let says = |word| signs.agent.contains(word);
        if signs.enrolled {
            Self::Kiosk
        } else if says("wxwork") || !says("MicroMessenger") {
            Self::Browser
        } else if says("miniProgram/") || signs.bridge == Some("miniprogram") || from_shell(signs.query) {
            Self::MiniProgram
        } else {
            Self::Wechat
        }
    }

    /// The door that reports come in by.
    #[must_use]
    pub const fn door(self) -> Door {
        match self {
            Self::Browser => Door::Browser,
            Self::Wechat | Self::MiniProgram => Door::Wechat,
            Self::Kiosk => Door::Kiosk,
        }
    }

    /// What the style knows it by.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Browser => "browser",
            Self::Wechat => "wechat",
            Self::MiniProgram => "mini",
            Self::Kiosk => "kiosk",
        }
    }
}

fn from_shell(query: &str) -> bool {
    query.trim_start_matches('?').split('&').any(|pair| pair == "from=mp")
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANDROID: &str = "Mozilla/5.0 (Linux; Android 14; wv) AppleWebKit/537.36 Chrome/142.0.7444.173 Mobile Safari/537.36 \
                           XWEB/1420193 MicroMessenger/8.0.66.2980(0x28004252) WeChat/arm64 Weixin NetType/WIFI Language/zh_CN";
    const IPHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 \
                          MicroMessenger/8.0.50(0x1800322d) NetType/4G Language/zh_CN";

    fn of(agent: &str, bridge: Option<&str>, query: &str) -> Place {
        Place::of(&Signs { enrolled: false, agent, bridge, query })
    }

    #[test]
    fn b01_to_b04_each_place_is_told_from_its_signs_in_their_order() {
        let safari = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Safari/604.1";
        let in_mini = [ANDROID, " miniProgram/wx0123456789abcdef"].concat();
        let asks = [ANDROID, " MiniProgramEnv/android"].concat();
        let at_work = ["wxwork/4.1.22 ", IPHONE, " MicroMessenger/7.0.1"].concat();
        let table = [
            (safari, None, "", Place::Browser),
            (safari, Some("miniprogram"), "?from=mp", Place::Browser),
            (ANDROID, None, "", Place::Wechat),
            (IPHONE, Some("browser"), "", Place::Wechat),
            (IPHONE, Some("miniprogram"), "", Place::MiniProgram),
            (IPHONE, None, "?from=mp&kind=praise", Place::MiniProgram),
            (IPHONE, None, "?from=mpx", Place::Wechat),
            (&in_mini, None, "", Place::MiniProgram),
            (&asks, None, "", Place::Wechat),
            (&at_work, Some("miniprogram"), "?from=mp", Place::Browser),
            ("", None, "", Place::Browser),
        ];
        for (agent, bridge, query, place) in table {
            assert_eq!(of(agent, bridge, query), place, "{agent} {bridge:?} {query}");
        }
        // No name makes a kiosk, and a kiosk is one whatever it is called.
        let kiosk = Signs { enrolled: true, agent: ANDROID, ..Signs::default() };
        assert_eq!(Place::of(&kiosk), Place::Kiosk);
        assert_eq!(of("kiosk woodlark-kiosk", None, "?place=kiosk"), Place::Browser);
    }

    #[test]
    fn every_place_has_a_door_of_its_own_but_both_of_wechat() {
        let doors = [Place::Browser, Place::Wechat, Place::MiniProgram, Place::Kiosk].map(Place::door);
        assert_eq!(doors, [Door::Browser, Door::Wechat, Door::Wechat, Door::Kiosk]);
    }
}
