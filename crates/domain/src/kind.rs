//! The closed lists everyone speaks in: kinds, states, roles, doors. Codes are stable; labels are data elsewhere.

/// A closed list: the enum, its codes, and the way between them.
macro_rules! closed_list {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $code)] $variant),+
        }

        impl $name {
            /// Every value, in the order of the list.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Its stable code, the same in the database, on the wire and in message keys.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// The value with this code.
            #[must_use]
            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}
pub(crate) use closed_list;

closed_list! {
    /// What a report is 类别.
    Kind {
        /// 问题发现: something is broken, dirty or unsafe (啄木鸟, the woodpecker).
        Problem = "problem",
        /// 意见建议: it could be better (翠鸟, the kingfisher).
        Suggestion = "suggestion",
        /// 表扬: somebody did well (百灵鸟, the lark).
        Praise = "praise",
    }
}

closed_list! {
    /// Where a case stands.
    State {
        /// 待受理: arrived, nobody has looked yet.
        Received = "received",
        /// 待派遣: filed as a case.
        Filed = "filed",
        /// 待签收: sent to a department.
        Dispatched = "dispatched",
        /// 处置中: the department is at it.
        Handling = "handling",
        /// 待核查: done, says the department; somebody else looks.
        Verifying = "verifying",
        /// 已结案: verified.
        Closed = "closed",
        /// 已归档: nothing more will happen.
        Settled = "settled",
        /// 不予受理, with a reason that the resident reads.
        Declined = "declined",
        /// 已并案: goes on under another case.
        Merged = "merged",
        /// 已撤回 by its reporter.
        Withdrawn = "withdrawn",
        /// 挂账: waits for a reason, its clock stopped.
        Deferred = "deferred",
        /// 已登墙: praise on the lark wall.
        Published = "published",
        /// 已转达: those praised have been told.
        Thanked = "thanked",
    }
}

closed_list! {
    /// What a person may be for a case.
    Role {
        /// A resident.
        Resident = "resident",
        /// 受理员.
        Acceptor = "acceptor",
        /// 派遣员.
        Dispatcher = "dispatcher",
        /// 处置人员 of a department.
        Handler = "handler",
        /// 核查员 or 网格员.
        Verifier = "verifier",
        /// 督办.
        Supervisor = "supervisor",
        /// Keeps the data; touches no case.
        Admin = "admin",
        /// The rules themselves and the clock: not a person.
        System = "system",
    }
}

closed_list! {
    /// Where a report came in 入口.
    Door {
        /// The web app in a browser.
        Browser = "browser",
        /// The plain HTML form, without the program.
        Form = "form",
        /// A WeChat webview.
        Wechat = "wechat",
        /// A kiosk at a service station.
        Kiosk = "kiosk",
        /// The Open311 interface.
        Open311 = "open311",
        /// Entered by staff.
        Staff = "staff",
    }
}

closed_list! {
    /// Who may see a case besides those it concerns.
    Visibility {
        /// Everyone, once it is filed; never who reported it.
        Public = "public",
        /// Its reporter and staff.
        Private = "private",
    }
}

closed_list! {
    /// The languages of the app.
    Language {
        /// 简体中文.
        Zh = "zh",
        /// English.
        En = "en",
    }
}

impl State {
    /// Whether nothing more can be done with the case.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Settled | Self::Declined | Self::Merged | Self::Withdrawn | Self::Thanked)
    }
}
