//! A file on its way in: read here, in whatever letters a spreadsheet saved it, and handed to the preview.

use crate::messages::d;
use js_sys::Uint8Array;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{File, HtmlInputElement, TextDecoder, TextDecoderOptions};
use woodlark_ui::RwSignal;
use woodlark_ui::el::{El, el};
use woodlark_ui::parts::icon;

/// The button that takes a file of at most so many bytes, and hands on its name and its text. What went wrong is `said`.
pub(in crate::pages) fn upload(
    words: &str,
    accept: &str,
    most_bytes: u64,
    said: RwSignal<String>,
    take: impl Fn(String, String) + Copy + 'static,
) -> El {
    let input = el("input", "unseen").attr("type", "file").attr("accept", accept).test("upload");
    let node: HtmlInputElement = input.cast();
    let chosen = move |_| {
        if let Some(file) = node.files().and_then(|files| files.get(0)) {
            read_into(file, most_bytes, said, take);
        }
        // The same file can be chosen again once it was put right.
        node.set_value("");
    };
    el("label", "btn small").child(input.on("change", chosen)).child(icon("outbox")).text(words)
}

fn read_into(
    file: File,
    most_bytes: u64,
    said: RwSignal<String>,
    take: impl Fn(String, String) + Copy + 'static,
) {
    said.set(String::new());
    if file.size() > most_bytes as f64 {
        return said.set(d().city_large(&(most_bytes >> 20).to_string()));
    }
    spawn_local(async move {
        match read(&file).await {
            Some(text) => take(file.name(), text),
            None => drop(said.try_set(d().fault_unreadable.to_owned())),
        }
    });
}

/// The text of a file: UTF-8; else UTF-16 with its mark, or the letters of a Chinese system.
pub(crate) async fn read(file: &File) -> Option<String> {
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
