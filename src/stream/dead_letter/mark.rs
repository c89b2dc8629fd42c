//! Marks: messages of the dead-letter topic that say which letters of their partition have been redriven.
//!
//! A mark goes out in the transaction that holds what became of its letters, so that both stand or neither. It stands
//! in the letters' own partition behind them: whatever retention takes away, it takes the letter before its mark. A
//! group's committed offset would not do: filters leave letters behind, and brokers forget the offsets of a group that
//! is idle for a week (`offsets.retention.minutes`) while the letters may stay.

use std::ops::RangeInclusive;

use super::header;
use crate::stream::message::{Header, Message, Output};

/// Ranges in one mark at most: 20 KB, which every topic takes.
const RANGES: usize = 500;

/// The marks that say that these letters of a partition, ascending by offset, have been redriven.
pub fn of(partition: i32, offsets: &[i64]) -> Vec<Output> {
    let marks = ranges(offsets);
    let marks = marks.chunks(RANGES).map(|chunk| {
        let count: i64 = chunk.iter().map(|one| one.end() - one.start() + 1).sum();
        let texts: Vec<String> = chunk.iter().map(text).collect();
        Output {
            // A key and a value of its own, so that it stays where a topic is compacted.
            key: Some(format!("{}/{partition}@{}", header::REDRIVEN, chunk[0].start()).into()),
            value: Some(texts.join(",").into_bytes()),
            headers: vec![
                Header::text(header::REDRIVEN, count.to_string()),
                Header::text(header::VERSION, env!("CARGO_PKG_VERSION")),
            ],
        }
    });
    marks.collect()
}

/// The offsets that a mark names; `None` if the message is no mark. A letter is none, whatever headers its message
/// brought.
pub fn read(message: &Message) -> Option<Vec<RangeInclusive<i64>>> {
    header::text(&message.headers, header::REDRIVEN)?;
    if header::text(&message.headers, header::ERROR_CODE).is_some() {
        return None;
    }
    let value = std::str::from_utf8(message.value.as_deref()?).ok()?;
    value.split(',').map(range).collect()
}

/// Neighbours together. A letter's offset may have a transaction's marker for its neighbour; then it stands alone.
fn ranges(offsets: &[i64]) -> Vec<RangeInclusive<i64>> {
    let mut ranges: Vec<RangeInclusive<i64>> = Vec::new();
    for &offset in offsets {
        match ranges.last_mut() {
            Some(last) if *last.end() + 1 == offset => *last = *last.start()..=offset,
            _ => ranges.push(offset..=offset),
        }
    }
    ranges
}

fn text(range: &RangeInclusive<i64>) -> String {
    if range.start() == range.end() {
        range.start().to_string()
    } else {
        format!("{}-{}", range.start(), range.end())
    }
}

fn range(text: &str) -> Option<RangeInclusive<i64>> {
    let (start, end) = text.split_once('-').unwrap_or((text, text));
    Some(start.parse().ok()?..=end.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stream::message::Position;

    fn message(output: &Output) -> Message {
        Message {
            position: Position {
                input_topic: "articles.dead-letters".into(),
                partition: 2,
                offset: 99,
            },
            timestamp_ms: None,
            key: output.key.clone(),
            value: output.value.clone(),
            headers: output.headers.clone(),
        }
    }

    #[test]
    fn a_mark_names_the_letters_it_was_made_of() {
        let marks = of(2, &[3, 4, 5, 9, 11, 12]);
        assert_eq!(marks.len(), 1);
        assert_eq!(marks[0].value.as_deref(), Some(b"3-5,9,11-12".as_slice()));
        assert_eq!(marks[0].headers[0], Header::text("newsmill-redriven", "6"));
        let read = read(&message(&marks[0])).unwrap();
        assert_eq!(read, [3..=5, 9..=9, 11..=12]);
    }

    #[test]
    fn many_scattered_letters_take_several_marks() {
        let offsets: Vec<i64> = (0..1200).map(|index| 2 * index).collect();
        let marks = of(0, &offsets);
        assert_eq!(marks.len(), 3);
        let named = marks.iter().flat_map(|mark| read(&message(mark)).unwrap());
        assert_eq!(named.flatten().collect::<Vec<_>>(), offsets);
    }

    #[test]
    fn a_message_without_its_header_is_no_mark_nor_is_a_letter_with_it() {
        let mut mark = of(0, &[1])[0].clone();
        mark.headers
            .push(Header::text("newsmill-error-code", "invalid_json"));
        assert_eq!(read(&message(&mark)), None);
        mark.headers.clear();
        assert_eq!(read(&message(&mark)), None);
    }
}
