//! The page itself: its own scripts made small, and the whole compressed once although each answer carries another id.

use super::{minify, parameters};
use crate::Outcome;
use std::ffi::OsStr;
use std::io::Write;

/// Stands where the server puts a fresh case id; as long as one. The server knows it too.
const HOLE: &[u8] = b"__CASE_ID__0123456789ABCDEFGHIJKLMNO";
/// What the check puts there.
const OTHER: &[u8] = b"01936f2c-7d5e-7000-8abc-0123456789ab";

/// The page with its scripts minified. One that is no module runs in the oldest browser: what is newer than ES5 in it
/// does not build.
pub(super) fn smaller(page: &[u8], path: &OsStr) -> Outcome<Vec<u8>> {
    let page = std::str::from_utf8(page).map_err(|error| error.to_string())?;
    let mut out = String::with_capacity(page.len());
    let mut rest = page;
    while let Some((before, after)) = rest.split_once("<script") {
        let (tag, after) = after.split_once('>').ok_or("index.html has an open tag")?;
        let (script, after) = after.split_once("</script>").ok_or("index.html has an open script")?;
        let flags: &[&str] =
            if tag.contains("module") { &["--format=esm", "--target=es2020"] } else { &["--target=es5"] };
        let script = minify(script.as_bytes(), "a script of index.html", flags, path)?;
        let script = String::from_utf8(script).map_err(|error| error.to_string())?;
        for part in [before, "<script", tag, ">", script.trim(), "</script>"] {
            out.push_str(part);
        }
        rest = after;
    }
    out.push_str(rest);
    Ok(out.into_bytes())
}

/// The page in brotli with its hole left as it is, in a piece of its own that holds plain bytes: so the server fills an id
/// in without compressing anything. What lies behind the hole never points into it.
pub(super) fn brotli(page: &[u8]) -> Outcome<Vec<u8>> {
    let hole = find(page, HOLE).ok_or("index.html has no place for the case id")?;
    // The first letters behind the piece are read in the light of the two before them, so it ends with two that stay.
    let (head, rest) = page.split_at(hole);
    let (piece, tail) = rest.split_at_checked(HOLE.len() + 2).ok_or("index.html ends with the case id")?;
    let mut encoder = brotli::CompressorWriter::with_params(Vec::new(), 64 * 1024, &parameters(page.len()));
    let mut ends = Vec::new();
    for part in [head, piece] {
        encoder.write_all(part).and_then(|()| encoder.flush()).map_err(|error| error.to_string())?;
        ends.push(encoder.get_ref().len());
    }
    encoder.write_all(tail).map_err(|error| error.to_string())?;
    let all = encoder.into_inner();
    let [head_end, piece_end] = ends[..] else { return Err("two parts have two ends".to_owned()) };
    let (Some(head), Some(tail)) = (all.get(..head_end), all.get(piece_end..)) else {
        return Err("brotli took bytes back".to_owned());
    };
    // RFC 7932, 9.2: not the last piece, its length less one in sixteen bits, uncompressed; low bits first.
    let [first, second, third, ..] = ((piece.len() - 1) << 3 | 1 << 19).to_le_bytes();
    let out = [head, &[first, second, third], piece, tail].concat();
    check(page, &out)?;
    Ok(out)
}

/// Whether the compressed page with another id in its hole is the page with that id.
fn check(page: &[u8], small: &[u8]) -> Outcome {
    let mut read = Vec::new();
    brotli::BrotliDecompress(&mut &*fill(small), &mut read).map_err(|error| error.to_string())?;
    if read == fill(page) { Ok(()) } else { Err("the compressed page is not the page".to_owned()) }
}

fn fill(page: &[u8]) -> Vec<u8> {
    let mut page = page.to_vec();
    if let Some(place) = find(&page, HOLE).and_then(|at| page.get_mut(at..at + HOLE.len())) {
        place.copy_from_slice(OTHER);
    }
    page
}

fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_compressed_round_the_place_of_its_id() {
        let form = "<form><input value=\"".repeat(9);
        let page =
            [form.as_bytes(), HOLE, b"\">", "<p>\u{62cd}\u{4e0b}\u{6765}</p>".repeat(9).as_bytes()].concat();
        let small = brotli(&page).unwrap();
        assert!(small.len() < page.len() / 2 && find(&small, HOLE).is_some());
    }

    #[test]
    fn a_page_without_that_place_is_no_page() {
        assert!(brotli(b"<html>").is_err());
    }
}
