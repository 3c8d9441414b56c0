//! What the reader may do to the case now: a button and a key for each, the form of the one that was chosen, and why
//! something can't be done.

use super::Open;
use super::photos::keep;
use crate::app::use_desk;
use crate::messages::{self, d, name};
use crate::pages::staff::departments;
use crate::widget::{Trouble, area, field, form, input, key, select, submit, trouble};
use core::str::FromStr;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Blob, HtmlInputElement, Url};
use woodlark_domain::case::Verdict;
use woodlark_domain::clock::{Limit, LimitKind};
use woodlark_domain::limits::PHOTOS_PER_REPORT;
use woodlark_domain::place::AreaLevel;
use woodlark_domain::queue::Queue;
use woodlark_domain::{AreaCode, CaseId, CategoryCode, ContentHash, DepartmentCode, Kind, Timestamp};
use woodlark_ui::capture::photo;
use woodlark_ui::device::new_id;
use woodlark_ui::el::{El, button, effect, el, span};
use woodlark_ui::parts::icon;
use woodlark_ui::{Fault, api, t, when};
use woodlark_wire::{AreaName, DeskCase, DeskCommand, DeskOrder, DeskRow, Page, path};

/// The order that is being written.
#[derive(Clone, Copy)]
pub(super) struct Orders {
    open: Open,
    /// The command that was chosen.
    chosen: RwSignal<Option<String>>,
    words: RwSignal<String>,
    category: RwSignal<String>,
    town: RwSignal<String>,
    place: RwSignal<String>,
    department: RwSignal<String>,
    number: RwSignal<String>,
    day: RwSignal<String>,
    amount: RwSignal<String>,
    unit: RwSignal<String>,
    verdict: RwSignal<String>,
    photos: RwSignal<Vec<(ContentHash, String)>>,
    shrinking: RwSignal<u32>,
    busy: RwSignal<bool>,
    said: Trouble,
    /// Names the order, so that sending it again does nothing twice; anew for each order that is begun.
    id: RwSignal<String>,
}

