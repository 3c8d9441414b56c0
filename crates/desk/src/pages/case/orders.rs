//! What the reader may do to the case now: a button and a key for each, the form of the one that was chosen, and why
//! something can't be done.

use super::Open;
use super::after::After;
use crate::app::use_desk;
use crate::messages::{self, d, name};
use crate::order::Record;
use crate::pages::staff::departments;
use crate::pages::waiting;
use crate::widget::{Trouble, area, field, form, input, key, select, submit, trouble};
use core::str::FromStr;
use leptos::prelude::*;
use woodlark_domain::case::Verdict;
use woodlark_domain::city::Purpose;
use woodlark_domain::clock::{Limit, LimitKind};
use woodlark_domain::place::AreaLevel;
use woodlark_domain::{AreaCode, CaseId, CategoryCode, DepartmentCode, Kind, Timestamp};
use woodlark_ui::RwSignal;
use woodlark_ui::el::{El, button, effect, el, span};
use woodlark_ui::{t, when};
use woodlark_wire::{AreaName, DeskCase, DeskCommand};

/// The order that is being written.
#[derive(Clone, Copy)]
pub(super) struct Orders {
    pub(super) open: Open,
    /// The command that was chosen.
    pub(super) chosen: RwSignal<Option<String>>,
    pub(super) words: RwSignal<String>,
    pub(super) category: RwSignal<String>,
    pub(super) town: RwSignal<String>,
    pub(super) place: RwSignal<String>,
    pub(super) department: RwSignal<String>,
    pub(super) number: RwSignal<String>,
    pub(super) day: RwSignal<String>,
    pub(super) amount: RwSignal<String>,
    pub(super) unit: RwSignal<String>,
    pub(super) verdict: RwSignal<String>,
    pub(super) after: After,
    pub(super) busy: RwSignal<bool>,
    pub(super) said: Trouble,
    /// The order that was given and whose end this form still waits for.
    pub(super) given: RwSignal<Option<CaseId>>,
    /// The order that came back and that this form takes the place of.
    pub(super) instead: RwSignal<Option<CaseId>>,
}

impl Orders {
    pub(super) fn new(open: Open) -> Self {
        let new = || RwSignal::new(String::new());
        let said = new();
        let orders = Self {
            open,
            chosen: RwSignal::new(None),
            words: new(),
            category: new(),
            town: new(),
            place: new(),
            department: new(),
            number: new(),
            day: new(),
            amount: RwSignal::new("1".to_owned()),
            unit: RwSignal::new("work_days".to_owned()),
            verdict: new(),
            after: After::new(said),
            busy: RwSignal::new(false),
            said,
            given: RwSignal::new(None),
            instead: RwSignal::new(None),
        };
        effect(Box::new(move || orders.watch()));
        orders
    }

    /// The buttons, and the form of the chosen one.
    pub(super) fn section(self, case: &DeskCase) -> El {
        let refusals = case.refusals.iter().filter_map(|refusal| {
            let (words, _) = messages::order(&refusal.command)?;
            Some(el("li", "").child(el("b", "").text(words)).child(span("soft", &name(&refusal.words))))
        });
        let refusals =
            (!case.refusals.is_empty()).then(|| el("ul", "refusals").test("refusals").each(refusals));
        let kept = case.clone();
        let form = move || self.chosen.get().map(|command| self.form(&command, &kept));
        let kept = case.clone();
        el("section", "card orders")
            .attr("aria-label", d().orders_title)
            .dynamic(move || Some(self.row(&kept)))
            .dynamic(form)
            .child(trouble(self.said))
            .maybe(refusals)
    }

    /// The buttons of what can be done now, or after what waits on this device already.
    fn row(self, case: &DeskCase) -> El {
        let waiting = waiting::commands(self.open.id, self.given.get());
        let commands: Vec<&str> = match waiting.last().map(String::as_str) {
            None => case.actions.iter().map(|action| action.command.as_str()).collect(),
            // Whoever signs off line may also finish: both wait, and go one after the other.
            Some("sign") => vec!["finish"],
            Some(_) => Vec::new(),
        };
        if let Some(back) = self.comes_back(&commands) {
            self.take_back(&back);
        } else if untrack(|| self.chosen.get()).is_none_or(|chosen| !commands.contains(&chosen.as_str())) {
            // The usual next step stands open already, where it needs more than a tap.
            self.choose(commands.iter().find(|command| usual(command)).map(ToString::to_string), case);
        }
        let none = if waiting.is_empty() { d().orders_none } else { d().errand_then };
        let none = commands.is_empty().then(|| el("p", "soft").text(none));
        let buttons = commands.iter().filter_map(|command| self.choice(command));
        none.unwrap_or_else(|| el("div", "order-row").attr("role", "group").each(buttons))
    }

