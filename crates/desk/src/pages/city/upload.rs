//! A file on its way in: read here, in whatever letters a spreadsheet saved it, and handed to the preview.

use super::book::{Book, Origin};
use crate::messages::d;
use js_sys::Uint8Array;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{File, HtmlInputElement, TextDecoder, TextDecoderOptions};
use woodlark_domain::Datum;
use woodlark_domain::city::Part;
use woodlark_domain::limits::CITY_BYTES;
use woodlark_ui::RwSignal;
use woodlark_ui::el::{El, el};
use woodlark_ui::parts::icon;
use woodlark_wire::CitySource;

/// The button that takes a file.
pub(super) fn upload(book: Book, datum: RwSignal<String>) -> El {
    let accept = if book.part == Part::Areas { ".csv,.geojson,.json" } else { ".csv,text/csv" };
    let input = el("input", "unseen").attr("type", "file").attr("accept", accept).test("upload");
    let node: HtmlInputElement = input.cast();
    let chosen = move |_| {
        if let Some(file) = node.files().and_then(|files| files.get(0)) {
            take(book, file, datum.get_untracked());
        }
        // The same file can be chosen again once it was put right.
        node.set_value("");
    };
    el("label", "btn small").child(input.on("change", chosen)).child(icon("outbox")).text(d().city_upload)
}

fn take(book: Book, file: File, datum: String) {
    book.said.set(String::new());
    if file.size() > CITY_BYTES as f64 {
        return book.said.set(d().city_large.to_owned());
    }
    spawn_local(async move {
        let name = file.name();
        let Some(text) = read(&file).await else {
            return drop(book.said.try_set(d().fault_unreadable.to_owned()));
        };
        let shapes = name.ends_with("json") && book.part == Part::Areas;
        let source = if shapes {
            CitySource::Geojson { text, datum: Datum::from_code(&datum).unwrap_or(Datum::Wgs84) }
        } else {
            CitySource::Csv { text }
        };
        book.look(source, Origin::File(name));
    });
}

/// The text of a file: UTF-8; else UTF-16 with its mark, or the letters of a Chinese system.
async fn read(file: &File) -> Option<String> {
    let buffer = JsFuture::from(file.array_buffer()).await.ok()?;
    let bytes = Uint8Array::new(&buffer).to_vec();
    if let Ok(text) = String::from_utf8(bytes.clone()) {
        return Some(text);
    }
    let label = match bytes.as_slice() {
        [0xff, 0xfe, ..] => "utf-16le",
        [0xfe, 0xff, ..] => "utf-16be",
        _ => "gb18030",
    };
    let options = TextDecoderOptions::new();
    options.set_fatal(true);
    let decoder = TextDecoder::new_with_label_and_options(label, &options).ok()?;
    // The buffer is one of the browser's own kind.
    let bytes: &js_sys::Object = buffer.unchecked_ref::<JsValue>().unchecked_ref();
    decoder.decode_with_buffer_source(bytes).ok()
}
