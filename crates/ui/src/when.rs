//! Times as people say them, written by the browser's own `Intl`: no date tables of ours.

use crate::messages::{self, t};
use js_sys::{Date, Object, Reflect};
use wasm_bindgen::JsValue;
use woodlark_domain::Timestamp;

const DAY_MS: f64 = 86_400_000.0;

/// This moment, by the device's clock.
#[must_use]
pub fn now() -> Timestamp {
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 fit in 53 bits")]
    Timestamp::from_millis(Date::now() as i64)
}

/// A moment in the words of now: "today 18:00", "23 Nov 18:00", with the year where it is another.
#[must_use]
pub fn moment(at: Timestamp) -> String {
    let date = date(at);
    let clock = format(&date, &[("hour", "2-digit"), ("minute", "2-digit")]);
    let days = ((midnight(&date) - midnight(&Date::new_0())) / DAY_MS).round();
    if days == 0.0 {
        t().time_today(&clock)
    } else if days == 1.0 {
        t().time_tomorrow(&clock)
    } else if days == -1.0 {
        t().time_yesterday(&clock)
    } else {
        let mut fields =
            vec![("month", "short"), ("day", "numeric"), ("hour", "2-digit"), ("minute", "2-digit")];
        if date.get_full_year() != Date::new_0().get_full_year() {
            fields.push(("year", "numeric"));
        }
        format(&date, &fields)
    }
}

/// How long ago, for lists: "just now", "2 hours ago", and the date once it is longer than a day.
#[must_use]
pub fn ago(at: Timestamp) -> String {
    let seconds = (now().0 - at.0) / Timestamp::SECOND;
    match seconds {
        ..60 => t().time_now.into(),
        60..3600 => relative(seconds / 60, "minute"),
        3600..86_400 => relative(seconds / 3600, "hour"),
        _ => moment(at),
    }
}

fn relative(amount: i64, unit: &str) -> String {
    let locales = js_sys::Array::of1(&JsValue::from_str(messages::tag(messages::language())));
    #[expect(clippy::cast_precision_loss, reason = "at most a few thousand")]
    js_sys::Intl::RelativeTimeFormat::new(&locales, &Object::new()).format(-(amount as f64), unit).into()
}

fn date(at: Timestamp) -> Date {
    #[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 fit in 53 bits")]
    Date::new(&JsValue::from_f64(at.millis() as f64))
}

fn midnight(date: &Date) -> f64 {
    let day = Date::new(date);
    day.set_hours(0);
    day.set_minutes(0);
    day.set_seconds(0);
    day.set_milliseconds(0);
    day.get_time()
}

fn format(date: &Date, fields: &[(&str, &str)]) -> String {
    let options = Object::new();
    for (key, value) in fields.iter().chain(&[("hourCycle", "h23")]) {
        // Setting a field of a plain object cannot fail.
        let _ = Reflect::set(&options, &(*key).into(), &(*value).into());
    }
    date.to_locale_string(messages::tag(messages::language()), &options).into()
}

/// A month of a year, from 1, as people say it: "November 2026".
#[must_use]
pub fn month(year: u32, month: u32) -> String {
    let first = Date::new_with_year_month_day(year, i32::try_from(month).unwrap_or(1) - 1, 1);
    format(&first, &[("year", "numeric"), ("month", "long")])
}

/// The day of a moment: "23 November 2026".
#[must_use]
pub fn date_of(at: Timestamp) -> String {
    format(&date(at), &[("year", "numeric"), ("month", "long"), ("day", "numeric")])
}

/// How long until a moment, or how long it is past: "2 h", "in 20 min", as the browser says it shortly.
#[must_use]
pub fn until(at: Timestamp) -> String {
    let seconds = (at.0 - now().0) / Timestamp::SECOND;
    let (amount, unit) = match seconds.abs() {
        ..3600 => (seconds / 60, "minute"),
        3600..172_800 => (seconds / 3600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    let locales = js_sys::Array::of1(&JsValue::from_str(messages::tag(messages::language())));
    let options = Object::new();
    // Setting a field of a plain object cannot fail.
    let _ = Reflect::set(&options, &"style".into(), &"short".into());
    #[expect(clippy::cast_precision_loss, reason = "at most a few thousand")]
    js_sys::Intl::RelativeTimeFormat::new(&locales, &options).format(amount as f64, unit).into()
}

/// The day of a moment in microseconds as a date field takes it, by the device's zone: `2026-11-24`.
#[must_use]
pub fn day(micros: i64) -> String {
    let date = date(Timestamp(micros));
    let two =
        |number: u32| if number < 10 { ["0", &number.to_string()].concat() } else { number.to_string() };
    [&date.get_full_year().to_string(), "-", &two(date.get_month() + 1), "-", &two(date.get_date())].concat()
}

/// The beginning of a date field's day by the device's zone, or of the day after it, in microseconds.
#[must_use]
pub fn begin_of_day(day: &str, end: bool) -> Option<i64> {
    let mut parts = day.splitn(3, '-').map(str::parse::<i32>);
    let (Some(Ok(year)), Some(Ok(month)), Some(Ok(date))) = (parts.next(), parts.next(), parts.next()) else {
        return None;
    };
    let begin = Date::new_with_year_month_day(u32::try_from(year).ok()?, month - 1, date + i32::from(end));
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 fit in 53 bits")]
    Some(begin.get_time() as i64 * 1_000)
}
