//! Where a group without committed offsets starts.

use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Where a group without committed offsets starts reading.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StartFrom {
    /// The oldest message that the topic still has.
    #[default]
    Earliest,
    /// What comes after the group joined for the first time.
    Latest,
    /// The first message with this timestamp or a later one, in milliseconds since 1970.
    TimestampMs(i64),
}

/// Why a text names no place to start from.
#[derive(Debug, thiserror::Error)]
#[error("expected `earliest`, `latest`, or a timestamp such as 2024-04-01T00:00:00Z")]
pub struct StartFromError;

impl FromStr for StartFrom {
    type Err = StartFromError;

    fn from_str(text: &str) -> Result<Self, StartFromError> {
        match text {
            "earliest" => Ok(StartFrom::Earliest),
            "latest" => Ok(StartFrom::Latest),
            _ => text
                .parse::<jiff::Timestamp>()
                .map(|timestamp| StartFrom::TimestampMs(timestamp.as_millisecond()))
                .map_err(|_| StartFromError),
        }
    }
}

impl fmt::Display for StartFrom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StartFrom::Earliest => f.write_str("earliest"),
            StartFrom::Latest => f.write_str("latest"),
            StartFrom::TimestampMs(ms) => match jiff::Timestamp::from_millisecond(*ms) {
                Ok(timestamp) => timestamp.fmt(f),
                Err(_) => write!(f, "{ms} ms since 1970"),
            },
        }
    }
}

impl<'de> Deserialize<'de> for StartFrom {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

impl Serialize for StartFrom {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl JsonSchema for StartFrom {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "StartFrom".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "Where a group without committed offsets starts reading.",
            "type": "string",
            "anyOf": [{"enum": ["earliest", "latest"]}, {"format": "date-time"}],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_start_is_read_and_written_the_same() {
        for (text, start) in [
            ("earliest", StartFrom::Earliest),
            ("latest", StartFrom::Latest),
            (
                "2024-04-01T00:00:00Z",
                StartFrom::TimestampMs(1_711_929_600_000),
            ),
        ] {
            assert_eq!(text.parse::<StartFrom>().unwrap(), start);
            assert_eq!(start.to_string(), text);
        }
        for text in ["", "Earliest", "yesterday", "2024-04-01"] {
            assert!(text.parse::<StartFrom>().is_err(), "{text:?} was taken");
        }
    }
}
