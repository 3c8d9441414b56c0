//! The stand-in's templates, and what it takes in their fields: WeChat's rules, by other code than the client's.

use crate::account::App;
use serde_json::Value;

/// The templates: their ids and fields.
pub(super) const TEMPLATES: &[(App, &str, &[&str])] = &[
    (
        App::Official,
        "OFFICIAL-progress_0123456789abcdefghijklmnop",
        &["character_string1", "thing2", "phrase3", "time4", "thing5"],
    ),
    (App::Mini, "MINI-progress_0123456789abcdefghijklmnopqrst", &["thing1", "thing2", "thing3", "date4"]),
];

/// The first field that is missing, too much, or not as its kind must be.
pub(super) fn wrong_field(fields: &[&str], data: Option<&Value>) -> Option<String> {
    let empty = serde_json::Map::new();
    let data = data.and_then(Value::as_object).unwrap_or(&empty);
    let value = |key: &str| data.get(key).and_then(|field| field.get("value")).and_then(Value::as_str);
    let wrong = fields.iter().find(|key| !value(key).is_some_and(|value| is_right(key, value)));
    let strange = data.keys().find(|key| !fields.contains(&key.as_str()));
    wrong.map(|key| (*key).to_owned()).or_else(|| strange.cloned())
}

fn is_right(key: &str, value: &str) -> bool {
    let count = value.chars().count();
    let fits = match key.trim_end_matches(|c: char| c.is_ascii_digit()) {
        "thing" => count <= 20 && !value.chars().any(char::is_control),
        "character_string" => count <= 32 && value.bytes().all(|b| (0x21..0x7f).contains(&b)),
        "phrase" => count <= 5 && value.chars().all(|c| ('一'..='鿿').contains(&c)),
        "time" | "date" => is_moment(value),
        _ => false,
    };
    fits && count > 0
}

/// Whether it reads 2026年1月5日 09:00.
fn is_moment(value: &str) -> bool {
    let parts: Vec<&str> = value.split(['年', '月', '日', ' ', ':']).collect();
    match parts.as_slice() {
        [year, month, day, "", hour, minute] => {
            let number = |text: &str| text.parse::<u32>().unwrap_or(u32::MAX);
            year.len() == 4
                && (1..=12).contains(&number(month))
                && (1..=31).contains(&number(day))
                && number(hour) < 24
                && number(minute) < 60
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_field_is_held_to_its_kind() {
        for (key, value, right) in [
            ("thing1", "井盖缺失", true),
            ("thing1", "", false),
            ("thing1", "一二三四五六七八九十一二三四五六七八九十又", false),
            ("thing1", "a\nb", false),
            ("character_string1", "FX-1", true),
            ("character_string1", "编号", false),
            ("character_string1", "a b", false),
            ("phrase1", "处理中", true),
            ("phrase1", "处理中。", false),
            ("phrase1", "一二三四五六", false),
            ("time1", "2026年1月5日 09:00", true),
            ("date1", "2026年13月5日 09:00", false),
            ("date1", "2026-01-05", false),
            ("amount1", "1", false),
        ] {
            assert_eq!(is_right(key, value), right, "{key} {value}");
        }
    }

    #[test]
    fn a_message_has_the_fields_of_its_template_and_no_others() {
        let fields = ["thing1", "thing2"];
        let data = |keys: &[&str]| {
            let all = keys.iter().map(|key| ((*key).to_owned(), json!({ "value": "x" })));
            Value::Object(all.collect())
        };
        assert_eq!(wrong_field(&fields, Some(&data(&["thing1", "thing2"]))), None);
        assert_eq!(wrong_field(&fields, Some(&data(&["thing1"]))).as_deref(), Some("thing2"));
        assert_eq!(
            wrong_field(&fields, Some(&data(&["thing1", "thing2", "thing3"]))).as_deref(),
            Some("thing3")
        );
        assert_eq!(wrong_field(&fields, None).as_deref(), Some("thing1"));
    }
}
