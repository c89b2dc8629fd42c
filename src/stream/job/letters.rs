//! The dead letters that there are, and which of them have been redriven.

use std::collections::BTreeMap;

use super::reader::Reader;
use super::{Error, Part};
use crate::stream::config::Settings;
use crate::stream::dead_letter::{Letter, mark};
use crate::stream::event::Inbox;
use crate::stream::message::Message;

/// All of a dead-letter topic at a moment, by where it stands.
#[derive(Debug, Default)]
pub struct Letters {
    letters: BTreeMap<Place, Letter>,
    /// By partition: ranges of offsets, as the marks name them.
    redriven: BTreeMap<i32, Vec<std::ops::RangeInclusive<i64>>>,
    /// Messages that are neither dead letters of ours nor marks.
    pub foreign: u64,
}

/// Where a letter stands in the dead-letter topic: partition and offset.
pub type Place = (i32, i64);

impl Letters {
    /// Reads the whole dead-letter topic. `progress` hears how many messages have been read.
    pub fn ask(settings: &Settings, progress: &mut dyn FnMut(u64)) -> Result<Letters, Error> {
        let (events, inbox) = Inbox::new();
        let mut reader = Reader::open(settings, &settings.kafka.dead_letter_topic, events)?;
        let part = reader.whole()?;
        Letters::read(&mut reader, &inbox, &part, progress)
    }

    /// Reads a part of the topic with a reader that is there already.
    pub fn read(
        reader: &mut Reader,
        inbox: &Inbox,
        part: &Part,
        progress: &mut dyn FnMut(u64),
    ) -> Result<Letters, Error> {
        let mut all = Letters::default();
        let mut count = 0;
        reader.read_all(inbox, part, |message| {
            count += 1;
            progress(count);
            all.add(&message);
        })?;
        for ranges in all.redriven.values_mut() {
            ranges.sort_by_key(|range| *range.start());
        }
        Ok(all)
    }

    fn add(&mut self, message: &Message) {
        let partition = message.position.partition;
        if let Some(letter) = Letter::read(message) {
            let place = (partition, letter.offset);
            self.letters.insert(place, letter);
        } else if let Some(ranges) = mark::read(message) {
            self.redriven.entry(partition).or_default().extend(ranges);
        } else {
            self.foreign += 1;
        }
    }

    /// Every letter, by where it stands.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Letter> {
        self.letters.values()
    }

    /// Whether a mark names this letter.
    pub fn is_redriven(&self, letter: &Letter) -> bool {
        let Some(ranges) = self.redriven.get(&letter.partition) else {
            return false;
        };
        // Ranges of one partition do not overlap: nothing is redriven twice.
        let behind = ranges.partition_point(|range| *range.start() <= letter.offset);
        behind > 0 && ranges[behind - 1].contains(&letter.offset)
    }
}

/// A dead letter, whole.
#[derive(Debug)]
pub struct Shown {
    pub letter: Letter,
    /// As it stands in the topic.
    pub message: Message,
    pub is_redriven: bool,
}

/// One dead letter; `None` if no letter stands there.
pub fn show(settings: &Settings, (partition, offset): Place) -> Result<Option<Shown>, Error> {
    let (events, inbox) = Inbox::new();
    let mut reader = Reader::open(settings, &settings.kafka.dead_letter_topic, events)?;
    let topic = reader.topic().to_owned();
    let mut part = reader.whole()?;
    part.retain(|candidate, _| *candidate == partition);
    let Some(range) = part.get_mut(&partition) else {
        return Err(Error::NoPartition { topic, partition });
    };
    if !range.contains(&offset) {
        return Ok(None);
    }
    // Marks stand behind their letters.
    range.start = offset;
    let mut all = Letters::default();
    let mut found = None;
    reader.read_all(&inbox, &part, |message| {
        all.add(&message);
        if message.position.offset == offset {
            found = Some(message);
        }
    })?;
    let Some(letter) = all.letters.remove(&(partition, offset)) else {
        return Ok(None);
    };
    let is_redriven = all.is_redriven(&letter);
    Ok(found.map(|message| Shown {
        letter,
        message,
        is_redriven,
    }))
}