    /// An order for this case that came back and can be given anew.
    fn comes_back(self, commands: &[&str]) -> Option<Record> {
        let again = use_desk().again;
        let back = again.get().filter(|back| back.manifest.case == self.open.id)?;
        commands.contains(&back.manifest.command.as_str()).then_some(back)
    }

    /// Takes what was written and photographed for it into the form.
    fn take_back(self, back: &Record) {
        use_desk().again.set(None);
        self.chosen.set(Some(back.manifest.command.clone()));
        self.words.set(back.manifest.words.clone());
        self.after.take_back(back.manifest.photos.clone());
        // Where its photos were taken does not change by their being sent again.
        let command = serde_json::from_str::<DeskCommand>(&back.manifest.text).ok();
        if let Some(DeskCommand::Finish { fix, .. } | DeskCommand::Pass { fix, .. }) = &command {
            self.after.fix.set(*fix);
        }
        if let Some(DeskCommand::Finish { verdict: Some(verdict), .. }) = &command {
            self.verdict.set(verdict.code().to_owned());
        }
        self.instead.set(Some(back.id));
    }

    /// The order that the form holds: one that it takes the place of, or follows. Tracked.
    pub(super) fn in_form(self) -> Option<CaseId> {
        self.instead.get().or_else(|| self.given.get())
    }

    /// Begins a merge into this case.
    pub(super) fn merge_into(self, into: CaseId) {
        self.send(DeskCommand::Merge { into });
    }

    fn choice(self, command: &str) -> Option<El> {
        let (words, letter) = messages::order(command)?;
        let (kept, shown) = (command.to_owned(), command.to_owned());
        let press = move || {
            let command = kept.clone();
            // What needs nothing more is done at once.
            match command.as_str() {
                "sign" => return self.send(DeskCommand::Sign),
                "publish" => return self.send(DeskCommand::Publish),
                _ => {}
            }
            self.open.case.with_untracked(|case| {
                if let Some(case) = case {
                    self.choose(Some(command), case);
                }
            });
        };
        let made = button("btn small ghost", press)
            .attr("data-key", letter)
            .test("order")
            .attr("data-command", command)
            .bind("aria-pressed", move || {
                Some((self.chosen.get().as_deref() == Some(shown.as_str())).to_string())
            })
            .bind("disabled", move || self.busy.get().then(String::new));
        Some(made.text(words).child(key(letter)))
    }

    /// Opens the form of a command, with what is known already.
    fn choose(self, command: Option<String>, case: &DeskCase) {
        self.said.set(String::new());
        self.instead.set(None);
        match command.as_deref() {
            Some("file") => {
                self.category.set(case.category.as_ref().map(ToString::to_string).unwrap_or_default());
                let area = case.area.as_ref().map(ToString::to_string).unwrap_or_default();
                self.town.set(town_of(&area));
                self.place.set(area);
            }
            Some("dispatch") => {
                let suggested = case.suggestion.as_ref().filter(|suggestion| !suggestion.returned);
                self.department.set(suggested.map(|one| one.department.to_string()).unwrap_or_default());
            }
            _ => {}
        }
        self.chosen.set(command);
    }

    fn form(self, command: &str, case: &DeskCase) -> El {
        let d = d();
        let words = |id: &str, label: &str| {
            let written = field(id, label, area("3", self.words).attr("maxlength", "500").test("words"));
            el("div", "stack").maybe(self.templates(command)).child(written)
        };
        let fields: Vec<El> = match command {
            "file" => self.file(case),
            "decline" => vec![words("reason", d.order_reason_resident)],
            "merge" => vec![
                el("p", "soft").text(d.order_merge_hint),
                field("number", d.order_merge_number, input("text", self.number).test("merge-number")),
            ],
            "dispatch" => self.dispatch(case),
            "return" | "rework" | "force_close" => vec![words("reason", d.order_reason)],
            "defer" => vec![
                words("reason", d.order_reason_resident),
                field("day", d.order_defer_day, input("date", self.day).test("day")),
            ],
            "extend" => self.extend(words("reason", d.order_reason_resident)),
            "finish" => self.finish(
                case,
                words("note", if case.kind == Kind::Suggestion { d.order_reply } else { d.order_done }),
            ),
            "pass" => vec![words("note", d.order_seen), self.after.section(case.position)],
            "resume" | "thank" => vec![words("note", d.order_note)],
            _ => Vec::new(),
        };
        let kind = command.to_owned();
        let send = move || match self.read(&kind) {
            Ok(command) => self.send(command),
            Err(words) => self.said.set(words.to_owned()),
        };
        let Some((go, _)) = messages::order(command) else { return el("div", "") };
        let danger = matches!(command, "decline" | "force_close" | "return" | "rework");
        let button = submit(if danger { "btn danger" } else { "btn" }, go, self.busy).test("send-order");
        form("stack order-form", send).attr("data-command", command).each(fields).child(button)
    }

