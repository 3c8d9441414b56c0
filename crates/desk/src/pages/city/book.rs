//! A part that is open: its table, what was edited of it, what is to be previewed and applied.

use crate::app::use_desk;
use crate::messages::d;
use core::cell::RefCell;
use wasm_bindgen_futures::spawn_local;
use woodlark_domain::city::Part;
use woodlark_ui::RwSignal;
use woodlark_ui::device::new_id;
use woodlark_ui::{Fault, api};
use woodlark_wire::{
    CityApply, CityChange, CityPreview, CitySource, PartTable, PartVersionView, ProblemCode, path,
};

/// A row, and which one it was before.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    pub(super) cells: Vec<String>,
    /// Its place in the table that was read; none where it is new.
    pub(super) origin: Option<usize>,
    pub(super) gone: bool,
}

/// What the page shows of the part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum View {
    Table,
    Preview,
    History,
}

/// What is previewed, as a person calls it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Origin {
    File(String),
    /// The rows that were edited; in which line of the text each begins, and its key.
    Rows(Vec<(u32, String)>),
    Version(u32),
    Proposal,
}

/// A part that is open.
#[derive(Clone, Copy)]
pub(super) struct Book {
    pub(super) part: Part,
    pub(super) table: RwSignal<Option<PartTable>>,
    pub(super) lines: RwSignal<Vec<Line>>,
    pub(super) view: RwSignal<View>,
    pub(super) preview: RwSignal<Option<CityPreview>>,
    pub(super) origin: RwSignal<Origin>,
    source: RwSignal<Option<CitySource>>,
    pub(super) note: RwSignal<String>,
    pub(super) busy: RwSignal<bool>,
    pub(super) said: RwSignal<String>,
    /// Names the application, so that sending it again does nothing twice.
    key: RwSignal<String>,
}

thread_local! {
    /// A proposal that the page of the rules is to open with.
    static WANTED: RefCell<Option<CitySource>> = const { RefCell::new(None) };
}

/// The next part that is opened is to show what this would do.
pub(super) fn want(source: CitySource) {
    WANTED.with_borrow_mut(|wanted| *wanted = Some(source));
}

impl Book {
    pub(super) fn open(part: Part) -> Self {
        let book = Self {
            part,
            table: RwSignal::new(None),
            lines: RwSignal::new(Vec::new()),
            view: RwSignal::new(View::Table),
            preview: RwSignal::new(None),
            origin: RwSignal::new(Origin::Proposal),
            source: RwSignal::new(None),
            note: RwSignal::new(String::new()),
            busy: RwSignal::new(false),
            said: RwSignal::new(String::new()),
            key: RwSignal::new(new_id().to_string()),
        };
        let wanted = WANTED.with_borrow_mut(Option::take);
        spawn_local(async move {
            book.fetch(None).await;
            if let Some(source) = wanted {
                book.look(source, Origin::Proposal);
            }
        });
        book
    }

    /// Reads a version; the one that stands without a number.
    pub(super) fn read(self, number: Option<u32>) {
        spawn_local(self.fetch(number));
    }

    async fn fetch(self, number: Option<u32>) {
        let query = number.map_or_else(String::new, |number| ["?number=", &number.to_string()].concat());
        match api::get::<PartTable>(&[&path::desk_part(self.part), query.as_str()].concat()).await {
            Ok(table) => {
                let _ = self.lines.try_set(lines_of(&table));
                let _ = self.table.try_set(Some(table));
                let _ = self.view.try_set(View::Table);
            }
            Err(fault) => drop(self.said.try_set(use_desk().heard(&fault))),
        }
    }

    /// Whether what is shown stands, so that it can be edited.
    pub(super) fn stands(self) -> bool {
        self.table.with(|table| table.as_ref().is_some_and(|table| table.stands))
    }

    fn base(self) -> u32 {
        self.table.with_untracked(|table| table.as_ref().map_or(0, |table| table.version.number))
    }

    /// How many rows are not as they were read.
    pub(super) fn pending(self) -> usize {
        self.table.with(|table| {
            let Some(table) = table else { return 0 };
            self.lines.with(|lines| {
                let edited = lines.iter().filter(|line| mark(line, table) != Mark::Same).count();
                let origins: Vec<usize> = lines.iter().filter_map(|line| line.origin).collect();
                let moved = origins.windows(2).filter(|two| matches!(two, [one, next] if one > next)).count();
                edited + moved
            })
        })
    }

    /// Takes back what was edited.
    pub(super) fn discard(self) {
        self.table.with_untracked(|table| {
            if let Some(table) = table {
                self.lines.set(lines_of(table));
            }
        });
    }

