//! One part of the city's data: its table to read, search and edit; a file in and out; its history.

use super::book::{Book, Line, Mark, Origin, View, mark};
use super::{by, history, preview, row, upload, words};
use crate::messages::d;
use crate::router::{Route, link};
use crate::widget::{field, input, select, trouble};
use woodlark_domain::Datum;
use woodlark_domain::city::{Column, Part};
use woodlark_domain::limits::CITY_BYTES;
use woodlark_ui::RwSignal;
use woodlark_ui::el::{El, button, el, span};
use woodlark_ui::parts::icon;
use woodlark_ui::sheet;
use woodlark_wire::{CitySource, PartTable, path};

/// Rows that are drawn; who needs another searches for it.
const DRAWN: usize = 200;

/// The page.
pub(super) fn page(part: Part) -> El {
    let book = Book::open(part);
    let (title, is, symbol) = words::part(part);
    let editing = RwSignal::new(None::<usize>);
    let (open, datum) = (RwSignal::new(false), RwSignal::new(Datum::Wgs84.code().to_owned()));
    let head = el("header", "part-head")
        .child(link("leaf part-back", Route::City(None)).child(icon("back")).text(d().city_back))
        .child(
            el("div", "part-title")
                .child(span("part-icon", "").child(icon(symbol)))
                .child(el("div", "grow").child(el("h1", "").text(title)).child(el("p", "soft").text(is))),
        );
    let standing = move || {
        book.table.with(|table| {
            table.as_ref().map(|table| {
                let words = d().city_version(&table.version.number.to_string());
                el("p", "part-version")
                    .test("part-version")
                    .attr("data-number", &table.version.number.to_string())
                    .child(el("b", "").text(&words))
                    .child(span("soft", &by(&table.version)))
            })
        })
    };
    let body = move || {
        Some(match book.view.get() {
            View::Table => table_view(book, editing, open, datum),
            View::Preview => preview::panel(book),
            View::History => history::panel(book),
        })
    };
    el("div", "desk-page wide stack").child(head.dynamic(standing)).dynamic(body).child(sheet::sheet(
        open,
        d().city_edit,
        false,
        move || row::editor(book, editing.get_untracked()),
    ))
}

fn table_view(
    book: Book,
    editing: RwSignal<Option<usize>>,
    open: RwSignal<bool>,
    datum: RwSignal<String>,
) -> El {
    let sought = RwSignal::new(String::new());
    let edit = move |place: Option<usize>| {
        editing.set(place);
        sheet::open(open);
    };
    let find = el("div", "search").child(icon("search")).child(
        input("search", sought)
            .attr("aria-label", d().city_find)
            .attr("placeholder", d().city_find)
            .test("find"),
    );
    let rows = move || {
        book.table.with(|table| {
            table.as_ref().map(|table| {
                book.lines.with(|lines| drawn(table, lines, &sought.get(), move |place| edit(Some(place))))
            })
        })
    };
    el("div", "stack")
        .dynamic(move || old(book))
        .dynamic(move || book.stands().then(|| tools(book, datum, move || edit(None))))
        .child(trouble(book.said))
        .child(find)
        .dynamic(move || pending(book))
        .dynamic(rows)
}

/// What says that this is not what stands.
fn old(book: Book) -> Option<El> {
    let number = book
        .table
        .with(|table| table.as_ref().filter(|table| !table.stands).map(|table| table.version.number))?;
    Some(
        el("div", "note old-version")
            .test("old")
            .child(icon("clock"))
            .child(span("grow", &d().city_old(&number.to_string())))
            .child(
                el("a", "btn small ghost")
                    .flag("download", true)
                    .attr(
                        "href",
                        &[&path::desk_part_file(book.part), "?number=", &number.to_string()].concat(),
                    )
                    .text(&d().city_download("CSV")),
            )
            .child(button("btn small ghost", move || book.view.set(View::History)).text(d().city_history))
            .child(button("btn small", move || book.read(None)).text(d().city_current)),
    )
}

