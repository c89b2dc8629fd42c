//! Reading dead letters: what each says of itself, and the message as it came.

use super::header;
use crate::stream::message::{Message, Position};

/// What a dead letter says of itself; its value stays in the topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Where it stands in the dead-letter topic.
    pub partition: i32,
    pub offset: i64,
    pub code: String,
    /// What was wrong and where; never the article's text.
    pub reason: String,
    /// The stage that refused it.
    pub stage: String,
    /// Where the message stood that it was.
    pub source: Position,
    /// The message's timestamp, in milliseconds since 1970.
    pub timestamp_ms: Option<i64>,
    /// How many times the message has become a dead letter, this time included.
    pub attempt: u32,
    /// The version of newsmill that refused it.
    pub version: String,
    pub key: Option<Vec<u8>>,
    /// Bytes of the message's whole value; `None`: it had none.
    pub value_bytes: Option<usize>,
    /// The value was cut, because the dead-letter topic did not take it whole.
    pub is_cut: bool,
}

impl Letter {
    /// Reads a message of the dead-letter topic; `None` if it is no dead letter of ours.
    pub fn read(message: &Message) -> Option<Letter> {
        let headers = &message.headers;
        let text = |name| header::text(headers, name).map(str::to_owned);
        let whole = header::number(headers, header::VALUE_BYTES);
        Some(Letter {
            partition: message.position.partition,
            offset: message.position.offset,
            code: text(header::ERROR_CODE)?,
            reason: text(header::ERROR_MESSAGE).unwrap_or_default(),
            stage: text(header::ERROR_STAGE).unwrap_or_default(),
            source: source(message)?,
            timestamp_ms: timestamp_ms(message),
            attempt: header::number(headers, header::ATTEMPT).unwrap_or(1),
            version: text(header::VERSION).unwrap_or_default(),
            key: message.key.clone(),
            value_bytes: whole.or(message.value.as_ref().map(Vec::len)),
            is_cut: whole.is_some(),
        })
    }
}

/// The message that a dead letter was, where and as it came. The count of its attempts stays with it, so that it counts
/// on if it is refused again. `None` if it is no dead letter of ours.
pub fn original(letter: &Message) -> Option<Message> {
    let headers = letter
        .headers
        .iter()
        .filter(|one| one.name == header::ATTEMPT || !header::ALL.contains(&one.name.as_str()));
    Some(Message {
        position: source(letter)?,
        timestamp_ms: timestamp_ms(letter),
        key: letter.key.clone(),
        value: letter.value.clone(),
        headers: headers.cloned().collect(),
    })
}

/// Where the message stood that a dead letter was.
pub fn source(letter: &Message) -> Option<Position> {
    let headers = &letter.headers;
    Some(Position {
        input_topic: header::text(headers, header::SOURCE_TOPIC)?.into(),
        partition: header::number(headers, header::SOURCE_PARTITION)?,
        offset: header::number(headers, header::SOURCE_OFFSET)?,
    })
}

/// The timestamp of the message that a dead letter was.
pub fn timestamp_ms(letter: &Message) -> Option<i64> {
    header::number(&letter.headers, header::SOURCE_TIMESTAMP_MS).or(letter.timestamp_ms)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stream::dead_letter;
    use crate::stream::message::{DeadLetter, Header};

    fn message() -> Message {
        Message {
            position: Position {
                input_topic: "articles.raw".into(),
                partition: 3,
                offset: 42,
            },
            timestamp_ms: Some(1_712_000_000_000),
            key: Some(b"key".to_vec()),
            value: Some(b"{".to_vec()),
            headers: vec![Header::text("traceparent", "00-1")],
        }
    }

    /// The message as a dead letter at 1@7 of its topic.
    fn letter(message: &Message, max_bytes: usize) -> Message {
        let why = DeadLetter {
            code: "invalid_json",
            message: "a value is missing".to_owned(),
            stage: "decode",
        };
        let output = dead_letter::of(message, &why, max_bytes);
        Message {
            position: Position {
                input_topic: "articles.dead-letters".into(),
                partition: 1,
                offset: 7,
            },
            timestamp_ms: Some(1),
            key: output.key,
            value: output.value,
            headers: output.headers,
        }
    }

    #[test]
    fn what_was_written_is_read() {
        let read = Letter::read(&letter(&message(), 1_000_000)).unwrap();
        assert_eq!((read.partition, read.offset, read.attempt), (1, 7, 1));
        assert_eq!((&*read.code, &*read.stage), ("invalid_json", "decode"));
        assert_eq!(read.source, message().position);
        assert_eq!(read.timestamp_ms, message().timestamp_ms);
        assert_eq!((read.value_bytes, read.is_cut), (Some(1), false));
    }

    #[test]
    fn the_message_comes_back_as_it_came_with_its_attempts() {
        let original = original(&letter(&message(), 1_000_000)).unwrap();
        let mut expected = message();
        expected.headers.push(Header::text("newsmill-attempt", "1"));
        assert_eq!(format!("{original:?}"), format!("{expected:?}"));
        let again = Letter::read(&letter(&original, 1_000_000)).unwrap();
        assert_eq!(again.attempt, 2);
        assert_eq!(again.source, message().position);
    }

    #[test]
    fn a_cut_value_is_told() {
        let mut large = message();
        large.value = Some(vec![b'a'; 5000]);
        let read = Letter::read(&letter(&large, 2000)).unwrap();
        assert_eq!((read.value_bytes, read.is_cut), (Some(5000), true));
    }

    #[test]
    fn what_is_no_dead_letter_is_not_read_as_one() {
        assert_eq!(Letter::read(&message()), None);
        assert!(original(&message()).is_none());
    }
}