    /// Words to choose from, where there are some for this command; what was chosen can be written on.
    fn templates(self, command: &str) -> Option<El> {
        let purpose = Purpose::from_code(command)?;
        let words: Vec<String> = use_desk().directory.with_untracked(|directory| {
            let templates = directory.as_ref().map_or(&[][..], |directory| &directory.templates);
            let of_it = templates.iter().filter(|one| one.purpose == purpose);
            of_it.map(|one| name(&one.words)).collect()
        });
        if words.is_empty() {
            return None;
        }
        let chosen = RwSignal::new(String::new());
        effect(Box::new(move || {
            let words = chosen.get();
            if !words.is_empty() {
                self.words.set(words);
            }
        }));
        let options = move || {
            let none = (String::new(), d().template_choose.to_owned());
            std::iter::once(none).chain(words.iter().map(|words| (words.clone(), words.clone()))).collect()
        };
        Some(field("template", d().template_label, select(options, chosen).test("template")))
    }

    fn file(self, case: &DeskCase) -> Vec<El> {
        let kind = case.kind;
        let categories = move || {
            let none = (String::new(), d().order_choose.to_owned());
            use_desk().categories.with(|all| {
                let of_kind = all.iter().filter(|one| one.kind == kind);
                let named = of_kind
                    .map(|one| (one.code.to_string(), [&name(&one.class), " · ", &name(&one.name)].concat()));
                std::iter::once(none).chain(named).collect()
            })
        };
        let places = move || below(&self.town.get());
        let mut first = true;
        // Another town has other places.
        effect(Box::new(move || {
            let town = self.town.get();
            if !core::mem::take(&mut first) && town_of(&untrack(|| self.place.get())) != town {
                self.place.set(town);
            }
        }));
        vec![
            field("category", d().order_category, select(categories, self.category).test("category")),
            el("div", "fields")
                .child(field(
                    "file-town",
                    d().order_town,
                    select(crate::pages::staff::towns, self.town).test("town"),
                ))
                .child(field("file-place", d().order_grid, select(places, self.place).test("place"))),
        ]
    }

    fn dispatch(self, case: &DeskCase) -> Vec<El> {
        let why = case.suggestion.as_ref().map(|one| {
            let category = one.category.as_ref().map_or_else(|| d().filter_any.to_owned(), name);
            let area = one.area.as_ref().map_or_else(|| d().filter_everywhere.to_owned(), name);
            let words = d().dispatch_why(one.rule.as_str(), &category, &area, &name(&one.department_name));
            let back = one.returned.then(|| span("late", d().dispatch_returned));
            el("p", "soft").test("why").text(&words).maybe(back)
        });
        let to = field("to", d().order_department, select(departments, self.department).test("department"));
        why.into_iter().chain([to]).collect()
    }

    fn extend(self, words: El) -> Vec<El> {
        let unit_name = |kind: LimitKind| match kind {
            LimitKind::UrgentHours => d().unit_urgent_hours,
            LimitKind::WorkHours => d().unit_work_hours,
            LimitKind::WorkDays => d().unit_work_days,
            LimitKind::CalendarDays => d().unit_calendar_days,
        };
        let units = move || {
            LimitKind::ALL.iter().map(|kind| (kind.code().to_owned(), unit_name(*kind).to_owned())).collect()
        };
        let amount = input("number", self.amount).attr("min", "1").attr("max", "90");
        vec![
            words,
            el("div", "fields").child(field("amount", d().order_extend_amount, amount)).child(field(
                "unit",
                d().order_extend_unit,
                select(units, self.unit),
            )),
        ]
    }

    fn finish(self, case: &DeskCase, words: El) -> Vec<El> {
        if case.kind == Kind::Suggestion {
            let choices = || {
                [
                    ("", d().order_choose),
                    ("adopted", d().order_adopted),
                    ("not_adopted", d().order_not_adopted),
                ]
                .map(|(code, name)| (code.to_owned(), name.to_owned()))
                .to_vec()
            };
            return vec![
                field("verdict", d().order_verdict, select(choices, self.verdict).test("verdict")),
                words,
            ];
        }
        vec![words, self.after.section(case.position)]
    }

