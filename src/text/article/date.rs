//! Dates in the forms that feeds write them.

use jiff::civil::DateTime;
use jiff::fmt::{rfc2822, strtime};
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

/// A moment, and how sure it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Date {
    pub at: Timestamp,
    /// The article gave no zone.
    pub assumed_utc: bool,
}

/// Forms with an offset, besides RFC 3339, ISO 8601 and RFC 2822: as Go, JavaScript and Twitter print dates.
const ZONED: [&str; 3] = [
    "%Y-%m-%d %H:%M:%S %z",
    "%a %b %d %Y %H:%M:%S GMT%z",
    "%a %b %d %H:%M:%S %z %Y",
];

/// Forms without a zone, besides ISO 8601. Numeric dates stand here where the year comes first or dots part them;
/// with slashes and the year last, nobody can tell the month from the day.
const CIVIL: [&str; 19] = [
    "%Y%m%d%H%M%S",
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y/%m/%d",
    "%d.%m.%Y %H:%M:%S",
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y",
    "%B %d, %Y %H:%M",
    "%B %d, %Y",
    "%b %d, %Y %H:%M",
    "%b %d, %Y",
    "%d %B %Y %H:%M",
    "%d %B %Y",
    "%d %b %Y %H:%M",
    "%d %b %Y",
    "%A, %B %d, %Y",
    "%A, %d %B %Y",
    "%a, %d %b %Y %H:%M:%S",
    "%a %b %d %H:%M:%S %Y",
];

/// The longest date worth trying: JavaScript's with a long zone name has about 70 characters.
const LONGEST: usize = 100;

/// From here on a number of an epoch counts milliseconds: as seconds it would be the year 5138, as milliseconds it is
/// 1973.
const MILLISECONDS_FROM: f64 = 1e11;

/// Reads a date; `None` where it has no form that is understood, or lies outside the years 1 to 9999, which RFC 3339
/// cannot write.
pub fn read(value: &Value) -> Option<Date> {
    let date = match value {
        Value::String(text) => read_text(text.trim()),
        Value::Number(number) => read_text(&number.to_string()),
        _ => None,
    }?;
    let year = Offset::UTC.to_datetime(date.at).year();
    (1..=9999).contains(&year).then_some(date)
}

fn read_text(text: &str) -> Option<Date> {
    if text.len() > LONGEST {
        return None;
    }
    let zoned = |at| Date {
        at,
        assumed_utc: false,
    };
    epoch(text)
        .or_else(|| with_zone(text))
        .map(zoned)
        .or_else(|| without_zone(text))
}

/// Smaller numbers, but for the zero of an empty field, are no seconds of an epoch: they would lie before 1973, and
/// `2024` is a year.
const SECONDS_FROM: f64 = 1e8;

/// Seconds or milliseconds since 1970. A number of 8 or 14 digits is a date in digits (`20240327`) instead: as
/// seconds it would lie in 1970 or after the year 317,000.
fn epoch(text: &str) -> Option<Timestamp> {
    let number: f64 = text.parse().ok()?;
    let only_digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let is_date = only_digits && matches!(text.len(), 8 | 14);
    let is_small = number != 0.0 && number.abs() < SECONDS_FROM;
    if is_date || is_small || !number.is_finite() {
        return None;
    }
    let milliseconds = if number.abs() < MILLISECONDS_FROM {
        number * 1000.0
    } else {
        number
    };
    // To the millisecond: more digits than that are the floating point's own.
    Timestamp::UNIX_EPOCH
        .checked_add(SignedDuration::from_millis(milliseconds.round() as i64))
        .ok()
}

fn with_zone(text: &str) -> Option<Timestamp> {
    // JavaScript adds the zone's name in brackets.
    let text = text.split(" (").next().unwrap_or(text);
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(at);
    }
    let parser = rfc2822::DateTimeParser::new().relaxed_weekday(true);
    if let Ok(at) = parser.parse_timestamp(text) {
        return Some(at);
    }
    for zone in [" UTC", " GMT", " Z"] {
        if let Some(civil) = text.strip_suffix(zone) {
            return with_zone(civil).or_else(|| in_utc(civil));
        }
    }
    ZONED
        .iter()
        .find_map(|form| strtime::parse(form, text).ok()?.to_timestamp().ok())
}

