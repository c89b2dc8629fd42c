//! The headers that a dead letter gets; an incoming header of such a name is replaced.

use std::str::FromStr;

use crate::stream::message::Header;

pub const ERROR_CODE: &str = "newsmill-error-code";
pub const ERROR_MESSAGE: &str = "newsmill-error-message";
pub const ERROR_STAGE: &str = "newsmill-error-stage";
pub const SOURCE_TOPIC: &str = "newsmill-source-topic";
pub const SOURCE_PARTITION: &str = "newsmill-source-partition";
pub const SOURCE_OFFSET: &str = "newsmill-source-offset";
pub const SOURCE_TIMESTAMP_MS: &str = "newsmill-source-timestamp-ms";
pub const ATTEMPT: &str = "newsmill-attempt";
pub const VERSION: &str = "newsmill-version";
pub const VALUE_BYTES: &str = "newsmill-value-bytes";
pub const VALUE_SHA256: &str = "newsmill-value-sha256";

pub const ALL: [&str; 11] = [
    ERROR_CODE,
    ERROR_MESSAGE,
    ERROR_STAGE,
    SOURCE_TOPIC,
    SOURCE_PARTITION,
    SOURCE_OFFSET,
    SOURCE_TIMESTAMP_MS,
    ATTEMPT,
    VERSION,
    VALUE_BYTES,
    VALUE_SHA256,
];

/// The header of a mark: how many letters it names.
pub const REDRIVEN: &str = "newsmill-redriven";

/// The first value of a header, if it is text.
pub fn text<'a>(headers: &'a [Header], name: &str) -> Option<&'a str> {
    let header = headers.iter().find(|header| header.name == name)?;
    std::str::from_utf8(header.value.as_deref()?).ok()
}

/// The first value of a header, if it is a number.
pub fn number<T: FromStr>(headers: &[Header], name: &str) -> Option<T> {
    text(headers, name)?.parse().ok()
}
