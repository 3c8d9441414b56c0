//! Sums of money as people write them, by the browser's own `Intl`.

use crate::messages::{language, tag};
use js_sys::Intl::NumberFormat;
use js_sys::{Array, Object, Reflect};
use wasm_bindgen::JsValue;

/// So many fen in yuan: `¥12.30`.
#[must_use]
pub fn yuan(fen: i64) -> String {
    let options = Object::new();
    for (name, value) in [("style", "currency"), ("currency", "CNY"), ("currencyDisplay", "narrowSymbol")] {
        let _ = Reflect::set(&options, &name.into(), &value.into());
    }
    #[expect(clippy::cast_precision_loss, reason = "a city's budget in fen fits in 53 bits")]
    let number = JsValue::from_f64(fen as f64 / 100.0);
    let locales = Array::of1(&JsValue::from_str(tag(language())));
    let written = NumberFormat::new(&locales, &options).format().call1(&JsValue::UNDEFINED, &number);
    written.ok().and_then(|text| text.as_string()).unwrap_or_default()
}

/// What somebody typed in yuan, as fen; none where it is no sum of at most two decimals.
#[must_use]
pub fn fen(text: &str) -> Option<i64> {
    let text = text.trim().trim_start_matches(['¥', '￥']).replace(',', "");
    let (sign, text) = text.strip_prefix('-').map_or((1, text.as_str()), |text| (-1, text));
    let (yuan, cents) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if yuan.is_empty() || cents.len() > 2 || !digits(yuan) || !digits(cents) {
        return None;
    }
    let cents: i64 = match cents.len() {
        0 => 0,
        1 => cents.parse::<i64>().ok()? * 10,
        _ => cents.parse().ok()?,
    };
    Some(sign * yuan.parse::<i64>().ok()?.checked_mul(100)?.checked_add(cents)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yuan_are_read_to_the_fen_or_not_at_all() {
        let of = ["1", "0.5", "12.34", "-3", "¥1,000.00", "1.234", "", ".5", "1e3", "--1"].map(fen);
        let wanted =
            [Some(100), Some(50), Some(1_234), Some(-300), Some(100_000), None, None, None, None, None];
        assert_eq!(of, wanted);
    }
}