/// A file in, a file out, a new row, the history.
fn tools(book: Book, datum: RwSignal<String>, add: impl Fn() + 'static) -> El {
    let file = path::desk_part_file(book.part);
    let download = move |query: &str, form: &str| {
        el("a", "btn small ghost")
            .flag("download", true)
            .attr("href", &[&file, query].concat())
            .text(&d().city_download(form))
    };
    let is_areas = book.part == Part::Areas;
    let shapes = is_areas.then(|| {
        let datums = || {
            let name = |datum: Datum| match datum {
                Datum::Wgs84 => d().city_datum_wgs84,
                Datum::Gcj02 => d().city_datum_gcj02,
                Datum::Bd09 => d().city_datum_bd09,
            };
            Datum::ALL.iter().map(|datum| (datum.code().to_owned(), name(*datum).to_owned())).collect()
        };
        field("datum", d().city_datum, select(datums, datum).test("datum"))
    });
    let accept = if is_areas { ".csv,.geojson,.json" } else { ".csv,text/csv" };
    let take = move |name: String, text: String| {
        let shapes = is_areas && name.ends_with("json");
        let source = if shapes {
            let datum = Datum::from_code(&datum.get_untracked()).unwrap_or(Datum::Wgs84);
            CitySource::Geojson { text, datum }
        } else {
            CitySource::Csv { text }
        };
        book.look(source, Origin::File(name));
    };
    let geojson = is_areas.then(|| download("?form=geojson", "GeoJSON"));
    let csv = download("", "CSV");
    // A table of points has a row for each deed and no other, one of terms a row for each term.
    let add = (!matches!(book.part, Part::Rewards | Part::Terms))
        .then(|| button("btn small ghost", add).test("add-row").child(icon("plus")).text(d().city_add));
    let history = button("btn small ghost", move || book.view.set(View::History)).test("history");
    el("div", "part-tools")
        .child(
            el("div", "order-row")
                .child(upload::upload(d().city_upload, accept, CITY_BYTES, book.said, take))
                .maybe(add)
                .child(csv.test("download"))
                .maybe(geojson)
                .child(history.child(icon("clock")).text(d().city_history)),
        )
        .maybe(shapes)
        .child(el("p", "soft").text(d().city_upload_is))
        .maybe(is_areas.then(|| el("p", "soft").text(d().city_upload_areas)))
}

/// What was edited and not looked at yet.
fn pending(book: Book) -> Option<El> {
    let count = book.pending();
    (count > 0).then(|| {
        el("div", "note pending")
            .test("pending")
            .child(icon("pen"))
            .child(el("b", "grow").text(&d().city_pending(&count.to_string())))
            .child(button("btn small ghost", move || book.discard()).test("discard").text(d().city_discard))
            .child(button("btn small", move || book.look_at_rows()).test("preview").text(d().city_preview))
    })
}

fn drawn(table: &PartTable, lines: &[Line], sought: &str, edit: impl Fn(usize) + Copy + 'static) -> El {
    let sought = sought.trim().to_lowercase();
    let matches = |line: &Line| {
        sought.is_empty() || line.cells.iter().any(|cell| cell.to_lowercase().contains(&sought))
    };
    let found: Vec<(usize, &Line)> = lines.iter().enumerate().filter(|(_, line)| matches(line)).collect();
    if found.is_empty() {
        let words = if sought.is_empty() { d().city_none } else { d().city_none_found };
        return el("p", "soft empty").text(words);
    }
    let columns: Vec<Column> =
        table.columns.iter().copied().filter(|column| !words::is_twin(*column)).collect();
    let head = columns.iter().map(|column| el("th", "").attr("scope", "col").text(heading(*column)));
    let rows = found.iter().take(DRAWN).map(|(place, line)| line_row(table, &columns, *place, line, edit));
    let more = (found.len() > DRAWN).then(|| el("p", "soft").text(&d().city_shown(&DRAWN.to_string())));
    let whole = el("table", "part-table")
        .child(el("thead", "").child(el("tr", "").each(head)))
        .child(el("tbody", "").each(rows));
    el("div", "stack").child(el("div", "card part-card").child(whole)).maybe(more)
}

fn heading(column: Column) -> &'static str {
    words::twin(column).map_or_else(|| words::column(column), |(_, both)| both)
}

fn line_row(
    table: &PartTable,
    columns: &[Column],
    place: usize,
    line: &Line,
    edit: impl Fn(usize) + Copy + 'static,
) -> El {
    let key = line.cells.first().map_or("", String::as_str);
    let cell_of = |column: Column| {
        let at = table.columns.iter().position(|one| *one == column);
        at.and_then(|at| line.cells.get(at)).map_or("", String::as_str)
    };
    let code = match mark(line, table) {
        Mark::Same => "same",
        Mark::New => "new",
        Mark::Changed => "changed",
        Mark::Gone => "gone",
    };
    let cells = columns.iter().enumerate().map(|(number, column)| {
        let cell = cell_of(*column);
        if number == 0 {
            let first = words::shown(*column, cell, &table.choices);
            let named = if table.stands {
                button("part-key", move || edit(place))
                    .test("edit-row")
                    .attr("aria-label", &d().city_edit_of(key))
                    .text(&first)
            } else {
                span("part-key", &first)
            };
            return el("th", "").attr("scope", "row").child(named);
        }
        let made = el("td", "").attr("data-label", heading(*column)).attr("data-column", column.code());
        match words::twin(*column) {
            Some((en, _)) => {
                let (first, second) = words::first_second(cell, cell_of(en));
                made.child(span("", first)).maybe((!second.is_empty()).then(|| span("soft", second)))
            }
            None => {
                // Limits stand in words, and below as a file has them.
                let code = (*column == Column::Limits && !cell.is_empty()).then(|| span("soft", cell));
                made.child(span("", &words::shown(*column, cell, &table.choices))).maybe(code)
            }
        }
    });
    el("tr", "").test("part-row").attr("data-key", key).attr("data-mark", code).each(cells)
}
