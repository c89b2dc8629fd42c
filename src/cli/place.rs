//! How a person names a place in a topic: by partition and offset, or by a time.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::stream::job::letters::Place;
use crate::stream::job::replay::Bound;

/// `PARTITION@OFFSET`.
pub fn place(text: &str) -> Result<Place, String> {
    let parsed = text.split_once('@').and_then(|(partition, offset)| {
        let place = (partition.parse().ok()?, offset.parse().ok()?);
        (place.0 >= 0 && place.1 >= 0).then_some(place)
    });
    parsed.ok_or_else(|| "expected PARTITION@OFFSET, such as 0@17".to_owned())
}

/// A time in milliseconds since 1970; a day is its first moment, UTC.
pub fn time(text: &str) -> Result<i64, String> {
    if let Ok(timestamp) = text.parse::<Timestamp>() {
        return Ok(timestamp.as_millisecond());
    }
    let day: Option<Date> = text.parse().ok();
    day.and_then(|day| TimeZone::UTC.to_timestamp(day.at(0, 0, 0, 0)).ok())
        .map(|moment| moment.as_millisecond())
        .ok_or_else(|| {
            "expected a time such as 2024-03-01T06:00:00Z, or a day such as 2024-03-01 (UTC)"
                .to_owned()
        })
}

/// A time, or offsets of partitions: `0@100,1@250`.
pub fn bound(text: &str) -> Result<Bound, String> {
    if !text.contains('@') {
        return time(text).map(Bound::TimestampMs);
    }
    let places = text.split(',').map(place);
    let offsets: BTreeMap<i32, i64> = places.collect::<Result<_, _>>()?;
    Ok(Bound::Offsets(offsets))
}

/// A time for people and machines, always with milliseconds, so that texts sort as times do.
pub fn show_time(timestamp_ms: Option<i64>) -> String {
    timestamp_ms
        .and_then(|ms| Timestamp::from_millisecond(ms).ok())
        .map_or_else(|| "-".to_owned(), |timestamp| format!("{timestamp:.3}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_and_times_are_read_or_refused() {
        assert_eq!(place("2@5"), Ok((2, 5)));
        for wrong in ["", "5", "@5", "2@", "-1@5", "2@-5", "a@b", "1@2@3"] {
            assert!(place(wrong).is_err(), "{wrong}");
        }
        assert_eq!(time("2024-03-01"), Ok(1_709_251_200_000));
        assert_eq!(time("2024-03-01T01:00:00+01:00"), Ok(1_709_251_200_000));
        assert!(time("yesterday").is_err());
        let offsets = BTreeMap::from([(0, 100), (3, 7)]);
        assert_eq!(bound("0@100,3@7"), Ok(Bound::Offsets(offsets)));
        assert_eq!(bound("1970-01-01"), Ok(Bound::TimestampMs(0)));
        assert!(bound("0@100,7").is_err());
    }
}
