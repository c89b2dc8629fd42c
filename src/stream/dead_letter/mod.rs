//! Dead letters: the message as it came, with everything needed to understand it and to send it back.
//!
//! [`of`] writes one, [`letter`] reads it, [`mark`] says beside it that it has been redriven.

mod header;
pub mod letter;
pub mod mark;

use sha2::{Digest, Sha256};

pub use self::letter::{Letter, original};
use super::message::{DeadLetter, Header, Message, Output};

/// The dead letter of a message, of at most `max_bytes`.
///
/// Key and value are the message's own, byte for byte. A value that does not fit is cut at the end, and its whole
/// length and SHA-256 stand in headers.
pub fn of(message: &Message, letter: &DeadLetter, max_bytes: usize) -> Output {
    let mut headers: Vec<Header> = message
        .headers
        .iter()
        .filter(|header| !header::ALL.contains(&header.name.as_str()))
        .cloned()
        .collect();
    let position = &message.position;
    headers.extend([
        Header::text(header::ERROR_CODE, letter.code),
        Header::text(header::ERROR_MESSAGE, letter.message.as_str()),
        Header::text(header::ERROR_STAGE, letter.stage),
        Header::text(header::SOURCE_TOPIC, position.input_topic.as_ref()),
        Header::text(header::SOURCE_PARTITION, position.partition.to_string()),
        Header::text(header::SOURCE_OFFSET, position.offset.to_string()),
        Header::text(header::ATTEMPT, attempt(message).to_string()),
        Header::text(header::VERSION, env!("CARGO_PKG_VERSION")),
    ]);
    if let Some(timestamp_ms) = message.timestamp_ms {
        headers.push(Header::text(
            header::SOURCE_TIMESTAMP_MS,
            timestamp_ms.to_string(),
        ));
    }
    let mut output = Output {
        key: message.key.clone(),
        value: message.value.clone(),
        headers,
    };
    let excess = output.wire_bytes().saturating_sub(max_bytes);
    if let Some(value) = &mut output.value
        && excess > 0
    {
        output
            .headers
            .push(Header::text(header::VALUE_BYTES, value.len().to_string()));
        let digest = Sha256::digest(&*value);
        let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        output.headers.push(Header::text(header::VALUE_SHA256, hex));
        // The two headers themselves take less than this.
        const CUT_HEADERS: usize = 160;
        value.truncate(value.len().saturating_sub(excess + CUT_HEADERS));
    }
    output
}

/// Why a record is a dead letter all the same: it is larger than the output topic takes.
pub fn too_large(record: &Output, max_bytes: usize) -> Option<DeadLetter> {
    let bytes = record.wire_bytes();
    (bytes > max_bytes).then(|| DeadLetter {
        code: "record_too_large",
        message: format!(
            "the record has {bytes} bytes, the output topic's max.message.bytes is {max_bytes}: raise it, or set \
             [record] include_text = false"
        ),
        stage: "produce",
    })
}

/// How many times this message has become a dead letter, this time included: one that was sent back brings its count.
fn attempt(message: &Message) -> u32 {
    header::number(&message.headers, header::ATTEMPT)
        .unwrap_or(0_u32)
        .saturating_add(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stream::message::Position;

    fn message(value: Vec<u8>, headers: Vec<Header>) -> Message {
        Message {
            position: Position {
                input_topic: "articles.raw".into(),
                partition: 3,
                offset: 42,
            },
            timestamp_ms: Some(1_712_000_000_000),
            key: Some(b"key".to_vec()),
            value: Some(value),
            headers,
        }
    }

    fn letter() -> DeadLetter {
        DeadLetter {
            code: "invalid_json",
            message: "expected a value at line 1 column 1".to_owned(),
            stage: "decode",
        }
    }

    fn value_of<'a>(output: &'a Output, name: &str) -> Option<&'a str> {
        let header = output.headers.iter().find(|header| header.name == name)?;
        Some(std::str::from_utf8(header.value.as_deref()?).unwrap())
    }

    #[test]
    fn it_has_every_byte_and_says_where_it_stood() {
        let output = of(
            &message(vec![0, 159, 146, 150], Vec::new()),
            &letter(),
            1_000_000,
        );
        assert_eq!(output.key.as_deref(), Some(b"key".as_slice()));
        assert_eq!(output.value, Some(vec![0, 159, 146, 150]));
        for (name, value) in [
            ("newsmill-error-code", "invalid_json"),
            ("newsmill-error-stage", "decode"),
            ("newsmill-source-topic", "articles.raw"),
            ("newsmill-source-partition", "3"),
            ("newsmill-source-offset", "42"),
            ("newsmill-source-timestamp-ms", "1712000000000"),
            ("newsmill-attempt", "1"),
        ] {
            assert_eq!(value_of(&output, name), Some(value), "{name}");
        }
        assert_eq!(value_of(&output, "newsmill-value-bytes"), None);
    }

    #[test]
    fn a_letter_that_comes_back_counts_on_and_keeps_other_headers() {
        let headers = vec![
            Header::text("traceparent", "00-1"),
            Header::text("newsmill-attempt", "2"),
            Header::text("newsmill-error-code", "empty_text"),
        ];
        let output = of(&message(b"x".to_vec(), headers), &letter(), 1_000_000);
        assert_eq!(value_of(&output, "newsmill-attempt"), Some("3"));
        assert_eq!(value_of(&output, "traceparent"), Some("00-1"));
        let codes = output
            .headers
            .iter()
            .filter(|header| header.name == "newsmill-error-code");
        assert_eq!(codes.count(), 1);
    }

    #[test]
    fn a_value_that_does_not_fit_is_cut_with_its_length_and_digest() {
        let output = of(&message(vec![b'a'; 5000], Vec::new()), &letter(), 2000);
        assert!(output.wire_bytes() <= 2000);
        assert!(output.value.as_ref().unwrap().len() > 1000);
        assert_eq!(value_of(&output, "newsmill-value-bytes"), Some("5000"));
        let digest = value_of(&output, "newsmill-value-sha256").unwrap();
        assert_eq!(digest.len(), 64);
    }
}
