//! The page in the ZIP: to be read without a network and to be printed, with nothing of it elsewhere.

use super::download::{Known, files};
use crate::api::ledger::{what, yuan};
use crate::form::local_time;
use crate::messages::say;
use crate::pages::escape;
use std::fmt::Write as _;
use woodlark_domain::redeem::GiftState;
use woodlark_domain::{ContentHash, Language, Timestamp};
use woodlark_wire::{CaseView, Label};

const STYLE: &str = include_str!("contents.css");

/// A file of a case, and what it is called in the ZIP.
pub(super) struct Named {
    pub(super) name: String,
    pub(super) hash: ContentHash,
    pub(super) is_voice: bool,
}

/// In which language, and where the sun stands.
pub(super) struct Page<'a> {
    language: Language,
    offset_minutes: i32,
    city: &'a str,
}

impl<'a> Page<'a> {
    pub(super) const fn new(language: Language, offset_minutes: i32, city: &'a str) -> Self {
        Self { language, offset_minutes, city }
    }

    pub(super) const fn offset_minutes(&self) -> i32 {
        self.offset_minutes
    }

    fn say(&self, section: &str, key: &'static str) -> String {
        escape(say(self.language, section, key))
    }

    fn data(&self, key: &'static str) -> String {
        self.say("data", key)
    }

    fn at(&self, at: Timestamp) -> String {
        escape(&local_time(at, self.offset_minutes))
    }

    fn name(&self, label: &Label) -> String {
        escape(label.in_language(self.language))
    }

    /// All that stands before the cases.
    pub(super) fn head(&self, known: &Known) -> String {
        let lang = if self.language == Language::Zh { "zh-CN" } else { "en" };
        let account = &known.account;
        let mut out = format!(
            "<!doctype html><html lang=\"{lang}\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
             <title>{title} · {brand}</title><style>{STYLE}</style><main><h1>{title}</h1><p>{brand} · {city} · {}</p>\
             <p>{} <a href=\"data.json\">data.json</a> <a href=\"ledger.csv\">ledger.csv</a></p><h2>{}</h2><dl>",
            self.at(known.made_at),
            self.data("about"),
            self.data("account"),
            title = self.data("title"),
            brand = self.say("page", "brand"),
            city = escape(self.city),
        );
        let mut row = |name: String, value: String| {
            let _ = write!(out, "<dt>{name}</dt><dd>{value}</dd>");
        };
        row(self.data("since"), self.at(account.created_at));
        row(self.data("phone"), account.phone.as_deref().map_or_else(|| self.data("none"), escape));
        row(self.data("wechat"), self.data(if account.wechat { "linked" } else { "none" }));
        for device in &account.devices {
            let (door, seen) = (self.say("door", device.door.code()), self.at(device.seen_at));
            row(self.data("device"), format!("{door} · {} {seen}", self.data("seen")));
        }
        if let Some(at) = account.deletion_at {
            row(self.data("goes_at"), self.at(at));
        }
        let _ = write!(out, "</dl><h2>{}</h2>", self.data("cases"));
        if known.has_no_case() {
            let _ = write!(out, "<p>{}</p>", self.data("no_cases"));
        }
        out
    }

    /// A case with its steps and its files.
    pub(super) fn case(&self, case: &CaseView) -> String {
        let mut out = format!(
            "<article><h3>{}</h3><p class=\"about\">{} · {} · {}</p>",
            escape(case.number.as_str()),
            self.say("kind", case.kind.code()),
            self.say("state", case.state.code()),
            self.at(case.received_at),
        );
        if !case.words.is_empty() {
            let _ = write!(out, "<blockquote>{}</blockquote>", escape(&case.words));
        }
        let place = case.place_words.as_deref().map(escape).into_iter();
        let place = place.chain(case.area_name.as_ref().map(|name| self.name(name))).collect::<Vec<_>>();
        if !place.is_empty() {
            let _ = write!(out, "<p>{}</p>", place.join(" · "));
        }
        for (file, number) in files(case).iter().zip(1..) {
            let name = escape(&file.name);
            let _ = if file.is_voice {
                write!(out, "<p><a href=\"{name}\">{}</a></p>", self.data("voice"))
            } else {
                let alt = self.say("page", "photos");
                write!(
                    out,
                    "<a href=\"{name}\"><img src=\"{name}\" alt=\"{alt} {number}\" loading=\"lazy\"></a>"
                )
            };
        }
        out.push_str("<ol>");
        for step in &case.steps {
            let (command, by) = (say(self.language, "step", &step.command), step.by.department.as_ref());
            let by = by.or(step.to.as_ref()).map_or_else(String::new, |name| self.name(name));
            let _ = write!(out, "<li><b>{}</b> {} {by}", escape(command), self.at(step.at));
            if let Some(words) = &step.words {
                let _ = write!(out, "<q>{}</q>", escape(words));
            }
            out.push_str("</li>");
        }
        out.push_str("</ol></article>");
        out
    }

    /// The ledger, and what points became.
    pub(super) fn tail(&self, known: &Known) -> String {
        let mut out = format!("<h2>{}</h2>", self.say("ledger", "title"));
        let entries: Vec<_> = known.ledger.books.iter().flat_map(|book| &book.entries).collect();
        if entries.is_empty() {
            let _ = write!(out, "<p>{}</p>", self.say("ledger", "none"));
        } else {
            let head = ["at", "what", "points"].map(|key| self.say("ledger", key));
            let _ =
                write!(out, "<table><tr><th>{}</th><th>{}</th><th>{}</th></tr>", head[0], head[1], head[2]);
            for entry in entries {
                let at = entry.at.map_or_else(String::new, |at| self.at(at));
                let case = entry.case.as_ref().map_or("", |case| case.number.as_str());
                let (what, points) = (escape(&what(entry, self.language)), entry.points);
                let _ =
                    write!(out, "<tr><td>{at}</td><td>{what} {}</td><td>{points:+}</td></tr>", escape(case));
            }
            out.push_str("</table>");
        }
        let mut rows = String::new();
        for payout in &known.redeem.payouts {
            let state = self.say("payout", payout.state.code());
            let (at, yuan) = (self.at(payout.asked_at), escape(&yuan(payout.fen)));
            let _ = write!(rows, "<li>{at} ¥ {yuan} · {state}</li>");
        }
        for order in &known.redeem.orders {
            let state = self.say("gift", order.state.code());
            let code =
                order.code.as_deref().filter(|_| order.state == GiftState::Kept).map_or("", |code| code);
            let (at, name) = (self.at(order.ordered_at), self.name(&order.name));
            let _ = write!(rows, "<li>{at} {name} · {state} {}</li>", escape(code));
        }
        if !rows.is_empty() {
            let _ = write!(out, "<h2>{}</h2><ul>{rows}</ul>", self.data("spent"));
        }
        out.push_str("</main></html>\n");
        out
    }
}
