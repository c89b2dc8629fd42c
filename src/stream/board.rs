//! What the worker shows beside its numbers: who it is, its partitions as they stand, its last dead letters.
//!
//! Written by the worker's thread, read by the admin port. Nothing here holds text of an article.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Serialize;

use super::config::{Guarantee, Settings};

/// Dead letters that are kept: what fits on a screen; `newsmill dead-letters` has them all.
const LAST: usize = 20;

/// Who the worker is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Identity {
    pub group_id: String,
    pub input_topics: Vec<String>,
    pub output_topic: String,
    pub dead_letter_topic: String,
    pub guarantee: Guarantee,
}

/// A partition that the worker holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PartitionRow {
    pub input_topic: String,
    pub partition: i32,
    /// The first offset that is not settled.
    pub next_offset: i64,
    /// Messages consumed whose outcome is not settled.
    pub in_flight: usize,
    pub state: PartitionState,
}

/// What happens to a partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PartitionState {
    Reading,
    /// Too much in flight, or a long call to a broker.
    Paused,
    /// Draining, being given up, or its position is lost.
    Stopped,
}

/// A message that became a dead letter. Its transaction may still be aborted: then it comes again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DeadLetterRow {
    /// Milliseconds since 1970.
    pub at_ms: u64,
    pub input_topic: String,
    pub partition: i32,
    pub offset: i64,
    pub code: &'static str,
    pub stage: &'static str,
    /// What was wrong and where; never the article's text.
    pub reason: String,
}

/// The board itself. A clone is the same board.
#[derive(Clone, Debug, Default)]
pub struct Board(Arc<Mutex<Shown>>);

/// All that is on the board.
#[derive(Clone, Debug, Default)]
pub struct Shown {
    /// `None` before there is a worker.
    pub identity: Option<Identity>,
    pub partitions: Vec<PartitionRow>,
    /// The latest first.
    pub dead_letters: VecDeque<DeadLetterRow>,
}

impl Board {
    pub fn introduce(&self, settings: &Settings) {
        let kafka = &settings.kafka;
        self.lock().identity = Some(Identity {
            group_id: kafka.group_id.clone(),
            input_topics: kafka.input_topics.clone(),
            output_topic: kafka.output_topic.clone(),
            dead_letter_topic: kafka.dead_letter_topic.clone(),
            guarantee: settings.delivery.guarantee,
        });
    }

    pub fn set_partitions(&self, partitions: Vec<PartitionRow>) {
        self.lock().partitions = partitions;
    }

    /// Adds a dead letter; one of the same message is the same dead letter, on its second way.
    pub fn add_dead_letter(&self, row: DeadLetterRow) {
        let same = |other: &DeadLetterRow| {
            (&other.input_topic, other.partition, other.offset)
                == (&row.input_topic, row.partition, row.offset)
        };
        let mut shown = self.lock();
        shown.dead_letters.retain(|other| !same(other));
        shown.dead_letters.push_front(row);
        shown.dead_letters.truncate(LAST);
    }

    /// All of it, as it stands.
    pub fn shown(&self) -> Shown {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, Shown> {
        // Each change is one assignment or leaves a shorter list: whole after any panic.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(offset: i64) -> DeadLetterRow {
        DeadLetterRow {
            at_ms: 0,
            input_topic: "in".into(),
            partition: 0,
            offset,
            code: "invalid_json",
            stage: "decode",
            reason: String::new(),
        }
    }

    #[test]
    fn the_last_dead_letters_are_kept_each_once() {
        let board = Board::default();
        for offset in (0..30).chain([29, 28]) {
            board.add_dead_letter(row(offset));
        }
        let shown = board.shown().dead_letters;
        let offsets: Vec<i64> = shown.iter().map(|row| row.offset).collect();
        assert_eq!(offsets[..4], [28, 29, 27, 26]);
        assert_eq!(offsets.len(), LAST);
    }
}
