//! A QR code as a drawing, made here, so that it is there without a network.

use qrcode::{Color, EcLevel, QrCode};
use woodlark_ui::el::{El, svg};

/// Light modules round the code, as its standard wants.
const QUIET: usize = 4;

/// The drawing of a text, and what it says to those who can't see it; none where the text is too long for a code.
#[must_use]
pub fn drawing(text: &str, says: &str) -> Option<El> {
    let code = QrCode::with_error_correction_level(text.as_bytes(), EcLevel::M).ok()?;
    let side = (code.width() + 2 * QUIET).to_string();
    let paper = svg("rect", "qr-paper").attr("width", &side).attr("height", &side);
    let picture = svg("svg", "qr").attr("viewBox", &["0 0 ", &side, " ", &side].concat()).attr("role", "img");
    Some(
        picture
            .attr("aria-label", says)
            .test("qr")
            .attr("data-text", text)
            .child(paper)
            .child(svg("path", "qr-ink").attr("d", &way(&code))),
    )
}

/// Each run of dark modules of a row as one bar.
fn way(code: &QrCode) -> String {
    let (width, colours) = (code.width(), code.to_colors());
    let mut way = String::new();
    for (y, row) in colours.chunks(width).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|a, b| a == b) {
            if run.first() == Some(&Color::Dark) {
                let length = run.len().to_string();
                let (from, top) = ((x + QUIET).to_string(), (y + QUIET).to_string());
                way.push_str(&["M", &from, " ", &top, "h", &length, "v1h-", &length, "z"].concat());
            }
            x += run.len();
        }
    }
    way
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dark_module_is_drawn_once() {
        let code = QrCode::with_error_correction_level(b"https://woodlark.example/handover#a.b", EcLevel::M)
            .unwrap();
        let dark = code.to_colors().iter().filter(|colour| **colour == Color::Dark).count();
        let drawn: usize = way(&code)
            .split('h')
            .skip(1)
            .filter_map(|part| part.split_once('v'))
            .filter_map(|(length, _)| length.parse::<usize>().ok())
            .sum();
        assert_eq!(drawn, dark);
        assert!(way(&code).starts_with("M4 4h7v1h-7z"), "the finder stands in its quiet zone");
    }
}