    /// The order as it was written, or what is missing.
    fn read(self, command: &str) -> Result<DeskCommand, &'static str> {
        untrack(|| {
            let d = d();
            let words = self.words.get().trim().to_owned();
            let reason = || if words.is_empty() { Err(d.order_reason_missing) } else { Ok(words.clone()) };
            let note = || Some(words.clone()).filter(|words| !words.is_empty());
            if self.after.is_busy() {
                return Err(t().report_error_busy);
            }
            // What would only be refused when it arrives is said now, while its giver still stands there.
            let bare = self.after.photos.with(Vec::is_empty);
            let suggestion =
                self.open.case.with(|case| matches!(case, Some(case) if case.kind == Kind::Suggestion));
            match command {
                "finish" if suggestion && self.verdict.with(String::is_empty) => {
                    return Err(d.order_verdict_missing);
                }
                "finish" if !suggestion && bare => return Err(d.order_photo_missing),
                "pass" if bare && words.is_empty() => return Err(d.order_seen_missing),
                _ => {}
            }
            Ok(match command {
                "file" => DeskCommand::File {
                    category: CategoryCode::new(self.category.get()).map_err(|_| d.order_category_missing)?,
                    area: AreaCode::new(self.place.get()).map_err(|_| d.order_place_missing)?,
                },
                "decline" => DeskCommand::Decline { reason: reason()? },
                "dispatch" => DeskCommand::Dispatch {
                    department: DepartmentCode::new(self.department.get())
                        .map_err(|_| d.order_department_missing)?,
                },
                "return" => DeskCommand::Return { reason: reason()? },
                "defer" => DeskCommand::Defer {
                    reason: reason()?,
                    until: when::begin_of_day(&self.day.get(), false)
                        .map(Timestamp)
                        .ok_or(d.order_day_missing)?,
                },
                "resume" => DeskCommand::Resume { reason: note() },
                "extend" => DeskCommand::Extend {
                    reason: reason()?,
                    limit: limit(&self.amount.get(), &self.unit.get()).ok_or(d.order_amount_missing)?,
                },
                "finish" => DeskCommand::Finish {
                    note: reason()?,
                    // Photos are named once the server has them.
                    photos: Vec::new(),
                    verdict: Verdict::from_code(&self.verdict.get()),
                    fix: self.after.fix.get(),
                },
                "pass" => DeskCommand::Pass { note: note(), photos: Vec::new(), fix: self.after.fix.get() },
                "rework" => DeskCommand::Rework { reason: reason()? },
                "force_close" => DeskCommand::ForceClose { reason: reason()? },
                "thank" => DeskCommand::Thank { note: note() },
                // The number is looked up while it is sent.
                "merge" => DeskCommand::Merge { into: self.open.id },
                _ => return Err(d.orders_none),
            })
        })
    }
}

/// Orders whose form stands open by itself: the step that the queue is there for.
fn usual(command: &str) -> bool {
    matches!(command, "file" | "dispatch" | "finish" | "pass")
}

fn limit(amount: &str, unit: &str) -> Option<Limit> {
    let amount = u32::from_str(amount.trim()).ok().filter(|amount| (1..=90).contains(amount))?;
    LimitKind::from_code(unit).map(|kind| Limit::whole(kind, amount))
}

/// The town that an area lies in: the nine digits that its code begins with.
fn town_of(area: &str) -> String {
    area.get(..9).unwrap_or(area).to_owned()
}

/// The town itself and all below it, each under what it lies in.
fn below(town: &str) -> Vec<(String, String)> {
    use_desk().directory.with(|directory| {
        let areas = directory.as_ref().map_or(&[][..], |directory| &directory.areas);
        let within: Vec<&AreaName> =
            areas.iter().filter(|area| !town.is_empty() && area.code.as_str().starts_with(town)).collect();
        let named = |area: &&AreaName| {
            let indent = match area.level {
                AreaLevel::City | AreaLevel::County | AreaLevel::Town => "",
                AreaLevel::Community => "\u{2003}",
                AreaLevel::Grid | AreaLevel::MicroGrid => "\u{2003}\u{2003}",
            };
            (area.code.to_string(), [indent, &name(&area.name)].concat())
        };
        let mut all: Vec<(String, String)> = within.iter().map(named).collect();
        // By code a grid follows the community that it lies in.
        all.sort();
        if all.is_empty() { vec![(String::new(), d().order_choose.to_owned())] } else { all }
    })
}