    /// Shows what the edited rows would do.
    pub(super) fn look_at_rows(self) {
        let Some(head) = self.table.with_untracked(|table| {
            table
                .as_ref()
                .map(|table| table.columns.iter().map(|column| column.code().to_owned()).collect::<Vec<_>>())
        }) else {
            return;
        };
        let (mut text, mut begins, mut number) = (csv_row(&head), Vec::new(), 2);
        self.lines.with_untracked(|lines| {
            for line in lines.iter().filter(|line| !line.gone) {
                begins.push((number, line.cells.first().cloned().unwrap_or_default()));
                let row = csv_row(&line.cells);
                number += u32::try_from(row.matches('\n').count()).unwrap_or(1);
                text.push_str(&row);
            }
        });
        self.look(CitySource::Csv { text }, Origin::Rows(begins));
    }

    /// Shows what a source would do. Nothing is changed by it.
    pub(super) fn look(self, source: CitySource, origin: Origin) {
        self.preview.set(None);
        self.said.set(String::new());
        self.origin.set(origin);
        self.source.set(Some(source));
        self.key.set(new_id().to_string());
        self.view.set(View::Preview);
        self.look_again();
    }

    /// Asks once more what the source would do, against what stands now.
    pub(super) fn look_again(self) {
        let (base, Some(source)) = (self.base(), self.source.get_untracked()) else { return };
        spawn_local(async move {
            match ask(&path::desk_part_preview(self.part), &CityChange { base, source }).await {
                Ok(preview) => drop(self.preview.try_set(Some(preview))),
                Err(fault) => self.failed(&fault),
            }
        });
    }

    /// Makes what was previewed stand.
    pub(super) fn apply(self) {
        let (Some(source), false) = (self.source.get_untracked(), self.busy.get_untracked()) else { return };
        let seen =
            self.preview.with_untracked(|seen| seen.as_ref().and_then(|seen| Some((seen.base, seen.hash?))));
        let Some((base, hash)) = seen else { return };
        self.busy.set(true);
        self.said.set(String::new());
        let change = CityApply { base, hash, note: self.note.get_untracked(), source };
        spawn_local(async move {
            let key = self.key.get_untracked();
            let done = match serde_json::to_string(&change) {
                Ok(body) => api::send("POST", &path::desk_part_apply(self.part), &key, Some(&body)).await,
                Err(_) => Err(Fault::NotOurs),
            };
            let _ = self.busy.try_set(false);
            match done.and_then(|text| api::read::<PartVersionView>(&text)) {
                Ok(version) => {
                    let desk = use_desk();
                    desk.said.set(d().preview_applied(&version.number.to_string()));
                    desk.read_names();
                    let _ = self.note.try_set(String::new());
                    let _ = self.preview.try_set(None);
                    self.fetch(None).await;
                }
                Err(fault) => self.failed(&fault),
            }
        });
    }

    /// Somebody else changed it meanwhile: what stands now is read, so that the same source can be looked at again.
    fn failed(self, fault: &Fault) {
        let _ = self.said.try_set(use_desk().heard(fault));
        if fault.code() == Some(ProblemCode::CityMoved) {
            let _ = self.preview.try_set(None);
            spawn_local(async move {
                if let Ok(table) = api::get::<PartTable>(&path::desk_part(self.part)).await {
                    let _ = self.table.try_update(|stood| *stood = Some(table));
                }
            });
        }
    }
}

async fn ask(path: &str, change: &CityChange) -> Result<CityPreview, Fault> {
    let body = serde_json::to_string(change).map_err(|_| Fault::NotOurs)?;
    api::read(&api::send("POST", path, &new_id().to_string(), Some(&body)).await?)
}

/// How a row differs from what was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    Same,
    New,
    Changed,
    Gone,
}

pub(super) fn mark(line: &Line, table: &PartTable) -> Mark {
    match line.origin {
        _ if line.gone => Mark::Gone,
        None => Mark::New,
        Some(place) if table.rows.get(place) == Some(&line.cells) => Mark::Same,
        Some(_) => Mark::Changed,
    }
}

fn lines_of(table: &PartTable) -> Vec<Line> {
    let line = |(place, cells): (usize, &Vec<String>)| Line {
        cells: cells.clone(),
        origin: Some(place),
        gone: false,
    };
    table.rows.iter().enumerate().map(line).collect()
}

/// A row of CSV. What a spreadsheet would take for a formula has a quote before it, as the server writes it.
fn csv_row(cells: &[String]) -> String {
    let cell = |cell: &String| {
        let formula = cell.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r']);
        ["\"", if formula { "'" } else { "" }, &cell.replace('"', "\"\""), "\""].concat()
    };
    let cells: Vec<String> = cells.iter().map(cell).collect();
    [&cells.join(","), "\r\n"].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_written_so_that_nothing_breaks_out_of_its_cell() {
        let cells = ["=1+1".to_owned(), "say \"so\"".to_owned(), "'-x".to_owned(), String::new()].to_vec();
        assert_eq!(csv_row(&cells), "\"'=1+1\",\"say \"\"so\"\"\",\"''-x\",\"\"\r\n");
    }
}