fn without_zone(text: &str) -> Option<Date> {
    in_utc(text).map(|at| Date {
        at,
        assumed_utc: true,
    })
}

fn in_utc(text: &str) -> Option<Timestamp> {
    let civil = text.parse::<DateTime>().ok().or_else(|| {
        CIVIL.iter().find_map(|form| {
            let parts = strtime::parse(form, text).ok()?;
            parts
                .to_datetime()
                .ok()
                .or_else(|| Some(parts.to_date().ok()?.at(0, 0, 0, 0)))
        })
    })?;
    Offset::UTC.to_timestamp(civil).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn forms_with_a_zone() {
        for date in [
            json!("2024-03-27T09:12:00Z"),
            json!("2024-03-27t09:12:00z"),
            json!("2024-03-27T11:12:00+02:00"),
            json!("2024-03-27T11:12:00+0200"),
            json!("2024-03-27 11:12:00+02"),
            json!("2024-03-27T09:12Z"),
            json!("20240327T091200Z"),
            json!("2024-03-27 09:12:00 UTC"),
            json!("2024-03-27 11:12:00 +0200"),
            json!("2024-03-27 11:12:00 +0200 UTC"),
            json!("Wed, 27 Mar 2024 09:12:00 +0000"),
            json!("Wed, 27 Mar 2024 09:12:00 GMT"),
            json!("Mon, 27 Mar 2024 05:12:00 EDT"),
            json!("27 Mar 2024 09:12 +0000"),
            json!("Wed Mar 27 2024 11:12:00 GMT+0200 (Eastern European Standard Time)"),
            json!("Wed Mar 27 09:12:00 +0000 2024"),
            json!(" 2024-03-27T09:12:00Z\n"),
            json!(1711530720),
            json!(1711530720.0),
            json!(1711530720000u64),
            json!("1711530720"),
            json!("1711530720000"),
        ] {
            let read = read(&date).map(|date| (date.at.to_string(), date.assumed_utc));
            assert_eq!(read, Some(("2024-03-27T09:12:00Z".into(), false)), "{date}");
        }
    }

    #[test]
    fn forms_without_a_zone_are_read_as_utc() {
        for (date, expected) in [
            (json!("2024-03-27T09:12:00"), "2024-03-27T09:12:00Z"),
            (json!("2024-03-27 09:12:00.25"), "2024-03-27T09:12:00.25Z"),
            (json!("2024-03-27 09:12"), "2024-03-27T09:12:00Z"),
            (json!("2024-03-27"), "2024-03-27T00:00:00Z"),
            (json!("20240327"), "2024-03-27T00:00:00Z"),
            (json!(20240327), "2024-03-27T00:00:00Z"),
            (json!(20240327091200u64), "2024-03-27T09:12:00Z"),
            (json!("2024/03/27 09:12"), "2024-03-27T09:12:00Z"),
            (json!("27.03.2024 09:12"), "2024-03-27T09:12:00Z"),
            (json!("27.03.2024"), "2024-03-27T00:00:00Z"),
            (json!("March 27, 2024"), "2024-03-27T00:00:00Z"),
            (json!("Mar 27, 2024 09:12"), "2024-03-27T09:12:00Z"),
            (json!("27 March 2024"), "2024-03-27T00:00:00Z"),
            (json!("Wednesday, March 27, 2024"), "2024-03-27T00:00:00Z"),
            (json!("Wed Mar 27 09:12:00 2024"), "2024-03-27T09:12:00Z"),
        ] {
            let read = read(&date).map(|date| (date.at.to_string(), date.assumed_utc));
            assert_eq!(read, Some((expected.into(), true)), "{date}");
        }
    }

    #[test]
    fn what_cannot_be_told_is_not_guessed() {
        for date in [
            json!("03/04/2024"),
            json!("yesterday"),
            json!("2024-13-45T00:00:00Z"),
            json!("-0500-01-01T00:00:00Z"),
            json!(1e300),
            json!("NaN"),
            json!("2024"),
            json!(20240),
            json!("inf"),
            json!(true),
            json!({"date": "2024-03-27"}),
            json!("2".repeat(5_000_000)),
        ] {
            assert_eq!(read(&date), None);
        }
    }
}