impl Orders {
    pub(super) fn new(open: Open) -> Self {
        let new = || RwSignal::new(String::new());
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
            photos: RwSignal::new(Vec::new()),
            shrinking: RwSignal::new(0),
            busy: RwSignal::new(false),
            said: new(),
            id: RwSignal::new(new_id().to_string()),
        };
        on_cleanup(move || orders.forget_photos());
        orders
    }

    /// The buttons, and the form of the chosen one.
    pub(super) fn section(self, case: &DeskCase) -> El {
        let buttons: Vec<El> =
            case.actions.iter().filter_map(|action| self.choice(&action.command)).collect();
        let none = buttons.is_empty();
        let usual =
            case.actions.iter().find(|action| usual(&action.command)).map(|action| action.command.clone());
        // The usual next step stands open already, where it needs more than a tap.
        if untrack(|| self.chosen.get())
            .is_none_or(|chosen| case.actions.iter().all(|action| action.command != chosen))
        {
            self.choose(usual, case);
        }
        let refusals = case.refusals.iter().filter_map(|refusal| {
            let (words, _) = messages::order(&refusal.command)?;
            Some(el("li", "").child(el("b", "").text(words)).child(span("soft", &name(&refusal.words))))
        });
        let refusals =
            (!case.refusals.is_empty()).then(|| el("ul", "refusals").test("refusals").each(refusals));
        let kept = case.clone();
        let form = move || self.chosen.get().map(|command| self.form(&command, &kept));
        el("section", "card orders")
            .attr("aria-label", d().orders_title)
            .child(el("div", "order-row").attr("role", "group").each(buttons))
            .maybe(none.then(|| el("p", "soft").text(d().orders_none)))
            .dynamic(form)
            .child(trouble(self.said))
            .maybe(refusals)
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
        self.id.set(new_id().to_string());
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
            field(id, label, area("3", self.words).attr("maxlength", "500").test("words"))
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
            "pass" => vec![words("note", d.order_seen), self.pictures()],
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
        vec![words, self.pictures()]
    }

    /// Photos of how it looks now: made small and clean here, and handed in at once.
    fn pictures(self) -> El {
        let add = |symbol: &str, words: &str, camera: bool| {
            let input = el("input", "unseen").attr("type", "file").attr("accept", "image/*").test(symbol);
            let input = if camera { input.attr("capture", "environment") } else { input };
            let node: HtmlInputElement = input.cast();
            let chosen = move |_| {
                let file = node.files().and_then(|files| files.get(0));
                if let Some(file) = file {
                    self.take(file.unchecked_into());
                }
                node.set_value("");
            };
            el("label", "btn small ghost").child(input.on("change", chosen)).child(icon(symbol)).text(words)
        };
        let tiles = move || {
            let tiles = self.photos.with(|photos| {
                photos
                    .iter()
                    .map(|(hash, url)| {
                        let hash = *hash;
                        let remove = button("tile-remove", move || self.drop_photo(hash))
                            .attr("aria-label", t().report_photo_remove)
                            .child(icon("cross"));
                        el("li", "tile")
                            .test("after-photo")
                            .child(el("img", "").attr("src", url).attr("alt", t().case_after))
                            .child(remove)
                    })
                    .collect::<Vec<_>>()
            });
            let waiting = (self.shrinking.get() > 0)
                .then(|| el("li", "tile").child(span("ring", t().report_photo_busy)));
            Some(el("ul", "tiles").each(tiles).maybe(waiting))
        };
        el("div", "stack").dynamic(tiles).child(
            el("div", "order-row").child(add("camera", t().report_camera, true)).child(add(
                "album",
                t().report_album,
                false,
            )),
        )
    }

    fn take(self, file: Blob) {
        if self.photos.with_untracked(Vec::len) >= PHOTOS_PER_REPORT {
            return self.said.set(t().report_photo_many.to_owned());
        }
        self.shrinking.update(|count| *count += 1);
        spawn_local(async move {
            match photo::prepare(&file).await {
                Ok(small) => match keep(&small).await {
                    Ok(hash) => {
                        let url = Url::create_object_url_with_blob(&small).unwrap_or_default();
                        let _ = self.photos.try_update(|photos| {
                            if photos.iter().all(|(known, _)| *known != hash) {
                                photos.push((hash, url));
                            }
                        });
                    }
                    Err(fault) => drop(self.said.try_set(use_desk().heard(&fault))),
                },
                Err(_) => drop(self.said.try_set(t().report_photo_bad.to_owned())),
            }
            let _ = self.shrinking.try_update(|count| *count = count.saturating_sub(1));
        });
    }

    fn drop_photo(self, hash: ContentHash) {
        self.photos.update(|photos| photos.retain(|(known, _)| *known != hash));
    }

    fn forget_photos(self) {
        let photos = self.photos.try_update(core::mem::take).unwrap_or_default();
        for (_, url) in photos {
            // An address that is revoked already harms nobody.
            let _ = Url::revoke_object_url(&url);
        }
    }

    /// The order as it was written, or what is missing.
    fn read(self, command: &str) -> Result<DeskCommand, &'static str> {
        untrack(|| {
            let d = d();
            let words = self.words.get().trim().to_owned();
            let reason = || if words.is_empty() { Err(d.order_reason_missing) } else { Ok(words.clone()) };
            let note = || Some(words.clone()).filter(|words| !words.is_empty());
            let photos =
                || self.photos.with(|photos| photos.iter().map(|(hash, _)| *hash).collect::<Vec<_>>());
            if self.shrinking.get() > 0 {
                return Err(t().report_error_busy);
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
                    photos: photos(),
                    verdict: Verdict::from_code(&self.verdict.get()),
                    fix: None,
                },
                "pass" => DeskCommand::Pass { note: note(), photos: photos(), fix: None },
                "rework" => DeskCommand::Rework { reason: reason()? },
                "force_close" => DeskCommand::ForceClose { reason: reason()? },
                "thank" => DeskCommand::Thank { note: note() },
                // The number is looked up while it is sent.
                "merge" => DeskCommand::Merge { into: self.open.id },
                _ => return Err(d.orders_none),
            })
        })
    }

    fn send(self, command: DeskCommand) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.said.set(String::new());
        spawn_local(async move {
            let sent = self.carry(command).await;
            let _ = self.busy.try_set(false);
            match sent {
                Ok(case) => {
                    let desk = use_desk();
                    desk.said.set(d().orders_done.to_owned());
                    self.words.set(String::new());
                    self.forget_photos();
                    self.chosen.set(None);
                    self.open.show(case);
                    request_animation_frame(focus_case);
                    desk.live.notice();
                }
                Err(Trip::Words(words)) => drop(self.said.try_set(words.to_owned())),
                Err(Trip::Fault(fault)) => drop(self.said.try_set(use_desk().heard(&fault))),
            }
        });
    }

    async fn carry(self, mut command: DeskCommand) -> Result<DeskCase, Trip> {
        let number = self.number.get_untracked();
        if let DeskCommand::Merge { into } = &mut command
            && *into == self.open.id
        {
            *into = find(number.trim()).await?;
        }
        let version = self.open.case.with_untracked(|case| case.as_ref().map_or(0, |case| case.version));
        let order = DeskOrder { version, command };
        let body = serde_json::to_string(&order).map_err(|_| Fault::NotOurs)?;
        let key = self.id.get_untracked();
        let answer = api::send("POST", &path::desk_orders(self.open.id), &key, Some(&body)).await;
        if answer.is_err() {
            // A refusal was not kept under the key, but what is changed after it is another order.
            if !matches!(answer, Err(Fault::NoNetwork | Fault::Timeout)) {
                self.id.set(new_id().to_string());
            }
        }
        Ok(api::read(&answer?)?)
    }
}

/// The form that had the focus is gone: whoever works by keyboard goes on at the head of the case, and not of the page.
fn focus_case() {
    let is_lost = document().active_element().is_none_or(|active| active.tag_name() == "BODY");
    let head = document().query_selector(".case-head h2").ok().flatten().filter(|_| is_lost);
    if let Some(head) = head.and_then(|head| head.dyn_into::<web_sys::HtmlElement>().ok()) {
        // A head that can't take the focus is merely not focused.
        let _ = head.focus();
    }
}

enum Trip {
    Words(&'static str),
    Fault(Fault),
}

impl From<Fault> for Trip {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// Orders whose form stands open by itself: the step that the queue is there for.
fn usual(command: &str) -> bool {
    matches!(command, "file" | "dispatch" | "finish" | "pass")
}

/// The case of a number.
async fn find(number: &str) -> Result<CaseId, Trip> {
    if number.is_empty() {
        return Err(Trip::Words(d().order_number_missing));
    }
    let asked =
        [&path::desk_queue(Queue::All), "?text=", &String::from(js_sys::encode_uri_component(number))]
            .concat();
    let page: Page<DeskRow> = api::get(&asked).await?;
    let found = page.rows.iter().find(|row| row.number.as_str().eq_ignore_ascii_case(number));
    found.map(|row| row.id).ok_or(Trip::Words(d().order_number_unknown))
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
