//! Where a partition is read from: the group's committed offset, or for a partition without one, what
//! `[delivery] start_from` says.

use std::collections::BTreeSet;

use rdkafka::error::KafkaResult;

use super::kafka::consumer::{Consumer, Place};
use super::start::StartFrom;
use super::state::{NextOffset, Source};

/// Which partitions the group began with.
///
/// `start_from` is for those alone: a partition that was added later begins at its earliest offset, since its first
/// messages came while the group was at work. Asked before the group is joined, when nobody of this deployment has
/// committed a start of its own yet.
#[derive(Debug, Default)]
pub struct Beginnings {
    /// The partitions of the topics of which no partition had a committed offset. A topic that does not exist yet has
    /// none: it is all new when it comes.
    fresh: BTreeSet<Source>,
}

impl Beginnings {
    /// Asks the broker; to be called again after an error.
    pub fn ask(consumer: &Consumer, start_from: StartFrom) -> KafkaResult<Self> {
        let mut fresh = BTreeSet::new();
        if start_from != StartFrom::Earliest {
            for partitions in consumer.partitions()? {
                let committed = consumer.committed(&partitions)?;
                if committed.iter().all(|(_, offset)| offset.is_none()) {
                    fresh.extend(partitions);
                }
            }
        }
        Ok(Beginnings { fresh })
    }
}

/// Where partitions are read from, and which of these starts the group does not know yet.
#[derive(Debug, Default)]
pub struct Starts {
    pub offsets: Vec<NextOffset>,
    /// To be committed at once: else a crash before the first commit would start somewhere else.
    pub new: Vec<NextOffset>,
}

/// Asks the broker where to read these partitions from; to be called again after an error.
pub fn starts(
    consumer: &Consumer,
    start_from: StartFrom,
    beginnings: &Beginnings,
    sources: &[Source],
) -> KafkaResult<Starts> {
    let mut starts = Starts::default();
    if sources.is_empty() {
        return Ok(starts);
    }
    let mut unknown = Vec::new();
    for (source, committed) in consumer.committed(sources)? {
        match committed {
            Some(offset) => starts.offsets.push((source, offset)),
            None => unknown.push(source),
        }
    }
    let (fresh, added_later): (Vec<Source>, Vec<Source>) = unknown
        .into_iter()
        .partition(|source| beginnings.fresh.contains(source));
    let chosen = match start_from {
        StartFrom::Earliest => Place::Begin,
        StartFrom::Latest => Place::End,
        StartFrom::TimestampMs(timestamp_ms) => Place::TimestampMs(timestamp_ms),
    };
    starts.new = find(consumer, &fresh, chosen)?;
    starts
        .new
        .extend(find(consumer, &added_later, Place::Begin)?);
    starts.offsets.extend(&starts.new);
    Ok(starts)
}

fn find(consumer: &Consumer, sources: &[Source], place: Place) -> KafkaResult<Vec<NextOffset>> {
    if sources.is_empty() {
        return Ok(Vec::new());
    }
    let mut found = Vec::with_capacity(sources.len());
    for (source, offset) in consumer.find(sources, place)? {
        let offset = match offset {
            Some(offset) => offset,
            // No message is that young yet: the next one is.
            None => consumer.watermarks(source)?.1,
        };
        found.push((source, offset));
    }
    Ok(found)
}
